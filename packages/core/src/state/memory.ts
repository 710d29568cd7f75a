import type { Json } from '../json.ts';
import { positiveInteger } from '../options.ts';
import { serializeDocument } from './document.ts';
import { decodeToken, encodeToken, parseKey, parsePrefix } from './keys.ts';
import type { StateStore, Stored, WriteResult } from './store.ts';

interface Row {
  readonly body: string;
  readonly version: string;
}

/**
 * A state store in memory, for tests and for trying things out: nothing outlives the process. Documents are kept as
 * text, so no caller holds a reference into the store.
 * @example
 * ```ts
 * import { createMemoryStore } from '@remedykit/core';
 * const store = createMemoryStore();
 * await store.putIfAbsent('demo/greeting', { text: 'hello' });
 * ```
 */
export const createMemoryStore = (): StateStore => {
  const rows = new Map<string, Row>();
  // Counts writes of the whole store: a document deleted and made again never gets an old version back.
  let writes = 0;

  const stored = (key: string, { body, version }: Row): Stored => ({ key, value: JSON.parse(body) as Json, version });
  const conflict = (key: string): WriteResult => {
    const row = rows.get(key);
    return row ? { ok: false, current: stored(key, row) } : { ok: false };
  };
  const write = (key: string, body: string): WriteResult => {
    writes += 1;
    const version = String(writes);
    rows.set(key, { body, version });
    return { ok: true, version };
  };

  return {
    async get(key) {
      parseKey(key);
      const row = rows.get(key);
      return row && stored(key, row);
    },
    async putIfAbsent(key, value) {
      parseKey(key);
      const body = serializeDocument(key, value);
      return rows.has(key) ? conflict(key) : write(key, body);
    },
    async compareAndSet(key, value, version) {
      parseKey(key);
      const body = serializeDocument(key, value);
      return rows.get(key)?.version === version ? write(key, body) : conflict(key);
    },
    async delete(key, version) {
      parseKey(key);
      const row = rows.get(key);
      if (row && row.version !== version) return conflict(key);
      rows.delete(key);
      return { ok: true, version };
    },
    async list(prefix, { token, limit = 100 } = {}) {
      parsePrefix(prefix);
      positiveInteger('list', 'limit', limit);
      const after = token === undefined ? '' : decodeToken(prefix, token);
      const keys = [...rows.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
      const page = keys.slice(0, limit);
      const last = page.at(-1);
      return {
        documents: page.flatMap((key) => {
          const row = rows.get(key);
          return row ? [stored(key, row)] : [];
        }),
        ...(last !== undefined && keys.length > limit ? { nextToken: encodeToken(last) } : {}),
      };
    },
  };
};
