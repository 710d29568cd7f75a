import type { Duration } from '@remedykit/core';

/** A rate that a target bears: one request every `everyMs`, after a pause up to `burst` at once. */
export interface Pace {
  readonly everyMs: Duration;
  /** At least 1. */
  readonly burst: number;
}

/** Keeps to a pace; asks for the time instead of reading a clock. */
export interface Pacer {
  /** Milliseconds until the next request may go. */
  waitMs(now: number): Duration;
  /** A request goes now. */
  take(now: number): void;
}

/** More requests than any delivery sends again. */
const overdraft = 9;

/** A token bucket, kept as the one instant at which it would be full again. */
export const createPacer = ({ everyMs, burst }: Pace): Pacer => {
  let fullAt = 0;
  // Retries may overdraw the bucket by a few; what lies further ahead was noted before the clock was set back.
  const known = (now: number): number => Math.min(fullAt, now + (burst + overdraft) * everyMs);
  return {
    waitMs: (now) => Math.max(0, known(now) - now - (burst - 1) * everyMs),
    take: (now) => {
      fullAt = Math.max(known(now), now) + everyMs;
    },
  };
};
