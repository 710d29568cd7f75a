import {
  type ErrorSummary,
  isRemediationError,
  mapConcurrent,
  pausedFor,
  RemediationError,
  resolveMode,
  type StepOutcome,
  seconds,
  summarizeError,
  toInstant,
} from '@remedykit/core';
import { createIamCalls } from '../aws/calls.ts';
import { utcDay } from '../days.ts';
import { gatherInventory, type Inventory } from '../inventory/gather.ts';
import { gatherServiceSpecific } from '../inventory/live.ts';
import { decideClock } from '../lifecycle/decide-clock.ts';
import type { MailRecord } from '../model/case.ts';
import { listMails, type StoredMails } from '../warnings/mail-store.ts';
import { type AccountContext, failedStep } from './account-context.ts';
import { type AccountDocument, changeAccount, type Held, readAccount, readUsers } from './documents.ts';
import { decideForget, executeForget, type ForgetFacts, oldBefore } from './forget.ts';
import { gatherMailer } from './mailer.ts';
import type { AccountRun } from './outcome.ts';
import { sendProbe } from './probe.ts';
import type { Run } from './run.ts';
import { runUser } from './run-user.ts';
import { failedAccount, stepsOf, summarizeAccount } from './summarize-account.ts';
import { createTold, merged, type Told } from './told.ts';
import type { UserResult } from './user-result.ts';

/** No user is begun with less than this left. */
const userReserveMs = seconds(15);

/** What was done in one account, and what of it failed. */
export interface RunOfAccount {
  readonly account: AccountRun;
  readonly steps: readonly StepOutcome[];
}

/** Who is in an account, and what all of its users share. */
export interface LookedUp {
  readonly context: AccountContext;
  readonly inventory: Inventory;
  readonly account: Held<AccountDocument>;
  /** What was done, and what failed, about the account as a whole. */
  readonly steps: readonly StepOutcome[];
  readonly stored: Omit<StoredMails, 'mails'>;
}

const byUser = (mails: readonly MailRecord[]): ReadonlyMap<string, readonly MailRecord[]> => {
  const grouped = new Map<string, MailRecord[]>();
  for (const mail of mails) {
    const ofUser = grouped.get(mail.userId);
    if (ofUser === undefined) grouped.set(mail.userId, [mail]);
    else ofUser.push(mail);
  }
  return grouped;
};

interface Settled {
  readonly account: Held<AccountDocument>;
  readonly steps: readonly StepOutcome[];
}

/** Settles which clocks stand still, and stores it before anybody is mailed by it. */
const settleClocks = async (
  run: Run,
  accountId: string,
  account: Held<AccountDocument>,
  mails: readonly MailRecord[],
  { acts, mayMail }: { readonly acts: boolean; readonly mayMail: boolean },
): Promise<Settled> => {
  const { settings } = run;
  const now = settings.now();
  const mailer = await gatherMailer(settings.mailer);
  const decide = ({ stopped, lastProbeAt }: AccountDocument) =>
    decideClock({ mailer, mails, stopped, ...(lastProbeAt === undefined ? {} : { lastProbeAt }) }, now);
  const { stopped, isProbeDue } = decide(account.document);
  if (!acts) return { account: { ...account, document: { ...account.document, stopped } }, steps: [] };
  const settled = await changeAccount(settings.store, accountId, account, (document) => {
    const next = decide(document).stopped;
    return JSON.stringify(next) === JSON.stringify(document.stopped) ? document : { ...document, stopped: next };
  });
  if (!isProbeDue || !mayMail) return { account: settled, steps: [] };
  const probe = await sendProbe(run, accountId, utcDay(now));
  // One that did not go out, or of which nobody knows whether it did, is for the next run to try.
  if (probe.retryable || probe.status === 'skipped') return { account: settled, steps: [probe] };
  const probed = await changeAccount(settings.store, accountId, settled, (document) => ({
    ...document,
    lastProbeAt: toInstant(now),
  }));
  return { account: probed, steps: [probe] };
};

/** Reads who is in an account, what is known of them, and what holds for all of them. */
export const lookUp = async (run: Run, accountId: string, acts: boolean): Promise<LookedUp> => {
  const { settings, remainingTimeMs } = run;
  const { store, observe, sleep, random, now, concurrency, maxReportAge } = settings;
  const target = { accountId };
  const control = await settings.control.read(accountId);
  // A mail takes nothing from anybody, but it starts a clock: who stops all writes stops it too.
  const paused = pausedFor(control, 'release', now());
  const exemptions = await settings.exemptions(target);
  const [held, known, stored] = await Promise.all([
    readAccount(store, accountId),
    readUsers(store, accountId),
    listMails(store, accountId, { oldBefore: oldBefore(now()) }),
  ]);
  const { account, steps } = await settleClocks(run, accountId, held, stored.mails, {
    acts,
    mayMail: paused === undefined,
  });
  const time = Number.isFinite(remainingTimeMs()) ? { remainingTimeMs } : {};
  const calls = createIamCalls({
    iam: settings.iam(target),
    concurrency: concurrency * 2,
    observe,
    sleep,
    random,
    ...time,
  });
  const inventory = await gatherInventory({
    iam: calls,
    accountId,
    report: { maxAgeMs: maxReportAge },
    observe,
    now,
    sleep,
    random,
    ...time,
  });
  const hasServiceRule = settings.policy.rules['service-specific-age'] !== undefined;
  return {
    inventory,
    account,
    // Nobody knows whether somebody wants it to stop: that is no pause, and a retry mends it.
    steps: [
      ...(control.readable || paused === undefined ? [] : [failedStep(`${accountId}/control`, 'look', paused, true)]),
      ...steps,
    ],
    stored,
    context: {
      run,
      accountId,
      acts,
      calls,
      known,
      mails: byUser(stored.mails),
      stopped: account.document.stopped,
      exemptions,
      unreadable: new Set(inventory.faults.map(({ userName }) => userName)),
      serviceSpecific: hasServiceRule ? await gatherServiceSpecific(calls) : new Map(),
      ...(paused === undefined ? {} : { paused }),
    },
  };
};

/** Looks at every user, as many at once as the settings say, until time runs out. Users without a case are left out. */
export const runUsers = async ({ context, inventory }: LookedUp): Promise<{ results: UserResult[]; done: boolean }> => {
  const { run } = context;
  let done = true;
  const settled = await mapConcurrent(inventory.users, run.settings.concurrency, async (found) => {
    done &&= run.remainingTimeMs() >= userReserveMs;
    return done ? runUser(context, found) : undefined;
  });
  const results: UserResult[] = [];
  for (const each of settled) {
    // Only an audit record that could not be written, or a fault of ours.
    if (!each.ok) throw each.error;
    if (each.value !== undefined) results.push(each.value);
  }
  return { results, done: done && results.every((result) => result.done) };
};

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What is not known to be beyond mending may be mended, by a person as well: nothing is left in silence. */
const isRetryable = (error: unknown): boolean => !isRemediationError(error) || error.retryable;

/** Stores what people are told now. That it cannot be stored must not hide what was done. */
const keepTold = async (
  { settings }: Run,
  { context: { accountId }, account }: LookedUp,
  { told, done }: { readonly told: Told; readonly done: boolean },
  isWhole: boolean,
): Promise<readonly StepOutcome[]> => {
  try {
    await changeAccount(settings.store, accountId, account, (document) => ({
      ...document,
      // Half a run knows nothing of the other half.
      told: isWhole ? told.after() : merged(document.told, told.after()),
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
  { context: { accountId, known, mails }, inventory, stored }: LookedUp,
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

const lookAndMail = async (run: Run, accountId: string, acts: boolean): Promise<RunOfAccount> => {
  const { settings } = run;
  const lookedUp = await lookUp(run, accountId, acts);
  const { context, inventory, account, stored } = lookedUp;
  const { results, done } = await runUsers(lookedUp);
  const told = createTold(account.document.told, settings.now());
  const { detection, polls } = inventory.calls;
  const summary = summarizeAccount(
    {
      accountId,
      preview: !acts,
      inventory,
      users: results,
      stopped: context.stopped,
      setAside: stored.setAside,
      done,
      calls: { detection, polls, all: total(context.calls.counts()) },
    },
    told,
    settings.now(),
  );
  const steps = [...lookedUp.steps, ...stepsOf(results)];
  if (!acts) return { account: summary, steps };
  // Of whom nothing could be read nothing is known, least of all that it is over.
  const isWhole = done && !results.some(({ isUnread }) => isUnread);
  const forgotten = isWhole ? await forget(run, lookedUp, results) : [];
  const kept = await keepTold(run, lookedUp, { told, done }, isWhole);
  return { account: summary, steps: [...steps, ...forgotten, ...kept] };
};

/** An account's failure, told once and again when it is another: the store may be what fails. */
const failure = (accountId: string, error: ErrorSummary, preview: boolean, retryable: boolean): RunOfAccount => ({
  account: failedAccount(accountId, error, { preview, announce: true }),
  steps: [failedStep(`${accountId}/look`, 'look', { reason: error.code, because: error.message }, retryable)],
});

/**
 * Looks at one account and mails who is due. An account that fails costs no other anything; what failed is a step, so that a
 * retry mends it.
 * @throws RemediationError `MODE_INVALID`, `AUDIT_FAILED`
 */
export const runAccount = async (run: Run, accountId: string): Promise<RunOfAccount> => {
  const acts = (await resolveMode(run.settings.mode, { accountId })) === 'enforce';
  try {
    return await lookAndMail(run, accountId, acts);
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
