import assert from 'node:assert/strict';
import { isRemediationError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { StateStore, Stored, WriteResult } from '../state/store.ts';

/** One case of a contract: give both parts to any test runner. */
export interface ContractCase {
  readonly title: string;
  /** Rejects with an error that says what does not hold. */
  readonly run: () => Promise<void>;
}

type Check = (store: StateStore) => Promise<void>;

const written = (result: WriteResult): string => {
  assert.ok(result.ok, 'the write should have taken place');
  return result.version;
};

const conflicted = (result: WriteResult): Stored | undefined => {
  assert.ok(!result.ok, 'the write should have been refused');
  return result.current;
};

const rejectsWith = async (code: string, run: () => Promise<unknown>): Promise<void> => {
  await assert.rejects(run, (error) => isRemediationError(error) && error.code === code && !error.retryable, code);
};

const listAll = async (store: StateStore, prefix: string, limit: number): Promise<Stored[]> => {
  const documents: Stored[] = [];
  let token: string | undefined;
  for (let page = 0; page < 100; page += 1) {
    const answer = await store.list(prefix, { limit, ...(token === undefined ? {} : { token }) });
    assert.ok(answer.documents.length <= limit, 'a page holds at most `limit` documents');
    documents.push(...answer.documents);
    token = answer.nextToken;
    if (token === undefined) return documents;
  }
  return assert.fail('the listing does not end');
};

const keysOf = (documents: readonly Stored[]): string[] => documents.map(({ key }) => key);

const readingAndCreating: Record<string, Check> = {
  'get: an absent document is undefined': async (store) => {
    assert.equal(await store.get('test/absent'), undefined);
  },
  'putIfAbsent: what is put can be read, with the version that the write gave': async (store) => {
    const value: Json = {
      text: 'Grüße, 世界 \u0000\u2028',
      list: [1, -0.5, null, true, [], {}],
      nested: { a: { b: '' } },
    };
    const version = written(await store.putIfAbsent('test/a', value));
    assert.deepEqual(await store.get('test/a'), { key: 'test/a', value, version });
  },
  'putIfAbsent: any JSON is a document, and an undefined key is no key': async (store) => {
    for (const [name, value] of Object.entries<Json>({ null: null, text: '', zero: 0, no: false, list: [] })) {
      await store.putIfAbsent(`test/${name}`, value);
      assert.deepEqual((await store.get(`test/${name}`))?.value, value);
    }
    await store.putIfAbsent('test/undefined', { kept: 1, left: undefined });
    assert.deepEqual((await store.get('test/undefined'))?.value, { kept: 1 });
  },
  'putIfAbsent: refuses what exists and returns it as it is': async (store) => {
    const version = written(await store.putIfAbsent('test/a', { n: 1 }));
    assert.deepEqual(conflicted(await store.putIfAbsent('test/a', { n: 2 })), {
      key: 'test/a',
      value: { n: 1 },
      version,
    });
    assert.deepEqual((await store.get('test/a'))?.value, { n: 1 });
  },
  'stored documents are copies: neither what was put nor what was got reaches into the store': async (store) => {
    const value = { list: [1] };
    await store.putIfAbsent('test/a', value);
    value.list.push(2);
    const got = await store.get('test/a');
    try {
      Object.assign(got?.value ?? {}, { list: [3] });
    } catch {
      // A frozen copy serves as well.
    }
    assert.deepEqual((await store.get('test/a'))?.value, { list: [1] });
  },
};

const changing: Record<string, Check> = {
  'compareAndSet: changes the document that has the version, and gives a new version': async (store) => {
    const first = written(await store.putIfAbsent('test/a', { n: 1 }));
    const second = written(await store.compareAndSet('test/a', { n: 2 }, first));
    assert.notEqual(second, first);
    assert.deepEqual(await store.get('test/a'), { key: 'test/a', value: { n: 2 }, version: second });
  },
  'compareAndSet: refuses an old version and returns the document as it is': async (store) => {
    const first = written(await store.putIfAbsent('test/a', { n: 1 }));
    const version = written(await store.compareAndSet('test/a', { n: 2 }, first));
    assert.deepEqual(conflicted(await store.compareAndSet('test/a', { n: 3 }, first)), {
      key: 'test/a',
      value: { n: 2 },
      version,
    });
    assert.deepEqual((await store.get('test/a'))?.value, { n: 2 });
  },
  'compareAndSet: makes nothing that is absent': async (store) => {
    const version = written(await store.putIfAbsent('test/a', {}));
    assert.equal(conflicted(await store.compareAndSet('test/b', {}, version)), undefined);
    assert.equal(await store.get('test/b'), undefined);
  },
  'compareAndSet: refuses a version that it never gave': async (store) => {
    await store.putIfAbsent('test/a', { n: 1 });
    for (const version of ['', 'nonsense', '0', '1.', 'é'])
      assert.deepEqual(conflicted(await store.compareAndSet('test/a', { n: 2 }, version))?.value, { n: 1 });
  },
  'compareAndSet: of many at the same time exactly one succeeds': async (store) => {
    const version = written(await store.putIfAbsent('test/a', { winner: -1 }));
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, winner) => store.compareAndSet('test/a', { winner }, version)),
    );
    assert.equal(results.filter(({ ok }) => ok).length, 1);
    const winner = results.findIndex(({ ok }) => ok);
    assert.deepEqual((await store.get('test/a'))?.value, { winner });
  },
  'putIfAbsent: of many at the same time exactly one succeeds': async (store) => {
    const results = await Promise.all(Array.from({ length: 8 }, (_, n) => store.putIfAbsent('test/a', { n })));
    assert.equal(results.filter(({ ok }) => ok).length, 1);
    assert.deepEqual((await store.get('test/a'))?.value, { n: results.findIndex(({ ok }) => ok) });
  },
  'delete: takes out the document that has the version': async (store) => {
    const version = written(await store.putIfAbsent('test/a', {}));
    written(await store.delete('test/a', version));
    assert.equal(await store.get('test/a'), undefined);
  },
  'delete: refuses an old version and returns the document as it is': async (store) => {
    const first = written(await store.putIfAbsent('test/a', { n: 1 }));
    await store.compareAndSet('test/a', { n: 2 }, first);
    for (const version of [first, 'nonsense', ''])
      assert.deepEqual(conflicted(await store.delete('test/a', version))?.value, { n: 2 });
    assert.notEqual(await store.get('test/a'), undefined);
  },
  'delete: of what is absent is a success': async (store) => {
    const version = written(await store.putIfAbsent('test/a', {}));
    written(await store.delete('test/a', version));
    written(await store.delete('test/a', version));
    written(await store.delete('test/never', 'nonsense'));
  },
  'a document deleted and made again never has an old version': async (store) => {
    const first = written(await store.putIfAbsent('test/a', { n: 1 }));
    await store.delete('test/a', first);
    const second = written(await store.putIfAbsent('test/a', { n: 1 }));
    assert.notEqual(second, first);
    conflicted(await store.compareAndSet('test/a', { n: 2 }, first));
    conflicted(await store.delete('test/a', first));
  },
  'a write that came too late after a lost answer cannot undo a later one': async (store) => {
    const first = written(await store.putIfAbsent('test/a', { n: 1 }));
    const second = written(await store.compareAndSet('test/a', { n: 2 }, first));
    written(await store.compareAndSet('test/a', { n: 3 }, second));
    conflicted(await store.compareAndSet('test/a', { n: 2 }, first));
    assert.deepEqual((await store.get('test/a'))?.value, { n: 3 });
  },
};

const listing: Record<string, Check> = {
  'list: all documents under the prefix in order of their keys, whatever the page size': async (store) => {
    const keys = ['test/a', 'test/a/b', 'test/B', 'test/10', 'test/9', 'test/~', 'test/a b', 'test/a-b'].sort();
    for (const key of keys) await store.putIfAbsent(key, { key });
    await store.putIfAbsent('test2/a', {});
    await store.putIfAbsent('other/a', {});
    for (const limit of [1, 3, keys.length, 100]) {
      const documents = await listAll(store, 'test/', limit);
      assert.deepEqual(keysOf(documents), keys);
      for (const { key, value, version } of documents) {
        assert.deepEqual(value, { key });
        assert.equal(version, (await store.get(key))?.version);
      }
    }
  },
  'list: a longer prefix narrows, also within a segment': async (store) => {
    for (const key of ['nacl/1/eu/a', 'nacl/1/eu/b', 'nacl/1/us/a', 'nacl/12/eu/a']) await store.putIfAbsent(key, {});
    assert.deepEqual(keysOf(await listAll(store, 'nacl/1/', 10)), ['nacl/1/eu/a', 'nacl/1/eu/b', 'nacl/1/us/a']);
    assert.deepEqual(keysOf(await listAll(store, 'nacl/1/eu/', 1)), ['nacl/1/eu/a', 'nacl/1/eu/b']);
    assert.deepEqual(keysOf(await listAll(store, 'nacl/1', 10)).length, 4);
    assert.deepEqual(await listAll(store, 'nacl/2/', 10), []);
  },
  'list: goes on after its token although documents come and go': async (store) => {
    for (const key of ['test/a', 'test/b', 'test/c']) await store.putIfAbsent(key, {});
    const { documents, nextToken } = await store.list('test/', { limit: 2 });
    assert.deepEqual(keysOf(documents), ['test/a', 'test/b']);
    assert.ok(nextToken !== undefined, 'there is another page');
    await store.delete('test/b', documents[1]?.version ?? '');
    await store.putIfAbsent('test/aa', {});
    assert.deepEqual(keysOf((await store.list('test/', { token: nextToken })).documents), ['test/c']);
  },
  'list: has a page size of its own': async (store) => {
    await store.putIfAbsent('test/a', {});
    assert.deepEqual(keysOf((await store.list('test/')).documents), ['test/a']);
  },
};

const refusing: Record<string, Check> = {
  'STATE_KEY_INVALID: a key needs two segments, none empty, of printable ASCII, at most 1,024 bytes': async (store) => {
    for (const key of ['', 'test', '/a', 'test/', 'test//a', 'test/é', 'test/a\n', `test/${'a'.repeat(1020)}`]) {
      await rejectsWith('STATE_KEY_INVALID', () => store.get(key));
      await rejectsWith('STATE_KEY_INVALID', () => store.putIfAbsent(key, {}));
      await rejectsWith('STATE_KEY_INVALID', () => store.compareAndSet(key, {}, '1'));
      await rejectsWith('STATE_KEY_INVALID', () => store.delete(key, '1'));
    }
    written(await store.putIfAbsent(`test/${'a'.repeat(1019)}`, {}));
  },
  'STATE_KEY_INVALID: a prefix needs its first segment and slash': async (store) => {
    for (const prefix of ['', 'test', '/', 'test//a']) await rejectsWith('STATE_KEY_INVALID', () => store.list(prefix));
  },
  'STATE_TOO_LARGE: over 256 KB of JSON in UTF-8, and nothing was written': async (store) => {
    const fits = 'a'.repeat(256 * 1024 - 2);
    const version = written(await store.putIfAbsent('test/fits', fits));
    for (const value of [`${fits}a`, 'é'.repeat(128 * 1024)]) {
      await rejectsWith('STATE_TOO_LARGE', () => store.putIfAbsent('test/a', value));
      await rejectsWith('STATE_TOO_LARGE', () => store.compareAndSet('test/fits', value, version));
      await rejectsWith('STATE_TOO_LARGE', () => store.compareAndSet('test/fits', value, 'nonsense'));
    }
    assert.equal(await store.get('test/a'), undefined);
    assert.equal((await store.get('test/fits'))?.version, version);
  },
  'JSON_INVALID: what JSON would change in silence': async (store) => {
    await rejectsWith('JSON_INVALID', () => store.putIfAbsent('test/a', { n: Number.NaN }));
    assert.equal(await store.get('test/a'), undefined);
  },
  'OPTION_INVALID: a limit of zero is not unlimited, and a token is one that the listing gave': async (store) => {
    for (const limit of [0, -1, 1.5]) await rejectsWith('OPTION_INVALID', () => store.list('test/', { limit }));
    await store.putIfAbsent('other/a', {});
    await store.putIfAbsent('other/b', {});
    const { nextToken = '' } = await store.list('other/', { limit: 1 });
    for (const token of ['', 'nonsense', nextToken])
      await rejectsWith('OPTION_INVALID', () => store.list('test/', { token }));
  },
};

/**
 * What every state store must do, as cases for any test runner. `createStore` gives an empty store each time it is called.
 * @example
 * ```ts
 * import { test } from 'node:test';
 * import { createMemoryStore } from '@remedykit/core';
 * import { storeContract } from '@remedykit/core/testing';
 * for (const { title, run } of storeContract(async () => createMemoryStore())) test(title, run);
 * ```
 */
export const storeContract = (createStore: () => Promise<StateStore>): ContractCase[] =>
  Object.entries({ ...readingAndCreating, ...changing, ...listing, ...refusing }).map(([title, check]) => ({
    title,
    run: async () => check(await createStore()),
  }));
