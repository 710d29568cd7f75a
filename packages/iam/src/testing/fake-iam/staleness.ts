import type { Clock, Duration } from '@remedykit/core';

/**
 * How long reads lag behind writes made from now on: by the clock (milliseconds), or for so many reads of any kind after a
 * write. `false`: not at all.
 */
export type StaleReads = { readonly forMs: Duration } | { readonly forCalls: number } | false;

/** When a write was made: by the clock, in milliseconds, and by the number of reads before it. */
export interface WriteMark {
  readonly at: number;
  readonly reads: number;
}

/** Knows which writes reads do not show yet. */
export interface Staleness {
  staleReads(lag: StaleReads): void;
  /** To be called at each write; undefined: it shows at once. */
  mark(): WriteMark | undefined;
  isHidden(mark: WriteMark): boolean;
  /** To be called after each read. */
  countRead(): void;
}

/** Nothing lags until `staleReads` says so. */
export const createStaleness = (now: Clock): Staleness => {
  let lag: StaleReads = false;
  let reads = 0;
  return {
    staleReads(next) {
      lag = next;
    },
    mark: () => (lag === false ? undefined : { at: now().getTime(), reads }),
    isHidden({ at, reads: before }) {
      if (lag === false) return false;
      return 'forMs' in lag ? now().getTime() - at < lag.forMs : reads - before < lag.forCalls;
    },
    countRead() {
      reads += 1;
    },
  };
};
