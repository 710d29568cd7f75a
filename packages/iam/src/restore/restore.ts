import {
  type Clock,
  type ControlState,
  type Duration,
  type ErrorSummary,
  pausedFor,
  type Reason,
  RemediationError,
  type StateStore,
  type StepOutcome,
  seconds,
  summarizeError,
  toInstant,
} from '@remedykit/core';
import { listAccount, listRun, markRestored, markRestoring } from '../actions/journal.ts';
import { settleEntry } from '../actions/settle-journal.ts';
import { readAttachments, readTarget, type TargetState } from '../actions/target-state.ts';
import { effectOf } from '../actions/verify-target.ts';
import { writeTarget } from '../actions/write-target.ts';
import type { IamCalls } from '../aws/calls.ts';
import { isTransient, requestIdOf } from '../aws/errors.ts';
import { writeExemption } from '../exemptions/stored-exemptions.ts';
import { gatherLive } from '../inventory/live.ts';
import type { JournalEntry, Restoration } from '../model/action.ts';
import type { AttachedPolicy } from '../model/user.ts';
import { decideRestore } from './decide-restore.ts';
import { type RestoreReason, restoreReasons } from './restore-reasons.ts';
import { checkRestoreRequest, type RestoreRequest, selectEntries } from './restore-request.ts';

/** What a restore needs. */
export interface RestoreContext {
  readonly calls: IamCalls;
  readonly store: StateStore;
  readonly accountId: string;
  /** What people have said about the account; read again by the caller for each restore. */
  readonly control: ControlState;
  readonly now: Clock;
  /** Milliseconds left to the caller. */
  readonly remainingTimeMs?: () => number;
}

/** What became of one change that the run had made. */
export interface RestoredEntry extends StepOutcome {
  readonly reason: RestoreReason;
  readonly entry: JournalEntry;
}

/** What a restore did in one account. Give it to `assertComplete` after people were told. */
export interface RestoreOutcome {
  readonly runId: string;
  readonly accountId: string;
  readonly steps: readonly RestoredEntry[];
  /** Broken entries of the run: what they tell of is not undone. */
  readonly setAside: readonly { readonly key: string; readonly because: string }[];
  /** False when time ran out before all was undone. */
  readonly done: boolean;
}

/** Nothing is begun with less than this left. */
const reserveMs: Duration = seconds(10);

const outcome = (
  entry: JournalEntry,
  status: StepOutcome['status'],
  { reason, because = restoreReasons[reason] }: { readonly reason: RestoreReason; readonly because?: string },
  { error, ...more }: { retryable?: boolean; requestIds?: readonly string[]; error?: ErrorSummary } = {},
): RestoredEntry => ({
  stepId: entry.stepId,
  action: `undo-${entry.action}`,
  status,
  retryable: false,
  reason,
  because: error === undefined ? because : `${because} (${error.code}: ${error.message})`,
  ...more,
  ...(error === undefined ? {} : { error }),
  entry,
});

const failed = (entry: JournalEntry, reason: RestoreReason, error: unknown, retryable = true): RestoredEntry => {
  const requestId = requestIdOf(error);
  return outcome(
    entry,
    'failed',
    { reason },
    { retryable, error: summarizeError(error), ...(requestId === undefined ? {} : { requestIds: [requestId] }) },
  );
};

/** What there is to know of one entry, read live. */
interface Found {
  readonly isSameUser: boolean;
  readonly state: TargetState;
  readonly attachedPolicies: readonly AttachedPolicy[];
}

const gone: Found = { isSameUser: false, state: { kind: 'user-gone' }, attachedPolicies: [] };

const find = async ({ calls, now }: RestoreContext, { subject, target }: JournalEntry): Promise<Found> => {
  const identity = await gatherLive(calls, subject, { identity: true }, { now });
  const attached = identity.kind === 'user-gone' ? 'user-gone' : await readAttachments(calls, subject);
  if (attached === 'user-gone') return gone;
  const state: TargetState =
    target.kind === 'managed-policy'
      ? { kind: 'attachment', attached }
      : await readTarget({ calls, now }, subject, target);
  return { isSameUser: true, state, attachedPolicies: attached };
};

const undoOf = ({ action }: JournalEntry) => (action === 'deactivate' ? 'activate' : 'detach-policy');

/** Writes once, and looks where the answer does not say what became of it. */
const undo = async (
  context: RestoreContext,
  entry: JournalEntry,
): Promise<{ readonly requestIds: readonly string[] } | { readonly failure: RestoredEntry }> => {
  try {
    return { requestIds: await writeTarget(context.calls, undoOf(entry), entry.subject, entry.target) };
  } catch (error) {
    try {
      const effect = effectOf(entry, (await find(context, entry)).state);
      // As it was before the run, whoever did it.
      if (effect === 'no-effect') return { requestIds: [requestIdOf(error)].filter((id) => id !== undefined) };
      if (effect === 'user-gone') return { failure: outcome(entry, 'skipped', { reason: 'user-gone' }) };
      if (effect === 'credential-gone') return { failure: outcome(entry, 'skipped', { reason: 'changed-since' }) };
    } catch {
      return { failure: failed(entry, 'unknown-effect', error) };
    }
    const isRefused = requestIdOf(error) !== undefined && !isTransient(error);
    return { failure: failed(entry, isRefused ? 'write-failed' : 'unknown-effect', error, !isRefused) };
  }
};

/** Stores the exemption and then what is about to be undone: a run in between finds the one, a crash leaves the other. */
const announce = async (
  { store, accountId, now }: RestoreContext,
  entry: JournalEntry,
  { reason, requestedBy, exemptUntil }: RestoreRequest,
): Promise<Restoration> => {
  const at = toInstant(now());
  await writeExemption(store, {
    schema: 1,
    accountId,
    userId: entry.subject.userId,
    reason,
    requestedBy,
    expires: toInstant(exemptUntil),
    writtenAt: at,
    runId: entry.runId,
  });
  const restoration: Restoration = { at, requestedBy, reason };
  await markRestoring(store, entry, restoration);
  return restoration;
};

const mark = async (
  { store, now }: RestoreContext,
  entry: JournalEntry,
  { requestedBy, reason }: RestoreRequest,
  { status, requestIds }: { readonly status: 'applied' | 'already-applied'; readonly requestIds: readonly string[] },
): Promise<RestoredEntry> => {
  try {
    const after = await markRestored(store, entry, { at: toInstant(now()), requestedBy, reason });
    return outcome(after, status, { reason: 'restored' }, { requestIds });
  } catch (error) {
    return outcome(
      entry,
      'failed',
      { reason: 'restored-unmarked' },
      { requestIds, retryable: true, error: summarizeError(error) },
    );
  }
};

const restoreEntry = async (
  context: RestoreContext,
  held: JournalEntry,
  request: RestoreRequest,
  others: readonly JournalEntry[],
): Promise<RestoredEntry> => {
  let decision: Reason & ReturnType<typeof decideRestore>;
  try {
    decision = decideRestore({ entry: held, others, ...(await find(context, held)) }, null, context.now());
  } catch (error) {
    return failed(held, 'read-failed', error);
  }
  const { kind, reason, because } = decision;
  if (kind === 'mark') return mark(context, held, request, { status: 'already-applied', requestIds: [] });
  if (kind === 'leave') {
    const status = reason === 'already-restored' ? 'already-applied' : reason === 'in-progress' ? 'failed' : 'skipped';
    return outcome(held, status, { reason, because }, { retryable: reason === 'in-progress' });
  }
  try {
    await announce(context, held, request);
  } catch (error) {
    return failed(held, 'store-failed', error);
  }
  const undone = await undo(context, held);
  return 'failure' in undone
    ? undone.failure
    : mark(context, held, request, { status: 'applied', requestIds: undone.requestIds });
};

/** What was left open is settled first, so that the journal says what happened, whoever asks. */
const settled = async (context: RestoreContext, entries: readonly JournalEntry[]): Promise<JournalEntry[]> => {
  const after: JournalEntry[] = [];
  for (const entry of entries) {
    const isOpen = entry.completedAt === undefined && entry.failedAt === undefined && entry.restored === undefined;
    after.push(isOpen && entry.restoring === undefined ? (await settleEntry(context, entry)).entry : entry);
  }
  return after;
};

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
  if (run.entries.length + run.setAside.length === 0)
    throw new RemediationError({
      code: 'RUN_UNKNOWN',
      message: `The journal of account ${accountId} has nothing of a run ${runId}: it changed nothing there, or the id is another's.`,
    });
  const meant = selectEntries(run.entries, request);
  const paused = pausedFor(control, 'release', now());
  if (paused !== undefined)
    return {
      runId,
      accountId,
      steps: meant.map((entry) => outcome(entry, 'refused', { reason: 'paused', because: paused.because })),
      setAside: run.setAside,
      done: true,
    };
  const all = (await listAccount(store, accountId)).entries;
  const steps: RestoredEntry[] = [];
  let done = true;
  // The last change first: of a user who had several, each is found as the run left it.
  for (const entry of await settled(context, [...meant].reverse())) {
    done &&= remainingTimeMs === undefined || remainingTimeMs() >= reserveMs;
    steps.push(
      done
        ? await restoreEntry(context, entry, request, all)
        : outcome(entry, 'failed', { reason: 'out-of-time' }, { retryable: true }),
    );
  }
  return { runId, accountId, steps, setAside: run.setAside, done };
};
