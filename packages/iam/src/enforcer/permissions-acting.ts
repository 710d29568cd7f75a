import { mfaPolicies } from '../mfa/mfa-policies.ts';
import type { CredentialEnforcerOptions } from './options.ts';
import type { PermissionDocument } from './permissions.ts';

type PermissionStatement = PermissionDocument['Statement'][number];

/** The rules there are, by what is done when time is up. */
export type RuleOptions = Pick<
  CredentialEnforcerOptions,
  'mfa' | 'accessKeys' | 'serviceSpecificCredentials' | 'signingCertificates' | 'sshKeys'
>;

/** Where permissions hold. */
export interface Places {
  readonly accounts: readonly string[];
  readonly partition: string;
}

/** All users of an account, whatever their path. */
export const usersOf = (partition: string, accountId: string): string => `arn:${partition}:iam::${accountId}:user/*`;

const policyArns = (accountId: string, partition: string): readonly string[] =>
  Object.values(mfaPolicies({ accountId, partition })).map(({ arn }) => arn);

/** Updates of a credential's status; IAM has none that could delete it, or make one. */
const updates = ({ accessKeys, serviceSpecificCredentials, signingCertificates, sshKeys }: RuleOptions): string[] => [
  ...(accessKeys === undefined ? [] : ['iam:UpdateAccessKey']),
  ...(sshKeys === undefined ? [] : ['iam:UpdateSSHPublicKey']),
  ...(serviceSpecificCredentials === undefined ? [] : ['iam:UpdateServiceSpecificCredential']),
  ...(signingCertificates === undefined ? [] : ['iam:UpdateSigningCertificate']),
];

/** True when anything is ever done by these rules. */
export const isActing = (rules: RuleOptions): boolean =>
  updates(rules).length > 0 || (rules.mfa !== undefined && rules.mfa.action !== 'report');

/** What is read of the two MFA policies before anybody is attached to them. */
export const readMfaPolicies = ({ mfa }: RuleOptions, { accounts, partition }: Places): PermissionStatement[] =>
  mfa?.action === 'deny-until-mfa'
    ? [
        {
          Sid: 'ReadMfaPolicies',
          Effect: 'Allow',
          Action: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
          Resource: accounts.flatMap((account) => policyArns(account, partition)),
        },
      ]
    : [];

/** What is written when time is up, and to undo it. No policy is ever written, for that would let it grant anything. */
export const writes = (rules: RuleOptions, { accounts, partition }: Places): PermissionStatement[] => {
  const { mfa } = rules;
  const users = accounts.map((account) => usersOf(partition, account));
  const statement = (Sid: string, Action: readonly string[]): PermissionStatement[] =>
    Action.length === 0 ? [] : [{ Sid, Effect: 'Allow', Action, Resource: users }];
  return [
    ...statement('SwitchCredentials', updates(rules)),
    ...statement('DeletePasswords', mfa?.action === 'delete-login-profile' ? ['iam:DeleteLoginProfile'] : []),
    // Of each account's users those of the account alone: another account's policies are not for them.
    ...(mfa?.action === 'deny-until-mfa' ? accounts : []).map(
      (account): PermissionStatement => ({
        Sid: `DenyUntilMfa${account}`,
        Effect: 'Allow',
        Action: ['iam:AttachUserPolicy', 'iam:DetachUserPolicy'],
        Resource: [usersOf(partition, account)],
        // Source: service authorization reference, IAM: a key of these two actions.
        Condition: { ArnEquals: { 'iam:PolicyARN': policyArns(account, partition) } },
      }),
    ),
  ];
};
