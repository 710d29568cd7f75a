import { describe, expect, it } from 'vitest';
import { RemediationError } from './errors.ts';
import type { ObservedEvent } from './observe.ts';
import type { Plan, Step } from './plan.ts';
import { previewPlan, runPlan } from './run-plan.ts';

const step = (id: string): Step => ({
  id,
  action: 'create-entry',
  precondition: null,
  reason: 'new',
  because: `${id} attacks`,
});
const plan: Plan = {
  steps: [step('a'), step('b'), step('c')],
  refused: [{ step: step('d'), refused: { reason: 'allow-listed', because: 'd is a partner' } }],
};
const refused = {
  stepId: 'd',
  action: 'create-entry',
  status: 'refused',
  retryable: false,
  reason: 'allow-listed',
  because: 'd is a partner',
};
const applied = async (): Promise<{ status: 'applied' }> => ({ status: 'applied' });

describe('runPlan', () => {
  it('carries out the steps in order and reports the refused ones', async () => {
    const seen: string[] = [];
    const { steps, done } = await runPlan(plan, {
      reserveMs: 0,
      execute: async ({ id }) => {
        seen.push(id);
        return { status: 'applied', requestIds: [`request-${id}`] };
      },
    });
    expect(done).toBe(true);
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(steps.map(({ stepId, status }) => [stepId, status])).toEqual([
      ['a', 'applied'],
      ['b', 'applied'],
      ['c', 'applied'],
      ['d', 'refused'],
    ]);
    // Strictly: an absent error is no key, so that the record of it is the same before and after storage.
    expect(steps[0]).toStrictEqual({
      stepId: 'a',
      action: 'create-entry',
      status: 'applied',
      reason: 'new',
      because: 'a attacks',
      retryable: false,
      requestIds: ['request-a'],
    });
    expect(steps[3]).toEqual(refused);
  });

  it('keeps what a step says of itself', async () => {
    const error = { code: 'NetworkAclEntryLimitExceeded', message: 'full' };
    const result = { status: 'failed', reason: 'full', because: 'no room', retryable: true, error } as const;
    const { steps } = await runPlan({ ...plan, refused: [] }, { reserveMs: 0, execute: async () => result });
    expect(steps[0]).toStrictEqual({ stepId: 'a', action: 'create-entry', ...result });
  });

  it('goes on after a failure, which says whether a retry helps', async () => {
    const throttled = Object.assign(new Error('slow down'), {
      name: 'RequestLimitExceeded',
      $retryable: { throttling: true },
      $metadata: { requestId: 'request-b' },
    });
    const errors: Record<string, unknown> = {
      a: new RemediationError({ code: 'STATE_UNAVAILABLE', message: 'down', retryable: true }),
      b: throttled,
      c: Object.create(null),
    };
    const { steps, done } = await runPlan(plan, {
      reserveMs: 0,
      execute: async ({ id }) => Promise.reject(errors[id]),
    });
    expect(done).toBe(true);
    expect(steps.map(({ status, retryable, error }) => [status, retryable, error?.code])).toEqual([
      ['failed', true, 'STATE_UNAVAILABLE'],
      ['failed', true, 'RequestLimitExceeded'],
      ['failed', false, 'UNKNOWN'],
      ['refused', false, undefined],
    ]);
    expect(steps[1]).toMatchObject({ because: 'RequestLimitExceeded: slow down', requestIds: ['request-b'] });
  });

  it.each<[string, unknown, readonly string[] | undefined]>([
    ['null', null, undefined],
    ['nothing', undefined, undefined],
    ['a text', 'down', undefined],
    ['an error whose retry hint is empty', Object.assign(new Error('x'), { $retryable: undefined }), undefined],
    ['an error with metadata that is null', Object.assign(new Error('x'), { $metadata: null }), undefined],
    ['an error with metadata that is a text', Object.assign(new Error('x'), { $metadata: 'text' }), undefined],
    ['an error with metadata without id', Object.assign(new Error('x'), { $metadata: { attempts: 1 } }), undefined],
    ['an error with an id that is no text', Object.assign(new Error('x'), { $metadata: { requestId: 7 } }), undefined],
    ['an error with an id', Object.assign(new Error('x'), { $metadata: { requestId: 'r-1' } }), ['r-1']],
  ])('fails the step for good, whatever is thrown: %s', async (_, thrown, requestIds) => {
    const { steps } = await runPlan(plan, { reserveMs: 0, execute: () => Promise.reject(thrown) });
    expect(steps[0]).toMatchObject({ status: 'failed', reason: 'error', retryable: false });
    expect(steps[0]?.requestIds).toEqual(requestIds);
  });

  it('asks the given classifier, and takes one that throws for a no', async () => {
    const execute = async (): Promise<never> => Promise.reject(new Error('x'));
    const yes = await runPlan(plan, { reserveMs: 0, execute, isRetryable: () => true });
    expect(yes.steps[0]?.retryable).toBe(true);
    const broken = (): never => {
      throw new Error('y');
    };
    const no = await runPlan(plan, { reserveMs: 0, execute, isRetryable: broken });
    expect(no.steps[0]).toMatchObject({ retryable: false, error: { message: 'x' } });
  });

  it('skips a step whose precondition no longer holds; a check that fails is a failure without effect', async () => {
    const executed: string[] = [];
    const { steps } = await runPlan(plan, {
      reserveMs: 0,
      execute: async ({ id }) => {
        executed.push(id);
        return { status: 'applied' };
      },
      recheck: async ({ id }) => {
        if (id === 'b') throw new Error('cannot look');
        return id === 'a' ? { reason: 'taken', because: 'somebody took the number' } : undefined;
      },
    });
    expect(executed).toEqual(['c']);
    expect(steps.map(({ status, reason }) => [status, reason])).toEqual([
      ['skipped', 'taken'],
      ['failed', 'error'],
      ['applied', 'new'],
      ['refused', 'allow-listed'],
    ]);
  });

  it('begins no step with less than the reserve left, and none after that', async () => {
    const left = [100, 99, 500];
    const { steps, done } = await runPlan(plan, {
      reserveMs: 100,
      remainingTimeMs: () => left.shift() ?? 0,
      execute: applied,
    });
    expect(done).toBe(false);
    expect(steps.map(({ status, reason, retryable }) => [status, reason, retryable])).toEqual([
      ['applied', 'new', false],
      ['failed', 'out-of-time', true],
      ['failed', 'out-of-time', true],
      ['refused', 'allow-listed', false],
    ]);
    const unknown = await runPlan(plan, { reserveMs: 0, remainingTimeMs: () => Number.NaN, execute: applied });
    expect(unknown.done).toBe(false);
  });

  it('tells of each outcome, and an observer that throws hides none', async () => {
    const events: ObservedEvent[] = [];
    const { steps } = await runPlan(plan, {
      reserveMs: 0,
      execute: applied,
      observe: (event) => {
        events.push(event);
        throw new Error('metrics are down');
      },
    });
    expect(steps).toHaveLength(4);
    expect(events).toHaveLength(4);
    expect(events[3]).toEqual({
      event: 'step',
      data: { stepId: 'd', action: 'create-entry', status: 'refused', reason: 'allow-listed' },
    });
  });

  it('carries out nothing of a plan whose ids are not unique', async () => {
    let executed = false;
    const run = runPlan(
      { steps: [step('a'), step('a')], refused: [] },
      {
        reserveMs: 0,
        execute: async () => {
          executed = true;
          return { status: 'applied' };
        },
      },
    );
    await expect(run).rejects.toMatchObject({ code: 'PLAN_INVALID' });
    expect(executed).toBe(false);
  });
});

describe('previewPlan', () => {
  it('reports every step as skipped by dry-run, and the refused ones as refused', () => {
    const { steps, done } = previewPlan(plan);
    expect(done).toBe(true);
    expect(steps).toHaveLength(4);
    expect(steps[0]).toEqual({
      stepId: 'a',
      action: 'create-entry',
      status: 'skipped',
      retryable: false,
      reason: 'dry-run',
      because: 'Dry-run; would: a attacks',
    });
    expect(steps[3]).toEqual(refused);
  });
});
