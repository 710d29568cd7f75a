import { type ControlState, isRemediationError, type Reason, type StepOutcome, summarizeError } from '@remedykit/core';
import { type Guarded, type GuardedAccount, guardActions, guardUser, takes } from '../actions/guard.ts';
import { countedUsers, usersPerDay } from '../actions/limits.ts';
import { readReservations, reserveUsers } from '../actions/reservations.ts';
import { decidePolicyDrift, gatherPolicyVersions, type PolicyDrift } from '../mfa/policy-drift.ts';
import type { ActionStep, JournalEntry } from '../model/action.ts';
import { type AccountContext, failedStep } from './account-context.ts';
import { record } from './run.ts';

/** What an account has in all, for the guard. */
export interface GuardableAccount {
  readonly context: AccountContext;
  /** How many users it has. */
  readonly users: number;
  readonly journal: readonly JournalEntry[];
  /** Broken entries of the journal. */
  readonly unreadable: number;
}

/** Whether anybody may be attached to the two policies. */
export interface Attachable {
  readonly drift: readonly PolicyDrift[];
  readonly because?: Reason;
  readonly steps: readonly StepOutcome[];
}

/** Compares the two policies with what they must say; asked only where somebody is to be attached. */
export const checkPolicies = async ({ console, calls, accountId, run }: AccountContext): Promise<Attachable> => {
  if (console === undefined) return { drift: [], steps: [] };
  try {
    const facts = await gatherPolicyVersions(calls, console.policies);
    const drift = decidePolicyDrift(console.policies, facts);
    const [first] = drift;
    if (first === undefined) return { drift, steps: [] };
    const at = run.settings.now();
    const { policies: policy } = console;
    await record(run, { decider: 'credentials/policy-drift', facts, policy, plan: drift, at, outcomes: [] });
    return { drift, because: { reason: first.reason, because: first.because }, steps: [] };
  } catch (error) {
    const { code, message } = summarizeError(error);
    if (code === 'AUDIT_FAILED') throw error;
    const because: Reason = { reason: 'policy-unread', because: `${code}: ${message}` };
    return { drift: [], because, steps: [failedStep(`${accountId}/policies`, 'look', because, isRetryable(error))] };
  }
};

const isRetryable = (error: unknown): boolean => !isRemediationError(error) || error.retryable;

/** What the guard goes by is kept in audit records: of the control document that is its pauses. */
const pausesOf = (control: ControlState): ControlState =>
  control.readable ? { ...control, suppressions: [] } : control;

type Plans = ReadonlyMap<string, readonly ActionStep[]>;

/** Whom room was reserved for; all others are refused as beyond the limit. */
const reserve = async (
  { context, users, journal }: GuardableAccount,
  guarded: ReadonlyMap<string, Guarded>,
): Promise<ReadonlyMap<string, Guarded>> => {
  const { settings } = context.run;
  const { guard } = settings.actions;
  const userIds = [...guarded].flatMap(([userId, { plan }]) => (takes(plan) ? [userId] : []));
  if (userIds.length === 0) return guarded;
  const most = usersPerDay(guard.limits, users);
  const now = settings.now();
  const allowed = await reserveUsers(settings.store, { accountId: context.accountId, userIds, most, journal, now });
  return new Map(
    [...guarded].map(([userId, one]) => {
      if (!takes(one.plan) || allowed.has(userId)) return [userId, one];
      // Others took the room in the meantime.
      const facts = { ...one.facts, counted: most, isCounted: false };
      return [userId, { facts, plan: guardUser(facts, guard, now), at: now }];
    }),
  );
};

/** Guards the whole plan of the account, and reserves room within the day's limit, before anything is done. */
export const guardAll = async (
  account: GuardableAccount,
  plans: Plans,
  noAttachment: Reason | undefined,
): Promise<{ readonly guarded: ReadonlyMap<string, Guarded>; readonly steps: readonly StepOutcome[] }> => {
  const { context, users, journal, unreadable } = account;
  const { settings } = context.run;
  const { accountId } = context;
  const control = pausesOf(await settings.control.read(accountId));
  const now = settings.now();
  const base: GuardedAccount = {
    users,
    unreadable,
    control,
    ...(noAttachment === undefined ? {} : { noAttachment }),
  };
  const { guard } = settings.actions;
  try {
    const counted = countedUsers(journal, await readReservations(settings.store, accountId), now);
    const guarded = guardActions(plans, counted, base, guard, now);
    return { guarded: context.acts ? await reserve(account, guarded) : guarded, steps: [] };
  } catch (error) {
    const { code, message } = summarizeError(error);
    const uncounted: Reason = { reason: 'limits-unread', because: `${code}: ${message} Nobody is denied anything.` };
    return {
      guarded: guardActions(plans, [], { ...base, uncounted }, guard, now),
      steps: [failedStep(`${accountId}/limits`, 'look', uncounted, isRetryable(error))],
    };
  }
};
