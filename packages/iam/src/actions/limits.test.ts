import { createMemoryStore } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { ActionStep, JournalEntry } from '../model/action.ts';
import { countedUsers } from './limits.ts';
import { readReservations, reserveUsers } from './reservations.ts';

const accountId = '111122223333';
const now = new Date('2026-11-24T10:30:00Z');

const step = (user: string, changes: Partial<ActionStep> = {}): ActionStep => ({
  id: `${user}/${changes.action ?? 'deactivate'}/${changes.caseId ?? 'key-age/1'}`,
  action: 'deactivate',
  effect: 'new-deny',
  reason: 'due',
  because: 'due',
  subject: { accountId, userId: `AIDA${user}`, userName: user, arn: `arn:aws:iam::${accountId}:user/${user}` },
  target: { kind: 'access-key', accessKeyId: 'AKIA1' },
  caseId: 'key-age/1',
  precondition: { kind: 'credential', active: true, createdAt: '2026-01-01T00:00:00.000Z' },
  ...changes,
});
const entry = (user: string, intendedAt: string, changes: Partial<JournalEntry> = {}): JournalEntry => {
  const { id: stepId, precondition: before, ...rest } = step(user);
  return { schema: 1, runId: 'run-1', stepId, before, intendedAt, requestIds: [], ...rest, ...changes };
};
const recently = '2026-11-23T10:30:00.001Z';

describe('who counts', () => {
  it('whom the journal shows in the last 24 hours, unless it is known that nothing was done to them', () => {
    const journal = [
      entry('a', recently, { completedAt: recently }),
      entry('a', recently),
      entry('b', recently),
      entry('c', recently, { failedAt: recently, failure: 'x' }),
      entry('d', recently, { effect: 'release' }),
      entry('e', '2026-11-23T10:30:00.000Z'),
    ];
    expect(countedUsers(journal, { buckets: [] }, now)).toEqual(['AIDAa', 'AIDAb']);
    expect(countedUsers([...journal].reverse(), { buckets: [] }, now)).toEqual(['AIDAa', 'AIDAb']);
  });

  it('whom a worker has reserved, until the whole hour is out of the window', () => {
    const buckets = [
      { start: '2026-11-23T10:00:00.000Z', users: ['AIDAa'] },
      { start: '2026-11-23T09:00:00.000Z', users: ['AIDAold'] },
      { start: '2026-11-25T09:00:00.000Z', users: ['AIDAahead'] },
    ];
    expect(countedUsers([entry('a', recently)], { buckets }, now)).toEqual(['AIDAa', 'AIDAahead']);
  });

  it('of whom the journal says what was done since, by the minute: a run at the same time each day has all of its limit', () => {
    const buckets = [{ start: '2026-11-23T10:00:00.000Z', users: ['AIDAa', 'AIDAb', 'AIDAc', 'AIDAd'] }];
    const journal = [
      entry('a', '2026-11-23T10:30:00.000Z', { completedAt: recently }),
      // Of another hour, a failure, and a release: of none of these was room used.
      entry('b', '2026-11-23T09:59:59.999Z'),
      entry('c', '2026-11-23T10:30:00.000Z', { failedAt: recently, failure: 'x' }),
      entry('d', '2026-11-23T10:30:00.000Z', { effect: 'release' }),
    ];
    expect(countedUsers(journal, { buckets }, now)).toEqual(['AIDAb', 'AIDAc', 'AIDAd']);
    const onTheHour = entry('b', '2026-11-23T10:00:00.000Z');
    expect(countedUsers([...journal, onTheHour], { buckets }, now)).toEqual(['AIDAc', 'AIDAd']);
  });
});

describe('reserving', () => {
  const request = { accountId, most: 2, journal: [], now };

  it('runs that are resumed or fall together share one limit', async () => {
    const store = createMemoryStore();
    const [one, other] = await Promise.all([
      reserveUsers(store, { ...request, userIds: ['a', 'b', 'c'] }),
      reserveUsers(store, { ...request, userIds: ['d', 'e', 'b'] }),
    ]);
    const all = new Set([...one, ...other]);
    expect(all.size).toBe(2);
    expect(await reserveUsers(store, { ...request, userIds: [...all, 'x'] })).toEqual(all);
  });

  it('counts whom the journal counts, and forgets after a day', async () => {
    const store = createMemoryStore();
    const journal = [entry('z', recently)];
    expect([...(await reserveUsers(store, { ...request, journal, userIds: ['a', 'AIDAz', 'b'] }))]).toEqual([
      'a',
      'AIDAz',
    ]);
    const later = new Date('2026-11-25T10:59:59.999Z');
    expect([...(await reserveUsers(store, { ...request, most: 1, now: later, userIds: ['b'] }))]).toEqual([]);
    const after = new Date('2026-11-25T11:00:00Z');
    expect([...(await reserveUsers(store, { ...request, most: 1, now: after, userIds: ['b'] }))]).toEqual(['b']);
    expect((await readReservations(store, accountId)).buckets).toEqual([
      { start: '2026-11-25T11:00:00.000Z', users: ['b'] },
    ]);
  });

  it('a clock that ran ahead is forgotten in time', async () => {
    const store = createMemoryStore();
    await reserveUsers(store, { ...request, now: new Date('2027-01-01T00:00:00Z'), userIds: ['a'] });
    await reserveUsers(store, { ...request, userIds: ['b'] });
    expect((await readReservations(store, accountId)).buckets).toEqual([
      { start: '2026-11-24T10:00:00.000Z', users: ['a', 'b'] },
    ]);
  });

  it.each([
    [{ schema: 2 }, 'LIMITS_NEWER'],
    [{ schema: 1 }, 'LIMITS_INVALID'],
    ['x', 'LIMITS_INVALID'],
  ])('nobody is acted on beyond a document %j', async (document, code) => {
    const store = createMemoryStore();
    await store.putIfAbsent(`iam/${accountId}/limits`, document);
    await expect(reserveUsers(store, { ...request, userIds: ['a'] })).rejects.toMatchObject({ code });
  });
});
