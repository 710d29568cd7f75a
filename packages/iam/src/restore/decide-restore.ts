import type { Decider, Reason } from '@remedykit/core';
import { statusOf } from '../actions/journal.ts';
import { inFlightFor } from '../actions/settle-journal.ts';
import type { TargetState } from '../actions/target-state.ts';
import { effectOf } from '../actions/verify-target.ts';
import type { JournalEntry } from '../model/action.ts';
import type { AttachedPolicy } from '../model/user.ts';
import { type RestoreReason, restoreReasons } from './restore-reasons.ts';

/** All that the decision about one entry needs, read live. Plain JSON. */
export interface RestoreFacts {
  readonly entry: JournalEntry;
  /** Whether the name still belongs to the user whom the entry names. */
  readonly isSameUser: boolean;
  /** The object of the change as it is now. */
  readonly state: TargetState;
  /** Managed policies of the user. */
  readonly attachedPolicies: readonly AttachedPolicy[];
  /** Other entries of the journal about the same user, of all runs. */
  readonly others: readonly JournalEntry[];
}

/** What is to be done about one entry. */
export interface RestoreDecision extends Reason {
  readonly reason: RestoreReason;
  /**
   * - `undo`: write
   * - `mark`: it was undone, and that was not stored
   * - `leave`: neither
   */
  readonly kind: 'undo' | 'mark' | 'leave';
}

/** Source: IAM user guide; AWS attaches `AWSCompromisedKeyQuarantine`, `…V2`, `…V3` to users whose key leaked. */
const isQuarantine = ({ arn }: AttachedPolicy): boolean =>
  /:iam::aws:policy\/(?:.*\/)?AWSCompromisedKeyQuarantine/.test(arn);

const decided = (kind: RestoreDecision['kind'], reason: RestoreReason): RestoreDecision => ({
  kind,
  reason,
  because: restoreReasons[reason],
});

const isSameTarget = (one: JournalEntry, other: JournalEntry): boolean =>
  one.subject.userId === other.subject.userId &&
  JSON.stringify(Object.entries(one.target).sort()) === JSON.stringify(Object.entries(other.target).sort());

const comesLater = (one: JournalEntry, other: JournalEntry): boolean =>
  one.intendedAt > other.intendedAt || (one.intendedAt === other.intendedAt && one.runId > other.runId);

/** A later run that changed the same: what is there now is its work. */
const laterRun = ({ entry, others }: RestoreFacts): JournalEntry | undefined =>
  others.find(
    (other) =>
      other.runId !== entry.runId &&
      isSameTarget(other, entry) &&
      comesLater(other, entry) &&
      !['failed', 'restored'].includes(statusOf(other)),
  );

const isUndoable = ({ action }: JournalEntry): boolean => action === 'deactivate' || action === 'attach-policy';

const isOtherCredential = ({ before }: JournalEntry, state: TargetState): boolean =>
  before.kind === 'credential' &&
  state.kind === 'credential' &&
  state.credential !== null &&
  state.credential.createdAt !== before.createdAt;

/**
 * Whether a change can be undone now, and why not. Pure. Only what is still as the run left it is touched; a change that
 * nobody knows to have taken effect is judged by what is there.
 */
export const decideRestore: Decider<RestoreFacts, null, RestoreDecision> = (facts, _policy, now) => {
  const { entry, isSameUser, state, attachedPolicies } = facts;
  const status = statusOf(entry);
  if (status === 'restored') return decided('leave', 'already-restored');
  if (status === 'failed') return decided('leave', 'not-applied');
  if (!isUndoable(entry)) return decided('leave', 'not-restorable');
  if (!isSameUser || state.kind === 'user-gone') return decided('leave', 'user-gone');
  const effect = effectOf(entry, state);
  if (effect === 'credential-gone' || isOtherCredential(entry, state)) return decided('leave', 'changed-since');
  if (effect === 'no-effect') {
    // A restore had begun to undo it: that is done, and only the mark was lost.
    if (status === 'restoring') return decided('mark', 'restored');
    if (status !== 'intended') return decided('leave', 'changed-since');
    const isInFlight = now.getTime() - Date.parse(entry.intendedAt) < inFlightFor;
    return decided('leave', isInFlight ? 'in-progress' : 'not-applied');
  }
  if (attachedPolicies.some(isQuarantine)) return decided('leave', 'quarantined');
  const later = laterRun(facts);
  if (later === undefined) return decided('undo', 'restored');
  return {
    ...decided('leave', 'changed-since'),
    because:
      later.action === entry.action
        ? `The run ${later.runId} did the same later; restore that one.`
        : `The run ${later.runId} has changed it since.`,
  };
};
