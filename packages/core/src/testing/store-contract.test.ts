import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../state/memory.ts';
import type { StateStore } from '../state/store.ts';
import { storeContract } from './store-contract.ts';

const failures = async (createStore: () => StateStore): Promise<string[]> => {
  const failed: string[] = [];
  for (const { title, run } of storeContract(async () => createStore()))
    await run().catch(() => {
      failed.push(title.slice(0, title.indexOf(':')));
    });
  return [...new Set(failed)];
};

const broken = (change: (store: StateStore) => Partial<StateStore>) => (): StateStore => {
  const store = createMemoryStore();
  return { ...store, ...change(store) };
};

describe('storeContract', () => {
  it('has titles that differ', () => {
    const titles = storeContract(async () => createMemoryStore()).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it.each<[string, string, () => StateStore]>([
    [
      'writes whatever is there',
      'putIfAbsent',
      broken((store) => ({
        putIfAbsent: async (key, value) => {
          const current = await store.get(key);
          return current ? store.compareAndSet(key, value, current.version) : store.putIfAbsent(key, value);
        },
      })),
    ],
    [
      'ignores the version',
      'compareAndSet',
      broken((store) => ({
        compareAndSet: async (key, value) => store.compareAndSet(key, value, (await store.get(key))?.version ?? ''),
      })),
    ],
    [
      'deletes whatever is there',
      'delete',
      broken((store) => ({
        delete: async (key) => store.delete(key, (await store.get(key))?.version ?? ''),
      })),
    ],
    [
      'says nothing of what is there',
      'compareAndSet',
      broken((store) => ({
        compareAndSet: async (...write) => {
          const result = await store.compareAndSet(...write);
          return result.ok ? result : { ok: false };
        },
      })),
    ],
    [
      'lists one page alone',
      'list',
      broken((store) => ({
        list: async (prefix, options) => ({ documents: (await store.list(prefix, options)).documents }),
      })),
    ],
    [
      'lists backwards',
      'list',
      broken((store) => ({
        list: async (prefix, options) => {
          const page = await store.list(prefix, options);
          return { ...page, documents: page.documents.toReversed() };
        },
      })),
    ],
    [
      'takes a limit of zero for none',
      'OPTION_INVALID',
      broken((store) => ({
        list: (prefix, { limit, ...rest } = {}) => store.list(prefix, { ...rest, ...(limit ? { limit } : {}) }),
      })),
    ],
  ])('notices a store that %s', async (_, title, createStore) => {
    expect(await failures(createStore)).toContain(title);
  });

  it('notices a store that hands out what it holds', async () => {
    const held = new Map<string, object>();
    const createStore = broken((store) => ({
      putIfAbsent: async (key, value) => {
        if (typeof value === 'object' && value !== null) held.set(key, value);
        return store.putIfAbsent(key, value);
      },
      get: async (key) => {
        const stored = await store.get(key);
        return stored && { ...stored, value: (held.get(key) as never) ?? stored.value };
      },
    }));
    await expect(failures(createStore)).resolves.not.toEqual([]);
  });
});
