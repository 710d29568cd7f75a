import type { PreviewOutcome } from './report.ts';

/** Weightiest first: what a finding or an address came to is the first of these that happened to it. */
export const outcomesByWeight: readonly PreviewOutcome[] = [
  'blocked',
  'not-blocked',
  'escalated',
  'refused',
  'ignored',
];

/** True when `one` says more than `other`. */
export const outweighs = (one: PreviewOutcome, other: PreviewOutcome): boolean =>
  outcomesByWeight.indexOf(one) < outcomesByWeight.indexOf(other);

/** A count for each outcome, all zero. */
export const noOutcomes = (): Record<PreviewOutcome, number> => ({
  blocked: 0,
  'not-blocked': 0,
  escalated: 0,
  refused: 0,
  ignored: 0,
});
