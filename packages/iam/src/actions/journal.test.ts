import { createMemoryStore, toJson } from '@remedykit/core';
import { createFaultyStore } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../model/action.ts';
import { complete, fail, intend, listAccount, listRun, markRestored, markRestoring, statusOf } from './journal.ts';
import { journalKey } from './journal-document.ts';

const accountId = '111122223333';
const at = (minute: number): string => `2026-11-24T10:${String(minute).padStart(2, '0')}:00.000Z`;
const entryOf = (stepId: string, runId = 'run-1', changes: Partial<JournalEntry> = {}): JournalEntry => ({
  schema: 1,
  runId,
  stepId,
  caseId: 'key-age/AKIA1',
  subject: { accountId, userId: 'AIDAADA', userName: 'ada', arn: `arn:aws:iam::${accountId}:user/ada` },
  action: 'deactivate',
  target: { kind: 'access-key', accessKeyId: 'AKIA1' },
  effect: 'new-deny',
  reason: 'due',
  because: 'due',
  before: { kind: 'credential', active: true, createdAt: at(0) },
  intendedAt: at(1),
  requestIds: [],
  ...changes,
});
const restoration = (minute: number, requestedBy: string) => ({ at: at(minute), requestedBy, reason: 'x' });

describe('the journal', () => {
  it('keeps one entry for each step of a run, with what the first attempt found', async () => {
    const store = createMemoryStore();
    expect(await intend(store, entryOf('a'))).toMatchObject({ status: 'intended' });
    const again = await intend(store, entryOf('a', 'run-1', { intendedAt: at(9) }));
    expect(again).toMatchObject({ status: 'again', entry: { intendedAt: at(1) } });
    await fail(store, entryOf('a'), { at: at(2), failure: 'Throttling', requestIds: ['r1'] });
    const anew = await intend(store, entryOf('a', 'run-1', { intendedAt: at(9) }));
    expect(anew).toEqual({ status: 'again', entry: entryOf('a', 'run-1', { intendedAt: at(9), requestIds: ['r1'] }) });
    await complete(store, anew.entry, { at: at(10), requestIds: ['r2'] });
    expect(await intend(store, entryOf('a'))).toMatchObject({
      status: 'settled',
      entry: { completedAt: at(10), requestIds: ['r1', 'r2'] },
    });
    expect((await listRun(store, accountId, 'run-1')).entries).toHaveLength(1);
  });

  it('an effect that was seen outweighs a failure, and not the other way round', async () => {
    const store = createMemoryStore();
    const { entry } = await intend(store, entryOf('a'));
    expect(statusOf(await fail(store, entry, { at: at(2), failure: 'x', settled: true }))).toBe('failed');
    const done = await complete(store, entry, { at: at(3) });
    expect(done).toMatchObject({ completedAt: at(3) });
    expect(done).not.toHaveProperty('failedAt');
    expect(await complete(store, entry, { at: at(4) })).toMatchObject({ completedAt: at(3) });
    expect(statusOf(await fail(store, entry, { at: at(5), failure: 'x' }))).toBe('completed');
  });

  it('the first who asked to undo it stands', async () => {
    const store = createMemoryStore();
    const { entry } = await intend(store, entryOf('a'));
    await complete(store, entry, { at: at(2) });
    await markRestoring(store, entry, restoration(3, 'first'));
    const restoring = await markRestoring(store, entry, restoration(4, 'second'));
    expect([statusOf(restoring), restoring.restoring]).toEqual(['restoring', restoration(3, 'first')]);
    const restored = await markRestored(store, entry, restoration(5, 'second'));
    expect([statusOf(restored), restored.restored]).toEqual(['restored', restoration(5, 'first')]);
    expect(await markRestored(store, entry, restoration(6, 'third'))).toEqual(restored);
  });

  it('changes what others change at the same time, and gives up on a fight', async () => {
    const store = createFaultyStore(createMemoryStore());
    const { entry } = await intend(store, entryOf('a'));
    await Promise.all([
      complete(store, entry, { at: at(2), requestIds: ['r1'] }),
      fail(store, entry, { at: at(2), failure: 'x', requestIds: ['r2'] }),
    ]);
    expect((await listAccount(store, accountId)).entries.map(statusOf)).toEqual(['completed']);
    const memory = createMemoryStore();
    const fought = createFaultyStore(memory);
    await intend(fought, entryOf('a'));
    fought.hooks.beforeEach = async (operation, key) => {
      const stored = await memory.get(key);
      if (operation === 'compareAndSet' && stored) await memory.compareAndSet(key, stored.value, stored.version);
    };
    await expect(markRestoring(fought, entry, restoration(3, 'x'))).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      retryable: true,
    });
  });

  it('I4: is read whole, however many pages it fills, in the order of what was intended', async () => {
    const inner = createMemoryStore();
    const store = {
      ...inner,
      list: (prefix: string, options?: { token?: string }) => inner.list(prefix, { ...options, limit: 7 }),
    };
    for (let index = 0; index < 30; index += 1)
      await intend(
        store,
        entryOf(`step-${index}`, index % 2 === 0 ? 'run-1' : 'run-10', { intendedAt: at(59 - index) }),
      );
    const { entries, setAside } = await listAccount(store, accountId);
    expect(setAside).toEqual([]);
    expect(entries.map(({ intendedAt }) => intendedAt)).toEqual(
      Array.from({ length: 30 }, (_, index) => at(30 + index)),
    );
    expect((await listRun(store, accountId, 'run-1')).entries).toHaveLength(15);
    expect((await listAccount(store, '444455556666')).entries).toEqual([]);
  });

  it.each([
    ['no JSON object', 'x'],
    ['without a field', { schema: 1 }],
    ['with a field that it does not know', { ...entryOf('a'), more: 1 }],
    ['with a time that cannot be read', { ...entryOf('a'), intendedAt: 'yesterday' }],
    ['of another step', entryOf('b')],
  ])('sets a document aside that is %s', async (_, document) => {
    const store = createMemoryStore();
    const key = journalKey(entryOf('a'));
    await store.putIfAbsent(key, toJson(document));
    await intend(store, entryOf('c'));
    const { entries, setAside } = await listRun(store, accountId, 'run-1');
    expect(entries.map(({ stepId }) => stepId)).toEqual(['c']);
    expect(setAside.map((one) => one.key)).toEqual([key]);
    await expect(intend(store, entryOf('a'))).rejects.toMatchObject({ code: 'JOURNAL_INVALID' });
  });

  it('does not read past an entry that a newer library wrote, nor write to it', async () => {
    const store = createMemoryStore();
    await store.putIfAbsent(journalKey(entryOf('a')), { schema: 2 });
    await expect(listAccount(store, accountId)).rejects.toMatchObject({ code: 'JOURNAL_NEWER', retryable: true });
    await expect(intend(store, entryOf('a'))).rejects.toMatchObject({ code: 'JOURNAL_NEWER' });
  });

  it.each(['', 'a/b', 'a b', '..\u0000'])('refuses %j as id of a run', async (runId) => {
    await expect(intend(createMemoryStore(), entryOf('a', runId))).rejects.toMatchObject({ code: 'RUN_ID_INVALID' });
  });
});
