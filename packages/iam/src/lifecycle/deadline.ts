import { addDays, type Day, latestDay, latestInstant, midnightFrom, utcDay } from '../days.ts';
import type { CredentialCase, CredentialPolicy, RulePolicy } from '../model/case.ts';

/**
 * The deadline that the credential's own age sets, before any question of warnings. A password's grace counts from the
 * latest of its creation, our first look and the rollout date, so that a backlog gets its full grace.
 */
export const baseDeadline = (
  { rule, since, firstSeenAt }: CredentialCase,
  { afterDays }: RulePolicy,
  { rolloutDate }: CredentialPolicy,
): Day => {
  const anchor = rule === 'mfa' ? latestInstant(since, firstSeenAt, rolloutDate) : since;
  return latestDay(addDays(utcDay(anchor), afterDays), midnightFrom(rolloutDate));
};

/** The day from which on a first warning is due. */
export const firstWarningDay = (base: Day, { stages }: RulePolicy): Day => addDays(base, -Math.max(0, ...stages));
