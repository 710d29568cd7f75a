import { createMemoryStore, type Json, RemediationError, type StateStore } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { changeDocument } from './change-document.ts';
import { listDocuments } from './list-documents.ts';

interface Count {
  readonly count: number;
}

const parse = (key: string, value: Json): Count => {
  if (typeof value !== 'object') throw Object.assign(new Error(key), { code: 'BROKEN' });
  return value as unknown as Count;
};
const key = 'iam/count';
const increment = (held: Count | undefined): Count => ({ count: (held?.count ?? 0) + 1 });

/** A store in which somebody else writes before each of the first `times` writes of ours. */
const contested = (store: StateStore, times: number): StateStore => {
  let left = times;
  const first = async (): Promise<void> => {
    if (left === 0) return;
    left -= 1;
    const stored = await store.get(key);
    await (stored === undefined
      ? store.putIfAbsent(key, { count: 100 })
      : store.compareAndSet(key, { count: parse(key, stored.value).count + 100 }, stored.version));
  };
  return {
    ...store,
    putIfAbsent: async (at, value) => first().then(() => store.putIfAbsent(at, value)),
    compareAndSet: async (at, value, version) => first().then(() => store.compareAndSet(at, value, version)),
  };
};

describe('changeDocument', () => {
  it('makes what is not there, changes what is, and gives it as it then is', async () => {
    const store = createMemoryStore();
    const made = await changeDocument(store, { key, parse }, increment);
    expect(made?.document).toEqual({ count: 1 });
    const changed = await changeDocument(store, { key, parse }, increment);
    expect(changed).toEqual({ document: { count: 2 }, version: (await store.get(key))?.version });
  });

  it('writes nothing where it is to stay as it is', async () => {
    const store = createMemoryStore();
    expect(await changeDocument<Count>(store, { key, parse }, () => undefined)).toBeUndefined();
    expect(await store.get(key)).toBeUndefined();
    await changeDocument(store, { key, parse }, increment);
    const before = await store.get(key);
    expect(await changeDocument<Count>(store, { key, parse }, (held) => held)).toEqual({
      document: { count: 1 },
      version: before?.version,
    });
    expect(await store.get(key)).toEqual(before);
  });

  it('goes on from what was read before, and reads what others made of it', async () => {
    const store = createMemoryStore();
    const read: string[] = [];
    const watched: StateStore = { ...store, get: (at) => store.get(at).finally(() => read.push(at)) };
    const made = await changeDocument(watched, { key, parse, from: {} }, increment);
    expect(read).toEqual([]);
    await changeDocument(store, { key, parse }, increment);
    const changed = await changeDocument(
      watched,
      { key, parse, ...(made === undefined ? {} : { from: made }) },
      increment,
    );
    expect(changed?.document).toEqual({ count: 3 });
    expect(read).toEqual([]);
  });

  it('loses nothing to others, and gives up after ten who were faster', async () => {
    const store = createMemoryStore();
    const nine = await changeDocument(contested(store, 9), { key, parse }, increment);
    expect(nine?.document).toEqual({ count: 901 });
    await expect(changeDocument(contested(store, 10), { key, parse }, increment)).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      retryable: true,
    });
  });
});

it('I4: lists every page, and one that is broken hides no other', async () => {
  const store = createMemoryStore();
  for (let index = 0; index < 1_003; index += 1)
    await store.putIfAbsent(`iam/list/${String(index).padStart(4, '0')}`, { count: index });
  await store.putIfAbsent('iam/list/x', 'broken');
  const throwing = (at: string, value: Json): Count => {
    if (typeof value === 'string') throw new RemediationError({ code: 'BROKEN', message: at });
    return parse(at, value);
  };
  const { held, broken } = await listDocuments(store, 'iam/list/', { parse: throwing, brokenCode: 'BROKEN' });
  expect(held.map(({ document }) => document.count)).toEqual(Array.from({ length: 1_003 }, (_, index) => index));
  expect(broken.map(({ key: at, error }) => [at, error.code])).toEqual([['iam/list/x', 'BROKEN']]);
  await expect(listDocuments(store, 'iam/list/', { parse: throwing, brokenCode: 'OTHER' })).rejects.toMatchObject({
    code: 'BROKEN',
  });
});
