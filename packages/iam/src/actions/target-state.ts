import { ListAttachedUserPoliciesCommand, type ListAttachedUserPoliciesCommandOutput } from '@aws-sdk/client-iam';
import { type Clock, collectPages, type Instant, isRemediationError, RemediationError } from '@remedykit/core';
import { nextMarker, required } from '../aws/answer.ts';
import type { IamCalls } from '../aws/calls.ts';
import { iamErrorCode, isMissing, isTransient } from '../aws/errors.ts';
import { gatherLive, type LiveQuestion } from '../inventory/live.ts';
import type { ActionSubject, ActionTarget } from '../model/action.ts';
import type { AttachedPolicy } from '../model/user.ts';

/** The object of an action as it is now, read live. */
export type TargetState =
  /** `null`: there is none any more. */
  | {
      readonly kind: 'credential';
      readonly credential: { readonly active: boolean; readonly createdAt: Instant } | null;
    }
  | { readonly kind: 'attachment'; readonly attached: readonly AttachedPolicy[] }
  | { readonly kind: 'login-profile'; readonly createdAt: Instant | null; readonly mfaDevices: readonly string[] }
  | { readonly kind: 'user-gone' };

/** What a look at a target needs. */
export interface LookContext {
  readonly calls: IamCalls;
  readonly now: Clock;
}

/**
 * Managed policies attached to a user, read live.
 *
 * IAM actions: `iam:ListAttachedUserPolicies`.
 * @throws RemediationError `LIVE_READ_FAILED`, retryable where waiting may help
 */
export const readAttachments = async (
  calls: IamCalls,
  { userName }: Pick<ActionSubject, 'userName'>,
): Promise<readonly AttachedPolicy[] | 'user-gone'> => {
  try {
    return await collectPages(
      async (marker) => {
        const page: ListAttachedUserPoliciesCommandOutput = await calls.call('ListAttachedUserPolicies', (iam) =>
          iam.send(
            new ListAttachedUserPoliciesCommand({
              UserName: userName,
              ...(marker === undefined ? {} : { Marker: marker }),
            }),
          ),
        );
        const items = (page.AttachedPolicies ?? []).map(({ PolicyName, PolicyArn }) => ({
          name: required(PolicyName, 'AttachedPolicy.PolicyName'),
          arn: required(PolicyArn, 'AttachedPolicy.PolicyArn'),
        }));
        return { items, nextToken: nextMarker(page) };
      },
      { maxPages: 100 },
    );
  } catch (error) {
    if (isMissing(error)) return 'user-gone';
    throw new RemediationError({
      code: 'LIVE_READ_FAILED',
      message: `What is attached to user ${userName} could not be read (${isRemediationError(error) ? error.code : iamErrorCode(error)}). Nothing may be decided on it.`,
      retryable: isRemediationError(error) ? error.retryable : isTransient(error),
      cause: error,
    });
  }
};

type CredentialTarget = Exclude<ActionTarget, { kind: 'managed-policy' | 'login-profile' }>;

const questions: Readonly<Record<CredentialTarget['kind'], LiveQuestion>> = {
  'access-key': { accessKeys: true },
  'service-specific': { serviceSpecific: true },
  'signing-certificate': { certificates: true },
  'ssh-key': { sshKeys: true },
};

/** The id of a credential. */
export const credentialIdOf = (target: CredentialTarget): string => {
  switch (target.kind) {
    case 'access-key':
      return target.accessKeyId;
    case 'service-specific':
      return target.credentialId;
    case 'signing-certificate':
      return target.certificateId;
    case 'ssh-key':
      return target.sshKeyId;
  }
};

/**
 * Reads what an action is about, as it is now. A credential is found by its id among those of the user, which also says
 * that the name is still that user's.
 *
 * IAM actions: for each kind of target `iam:ListAccessKeys`, `iam:ListServiceSpecificCredentials`,
 * `iam:ListSigningCertificates`, `iam:ListSSHPublicKeys`; `iam:ListAttachedUserPolicies`; `iam:GetLoginProfile`,
 * `iam:ListMFADevices` and `iam:GetUser`.
 * @throws RemediationError `LIVE_READ_FAILED`, retryable where waiting may help
 */
export const readTarget = async (
  { calls, now }: LookContext,
  subject: ActionSubject,
  target: ActionTarget,
): Promise<TargetState> => {
  if (target.kind === 'managed-policy') {
    const attached = await readAttachments(calls, subject);
    return attached === 'user-gone' ? { kind: 'user-gone' } : { kind: 'attachment', attached };
  }
  if (target.kind === 'login-profile') {
    const read = await gatherLive(calls, subject, { loginProfile: true, mfaDevices: true }, { now });
    if (read.kind === 'user-gone') return read;
    const { loginProfile, mfaDevices = [] } = read.credentials;
    return { kind: 'login-profile', createdAt: loginProfile?.createdAt ?? null, mfaDevices };
  }
  const read = await gatherLive(calls, subject, questions[target.kind], { now });
  if (read.kind === 'user-gone') return read;
  const { accessKeys = [], others = [] } = read.credentials;
  const found = [...accessKeys, ...others].find(({ id }) => id === credentialIdOf(target));
  return {
    kind: 'credential',
    credential: found === undefined ? null : { active: found.active, createdAt: found.createdAt },
  };
};
