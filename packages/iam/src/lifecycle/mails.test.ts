import { addTo, minutes } from '@remedykit/core';
import { expect, it } from 'vitest';
import type { MailRecord, Stage } from '../model/case.ts';
import { acceptanceDay, isWarning, mailStatus } from './mails.ts';
import { isCovered } from './stages.ts';

const now = new Date('2026-11-24T10:00:00.000Z');
const deadline = '2026-12-04T00:00:00.000Z';
const mail = (changes: Partial<MailRecord> = {}): MailRecord => ({
  schema: 1,
  accountId: '111122223333',
  userId: 'AIDAALICE0000000001',
  caseId: 'key-age/AKIAEXAMPLE',
  stage: 10,
  deadline,
  role: 'owner',
  address: 'alice@example.com',
  claimedAt: addTo(now, -minutes(15)),
  claim: 'a',
  events: {},
  ...changes,
});
const at = now.toISOString();

it('a mail of which nothing was heard is under way for 15 minutes, and lost after that', () => {
  expect(mailStatus(mail({ claimedAt: addTo(now, 1 - minutes(15)) }), now)).toBe('under-way');
  expect(mailStatus(mail(), now)).toBe('lost');
});

it('a delivery proves that SES took a mail; whatever came back, and a refusal, outweigh that', () => {
  expect(mailStatus(mail({ events: { deliveredAt: at } }), now)).toBe('accepted');
  expect(mailStatus(mail({ acceptedAt: at, events: { deliveredAt: at, failedAt: at } }), now)).toBe('failed');
  expect(mailStatus(mail({ acceptedAt: at, rejectedAt: at }), now)).toBe('failed');
});

it('the day of acceptance is that of our mark, else of the delivery, else of the claim', () => {
  const [claimedAt, deliveredAt, acceptedAt] = ['2026-11-20T23:59:00.000Z', '2026-11-22T01:00:00.000Z', at];
  expect(acceptanceDay(mail({ claimedAt, acceptedAt, events: { deliveredAt } }))).toBe('2026-11-24T00:00:00.000Z');
  expect(acceptanceDay(mail({ claimedAt, events: { deliveredAt } }))).toBe('2026-11-22T00:00:00.000Z');
  expect(acceptanceDay(mail({ claimedAt }))).toBe('2026-11-20T00:00:00.000Z');
});

it.each<[MailRecord['role'], Stage, boolean]>([
  ['owner', 10, true],
  ['owner', 'unowned', true],
  ['owner', 'undeliverable', false],
  ['fallback', 10, false],
  ['fallback', 'unowned', true],
  ['security', 'unowned', false],
  ['security', 'undeliverable', false],
])('a mail to %s of stage %s counts as a warning: %s', (role, stage, counts) => {
  expect(isWarning(mail({ role, stage }))).toBe(counts);
});

it('a stage is covered by a mail that is under way as by one that was accepted, and by no request to security', () => {
  const covered = (status: 'accepted' | 'under-way' | 'failed' | 'lost', changes: Partial<MailRecord> = {}) =>
    isCovered(10, deadline, [{ mail: mail(changes), status }]);
  expect([covered('accepted'), covered('under-way'), covered('failed'), covered('lost')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(covered('accepted', { role: 'security' })).toBe(false);
});
