import {
  type Clock,
  type ControlState,
  type ErrorSummary,
  type StateStore,
  type StepOutcome,
  summarizeError,
} from '@remedykit/core';
import type { IamCalls } from '../aws/calls.ts';
import { requestIdOf } from '../aws/errors.ts';
import type { JournalEntry } from '../model/action.ts';
import type { RestoreDecision, RestoreFacts } from './decide-restore.ts';
import { type RestoreReason, restoreReasons } from './restore-reasons.ts';

/** What a restore needs. */
export interface RestoreContext {
  readonly calls: IamCalls;
  readonly store: StateStore;
  readonly accountId: string;
  /** What people have said about the account, at most 15 seconds old; asked before each change. */
  readonly control: () => Promise<ControlState>;
  readonly now: Clock;
  /** Milliseconds left to the caller. */
  readonly remainingTimeMs?: () => number;
  /** True where nothing is to be written: what would be undone is found out and told. Default false. */
  readonly preview?: boolean;
  /** Told of each decision, after it was carried out; what it throws ends the restore. */
  readonly record?: (taken: TakenRestore) => Promise<void>;
}

/** One decision with what it was taken on, and what came of it. */
export interface TakenRestore {
  readonly facts: RestoreFacts;
  readonly plan: RestoreDecision;
  readonly at: Date;
  readonly outcome: RestoredEntry;
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

/** The outcome of one entry, with the sentence of its reason. */
export const outcome = (
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

/** The outcome of one entry of which something failed. */
export const failed = (entry: JournalEntry, reason: RestoreReason, error: unknown, retryable = true): RestoredEntry => {
  const requestId = requestIdOf(error);
  return outcome(
    entry,
    'failed',
    { reason },
    { retryable, error: summarizeError(error), ...(requestId === undefined ? {} : { requestIds: [requestId] }) },
  );
};
