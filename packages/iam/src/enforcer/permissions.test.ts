import { describe, expect, it } from 'vitest';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import type { MfaDenyOptions } from './options.ts';
import { type EnforcerPermissionOptions, enforcerPermissions } from './permissions.ts';

const account = '111122223333';
const other = '444455556666';
const age = { warnAtDays: [80], deactivateAtDays: 90 };
const deny: MfaDenyOptions = { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report' };
const all = {
  mfa: deny,
  accessKeys: age,
  serviceSpecificCredentials: age,
  signingCertificates: age,
  sshKeys: age,
} as const;

const statementsOf = (options: Partial<EnforcerPermissionOptions>) =>
  enforcerPermissions({ accounts: [account], ...options }).Statement;
const actionsOf = (options: Partial<EnforcerPermissionOptions>): string[] =>
  statementsOf(options).flatMap(({ Action }) => Action);
const writesOf = (options: Partial<EnforcerPermissionOptions>): string[] =>
  actionsOf(options).filter((action) => !/^iam:(Get|List|Generate)/.test(action));

// That each is needed and none is missing, `permissions-life.test.ts` plays.
describe('enforcerPermissions', () => {
  it.each<[string, Partial<EnforcerPermissionOptions>, string[]]>([
    ['report', { mfa: { action: 'report', graceDays: 14 } }, []],
    ['delete', { mfa: { action: 'delete-login-profile', graceDays: 14 } }, ['iam:DeleteLoginProfile']],
    ['deny', { mfa: deny }, ['iam:AttachUserPolicy', 'iam:DetachUserPolicy']],
    ['access keys', { accessKeys: age }, ['iam:UpdateAccessKey']],
    ['service credentials', { serviceSpecificCredentials: age }, ['iam:UpdateServiceSpecificCredential']],
    ['certificates', { signingCertificates: age }, ['iam:UpdateSigningCertificate']],
    ['SSH keys', { sshKeys: age }, ['iam:UpdateSSHPublicKey']],
  ])('I29: writes what its rule takes and no more: %s', (_, rules, writes) => {
    expect(writesOf(rules)).toEqual(writes);
  });

  it('never writes a policy, and makes or deletes no key', () => {
    expect(writesOf(all).sort()).toEqual([
      'iam:AttachUserPolicy',
      'iam:DetachUserPolicy',
      'iam:UpdateAccessKey',
      'iam:UpdateSSHPublicKey',
      'iam:UpdateServiceSpecificCredential',
      'iam:UpdateSigningCertificate',
    ]);
  });

  it('attaches to the users of each account the two policies of that account alone', () => {
    const partition = 'aws-us-gov';
    const statements = statementsOf({ accounts: [account, other], partition, mfa: deny });
    const attaching = statements.filter(({ Action }) => Action.includes('iam:AttachUserPolicy'));
    expect(attaching.map(({ Resource, Condition }) => ({ Resource, Condition }))).toEqual(
      [account, other].map((accountId) => {
        const { enrolment, hold } = mfaPolicies({ accountId, partition });
        return {
          Resource: [`arn:${partition}:iam::${accountId}:user/*`],
          Condition: { ArnEquals: { 'iam:PolicyARN': [enrolment.arn, hold.arn] } },
        };
      }),
    );
    expect(new Set(statements.map(({ Sid }) => Sid)).size).toBe(statements.length);
    for (const { Sid } of statements) expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
  });

  it('names the whole account for nothing but what has no resource', () => {
    const wide = statementsOf(all).filter(({ Resource }) => Resource.includes('*'));
    expect(wide.flatMap(({ Action }) => Action)).toEqual([
      'iam:GenerateCredentialReport',
      'iam:GetAccountAuthorizationDetails',
      'iam:GetAccountPasswordPolicy',
      'iam:GetAccountSummary',
      'iam:GetCredentialReport',
      'iam:ListServiceSpecificCredentials',
    ]);
  });

  it('a dry-run writes nothing; a function may act', () => {
    expect(writesOf({ ...all, mode: 'dry-run' })).toEqual([]);
    expect(statementsOf({ ...all, mode: () => 'dry-run' })).toEqual(statementsOf({ ...all, mode: 'enforce' }));
    expect(statementsOf({ ...all, mode: 'enforce' })).toEqual(statementsOf(all));
  });

  it('the partition and the accounts, each once', () => {
    const statements = statementsOf({ accounts: [account, other, account], partition: 'aws-cn', accessKeys: age });
    expect(statements.find(({ Sid }) => Sid === 'ReadCredentials')?.Resource).toEqual([
      `arn:aws-cn:iam::${account}:user/*`,
      `arn:aws-cn:iam::${other}:user/*`,
    ]);
  });

  it.each([[[]], [['*']], [['1234']]])('refuses the accounts %j', (accounts) => {
    expect(() => enforcerPermissions({ accounts, accessKeys: age })).toThrow(
      expect.objectContaining({ code: 'IAM_OPTION_INVALID' }),
    );
  });
});
