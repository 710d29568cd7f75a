import type { Of } from './run-news.ts';
import type { DueCase } from './run-summary.ts';

/** Why nothing was done of a case whose time is up, by what a person has to do about it. */
export type DueClass =
  /** Deactivated twice and made active again each time. */
  | 'incident'
  /** Made active again; a fresh warning has to count. */
  | 'relapse'
  /** A deny would lock the user out, or the policy leaves the user to security. */
  | 'left'
  | 'other';

const classes: Readonly<Record<string, DueClass>> = {
  incident: 'incident',
  'relapse-waits': 'relapse',
  relapse: 'relapse',
  boundary: 'left',
  'password-expired': 'left',
  'no-attachment-left': 'left',
  'active-keys': 'left',
};

/** The class of a reason. */
export const dueClassOf = (reason: string): DueClass =>
  Object.hasOwn(classes, reason) ? (classes[reason] ?? 'other') : 'other';

/** Those of one class. */
export const dueOf = (due: readonly Of<DueCase>[], wanted: DueClass): readonly Of<DueCase>[] =>
  due.filter(({ one }) => dueClassOf(one.reason) === wanted);
