import {
  type ErrorSummary,
  isRemediationError,
  mapConcurrent,
  RemediationError,
  resolveMode,
  type StepOutcome,
  seconds,
  summarizeError,
  toInstant,
} from '@remedykit/core';
import type { InventoryUser } from '../inventory/gather.ts';
import { failedStep } from './account-context.ts';
import { type Acted, actOn } from './act.ts';
import { type AccountDocument, changeAccount } from './documents.ts';
import { decideForget, executeForget, type ForgetFacts } from './forget.ts';
import { stepsOf } from './intents.ts';
import { type LookedUp, lookUp } from './look-up.ts';
import type { AccountRun } from './outcome.ts';
import type { AccountProgress } from './progress.ts';
import type { Run } from './run.ts';
import { runUser } from './run-user.ts';
import { failedAccount, summarizeAccount } from './summarize-account.ts';
import { createTold, merged, type Told } from './told.ts';
import type { UserResult } from './user-result.ts';

/** No user is begun with less than this left. */
const userReserveMs = seconds(15);
/** What is kept for each step that is to be carried out after all users were looked at, shared by those at work. */
const stepReserveMs = seconds(1);

/** What was done in one account, and how far the run came there. */
export interface RunOfAccount {
  readonly account: AccountRun;
  /** Absent: nothing is known of it, and nothing of it is gone on with. */
  readonly progress?: AccountProgress;
  /** Stores what people are told by it: for when the run as a whole has come to its end, else nobody is told of it. */
  readonly keepTold?: () => Promise<readonly StepOutcome[]>;
}

/** Users in the order of their names, beginning with the first of whom the run knows nothing yet. */
const inOrder = (users: readonly InventoryUser[], { only }: Run, after: string | undefined): InventoryUser[] => {
  const ordered = users
    .filter(({ user }) => only === undefined || user.userId === only.userId)
    .sort((one, other) => (one.user.userName < other.user.userName ? -1 : 1));
  if (after === undefined) return ordered;
  const isBefore = ({ user }: InventoryUser): boolean => user.userName <= after;
  return [...ordered.filter((found) => !isBefore(found)), ...ordered.filter(isBefore)];
};

/** What was found of the users who were looked at before time ran out: the first of the order. */
export interface LookedAt {
  readonly order: readonly InventoryUser[];
  readonly results: readonly UserResult[];
}

/** Looks at every user, as many at once as the settings say, until no more time is left than acting on them takes. */
export const runUsers = async ({ context, inventory }: LookedUp, after?: string): Promise<LookedAt> => {
  const { run } = context;
  const { concurrency } = run.settings;
  const order = inOrder(inventory.users, run, after);
  let steps = 0;
  let isTime = true;
  const settled = await mapConcurrent(order, concurrency, async (found) => {
    isTime &&= run.remainingTimeMs() >= userReserveMs + (steps * stepReserveMs) / concurrency;
    if (!isTime) return undefined;
    const result = await runUser(context, found);
    if (context.acts) steps += (result.acting?.intents ?? []).flatMap(stepsOf).length;
    return result;
  });
  const results: UserResult[] = [];
  for (const each of settled) {
    // Only an audit record that could not be written, or a fault of ours.
    if (!each.ok) throw each.error;
    if (each.value !== undefined) results.push(each.value);
  }
  return { order, results };
};

/** How far a run came in an account: up to whom everything was done. */
const progressOf = (
  { order, results }: LookedAt,
  { left }: Acted,
  before: string | undefined,
): AccountProgress & { readonly isWhole: boolean } => {
  const unfinished = results.findIndex(({ user, done }) => !done || left.has(user.userId));
  const count = unfinished < 0 ? results.length : unfinished;
  const isWhole = count === order.length;
  const beyond = order.filter(({ user }) => before === undefined || user.userName > before).length;
  if (count >= beyond) return { done: true, isWhole };
  const after = order[count - 1]?.user.userName ?? before;
  return { done: false, isWhole, ...(after === undefined ? {} : { after }) };
};

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What is not known to be beyond mending may be mended, by a person as well: nothing is left in silence. */
const isRetryable = (error: unknown): boolean => !isRemediationError(error) || error.retryable;

/** What is in the one and not in the other. */
const addedTo = (before: AccountDocument['told'], after: AccountDocument['told']): AccountDocument['told'] =>
  Object.fromEntries(Object.entries(after).filter(([key]) => !Object.hasOwn(before, key)));

/**
 * Stores what people are told now. That it cannot be stored must not hide what was done. Of the account it holds no more
 * than that takes, for a run has many.
 */
const keeperOf =
  (
    { settings }: Run,
    accountId: string,
    account: LookedUp['account'],
    { told, done, isWhole }: { readonly told: Told; readonly done: boolean; readonly isWhole: boolean },
  ): (() => Promise<readonly StepOutcome[]>) =>
  async () => {
    try {
      await changeAccount(settings.store, accountId, account, (document) => ({
        ...document,
        // Half a run knows nothing of the other half, and none of what another one has told since it began.
        told: merged(isWhole ? addedTo(account.document.told, document.told) : document.told, told.after()),
        ...(done ? { lastDoneAt: toInstant(settings.now()) } : {}),
      }));
      return [];
    } catch (error) {
      const { code, message } = summarizeError(error);
      return [
        failedStep(
          `${accountId}/keep`,
          'keep',
          { reason: code, because: `What was told is not stored, and is told again. ${message}` },
          isRetryable(error),
        ),
      ];
    }
  };

/** Deletes what nobody needs any more; only after a run that knows which cases are open. */
const forget = async (
  { settings }: Run,
  { context: { accountId, known, mails }, inventory, stored, held }: LookedUp,
  results: readonly UserResult[],
): Promise<readonly StepOutcome[]> => {
  const facts: ForgetFacts = {
    accountId,
    oldMails: stored.old,
    documents: known.users,
    mails,
    users: new Set(inventory.users.map(({ user }) => user.userId)),
    unread: new Set(results.flatMap(({ user, skipped }) => (skipped.length > 0 ? [user.userId] : []))),
    open: results.flatMap(({ open }) => open),
    ...held,
  };
  try {
    await executeForget(settings.store, decideForget(facts, settings.now()), settings.concurrency);
    return [];
  } catch (error) {
    const { code, message } = summarizeError(error);
    const because = `Documents of long ago could not be deleted. ${message}`;
    return [failedStep(`${accountId}/forget`, 'forget', { reason: code, because }, isRetryable(error))];
  }
};

/** Requests to IAM: those that name no user, polls apart, and all. */
const callsOf = ({ context, inventory }: LookedUp): AccountRun['calls'] => {
  const counts = context.calls.counts();
  const { detection, polls } = inventory.calls;
  const later = context.users.requests() + (counts.GetAccountPasswordPolicy ?? 0);
  return { detection: detection + later, polls, all: total(counts) };
};

const lookAndAct = async (
  run: Run,
  accountId: string,
  acts: boolean,
  before: string | undefined,
): Promise<RunOfAccount> => {
  const { settings } = run;
  const lookedUp = await lookUp(run, accountId, acts);
  const { context, inventory, account, journal, brokenEntries, stored } = lookedUp;
  const looked = await runUsers(lookedUp, before);
  const { results } = looked;
  const acted = await actOn(
    { context, users: inventory.users.length, journal, unreadable: brokenEntries.length },
    results,
  );
  const { isWhole, ...progress } = progressOf(looked, acted, before);
  const told = createTold(account.document.told, settings.now());
  const summary = summarizeAccount(
    {
      accountId,
      preview: !acts,
      inventory,
      users: results,
      acted,
      runId: run.id,
      journal,
      ...(context.console === undefined ? {} : { console: context.console.policy }),
      breakGlass: settings.actions.guard.breakGlass,
      stopped: context.stopped,
      setAside: [...stored.setAside, ...brokenEntries],
      done: progress.done,
      calls: callsOf(lookedUp),
    },
    told,
    settings.now(),
  );
  const steps = [...lookedUp.steps, ...acted.steps, ...summary.steps];
  if (!acts) return { account: { ...summary, steps } };
  // Of whom nothing could be read nothing is known, least of all that it is over.
  const knowsAll = isWhole && run.only === undefined && !results.some(({ isUnread }) => isUnread);
  const forgotten = knowsAll ? await forget(run, lookedUp, results) : [];
  return {
    account: { ...summary, steps: [...steps, ...forgotten] },
    progress,
    keepTold: keeperOf(run, accountId, account, {
      told,
      done: progress.done && run.only === undefined,
      isWhole: knowsAll,
    }),
  };
};

/** An account's failure, told once and again when it is another: the store may be what fails. */
const failure = (accountId: string, error: ErrorSummary, preview: boolean, retryable: boolean): RunOfAccount => ({
  account: {
    ...failedAccount(accountId, error, { preview, announce: true }),
    steps: [failedStep(`${accountId}/look`, 'look', { reason: error.code, because: error.message }, retryable)],
  },
});

/**
 * Looks at one account, mails who is due, and acts on whose time is up. An account that fails costs no other anything; what
 * failed is a step, so that a retry mends it.
 * @throws RemediationError `MODE_INVALID`, `AUDIT_FAILED`
 */
export const runAccount = async (run: Run, accountId: string, after?: string): Promise<RunOfAccount> => {
  const acts = (await resolveMode(run.settings.mode, { accountId })) === 'enforce';
  try {
    return await lookAndAct(run, accountId, acts, after);
  } catch (error) {
    if (isRemediationError(error) && error.code === 'AUDIT_FAILED') throw error;
    return failure(accountId, summarizeError(error), !acts, isRetryable(error));
  }
};

/** Of an account that time left nothing for. */
export const notBegun = (accountId: string): RunOfAccount => {
  const error = new RemediationError({
    code: 'OUT_OF_TIME',
    message: `Time ran out before account ${accountId} was looked at.`,
    retryable: true,
  });
  return failure(accountId, summarizeError(error), false, true);
};
