import { type ControlState, type Duration, pausedFor, RemediationError, seconds } from '@remedykit/core';
import { listAccount, listRun, statusOf } from '../actions/journal.ts';
import { settleEntry } from '../actions/settle-journal.ts';
import type { JournalEntry } from '../model/action.ts';
import { carryOut, find } from './carry-out-restore.ts';
import { decideRestore, type RestoreFacts } from './decide-restore.ts';
import { failed, outcome, type RestoreContext, type RestoredEntry, type RestoreOutcome } from './restore-outcome.ts';
import { checkRestoreRequest, type RestoreRequest, selectEntries } from './restore-request.ts';

/** Nothing is begun with less than this left. */
const reserveMs: Duration = seconds(10);

/** What was left open is settled first, so that the journal says what happened, whoever asks. */
const settled = async (
  context: RestoreContext,
  entry: JournalEntry,
  all: readonly JournalEntry[],
): Promise<JournalEntry> =>
  statusOf(entry) === 'intended' && !context.preview ? (await settleEntry(context, entry, all)).entry : entry;

const isAbout = (user: JournalEntry['subject'], { subject }: JournalEntry): boolean => subject.userId === user.userId;

const restoreEntry = async (
  context: RestoreContext,
  open: JournalEntry,
  request: RestoreRequest,
  all: readonly JournalEntry[],
): Promise<RestoredEntry> => {
  const entry = await settled(context, open, all);
  let facts: RestoreFacts;
  try {
    const others = all.filter((each) => isAbout(entry.subject, each) && each.runId !== entry.runId);
    facts = { entry, others, ...(await find(context, entry)) };
  } catch (error) {
    return failed(entry, 'read-failed', error);
  }
  const at = context.now();
  const plan = decideRestore(facts, null, at);
  const came = await carryOut(context, entry, request, plan);
  await context.record?.({ facts, plan, at, outcome: came });
  return came;
};

/** Why nothing may be written now, if so. */
const stopped = (entry: JournalEntry, control: ControlState, now: Date): RestoredEntry | undefined => {
  const paused = pausedFor(control, 'release', now);
  if (paused === undefined) return undefined;
  const { because } = paused;
  return control.readable
    ? outcome(entry, 'refused', { reason: 'paused', because })
    : outcome(entry, 'failed', { reason: 'control-unreadable', because }, { retryable: true });
};

/** The journal has nothing of a run. */
export const unknownRun = (runId: string, where: string): RemediationError =>
  new RemediationError({
    code: 'RUN_UNKNOWN',
    message: `The journal of ${where} has nothing of a run ${runId}: it changed nothing there, or the id is another's.`,
  });

/**
 * Undoes what a run did in one account, as far as it is still as the run left it, and exempts those users until
 * `exemptUntil` *before* that, so that no run in between acts again. Idempotent: after a crash or a failure at any point the
 * same call goes on. Every change of the run gets one outcome, with its reason.
 *
 * IAM actions: those of `readTarget`, `iam:GetUser`, `iam:ListAttachedUserPolicies`; to undo, `iam:UpdateAccessKey`,
 * `iam:UpdateServiceSpecificCredential`, `iam:UpdateSigningCertificate`, `iam:UpdateSSHPublicKey`, `iam:DetachUserPolicy`.
 * @throws RemediationError `RESTORE_INVALID`, `RUN_ID_INVALID`, `RUN_UNKNOWN` (the journal has nothing of such a run),
 * `JOURNAL_NEWER` (retryable), and what the store throws before anything was undone
 */
export const restoreRun = async (
  context: RestoreContext,
  runId: string,
  request: RestoreRequest,
): Promise<RestoreOutcome> => {
  const { store, accountId, control, now, remainingTimeMs } = context;
  checkRestoreRequest(request, now());
  const run = await listRun(store, accountId, runId);
  if (run.entries.length + run.setAside.length === 0) throw unknownRun(runId, `account ${accountId}`);
  const meant = selectEntries(run.entries, request);
  const all = (await listAccount(store, accountId)).entries;
  const steps: RestoredEntry[] = [];
  let done = true;
  // The last change first: of a user who had several, each is found as the run left it.
  for (const entry of [...meant].reverse()) {
    done &&= remainingTimeMs === undefined || remainingTimeMs() >= reserveMs;
    steps.push(
      done
        ? (stopped(entry, await control(), now()) ?? (await restoreEntry(context, entry, request, all)))
        : outcome(entry, 'failed', { reason: 'out-of-time' }, { retryable: true }),
    );
  }
  return { runId, accountId, steps, setAside: run.setAside, done };
};
