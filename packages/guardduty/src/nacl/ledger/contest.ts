import { addTo, days, minutes } from '@remedykit/core';
import type { Contest, Ledger, Vanishing } from './ledger.ts';

/** At most this many vanishings are kept. */
const maxVanishings = 32;

/** How long a quarrel lasts, and how far back a vanishing counts for the same address, ms. */
const contestFor = days(1);

/** One vanishing per address counts in this time, and as many different ones as `crowd` in it are no accident, ms. */
const shortWhile = minutes(10);
const crowd = 3;

const isWithin = ({ at }: Vanishing, ms: number, now: Date): boolean => now.getTime() - Date.parse(at) < ms;

/** The quarrel about a network ACL that holds at `now`: nothing new is written there. Pure. */
export const contestAt = ({ contested }: Pick<Ledger, 'contested'>, now: Date): Contest | undefined =>
  contested !== undefined && Date.parse(contested.until) > now.getTime() ? contested : undefined;

/** What is to be done about a deny that has vanished. */
export type VanishingVerdict =
  /** Put it back; it counts as a vanishing when EC2 takes the create. */
  | { readonly kind: 'restore' }
  /** Somebody takes out what we put in: nothing is put back. `isNew`: the ledger does not say so yet (`contest` step). */
  | { readonly kind: 'contested'; readonly contest: Contest; readonly isNew: boolean };

/**
 * Whether a deny that has vanished is put back, or whether somebody means it: it was put back before in the last day, or two
 * others were in the last 10 minutes. For 10 minutes after it was put back nothing is concluded from it: EC2 may answer
 * late. Pure.
 */
export const judgeVanishing = (
  ledger: Pick<Ledger, 'vanishings' | 'contested'>,
  cidr: string,
  now: Date,
): VanishingVerdict => {
  const known = contestAt(ledger, now);
  if (known) return { kind: 'contested', contest: known, isNew: false };
  const lately = ledger.vanishings.filter((one) => isWithin(one, shortWhile, now));
  if (lately.some((one) => one.cidr === cidr)) return { kind: 'restore' };
  const before = ledger.vanishings.find((one) => one.cidr === cidr && isWithin(one, contestFor, now));
  if (before) return contested(`The deny of ${cidr} was put back at ${before.at} and is gone again.`, now);
  const others = new Set(lately.map((one) => one.cidr)).size;
  if (others + 1 < crowd) return { kind: 'restore' };
  return contested(`The deny of ${cidr} is gone, as ${others} others were in the last 10 minutes.`, now);
};

const contested = (because: string, now: Date): VanishingVerdict => ({
  kind: 'contested',
  contest: { since: now.toISOString(), until: addTo(now, contestFor), because },
  isNew: true,
});

/** The vanishings of the last day with one more, unless the same deny vanished a short while ago. Pure. */
export const withVanishing = (vanishings: readonly Vanishing[], cidr: string, now: Date): readonly Vanishing[] => {
  const kept = vanishings.filter((one) => isWithin(one, contestFor, now));
  if (kept.some((one) => one.cidr === cidr && isWithin(one, shortWhile, now))) return kept;
  return [{ cidr, at: now.toISOString() }, ...kept].slice(0, maxVanishings);
};
