import { isRemediationError, type StepOutcome, summarizeError } from '@remedykit/core';
import type { IamUser } from '../model/user.ts';
import { failedStep } from './account-context.ts';

/** Why something about a user is not known. */
export interface LookFailure {
  /** The code and the message of the error. */
  readonly because: string;
  readonly retryable: boolean;
}

/** What was thrown, for people. */
export const lookFailure = (error: unknown): LookFailure => {
  const { code, message } = summarizeError(error);
  return { because: `${code}: ${message}`, retryable: !isRemediationError(error) || error.retryable };
};

/** A look at a user that failed, as a step, so that whoever retries knows. */
export const failedLook = ({ userName }: Pick<IamUser, 'userName'>, { because, retryable }: LookFailure): StepOutcome =>
  failedStep(`${userName}/look`, 'look', { reason: 'read-failed', because }, retryable);
