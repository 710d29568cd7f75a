import type { OverflowBlocker, OverflowRequest, OverflowTarget, OverflowThreat } from '../overflow/overflow-blocker.ts';

/** How a fake overflow blocker differs from one that takes everything. */
export interface FakeOverflowOptions {
  /** Default `overflow`. */
  readonly name?: string;
  /** Default: everything. */
  readonly covers?: (threat: OverflowThreat, target: OverflowTarget) => boolean;
  /** How many denies it holds at most. */
  readonly capacity?: number;
}

/** An overflow blocker in memory. */
export interface FakeOverflow extends OverflowBlocker {
  /** How often `block` was called. */
  readonly calls: number;
  /** Every request, in order. */
  readonly requests: readonly OverflowRequest[];
  /** What it denies, one for each request id, until the latest end that was asked for. */
  readonly denies: readonly OverflowRequest[];
  /** Makes the next calls fail: before anything is denied, or when it is and the answer is lost. */
  failNext(fault: { readonly after: 'before' | 'effect'; readonly times?: number }): void;
}

/**
 * An overflow blocker that keeps what it denies in memory, for tests of compositions.
 * @example
 * ```ts
 * import { createFakeOverflow } from '@remedykit/guardduty/testing';
 * const overflow = createFakeOverflow({ capacity: 10 });
 * overflow.failNext({ after: 'effect' });
 * ```
 */
export const createFakeOverflow = ({
  name = 'overflow',
  covers = () => true,
  capacity = Number.POSITIVE_INFINITY,
}: FakeOverflowOptions = {}): FakeOverflow => {
  const requests: OverflowRequest[] = [];
  const denies = new Map<string, OverflowRequest>();
  const faults: ('before' | 'effect')[] = [];
  return {
    name,
    covers,
    get calls() {
      return requests.length;
    },
    get requests() {
      return [...requests];
    },
    get denies() {
      return [...denies.values()];
    },
    failNext({ after, times = 1 }) {
      for (let time = 0; time < times; time += 1) faults.push(after);
    },
    async block(request) {
      requests.push(structuredClone(request));
      const fault = faults.shift();
      if (fault === 'before') throw new Error('the overflow is not there');
      const held = denies.get(request.id);
      if (held === undefined && denies.size >= capacity) {
        return { status: 'not-blocked', because: `It holds ${capacity} denies and no more.` };
      }
      if (held === undefined || held.expiresAt < request.expiresAt) denies.set(request.id, structuredClone(request));
      if (fault === 'effect') throw new Error('the answer was lost');
      return held === undefined
        ? { status: 'blocked', because: 'It took the deny.' }
        : { status: 'already-blocked', because: 'It has the deny.' };
    },
  };
};
