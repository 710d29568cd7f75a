import { nonNegative, positiveInteger } from '../options.ts';
import { type Duration, type Instant, toInstant } from '../time.ts';

/**
 * How often something happened lately, in buckets of equal length; plain JSON, kept in a stored document, for one
 * invocation is one event and knows nothing of the others.
 */
export interface RollingWindow {
  /** Length of a bucket, in ms. */
  readonly bucketMs: Duration;
  /** In order of their start; a bucket in which nothing happened is absent. */
  readonly buckets: readonly { readonly start: Instant; readonly count: number }[];
}

/**
 * A window in which nothing has happened.
 * @throws RemediationError `OPTION_INVALID` when `bucketMs` is no whole number of at least 1
 */
export const emptyWindow = (bucketMs: Duration): RollingWindow => ({
  bucketMs: positiveInteger('emptyWindow', 'bucketMs', bucketMs),
  buckets: [],
});

type Bucket = RollingWindow['buckets'][number];

const isWithin = (bucket: Bucket, bucketMs: Duration, from: number): boolean => {
  const end = Date.parse(bucket.start) + bucketMs;
  // A start that cannot be read counts: a limit must not open because of it.
  return Number.isNaN(end) || end > from;
};

/**
 * How often it happened in the last `lengthMs`. Errs to the high side: a bucket that is partly inside counts whole, and so
 * does one that lies in the future (another machine's clock).
 */
export const countWithin = ({ bucketMs, buckets }: RollingWindow, now: Date, lengthMs: Duration): number =>
  buckets
    .filter((bucket) => isWithin(bucket, bucketMs, now.getTime() - lengthMs))
    .reduce((sum, { count }) => sum + count, 0);

/**
 * The window with `count` more at `now`. Buckets older than `lengthMs` are dropped, so its size is bounded by
 * `lengthMs / bucketMs + 2`; those from the future move to now, so that a wrong clock is forgotten after `lengthMs`.
 * @throws RemediationError `OPTION_INVALID` when `count` is negative or no number
 */
export const addToWindow = (
  { bucketMs, buckets }: RollingWindow,
  now: Date,
  count: number,
  lengthMs: Duration,
): RollingWindow => {
  nonNegative('addToWindow', 'count', count);
  const current = Math.floor(now.getTime() / bucketMs) * bucketMs;
  const counts = new Map<number, number>();
  const add = (start: number, more: number): void => void counts.set(start, (counts.get(start) ?? 0) + more);
  for (const bucket of buckets) {
    if (!isWithin(bucket, bucketMs, now.getTime() - lengthMs)) continue;
    const start = Date.parse(bucket.start);
    add(Number.isNaN(start) ? current : Math.min(start, current), bucket.count);
  }
  add(current, count);
  return {
    bucketMs,
    buckets: [...counts]
      .filter(([, many]) => many !== 0)
      .sort(([left], [right]) => left - right)
      .map(([start, many]) => ({ start: toInstant(new Date(start)), count: many })),
  };
};

/** How much of `limit` is left in the last `lengthMs`; never negative. A limit of 0 leaves nothing. */
export const remainingWithin = (window: RollingWindow, limit: number, now: Date, lengthMs: Duration): number => {
  const used = countWithin(window, now, lengthMs);
  return used < limit ? limit - used : 0;
};
