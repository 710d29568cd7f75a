import { RemediationError } from '@remedykit/core';
import type { CredentialEnforcerOptions } from './options.ts';
import { isActing, type RuleOptions, readMfaPolicies, usersOf, writes } from './permissions-acting.ts';

/** An IAM policy document. */
export interface PermissionDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
    /** Values by condition key, by operator. */
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  }[];
}

/** The enforcer's options, as far as permissions depend on them. */
export interface EnforcerPermissionOptions
  extends Pick<
    CredentialEnforcerOptions,
    'accounts' | 'mfa' | 'accessKeys' | 'serviceSpecificCredentials' | 'signingCertificates' | 'sshKeys'
  > {
  /** With `'dry-run'` nothing may be written, by `restore` neither. Default, and with a function: what it takes to act. */
  readonly mode?: CredentialEnforcerOptions['mode'];
  /** Default `aws`. */
  readonly partition?: string;
}

/** What is read of users: before anything is decided, and again right before something is done or undone. */
const reads = (rules: RuleOptions): string[] => {
  const { mfa, accessKeys, signingCertificates, sshKeys } = rules;
  const asksForKeys = mfa?.action === 'deny-until-mfa' && mfa.activeKeyUsers === 'report';
  return [
    'iam:GetUser',
    ...(mfa === undefined ? [] : ['iam:GetLoginProfile', 'iam:ListMFADevices']),
    ...(accessKeys === undefined ? [] : ['iam:GetAccessKeyLastUsed']),
    ...(accessKeys === undefined && !asksForKeys ? [] : ['iam:ListAccessKeys']),
    ...(signingCertificates === undefined ? [] : ['iam:ListSigningCertificates']),
    ...(sshKeys === undefined ? [] : ['iam:ListSSHPublicKeys']),
    // Nothing is given back to a user whom AWS has quarantined, which is seen in what is attached.
    ...(isActing(rules) ? ['iam:ListAttachedUserPolicies'] : []),
  ].sort();
};

/**
 * The IAM policy that the IAM client of an enforcer needs in its accounts, for `run`, `plan`, `restore` and `resolve`: these
 * actions and no others. It takes the enforcer's own options. What is written depends on the rules: credentials are made
 * active and inactive, and of `mfaPolicies` the two of the account are attached and detached. No key is made or deleted, no
 * policy written. What mailing and the state store need, their own packages say. Source: service authorization reference, IAM.
 * @throws RemediationError `IAM_OPTION_INVALID` without an account, or with one that is not 12 digits
 * @example
 * ```ts
 * import { enforcerPermissions } from '@remedykit/iam';
 * const policy = enforcerPermissions({
 *   accounts: ['111122223333'],
 *   mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report' },
 *   accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
 * });
 * ```
 */
export const enforcerPermissions = (options: EnforcerPermissionOptions): PermissionDocument => {
  const { accounts, mode, partition = 'aws', mfa, serviceSpecificCredentials } = options;
  if (accounts.length === 0 || !accounts.every((account) => /^\d{12}$/.test(account)))
    throw new RemediationError({
      code: 'IAM_OPTION_INVALID',
      message: 'enforcerPermissions: "accounts" must hold at least one account id, of 12 digits each.',
    });
  const isDryRun = mode === 'dry-run';
  const places = { accounts: [...new Set(accounts)], partition };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'FindUsers',
        Effect: 'Allow',
        // Of the whole account: no single resource is named.
        Action: [
          'iam:GenerateCredentialReport',
          'iam:GetAccountAuthorizationDetails',
          ...(mfa?.action === 'deny-until-mfa' ? ['iam:GetAccountPasswordPolicy'] : []),
          'iam:GetAccountSummary',
          'iam:GetCredentialReport',
          ...(serviceSpecificCredentials === undefined ? [] : ['iam:ListServiceSpecificCredentials']),
        ],
        Resource: ['*'],
      },
      {
        Sid: 'ReadCredentials',
        Effect: 'Allow',
        Action: reads(options),
        Resource: places.accounts.map((account) => usersOf(partition, account)),
      },
      ...readMfaPolicies(options, places),
      ...(isDryRun ? [] : writes(options, places)),
    ],
  };
};
