import { type ControlState, createMemoryStore, type Plan } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { ActionStep, JournalEntry } from '../model/action.ts';
import { refusalReasons } from './limit-reasons.ts';
import { countedUsers, type GuardFacts, type GuardPolicy, guardActions, usersPerDay } from './limits.ts';
import { readReservations, reserveUsers } from './reservations.ts';

const accountId = '111122223333';
const now = new Date('2026-11-24T10:30:00Z');
const open: ControlState = { readable: true, pauses: [], suppressions: [] };

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
const release = (user: string): ActionStep => step(user, { action: 'detach-policy', effect: 'release' });
const facts: GuardFacts = { users: 1_000, counted: [], unreadable: 0, control: open };
const policy: GuardPolicy = {
  limits: { maxUsersPerDay: 2, maxPercentPerDay: 100 },
  breakGlass: [`arn:aws:iam::${accountId}:user/break-glass`],
  ownPrincipals: [`arn:aws:iam::${accountId}:user/remedykit`],
};
const guard = (
  steps: readonly ActionStep[],
  known: Partial<GuardFacts> = {},
  limits: Partial<GuardPolicy['limits']> = {},
): readonly string[] => {
  const plan: Plan<ActionStep> = { steps, refused: [] };
  const guarded = guardActions(
    plan,
    { ...facts, ...known },
    { ...policy, limits: { ...policy.limits, ...limits } },
    now,
  );
  expect(guarded.steps.length + guarded.refused.length).toBe(steps.length);
  return [
    ...guarded.steps.map(({ subject }) => subject.userName),
    ...guarded.refused.map(({ step: { subject }, refused }) => {
      if (refused.reason !== 'paused' && refused.reason !== 'control-unreadable')
        expect(refused.because).toBe(refusalReasons[refused.reason as keyof typeof refusalReasons]);
      return `${subject.userName}: ${refused.reason}`;
    }),
  ];
};

describe('the guard', () => {
  it('counts users, not steps, and lets through whom it counted before', () => {
    const steps = [step('a'), step('a', { caseId: 'mfa/password' }), step('b'), step('c'), step('d')];
    expect(guard(steps)).toEqual(['a', 'a', 'b', 'c: limit-users', 'd: limit-users']);
    expect(guard(steps, { counted: ['AIDAd', 'AIDAx'] })).toEqual([
      'd',
      'a: limit-users',
      'a: limit-users',
      'b: limit-users',
      'c: limit-users',
    ]);
  });

  it('the smaller limit wins, the percentage rounds up, and zero is none', () => {
    expect(usersPerDay({ maxUsersPerDay: 25, maxPercentPerDay: 5 }, 101)).toBe(6);
    expect(usersPerDay({ maxUsersPerDay: 5, maxPercentPerDay: 5 }, 101)).toBe(5);
    expect(guard([step('a')], {}, { maxUsersPerDay: 0 })).toEqual(['a: limit-users']);
    expect(guard([step('a')], {}, { maxPercentPerDay: 0 })).toEqual(['a: limit-users']);
    expect(guard([step('a')], { users: 0 })).toEqual(['a: limit-users']);
    expect(() => guard([step('a')], {}, { maxUsersPerDay: Number.NaN })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });

  it('never denies break-glass users and own principals anything, however their ARN is written', () => {
    expect(guard([step('break-glass'), step('Remedykit'), step('break-glass2')])).toEqual([
      'break-glass2',
      'break-glass: break-glass',
      'Remedykit: own-principal',
    ]);
    expect(guard([release('break-glass')])).toEqual(['break-glass']);
  });

  it('a pause of new denies lets releases through, one of all writes nothing', () => {
    const paused = (scope: 'all-writes' | 'new-denies'): ControlState => ({
      ...open,
      pauses: [
        { scope, reason: 'x', requestedBy: 'y', from: '2026-11-24T10:00:00.000Z', until: '2026-11-24T11:00:00.000Z' },
      ],
    });
    const steps = [step('a'), release('b')];
    expect(guard(steps, { control: paused('new-denies') })).toEqual(['b', 'a: paused']);
    expect(guard(steps, { control: paused('all-writes') })).toEqual(['a: paused', 'b: paused']);
    const control: ControlState = { readable: false, error: { code: 'STATE_UNAVAILABLE', message: 'gone' } };
    expect(guard(steps, { control })).toEqual(['a: control-unreadable', 'b: control-unreadable']);
  });

  it('I16: nobody is denied anything while the journal cannot be counted', () => {
    expect(guard([step('a'), release('b')], { unreadable: 1 })).toEqual(['b', 'a: journal-unreadable']);
  });

  it('releases cost nothing of the limit', () => {
    expect(guard([release('a'), release('b'), release('c')], {}, { maxUsersPerDay: 0 })).toEqual(['a', 'b', 'c']);
  });

  it('of a swap all is refused or nothing: half of it would set the user free', () => {
    const swap = [step('a'), release('a'), release('b')];
    expect(guard(swap, {}, { maxUsersPerDay: 0 })).toEqual(['b', 'a: limit-users', 'a: part-refused']);
  });
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
  });

  it('whom a worker has reserved, until the whole hour is out of the window', () => {
    const buckets = [
      { start: '2026-11-23T10:00:00.000Z', users: ['AIDAa'] },
      { start: '2026-11-23T09:00:00.000Z', users: ['AIDAold'] },
      { start: '2026-11-25T09:00:00.000Z', users: ['AIDAahead'] },
    ];
    expect(countedUsers([entry('a', recently)], { buckets }, now)).toEqual(['AIDAa', 'AIDAahead']);
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
