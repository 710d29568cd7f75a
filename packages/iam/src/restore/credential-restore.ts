import type { ErrorSummary, Instant, Outcome } from '@remedykit/core';
import type { RestoredEntry, RestoreOutcome } from './restore-outcome.ts';

/** What a restore did in one account. Plain JSON. */
export interface AccountRestore extends Pick<RestoreOutcome, 'accountId' | 'setAside' | 'done'> {
  /** True where nothing was to be written. */
  readonly preview: boolean;
  /** One for each change that the run had made there. */
  readonly steps: readonly RestoredEntry[];
  /** Why the account as a whole could not be looked at, or was left before its end. */
  readonly error?: ErrorSummary;
}

/**
 * What a restore did in all accounts. Give it to `restoreMessage`, then to `assertComplete`; the same call goes on with what
 * is left. Plain JSON.
 */
export interface CredentialRestore extends Outcome {
  /** The run that was undone. */
  readonly runId: string;
  readonly at: Instant;
  readonly reason: string;
  readonly requestedBy: string;
  readonly exemptUntil: Instant;
  /** Accounts in which the run changed something, and those of which nobody knows. */
  readonly accounts: readonly AccountRestore[];
}
