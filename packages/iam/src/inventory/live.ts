import { type Clock, isRemediationError, RemediationError, systemClock, toInstant } from '@remedykit/core';
import type { IamCalls } from '../aws/calls.ts';
import { iamErrorCode, isMissing, isTransient } from '../aws/errors.ts';
import type { IamUser, LiveCredentials, OtherCredential } from '../model/user.ts';
import {
  readAccessKeys,
  readCertificates,
  readLoginProfile,
  readMfaDevices,
  readServiceSpecific,
  readSshKeys,
  readUserId,
} from './live-reads.ts';

/** What to read of a user; each costs at least one request. */
export interface LiveQuestion {
  /** `iam:GetUser`: whether the name is still this user's, and not given anew. */
  readonly identity?: boolean;
  /** `iam:GetLoginProfile` */
  readonly loginProfile?: boolean;
  /** `iam:ListMFADevices` */
  readonly mfaDevices?: boolean;
  /** `iam:ListAccessKeys` */
  readonly accessKeys?: boolean;
  /** `iam:GetAccessKeyLastUsed` for each active key of `accessKeys`; without it, and of inactive keys, the use is `unknown`. */
  readonly lastUsed?: boolean;
  /** `iam:ListServiceSpecificCredentials`; for a whole account `gatherServiceSpecific` is cheaper. */
  readonly serviceSpecific?: boolean;
  /** `iam:ListSigningCertificates`; for users to whom the report gives a certificate, or `additionalCredentials`. */
  readonly certificates?: boolean;
  /** `iam:ListSSHPublicKeys` */
  readonly sshKeys?: boolean;
}

/** What was read, or that the user is no more. */
export type LiveResult =
  | { readonly kind: 'live'; readonly credentials: LiveCredentials }
  | { readonly kind: 'user-gone' };

/** The IAM actions that `gatherLive` needs to answer every question; `gatherServiceSpecific` needs one of them. */
export const liveActions: readonly string[] = [
  'iam:GetAccessKeyLastUsed',
  'iam:GetLoginProfile',
  'iam:GetUser',
  'iam:ListAccessKeys',
  'iam:ListMFADevices',
  'iam:ListServiceSpecificCredentials',
  'iam:ListSSHPublicKeys',
  'iam:ListSigningCertificates',
];

/**
 * Reads one user's credentials as they are now, one request after the other. `readAt` is when the reading began. A user
 * who does not exist, or whose name was given anew (seen with `identity`), is `user-gone`, which is not the same as one
 * without credentials. Nothing that could not be read is left out in silence.
 *
 * IAM actions: those of `liveActions` that the question names; with `loginProfile` also `iam:GetUser`.
 * @throws RemediationError `LIVE_READ_FAILED` with the user's name, retryable where waiting may help
 */
export const gatherLive = async (
  calls: IamCalls,
  user: Pick<IamUser, 'userName' | 'userId'>,
  what: LiveQuestion,
  { now = systemClock }: { readonly now?: Clock } = {},
): Promise<LiveResult> => {
  const { userName, userId } = user;
  const readAt = toInstant(now());
  try {
    if (what.identity && (await readUserId(calls, userName)) !== userId) return { kind: 'user-gone' };
    const loginProfile = what.loginProfile ? await readLoginProfile(calls, userName) : undefined;
    const mfaDevices = what.mfaDevices ? await readMfaDevices(calls, userName) : undefined;
    const accessKeys = what.accessKeys ? await readAccessKeys(calls, userName, what.lastUsed ?? false) : undefined;
    const others = await readOthers(calls, userName, what);
    return {
      kind: 'live',
      credentials: {
        readAt,
        ...(loginProfile === undefined ? {} : { loginProfile }),
        ...(mfaDevices === undefined ? {} : { mfaDevices }),
        ...(accessKeys === undefined ? {} : { accessKeys }),
        ...(others === undefined ? {} : { others }),
      },
    };
  } catch (error) {
    if (isMissing(error)) return { kind: 'user-gone' };
    throw readFailed(`user ${userName}`, error);
  }
};

const readOthers = async (
  calls: IamCalls,
  userName: string,
  what: LiveQuestion,
): Promise<OtherCredential[] | undefined> => {
  if (!what.serviceSpecific && !what.certificates && !what.sshKeys) return undefined;
  const specific = what.serviceSpecific ? await readServiceSpecific(calls, { UserName: userName }) : [];
  const certificates = what.certificates ? await readCertificates(calls, userName) : [];
  const sshKeys = what.sshKeys ? await readSshKeys(calls, userName) : [];
  return [...specific.map(({ credential }) => credential), ...certificates, ...sshKeys];
};

const readFailed = (whose: string, error: unknown): RemediationError =>
  new RemediationError({
    code: 'LIVE_READ_FAILED',
    message: `What IAM has of ${whose} could not be read (${isRemediationError(error) ? error.code : iamErrorCode(error)}: ${error instanceof Error ? error.message : 'no error was given'}). Nothing may be decided on it.`,
    retryable: isRemediationError(error) ? error.retryable : isTransient(error),
    cause: error,
  });

/**
 * Service-specific credentials of every user who has any, by user name, 1,000 a request.
 *
 * IAM actions: `iam:ListServiceSpecificCredentials`.
 * @throws RemediationError `LIVE_READ_FAILED`, retryable where waiting may help
 */
export const gatherServiceSpecific = async (
  calls: IamCalls,
): Promise<ReadonlyMap<string, readonly OtherCredential[]>> => {
  try {
    const found = await readServiceSpecific(calls, { AllUsers: true, MaxItems: 1000 });
    const byUser = new Map<string, OtherCredential[]>();
    for (const { userName, credential } of found) byUser.set(userName, [...(byUser.get(userName) ?? []), credential]);
    return byUser;
  } catch (error) {
    throw readFailed('all users', error);
  }
};
