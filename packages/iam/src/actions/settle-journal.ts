import { type Duration, minutes, type Reason, type StateStore, summarizeError, toInstant } from '@remedykit/core';
import type { JournalEntry } from '../model/action.ts';
import { complete, fail, statusOf } from './journal.ts';
import { type LookContext, readTarget } from './target-state.ts';
import { type EffectVerdict, effectOf } from './verify-target.ts';

/** Within this the worker that intended a change may still be about to make it: the longest that Lambda lets one run. */
export const inFlightFor: Duration = minutes(15);

/** Every reason that settling an entry gives, with its sentence for people. */
export const settleReasons = {
  completed: 'A change whose completion was lost is seen to have taken effect.',
  failed: 'A change that was intended is seen to have had no effect.',
  'user-gone': 'A change was intended of a user who is no more.',
  'credential-gone': 'A change was intended of a credential that is no more.',
  'in-progress': 'A change was intended less than 15 minutes ago, and a look shows no effect so far.',
  'read-failed': 'What became of a change that was intended could not be read or stored; it is looked at again.',
} as const;

/** A documented reason of a settled entry. */
export type SettleReason = keyof typeof settleReasons;

/** What became of one entry that was left open. */
export interface SettledEntry extends Reason {
  readonly reason: SettleReason;
  readonly entry: JournalEntry;
  /** False: it is still open. */
  readonly settled: boolean;
}

/** What settling needs. */
export interface SettleContext extends LookContext {
  readonly store: StateStore;
}

/** What a look at an entry that was left open comes to. Pure. */
export const decideSettle = ({ intendedAt }: JournalEntry, effect: EffectVerdict, now: Date): SettleReason => {
  if (effect === 'effect') return 'completed';
  if (effect !== 'no-effect') return effect;
  const age = now.getTime() - Date.parse(intendedAt);
  return age < inFlightFor ? 'in-progress' : 'failed';
};

const isSame = (one: JournalEntry, other: JournalEntry): boolean =>
  one.action === other.action &&
  one.subject.userId === other.subject.userId &&
  JSON.stringify(Object.entries(one.target).sort()) === JSON.stringify(Object.entries(other.target).sort());

/** Whether another run brought an effect about since it was intended: it is told, counted and undone once. Pure. */
const isOfAnother = (entry: JournalEntry, others: readonly JournalEntry[]): boolean =>
  others.some(
    (other) =>
      other.runId !== entry.runId &&
      isSame(other, entry) &&
      other.completedAt !== undefined &&
      other.completedAt >= entry.intendedAt,
  );

/**
 * Settles one entry by looking, if it is open; an effect that shows later after all completes it still. An effect that one of
 * the other entries stands for is not taken for that of this one.
 * IAM actions: those of `readTarget`.
 */
export const settleEntry = async (
  context: SettleContext,
  entry: JournalEntry,
  others: readonly JournalEntry[] = [],
): Promise<SettledEntry> => {
  const { store, now } = context;
  try {
    const seen = effectOf(entry, await readTarget(context, entry.subject, entry.target));
    const effect = seen === 'effect' && isOfAnother(entry, others) ? 'no-effect' : seen;
    const reason = decideSettle(entry, effect, now());
    const told = { reason, because: settleReasons[reason] };
    const at = toInstant(now());
    if (reason === 'in-progress') return { ...told, entry, settled: false };
    const after = await (reason === 'completed'
      ? complete(store, entry, { at, settled: true })
      : fail(store, entry, { at, settled: true, failure: reason }));
    return { ...told, entry: after, settled: true };
  } catch (error) {
    const { code, message } = summarizeError(error);
    const because = `${settleReasons['read-failed']} (${code}: ${message})`;
    return { reason: 'read-failed', because, entry, settled: false };
  }
};

/**
 * Settles what an earlier run intended and did not live to complete, by looking. Call it before anything is decided; one
 * entry that cannot be settled hides no other.
 */
export const settleJournal = async (
  context: SettleContext,
  entries: readonly JournalEntry[],
): Promise<readonly SettledEntry[]> => {
  const settled: SettledEntry[] = [];
  const known = [...entries];
  for (const [index, entry] of entries.entries()) {
    if (statusOf(entry) !== 'intended') continue;
    const after = await settleEntry(context, entry, known);
    known[index] = after.entry;
    settled.push(after);
  }
  return settled;
};
