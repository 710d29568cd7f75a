import { summarizeError, toInstant } from '@remedykit/core';
import { markRestored, markRestoring } from '../actions/journal.ts';
import { readAttachments, readTarget, type TargetState } from '../actions/target-state.ts';
import { effectOf } from '../actions/verify-target.ts';
import { writeTarget } from '../actions/write-target.ts';
import { isTransient, requestIdOf } from '../aws/errors.ts';
import { writeExemption } from '../exemptions/stored-exemptions.ts';
import { gatherLive } from '../inventory/live.ts';
import type { JournalEntry, Restoration } from '../model/action.ts';
import type { AttachedPolicy } from '../model/user.ts';
import type { RestoreDecision } from './decide-restore.ts';
import { failed, outcome, type RestoreContext, type RestoredEntry } from './restore-outcome.ts';
import type { RestoreRequest } from './restore-request.ts';

/** What there is to know of one entry, read live. */
export interface Found {
  readonly isSameUser: boolean;
  readonly state: TargetState;
  readonly attachedPolicies: readonly AttachedPolicy[];
}

const gone: Found = { isSameUser: false, state: { kind: 'user-gone' }, attachedPolicies: [] };

/** Reads what there is to know of one entry; throws `LIVE_READ_FAILED`. */
export const find = async ({ calls, now }: RestoreContext, { subject, target }: JournalEntry): Promise<Found> => {
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

/** Carries a decision out; in a preview all but the writes. */
export const carryOut = async (
  context: RestoreContext,
  held: JournalEntry,
  request: RestoreRequest,
  { kind, reason, because }: RestoreDecision,
): Promise<RestoredEntry> => {
  if (kind === 'leave') {
    const status = reason === 'already-restored' ? 'already-applied' : reason === 'in-progress' ? 'failed' : 'skipped';
    return outcome(held, status, { reason, because }, { retryable: reason === 'in-progress' });
  }
  if (kind === 'mark')
    return context.preview
      ? outcome(held, 'already-applied', { reason, because })
      : mark(context, held, request, { status: 'already-applied', requestIds: [] });
  if (context.preview) return outcome(held, 'skipped', { reason: 'dry-run' });
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
