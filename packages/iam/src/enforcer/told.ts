import { addTo, type Duration, hours, type Instant, type Reason, toInstant } from '@remedykit/core';
import type { RunNotice } from '../messages/run-summary.ts';
import { sha256 } from '../warnings/mail-key.ts';

/** What is told more than once is bounded: the oldest is forgotten first, and told once more if it still holds. */
const maxTold = 5_000;

/** A run that is repeated within this tells its news again, for the message of the first may not have arrived. */
const toldAgainFor: Duration = hours(1);

/** Decides what of a run people have not been told yet. */
export interface Told {
  /** Whether this is news: it was told first by this run, or within the last hour. */
  isNews(what: string): boolean;
  /** Whether a run that came to its end knew this before; it goes on being known then. */
  wasTold(what: string): boolean;
  /** This is told now. */
  tell(what: string): void;
  notice(reason: Reason, subject?: string): RunNotice;
  /** What is known to be told after this run: what does not hold any more is forgotten, and is news when it comes back. */
  after(): Readonly<Record<string, Instant>>;
}

const newest = (held: Iterable<readonly [string, Instant]>): Readonly<Record<string, Instant>> =>
  Object.fromEntries([...held].sort(([, one], [, other]) => other.localeCompare(one)).slice(0, maxTold));

/** What was told before, and what half a run told: of both the first time, and no more than is kept at all. */
export const merged = (
  before: Readonly<Record<string, Instant>>,
  after: Readonly<Record<string, Instant>>,
): Readonly<Record<string, Instant>> => newest(Object.entries({ ...before, ...after }));

/** What people were told before, by short hashes and the first time. */
export const createTold = (before: Readonly<Record<string, Instant>>, now: Date): Told => {
  const at = toInstant(now);
  const held = new Map<string, Instant>();
  const keyOf = (what: string): string => sha256(what).slice(0, 16);
  const isKnown = (what: string): boolean => Object.hasOwn(before, keyOf(what));
  const firstTime = (what: string): Instant => {
    const key = keyOf(what);
    const first = held.get(key) ?? (Object.hasOwn(before, key) ? before[key] : undefined) ?? at;
    held.set(key, first);
    return first;
  };
  const isNews = (what: string): boolean => addTo(firstTime(what), toldAgainFor) > at;
  return {
    isNews,
    wasTold: (what) => {
      const known = isKnown(what);
      if (known) firstTime(what);
      return known;
    },
    tell: (what) => void firstTime(what),
    notice: ({ reason, because }, subject) => ({
      reason,
      because,
      announce: isNews(`${subject ?? ''}\n${reason}`),
      ...(subject === undefined ? {} : { subject }),
    }),
    after: () => newest(held),
  };
};
