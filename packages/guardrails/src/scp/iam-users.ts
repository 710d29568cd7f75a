import type { CommonParameters } from '../templates/build.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { denyActions } from './deny-actions.ts';

const user = ['iam', 'user/dana'] as const;

/**
 * Denies new IAM users. Users that exist can still enrol MFA, and be remediated.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const denyIamUsers = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyIamUsers',
    sid: 'DenyIamUsers',
    action: ['iam:CreateUser'],
    on: user,
    asks: ['iam:CreateUser'],
    left: 'iam:EnableMFADevice',
  });

/** Denies new access keys of IAM users; keys can still be deactivated and deleted. */
export const denyAccessKeys = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyAccessKeys',
    sid: 'DenyAccessKeys',
    action: ['iam:CreateAccessKey'],
    on: user,
    asks: ['iam:CreateAccessKey'],
    left: 'iam:UpdateAccessKey',
  });

/** Denies giving IAM users a console password, or a new one; their own password they can change, and it can be taken away. */
export const denyLoginProfiles = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyLoginProfiles',
    sid: 'DenyLoginProfiles',
    action: ['iam:CreateLoginProfile', 'iam:UpdateLoginProfile'],
    on: user,
    asks: ['iam:CreateLoginProfile', 'iam:UpdateLoginProfile'],
    left: 'iam:DeleteLoginProfile',
  });

/** Denies the other long-lived credentials of IAM users: for single services (Bedrock’s API keys too), SSH keys, certificates. */
export const denyServiceSpecificCredentials = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyServiceSpecificCredentials',
    sid: 'DenyServiceCredentials',
    action: ['iam:CreateServiceSpecific*', 'iam:ResetServiceSpecific*', 'iam:UploadSSH*', 'iam:UploadSigning*'],
    on: user,
    asks: ['iam:CreateServiceSpecificCredential', 'iam:UploadSSHPublicKey'],
    left: 'iam:DeleteServiceSpecificCredential',
  });

/** Denies delegating one’s rights to a third party for a time (temporary delegation requests), and using what was delegated. */
export const denyTemporaryDelegation = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyTemporaryDelegation',
    sid: 'DenyDelegation',
    action: ['iam:A*DelegationRequest', 'iam:CreateDelegation*', 'iam:SendDelegation*', 'sts:GetDelegated*'],
    on: ['iam', 'delegation-request/0123456789'],
    asks: ['iam:AcceptDelegationRequest', { action: 'sts:GetDelegatedAccessToken' }],
    left: 'iam:RejectDelegationRequest',
  });

/** Denies tokens with which a role proves itself outside of AWS, and switching that on for an account. */
export const denyOutboundWebIdentity = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyOutboundWebIdentity',
    sid: 'DenyOutboundIdentity',
    action: ['iam:EnableOutbound*', 'sts:GetWebIdentity*'],
    asks: ['sts:GetWebIdentityToken', 'iam:EnableOutboundWebIdentityFederation'],
    left: 'iam:DisableOutboundWebIdentityFederation',
  });

/** Denies logging in to the command line by the console’s session (`aws login`), which leaves credentials on a disk. */
export const denyConsoleLoginForCli = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyConsoleLoginForCli',
    sid: 'DenyCliLogin',
    action: ['signin:AuthorizeOAuth2Access', 'signin:CreateOAuth2Token'],
    on: ['signin', 'oauth2/public-client/localhost'],
    asks: ['signin:AuthorizeOAuth2Access', 'signin:CreateOAuth2Token'],
    left: 'signin:RevokeOAuth2Token',
  });

const entry = (
  name: string,
  example: PolicyTemplate['example'],
  [intent, breaks, bypasses]: readonly [string, string, string],
): PolicyTemplate => ({
  name,
  family: 'iam-users',
  type: 'SERVICE_CONTROL_POLICY',
  intent,
  breaks,
  bypasses,
  rollout: stagedRollout,
  controls: [],
  example,
});

/** Words on the templates of this file. */
export const iamUserTemplates: readonly PolicyTemplate[] = [
  entry('denyIamUsers', denyIamUsers, [
    'People and machines use roles: a user has credentials that do not end.',
    'Products that still ask for a user: exempt the pipeline that makes it, with an end.',
    'Users that exist stay; find them with the credential report.',
  ]),
  entry('denyAccessKeys', denyAccessKeys, [
    'No new long-lived keys; old ones end by rotation.',
    'Rotation of keys that still are needed: exempt who rotates.',
    'Other credentials of users (denyServiceSpecificCredentials, denyLoginProfiles).',
  ]),
  entry('denyLoginProfiles', denyLoginProfiles, [
    'People come through the identity provider, not with a password of IAM.',
    'Resetting the password of a break-glass user: exempt who does it.',
    'Passwords that exist stay valid.',
  ]),
  entry('denyServiceSpecificCredentials', denyServiceSpecificCredentials, [
    'No passwords for CodeCommit, Keyspaces or Bedrock, no SSH keys, no signing certificates.',
    'Tools that know no other login for these services.',
    'Access keys (denyAccessKeys).',
  ]),
  entry('denyTemporaryDelegation', denyTemporaryDelegation, [
    'Nobody hands his rights to a vendor by accepting a request.',
    'Products that set themselves up by temporary delegation: let one role accept.',
    'A cross-account role for the vendor (orgIdentityPerimeter).',
  ]),
  entry('denyOutboundWebIdentity', denyOutboundWebIdentity, [
    'Identities of AWS prove themselves outside only where it was decided.',
    'Workloads that log in to other clouds by it: exempt their roles.',
    'Signed GetCallerIdentity requests, which no policy can deny, serve some products as a proof.',
  ]),
  entry('denyConsoleLoginForCli', denyConsoleLoginForCli, [
    'Sessions of the console do not become files on a laptop.',
    'People who use aws login: let them use IAM Identity Center.',
    'Access keys (denyAccessKeys); credentials shown by Identity Center.',
  ]),
];
