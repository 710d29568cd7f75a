import { mapConcurrent, pausedFor, previewPlan, runPlan, type StepOutcome, seconds } from '@remedykit/core';
import { actionReasons } from '../actions/action-reasons.ts';
import { executeAction } from '../actions/execute-action.ts';
import type { Guarded } from '../actions/guard.ts';
import type { PolicyDrift } from '../mfa/policy-drift.ts';
import type { ActionStep } from '../model/action.ts';
import type { AccountContext } from './account-context.ts';
import { changeUser } from './documents.ts';
import { type Attachable, checkPolicies, type GuardableAccount, guardAll } from './guard-account.ts';
import { type Intent, stepsOf } from './intents.ts';
import { rememberActed } from './remember.ts';
import { record } from './run.ts';
import type { Acting, UserResult } from './user-result.ts';

/** No action begins with less than this left. */
const reserveMs = seconds(10);

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

/** What a step changes, whatever its case. */
const changeOf = ({ action, target }: ActionStep): string => JSON.stringify([action, target]);

/** Carries out the steps of one user that the guard let through. */
const actOnUser = async (
  context: AccountContext,
  { again }: Acting,
  { plan }: Guarded,
): Promise<{ readonly steps: readonly StepOutcome[]; readonly done: boolean }> => {
  const { run, accountId, calls } = context;
  const { settings } = run;
  if (!context.acts) return previewPlan(plan);
  const applied = new Set<string>();
  return runPlan(plan, {
    // A run takes minutes, a pause is to be noticed within seconds.
    recheck: async ({ effect }) => pausedFor(await settings.control.read(accountId), effect, settings.now()),
    execute: async (step) => {
      const change = changeOf(step);
      // Two cases of one key are one change: IAM may still list the key as it was before the first of them.
      if (applied.has(change))
        return { status: 'already-applied', reason: 'already-so', because: actionReasons['already-so'] };
      const result = await executeAction(step, {
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
      });
      if (result.status === 'applied') applied.add(change);
      return result;
    },
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
export const actOn = async (account: GuardableAccount, results: readonly UserResult[]): Promise<Acted> => {
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
  let isRecorded = true;
  const settled = await mapConcurrent(acting, settings.concurrency, async (one) => {
    // The run fails by that; what it did not begin the next one does.
    if (!isRecorded) return;
    const { userId } = one.known.user;
    const plan = guarded.get(userId);
    const ran = plan === undefined ? { steps: [], done: true } : await actOnUser(context, one, plan);
    if (ran.steps.length > 0) outcomes.set(userId, ran.steps);
    if (!ran.done) left.add(userId);
    try {
      await recordIntents(context, one.intents, plan, ran.steps);
    } catch (error) {
      isRecorded = false;
      throw error;
    }
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
