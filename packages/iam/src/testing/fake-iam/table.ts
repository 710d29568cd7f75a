import type { Staleness, WriteMark } from './staleness.ts';

/**
 * Records by key, each replaced as a whole and never changed, so that what a read still shows of the past costs one
 * record and not a copy of the account.
 */
export interface Table<V> {
  readonly size: number;
  get(key: string): V | undefined;
  /** In ascending order of the keys in lower case, as IAM lists names. */
  all(): readonly V[];
  /** undefined: removes it. */
  set(key: string, value: V | undefined): void;
  /** What a read shows: without the writes that are too recent. */
  seen(key: string): V | undefined;
  seenAll(): readonly V[];
}

interface Past<V> {
  readonly mark: WriteMark;
  readonly before: V | undefined;
}

/** Ascending in lower case; keys that differ only by case in their own order. */
const inOrder = (keys: Iterable<string>): string[] =>
  [...keys]
    .map((key) => [key.toLowerCase(), key] as const)
    .sort(([a, one], [b, other]) => (a < b ? -1 : a > b ? 1 : one < other ? -1 : 1))
    .map(([, key]) => key);

/** An empty table. */
export const createTable = <V>(staleness: Staleness): Table<V> => {
  const current = new Map<string, V>();
  const pasts = new Map<string, Past<V>[]>();
  // Listing page by page must not sort 5,000 names for each page.
  let ordered: string[] | undefined;

  const valuesOf = (keys: readonly string[], read: (key: string) => V | undefined): V[] =>
    keys.map(read).filter((value) => value !== undefined);
  const get = (key: string): V | undefined => current.get(key);
  const seen = (key: string): V | undefined => {
    const past = pasts.get(key)?.find((one) => staleness.isHidden(one.mark));
    return past === undefined ? current.get(key) : past.before;
  };
  const all = (): readonly V[] => {
    ordered ??= inOrder(current.keys());
    return valuesOf(ordered, get);
  };

  return {
    get size() {
      return current.size;
    },
    get,
    all,
    set(key, value) {
      const mark = staleness.mark();
      const past = (pasts.get(key) ?? []).filter((one) => staleness.isHidden(one.mark));
      if (mark !== undefined) past.push({ mark, before: current.get(key) });
      if (past.length > 0) pasts.set(key, past);
      else pasts.delete(key);
      if (value === undefined ? current.delete(key) : !current.has(key)) ordered = undefined;
      if (value !== undefined) current.set(key, value);
    },
    seen,
    seenAll() {
      const hidden = [...pasts].filter(([, past]) => past.some((one) => staleness.isHidden(one.mark)));
      return hidden.length === 0 ? all() : valuesOf(inOrder(new Set([...current.keys(), ...pasts.keys()])), seen);
    },
  };
};
