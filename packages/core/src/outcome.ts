import type { ErrorSummary } from './errors.ts';
import { RemediationError } from './errors.ts';
import type { Delivery } from './notifier.ts';
import type { Reason } from './plan.ts';

/** What became of one step. */
export interface StepOutcome extends Reason {
  readonly stepId: string;
  readonly action: string;
  /**
   * - `applied`: the effect took place now
   * - `already-applied`: it had taken place before (a repeated event, an earlier attempt whose answer was lost)
   * - `skipped`: its precondition no longer holds, or the run stops here (dry-run)
   * - `refused`: the guard forbids it
   * - `failed`: it did not take place, or nobody knows whether it did
   */
  readonly status: 'applied' | 'already-applied' | 'skipped' | 'refused' | 'failed';
  /** True when trying again later may mend a failure. */
  readonly retryable: boolean;
  readonly error?: ErrorSummary;
  /** AWS request ids of the calls made for this step. */
  readonly requestIds?: readonly string[];
}

/** The part that every primitive's outcome has in common; plain JSON. */
export interface Outcome {
  /** The SQS message id, where the work came as one record of a batch. */
  readonly recordId?: string;
  readonly steps: readonly StepOutcome[];
  /** False when time ran out before all was done. */
  readonly done: boolean;
}

const unfinished = (outcome: Outcome | Delivery): string[] => {
  if ('status' in outcome)
    return outcome.status === 'deferred' && outcome.kept !== true ? [`notification: ${outcome.reason}`] : [];
  const failed = outcome.steps
    .filter((step) => step.status === 'failed' && step.retryable)
    .map((step) => `${step.stepId}: ${step.reason}`);
  return outcome.done ? failed : [...failed, 'time ran out before everything was done'];
};

/** True when a retry of the same event could mend what this outcome left undone. */
export const needsRetry = (outcome: Outcome | Delivery): boolean => unfinished(outcome).length > 0;

/**
 * Turns what a retry can mend into a retryable error, so that Lambda, SQS and their dead-letter queues do their job.
 * Call it last, after people were told. Takes outcomes of any primitive, and deliveries of notifiers.
 * @throws RemediationError `INCOMPLETE`, retryable
 * @example
 * ```ts
 * import { assertComplete, type Outcome } from '@remedykit/core';
 * const finish = (outcome: Outcome) => assertComplete(outcome);
 * ```
 */
export const assertComplete = (...outcomes: readonly (Outcome | Delivery)[]): void => {
  const left = outcomes.flatMap(unfinished);
  if (left.length === 0) return;
  throw new RemediationError({
    code: 'INCOMPLETE',
    message: `Not everything was done; the same event can be retried. Left: ${left.join('; ')}`,
    retryable: true,
  });
};

/** The answer of a Lambda function to an SQS event source with `ReportBatchItemFailures`. */
export interface BatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/**
 * The partial batch response: exactly the records whose outcome a retry can mend. A record that no retry can mend
 * (malformed) is not in it: it was announced and kept in an audit record, and would hold up its message group.
 * @throws RemediationError `RECORD_ID_MISSING` when an outcome to be retried has no `recordId`
 */
export const toBatchResponse = (outcomes: readonly Outcome[]): BatchResponse => ({
  batchItemFailures: outcomes.filter(needsRetry).map(({ recordId }) => {
    if (recordId !== undefined) return { itemIdentifier: recordId };
    throw new RemediationError({
      code: 'RECORD_ID_MISSING',
      message: 'An outcome to be retried has no recordId: pass what parseRecords(event) returned, not bare findings.',
    });
  }),
});
