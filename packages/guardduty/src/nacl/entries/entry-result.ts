import { type StepOutcome, summarizeError } from '@remedykit/core';
import { awsErrorCode, isDenied, isThrottled } from '../../aws/errors.ts';
import type { Settlement } from '../ledger/claim.ts';
import { isOutOfTime } from './attempts.ts';

/** What became of an EC2 write, for the step and for the ledger; `undone` leaves it to the caller what was there before. */
export interface EntryResult {
  readonly outcome: Pick<StepOutcome, 'status' | 'reason' | 'because' | 'retryable' | 'error' | 'requestIds'>;
  readonly settlement: Settlement;
}

/** EC2 took it. */
export const applied = (because: string, requestIds: readonly string[]): EntryResult['outcome'] => ({
  status: 'applied',
  reason: 'applied',
  because,
  retryable: false,
  requestIds,
});

/** It did not take place, or may not have. */
export const failure = (
  error: unknown,
  reason: string,
  because: string,
  retryable: boolean,
): EntryResult['outcome'] => ({
  status: 'failed',
  reason,
  because,
  retryable,
  error: summarizeError(error),
});

/** An answer that leaves no doubt: it did not take place. */
export const definite = (error: unknown): EntryResult['outcome'] => {
  if (isThrottled(error)) return failure(error, 'throttled', 'EC2 throttled the request.', true);
  if (isDenied(error)) return failure(error, 'access-denied', 'The role may not change this network ACL.', true);
  if (isOutOfTime(error)) return failure(error, 'out-of-time', 'Too little time was left.', true);
  return failure(error, 'rejected-by-ec2', `EC2 rejected the request (${awsErrorCode(error)}).`, true);
};

/** Nobody knows: a sweep finds out. */
export const unknown = (error: unknown, requestIds: readonly string[]): EntryResult => ({
  outcome: {
    ...failure(error, 'unknown-effect', 'EC2 did not answer clearly; whether it took place is not known yet.', true),
    requestIds,
  },
  settlement: { kind: 'unknown' },
});
