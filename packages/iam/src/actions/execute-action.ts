import {
  type Clock,
  type Instant,
  isRemediationError,
  type StateStore,
  type StepResult,
  summarizeError,
  toInstant,
} from '@remedykit/core';
import type { IamCalls } from '../aws/calls.ts';
import { iamErrorCode, isMissing, isThrottled, isTransient, requestIdOf } from '../aws/errors.ts';
import { readExemptionOf } from '../exemptions/stored-exemptions.ts';
import { gatherLive } from '../inventory/live.ts';
import { isFresh } from '../inventory/live-for.ts';
import type { ActionStep, JournalEntry, StateBefore } from '../model/action.ts';
import type { AttachedPolicy, LiveCredentials } from '../model/user.ts';
import { type ActionReason, actionReasons } from './action-reasons.ts';
import { complete, fail, intend } from './journal.ts';
import { readTarget, type TargetState } from './target-state.ts';
import { effectOf, verifyTarget } from './verify-target.ts';
import { writeTarget } from './write-target.ts';

/** What carrying out an action needs. */
export interface ActionContext {
  readonly calls: IamCalls;
  readonly store: StateStore;
  readonly runId: string;
  readonly now: Clock;
  /**
   * Whether the step is still what is due, asked right before the write, with what was read to know it. What it throws means
   * that nobody knows, and nothing is done.
   */
  readonly isStillDue: (step: ActionStep) => Promise<boolean | LiveFacts>;
}

/** What this run read live of a user; counts as live for 10 minutes. */
export interface LiveFacts {
  /** The password is taken from it. */
  readonly live?: LiveCredentials;
  /** An attachment is decided on it. */
  readonly attached?: { readonly readAt: Instant; readonly policies: readonly AttachedPolicy[] };
}

const result = (
  status: StepResult['status'],
  reason: ActionReason,
  {
    error,
    ...more
  }: { readonly retryable?: boolean; readonly requestIds?: readonly string[]; readonly error?: unknown } = {},
): StepResult => {
  const summary = error === undefined ? undefined : summarizeError(error);
  return {
    status,
    reason,
    retryable: false,
    because: `${actionReasons[reason]}${summary === undefined ? '' : ` (${summary.code}: ${summary.message})`}`,
    ...more,
    ...(summary === undefined ? {} : { error: summary }),
  };
};

const mayHelp = (error: unknown): boolean => (isRemediationError(error) ? error.retryable : isTransient(error));

/**
 * The object of a step as it is. An attachment may rest on what was read in this run: to attach what is attached changes
 * nothing. All else is read right now.
 */
const stateFor = async (step: ActionStep, context: ActionContext, { attached }: LiveFacts): Promise<TargetState> => {
  const { now } = context;
  if (step.action === 'attach-policy' && attached !== undefined && isFresh(attached.readAt, now()))
    return { kind: 'attachment', attached: attached.policies };
  return readTarget(context, step.subject, step.target);
};

/** Whether the user still has the password because of which something is attached. */
const hasPassword = async (step: ActionStep, { calls, now }: ActionContext, { live }: LiveFacts): Promise<boolean> => {
  const { precondition, action, subject } = step;
  if (action !== 'attach-policy' || precondition.kind !== 'attachment') return true;
  const { passwordCreatedAt } = precondition;
  if (passwordCreatedAt === undefined) return true;
  if (live?.loginProfile !== undefined && isFresh(live.readAt, now()))
    return live.loginProfile?.createdAt === passwordCreatedAt;
  const read = await gatherLive(calls, subject, { loginProfile: true }, { now });
  return read.kind === 'live' && read.credentials.loginProfile?.createdAt === passwordCreatedAt;
};

/** The reason why nothing may be done, or what was found. */
const verify = async (
  step: ActionStep,
  context: ActionContext,
): Promise<{ readonly before: StateBefore } | { readonly result: StepResult }> => {
  try {
    const due = await context.isStillDue(step);
    if (due === false) return { result: result('skipped', 'no-longer-due') };
    const facts = due === true ? {} : due;
    if (step.effect === 'new-deny') {
      const exemption = await readExemptionOf(context.store, step.subject);
      if (exemption !== undefined && Date.parse(exemption.expires) > context.now().getTime())
        return { result: result('skipped', 'exempt') };
    }
    if (!(await hasPassword(step, context, facts))) return { result: result('skipped', 'changed') };
    const verdict = verifyTarget(step, await stateFor(step, context, facts));
    if (verdict.kind === 'go') return { before: verdict.before };
    // Attached a moment ago, most likely: IAM's copies lag by minutes, and the next attempt sees it.
    if (verdict.reason === 'replacement-unseen')
      return { result: result('failed', verdict.reason, { retryable: true }) };
    return { result: result(verdict.kind === 'already' ? 'already-applied' : 'skipped', verdict.reason) };
  } catch (error) {
    return { result: result('failed', 'read-failed', { retryable: mayHelp(error), error }) };
  }
};

const entryOf = (step: ActionStep, before: StateBefore, { runId, now }: ActionContext): JournalEntry => {
  const { id, caseId, subject, action, target, effect, reason, because } = step;
  return {
    schema: 1,
    ...{ runId, stepId: id, caseId, subject, action, target, effect, reason, because, before },
    intendedAt: toInstant(now()),
    requestIds: [],
  };
};

/** The effect took place; whether that could be stored is told apart. */
const completed = async (
  entry: JournalEntry,
  { store, now }: ActionContext,
  { requestIds, lost }: { readonly requestIds: readonly string[]; readonly lost: boolean },
): Promise<StepResult> => {
  try {
    await complete(store, entry, { at: toInstant(now()), requestIds, settled: lost });
    return lost ? result('applied', 'answer-lost', { requestIds }) : { status: 'applied', requestIds };
  } catch (error) {
    return result('applied', 'journal-unmarked', { requestIds, error });
  }
};

/** It is certain that the effect did not take place. */
const failed = async (
  entry: JournalEntry,
  { store, now }: ActionContext,
  failure: string,
  came: StepResult,
): Promise<StepResult> => {
  try {
    await fail(store, entry, { at: toInstant(now()), failure, requestIds: came.requestIds ?? [] });
  } catch {
    // The entry stays intended; the next run settles it by looking.
  }
  return came;
};

/** IAM is busy with this user and has changed nothing. */
const isBusy = (error: unknown): boolean =>
  isThrottled(error) || ['ConcurrentModification', 'EntityTemporarilyUnmodifiable'].includes(iamErrorCode(error));

/** IAM answered, and the answer is no. */
const isRefusal = (error: unknown): boolean => requestIdOf(error) !== undefined && !isTransient(error);

/** What the error of the write means, where it takes a look to know. */
const lookAfter = async (
  step: ActionStep,
  entry: JournalEntry,
  context: ActionContext,
  error: unknown,
): Promise<StepResult> => {
  const requestIds = [requestIdOf(error)].filter((id) => id !== undefined);
  const unknown = result('failed', 'unknown-effect', { retryable: true, requestIds, error });
  let effect: ReturnType<typeof effectOf>;
  try {
    effect = effectOf({ ...step, before: entry.before }, await readTarget(context, step.subject, step.target));
  } catch {
    return unknown;
  }
  if (effect === 'user-gone' || effect === 'credential-gone')
    return failed(
      entry,
      context,
      effect,
      result(step.action === 'attach-policy' ? 'skipped' : 'already-applied', effect, { requestIds }),
    );
  if (isMissing(error)) {
    if (step.action === 'attach-policy' && effect === 'no-effect')
      return failed(entry, context, 'policy-missing', result('failed', 'policy-missing', { requestIds, error }));
    // What was there a moment ago is gone, and not by us.
    if (effect === 'effect')
      return failed(entry, context, 'already-so', result('already-applied', 'already-so', { requestIds }));
    return unknown;
  }
  return effect === 'effect' ? completed(entry, context, { requestIds, lost: true }) : unknown;
};

const afterError = async (
  step: ActionStep,
  entry: JournalEntry,
  context: ActionContext,
  error: unknown,
): Promise<StepResult> => {
  const requestIds = [requestIdOf(error)].filter((id) => id !== undefined);
  const code = iamErrorCode(error);
  if (isBusy(error))
    return failed(entry, context, code, result('failed', 'busy', { retryable: true, requestIds, error }));
  if (isMissing(error) || !isRefusal(error)) return lookAfter(step, entry, context, error);
  const reason = code === 'LimitExceeded' && step.action === 'attach-policy' ? 'no-attachment-left' : 'write-failed';
  return failed(entry, context, code, result('failed', reason, { requestIds, error }));
};

/**
 * Carries out one step: looks at what is there, stores the intent, writes once, and stores what came of it. Never throws
 * for IAM or the store, and says `applied` only for an effect that an answer or a look showed. A write is never repeated
 * blindly: a lost answer is resolved by looking, and what stays unknown is left to `settleJournal` of the next run.
 *
 * IAM actions: those of `readTarget` and `writeActions` for the step.
 */
export const executeAction = async (step: ActionStep, context: ActionContext): Promise<StepResult> => {
  const verified = await verify(step, context);
  if ('result' in verified) return verified.result;
  let entry: JournalEntry;
  try {
    const intent = await intend(context.store, entryOf(step, verified.before, context));
    if (intent.status === 'settled') return result('skipped', 'settled');
    entry = intent.entry;
  } catch (error) {
    return result('failed', 'journal-failed', { retryable: mayHelp(error), error });
  }
  let requestIds: readonly string[];
  try {
    requestIds = await writeTarget(context.calls, step.action, step.subject, step.target);
  } catch (error) {
    return afterError(step, entry, context, error);
  }
  return completed(entry, context, { requestIds, lost: false });
};
