import type { RestoreRequest } from '../restore/restore-request.ts';
import { parseMailEvent } from '../warnings/mail-events.ts';
import { type MailEventResult, recordMailEvent } from '../warnings/record-mail-event.ts';
import type { CallOptions, CredentialEnforcerOptions } from './options.ts';
import type { CredentialAnswer, CredentialForecast, CredentialRun } from './outcome.ts';
import { checkDays, planAll } from './plan-all.ts';
import type { ResolveRequest } from './resolve-request.ts';
import { type CredentialRestore, restoreAccounts } from './restore-accounts.ts';
import { beginRun } from './run.ts';
import { resolveOne, runAll } from './run-all.ts';
import { readSettings } from './settings.ts';

/** How far a forecast looks. */
export interface PlanOptions extends CallOptions {
  /** Whole days, 0 to 365. */
  readonly days: number;
}

/** Finds credentials that break a rule, warns their owners once for each stage, and acts when their time is up. */
export interface CredentialEnforcer {
  /**
   * Looks at every account, mails what is due and does what is to be done; call it once a day or more often. What was left,
   * for time or a failure, the next run does: give the outcome to `assertComplete` after people were told.
   * @throws RemediationError `MODE_INVALID`, `AUDIT_FAILED`, `REMAINING_TIME_INVALID`, `RUN_ID_INVALID`
   */
  run(options?: CallOptions): Promise<CredentialRun>;
  /**
   * Takes what a person answers about a user who was left to people or is on hold, and does what follows from it at once, by
   * a run of that user alone, under the same guard and limits. Once the answer is kept every later run goes by it.
   * @throws RemediationError those of `run`; `RESOLVE_INVALID`, `USER_UNKNOWN`, `RESOLVE_SUPERSEDED`, `LIVE_READ_FAILED`,
   * `ANSWER_NEWER`, `ANSWER_BROKEN`, `EXEMPTION_NEWER`, `EXEMPTION_BROKEN`, `STATE_CONFLICT`, and what the store throws:
   * nothing was kept then
   */
  resolve(request: ResolveRequest, options?: CallOptions): Promise<CredentialAnswer>;
  /**
   * Undoes what a run did, in every account, as far as it is still as the run left it, and exempts those users until
   * `exemptUntil` before that, so that no run in between acts again. What could not be undone is told with its reason. The
   * same call again goes on where one ended.
   * @throws RemediationError `RESTORE_INVALID`, `RUN_ID_INVALID`, `RUN_UNKNOWN`, `MODE_INVALID`, `AUDIT_FAILED`,
   * `REMAINING_TIME_INVALID`
   */
  restore(runId: string, request: RestoreRequest, options?: CallOptions): Promise<CredentialRestore>;
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

/**
 * An enforcer of credential hygiene: console users without MFA, and keys and other credentials that are too old. Decisions
 * are pure and recorded; state is kept in `store`. Every change is journalled before it is made and can be undone but for a
 * deleted password, which is opt-in; no key is ever created or deleted. IAM actions: `enforcerPermissions(options)`.
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
    restore: async (runId, request, call = {}) => restoreAccounts(settings, runId, request, call),
    resolve: async (request, call = {}) => resolveOne(settings, request, call),
    plan: async ({ days, ...call }) => planAll(beginRun(settings, call, { horizon: checkDays(days) }), days),
    recordMailEvent: async (event) => recordMailEvent(settings.store, parseMailEvent(event)),
  };
};
