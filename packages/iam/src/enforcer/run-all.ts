import { type Duration, resolveMode, seconds, toInstant } from '@remedykit/core';
import { readAccount } from './documents.ts';
import type { CallOptions } from './options.ts';
import type { CredentialAnswer, CredentialRun } from './outcome.ts';
import { beginProgress, keepProgress, type Progress, readProgress } from './progress.ts';
import { executeResolve, type ResolveRequest } from './resolve-request.ts';
import { beginRun, type Run } from './run.ts';
import { notBegun, type RunOfAccount, runAccount } from './run-account.ts';
import type { Settings } from './settings.ts';

/** No account is begun with less than this left. */
export const accountReserveMs: Duration = seconds(20);

/** Those first that were looked at longest ago, so that a run that ends early starves nobody. */
const inOrder = async ({ accounts, store }: Settings): Promise<string[]> => {
  const last = await Promise.all(
    accounts.map(async (accountId) => {
      try {
        const { document } = await readAccount(store, accountId);
        return { accountId, at: document.lastDoneAt ?? '' };
      } catch {
        // What is wrong with it is said when its turn comes.
        return { accountId, at: '' };
      }
    }),
  );
  return last.sort((one, other) => one.at.localeCompare(other.at)).map(({ accountId }) => accountId);
};

const outcomeOf = (run: Run, accounts: readonly RunOfAccount[]): CredentialRun => ({
  runId: run.id,
  at: toInstant(run.startedAt),
  accounts: accounts.map(({ account }) => account),
  steps: accounts.flatMap(({ account }) => account.steps),
  done: accounts.every(
    ({ account }) => account.error?.code !== 'OUT_OF_TIME' && (account.done || account.error !== undefined),
  ),
});

interface RunSoFar {
  readonly run: Run;
  readonly progress: Progress;
}

const newRun = (run: Run): RunSoFar => ({ run, progress: beginProgress(run.id, run.startedAt) });

/** Whether anything is done in any account. */
const actsAnywhere = async ({ settings: { mode, accounts } }: Run): Promise<boolean> => {
  const modes = await Promise.all(accounts.map((accountId) => resolveMode(mode, { accountId })));
  return modes.includes('enforce');
};

/** The run that the last call had no time for, or a new one. A store that fails is told of when an account is looked at. */
const goOn = async (run: Run): Promise<RunSoFar> => {
  const { store, accounts, now } = run.settings;
  const progress = await readProgress(store, accounts, now()).catch(() => undefined);
  return progress === undefined ? newRun(run) : { run: { ...run, id: progress.runId }, progress };
};

/** Keeps how far a run came, so that the next call goes on with it. Without it the next one begins anew, and loses nothing. */
const keep = async ({ settings }: Run, progress: Progress | undefined): Promise<void> =>
  keepProgress(settings.store, settings.accounts, progress).catch(() => undefined);

/** The outcome, once it is stored what people are told by it. */
const ended = async (run: Run, accounts: readonly RunOfAccount[]): Promise<CredentialRun> => {
  const kept: RunOfAccount[] = [];
  for (const { keepTold, ...one } of accounts) {
    const steps = [...one.account.steps, ...((await keepTold?.()) ?? [])];
    kept.push({ ...one, account: { ...one.account, steps } });
  }
  return outcomeOf(run, kept);
};

/** Looks at every account and acts in it, going on with a run that had no time for all of them. */
export const runAll = async (begun: Run): Promise<CredentialRun> => {
  const acts = await actsAnywhere(begun);
  // A dry-run shows all accounts, and leaves alone how far an enforcer beside it came.
  const { run, progress: before } = acts ? await goOn(begun) : newRun(begun);
  const accounts: RunOfAccount[] = [];
  let progress = before;
  for (const accountId of await inOrder(run.settings)) {
    const known = progress.accounts[accountId];
    if (known?.done) continue;
    if (run.remainingTimeMs() < accountReserveMs) {
      accounts.push(notBegun(accountId));
      continue;
    }
    const one = await runAccount(run, accountId, known?.after);
    accounts.push(one);
    if (one.progress === undefined) continue;
    progress = { ...progress, accounts: { ...progress.accounts, [accountId]: one.progress } };
    if (accounts.length < run.settings.accounts.length || !one.progress.done) await keep(run, progress);
  }
  const outcome = await ended(run, accounts);
  if (acts && outcome.done) await keep(run, undefined);
  return outcome;
};

/** Keeps an answer, and acts on its user at once. */
export const resolveOne = async (
  settings: Settings,
  request: ResolveRequest,
  call: CallOptions,
): Promise<CredentialAnswer> => {
  const answer = await executeResolve(settings, request, call);
  const { accountId, userId } = answer;
  const run = beginRun(settings, call, { only: { accountId, userId } });
  return { ...(await ended(run, [await runAccount(run, accountId)])), answer };
};
