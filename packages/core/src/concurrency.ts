import { positiveInteger } from './options.ts';

/** The result of one item: its value, or what was thrown. */
export type Settled<R> = { readonly ok: true; readonly value: R } | { readonly ok: false; readonly error: unknown };

/**
 * Runs `fn` over all items, at most `limit` at a time. Every item gets a result, in the order of the items; one that
 * throws stops no other, so nothing is lost and nothing runs on unobserved.
 * @throws RemediationError `OPTION_INVALID` when `limit` is no whole number of at least 1; nothing was called then
 */
export const mapConcurrent = async <T, R>(
  items: readonly T[],
  limit: number,
  fn: (item: T, index: number) => Promise<R> | R,
): Promise<Settled<R>[]> => {
  positiveInteger('mapConcurrent', 'limit', limit);
  const results: Settled<R>[] = new Array(items.length);
  // One iterator shared by all workers: each takes the next item when it is free.
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      try {
        results[index] = { ok: true, value: await fn(item, index) };
      } catch (error) {
        results[index] = { ok: false, error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
};
