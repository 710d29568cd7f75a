import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type AuditSink,
  type Clock,
  type ControlReader,
  createControlReader,
  createJsonLineSink,
  type Duration,
  hours,
  type ModeOption,
  type Notifier,
  type Observe,
  type StateStore,
  silent,
  summarizeError,
  systemClock,
  toInstant,
} from '@remedykit/core';
import type { ListedExemption, TagExemption } from '../exemptions/exemption.ts';
import { parseExemptions, parseTagExemption } from '../exemptions/parse-exemptions.ts';
import type { CredentialPolicy } from '../model/case.ts';
import type { IamUser } from '../model/user.ts';
import { checkRecipientOptions, type RecipientChain, recipientsOf } from '../warnings/recipients.ts';
import { type ActionSettings, actionSettings } from './action-settings.ts';
import type { AccountTarget, CredentialEnforcerOptions, Iam } from './options.ts';
import { invalid, rulesOf, wholeDays } from './rules.ts';

/** The options, checked and complete. */
export interface Settings {
  readonly mode: ModeOption<AccountTarget>;
  readonly accounts: readonly string[];
  readonly iam: (target: AccountTarget) => Iam;
  readonly store: StateStore;
  readonly control: ControlReader;
  readonly mailer: Notifier;
  readonly policy: CredentialPolicy;
  readonly actions: ActionSettings;
  /** Whom mails say to ask. */
  readonly contact: string;
  /** Whom a warning about the user goes to. Rejects when a function among the options does. */
  readonly recipients: (user: IamUser) => Promise<RecipientChain>;
  readonly exemptions: (target: AccountTarget) => Promise<readonly ListedExemption[]>;
  readonly exemptByTag?: TagExemption;
  readonly maxReportAge: Duration;
  readonly concurrency: number;
  readonly audit: AuditSink;
  readonly observe: Observe;
  readonly now: Clock;
  readonly newId: () => string;
  readonly sleep: (ms: Duration) => Promise<unknown>;
  readonly random: () => number;
}

const known: Record<keyof CredentialEnforcerOptions, true> = {
  mode: true,
  accounts: true,
  iam: true,
  store: true,
  mailer: true,
  allowedRecipientDomains: true,
  fallbackRecipient: true,
  ownerTags: true,
  contacts: true,
  accountOwners: true,
  rolloutDate: true,
  minimumWarningDays: true,
  undeliverable: true,
  limits: true,
  breakGlass: true,
  ownPrincipals: true,
  mfa: true,
  accessKeys: true,
  serviceSpecificCredentials: true,
  signingCertificates: true,
  sshKeys: true,
  exemptions: true,
  exemptByTag: true,
  maxReportAge: true,
  concurrency: true,
  audit: true,
  observe: true,
  now: true,
  newId: true,
  sleep: true,
  random: true,
};

const functions = ['exemptions', 'audit', 'observe', 'now', 'newId', 'sleep', 'random'] as const;

const checkNames = (options: CredentialEnforcerOptions): void => {
  for (const name of Object.keys(options)) if (!Object.hasOwn(known, name)) throw invalid(name, 'is no option');
  for (const name of functions) {
    const given = options[name];
    if (given !== undefined && typeof given !== 'function' && !(name === 'exemptions' && Array.isArray(given)))
      throw invalid(name, 'must be a function');
  }
};

const checkAccounts = (accounts: unknown): readonly string[] => {
  if (Array.isArray(accounts) && accounts.every((account) => typeof account === 'string' && /^\d{12}$/.test(account)))
    return [...new Set<string>(accounts)];
  throw invalid('accounts', `must be a list of account ids of 12 digits, it was ${JSON.stringify(accounts)}`);
};

const checkDate = (option: string, date: unknown): Date => {
  if (date instanceof Date && !Number.isNaN(date.getTime())) return date;
  throw invalid(option, `must be a valid Date, it was ${JSON.stringify(date)}`);
};

const checkMode = (mode: unknown): void => {
  if (mode !== 'dry-run' && mode !== 'enforce' && typeof mode !== 'function')
    throw invalid(
      'mode',
      `must be 'dry-run', 'enforce' or a function from the account, it was ${JSON.stringify(mode)}`,
    );
};

const checkUndeliverable = (value: unknown): void => {
  if (value !== 'report' && value !== 'act')
    throw invalid('undeliverable', `must be 'report' or 'act', it was ${JSON.stringify(value)}`);
};

const recipientReader = (options: CredentialEnforcerOptions): Settings['recipients'] => {
  const { contacts, ownerTags, accountOwners = {}, fallbackRecipient: fallback, allowedRecipientDomains } = options;
  if (!Array.isArray(allowedRecipientDomains))
    throw invalid(
      'allowedRecipientDomains',
      `must be a list of domains, it was ${JSON.stringify(allowedRecipientDomains)}`,
    );
  try {
    checkRecipientOptions({ fallback, allowedRecipientDomains });
    for (const accountOwner of Object.values(accountOwners))
      checkRecipientOptions({ fallback, accountOwner, allowedRecipientDomains });
  } catch (error) {
    throw invalid(
      'fallbackRecipient, accountOwners or allowedRecipientDomains',
      `cannot be used: ${summarizeError(error).message}`,
    );
  }
  const ask = typeof contacts === 'function' ? contacts : undefined;
  const list = typeof contacts === 'function' ? {} : (contacts ?? {});
  return async (user) => {
    const contact = await ask?.(user);
    const accountOwner = Object.hasOwn(accountOwners, user.accountId) ? accountOwners[user.accountId] : undefined;
    return recipientsOf(user, {
      fallback,
      allowedRecipientDomains,
      contacts: list,
      ...(ownerTags === undefined ? {} : { ownerTags }),
      ...(contact === undefined ? {} : { contact }),
      ...(accountOwner === undefined ? {} : { accountOwner }),
    });
  };
};

/**
 * Checks the options when the enforcer is created, not at the first run.
 * @throws RemediationError `IAM_OPTION_INVALID`, naming the option, what it must be and what it was
 */
export const readSettings = (options: CredentialEnforcerOptions): Settings => {
  checkNames(options);
  checkMode(options.mode);
  checkUndeliverable(options.undeliverable);
  const { iam, exemptions = [], exemptByTag } = options;
  const { maxReportAge = hours(24), concurrency = 4, now = systemClock } = options;
  if (!(maxReportAge > 0) || maxReportAge > hours(24))
    throw invalid('maxReportAge', `must be above 0 and at most 24 hours in ms, it was ${maxReportAge}`);
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw invalid('concurrency', `must be a whole number of at least 1, it was ${concurrency}`);
  const policy: CredentialPolicy = {
    rules: rulesOf(options),
    rolloutDate: toInstant(checkDate('rolloutDate', options.rolloutDate)),
    minimumWarningDays: wholeDays('minimumWarningDays', options.minimumWarningDays, 1),
    undeliverable: options.undeliverable,
    undeliverableAfterDays: 30,
    securityNoticeDays: 14,
  };
  return {
    mode: options.mode,
    accounts: checkAccounts(options.accounts),
    iam: typeof iam === 'function' ? iam : () => iam,
    store: options.store,
    control: createControlReader(options.store, { now }),
    mailer: options.mailer,
    policy,
    actions: actionSettings(options),
    contact: options.fallbackRecipient,
    recipients: recipientReader(options),
    exemptions:
      typeof exemptions === 'function'
        ? async (target) => parseExemptions(await exemptions(target))
        : (
            (listed) => async () =>
              listed
          )(parseExemptions(exemptions)),
    ...(exemptByTag === undefined ? {} : { exemptByTag: parseTagExemption(exemptByTag) }),
    maxReportAge,
    concurrency,
    audit: options.audit ?? createJsonLineSink(),
    observe: options.observe ?? silent,
    now,
    newId: options.newId ?? randomUUID,
    sleep: options.sleep ?? wait,
    random: options.random ?? Math.random,
  };
};
