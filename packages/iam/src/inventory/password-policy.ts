import { GetAccountPasswordPolicyCommand } from '@aws-sdk/client-iam';
import { isRemediationError, RemediationError } from '@remedykit/core';
import type { IamCalls } from '../aws/calls.ts';
import { iamErrorCode, isMissing, isTransient } from '../aws/errors.ts';

/** What of the account's password policy can lock a user out. Plain JSON. */
export interface PasswordPolicy {
  /** Nobody can change an expired password; somebody else has to. */
  readonly hardExpiry: boolean;
  /** Days; absent: passwords do not expire. */
  readonly maxAgeDays?: number;
}

/**
 * Reads the account's password policy; an account without one has passwords that do not expire.
 *
 * IAM actions: `iam:GetAccountPasswordPolicy`.
 * @throws RemediationError `LIVE_READ_FAILED`, retryable where waiting may help
 */
export const gatherPasswordPolicy = async (calls: IamCalls): Promise<PasswordPolicy> => {
  try {
    const { PasswordPolicy: policy } = await calls.call('GetAccountPasswordPolicy', (iam) =>
      iam.send(new GetAccountPasswordPolicyCommand({})),
    );
    const maxAgeDays = policy?.MaxPasswordAge;
    return {
      hardExpiry: policy?.HardExpiry ?? false,
      ...(maxAgeDays === undefined || maxAgeDays === 0 ? {} : { maxAgeDays }),
    };
  } catch (error) {
    if (isMissing(error)) return { hardExpiry: false };
    throw new RemediationError({
      code: 'LIVE_READ_FAILED',
      message: `The password policy of the account could not be read (${isRemediationError(error) ? error.code : iamErrorCode(error)}). Nobody's console access is denied while nobody knows whether a denied user could get in again.`,
      retryable: isRemediationError(error) ? error.retryable : isTransient(error),
      cause: error,
    });
  }
};
