import { allowance, countWithin, type Duration, hours, type Instant, type RollingWindow } from '@remedykit/core';
import type { JournalEntry } from '../model/action.ts';
import { statusOf } from './journal.ts';

/** How many users may be acted on in 24 hours; the smaller wins, and 0 means none. */
export interface ActionLimits {
  readonly maxUsersPerDay: number;
  /** Of all users of the account, rounded up. */
  readonly maxPercentPerDay: number;
}

/** The length of the limits' window. */
export const limitWindow: Duration = hours(24);

/** Users for whom room was reserved, by the hour in which it was. Plain JSON. */
export interface Reservations {
  readonly buckets: readonly { readonly start: Instant; readonly users: readonly string[] }[];
}

/** Hours; a reservation counts until the whole hour is out of the window. */
export const reservationBucket: Duration = hours(1);

const windowOf = (start: Instant): RollingWindow => ({ bucketMs: reservationBucket, buckets: [{ start, count: 1 }] });

/** True while a reservation of the hour that began at `start` counts. Errs to the high side, as core's windows do. */
export const isWithinWindow = (start: Instant, now: Date): boolean =>
  countWithin(windowOf(start), now, limitWindow) > 0;

/**
 * Ids of users who count against the limits: whom the journal shows to have been acted on in the last 24 hours, or with
 * whom that is not known to have failed, and those for whom a worker has reserved of whom the journal says nothing since.
 * One set, so that nobody counts twice. Pure.
 */
export const countedUsers = (
  journal: readonly JournalEntry[],
  { buckets }: Reservations,
  now: Date,
): readonly string[] => {
  const from = now.getTime() - limitWindow;
  const attempts = journal.filter((entry) => entry.effect === 'new-deny' && statusOf(entry) !== 'failed');
  const acted = attempts.filter(({ intendedAt }) => Date.parse(intendedAt) > from);
  const newest = new Map<string, number>();
  for (const { subject, intendedAt } of attempts)
    newest.set(subject.userId, Math.max(Date.parse(intendedAt), newest.get(subject.userId) ?? 0));
  // An hour is coarse: a run at the same time each day would find its own of the day before in the way.
  const isJournalled = (userId: string, start: Instant): boolean => (newest.get(userId) ?? 0) >= Date.parse(start);
  const reserved = buckets
    .filter(({ start }) => isWithinWindow(start, now))
    .flatMap(({ start, users }) => users.filter((userId) => !isJournalled(userId, start)));
  return [...new Set([...acted.map(({ subject }) => subject.userId), ...reserved])].sort();
};

/**
 * How many users the limits allow in 24 hours.
 * @throws RemediationError `OPTION_INVALID` for a limit that is no number of at least 0
 */
export const usersPerDay = ({ maxUsersPerDay, maxPercentPerDay }: ActionLimits, users: number): number =>
  allowance({ max: maxUsersPerDay, maxPercent: maxPercentPerDay, of: users });
