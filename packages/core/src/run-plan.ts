import { isRemediationError, RemediationError, summarizeError } from './errors.ts';
import { type Observe, silent } from './observe.ts';
import type { StepOutcome } from './outcome.ts';
import type { Plan, Reason, Step } from './plan.ts';
import type { Duration } from './time.ts';

/** What carrying out one step came to. Without a reason of its own the outcome keeps the step's. */
export interface StepResult extends Partial<Reason> {
  readonly status: StepOutcome['status'];
  /** Default false. */
  readonly retryable?: boolean;
  readonly error?: StepOutcome['error'];
  readonly requestIds?: readonly string[];
}

/** How a plan is carried out. */
export interface RunPlanOptions<S extends Step> {
  /** Takes the effect of one step. What it throws becomes a `failed` outcome. */
  readonly execute: (step: S) => Promise<StepResult>;
  /** Checks the precondition right before the effect: the reason why the step must not take place any more, if so. */
  readonly recheck?: (step: S) => Promise<Reason | undefined>;
  /** Whether what was thrown may work later. Default: what a `RemediationError` says, and `$retryable` of the AWS SDK. */
  readonly isRetryable?: (error: unknown) => boolean;
  /** Milliseconds left to the caller. */
  readonly remainingTimeMs?: () => number;
  /** No step begins with less than this left, in ms. */
  readonly reserveMs: Duration;
  /** Told of each outcome: `step`. */
  readonly observe?: Observe;
}

/** The outcomes of a plan: of its steps in order, then of those that the guard refused. */
export interface PlanRun {
  readonly steps: readonly StepOutcome[];
  /** False when time ran out; the steps left are `failed`, retryable, `out-of-time`. */
  readonly done: boolean;
}

const refusedSteps = (plan: Plan): StepOutcome[] =>
  plan.refused.map(({ step: { id, action }, refused: { reason, because } }) => ({
    stepId: id,
    action,
    status: 'refused',
    retryable: false,
    reason,
    because,
  }));

const skipped = ({ id, action }: Step, { reason, because }: Reason): StepOutcome => ({
  stepId: id,
  action,
  status: 'skipped',
  retryable: false,
  reason,
  because,
});

/** The outcomes of a plan that is only shown: every step `skipped`, or `refused` by the guard. Pure. */
export const previewPlan = (plan: Plan): PlanRun => ({
  steps: [
    ...plan.steps.map((step) => skipped(step, { reason: 'dry-run', because: `Dry-run; would: ${step.because}` })),
    ...refusedSteps(plan),
  ],
  done: true,
});

/**
 * Carries out a plan: its steps in order, each after its precondition was checked again. Every step gets exactly one
 * outcome, whatever happens; a failure hides no other step. Ends before time does.
 * @throws RemediationError `PLAN_INVALID` when two steps share an id; nothing was carried out then
 */
export const runPlan = async <S extends Step>(plan: Plan<S>, options: RunPlanOptions<S>): Promise<PlanRun> => {
  checkIds(plan);
  const { remainingTimeMs, reserveMs, observe = silent } = options;
  const steps: StepOutcome[] = [];
  const add = (outcome: StepOutcome): void => {
    steps.push(outcome);
    tell(observe, outcome);
  };
  let done = true;
  for (const step of plan.steps) {
    // Written so that NaN ends the run as well; once time has run out, no later step may begin.
    done &&= remainingTimeMs === undefined || remainingTimeMs() >= reserveMs;
    add(done ? await runStep(step, options) : outOfTime(step));
  }
  for (const outcome of refusedSteps(plan)) add(outcome);
  return { steps, done };
};

const checkIds = (plan: Plan): void => {
  const seen = new Set<string>();
  for (const { id } of [...plan.steps, ...plan.refused.map(({ step }) => step)]) {
    if (seen.has(id))
      throw new RemediationError({ code: 'PLAN_INVALID', message: `Two steps of the plan have the id "${id}".` });
    seen.add(id);
  }
};

const runStep = async <S extends Step>(
  step: S,
  { execute, recheck, isRetryable = retryableByItself }: RunPlanOptions<S>,
): Promise<StepOutcome> => {
  try {
    const changed = await recheck?.(step);
    if (changed) return skipped(step, changed);
    const {
      status,
      reason = step.reason,
      because = step.because,
      retryable = false,
      error,
      requestIds,
    } = await execute(step);
    return {
      stepId: step.id,
      action: step.action,
      status,
      reason,
      because,
      retryable,
      ...(error === undefined ? {} : { error }),
      ...(requestIds === undefined ? {} : { requestIds }),
    };
  } catch (thrown) {
    const error = summarizeError(thrown);
    return {
      stepId: step.id,
      action: step.action,
      status: 'failed',
      reason: 'error',
      because: `${error.code}: ${error.message}`,
      retryable: judge(isRetryable, thrown),
      error,
      ...requestIdsOf(thrown),
    };
  }
};

const outOfTime = ({ id, action }: Step): StepOutcome => ({
  stepId: id,
  action,
  status: 'failed',
  reason: 'out-of-time',
  because: 'Time ran out before this step began.',
  retryable: true,
});

const retryableByItself = (error: unknown): boolean =>
  isRemediationError(error)
    ? error.retryable
    : typeof error === 'object' && error !== null && '$retryable' in error && error.$retryable !== undefined;

const judge = (isRetryable: (error: unknown) => boolean, error: unknown): boolean => {
  try {
    return isRetryable(error);
  } catch {
    // A classifier that fails on an error it did not expect has not said that a retry helps.
    return false;
  }
};

/** The id under which AWS knows the failed request, where the SDK's error carries it. */
const requestIdsOf = (error: unknown): { requestIds?: readonly string[] } => {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return {};
  const { $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null || !('requestId' in metadata)) return {};
  return typeof metadata.requestId === 'string' ? { requestIds: [metadata.requestId] } : {};
};

const tell = (observe: Observe, { stepId, action, status, reason }: StepOutcome): void => {
  try {
    observe({ event: 'step', data: { stepId, action, status, reason } });
  } catch {
    // The effects have taken place; an observer that breaks its contract must not hide their outcomes.
  }
};
