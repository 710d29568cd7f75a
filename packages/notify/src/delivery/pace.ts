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

/** A token bucket, kept as the one instant at which it would be full again. */
export const createPacer = ({ everyMs, burst }: Pace): Pacer => {
  let fullAt = 0;
  return {
    waitMs: (now) => Math.max(0, fullAt - now - (burst - 1) * everyMs),
    take: (now) => {
      fullAt = Math.max(fullAt, now) + everyMs;
    },
  };
};
