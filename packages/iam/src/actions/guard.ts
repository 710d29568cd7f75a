import {
  type ControlState,
  type Decider,
  type Plan,
  pausedFor,
  type Reason,
  type RefusedStep,
  type WriteKind,
} from '@remedykit/core';
import type { ActionStep } from '../model/action.ts';
import { type RefusalReason, refusalReasons } from './limit-reasons.ts';
import { type ActionLimits, usersPerDay } from './limits.ts';

/** What the guard goes by. Plain JSON. */
export interface GuardPolicy {
  readonly limits: ActionLimits;
  /** ARNs of users, exactly. */
  readonly breakGlass: readonly string[];
  /** ARNs of the principals that remedykit acts as, exactly. */
  readonly ownPrincipals: readonly string[];
}

/** What the guard needs to know of an account. Plain JSON. */
export interface GuardedAccount {
  /** All users of the account. */
  readonly users: number;
  /** How many entries of the journal cannot be read: with any, nobody is acted on. */
  readonly unreadable: number;
  readonly control: ControlState;
  /** Why nothing may be attached, if so: the policies are not as they must be, or cannot be read. */
  readonly noAttachment?: Reason;
  /** Why nobody knows how many users were acted on, if so. */
  readonly uncounted?: Reason;
}

/** What the guard decides on, of one user. Plain JSON. */
export interface GuardFacts extends GuardedAccount {
  readonly steps: readonly ActionStep[];
  /** How many users count against the limits: `countedUsers`, and those of the plan before this one. */
  readonly counted: number;
  /** Whether this user is among them. */
  readonly isCounted: boolean;
}

const refusal = (reason: RefusalReason): Reason => ({ reason, because: refusalReasons[reason] });

// IAM tells names apart without regard to case.
const isListed = (arns: readonly string[], arn: string): boolean =>
  arns.some((listed) => listed.toLowerCase() === arn.toLowerCase());

/** Why a user is never denied anything, if so. Pure. */
export const protectionOf = (
  arn: string,
  { breakGlass, ownPrincipals }: Pick<GuardPolicy, 'breakGlass' | 'ownPrincipals'>,
): Reason | undefined => {
  if (isListed(breakGlass, arn)) return refusal('break-glass');
  return isListed(ownPrincipals, arn) ? refusal('own-principal') : undefined;
};

const refusalOf = (step: ActionStep, facts: GuardFacts, policy: GuardPolicy, now: Date): Reason | undefined => {
  const paused = pausedFor(facts.control, step.effect, now);
  if (paused !== undefined) return paused;
  const isProtected = step.effect === 'new-deny' ? protectionOf(step.subject.arn, policy) : undefined;
  if (isProtected !== undefined) return isProtected;
  if (step.action === 'attach-policy' && facts.noAttachment !== undefined) return facts.noAttachment;
  if (step.effect === 'release') return undefined;
  return facts.unreadable > 0 ? refusal('journal-unreadable') : facts.uncounted;
};

/**
 * Refuses the steps of one user that may not be carried out: while paused, of protected users, of policies that are not as
 * they must be, and beyond the day's limit of users. A user who counts already costs nothing more. A pause of new denies
 * lets through what gives access back, and so do the limits. Of a case everything is refused or nothing: detaching one
 * policy while the one in its place may not be attached would set the user free. Pure.
 * @throws RemediationError `OPTION_INVALID` for a limit that is no number of at least 0
 */
export const guardUser: Decider<GuardFacts, GuardPolicy, Plan<ActionStep>> = (facts, policy, now) => {
  const { steps, users, counted, isCounted } = facts;
  const most = usersPerDay(policy.limits, users);
  const causes = new Map<ActionStep, Reason>();
  for (const step of steps) {
    const cause = refusalOf(step, facts, policy, now);
    if (cause !== undefined) causes.set(step, cause);
  }
  const isSpoiled = (step: ActionStep): boolean => [...causes.keys()].some((other) => other.caseId === step.caseId);
  if (!isCounted && counted >= most)
    for (const step of steps)
      if (step.effect === 'new-deny' && !isSpoiled(step)) causes.set(step, refusal('limit-users'));
  const refused: RefusedStep<ActionStep>[] = steps.flatMap((step) =>
    isSpoiled(step) ? [{ step, refused: causes.get(step) ?? refusal('part-refused') }] : [],
  );
  return { steps: steps.filter((step) => !isSpoiled(step)), refused };
};

/** Whether a plan takes something from somebody. Pure. */
export const takes = ({ steps }: Plan<ActionStep>, effect: WriteKind = 'new-deny'): boolean =>
  steps.some((step) => step.effect === effect);

/** What the guard decided of one user, and on what. */
export interface Guarded {
  readonly facts: GuardFacts;
  readonly plan: Plan<ActionStep>;
  readonly at: Date;
}

/**
 * Guards the plans of all users of an account, in order, before the first of them is carried out. Pure.
 * @param plans the steps of each user, by user id
 * @param counted ids of users who were acted on, or for whom that was reserved, in the last 24 hours: `countedUsers`
 */
export const guardActions = (
  plans: ReadonlyMap<string, readonly ActionStep[]>,
  counted: readonly string[],
  account: GuardedAccount,
  policy: GuardPolicy,
  now: Date,
): ReadonlyMap<string, Guarded> => {
  const all = new Set(counted);
  return new Map(
    [...plans].map(([userId, steps]) => {
      const facts: GuardFacts = { ...account, steps, counted: all.size, isCounted: all.has(userId) };
      const plan = guardUser(facts, policy, now);
      if (takes(plan)) all.add(userId);
      return [userId, { facts, plan, at: now }];
    }),
  );
};
