import { publishingInterval } from '../policy.ts';

/** What decides who keeps a place when there is no room for all. */
export interface Standing {
  readonly findingType: string;
  readonly spoofable: boolean;
  /** Publishing intervals in which it was seen. */
  readonly sightings: number;
  readonly lastSeen: string;
  readonly severity: number;
}

/** What ranks last whatever else it is: it could be forged, or nobody answers at the address any more. */
const isFaint = ({ spoofable, findingType }: Pick<Standing, 'spoofable' | 'findingType'>): boolean =>
  spoofable || isBlackHole(findingType);

/** True for findings about addresses at which nobody answers. */
export const isBlackHole = (findingType: string): boolean => /\/BlackholeTraffic\b/.test(findingType);

/** Seen in two or more publishing intervals: a decoy is loud once, an attacker comes back. */
export const isPersistent = ({ sightings }: Pick<Standing, 'sightings'>): boolean => sightings >= 2;

/** Publishing intervals since the latest sighting; what lies in the future is now. */
const intervalsAgo = ({ lastSeen }: Standing, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - Date.parse(lastSeen)) / publishingInterval));

/** In order of weight; severity is not among them, for decoys are loud. */
const weights = (standing: Standing, now: Date): readonly number[] => [
  isFaint(standing) ? 0 : 1,
  isPersistent(standing) ? 1 : 0,
  -intervalsAgo(standing, now),
];

const compareWeights = (a: Standing, b: Standing, now: Date): number => {
  const other = weights(b, now);
  return weights(a, now).reduce((found, weight, at) => found || weight - (other[at] ?? 0), 0);
};

/**
 * Which of two should rather be denied: persistence, then recency, then severity; negative when it is `b`. Faint evidence
 * ranks last. Pure.
 */
export const compareRank = (a: Standing, b: Standing, now: Date): number =>
  compareWeights(a, b, now) || a.severity - b.severity;

/** True when `a` may take the place of `b`: severity alone never evicts. Pure. */
export const outranks = (a: Standing, b: Standing, now: Date): boolean => compareWeights(a, b, now) > 0;

/** How many publishing intervals a finding's own count and times show. Pure. */
export const intervalsSeen = (
  count: number | undefined,
  firstSeen: string | undefined,
  lastSeen: string | undefined,
): number => {
  const span = Date.parse(lastSeen ?? '') - Date.parse(firstSeen ?? '');
  if (count === undefined || !(count >= 1) || !(span >= 0)) return 1;
  return Math.min(Math.floor(count), 1 + Math.floor(span / publishingInterval), mostSightings);
};

/** Enough to tell persistence; what a ledger holds is bounded. */
const mostSightings = 999;

/**
 * The publishing intervals in which an address was seen, with one more sighting, where `since` is the first of them: a
 * sighting counts when as many intervals have passed. Pure.
 */
export const sightingsWith = (
  known: { readonly sightings: number; readonly since: string; readonly lastSeen: string },
  request: { readonly sightings?: number; readonly lastSeen: string },
): number => {
  const seen = Date.parse(request.lastSeen);
  const counts =
    seen > Date.parse(known.lastSeen) && seen - Date.parse(known.since) >= known.sightings * publishingInterval;
  return Math.min(mostSightings, Math.max(known.sightings + (counts ? 1 : 0), request.sightings ?? 1));
};
