import { dueClassOf } from '../../messages/due-classes.ts';
import { isDue, type ReportedCase, type ReportedStep } from '../document.ts';
import type { Standing } from './words.ts';

const effects: ReadonlySet<ReportedStep['outcome']> = new Set(['applied', 'already-applied']);

/** What the decision about acting says of where a case stands, if anything. */
const standingByDecision = (reason: string): Standing | undefined => {
  if (reason === 'on-hold') return 'held';
  if (reason === 'already-denied') return 'denied';
  const kind = dueClassOf(reason);
  return kind === 'incident' || kind === 'left' ? kind : undefined;
};

/** Where a case stands: what was done about it counts more than what was due. */
export const standingOf = (one: ReportedCase): Standing => {
  if (one.steps.some(({ action, outcome }) => action !== 'warn' && effects.has(outcome))) return 'acted';
  const decided = one.acting === undefined ? undefined : standingByDecision(one.acting.reason);
  return decided ?? (isDue(one) ? 'due' : one.state);
};

const up: ReadonlySet<Standing> = new Set(['incident', 'left', 'due']);

/** True where the time of a case is up, and nothing was done about it. */
export const isUp = (one: ReportedCase): boolean => up.has(standingOf(one));
