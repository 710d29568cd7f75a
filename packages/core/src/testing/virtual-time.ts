/** Time that passes only when everybody waits, so that a run of minutes takes seconds and is the same each time. */
export interface VirtualTime {
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  /** Lets time pass until the work is done. */
  run<Result>(work: Promise<Result>): Promise<Result>;
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

const allSettled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Virtual time from `start` on. Whoever sleeps is woken in the order of the instants, then of falling asleep. Give `now` and
 * `sleep` to everything that takes part; nothing in the work may wait for real time.
 * @example
 * ```ts
 * import { hours } from '@remedykit/core';
 * import { createVirtualTime } from '@remedykit/core/testing';
 * const time = createVirtualTime(new Date('2026-11-24T10:00:00Z'));
 * await time.run(time.sleep(hours(24)));
 * ```
 */
export const createVirtualTime = (start: Date): VirtualTime => {
  let now = start.getTime();
  let order = 0;
  const sleepers: Sleeper[] = [];
  return {
    now: () => new Date(now),
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ at: now + Math.max(0, ms), order: order++, wake });
      }),
    async run(work) {
      let done = false;
      const end = () => {
        done = true;
      };
      work.then(end, end);
      for (;;) {
        await allSettled();
        if (done) return work;
        sleepers.sort((a, b) => a.at - b.at || a.order - b.order);
        const next = sleepers.shift();
        if (next === undefined) throw new Error('Everybody waits for something that never comes.');
        now = Math.max(now, next.at);
        next.wake();
      }
    },
  };
};
