import { describe, expect, it } from 'vitest';
import type { CredentialPolicy } from '../model/case.ts';
import type { AccessKey, LiveCredentials, OtherCredential } from '../model/user.ts';
import { casesOf } from './cases-of.ts';
import { emptyMemory, type UserMemory } from './memory.ts';

const now = new Date('2026-11-24T10:00:00Z');
const daysAgo = (count: number): string => new Date(now.getTime() - count * 86_400_000).toISOString();
const alice = { userName: 'alice' };

const policy: CredentialPolicy = {
  rules: {
    mfa: { afterDays: 14, stages: [10, 5, 1] },
    'key-age': { afterDays: 90, stages: [10, 5, 1] },
    'key-unused': { afterDays: 45, stages: [10] },
    'service-specific-age': { afterDays: 90, stages: [10] },
    'certificate-age': { afterDays: 365, stages: [30] },
    'ssh-key-age': { afterDays: 180, stages: [20] },
  },
  rolloutDate: '2026-01-01T00:00:00.000Z',
  minimumWarningDays: 10,
  undeliverable: 'report',
  undeliverableAfterDays: 30,
  securityNoticeDays: 14,
};

const look = (live: Omit<LiveCredentials, 'readAt'>, memory = emptyMemory, at = now, withinDays = 0) =>
  casesOf(alice, { readAt: at.toISOString(), ...live }, memory, policy, at, { withinDays });
const key = (id: string, age: number, used = 0, change: Partial<AccessKey> = {}): AccessKey => ({
  id,
  createdAt: daysAgo(age),
  active: true,
  lastUse: { kind: 'used', at: daysAgo(used) },
  ...change,
});
const idsOf = (accessKeys: AccessKey[]) => look({ accessKeys }).cases.map(({ id }) => id);
const profile = (createdAt: string) => ({ createdAt, passwordResetRequired: false });
const withoutMfa = (createdAt: string) => ({ loginProfile: profile(createdAt), mfaDevices: [] });

it('what no rule is about is no case, and nothing is remembered of it', () => {
  const others: OtherCredential[] = [{ kind: 'ssh-key', id: 'APKA1', createdAt: daysAgo(999), active: true }];
  const none = { ...policy, rules: {} };
  const live = { readAt: now.toISOString(), ...withoutMfa(daysAgo(99)), accessKeys: [key('AKIA1', 999)], others };
  expect(casesOf(alice, live, emptyMemory, none, now)).toStrictEqual({
    cases: [],
    skipped: [],
    memory: { firstSeenAt: {} },
  });
});

describe('passwords without MFA', () => {
  it('I12: are a case whether or not they were ever used', () => {
    expect(look(withoutMfa(daysAgo(3))).cases).toEqual([
      {
        id: 'mfa/password',
        rule: 'mfa',
        credentialId: 'password',
        since: daysAgo(3),
        firstSeenAt: now.toISOString(),
      },
    ]);
  });

  it('I11: without a password there is no case, nor with any device, nor where either was not read', () => {
    expect(look({ loginProfile: null, mfaDevices: [] }).cases).toEqual([]);
    expect(
      look({ ...withoutMfa(daysAgo(3)), mfaDevices: ['arn:aws:iam::111122223333:u2f/user/alice/key'] }).cases,
    ).toEqual([]);
    expect(look({ mfaDevices: [] }).cases).toEqual([]);
    expect(look({ loginProfile: profile(daysAgo(3)) }).cases).toEqual([]);
  });

  it('I37: a relapse earns no new grace', () => {
    const first = look(withoutMfa(daysAgo(30)));
    const enrolled = look({ loginProfile: profile(daysAgo(30)), mfaDevices: ['device'] }, first.memory);
    const later = new Date(now.getTime() + 100 * 86_400_000);
    const relapsed = look(withoutMfa(daysAgo(30)), enrolled.memory, later);
    expect(enrolled.cases).toEqual([]);
    expect(relapsed.cases).toEqual(first.cases);
  });

  it('I37: a password that is made anew moves the grace once', () => {
    const sinceOf = (createdAt: string, memory: UserMemory) => {
      const { cases, memory: next } = look(withoutMfa(createdAt), memory);
      return { since: cases[0]?.since, next };
    };
    const first = sinceOf(daysAgo(300), emptyMemory);
    const second = sinceOf(daysAgo(20), first.next);
    const third = sinceOf(daysAgo(2), second.next);
    expect([first.since, second.since, third.since]).toEqual([daysAgo(300), daysAgo(20), daysAgo(20)]);
    expect(third.next).toEqual(second.next);
    expect(look({ loginProfile: null, mfaDevices: [] }, second.next).memory).toEqual(second.next);
  });
});

describe('access keys', () => {
  it('I6: with two keys the old one is the case, whatever their order', () => {
    expect(idsOf([key('AKIANEW', 20), key('AKIAOLD', 120)])).toEqual(['key-age/AKIAOLD']);
    expect(idsOf([key('AKIAOLD', 120), key('AKIANEW', 20)])).toEqual(['key-age/AKIAOLD']);
  });

  it('I7: keys of the same second are told apart by their ids', () => {
    expect(idsOf([key('AKIAONE', 120), key('AKIATWO', 120, 0, { active: false })])).toEqual(['key-age/AKIAONE']);
    expect(idsOf([key('AKIAONE', 120), key('AKIATWO', 120)])).toEqual(['key-age/AKIAONE', 'key-age/AKIATWO']);
  });

  it('I9: an inactive key is no case under any rule', () => {
    expect(idsOf([key('AKIAOLD', 400, 400, { active: false })])).toEqual([]);
  });

  it('I38: count in whole UTC days from their creation, and from the first warning on', () => {
    const at = (createdAt: string) => idsOf([key('AKIA', 0, 0, { createdAt })]);
    expect(at('2026-09-05T23:59:59Z')).toEqual(['key-age/AKIA']);
    expect(at('2026-09-06T00:00:00Z')).toEqual([]);
    expect(look({ accessKeys: [key('AKIA', 60)] }, emptyMemory, now, 19).cases).toEqual([]);
    expect(look({ accessKeys: [key('AKIA', 60)] }, emptyMemory, now, 20).cases).toHaveLength(1);
  });

  it('I10: are unused by use and not by age, and by the newest evidence', () => {
    const unused = (...keys: AccessKey[]) =>
      look({ accessKeys: keys }).cases.filter(({ rule }) => rule === 'key-unused');
    expect(unused(key('AKIAUSED', 400, 34))).toEqual([]);
    expect(unused(key('AKIAYOUNG', 34, 300))).toEqual([]);
    expect(unused(key('AKIAIDLE', 70, 40))).toEqual([
      expect.objectContaining({ id: 'key-unused/AKIAIDLE', since: daysAgo(40) }),
    ]);
    expect(unused(key('AKIANEVER', 70, 0, { lastUse: { kind: 'never' } }))).toEqual([
      expect.objectContaining({ since: daysAgo(70) }),
    ]);
  });

  it('I15: a last use that is not known is no disuse: skipped and reported, and the age stands by itself', () => {
    const { cases, skipped } = look({ accessKeys: [key('AKIAOLD', 120, 0, { lastUse: { kind: 'unknown' } })] });
    expect(cases.map(({ id }) => id)).toEqual(['key-age/AKIAOLD']);
    expect(skipped).toEqual([
      expect.objectContaining({
        userName: 'alice',
        credentialId: 'AKIAOLD',
        rule: 'key-unused',
        reason: 'last-use-unknown',
      }),
    ]);
    expect(look({ accessKeys: [key('AKIAYOUNG', 20, 0, { lastUse: { kind: 'unknown' } })] }).skipped).toEqual([]);
  });
});

describe('other credentials', () => {
  const other = (kind: OtherCredential['kind'], age: number, active = true): OtherCredential => ({
    kind,
    id: `${kind}-${age}`,
    createdAt: daysAgo(age),
    active,
  });

  it('have their own rules, from the first warning on, while they are active', () => {
    const others = [
      other('service-specific', 79),
      other('service-specific', 80),
      other('service-specific', 200, false),
      other('signing-certificate', 334),
      other('signing-certificate', 335),
      other('ssh-key', 159),
      other('ssh-key', 160),
    ];
    expect(look({ others }).cases.map(({ id }) => id)).toEqual([
      'service-specific-age/service-specific-80',
      'certificate-age/signing-certificate-335',
      'ssh-key-age/ssh-key-160',
    ]);
  });
});

describe('what is remembered', () => {
  it('a case keeps the day on which it was first seen; that of a key goes with its case, once keys were read', () => {
    const first = look({ accessKeys: [key('AKIAOLD', 120)], ...withoutMfa(daysAgo(3)) });
    const later = new Date(now.getTime() + 86_400_000);
    const again = look({ accessKeys: [key('AKIAOLD', 120)] }, first.memory, later);
    expect(again.cases[0]?.firstSeenAt).toBe(now.toISOString());
    expect(look({}, first.memory, later).memory).toEqual(first.memory);
    expect(Object.keys(look({ accessKeys: [] }, first.memory, later).memory.firstSeenAt)).toEqual(['mfa/password']);
  });

  it('no rule, no case, whatever is read', () => {
    const live = { readAt: now.toISOString(), accessKeys: [key('AKIA', 400, 400)], ...withoutMfa(daysAgo(300)) };
    expect(casesOf(alice, live, emptyMemory, { ...policy, rules: {} }, now).cases).toEqual([]);
  });
});
