import {
  allowance,
  type ControlState,
  countWithin,
  type Duration,
  hours,
  type Instant,
  type Plan,
  pausedFor,
  type Reason,
  type RefusedStep,
  type RollingWindow,
} from '@remedykit/core';
import type { ActionStep, JournalEntry } from '../model/action.ts';
import { statusOf } from './journal.ts';
import { type RefusalReason, refusalReasons } from './limit-reasons.ts';

/** How many users may be acted on in 24 hours; the smaller wins, and 0 means none. */
export interface ActionLimits {
  readonly maxUsersPerDay: number;
  /** Of all users of the account, rounded up. */
  readonly maxPercentPerDay: number;
}

/** What the guard goes by. Plain JSON. */
export interface GuardPolicy {
  readonly limits: ActionLimits;
  /** ARNs of users, exactly. */
  readonly breakGlass: readonly string[];
  /** ARNs of the principals that remedykit acts as, exactly. */
  readonly ownPrincipals: readonly string[];
}

/** What the guard needs to know. Plain JSON. */
export interface GuardFacts {
  /** All users of the account. */
  readonly users: number;
  /** Ids of users who were acted on, or for whom that was reserved, in the last 24 hours: `countedUsers`. */
  readonly counted: readonly string[];
  /** How many entries of the journal cannot be read: with any, nobody is acted on. */
  readonly unreadable: number;
  readonly control: ControlState;
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
 * whom that is not known to have failed, and those for whom another worker has reserved. One set, so that nobody counts
 * twice. Pure.
 */
export const countedUsers = (
  journal: readonly JournalEntry[],
  { buckets }: Reservations,
  now: Date,
): readonly string[] => {
  const from = now.getTime() - limitWindow;
  const acted = journal.filter(
    (entry) => entry.effect === 'new-deny' && statusOf(entry) !== 'failed' && Date.parse(entry.intendedAt) > from,
  );
  const reserved = buckets.filter(({ start }) => isWithinWindow(start, now)).flatMap(({ users }) => users);
  return [...new Set([...acted.map(({ subject }) => subject.userId), ...reserved])].sort();
};

/**
 * How many users the limits allow in 24 hours.
 * @throws RemediationError `OPTION_INVALID` for a limit that is no number of at least 0
 */
export const usersPerDay = ({ maxUsersPerDay, maxPercentPerDay }: ActionLimits, users: number): number =>
  allowance({ max: maxUsersPerDay, maxPercent: maxPercentPerDay, of: users });

const refusal = (reason: RefusalReason): Reason => ({ reason, because: refusalReasons[reason] });

// IAM tells names apart without regard to case.
const isListed = (arns: readonly string[], arn: string): boolean =>
  arns.some((listed) => listed.toLowerCase() === arn.toLowerCase());

const refusalOf = (step: ActionStep, facts: GuardFacts, policy: GuardPolicy, now: Date): Reason | undefined => {
  const paused = pausedFor(facts.control, step.effect, now);
  if (paused !== undefined || step.effect === 'release') return paused;
  if (isListed(policy.breakGlass, step.subject.arn)) return refusal('break-glass');
  if (isListed(policy.ownPrincipals, step.subject.arn)) return refusal('own-principal');
  return facts.unreadable > 0 ? refusal('journal-unreadable') : undefined;
};

const caseOf = ({ subject, caseId }: ActionStep): string => `${subject.userId}/${caseId}`;

/**
 * Refuses the steps that may not be carried out: while paused, of protected users, and beyond the day's limit of users. A
 * user who counts already costs nothing more. A pause of new denies lets through what gives access back, and so do the
 * limits. Of a case everything is refused or nothing: detaching one policy while the one in its place may not be attached
 * would set the user free. Pure.
 * @throws RemediationError `OPTION_INVALID` for a limit that is no number of at least 0
 */
export const guardActions = <P extends Plan<ActionStep>>(
  plan: P,
  facts: GuardFacts,
  policy: GuardPolicy,
  now: Date,
): P => {
  const most = usersPerDay(policy.limits, facts.users);
  const counted = new Set(facts.counted);
  const causes = new Map<ActionStep, Reason>();
  for (const step of plan.steps) {
    const cause = refusalOf(step, facts, policy, now);
    if (cause !== undefined) causes.set(step, cause);
  }
  const isSpoiled = (step: ActionStep): boolean => [...causes.keys()].some((other) => caseOf(other) === caseOf(step));
  for (const step of plan.steps) {
    if (step.effect === 'release' || isSpoiled(step) || counted.has(step.subject.userId)) continue;
    if (counted.size < most) counted.add(step.subject.userId);
    else causes.set(step, refusal('limit-users'));
  }
  const refused: RefusedStep<ActionStep>[] = plan.steps.flatMap((step) =>
    isSpoiled(step) ? [{ step, refused: causes.get(step) ?? refusal('part-refused') }] : [],
  );
  return { ...plan, steps: plan.steps.filter((step) => !isSpoiled(step)), refused: [...plan.refused, ...refused] };
};
