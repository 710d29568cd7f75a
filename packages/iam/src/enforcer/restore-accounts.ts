import {
  createControlReader,
  type Duration,
  isRemediationError,
  RemediationError,
  resolveMode,
  type StepOutcome,
  seconds,
  summarizeError,
  toInstant,
} from '@remedykit/core';
import { listRun, type StoredEntries } from '../actions/journal.ts';
import { runPrefix } from '../actions/journal-document.ts';
import { createIamCalls } from '../aws/calls.ts';
import type { AccountRestore, CredentialRestore } from '../restore/credential-restore.ts';
import { restoreRun, unknownRun } from '../restore/restore.ts';
import { checkNames, checkRestoreRequest, knownNames, type RestoreRequest } from '../restore/restore-request.ts';
import type { CallOptions } from './options.ts';
import { beginRun, type Run, record } from './run.ts';
import type { Settings } from './settings.ts';

export type { AccountRestore, CredentialRestore };

/** No account is begun with less than this left. */
const accountReserveMs: Duration = seconds(15);

/** What the journal of an account has of the run, or why that could not be read. */
interface Known {
  readonly accountId: string;
  readonly stored?: StoredEntries;
  readonly error?: unknown;
}

const outOfTime = (accountId: string): RemediationError =>
  new RemediationError({
    code: 'OUT_OF_TIME',
    message: `Time ran out before account ${accountId} was looked at.`,
    retryable: true,
  });

const readKnown = async ({ settings, remainingTimeMs }: Run, accountId: string, runId: string): Promise<Known> => {
  if (remainingTimeMs() < accountReserveMs) return { accountId, error: outOfTime(accountId) };
  try {
    return { accountId, stored: await listRun(settings.store, accountId, runId) };
  } catch (error) {
    return { accountId, error };
  }
};

/** What may be mended by a retry; of an error that is none of ours nobody knows that it may not. */
const isRetryable = (error: unknown): boolean => !isRemediationError(error) || error.retryable;

interface Restored {
  readonly account: AccountRestore;
  readonly steps: readonly StepOutcome[];
}

const failure = (accountId: string, error: unknown, preview: boolean): Restored => {
  const summary = summarizeError(error);
  return {
    account: { accountId, preview, steps: [], setAside: [], done: false, error: summary },
    steps: [
      {
        stepId: `${accountId}/restore`,
        action: 'restore',
        status: 'failed',
        retryable: isRetryable(error),
        reason: summary.code,
        because: summary.message,
        error: summary,
      },
    ],
  };
};

/** Broken entries are changes of which nobody knows what they were: none of them is undone. */
const brokenSteps = (setAside: AccountRestore['setAside']): StepOutcome[] =>
  setAside.map(({ key, because }) => ({
    stepId: key,
    action: 'restore',
    status: 'failed',
    retryable: false,
    reason: 'JOURNAL_INVALID',
    because,
  }));

const restoreAccount = async (
  run: Run,
  { accountId, stored, error }: Known,
  runId: string,
  request: RestoreRequest,
): Promise<Restored> => {
  const { settings, remainingTimeMs } = run;
  const { store, observe, sleep, random, now } = settings;
  let preview = false;
  try {
    preview = (await resolveMode(settings.mode, { accountId })) === 'dry-run';
    if (stored === undefined) return failure(accountId, error, preview);
    if (remainingTimeMs() < accountReserveMs) return failure(accountId, outOfTime(accountId), preview);
    const only = request.only === undefined ? undefined : knownNames(stored.entries, request.only);
    if (only?.length === 0)
      return {
        account: { accountId, preview, steps: [], setAside: stored.setAside, done: true },
        steps: brokenSteps(stored.setAside),
      };
    const time = Number.isFinite(remainingTimeMs()) ? { remainingTimeMs } : {};
    // Not the enforcer's own, which may have read a moment before the pause.
    const control = createControlReader(store, { now });
    const { steps, setAside, done } = await restoreRun(
      {
        calls: createIamCalls({ iam: settings.iam({ accountId }), observe, sleep, random, ...time }),
        store,
        accountId,
        control: () => control.read(accountId),
        now,
        preview,
        ...time,
        record: ({ outcome: { entry: _, ...outcome }, ...taken }) =>
          record(
            { settings, id: runId },
            { decider: 'credentials/restore', policy: null, ...taken, outcomes: [outcome] },
          ),
      },
      runId,
      { ...request, ...(only === undefined ? {} : { only }) },
    );
    return {
      account: { accountId, preview, steps, setAside, done },
      steps: [...steps.map(({ entry: _, ...step }) => step), ...brokenSteps(setAside)],
    };
  } catch (thrown) {
    if (isRemediationError(thrown) && thrown.code === 'AUDIT_FAILED') throw thrown;
    return failure(accountId, thrown, preview);
  }
};

/** Names are refused only when it is certain that no account has them. */
const checkOnly = (known: readonly Known[], only: readonly string[]): void => {
  if (known.every(({ stored }) => stored !== undefined && stored.setAside.length === 0))
    checkNames(
      known.flatMap(({ stored }) => stored?.entries ?? []),
      only,
    );
};

/**
 * Undoes what a run did, in all accounts in which it did anything, as far as it is still as the run left it; in an account
 * whose mode is `dry-run` it says what would be undone. An account that fails costs no other anything. The users are exempt
 * until `exemptUntil` before anything is given back to them. Idempotent: the same call goes on after a crash, a failure, or
 * the end of its time. Of a run that is still at work `pause` new denies first, or call it again when the run has ended: what
 * is done after the journal was read is not undone.
 *
 * IAM actions: those of `restoreRun`.
 * @throws RemediationError `RESTORE_INVALID`, `RUN_ID_INVALID`, `RUN_UNKNOWN` (no account has anything of such a run),
 * `REMAINING_TIME_INVALID`; `AUDIT_FAILED`, retryable: call it again
 */
export const restoreAccounts = async (
  settings: Settings,
  runId: string,
  request: RestoreRequest,
  call: CallOptions = {},
): Promise<CredentialRestore> => {
  const run = beginRun(settings, call);
  checkRestoreRequest(request, run.startedAt);
  runPrefix('', runId);
  const known: Known[] = [];
  for (const accountId of settings.accounts) {
    const one = await readKnown(run, accountId, runId);
    const isKnown = one.stored === undefined || one.stored.entries.length + one.stored.setAside.length > 0;
    if (isKnown) known.push(one);
  }
  if (known.length === 0) throw unknownRun(runId, `accounts ${settings.accounts.join(', ') || '(none)'}`);
  if (request.only !== undefined) checkOnly(known, request.only);
  const restored: Restored[] = [];
  for (const one of known) restored.push(await restoreAccount(run, one, runId, request));
  const { reason, requestedBy, exemptUntil } = request;
  const accounts = restored.map(({ account }) => account);
  return {
    runId,
    at: toInstant(run.startedAt),
    reason,
    requestedBy,
    exemptUntil: toInstant(exemptUntil),
    accounts: accounts.filter(
      ({ steps, setAside, error }) => steps.length + setAside.length > 0 || error !== undefined,
    ),
    steps: restored.flatMap(({ steps }) => steps),
    done: accounts.every(({ done, error }) => done || (error !== undefined && error.code !== 'OUT_OF_TIME')),
  };
};
