import { type Clock, type Duration, minutes } from '@remedykit/core';

/** How long facts that many findings share are kept, ms. */
export const maxInventoryAge: Duration = minutes(5);

/**
 * Answers of one kind by key, kept for five minutes; concurrent callers share one reading. A failure is not kept, and a
 * clock that was set back reads anew.
 */
export const createCached = <V>(now: Clock): ((key: string, read: (at: Date) => Promise<V>) => Promise<V>) => {
  const kept = new Map<string, { readonly at: number; readonly value: Promise<V> }>();
  const isFresh = (at: number, time: number): boolean => time >= at && time - at < maxInventoryAge;
  return async (key, read) => {
    const at = now();
    const time = at.getTime();
    const known = kept.get(key);
    if (known && isFresh(known.at, time)) return known.value;
    for (const [old, one] of kept) if (!isFresh(one.at, time)) kept.delete(old);
    const value = read(at);
    kept.set(key, { at: time, value });
    value.catch(() => {
      if (kept.get(key)?.value === value) kept.delete(key);
    });
    return value;
  };
};
