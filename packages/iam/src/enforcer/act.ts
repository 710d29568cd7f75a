import {
  type ControlState,
  isRemediationError,
  mapConcurrent,
  pausedFor,
  previewPlan,
  type Reason,
  runPlan,
  type StepOutcome,
  seconds,
  summarizeError,
} from '@remedykit/core';
import { executeAction } from '../actions/execute-action.ts';
import { type Guarded, type GuardedAccount, guardActions, guardUser, takes } from '../actions/guard.ts';
import { countedUsers, usersPerDay } from '../actions/limits.ts';
import { readReservations, reserveUsers } from '../actions/reservations.ts';
import { decidePolicyDrift, gatherPolicyVersions, type PolicyDrift } from '../mfa/policy-drift.ts';
import type { ActionStep, JournalEntry } from '../model/action.ts';
import { type AccountContext, failedStep } from './account-context.ts';
import { changeUser } from './documents.ts';
import { type Intent, stepsOf } from './intents.ts';
import { rememberActed } from './remember.ts';
import { record } from './run.ts';
import type { Acting, UserResult } from './user-result.ts';

/** No action begins with less than this left. */
const reserveMs = seconds(10);

/** What an account has in all, for the guard. */
export interface ActedAccount {
  readonly context: AccountContext;
  /** How many users it has. */
  readonly users: number;
  readonly journal: readonly JournalEntry[];
  /** Broken entries of the journal. */
  readonly unreadable: number;
}

/** What was done in an account. */
export interface Acted {
  /** Outcomes of actions, by user id. */
  readonly outcomes: ReadonlyMap<string, readonly StepOutcome[]>;
  /** What failed about the account as a whole. */
  readonly steps: readonly StepOutcome[];
  readonly drift: readonly PolicyDrift[];
  /** Ids of users about whom time ran out. */
  readonly left: ReadonlySet<string>;
}

interface Attachable {
  readonly drift: readonly PolicyDrift[];
  readonly because?: Reason;
  readonly steps: readonly StepOutcome[];
}

/** Whether anybody may be attached to the two policies; asked only where somebody is to be. */
const checkPolicies = async ({ console, calls, accountId, run }: AccountContext): Promise<Attachable> => {
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
  { context, users, journal }: ActedAccount,
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
const guardAll = async (
  account: ActedAccount,
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

/** Carries out the steps of one user that the guard let through. */
const actOnUser = async (
  context: AccountContext,
  { again }: Acting,
  { plan }: Guarded,
): Promise<{ readonly steps: readonly StepOutcome[]; readonly done: boolean }> => {
  const { run, accountId, calls } = context;
  const { settings } = run;
  if (!context.acts) return previewPlan(plan);
  return runPlan(plan, {
    // A run takes minutes, a pause is to be noticed within seconds.
    recheck: async ({ effect }) => pausedFor(await settings.control.read(accountId), effect, settings.now()),
    execute: (step) =>
      executeAction(step, {
        calls,
        store: settings.store,
        runId: run.id,
        now: settings.now,
        isStillDue: async () => {
          const { intents, live, attached } = await again();
          if (!intents.some((intent) => stepsOf(intent).some(({ id }) => id === step.id))) return false;
          return {
            ...(live === undefined ? {} : { live }),
            ...(attached === undefined
              ? {}
              : { attached: { readAt: attached.readAt, policies: attached.user.attachedPolicies } }),
          };
        },
      }),
    remainingTimeMs: run.remainingTimeMs,
    reserveMs,
    observe: settings.observe,
  });
};

const recordIntents = async (
  { run }: AccountContext,
  intents: readonly Intent[],
  guarded: Guarded | undefined,
  outcomes: readonly StepOutcome[],
): Promise<void> => {
  for (const intent of intents) {
    const { decider, facts, policy, decision, at } = intent;
    const ids = new Set(stepsOf(intent).map(({ id }) => id));
    const isQuiet = ids.size === 0 && !decision.alert;
    if (isQuiet) continue;
    const own = outcomes.filter(({ stepId }) => ids.has(stepId));
    await record(run, { decider, facts, policy, plan: decision, at, outcomes: own });
  }
  if (guarded === undefined) return;
  const { facts, plan, at } = guarded;
  const policy = run.settings.actions.guard;
  await record(run, { decider: 'credentials/guard', facts, policy, plan, at, outcomes });
};

/**
 * Does what is to be done in an account: the policies are compared, the whole plan is guarded, room within the day's limit
 * is reserved, and then the users are acted on, as many at once as the settings say. A failure of one hides no other.
 */
export const actOn = async (account: ActedAccount, results: readonly UserResult[]): Promise<Acted> => {
  const { context } = account;
  const { run } = context;
  const { settings } = run;
  const acting = results.flatMap((result) => (result.acting === undefined ? [] : [result.acting]));
  const plans = new Map(
    acting.flatMap(({ known: { user }, intents }) => {
      const steps = intents.flatMap(stepsOf);
      return steps.length === 0 ? [] : [[user.userId, steps] as const];
    }),
  );
  const isAttaching = [...plans.values()].some((steps) => steps.some(({ action }) => action === 'attach-policy'));
  const attachable: Attachable = isAttaching ? await checkPolicies(context) : { drift: [], steps: [] };
  const { guarded, steps } =
    plans.size === 0
      ? { guarded: new Map<string, Guarded>(), steps: [] }
      : await guardAll(account, plans, attachable.because);
  const outcomes = new Map<string, readonly StepOutcome[]>();
  const left = new Set<string>();
  const settled = await mapConcurrent(acting, settings.concurrency, async (one) => {
    const { userId } = one.known.user;
    const plan = guarded.get(userId);
    const ran = plan === undefined ? { steps: [], done: true } : await actOnUser(context, one, plan);
    if (ran.steps.length > 0) outcomes.set(userId, ran.steps);
    if (!ran.done) left.add(userId);
    await recordIntents(context, one.intents, plan, ran.steps);
    if (context.acts) await remember(context, one, ran.steps);
  });
  // Only an audit record that could not be written, or a fault of ours.
  for (const each of settled) if (!each.ok) throw each.error;
  return { outcomes, steps: [...attachable.steps, ...steps], drift: attachable.drift, left };
};

/** What was done is no case any more, so that the next run asks IAM nothing about it. */
const remember = async (
  { run, accountId, reportAt }: AccountContext,
  { known: { document }, intents }: Acting,
  outcomes: readonly StepOutcome[],
): Promise<void> => {
  const isDone = (id: string): boolean =>
    outcomes.some(({ stepId, status }) => stepId === id && (status === 'applied' || status === 'already-applied'));
  const gone = intents.flatMap((intent) =>
    stepsOf(intent).some(({ id, action }) => action === 'deactivate' && isDone(id)) ? [intent.caseId] : [],
  );
  if (gone.length === 0) return;
  try {
    await changeUser(run.settings.store, accountId, { document }, (held) => rememberActed(held, gone, reportAt));
  } catch {
    // The next run reads the user again, and finds it done.
  }
};
