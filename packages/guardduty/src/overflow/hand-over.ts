import {
  mapConcurrent,
  RemediationError,
  runPlan,
  type StepOutcome,
  type StepResult,
  summarizeError,
} from '@remedykit/core';
import type { DenyAt } from '../nacl/block/place-denies.ts';
import type { PlacedDeny } from '../nacl/block/placed-deny.ts';
import { ledgerKey } from '../nacl/ledger/ledger.ts';
import { type Run, record } from '../nacl/run.ts';
import { coverageOf, type Homeless, homelessOf, overflowTarget } from './candidates.ts';
import {
  decideOverflow,
  type OverflowFacts,
  type OverflowPlan,
  type OverflowStep,
  type Wanted,
} from './decide-overflow.ts';
import type { HandedOver } from './handed-over.ts';
import type { OverflowRequest } from './overflow-blocker.ts';

type Denies = ReadonlyMap<string, readonly PlacedDeny[]>;

/** A deny without a place, and the placement that left it so. */
interface Case {
  readonly deny: PlacedDeny;
  readonly homeless: Homeless;
  readonly wanted: Wanted;
}

/**
 * Hands what has no place to the overflow blockers that cover it, after the network ACLs were written and their ledgers
 * settled. One that fails costs no other anything and undoes nothing.
 */
export const handOver = async (run: Run, asked: readonly DenyAt[], denies: Denies): Promise<Denies> => {
  if (run.settings.overflow.length === 0) return denies;
  const cases = casesOf(run, asked, denies);
  if (!cases.some(({ wanted }) => wanted.coveredBy !== undefined)) return denies;
  const facts: OverflowFacts = { wanted: cases.map(({ wanted }) => wanted) };
  const at = run.now();
  const plan = decideOverflow(facts, run.settings.policy, at);
  const outcomes = await carryOut(run, plan);
  await record(run, { decider: 'nacl/overflow', facts, plan, at, outcomes: [...outcomes.values()] });
  const handed = new Map<PlacedDeny, HandedOver[]>();
  cases.forEach((one, index) => {
    const result = handedOver(one, plan, index, outcomes);
    if (result) handed.set(one.deny, [...(handed.get(one.deny) ?? []), result]);
  });
  const withOverflow = (deny: PlacedDeny): PlacedDeny => {
    const overflow = handed.get(deny);
    return deny.kind === 'placed' && overflow ? { ...deny, overflow } : deny;
  };
  return new Map([...denies].map(([id, placed]) => [id, placed.map(withOverflow)]));
};

const casesOf = ({ settings }: Run, asked: readonly DenyAt[], denies: Denies): Case[] =>
  asked.flatMap(({ place, request, guard }) => {
    const here = (denies.get(request.denyId) ?? []).filter(
      (deny) =>
        deny.kind === 'placed' &&
        deny.networkAclId === place.id.networkAclId &&
        deny.egress === (place.id.direction === 'egress'),
    );
    const target = overflowTarget(place);
    return here.flatMap((deny) =>
      (deny.kind === 'placed' ? homelessOf(deny, request) : []).map((homeless): Case => {
        const { threat, expiresAt, reason, because } = homeless;
        const { by: coveredBy, problem } = coverageOf(settings.overflow, threat, target);
        const { cidr, protocol, ports } = threat;
        const of = ports ? `${ports.from}-${ports.to}` : 'all';
        const wanted: OverflowRequest = {
          id: `${ledgerKey(place.id)}/${cidr}/${protocol}/${of}`,
          threat,
          target,
          expiresAt,
          findingId: request.findingId,
          findingType: request.findingType,
          spoofable: request.spoofable,
          reason,
          because,
        };
        const { confirmed } = request;
        return {
          deny,
          homeless,
          wanted: {
            request: wanted,
            ...(coveredBy === undefined ? {} : { coveredBy }),
            ...(problem === undefined ? {} : { problem }),
            guard,
            confirmed,
          },
        };
      }),
    );
  });

/** Outcomes by id of the step. */
const carryOut = async (run: Run, { steps }: OverflowPlan): Promise<Map<string, StepOutcome>> => {
  const results = await mapConcurrent(steps, 4, (step) => ask(run, step));
  return new Map(
    steps.map((step, index) => {
      const result = results[index];
      return [step.id, result?.ok ? result.value : failed(step, result?.error)];
    }),
  );
};

const ask = async (run: Run, step: OverflowStep): Promise<StepOutcome> => {
  const { settings, remainingTimeMs, planOnly } = run;
  const { id, action, by, request, preview } = step;
  if (preview || planOnly) {
    const because = `Dry-run; would: ${step.because}`;
    return { stepId: id, action, status: 'skipped', reason: 'dry-run', because, retryable: false };
  }
  const { steps } = await runPlan<OverflowStep>(
    { steps: [step], refused: [] },
    {
      reserveMs: settings.requestTimeoutMs,
      remainingTimeMs,
      observe: settings.observe,
      execute: async (): Promise<StepResult> => {
        const blocker = settings.overflow.find(({ name }) => name === by);
        const answer = await blocker?.block(request, { remainingTimeMs });
        const status = answer && Object.hasOwn(statusOf, answer.status) ? statusOf[answer.status] : undefined;
        if (answer === undefined || status === undefined) {
          throw new RemediationError({
            code: 'OVERFLOW_ANSWER_INVALID',
            message: `The overflow blocker "${by}" gave no answer that it knows: 'blocked', 'already-blocked' or 'not-blocked'.`,
            retryable: true,
          });
        }
        const because = `"${by}": ${answer.because}`;
        const requestIds = 'requestIds' in answer ? answer.requestIds : undefined;
        return {
          status,
          reason: status === 'skipped' ? 'overflow-declined' : 'overflow',
          because,
          ...(requestIds ? { requestIds } : {}),
        };
      },
    },
  );
  const [outcome] = steps;
  if (outcome === undefined) return failed(step, undefined);
  // Whatever it threw may work later, and nobody is denied meanwhile.
  return outcome.status === 'failed' && outcome.reason !== 'out-of-time'
    ? { ...failed(step, outcome.error), ...(outcome.error ? { error: outcome.error } : {}) }
    : outcome;
};

const statusOf = { blocked: 'applied', 'already-blocked': 'already-applied', 'not-blocked': 'skipped' } as const;

const failed = ({ id, action, by }: OverflowStep, error: unknown): StepOutcome => {
  const { message } =
    typeof error === 'object' && error !== null && 'message' in error
      ? { message: String(error.message) }
      : summarizeError(error);
  const because = `The overflow blocker "${by}" failed, so nobody knows whether it denies the address: ${message}`;
  return { stepId: id, action, status: 'failed', reason: 'overflow-failed', because, retryable: true };
};

/** What is said of one case; undefined: no overflow blocker was asked, and the network ACL's own word stands. */
const handedOver = (
  { homeless, wanted }: Case,
  { steps, handed }: OverflowPlan,
  index: number,
  outcomes: ReadonlyMap<string, StepOutcome>,
): HandedOver | undefined => {
  const verdict = handed[index];
  const { coveredBy: by } = wanted;
  if (verdict === undefined || by === undefined) return undefined;
  const { threat, whose } = homeless;
  const step = steps.find(({ id }) => id === verdict.stepId);
  if (step === undefined) {
    if (verdict.retryable !== true) return undefined;
    const { reason, because } = verdict;
    const stepId = `overflow/${wanted.request.id}`;
    const outcome = { stepId, action: 'overflow', status: 'failed', reason, because, retryable: true } as const;
    return { by, threat, whose, status: 'failed', reason, because, expiresAt: homeless.expiresAt, step: outcome };
  }
  const outcome = outcomes.get(step.id) ?? failed(step, undefined);
  const { reason, because } = outcome;
  const { expiresAt } = step.request;
  return { by, threat, whose, status: handedStatus(outcome), reason, because, expiresAt, step: outcome };
};

const handedStatus = ({ status, reason }: StepOutcome): HandedOver['status'] => {
  if (status === 'applied') return 'blocked';
  if (status === 'already-applied') return 'already-blocked';
  if (status === 'skipped') return reason === 'dry-run' ? 'planned' : 'not-blocked';
  return 'failed';
};
