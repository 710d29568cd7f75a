import { describe, expect, it } from 'vitest';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import type { FakeCall } from '../testing/fake-transport.ts';
import { simulateCall } from '../testing/simulate-call.ts';
import { createTestWorld, daysBefore, type TestWorld } from '../testing/test-enforcer.ts';
import type { CredentialEnforcerOptions, MfaDenyOptions } from './options.ts';
import { enforcerPermissions } from './permissions.ts';

const accountId = '111122223333';
const { enrolment, hold } = mfaPolicies({ accountId });
const age = { warnAtDays: [80, 85, 89], deactivateAtDays: 90 };
const deny: MfaDenyOptions = {
  action: 'deny-until-mfa',
  graceDays: 14,
  activeKeyUsers: 'report',
  enrolAfterDeny: 'hold',
};

type Rules = Pick<
  CredentialEnforcerOptions,
  'mfa' | 'accessKeys' | 'serviceSpecificCredentials' | 'signingCertificates' | 'sshKeys'
>;

/** Everything that a rule can meet, by users with a path. */
const employ = ({ iam }: TestWorld): void => {
  const createdAt = daysBefore(80);
  const owned = (name: string) => ({ name, path: '/staff/', tags: { owner: `${name}@example.com` } });
  const password = { createdAt: daysBefore(100), lastUsed: daysBefore(1) };
  iam.addUser({
    ...owned('alice'),
    password,
    keys: [{ createdAt }],
    serviceSpecific: [{ service: 'codecommit.amazonaws.com', createdAt }],
    certificates: [{ createdAt }],
    sshKeys: [{ createdAt }],
  });
  // Nobody's: the second mail to the fallback tells the last use.
  iam.addUser({ name: 'orphan', keys: [{ createdAt }], password });
  iam.addUser({ ...owned('petra'), password, attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] });
  for (const name of ['quinn', 'rosa']) iam.addUser({ ...owned(name), password });
};

/** Warnings, deeds, a crash, an answer that lapses and one that does not, relapse, freedom, and all of it undone. */
const live = async ({ mfa, accessKeys, ...others }: Rules, mode: 'enforce' | 'dry-run' = 'enforce') => {
  const world = createTestWorld();
  const { iam, mailer, createEnforcer, goToDay, clock } = world;
  for (const { name, path, document } of [enrolment, hold]) iam.addPolicy({ name, path, document });
  employ(world);
  const arns = new Map(iam.users.map(({ name, arn }) => [name, arn]));
  const enforcer = createEnforcer({
    ...others,
    mode,
    ...(mfa === undefined ? { mfa: undefined as never } : { mfa }),
    ...(accessKeys === undefined ? { accessKeys: undefined as never } : { accessKeys }),
  });
  const acted = new Set<string>();
  const told = new Set<unknown>();
  const runs = async (from: number, to: number): Promise<void> => {
    for (let day = from; day <= to; day += 1) {
      goToDay(day);
      const run = await enforcer.run();
      if (run.accounts.some(({ actions }) => actions.some(({ status }) => status === 'applied'))) acted.add(run.runId);
      for (const mail of mailer.mails)
        if (!told.has(mail)) await enforcer.recordMailEvent(mailer.eventOf(mail, 'Delivered'));
      for (const mail of mailer.mails) told.add(mail);
    }
  };
  const confirm = async (name: string): Promise<void> => {
    await enforcer.resolve({
      subject: arns.get(name) ?? '',
      decision: 'confirm',
      reason: 'called back, INC-13',
      requestedBy: 'a.smith',
      until: new Date(clock.now().getTime() + 40 * 3_600_000),
    });
  };

  await runs(0, 9);
  // The answer of a write is lost, and so is its effect: the next run looks what became of it.
  for (const operation of ['UpdateAccessKey', 'AttachUserPolicy', 'DeleteLoginProfile'])
    iam.failNext(operation, { code: 'TimeoutError' });
  // Where the words of an error do not tell a missing password from a missing user, the user is asked for.
  iam.addUser({ name: 'nobody' });
  arns.set('nobody', iam.user('nobody').arn);
  iam.failNext('GetLoginProfile', { code: 'NoSuchEntity', message: 'not found' });
  await runs(10, 17);
  await confirm('petra');
  await runs(17, 20);
  await confirm('petra');
  for (const name of ['petra', 'quinn']) iam.enableMfa(name);
  for (const { id } of iam.user('alice').keys) iam.setKeyActive('alice', id, true);
  await runs(21, 34);
  goToDay(35);
  for (const runId of acted)
    await enforcer.restore(runId, {
      reason: 'payroll stopped, INC-12',
      requestedBy: 'a.smith',
      exemptUntil: new Date('2027-01-01T00:00:00Z'),
    });
  return { iam, arns };
};

const resourceOf = ({ input, user }: FakeCall, arns: ReadonlyMap<string, string>): string => {
  const { PolicyArn, UserName } = input;
  if (typeof UserName === 'string' || user !== undefined) return arns.get(String(UserName ?? user)) ?? 'unknown';
  return typeof PolicyArn === 'string' ? PolicyArn : '*';
};

/** What was asked of IAM, each thing once. */
const asked = (log: readonly FakeCall[], arns: ReadonlyMap<string, string>) => {
  const calls = log.map((call) => ({
    action: call.action,
    // IAM knows no users on whom this could be allowed one by one where it is asked for all of them.
    resource: resourceOf(call, arns),
    policyArn: typeof call.input.PolicyArn === 'string' ? call.input.PolicyArn : undefined,
  }));
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
};

const rulesOf: readonly (readonly [string, Rules])[] = [
  ['mfa, reported', { mfa: { action: 'report', graceDays: 14 } }],
  ['mfa, the password deleted', { mfa: { action: 'delete-login-profile', graceDays: 14 } }],
  ['mfa, denied', { mfa: deny }],
  ['mfa, denied whoever has keys', { mfa: { ...deny, activeKeyUsers: 'deny' } }],
  ['accessKeys', { accessKeys: age }],
  ['unused keys', { accessKeys: { ...age, unusedAfterDays: 45 } }],
  ['serviceSpecificCredentials', { serviceSpecificCredentials: age }],
  ['signingCertificates', { signingCertificates: age }],
  ['sshKeys', { sshKeys: age }],
  [
    'all',
    {
      mfa: deny,
      accessKeys: { ...age, unusedAfterDays: 45 },
      serviceSpecificCredentials: age,
      signingCertificates: age,
      sshKeys: age,
    },
  ],
];

describe('the permissions of a whole life', () => {
  it.each(rulesOf)(
    'every call is permitted, on its resource and under its condition; nothing more: %s',
    async (_, rules) => {
      const permissions = enforcerPermissions({ accounts: [accountId], ...rules });
      const { iam, arns } = await live(rules);
      const calls = asked(iam.log, arns);
      const refused: string[] = [];
      for (const { action, resource, policyArn } of calls) {
        const verdict = await simulateCall({
          action,
          resource,
          principal: `arn:aws:iam::${accountId}:role/remedykit-iam`,
          context: policyArn === undefined || resource === policyArn ? {} : { 'iam:PolicyARN': policyArn },
          policies: [JSON.parse(JSON.stringify(permissions))],
        });
        if (verdict !== 'allowed') refused.push(`${action} on ${resource} (${policyArn}): ${verdict}`);
      }
      expect(refused).toEqual([]);

      const used = new Set(calls.map(({ action }) => action));
      const permitted = permissions.Statement.flatMap(({ Action }) => Action);
      expect(permitted.filter((action) => !used.has(action))).toEqual([]);
      const named = new Set(calls.flatMap(({ resource, policyArn }) => [resource, policyArn]));
      for (const { Resource, Condition } of permissions.Statement)
        for (const arn of [...Resource, ...(Condition?.ArnEquals?.['iam:PolicyARN'] ?? [])])
          if (!arn.includes('*')) expect(named).toContain(arn);
    },
  );

  it.each(rulesOf)('a dry-run does with what it is permitted: %s', async (_, rules) => {
    const permitted = new Set(
      enforcerPermissions({ accounts: [accountId], mode: 'dry-run', ...rules }).Statement.flatMap(
        ({ Action }) => Action,
      ),
    );
    const { iam, arns } = await live(rules, 'dry-run');
    expect(asked(iam.log, arns).filter(({ action }) => !permitted.has(action))).toEqual([]);
  });

  it('the life has all that there is in it', async () => {
    const { iam } = await live({ mfa: deny, accessKeys: age });
    const writes = iam.log.flatMap(({ operation, input: { UserName, Status, PolicyArn } }) => {
      const which = PolicyArn === hold.arn ? 'hold' : PolicyArn === enrolment.arn ? 'enrolment' : PolicyArn;
      return /^(Get|List|Generate)/.test(operation) ? [] : [`${operation} ${UserName} ${Status ?? which}`];
    });
    const of = (text: string): string[] => writes.filter((write) => write.includes(text));
    // An answer that was lost, the deactivation, a relapse, and all put back.
    expect(of('UpdateAccessKey alice')).toEqual(
      ['Inactive', 'Inactive', 'Inactive', 'Active'].map((status) => `UpdateAccessKey alice ${status}`),
    );
    // On hold, confirmed, back on hold, confirmed again, and free.
    expect(of('petra')).toEqual([
      'AttachUserPolicy petra hold',
      'AttachUserPolicy petra enrolment',
      'DetachUserPolicy petra hold',
      'AttachUserPolicy petra hold',
      'DetachUserPolicy petra enrolment',
      'AttachUserPolicy petra enrolment',
      'DetachUserPolicy petra hold',
      'DetachUserPolicy petra enrolment',
    ]);
    // Denied, and free with a device; denied, and put back.
    for (const name of ['quinn', 'rosa'])
      expect(of(name)).toEqual([`AttachUserPolicy ${name} enrolment`, `DetachUserPolicy ${name} enrolment`]);
  });

  it('I29: a wider condition would be seen: another policy may not be attached', async () => {
    const policy = enforcerPermissions({ accounts: [accountId], mfa: deny });
    const attach = (policyArn: string) =>
      simulateCall({
        action: 'iam:AttachUserPolicy',
        resource: `arn:aws:iam::${accountId}:user/staff/alice`,
        principal: `arn:aws:iam::${accountId}:role/remedykit-iam`,
        context: { 'iam:PolicyARN': policyArn },
        policies: [JSON.parse(JSON.stringify(policy))],
      });
    expect(await attach(hold.arn)).toBe('allowed');
    expect(await attach('arn:aws:iam::aws:policy/AdministratorAccess')).toBe('not-granted');
    expect(await attach(mfaPolicies({ accountId: '444455556666' }).hold.arn)).toBe('not-granted');
  });
});
