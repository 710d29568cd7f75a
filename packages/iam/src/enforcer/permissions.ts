import { RemediationError } from '@remedykit/core';
import type { CredentialEnforcerOptions } from './options.ts';

/** An IAM policy document. */
export interface PermissionDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
}

/** Which rules the enforcer has, and where. */
export interface EnforcerPermissionOptions
  extends Pick<
    CredentialEnforcerOptions,
    'accounts' | 'mfa' | 'accessKeys' | 'serviceSpecificCredentials' | 'signingCertificates' | 'sshKeys'
  > {
  /** Default `aws`. */
  readonly partition?: string;
}

/**
 * The IAM policy that the IAM client of an enforcer needs in its accounts: these actions and no others, none of which
 * writes. What mailing and the state store need, their own packages say. Source: service authorization reference, IAM.
 * @throws RemediationError `IAM_OPTION_INVALID` without an account, or with one that is not 12 digits
 * @example
 * ```ts
 * import { enforcerPermissions } from '@remedykit/iam';
 * const policy = enforcerPermissions({ accounts: ['111122223333'], mfa: { action: 'report', graceDays: 14 } });
 * ```
 */
export const enforcerPermissions = ({
  accounts,
  partition = 'aws',
  mfa,
  accessKeys,
  serviceSpecificCredentials,
  signingCertificates,
  sshKeys,
}: EnforcerPermissionOptions): PermissionDocument => {
  if (accounts.length === 0 || !accounts.every((account) => /^\d{12}$/.test(account)))
    throw new RemediationError({
      code: 'IAM_OPTION_INVALID',
      message: 'enforcerPermissions: "accounts" must hold at least one account id, of 12 digits each.',
    });
  const usersActions = [
    'iam:GetUser',
    ...(mfa === undefined ? [] : ['iam:GetLoginProfile', 'iam:ListMFADevices']),
    ...(accessKeys === undefined ? [] : ['iam:ListAccessKeys']),
    ...(signingCertificates === undefined ? [] : ['iam:ListSigningCertificates']),
    ...(sshKeys === undefined ? [] : ['iam:ListSSHPublicKeys']),
  ].sort();
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
          'iam:GetAccountSummary',
          'iam:GetCredentialReport',
          ...(serviceSpecificCredentials === undefined ? [] : ['iam:ListServiceSpecificCredentials']),
        ],
        Resource: ['*'],
      },
      {
        Sid: 'ReadCredentials',
        Effect: 'Allow',
        Action: [...usersActions, ...(accessKeys === undefined ? [] : ['iam:GetAccessKeyLastUsed'])].sort(),
        Resource: accounts.map((account) => `arn:${partition}:iam::${account}:user/*`),
      },
    ],
  };
};
