import type { GetAccountPasswordPolicyCommandOutput, GetAccountSummaryCommandOutput } from '@aws-sdk/client-iam';
import { awsError } from '../aws-error.ts';
import type { Answer } from './answers.ts';
import type { World } from './state.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** 1 or 0, as the summary says yes and no. */
const flag = (is: boolean): number => (is ? 1 : 0);

/** Counts and quotas; devices count whether they are in use or not. */
export const getAccountSummary = (world: World): Answer<GetAccountSummaryCommandOutput> => {
  const { root, quotas } = world;
  const users = world.users.seenAll();
  const inUse = sum(users.map((user) => user.mfa.length)) + flag(root.mfa !== false);
  return {
    SummaryMap: {
      AccessKeysPerUserQuota: quotas.accessKeys,
      AccountAccessKeysPresent: flag(root.keys.length > 0),
      AccountMFAEnabled: flag(root.mfa !== false),
      AccountPasswordPresent: flag(root.hasCredentials),
      AccountSigningCertificatesPresent: flag(root.certificates.length > 0),
      AttachedPoliciesPerUserQuota: quotas.policiesPerUser,
      Groups: world.groups.seenAll().length,
      GroupsPerUserQuota: quotas.groupsPerUser,
      MFADevices: inUse + world.spareDevices.seenAll().length,
      MFADevicesInUse: inUse,
      Policies: world.policies.seenAll().filter((policy) => !policy.arn.includes(':iam::aws:policy/')).length,
      SigningCertificatesPerUserQuota: quotas.signingCertificates,
      Users: users.length,
      UsersQuota: quotas.users,
      VersionsPerPolicyQuota: quotas.policyVersions,
    },
  };
};

/** NoSuchEntity where the account has no policy of its own. */
export const getAccountPasswordPolicy = (world: World): Answer<GetAccountPasswordPolicyCommandOutput> => {
  const { passwordPolicy: policy } = world;
  if (policy === undefined) {
    throw awsError('NoSuchEntity', `The Password Policy with domain name ${world.accountId} cannot be found.`);
  }
  return {
    PasswordPolicy: {
      MinimumPasswordLength: policy.minimumLength,
      RequireSymbols: false,
      RequireNumbers: false,
      RequireUppercaseCharacters: false,
      RequireLowercaseCharacters: false,
      AllowUsersToChangePassword: policy.allowChange,
      ExpirePasswords: policy.maxAgeDays !== undefined,
      ...(policy.maxAgeDays === undefined ? {} : { MaxPasswordAge: policy.maxAgeDays }),
      HardExpiry: policy.hardExpiry,
    },
  };
};
