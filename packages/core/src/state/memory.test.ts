import { describe, expect, it } from 'vitest';
import { createMemoryStore } from './memory.ts';

describe('createMemoryStore', () => {
  it('hands out copies: neither what was put nor what was got reaches into the store', async () => {
    const store = createMemoryStore();
    const value = { list: [1] };
    await store.putIfAbsent('test/a', value);
    value.list.push(2);
    const got = await store.get('test/a');
    if (typeof got?.value === 'object') Object.assign(got.value ?? {}, { list: [3] });
    expect((await store.get('test/a'))?.value).toEqual({ list: [1] });
  });
});
