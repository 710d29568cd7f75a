import { describe, expect, it } from 'vitest';
import type { ConsoleFacts, ConsolePolicy } from './console-facts.ts';
import { consoleReasons } from './console-reasons.ts';
import { decideConsoleAction, isPrivilegedUser } from './decide-console-action.ts';
import { mfaPolicies } from './mfa-policies.ts';

const accountId = '111122223333';
const now = new Date('2026-11-24T10:00:00Z');
const { enrolment, hold } = mfaPolicies({ accountId });
const policyOf = (arn: string) => ({ name: arn.slice(arn.lastIndexOf('/') + 1), arn });
const enrolling = policyOf(enrolment.arn);
const holding = policyOf(hold.arn);
const admin = policyOf('arn:aws:iam::aws:policy/AdministratorAccess');

const policy: ConsolePolicy = {
  action: 'deny-until-mfa',
  enrolmentArn: enrolment.arn,
  holdArn: hold.arn,
  activeKeyUsers: 'report',
  enrolAfterDeny: 'hold',
  boundariesThatAllowEnrolment: ['arn:aws:iam::111122223333:policy/known'],
};
const ada: ConsoleFacts = {
  subject: { accountId, userId: 'AIDAADA00000', userName: 'ada', arn: `arn:aws:iam::${accountId}:user/ada` },
  caseId: 'mfa/password',
  due: true,
  mfaDevices: [],
  password: { createdAt: '2026-01-01T08:00:00.000Z', lastUse: { kind: 'used', at: '2026-11-23T08:00:00.000Z' } },
  attachedPolicies: [],
  groupPolicies: [],
  activeKeys: [],
  policiesPerUser: 10,
  passwordPolicy: { hardExpiry: false },
};
const decide = (facts: Partial<ConsoleFacts>, changes: Partial<ConsolePolicy> = {}, at = now) => {
  const { kind, reason, steps, alert, because } = decideConsoleAction(
    { ...ada, ...facts },
    { ...policy, ...changes },
    at,
  );
  expect(because).toBe(consoleReasons[reason]);
  const which = steps.map(({ action, target }) =>
    target.kind === 'managed-policy'
      ? `${action === 'attach-policy' ? '+' : '-'}${policyOf(target.policyArn).name}`
      : action,
  );
  return { kind, reason, steps: which, alert };
};
const attach = { kind: 'act', reason: 'mfa-missing', steps: ['+mfa-enrolment'], alert: false } as const;
const nothing = (reason: string, alert = false) => ({ kind: 'nothing', reason, steps: [], alert });

describe('the first deny', () => {
  it('I29: a user who is due is denied until there is a device, which can be taken back', () => {
    expect(decide({})).toEqual(attach);
    expect(decideConsoleAction(ada, policy, now).steps).toStrictEqual([
      {
        id: 'ada/mfa/password/attach-policy/enrolment',
        action: 'attach-policy',
        effect: 'new-deny',
        reason: 'mfa-missing',
        because: consoleReasons['mfa-missing'],
        subject: ada.subject,
        caseId: 'mfa/password',
        target: { kind: 'managed-policy', policyArn: enrolment.arn },
        precondition: { kind: 'attachment', attached: false, passwordCreatedAt: '2026-01-01T08:00:00.000Z' },
      },
    ]);
  });

  it('nobody before the case is due, nobody who complies, nobody who is exempt', () => {
    expect(decide({ due: false })).toEqual(nothing('not-due'));
    expect(decide({ mfaDevices: ['GAHT1'] })).toEqual(nothing('complies'));
    expect(decide({ password: null })).toEqual(nothing('complies'));
    const exempt = { reason: 'bridge', expires: '2027-01-01T00:00:00.000Z', by: 'user:ada' };
    expect(decide({ exempt })).toEqual(nothing('exempt'));
  });

  it('I29: the password is deleted only where the policy says so', () => {
    expect(decide({}, { action: 'delete-login-profile' })).toEqual({
      kind: 'act',
      reason: 'password-deleted',
      steps: ['delete-login-profile'],
      alert: true,
    });
    const deletion = decideConsoleAction(ada, { ...policy, action: 'delete-login-profile' }, now);
    expect(deletion.steps).toStrictEqual([
      {
        id: 'ada/mfa/password/delete-login-profile',
        action: 'delete-login-profile',
        effect: 'new-deny',
        reason: 'password-deleted',
        because: consoleReasons['password-deleted'],
        subject: ada.subject,
        caseId: 'mfa/password',
        target: { kind: 'login-profile' },
        precondition: { kind: 'login-profile', createdAt: '2026-01-01T08:00:00.000Z' },
      },
    ]);
    expect(decide({}, { action: 'report' })).toMatchObject({ kind: 'left', reason: 'report-only', steps: [] });
  });

  it('I13: users with active keys are reported, or denied, as the policy says', () => {
    expect(decide({ activeKeys: ['AKIA1'] })).toEqual({ kind: 'left', reason: 'active-keys', steps: [], alert: true });
    expect(decide({ activeKeys: ['AKIA1'] }, { activeKeyUsers: 'deny' })).toEqual(attach);
  });
});

describe('who could not heal', () => {
  const locked = (reason: string) => ({ kind: 'cannot-self-heal', reason, steps: [], alert: true });

  it('a permissions boundary that is not known to allow enrolment', () => {
    expect(decide({ permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/other' })).toEqual(locked('boundary'));
    expect(decide({ permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/known' })).toEqual(attach);
  });

  it.each([
    ['expired', '2026-11-24T10:00:00.000Z', true, 90, locked('password-expired')],
    ['not known to be unexpired', undefined, true, 90, locked('password-expired')],
    ['a millisecond before', '2026-11-24T10:00:00.001Z', true, 90, attach],
    ['expired, and can be changed', '2026-11-24T10:00:00.000Z', false, 90, attach],
    ['of an account where none expires', undefined, true, undefined, attach],
  ])('a password that is %s', (_, expiresAt, hardExpiry, maxAgeDays, expected) => {
    const password = {
      ...ada.password,
      createdAt: '2026-01-01T08:00:00.000Z',
      lastUse: { kind: 'used', at: '2026-11-23T08:00:00.000Z' },
    } as const;
    expect(
      decide({
        password: { ...password, ...(expiresAt === undefined ? {} : { expiresAt }) },
        passwordPolicy: { hardExpiry, ...(maxAgeDays === undefined ? {} : { maxAgeDays }) },
      }),
    ).toEqual(expected);
  });

  it('no attachment left under the quota, of the user alone', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => policyOf(`arn:aws:iam::aws:policy/P${n}`));
    expect(decide({ attachedPolicies: many(10) })).toEqual(locked('no-attachment-left'));
    expect(decide({ attachedPolicies: many(9), groupPolicies: many(5) })).toEqual(attach);
    expect(decide({ attachedPolicies: many(10), policiesPerUser: 11 })).toEqual(attach);
  });

  it('security may answer to act, but not beyond the quota', () => {
    const answer = { decision: 'act', at: '2026-11-24T09:00:00.000Z', until: '2026-11-25T09:00:00.000Z' } as const;
    const left = { permissionsBoundaryArn: 'arn:x', activeKeys: ['AKIA1'], answer };
    expect(decide(left)).toEqual({ ...attach, reason: 'acted' });
    expect(decide(left, {}, new Date('2026-11-25T09:00:00Z'))).toMatchObject({ reason: 'boundary' });
    // The 48 hours are those of a confirmation.
    const long = { ...left, answer: { ...answer, until: '2026-12-24T09:00:00.000Z' } };
    expect(decide(long, {}, new Date('2026-12-01T09:00:00Z'))).toEqual({ ...attach, reason: 'acted' });
    expect(decide({ ...left, policiesPerUser: 0 })).toEqual(locked('no-attachment-left'));
  });
});

describe("whose device could be a thief's", () => {
  const held = (reason: string) => ({ kind: 'act', reason, steps: ['+mfa-hold'], alert: true });

  it('privileged users get the hold instead of enrolment', () => {
    expect(decide({ attachedPolicies: [admin] })).toEqual(held('hold-privileged'));
    expect(decide({ groupPolicies: [policyOf('arn:aws-us-gov:iam::aws:policy/IAMFullAccess')] })).toEqual(
      held('hold-privileged'),
    );
    expect(decide({ privileged: true })).toEqual(held('hold-privileged'));
    expect(decide({ privileged: false, attachedPolicies: [admin] })).toEqual(attach);
  });

  it('knows the administrative policies of AWS from others of that name', () => {
    const of = (arn: string) => isPrivilegedUser({ attachedPolicies: [policyOf(arn)], groupPolicies: [] });
    expect(of('arn:aws:iam::aws:policy/PowerUserAccess')).toBe(true);
    expect(of('arn:aws:iam::aws:policy/some/path/AdministratorAccess')).toBe(true);
    expect(of('arn:aws:iam::aws:policy/ReadOnlyAccess')).toBe(false);
    expect(of('arn:aws:iam::111122223333:policy/AdministratorAccess')).toBe(false);
  });

  it.each([
    ['used 44 days ago', { kind: 'used', at: '2026-10-11T23:59:59.000Z' }, attach],
    ['used 45 days ago', { kind: 'used', at: '2026-10-10T23:59:59.000Z' }, held('hold-unused')],
    ['never used', { kind: 'never' }, held('hold-unused')],
    ['of unknown use', { kind: 'unknown' }, held('hold-unused')],
  ] as const)('a password %s', (_, lastUse, expected) => {
    expect(decide({ password: { createdAt: '2026-01-01T08:00:00.000Z', lastUse } })).toEqual(expected);
  });

  it('a password that is new is not unused, and the use of an earlier one is none of it', () => {
    const createdAt = '2026-11-01T08:00:00.000Z';
    expect(decide({ password: { createdAt, lastUse: { kind: 'never' } } })).toEqual(attach);
    // Nobody knows whether an earlier one was used all along.
    expect(decide({ password: { createdAt, lastUse: { kind: 'unknown' } } })).toEqual(held('hold-unused'));
    expect(decide({ password: { createdAt, lastUse: { kind: 'used', at: '2026-01-01T00:00:00.000Z' } } })).toEqual(
      attach,
    );
  });

  it('with `alert` they get enrolment, and people are told', () => {
    expect(decide({ attachedPolicies: [admin] }, { enrolAfterDeny: 'alert' })).toEqual({
      ...attach,
      reason: 'mfa-missing-alert',
      alert: true,
    });
  });
});

describe('who is denied already', () => {
  it('I40: nothing is written again, whether the case is due or not', () => {
    expect(decide({ attachedPolicies: [enrolling] })).toEqual(nothing('already-denied'));
    expect(decide({ attachedPolicies: [enrolling], due: false })).toEqual(nothing('already-denied'));
    expect(decide({ attachedPolicies: [enrolling, admin] })).toEqual(nothing('already-denied'));
    expect(decide({ attachedPolicies: [holding] })).toEqual(nothing('on-hold', true));
  });

  it('is free with a device, without a password, or exempt', () => {
    const freed = { kind: 'act', steps: ['-mfa-enrolment'], alert: false };
    expect(decide({ attachedPolicies: [enrolling], mfaDevices: ['x'] })).toEqual({ ...freed, reason: 'complies' });
    expect(decide({ attachedPolicies: [enrolling], password: null })).toEqual({ ...freed, reason: 'complies' });
    const exempt = { reason: 'bridge', expires: '2027-01-01T00:00:00.000Z', by: 'user:ada' };
    expect(decide({ attachedPolicies: [enrolling, holding], exempt })).toEqual({
      ...freed,
      reason: 'exempt',
      steps: ['-mfa-enrolment', '-mfa-hold'],
    });
    expect(decideConsoleAction({ ...ada, attachedPolicies: [holding], exempt }, policy, now).steps).toStrictEqual([
      {
        id: 'ada/mfa/password/detach-policy/hold',
        action: 'detach-policy',
        effect: 'release',
        reason: 'exempt',
        because: consoleReasons.exempt,
        subject: ada.subject,
        caseId: 'mfa/password',
        target: { kind: 'managed-policy', policyArn: hold.arn },
        precondition: { kind: 'attachment', attached: true },
      },
    ]);
  });

  it('a hold ends with an answer alone: whoever has a key of the user could enrol a device', () => {
    expect(decide({ attachedPolicies: [holding], mfaDevices: ['x'] })).toEqual(nothing('on-hold', true));
    expect(decide({ attachedPolicies: [holding], password: null })).toEqual(nothing('on-hold', true));
  });

  it('a run that died in a swap is taken on: with both attached, the hold stays', () => {
    expect(decide({ attachedPolicies: [enrolling, holding] })).toEqual({
      kind: 'act',
      reason: 'on-hold',
      steps: ['-mfa-enrolment'],
      alert: true,
    });
  });
});

describe('what people answer', () => {
  const at = '2026-11-24T09:00:00.000Z';
  const confirm = { decision: 'confirm', at, until: '2026-12-24T09:00:00.000Z' } as const;
  const hours = (count: number) => new Date(Date.parse(at) + count * 3_600_000);

  it('a boundary that came after the deny is told until somebody answers', () => {
    const locked = { attachedPolicies: [enrolling], permissionsBoundaryArn: 'arn:x' };
    expect(decide(locked)).toEqual({ kind: 'cannot-self-heal', reason: 'boundary', steps: [], alert: true });
    expect(decide(locked, { boundariesThatAllowEnrolment: ['arn:x'] })).toEqual(nothing('already-denied'));
    const act = { decision: 'act', at, until: toText(hours(24)) } as const;
    expect(decide({ ...locked, answer: act })).toEqual(nothing('already-denied'));
    expect(decide({ ...locked, attachedPolicies: [holding] })).toEqual(nothing('on-hold', true));
    expect(decide({ ...locked, mfaDevices: ['x'] })).toMatchObject({ reason: 'complies' });
  });

  it('confirm swaps the hold for enrolment, the new policy first', () => {
    const facts = { attachedPolicies: [holding], answer: confirm };
    expect(decide(facts)).toEqual({
      kind: 'act',
      reason: 'confirmed',
      steps: ['+mfa-enrolment', '-mfa-hold'],
      alert: false,
    });
    const { steps } = decideConsoleAction({ ...ada, ...facts }, policy, now);
    expect(steps.map(({ effect }) => effect)).toEqual(['release', 'release']);
    expect(steps[1]?.precondition).toEqual({ kind: 'attachment', attached: true, replacedBy: enrolment.arn });
    expect(decide({ attachedPolicies: [enrolling], answer: confirm })).toEqual(nothing('already-denied'));
    expect(decide({ ...facts, policiesPerUser: 1 })).toEqual({
      kind: 'cannot-self-heal',
      reason: 'no-attachment-left',
      steps: [],
      alert: true,
    });
  });

  it('without a device after 48 hours the hold returns', () => {
    const facts = { attachedPolicies: [enrolling], answer: confirm };
    expect(decide(facts, {}, new Date(hours(48).getTime() - 1))).toEqual(nothing('already-denied'));
    expect(decide(facts, {}, hours(48))).toEqual({
      kind: 'act',
      reason: 'confirm-lapsed',
      steps: ['+mfa-hold', '-mfa-enrolment'],
      alert: true,
    });
    const early = { ...facts, answer: { ...confirm, until: toText(hours(2)) } };
    expect(decide(early, {}, hours(2))).toMatchObject({ reason: 'confirm-lapsed' });
    expect(decide(facts, { enrolAfterDeny: 'alert' }, hours(48))).toEqual(nothing('already-denied'));
  });

  it('who enrols in that time is free', () => {
    expect(decide({ attachedPolicies: [enrolling], answer: confirm, mfaDevices: ['x'] })).toMatchObject({
      reason: 'complies',
      steps: ['-mfa-enrolment'],
    });
    expect(decide({ attachedPolicies: [holding], answer: confirm, mfaDevices: ['x'] })).toMatchObject({
      reason: 'complies',
      steps: ['-mfa-hold'],
    });
  });

  it('confirm before the deny is enrolment at once', () => {
    expect(decide({ attachedPolicies: [admin], answer: confirm })).toMatchObject({
      reason: 'confirmed',
      steps: ['+mfa-enrolment'],
    });
  });

  it('confirm before the deny settles what was left to security because of active keys', () => {
    expect(decide({ activeKeys: ['AKIA1'], answer: confirm })).toEqual({ ...attach, reason: 'confirmed' });
    expect(decide({ activeKeys: ['AKIA1'], answer: confirm }, {}, hours(48))).toMatchObject({ reason: 'active-keys' });
  });

  it('act keeps the hold, and brings none about when its time is over', () => {
    const answer = { decision: 'act', at, until: toText(hours(24)) } as const;
    expect(decide({ attachedPolicies: [holding], answer })).toEqual(nothing('on-hold', true));
    expect(decide({ attachedPolicies: [enrolling], answer }, {}, hours(24))).toEqual(nothing('already-denied'));
  });
});

const toText = (date: Date): string => date.toISOString();
