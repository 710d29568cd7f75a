import { createMemoryStore, toInstant } from '@remedykit/core';
import { createFaultyStore, createTestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { createIamCalls } from '../aws/calls.ts';
import type { JournalEntry } from '../model/action.ts';
import { createFakeIam } from '../testing/index.ts';
import { intend, listAccount } from './journal.ts';
import { decideSettle, settleEntry, settleJournal, settleReasons } from './settle-journal.ts';

const accountId = '111122223333';
const old = '2026-06-01T08:00:00.000Z';
const intendedAt = '2026-11-24T10:00:00.000Z';

const base: JournalEntry = {
  schema: 1,
  runId: 'run-1',
  stepId: 'ada/key',
  caseId: 'key-age/AKIA1',
  subject: { accountId, userId: 'AIDAADA', userName: 'ada', arn: `arn:aws:iam::${accountId}:user/ada` },
  action: 'deactivate',
  target: { kind: 'access-key', accessKeyId: 'AKIA1' },
  effect: 'new-deny',
  reason: 'due',
  because: 'due',
  before: { kind: 'credential', active: true, createdAt: old },
  intendedAt,
  requestIds: [],
};

/** A user with keys, and the entry of the deactivation of each. */
const stage = async (keys: readonly boolean[]) => {
  const clock = createTestClock(new Date(intendedAt));
  const iam = createFakeIam({ now: clock.now });
  const user = iam.addUser({ name: 'ada', keys: keys.map((active) => ({ createdAt: old, active })) });
  const store = createFaultyStore(createMemoryStore());
  const entries: JournalEntry[] = [];
  for (const [index, { id }] of user.keys.entries()) {
    const entry: JournalEntry = {
      ...base,
      stepId: `ada/${index}`,
      subject: { ...base.subject, userId: user.userId },
      target: { kind: 'access-key', accessKeyId: id },
    };
    await intend(store, entry);
    entries.push(entry);
  }
  const context = { calls: createIamCalls({ iam, sleep: async () => {}, attempts: 1 }), store, now: clock.now };
  const stored = async (): Promise<readonly JournalEntry[]> => (await listAccount(store, accountId)).entries;
  return { clock, iam, store, entries, context, stored };
};

describe('what a look comes to', () => {
  const after = (ms: number): Date => new Date(Date.parse(intendedAt) + ms);

  it('an effect, and that there is nothing left to see one on, at any time', () => {
    for (const now of [after(0), after(900_000)]) {
      expect(decideSettle(base, 'effect', now)).toBe('completed');
      expect(decideSettle(base, 'user-gone', now)).toBe('user-gone');
      expect(decideSettle(base, 'credential-gone', now)).toBe('credential-gone');
    }
  });

  it('no effect says something when no worker can be about to bring it about any more', () => {
    expect(decideSettle(base, 'no-effect', after(15 * 60_000 - 1))).toBe('in-progress');
    expect(decideSettle(base, 'no-effect', after(15 * 60_000))).toBe('failed');
  });
});

describe('settling one entry', () => {
  it('stores what took effect, as seen by looking', async () => {
    const { clock, context, entries, stored } = await stage([false]);
    clock.advance(60_000);
    const at = toInstant(clock.now());
    const [entry] = entries;
    if (entry === undefined) throw new Error('no entry');
    const completed = { ...entry, completedAt: at, settledAt: at };
    expect(await settleEntry(context, entry)).toEqual({
      reason: 'completed',
      because: settleReasons.completed,
      entry: completed,
      settled: true,
    });
    expect(await stored()).toEqual([completed]);
  });

  it('stores what did not, and why that is known', async () => {
    const { clock, context, entries, stored } = await stage([true]);
    clock.advance(15 * 60_000);
    const at = toInstant(clock.now());
    const [entry] = entries;
    if (entry === undefined) throw new Error('no entry');
    const failed = { ...entry, failedAt: at, settledAt: at, failure: 'failed' };
    expect(await settleEntry(context, entry)).toEqual({
      reason: 'failed',
      because: settleReasons.failed,
      entry: failed,
      settled: true,
    });
    expect(await stored()).toEqual([failed]);
  });

  it('leaves open what may be under way', async () => {
    const { clock, context, entries, stored } = await stage([true]);
    clock.advance(15 * 60_000 - 1);
    const [entry] = entries;
    if (entry === undefined) throw new Error('no entry');
    expect(await settleEntry(context, entry)).toEqual({
      reason: 'in-progress',
      because: settleReasons['in-progress'],
      entry,
      settled: false,
    });
    expect(await stored()).toEqual([entry]);
  });
});

describe('settling a journal', () => {
  it('looks at what is open alone, and one that cannot be read or stored hides no other', async () => {
    const { clock, context, iam, store, entries, stored } = await stage([false, false]);
    clock.advance(60_000);
    const [first, second] = entries;
    if (first === undefined || second === undefined) throw new Error('no entries');
    iam.failNext('ListAccessKeys', { code: 'AccessDenied' });
    expect(await settleJournal(context, entries)).toMatchObject([
      {
        reason: 'read-failed',
        because: expect.stringContaining(`${settleReasons['read-failed']} (LIVE_READ_FAILED: `),
        entry: first,
        settled: false,
      },
      { reason: 'completed', entry: { stepId: second.stepId }, settled: true },
    ]);

    store.failNext('compareAndSet');
    const again = await settleJournal(context, await stored());
    expect(again).toMatchObject([
      {
        reason: 'read-failed',
        because: expect.stringContaining('(STATE_UNAVAILABLE: '),
        entry: first,
        settled: false,
      },
    ]);
    expect(await settleJournal(context, await stored())).toMatchObject([{ reason: 'completed', settled: true }]);
    expect(await settleJournal(context, await stored())).toEqual([]);
  });

  it('gives an effect to one run alone: a dead one that only intended it has none of what another completed', async () => {
    const { clock, context, store, entries, stored } = await stage([false]);
    const [entry] = entries;
    if (entry === undefined) throw new Error('no entry');
    clock.advance(15 * 60_000);
    const at = toInstant(clock.now());
    const done: JournalEntry = { ...entry, runId: 'run-2', intendedAt: at, completedAt: at };
    await intend(store, done);
    expect(await settleJournal(context, await stored())).toMatchObject([
      { reason: 'failed', entry: { runId: 'run-1', failedAt: at }, settled: true },
    ]);
  });

  it('of two dead ones that intended the same, gives it to one', async () => {
    const { clock, context, store, entries, stored } = await stage([false]);
    const [entry] = entries;
    if (entry === undefined) throw new Error('no entry');
    await intend(store, { ...entry, runId: 'run-2', intendedAt: toInstant(new Date(Date.parse(intendedAt) + 1)) });
    clock.advance(16 * 60_000);
    expect(await settleJournal(context, await stored())).toMatchObject([
      { reason: 'completed', entry: { runId: 'run-1' } },
      { reason: 'failed', entry: { runId: 'run-2' } },
    ]);
  });

  it('takes it for ours where the other one completed it before this was intended, or did it to another user or key', async () => {
    const { clock, context, store, entries, stored } = await stage([false, false]);
    const [entry, second] = entries;
    if (entry === undefined || second === undefined) throw new Error('no entries');
    const earlier = toInstant(new Date(Date.parse(intendedAt) - 1));
    const done = { ...entry, completedAt: intendedAt };
    await intend(store, { ...done, runId: 'run-0', intendedAt: earlier, completedAt: earlier });
    await intend(store, { ...done, runId: 'run-2', target: { kind: 'access-key', accessKeyId: 'AKIAOTHER' } });
    await intend(store, { ...done, runId: 'run-3', subject: { ...entry.subject, userId: 'AIDAOTHER' } });
    await intend(store, { ...done, runId: 'run-4', action: 'detach-policy' });
    await intend(store, { ...done, stepId: 'ada/again' });
    clock.advance(60_000);
    expect(await settleJournal(context, await stored())).toMatchObject([
      { reason: 'completed', entry: { target: entry.target } },
      { reason: 'completed', entry: { target: second.target } },
    ]);
  });
});
