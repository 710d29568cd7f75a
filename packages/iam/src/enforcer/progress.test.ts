import { createMemoryStore, hours, toJson } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { beginProgress, keepProgress, type Progress, readProgress } from './progress.ts';

const accounts = ['111122223333', '444455556666'];
const start = new Date('2026-11-24T10:00:00.000Z');
const at = (ms: number): Date => new Date(start.getTime() + ms);
const half: Progress = {
  ...beginProgress('run-1', start),
  accounts: { '111122223333': { done: true }, '444455556666': { done: false, after: 'maria' } },
};

describe('how far a run came', () => {
  it('is gone on with for an hour, whatever the order in which the accounts are named', async () => {
    const store = createMemoryStore();
    await keepProgress(store, accounts, half);
    expect(await readProgress(store, [...accounts].reverse(), at(hours(1) - 1))).toEqual(half);
    expect(await readProgress(store, accounts, at(hours(1)))).toBeUndefined();
    expect(await readProgress(store, accounts, at(-1))).toBeUndefined();
    expect(await readProgress(store, ['111122223333'], start)).toBeUndefined();
  });

  it('is over where every account was looked at, also where its document could not be deleted', async () => {
    const store = createMemoryStore();
    const over = { ...half, accounts: Object.fromEntries(accounts.map((account) => [account, { done: true }])) };
    await keepProgress(store, accounts, over);
    expect(await readProgress(store, accounts, start)).toBeUndefined();
  });

  it('is forgotten when the run has come to its end, and replaced by the last word', async () => {
    const store = createMemoryStore();
    await keepProgress(store, accounts, undefined);
    await keepProgress(store, accounts, half);
    await keepProgress(store, accounts, { ...half, runId: 'run-2' });
    expect(await readProgress(store, accounts, start)).toMatchObject({ runId: 'run-2' });
    await keepProgress(store, accounts, undefined);
    expect((await store.list('iam/run/')).documents).toEqual([]);
  });

  it.each([
    [{ schema: 2 }],
    [toJson({ ...half, runId: 'no id at all' })],
    [toJson({ ...half, startedAt: 'yesterday' })],
    ['text'],
  ])('what cannot be read is not gone on with: %j', async (document) => {
    const store = createMemoryStore();
    await keepProgress(store, accounts, half);
    const [held] = (await store.list('iam/run/')).documents;
    await store.compareAndSet(held?.key ?? '', document, held?.version ?? '');
    expect(await readProgress(store, accounts, start)).toBeUndefined();
  });
});
