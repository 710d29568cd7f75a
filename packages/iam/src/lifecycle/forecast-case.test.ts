import { expect, it } from 'vitest';
import { addDays, type Day } from '../days.ts';
import type { CaseFacts, CredentialPolicy, MailRecord } from '../model/case.ts';
import { decideCase } from './decide-case.ts';
import { forecastCase } from './forecast-case.ts';

const start: Day = '2026-01-01T00:00:00.000Z';
const day = (count: number): Day => addDays(start, count);
const noon = (count: number): Date => new Date(day(count).replace('T00', 'T12'));

const policy: CredentialPolicy = {
  rules: { 'key-age': { afterDays: 90, stages: [10, 5, 1, 0] }, mfa: { afterDays: 14, stages: [5] } },
  rolloutDate: start,
  minimumWarningDays: 10,
  undeliverable: 'act',
  undeliverableAfterDays: 30,
  securityNoticeDays: 14,
};
const facts: CaseFacts = {
  case: { id: 'key-age/AKIA', rule: 'key-age', credentialId: 'AKIA', since: start, firstSeenAt: start },
  mails: [],
  recipients: [
    { role: 'owner', address: 'alice@example.com', source: 'tag:owner' },
    { role: 'fallback', address: 'security@example.com', source: 'fallback' },
  ],
  failedAddresses: [],
  stopped: [],
};
const shown = (given: CaseFacts, from: number, days: number) =>
  forecastCase(given, policy, noon(from), days).map(({ day: on, action, stage }) => [
    (Date.parse(on) - Date.parse(start)) / 86_400_000,
    action,
    stage,
  ]);

it('shows every mail and the deed, on their days', () => {
  expect(shown(facts, 70, 30)).toEqual([
    [80, 'warn', 10],
    [85, 'warn', 5],
    [89, 'warn', 1],
    [90, 'act', 0],
  ]);
  expect(shown(facts, 70, 15)).toEqual([
    [80, 'warn', 10],
    [85, 'warn', 5],
  ]);
  expect(shown(facts, 70, 9)).toEqual([]);
});

it('begins with today, and takes a mail that is under way for accepted', () => {
  expect(shown(facts, 100, 0)).toEqual([[100, 'warn', 10]]);
  const mail: MailRecord = {
    schema: 1,
    accountId: '111122223333',
    userId: 'AIDAALICE0000000001',
    caseId: facts.case.id,
    stage: 10,
    deadline: day(110),
    role: 'owner',
    address: 'alice@example.com',
    claimedAt: day(100).replace('T00:00', 'T11:55'),
    claim: 'claim',
    events: {},
  };
  expect(shown({ ...facts, mails: [mail] }, 100, 10)).toEqual([
    [105, 'warn', 5],
    [109, 'warn', 1],
    [110, 'act', 0],
  ]);
});

it('takes no mail that was lost for accepted, and moves no day on which one was', () => {
  const mail: MailRecord = {
    schema: 1,
    accountId: '111122223333',
    userId: 'AIDAALICE0000000001',
    caseId: facts.case.id,
    stage: 10,
    deadline: day(90),
    role: 'owner',
    address: 'alice@example.com',
    claimedAt: day(80),
    claim: 'claim',
    events: {},
  };
  expect(shown({ ...facts, mails: [mail] }, 80, 1)).toEqual([[80, 'warn', 10]]);
  expect(shown({ ...facts, mails: [{ ...mail, acceptedAt: day(80) }] }, 87, 30)).toEqual([
    [87, 'warn', 5],
    [89, 'warn', 1],
    [90, 'act', 0],
  ]);
});

it('after days on which nothing can be done goes on with what can, and is plain', () => {
  const failedAddresses = facts.recipients.map(({ address }) => address);
  expect(forecastCase({ ...facts, failedAddresses }, policy, noon(100), 30)).toStrictEqual([
    { day: day(100), action: 'report', state: 'new', deadline: day(110) },
    { day: day(110), action: 'warn', stage: 'undeliverable', state: 'undeliverable', deadline: day(124) },
    { day: day(124), action: 'act', state: 'undeliverable', deadline: day(124) },
  ]);
});

it('an exemption ends when it expires, and what follows begins with a fresh warning', () => {
  const exempt = { reason: 'bridge', expires: day(120), by: 'user:alice' };
  expect(shown({ ...facts, exempt }, 100, 40)).toEqual([
    [120, 'warn', 10],
    [125, 'warn', 5],
    [129, 'warn', 1],
    [130, 'act', 0],
  ]);
  expect(shown({ ...facts, exempt }, 100, 19)).toEqual([]);
  expect(forecastCase({ ...facts, exempt }, policy, new Date(day(119)), 1)).toMatchObject([{ day: day(120) }]);
  expect(decideCase({ ...facts, exempt }, policy, noon(100)).deadline).toBe(day(130));
});

it('a user without an owner takes a day longer, and a report is shown once', () => {
  const [, security] = facts.recipients;
  if (security === undefined) throw new Error('the fallback is missing');
  expect(shown({ ...facts, recipients: [security] }, 80, 20).slice(0, 2)).toEqual([
    [80, 'warn', 10],
    [81, 'warn', 'unowned'],
  ]);
  expect(shown({ ...facts, recipients: [security] }, 80, 20).at(-1)).toEqual([91, 'act', 0]);
  expect(shown({ ...facts, stopped: [{ from: day(80), reason: 'sandbox' }] }, 85, 30)).toEqual([
    [85, 'report', undefined],
  ]);
});

it('I37: the grace of a password counts from the latest of its creation, our first look and the rollout', () => {
  const deadline = (since: Day, firstSeenAt: Day, rolloutDate: Day): Day =>
    decideCase(
      { ...facts, case: { id: 'mfa/password', rule: 'mfa', credentialId: 'password', since, firstSeenAt } },
      { ...policy, rolloutDate },
      noon(0),
    ).deadline;
  // The first warning is 5 days before, and leaves 10 days of notice.
  expect(deadline(day(20), day(10), day(0))).toBe(day(20 + 14 + 5));
  expect(deadline(day(10), day(20), day(0))).toBe(day(20 + 14 + 5));
  expect(deadline(day(0), day(10), day(20))).toBe(day(20 + 14 + 5));
});
