import { createMemoryStore, hours, isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { IamUser } from '../model/user.ts';
import type { CredentialEnforcerOptions } from './options.ts';
import { readSettings } from './settings.ts';

const valid: CredentialEnforcerOptions = {
  mode: 'enforce',
  accounts: ['111122223333'],
  iam: { send: () => Promise.reject(new Error('no call is made')) },
  store: createMemoryStore(),
  mailer: { notify: async () => ({ status: 'nothing', channel: 'mail' }) },
  allowedRecipientDomains: ['example.com'],
  fallbackRecipient: 'security@example.com',
  rolloutDate: new Date('2026-12-01T00:00:00Z'),
  minimumWarningDays: 10,
  undeliverable: 'report',
  limits: { maxUsersPerDay: 25, maxPercentPerDay: 5 },
  breakGlass: [],
  ownPrincipals: [],
  accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
};

/** Options as a caller without types could write them; `undefined` takes one out. */
const read = (changes: Record<string, unknown>) => {
  const options = Object.entries({ ...valid, ...changes }).filter(([, value]) => value !== undefined);
  return readSettings(Object.fromEntries(options) as unknown as CredentialEnforcerOptions);
};

const messageOf = (changes: Record<string, unknown>): string => {
  try {
    read(changes);
  } catch (error) {
    if (isRemediationError(error) && error.code === 'IAM_OPTION_INVALID') return error.message;
    throw error;
  }
  throw new Error('the options were taken');
};

const user = (changes: Partial<IamUser> = {}): IamUser => ({
  accountId: '111122223333',
  userId: 'AIDAALICE0000000001',
  userName: 'alice',
  arn: 'arn:aws:iam::111122223333:user/alice',
  path: '/',
  createdAt: '2024-01-01T00:00:00.000Z',
  tags: {},
  groups: [],
  attachedPolicies: [],
  inlinePolicies: [],
  ...changes,
});

describe('readSettings', () => {
  it('takes what is required alone, and completes the rest', async () => {
    const settings = readSettings(valid);
    expect(settings.policy).toEqual({
      rules: { 'key-age': { afterDays: 90, stages: [10, 5, 1, 0] } },
      rolloutDate: '2026-12-01T00:00:00.000Z',
      minimumWarningDays: 10,
      undeliverable: 'report',
      undeliverableAfterDays: 30,
      securityNoticeDays: 14,
    });
    expect(settings).toMatchObject({ accounts: ['111122223333'], maxReportAge: hours(24), concurrency: 4 });
    expect(await settings.exemptions({ accountId: '111122223333' })).toEqual([]);
  });

  it('turns days since creation into distances before the deadline', () => {
    const age = { warnAtDays: [10, 25], deactivateAtDays: 30 };
    const { rules } = read({
      mfa: { action: 'report', graceDays: 14 },
      accessKeys: { ...age, unusedAfterDays: 45 },
      serviceSpecificCredentials: age,
      signingCertificates: age,
      sshKeys: age,
    }).policy;
    expect(rules).toEqual({
      mfa: { afterDays: 14, stages: [14, 7, 1, 0] },
      'key-age': { afterDays: 30, stages: [20, 5, 0] },
      'key-unused': { afterDays: 45, stages: [20, 5, 0] },
      'service-specific-age': { afterDays: 30, stages: [20, 5, 0] },
      'certificate-age': { afterDays: 30, stages: [20, 5, 0] },
      'ssh-key-age': { afterDays: 30, stages: [20, 5, 0] },
    });
    expect(read({ mfa: { action: 'report', graceDays: 3 } }).policy.rules.mfa?.stages).toEqual([3, 2, 1, 0]);
    expect(
      read({ mfa: { action: 'report', graceDays: 30, remindDaysBefore: [20, 2] } }).policy.rules.mfa?.stages,
    ).toEqual([20, 2, 0]);
  });

  it('I33: asks the chain for recipients: tag, user name, contacts, account owner, fallback', async () => {
    const settings = read({
      ownerTags: ['Mail'],
      contacts: { alice: 'contact@example.com' },
      accountOwners: { '111122223333': 'owner@example.com' },
    });
    const { recipients } = await settings.recipients(user({ tags: { mail: 'alice@example.com' } }));
    expect(recipients.map(({ source, address }) => `${source} ${address}`)).toEqual([
      'tag:Mail alice@example.com',
      'contacts contact@example.com',
      'account-owner owner@example.com',
      'fallback security@example.com',
    ]);
  });

  it('asks a function for contacts, and hands on that it failed', async () => {
    const asked: string[] = [];
    const settings = read({
      contacts: async ({ userName }: IamUser) => {
        asked.push(userName);
        if (userName === 'bob') throw new Error('directory down');
        return 'alice@example.com';
      },
    });
    expect((await settings.recipients(user())).recipients[0]).toMatchObject({ source: 'contacts' });
    await expect(settings.recipients(user({ userName: 'bob' }))).rejects.toThrow('directory down');
    expect(asked).toEqual(['alice', 'bob']);
  });

  it('checks exemptions that a function reads when it has read them', async () => {
    const settings = read({ exemptions: async () => [{ user: 'alice', reason: 'x' }] });
    await expect(settings.exemptions({ accountId: '111122223333' })).rejects.toMatchObject({
      code: 'EXEMPTION_INVALID',
    });
  });

  const arn = (resource: string): string => `arn:aws:iam::111122223333:${resource}`;

  it('takes what is done when time is up, with the milder of two where neither is asked for', () => {
    const isPrivileged = () => false;
    const { guard, ...actions } = read({
      limits: { maxUsersPerDay: 0, maxPercentPerDay: 2.5 },
      breakGlass: [arn('user/break-glass')],
      ownPrincipals: [arn('role/remedykit'), 'arn:aws:sts::111122223333:assumed-role/remedykit/run'],
      mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'deny' },
    }).actions;
    expect(guard).toEqual({
      limits: { maxUsersPerDay: 0, maxPercentPerDay: 2.5 },
      breakGlass: [arn('user/break-glass')],
      ownPrincipals: [arn('role/remedykit'), 'arn:aws:sts::111122223333:assumed-role/remedykit/run'],
    });
    expect(actions).toEqual({
      console: {
        action: 'deny-until-mfa',
        activeKeyUsers: 'deny',
        enrolAfterDeny: 'alert',
        boundariesThatAllowEnrolment: [],
      },
    });
    expect(
      read({
        mfa: {
          action: 'deny-until-mfa',
          graceDays: 14,
          activeKeyUsers: 'report',
          enrolAfterDeny: 'hold',
          boundariesThatAllowEnrolment: [arn('policy/boundaries/developers')],
          isPrivileged,
        },
      }).actions,
    ).toMatchObject({
      console: {
        activeKeyUsers: 'report',
        enrolAfterDeny: 'hold',
        boundariesThatAllowEnrolment: [arn('policy/boundaries/developers')],
      },
      isPrivileged,
    });
  });

  it.each(['report', 'delete-login-profile'])('mfa.action %s denies nobody until MFA', (action) => {
    expect(read({ mfa: { action, graceDays: 14 } }).actions.console).toEqual({
      action,
      activeKeyUsers: 'report',
      enrolAfterDeny: 'alert',
      boundariesThatAllowEnrolment: [],
    });
    expect(read({}).actions).not.toHaveProperty('console');
  });

  const deny = { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report' };

  it.each([
    [{ limits: undefined }, 'limits must be { maxUsersPerDay, maxPercentPerDay }'],
    [{ limits: { maxUsersPerDay: 25 } }, 'limits must be'],
    [{ limits: { maxUsersPerDay: 25, maxPercentPerDay: -1 } }, 'limits must be'],
    [{ limits: { maxUsersPerDay: '25', maxPercentPerDay: 5 } }, 'limits must be'],
    [{ breakGlass: undefined }, 'breakGlass must be a list of ARNs, empty for nobody'],
    [{ breakGlass: ['break-glass'] }, 'breakGlass must be'],
    // A pattern would protect nobody: ARNs are compared as they stand.
    [{ breakGlass: [arn('user/break-*')] }, 'breakGlass must be'],
    [{ breakGlass: [arn('role/break-glass')] }, 'breakGlass must be'],
    [{ ownPrincipals: undefined }, 'ownPrincipals must be a list of ARNs'],
    [{ ownPrincipals: arn('role/remedykit') }, 'ownPrincipals must be'],
    [{ ownPrincipals: ['remedykit'] }, 'ownPrincipals must be'],
    [{ mfa: { graceDays: 14 } }, "mfa.action must be 'deny-until-mfa' or 'delete-login-profile' or 'report'"],
    [{ mfa: { ...deny, activeKeyUsers: undefined } }, "mfa.activeKeyUsers must be 'deny' or 'report', it was left out"],
    [{ mfa: { ...deny, activeKeyUsers: 'hold' } }, 'mfa.activeKeyUsers must be'],
    [{ mfa: { ...deny, enrolAfterDeny: 'deny' } }, "mfa.enrolAfterDeny must be 'hold' or 'alert'"],
    [{ mfa: { ...deny, isPrivileged: true } }, 'mfa.isPrivileged must be a function'],
    [{ mfa: { ...deny, boundariesThatAllowEnrolment: ['developers'] } }, 'mfa.boundariesThatAllowEnrolment must be'],
    [{ mfa: { ...deny, action: 'report' } }, "mfa.activeKeyUsers says nothing where mfa.action is 'report'"],
  ])('refuses %j, of what is done when time is up', (changes, what) => {
    expect(messageOf(changes)).toContain(what);
  });

  it.each([
    [{ accessKey: {} }, 'accessKey is no option'],
    [{ mode: 'on' }, 'mode must be'],
    [{ mode: undefined }, 'mode must be'],
    [{ accounts: ['1234'] }, 'accounts must be'],
    [{ accounts: '111122223333' }, 'accounts must be'],
    [{ undeliverable: undefined }, 'undeliverable must be'],
    [{ rolloutDate: '2026-12-01' }, 'rolloutDate must be a valid Date'],
    [{ rolloutDate: undefined }, 'rolloutDate must be a valid Date'],
    [{ minimumWarningDays: 0 }, 'minimumWarningDays must be a whole number of days from 1'],
    [{ minimumWarningDays: undefined }, 'minimumWarningDays must be'],
    [{ allowedRecipientDomains: undefined }, 'allowedRecipientDomains must be a list'],
    [{ allowedRecipientDomains: [] }, 'which allowedRecipientDomains does not hold'],
    [{ fallbackRecipient: 'security@example.org' }, 'which allowedRecipientDomains does not hold'],
    [{ fallbackRecipient: 'a@example.com, b@example.com' }, 'one plain mail address'],
    [{ accountOwners: { '111122223333': 'o@example.org' } }, 'which allowedRecipientDomains does not hold'],
    [{ accessKeys: undefined }, 'there is no rule'],
    [{ accessKeys: { warnAtDays: [], deactivateAtDays: 90 } }, 'at least one day'],
    [{ accessKeys: { warnAtDays: [85, 80], deactivateAtDays: 90 } }, 'must ascend'],
    [{ accessKeys: { warnAtDays: [80, 90], deactivateAtDays: 90 } }, 'end before deactivateAtDays (90)'],
    [{ accessKeys: { warnAtDays: [80.5], deactivateAtDays: 90 } }, 'whole number of days'],
    [{ accessKeys: { warnAtDays: [80], deactivateAtDays: 0 } }, 'accessKeys.deactivateAtDays'],
    [{ mfa: { action: 'report', graceDays: 14, remindDaysBefore: [15] } }, 'at most graceDays (14)'],
    [{ mfa: { action: 'report', graceDays: 14, remindDaysBefore: [] } }, 'mfa.remindDaysBefore'],
    [{ mfa: { action: 'report', graceDays: 0 } }, 'mfa.graceDays'],
    [{ maxReportAge: hours(25) }, 'maxReportAge'],
    [{ maxReportAge: 0 }, 'maxReportAge'],
    [{ concurrency: 0 }, 'concurrency'],
    [{ now: 5 }, 'now must be a function'],
    [{ exemptions: {} }, 'exemptions must be a function'],
  ])('refuses %j when the enforcer is created, and says what and why', (changes, what) => {
    expect(messageOf(changes)).toContain(what);
  });
});
