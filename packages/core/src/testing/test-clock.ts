import type { Clock, Duration } from '../time.ts';

/** A clock that stands until it is moved. */
export interface TestClock {
  readonly now: Clock;
  /** Moves on by `ms`; negative: back. */
  advance(ms: Duration): void;
  set(date: Date): void;
}

/**
 * A clock for tests.
 * @example
 * ```ts
 * import { hours } from '@remedykit/core';
 * import { createTestClock } from '@remedykit/core/testing';
 * const clock = createTestClock(new Date('2026-11-24T10:00:00Z'));
 * clock.advance(hours(24));
 * ```
 */
export const createTestClock = (start: Date): TestClock => {
  let time = start.getTime();
  return {
    // A new Date each time: whoever changes the one he got does not move the clock.
    now: () => new Date(time),
    advance: (ms) => {
      time += ms;
    },
    set: (date) => {
      time = date.getTime();
    },
  };
};
