import {
  isRemediationError,
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
import { gatherHeld, type Held, keepHeld } from './held.ts';
import type { OverflowRequest } from './overflow-blocker.ts';

type Denies = ReadonlyMap<string, readonly PlacedDeny[]>;

/** A deny without a place, and the placement that left it so. */
interface Case {
  readonly deny: PlacedDeny;
  readonly homeless: Homeless;
  readonly wanted: Wanted;
  /** Of the document that says since when it is handed over. */
  readonly version?: string;
}

/**
 * Hands what has no place to the overflow blockers that cover it, after the network ACLs were written and their ledgers
 * settled. One that fails costs no other anything and undoes nothing.
 */
export const handOver = async (run: Run, asked: readonly DenyAt[], denies: Denies): Promise<Denies> => {
  if (run.settings.overflow.length === 0) return denies;
  const cases = await withHeld(run, casesOf(run, asked, denies));
  if (!cases.some(({ wanted }) => wanted.coveredBy !== undefined)) return denies;
  const facts: OverflowFacts = { wanted: cases.map(({ wanted }) => wanted) };
  const at = run.now();
  const plan = decideOverflow(facts, run.settings.policy, at);
  const answers = await carryOut(run, plan);
  await keep(run, cases, plan, answers);
  const outcomes = [...answers.values()].map(({ outcome }) => outcome);
  await record(run, { decider: 'nacl/overflow', facts, plan, at, outcomes });
  const handed = new Map<PlacedDeny, HandedOver[]>();
  cases.forEach((one, index) => {
    const result = handedOver(one, plan, index, answers);
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
        const { by: coveredBy, ...coverage } = coverageOf(settings.overflow, threat, target);
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
            ...coverage,
            event: `${request.findingId}/${request.copyIn ?? ''}/${request.lastSeen}`,
            guard,
            confirmed,
          },
        };
      }),
    );
  });

/** Adds since when each deny is handed over; where that cannot be found out, nobody is asked. */
const withHeld = async (run: Run, cases: readonly Case[]): Promise<readonly Case[]> => {
  const isAsked = ({ wanted: { coveredBy, confirmed, guard } }: Case): boolean =>
    coveredBy !== undefined && confirmed && guard.mode !== 'dry-run' && !run.planOnly;
  const read = await gatherHeld(
    run,
    cases.filter(isAsked).map(({ wanted }) => wanted.request.id),
  );
  return cases.map((one) => {
    const { held, problem, version } = (isAsked(one) && read.get(one.wanted.request.id)) || {};
    const known = { ...(held ? { held } : {}), ...(problem === undefined ? {} : { problem }) };
    return { ...one, wanted: { ...one.wanted, ...known }, ...(version === undefined ? {} : { version }) };
  });
};

/** Keeps since when and until when each deny is handed over, and who told that it is at its longest. */
const keep = async (
  run: Run,
  cases: readonly Case[],
  { steps, handed }: OverflowPlan,
  answers: ReadonlyMap<string, Answer>,
): Promise<void> => {
  const kept = new Map<string, { readonly held: Held; readonly version?: string }>();
  cases.forEach(({ wanted: { request, held, event }, version }, at) => {
    const { stepId, atItsLongest } = handed[at] ?? {};
    const step = steps.find(({ id }) => id === stepId);
    const status = step && answers.get(step.id)?.outcome.status;
    const known = version === undefined ? {} : { version };
    if (step && (status === 'applied' || status === 'already-applied'))
      kept.set(request.id, { held: step.held, ...known });
    else if (held && atItsLongest?.news && held.reviewBy === undefined && event !== undefined) {
      kept.set(request.id, { held: { ...held, reviewBy: event }, ...known });
    }
  });
  const changed = [...kept].filter(([id, { held }]) => {
    const before = cases.find(({ wanted }) => wanted.request.id === id)?.wanted.held;
    return before?.since !== held.since || before.until !== held.until || before.reviewBy !== held.reviewBy;
  });
  await mapConcurrent(changed, 4, ([id, { held, version }]) => keepHeld(run, id, held, version));
};

/** What came of one step, and whose answer it is. */
interface Answer {
  readonly outcome: StepOutcome;
  readonly by: string;
}

/** Answers by id of the step. */
const carryOut = async (run: Run, { steps }: OverflowPlan): Promise<Map<string, Answer>> => {
  const results = await mapConcurrent(steps, 4, (step) => ask(run, step));
  return new Map(
    steps.map((step, index) => {
      const result = results[index];
      return [step.id, result?.ok ? result.value : { outcome: failed(step, step.by, result?.error), by: step.by }];
    }),
  );
};

/** Asks one after another, until one denies it or may yet. */
const ask = async (run: Run, step: OverflowStep): Promise<Answer> => {
  const { id, action, by, then, unsure, preview } = step;
  if (preview || run.planOnly) {
    const because = `Dry-run; would: ${step.because}`;
    return { outcome: { stepId: id, action, status: 'skipped', reason: 'dry-run', because, retryable: false }, by };
  }
  const said: string[] = [];
  let answer: Answer | undefined;
  for (const name of [by, ...then]) {
    const outcome = await askOne(run, step, name);
    said.push(outcome.because);
    answer = { outcome: { ...outcome, because: said.join(' ') }, by: name };
    if (!isFinalNo(outcome)) return answer;
  }
  if (unsure === undefined) return answer ?? { outcome: failed(step, by, undefined), by };
  const because = `${said.join(' ')} Whether the overflow blocker "${unsure.by}" covers it could not be found out: ${unsure.problem}`;
  const outcome = {
    stepId: id,
    action,
    status: 'failed',
    reason: 'overflow-failed',
    because,
    retryable: true,
  } as const;
  return { outcome, by: unsure.by };
};

/** It does not deny it, and asking it again would not help. */
const isFinalNo = ({ status, retryable }: StepOutcome): boolean =>
  status === 'skipped' || (status === 'failed' && !retryable);

const askOne = async (run: Run, step: OverflowStep, by: string): Promise<StepOutcome> => {
  const { settings, remainingTimeMs } = run;
  const { request } = step;
  const { steps } = await runPlan<OverflowStep>(
    { steps: [step], refused: [] },
    {
      reserveMs: settings.requestTimeoutMs,
      remainingTimeMs,
      observe: settings.observe,
      // Unless it says that it is for good, whatever it threw may work later, and nobody is denied meanwhile.
      isRetryable: (error) => !isRemediationError(error) || error.retryable,
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
  if (outcome === undefined) return failed(step, by, undefined);
  if (outcome.status !== 'failed' || outcome.reason === 'out-of-time') return outcome;
  const { error, retryable } = outcome;
  return { ...failed(step, by, error), retryable, ...(error ? { error } : {}) };
};

const statusOf = { blocked: 'applied', 'already-blocked': 'already-applied', 'not-blocked': 'skipped' } as const;

const failed = ({ id, action }: OverflowStep, by: string, error: unknown): StepOutcome => {
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
  answers: ReadonlyMap<string, Answer>,
): HandedOver | undefined => {
  const verdict = handed[index];
  const { coveredBy } = wanted;
  if (verdict === undefined || coveredBy === undefined) return undefined;
  const { threat, whose } = homeless;
  const step = steps.find(({ id }) => id === verdict.stepId);
  if (step === undefined) {
    const { reason, because, atItsLongest, retryable } = verdict;
    const by = coveredBy;
    const stepId = `overflow/${wanted.request.id}`;
    if (atItsLongest) {
      const { until: expiresAt, news: review } = atItsLongest;
      const outcome = {
        stepId,
        action: 'overflow',
        status: 'already-applied',
        reason,
        because,
        retryable: false,
      } as const;
      return { by, threat, whose, status: 'already-blocked', reason, because, expiresAt, review, step: outcome };
    }
    if (retryable !== true) return undefined;
    const outcome = { stepId, action: 'overflow', status: 'failed', reason, because, retryable: true } as const;
    return { by, threat, whose, status: 'failed', reason, because, expiresAt: homeless.expiresAt, step: outcome };
  }
  const { outcome, by } = answers.get(step.id) ?? { outcome: failed(step, coveredBy, undefined), by: coveredBy };
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
