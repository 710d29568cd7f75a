import { RemediationError, seconds, summarizeError, toInstant } from '@remedykit/core';
import { forecastCase } from '../lifecycle/forecast-case.ts';
import { parseMailEvent } from '../warnings/mail-events.ts';
import { type MailEventResult, recordMailEvent } from '../warnings/record-mail-event.ts';
import { readAccount } from './documents.ts';
import { lookUp } from './look-up.ts';
import type { CallOptions, CredentialEnforcerOptions } from './options.ts';
import type { AccountForecast, CredentialForecast, CredentialRun } from './outcome.ts';
import { beginProgress, keepProgress, type Progress, readProgress } from './progress.ts';
import { beginRun, type Run } from './run.ts';
import { notBegun, type RunOfAccount, runAccount, runUsers } from './run-account.ts';
import { readSettings, type Settings } from './settings.ts';

/** How far a forecast looks. */
export interface PlanOptions extends CallOptions {
  /** Whole days, 0 to 365. */
  readonly days: number;
}

/** Finds credentials that break a rule, and warns their owners once for each stage. */
export interface CredentialEnforcer {
  /**
   * Looks at every account and mails what is due; call it once a day or more often. What was left, for time or a failure,
   * the next run does: give the outcome to `assertComplete` after people were told.
   * @throws RemediationError `MODE_INVALID`, `AUDIT_FAILED`, `REMAINING_TIME_INVALID`
   */
  run(options?: CallOptions): Promise<CredentialRun>;
  /**
   * Who will be warned and whose time will be up in the next days, and who is exempt until when, by the same decisions.
   * Reads and writes nothing but IAM and the store's documents; mails nobody.
   * @throws RemediationError `IAM_PLAN_INVALID`, `REMAINING_TIME_INVALID`
   */
  plan(options: PlanOptions): Promise<CredentialForecast>;
  /**
   * Takes what SES tells of a mail (EventBridge): a bounce, complaint or refusal makes its warning not count.
   * @throws RemediationError `MAIL_EVENT_MALFORMED`, `MAIL_EVENT_FOREIGN`, `MAIL_EVENT_UNTRUSTED`, `MAIL_EVENTS_SEVERAL`,
   * and what the store throws
   */
  recordMailEvent(event: unknown): Promise<MailEventResult>;
}

/** No account is begun with less than this left. */
const accountReserveMs = seconds(20);

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

/** The run that the last call had no time for, or a new one. A store that fails is told of when an account is looked at. */
const goOn = async (run: Run): Promise<{ readonly run: Run; readonly progress: Progress }> => {
  const { store, accounts, now } = run.settings;
  const progress = await readProgress(store, accounts, now()).catch(() => undefined);
  return progress === undefined
    ? { run, progress: beginProgress(run.id, run.startedAt) }
    : { run: { ...run, id: progress.runId }, progress };
};

/** Keeps how far a run came, so that the next call goes on with it. Without it the next one begins anew, and loses nothing. */
const keep = async ({ settings }: Run, progress: Progress | undefined): Promise<void> =>
  keepProgress(settings.store, settings.accounts, progress).catch(() => undefined);

const runAll = async (begun: Run): Promise<CredentialRun> => {
  const { run, progress: before } = await goOn(begun);
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
  const outcome = outcomeOf(run, accounts);
  if (outcome.done) await keep(run, undefined);
  return outcome;
};

const forecastAccount = async (run: Run, accountId: string, days: number): Promise<AccountForecast> => {
  const { policy, now } = run.settings;
  try {
    const lookedUp = await lookUp(run, accountId, false);
    const { results } = await runUsers(lookedUp);
    return {
      accountId,
      users: lookedUp.inventory.users.length,
      cases: results.flatMap(({ open, facts }) =>
        open.flatMap(({ action: _, ...one }) => {
          const known = facts.find((each) => each.case.id === one.caseId);
          return known === undefined ? [] : [{ ...one, days: forecastCase(known, policy, now(), days) }];
        }),
      ),
      exempt: results.flatMap(({ user: { userId, userName }, exempt }) =>
        exempt === undefined ? [] : [{ userId, userName, ...exempt }],
      ),
      skipped: results.flatMap(({ skipped }) => skipped),
    };
  } catch (error) {
    return { accountId, users: 0, cases: [], exempt: [], skipped: [], error: summarizeError(error) };
  }
};

const planAll = async (run: Run, days: number): Promise<CredentialForecast> => {
  const accounts: AccountForecast[] = [];
  let done = true;
  for (const accountId of run.settings.accounts) {
    done &&= run.remainingTimeMs() >= accountReserveMs;
    if (done) accounts.push(await forecastAccount(run, accountId, days));
  }
  return { at: toInstant(run.startedAt), days, accounts, done };
};

const checkDays = (days: unknown): number => {
  if (typeof days === 'number' && Number.isInteger(days) && days >= 0 && days <= 365) return days;
  throw new RemediationError({
    code: 'IAM_PLAN_INVALID',
    message: `plan({ days }) must be a whole number of days from 0 to 365, it was ${JSON.stringify(days)}.`,
  });
};

/**
 * An enforcer of credential hygiene: console users without MFA, and keys and other credentials that are too old. Decisions
 * are pure and recorded; state is kept in `store`. It mails and reports, and changes nothing in IAM. IAM actions:
 * `enforcerPermissions(options)`.
 * @throws RemediationError `IAM_OPTION_INVALID`, `EXEMPTION_INVALID`
 * @example
 * ```ts
 * import { IAMClient } from '@aws-sdk/client-iam';
 * import { SESv2Client } from '@aws-sdk/client-sesv2';
 * import { createMemoryStore } from '@remedykit/core';
 * import { createCredentialEnforcer } from '@remedykit/iam';
 * import { createSesNotifier } from '@remedykit/notify/ses';
 *
 * const enforcer = createCredentialEnforcer({
 *   mode: 'dry-run',
 *   accounts: ['111122223333'],
 *   iam: new IAMClient(),
 *   store: createMemoryStore(),
 *   mailer: createSesNotifier({ client: new SESv2Client(), from: 'security@example.com' }),
 *   allowedRecipientDomains: ['example.com'],
 *   fallbackRecipient: 'security@example.com',
 *   rolloutDate: new Date('2026-12-01'),
 *   mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report', enrolAfterDeny: 'hold' },
 *   accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
 *   minimumWarningDays: 10,
 *   undeliverable: 'report',
 *   limits: { maxUsersPerDay: 25, maxPercentPerDay: 5 },
 *   breakGlass: ['arn:aws:iam::111122223333:user/break-glass'],
 *   ownPrincipals: ['arn:aws:iam::111122223333:role/remedykit-iam'],
 * });
 * ```
 */
export const createCredentialEnforcer = (options: CredentialEnforcerOptions): CredentialEnforcer => {
  const settings = readSettings(options);
  return {
    run: async (call = {}) => runAll(beginRun(settings, call)),
    plan: async ({ days, ...call }) => planAll(beginRun(settings, call, { horizon: checkDays(days) }), days),
    recordMailEvent: async (event) => recordMailEvent(settings.store, parseMailEvent(event)),
  };
};
