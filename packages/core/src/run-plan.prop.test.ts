import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Step } from './plan.ts';
import { type RunPlanOptions, runPlan, type StepResult } from './run-plan.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const step = (id: string): Step => ({ id, action: 'act', precondition: null, reason: 'because', because: 'because' });

const result: fc.Arbitrary<StepResult> = fc.record(
  {
    status: fc.constantFrom('applied', 'already-applied', 'skipped', 'refused', 'failed'),
    retryable: fc.boolean(),
    reason: fc.string(),
    requestIds: fc.array(fc.string()),
  },
  { requiredKeys: ['status'] },
);
const behaviour = fc.oneof(
  fc.record({ kind: fc.constant('returns' as const), value: result }),
  fc.record({ kind: fc.constantFrom('throws', 'rejects', 'recheck-throws', 'recheck-refuses'), value: fc.anything() }),
);

it('gives exactly one outcome to every step, in order, whatever execute and recheck do and however time runs', async () => {
  const setting = fc.record({
    behaviours: fc.array(behaviour, { maxLength: 8 }),
    refused: fc.nat(3),
    times: fc.option(fc.array(fc.integer({ min: -1, max: 50 }), { minLength: 8, maxLength: 8 }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(setting, async ({ behaviours, refused, times }) => {
      const of = ({ id }: Step): (typeof behaviours)[number] | undefined => behaviours[Number(id)];
      const executed: string[] = [];
      const left = times?.[Symbol.iterator]();
      const options: RunPlanOptions<Step> = {
        reserveMs: 10,
        ...(left ? { remainingTimeMs: () => Number(left.next().value) } : {}),
        recheck: async (one) => {
          const act = of(one);
          if (act?.kind === 'recheck-throws') throw act.value;
          return act?.kind === 'recheck-refuses' ? { reason: 'changed', because: 'changed' } : undefined;
        },
        // Not async, so that it can throw before there is a promise.
        execute: (one) => {
          executed.push(one.id);
          const act = of(one);
          if (act?.kind === 'throws') throw act.value;
          return act?.kind === 'returns' ? Promise.resolve(act.value) : Promise.reject(act?.value);
        },
      };
      const steps = behaviours.map((_, index) => step(String(index)));
      const taken = Array.from({ length: refused }, (_, index) => ({
        step: step(`refused-${index}`),
        refused: { reason: 'limit', because: 'limit' },
      }));
      const run = await runPlan({ steps, refused: taken }, options);
      expect(run.steps.map(({ stepId }) => stepId)).toEqual(
        [...steps, ...taken.map((one) => one.step)].map(({ id }) => id),
      );
      const late = run.steps.filter(({ reason }) => reason === 'out-of-time').map(({ stepId }) => stepId);
      expect(run.done).toBe(late.length === 0);
      expect(executed.filter((id) => late.includes(id))).toEqual([]);
      // What reports an effect was executed, once.
      expect(new Set(executed).size).toBe(executed.length);
      for (const { stepId, status } of run.steps) if (status === 'applied') expect(executed).toContain(stepId);
    }),
    { numRuns },
  );
});
