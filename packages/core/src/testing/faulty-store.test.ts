import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../state/memory.ts';
import { createFaultyStore } from './faulty-store.ts';
import { storeContract } from './store-contract.ts';

describe('createFaultyStore', () => {
  it('is a store like any other as long as no fault is asked for', async () => {
    for (const { run } of storeContract(async () => createFaultyStore(createMemoryStore()))) await run();
  });

  it('fails before the effect, as often as asked for, and only there', async () => {
    const store = createFaultyStore(createMemoryStore());
    store.failNext('putIfAbsent', { times: 2 });
    const unavailable = { code: 'STATE_UNAVAILABLE', retryable: true };
    await expect(store.putIfAbsent('test/a', {})).rejects.toMatchObject(unavailable);
    await expect(store.get('test/a')).resolves.toBeUndefined();
    await expect(store.putIfAbsent('test/a', {})).rejects.toMatchObject(unavailable);
    await expect(store.putIfAbsent('test/a', {})).resolves.toMatchObject({ ok: true });
    expect(store.calls).toEqual({ get: 1, putIfAbsent: 3, compareAndSet: 0, delete: 0, list: 0 });
  });

  it('loses the answer after the effect', async () => {
    const store = createFaultyStore(createMemoryStore());
    const error = new Error('socket hang up');
    store.failNext('putIfAbsent', { error, after: 'effect' });
    await expect(store.putIfAbsent('test/a', { n: 1 })).rejects.toBe(error);
    await expect(store.get('test/a')).resolves.toMatchObject({ value: { n: 1 } });
  });

  it('fails for keys of a prefix alone', async () => {
    const store = createFaultyStore(createMemoryStore());
    store.failNext('get', { prefix: 'control/' });
    await expect(store.get('test/a')).resolves.toBeUndefined();
    await expect(store.get('control/all')).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
    store.failNext('list', { prefix: 'test/' });
    await expect(store.list('test/')).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
  });

  it('stops where a hook says so, before and after the effect', async () => {
    const seen: string[] = [];
    const store = createFaultyStore(createMemoryStore(), {
      beforeEach: (operation, key) => void seen.push(`before ${operation} ${key}`),
      afterEach: (operation, key) => void seen.push(`after ${operation} ${key}`),
    });
    const put = await store.putIfAbsent('test/a', {});
    const version = put.ok ? put.version : '';
    expect(seen).toEqual(['before putIfAbsent test/a', 'after putIfAbsent test/a']);
    store.hooks.beforeEach = () => Promise.reject(new Error('crash'));
    await expect(store.delete('test/a', version)).rejects.toThrow('crash');
    delete store.hooks.beforeEach;
    await expect(store.get('test/a')).resolves.toBeDefined();
    store.hooks.afterEach = () => Promise.reject(new Error('crash'));
    await expect(store.delete('test/a', version)).rejects.toThrow('crash');
    delete store.hooks.afterEach;
    await expect(store.get('test/a')).resolves.toBeUndefined();
  });
});
