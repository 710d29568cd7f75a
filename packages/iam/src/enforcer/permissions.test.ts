import { describe, expect, it } from 'vitest';
import { createTestWorld, daysBefore } from '../testing/test-enforcer.ts';
import type { CredentialEnforcerOptions } from './options.ts';
import { enforcerPermissions } from './permissions.ts';

const account = '111122223333';
const age = { warnAtDays: [80], deactivateAtDays: 90 };

const actionsOf = (options: Parameters<typeof enforcerPermissions>[0]): string[] =>
  enforcerPermissions(options)
    .Statement.flatMap(({ Action }) => Action)
    .sort();

type Rules = Pick<
  CredentialEnforcerOptions,
  'mfa' | 'accessKeys' | 'serviceSpecificCredentials' | 'signingCertificates' | 'sshKeys'
>;

/** What a run and the next days call, with everything in the account that a rule can meet. */
const called = async (rules: Rules): Promise<string[]> => {
  const { mfa, accessKeys, ...others } = rules;
  const { iam, createEnforcer, goToDay } = createTestWorld();
  const createdAt = daysBefore(100);
  iam.addUser({
    name: 'alice',
    password: { createdAt },
    keys: [{ createdAt }],
    serviceSpecific: [{ service: 'codecommit.amazonaws.com', createdAt }],
    certificates: [{ createdAt }],
    sshKeys: [{ createdAt }],
  });
  const enforcer = createEnforcer({
    ...others,
    ...(mfa === undefined ? { mfa: undefined as never } : { mfa }),
    ...(accessKeys === undefined ? { accessKeys: undefined as never } : { accessKeys }),
  });
  await enforcer.run();
  // Where the words of an error do not tell a missing password from a missing user, the user is asked for.
  goToDay(0.1);
  iam.addUser({ name: 'bob' });
  iam.failNext('GetLoginProfile', { code: 'NoSuchEntity', message: 'not found' });
  await enforcer.run();
  // The second mail to the fallback tells the last use.
  goToDay(1);
  await enforcer.run();
  return Object.keys(iam.calls().byAction).sort();
};

describe('enforcerPermissions', () => {
  it.each<[string, Rules]>([
    ['mfa', { mfa: { action: 'report', graceDays: 14 } }],
    ['accessKeys', { accessKeys: age }],
    ['unused keys', { accessKeys: { ...age, unusedAfterDays: 45 } }],
    ['serviceSpecificCredentials', { serviceSpecificCredentials: age }],
    ['signingCertificates', { signingCertificates: age }],
    ['sshKeys', { sshKeys: age }],
    [
      'all',
      {
        mfa: { action: 'report', graceDays: 14 },
        accessKeys: { ...age, unusedAfterDays: 45 },
        serviceSpecificCredentials: age,
        signingCertificates: age,
        sshKeys: age,
      },
    ],
  ])('every call is permitted, and every permission is used: %s', async (_, rules) => {
    const permitted = actionsOf({ accounts: [account], ...rules });
    const calls = await called(rules);
    expect(calls.filter((action) => !permitted.includes(action))).toEqual([]);
    // Where report and users differ, each is asked for by GetUser; nothing differs here.
    expect(permitted.filter((action) => !calls.includes(action) && action !== 'iam:GetUser')).toEqual([]);
    if (rules.mfa !== undefined) expect(calls).toContain('iam:GetUser');
  });

  it('reads users of the accounts alone, and writes nothing', () => {
    const { Statement } = enforcerPermissions({
      accounts: [account, '444455556666'],
      partition: 'aws-us-gov',
      mfa: { action: 'report', graceDays: 14 },
      accessKeys: age,
    });
    expect(Statement.find(({ Sid }) => Sid === 'ReadCredentials')?.Resource).toEqual([
      'arn:aws-us-gov:iam::111122223333:user/*',
      'arn:aws-us-gov:iam::444455556666:user/*',
    ]);
    for (const action of Statement.flatMap(({ Action }) => Action)) expect(action).toMatch(/^iam:(Get|List|Generate)/);
  });

  it.each([[[]], [['*']], [['1234']]])('refuses the accounts %j', (accounts) => {
    expect(() => enforcerPermissions({ accounts, accessKeys: age })).toThrow(
      expect.objectContaining({ code: 'IAM_OPTION_INVALID' }),
    );
  });
});
