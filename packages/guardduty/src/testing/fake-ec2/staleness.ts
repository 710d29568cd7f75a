import type { Clock, Duration } from '@remedykit/core';
import type { World } from './state.ts';

/**
 * How long describes lag behind writes made from now on: by the clock (milliseconds), or for so many describes of each
 * kind after a write. `false`: not at all.
 */
export type StaleReads = { readonly forMs: Duration } | { readonly forCalls: number } | false;

interface Past {
  readonly world: World;
  readonly at: number;
  /** Describes made since the write, by operation. */
  readonly describes: Map<string, number>;
}

/** Remembers how the world looked before recent writes. */
export interface History {
  staleReads(lag: StaleReads): void;
  /** To be called before each write. */
  beforeWrite(): void;
  /** What a describe shows: the world as it was before the first write that is still too recent, or as it is. */
  seenBy(operation: string): World;
}

export const createHistory = (current: World, now: Clock): History => {
  let lag: StaleReads = false;
  let past: Past[] = [];

  const hidden = (one: Past, operation: string): boolean => {
    if (lag === false) return false;
    if ('forMs' in lag) return now().getTime() - one.at < lag.forMs;
    return (one.describes.get(operation) ?? 0) < lag.forCalls;
  };

  return {
    staleReads(next) {
      lag = next;
      past = [];
    },
    beforeWrite() {
      if (lag === false) return;
      if ('forMs' in lag) past = past.filter((one) => hidden(one, ''));
      past.push({ world: structuredClone(current), at: now().getTime(), describes: new Map() });
    },
    seenBy(operation) {
      const shown = past.find((one) => hidden(one, operation));
      for (const one of past) one.describes.set(operation, (one.describes.get(operation) ?? 0) + 1);
      return shown?.world ?? current;
    },
  };
};
