import { describe, expect, it } from 'vitest';
import type { CredentialPolicy } from '../model/case.ts';
import type { ReportedKey, ReportedUser } from '../model/user.ts';
import { type ReportRow, suspectsOf } from './suspects-of.ts';

const now = new Date('2026-11-24T10:00:00Z');
const daysAgo = (count: number): string => new Date(now.getTime() - count * 86_400_000).toISOString();
const alice = { userName: 'alice' };

const policy: CredentialPolicy = {
  rules: {
    mfa: { afterDays: 14, stages: [10, 5, 1] },
    'key-age': { afterDays: 90, stages: [10, 5, 1] },
    'key-unused': { afterDays: 45, stages: [10] },
    'certificate-age': { afterDays: 365, stages: [30] },
  },
  rolloutDate: '2026-01-01T00:00:00.000Z',
  minimumWarningDays: 10,
  undeliverable: 'report',
  undeliverableAfterDays: 30,
  securityNoticeDays: 14,
};

const clean: ReportedUser = {
  userName: 'alice',
  arn: 'arn:aws:iam::111122223333:user/alice',
  isRoot: false,
  createdAt: daysAgo(400),
  password: { enabled: true, lastUse: { kind: 'used', at: daysAgo(1) } },
  mfaActive: true,
  accessKeys: [],
  certificates: [],
};
const key = (age: number, used: number, change: Partial<ReportedKey> = {}): ReportedKey => ({
  slot: 1,
  active: true,
  rotatedAt: daysAgo(age),
  lastUse: { kind: 'used', at: daysAgo(used) },
  ...change,
});
const rulesOf = (reported: ReportRow) => suspectsOf(alice, reported, policy, now).rules;
const withKeys = (...accessKeys: ReportedKey[]): ReportedUser => ({ ...clean, accessKeys });

describe('suspectsOf', () => {
  it('asks for what each rule is decided by', () => {
    const certificate = { slot: 1, active: true, rotatedAt: daysAgo(400) } as const;
    const nothing = { password: false, accessKeys: false, lastUse: false, certificates: false, sshKeys: false };
    expect(suspectsOf(alice, { ...clean, certificates: [certificate] }, policy, now).reads).toEqual({
      ...nothing,
      certificates: true,
    });
    expect(suspectsOf(alice, withKeys(key(95, 1)), policy, now).reads).toEqual({ ...nothing, accessKeys: true });
  });

  it('needs no read of a user who breaks nothing', () => {
    expect(suspectsOf(alice, withKeys(key(79, 1)), policy, now)).toEqual({
      rules: [],
      reads: { password: false, accessKeys: false, lastUse: false, certificates: false, sshKeys: false },
    });
  });

  it('reads what a rule needs, and no more', () => {
    const { reads } = suspectsOf(alice, { ...clean, mfaActive: false }, policy, now);
    expect(reads).toEqual({ password: true, accessKeys: false, lastUse: false, certificates: false, sshKeys: false });
    expect(suspectsOf(alice, withKeys(key(80, 1)), policy, now).reads).toEqual({
      password: false,
      accessKeys: true,
      lastUse: false,
      certificates: false,
      sshKeys: false,
    });
    expect(suspectsOf(alice, withKeys(key(60, 50)), policy, now).reads).toMatchObject({
      accessKeys: true,
      lastUse: true,
    });
  });

  it('I11: a user without a password is no MFA suspect', () => {
    expect(rulesOf({ ...clean, mfaActive: false, password: { ...clean.password, enabled: false } })).toEqual([]);
  });

  it('I12: a user who never signed in is one', () => {
    const password = { enabled: true, lastUse: { kind: 'never' } } as const;
    expect(rulesOf({ ...clean, mfaActive: false, password })).toEqual(['mfa']);
  });

  it('I31: ages count from a threshold on, not on its day alone', () => {
    for (const [age, broken] of [
      [79, []],
      [80, ['key-age']],
      [83, ['key-age']],
      [400, ['key-age']],
    ] as const)
      expect(rulesOf(withKeys(key(age, 0)))).toEqual(broken);
  });

  it('I9: inactive keys and certificates are nobody’s fault', () => {
    expect(rulesOf(withKeys(key(400, 400, { active: false })))).toEqual([]);
    expect(rulesOf({ ...clean, certificates: [{ slot: 1, active: false, rotatedAt: daysAgo(900) }] })).toEqual([]);
    expect(rulesOf({ ...clean, certificates: [{ slot: 2, active: true, rotatedAt: daysAgo(335) }] })).toEqual([
      'certificate-age',
    ]);
  });

  it('I10: a key is unused by its newest evidence, use or creation', () => {
    expect(rulesOf(withKeys(key(60, 35)))).toEqual(['key-unused']);
    expect(rulesOf(withKeys(key(60, 34)))).toEqual([]);
    expect(rulesOf(withKeys(key(34, 300)))).toEqual([]);
    expect(rulesOf(withKeys(key(36, 0, { lastUse: { kind: 'never' } })))).toEqual(['key-unused']);
    expect(rulesOf(withKeys(key(36, 0, { lastUse: { kind: 'unknown' } })))).toEqual(['key-unused']);
  });

  it('I5: a user who is younger than the report is looked at for a password', () => {
    expect(suspectsOf(alice, undefined, policy, now)).toEqual({
      rules: ['mfa'],
      reads: { password: true, accessKeys: false, lastUse: false, certificates: false, sshKeys: false },
    });
  });

  it('I14: root is no suspect', () => {
    expect(rulesOf({ ...withKeys(key(400, 400)), isRoot: true, mfaActive: false })).toEqual([]);
  });

  it('I20: a row that says too little is skipped, and said so', () => {
    const rows: ReportRow[] = [
      'unreadable',
      { ...clean, password: { enabled: 'unknown', lastUse: { kind: 'unknown' } } },
      { ...clean, accessKeys: [{ slot: 1, active: true, lastUse: { kind: 'unknown' } }] },
      { ...clean, certificates: [{ slot: 1, active: true }] },
    ];
    for (const row of rows)
      expect(suspectsOf(alice, row, policy, now)).toMatchObject({
        rules: [],
        skipped: { userName: 'alice', reason: 'report-row' },
      });
    const inactive = { ...clean, accessKeys: [{ slot: 1, active: false, lastUse: { kind: 'unknown' } }] } as const;
    expect(suspectsOf(alice, inactive, policy, now).skipped).toBeUndefined();
  });

  it('more keys than the report has columns for are read live', () => {
    expect(rulesOf({ ...clean, additionalCredentials: 'AccessKeys: 1' })).toEqual([
      'key-age',
      'key-unused',
      'certificate-age',
    ]);
  });

  it('a rule that is off makes no suspect, and SSH keys one of everybody', () => {
    const guilty: ReportedUser = {
      ...withKeys(key(400, 400)),
      mfaActive: false,
      certificates: [{ slot: 1, active: true, rotatedAt: daysAgo(900) }],
      additionalCredentials: 'AccessKeys: 1',
    };
    expect(suspectsOf(alice, guilty, { ...policy, rules: {} }, now).rules).toEqual([]);
    const ssh = { ...policy, rules: { 'ssh-key-age': { afterDays: 365, stages: [30] } } };
    for (const row of [clean, undefined])
      expect(suspectsOf(alice, row, ssh, now)).toMatchObject({ rules: ['ssh-key-age'], reads: { sshKeys: true } });
  });

  it('for a forecast also finds what will be due', () => {
    const reported = withKeys(key(60, 1));
    expect(suspectsOf(alice, reported, policy, now, { withinDays: 19 }).rules).toEqual([]);
    expect(suspectsOf(alice, reported, policy, now, { withinDays: 20 }).rules).toEqual(['key-age']);
  });
});
