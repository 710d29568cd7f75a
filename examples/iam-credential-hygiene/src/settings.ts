import { type Mode, RemediationError } from '@remedykit/core';
import type { AccessKeyOptions, CredentialEnforcerOptions, Exemption, MfaOptions } from '@remedykit/iam';

/** What a deployment says, read once. */
export interface Settings {
  readonly mode: Mode;
  /** 12 digits each. */
  readonly accounts: readonly string[];
  readonly tableName: string;
  /** A secret. */
  readonly slackWebhookUrl: string;
  /** A verified address of SES, or one of a verified domain. */
  readonly mailFrom: string;
  /** Of SES; its events say whether a mail arrived. */
  readonly configurationSet: string;
  readonly allowedRecipientDomains: readonly string[];
  /** The security team's mailbox. */
  readonly fallbackRecipient: string;
  /** Midnight UTC. */
  readonly rolloutDate: Date;
  readonly mfa: MfaOptions;
  readonly accessKeys: AccessKeyOptions;
  readonly minimumWarningDays: number;
  readonly undeliverable: 'report' | 'act';
  /** How many users may be acted on in 24 hours. */
  readonly limits: CredentialEnforcerOptions['limits'];
  /** ARNs of users who are never acted on. */
  readonly breakGlass: readonly string[];
  /** ARNs of what the functions run as. */
  readonly ownPrincipals: readonly string[];
  readonly exemptions: readonly Exemption[];
  /** For several accounts: the role of this name in each, what its trust policy asks for, and the functions' Region. */
  readonly role?: { readonly name: string; readonly externalId: string; readonly region: string };
}

/** Every setting by its one name, with what it must be. The README's table holds the same, and a test compares them. */
export const settingNames = {
  REMEDYKIT_MODE: 'dry-run or enforce',
  REMEDYKIT_ACCOUNTS: 'account ids of 12 digits, separated by commas',
  REMEDYKIT_TABLE_NAME: 'the name or ARN of the state table',
  REMEDYKIT_SLACK_WEBHOOK_URL: 'the https URL of an incoming webhook',
  REMEDYKIT_MAIL_FROM: 'the address that mails come from, verified in SES',
  REMEDYKIT_CONFIGURATION_SET: 'the name of a configuration set of SES, 1 to 64 of A-Za-z0-9_-',
  REMEDYKIT_ALLOWED_RECIPIENT_DOMAINS: 'the domains that mails may go to, separated by commas',
  REMEDYKIT_FALLBACK_RECIPIENT: "the security team's address, within the allowed domains",
  REMEDYKIT_ROLLOUT_DATE: 'a day as in 2026-12-01',
  REMEDYKIT_MFA_GRACE_DAYS: 'a whole number of days of at least 1',
  REMEDYKIT_MFA_ACTION: 'report, deny-until-mfa or delete-login-profile',
  REMEDYKIT_ACTIVE_KEY_USERS: 'deny or report (with REMEDYKIT_MFA_ACTION deny-until-mfa, and only then)',
  REMEDYKIT_ENROL_AFTER_DENY: 'hold or alert (with REMEDYKIT_MFA_ACTION deny-until-mfa, and only then)',
  REMEDYKIT_BOUNDARIES_THAT_ALLOW_ENROLMENT:
    'ARNs of policies, separated by commas (optional, with REMEDYKIT_MFA_ACTION deny-until-mfa, and only then)',
  REMEDYKIT_KEY_WARN_AT_DAYS: 'whole numbers of days, ascending, separated by commas',
  REMEDYKIT_KEY_DEACTIVATE_AT_DAYS: 'a whole number of days above all at which keys are warned about',
  REMEDYKIT_MINIMUM_WARNING_DAYS: 'a whole number of days of at least 1',
  REMEDYKIT_UNDELIVERABLE: 'report or act',
  REMEDYKIT_MAX_USERS_PER_DAY: 'a whole number of at least 0, 0 for nobody',
  REMEDYKIT_MAX_PERCENT_PER_DAY: 'a number from 0 to 100, 0 for nobody',
  REMEDYKIT_BREAK_GLASS: 'ARNs of users, separated by commas, or none',
  REMEDYKIT_OWN_PRINCIPALS: 'ARNs of roles or users, separated by commas, or none',
  REMEDYKIT_EXEMPTIONS:
    'a JSON list of objects with one of user, userId, path, pattern and group, a reason, and the day of its end in expires (optional)',
  REMEDYKIT_ROLE_NAME: 'the name of a role, the same in every account (optional, with REMEDYKIT_EXTERNAL_ID)',
  REMEDYKIT_EXTERNAL_ID:
    'the external id that the role asks for, 2 to 1224 of A-Za-z0-9_+=,.@:/- (with REMEDYKIT_ROLE_NAME)',
} as const;

type Name = keyof typeof settingNames;
const denyOnly = [
  'REMEDYKIT_ACTIVE_KEY_USERS',
  'REMEDYKIT_ENROL_AFTER_DENY',
  'REMEDYKIT_BOUNDARIES_THAT_ALLOW_ENROLMENT',
] as const satisfies readonly Name[];

type Environment = Readonly<Record<string, string | undefined>>;

const invalid = (name: Name): RemediationError =>
  new RemediationError({ code: 'SETTING_INVALID', message: `${name} must be ${settingNames[name]}.` });

const isAddress = (text: string): boolean => /^[^\s@<>]+@[^\s@<>]+$/.test(text);
const isDays = (text: string): boolean => /^[1-9]\d{0,3}$/.test(text);
const isPercent = (text: string): boolean => /^\d{1,3}(\.\d+)?$/.test(text) && Number(text) <= 100;
const isIamArn = (text: string): boolean => /^arn:[\w-]+:(iam|sts)::(\d{12}|aws):[^*?]+$/.test(text);

/** Midnight UTC of a day that exists. */
const dayOf = (text: unknown): Date | undefined => {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? date : undefined;
};

/** With dates for days; that each has one selector, and a reason, the enforcer checks when it is created. */
const exemptionsOf = (text: string): Exemption[] => {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw invalid('REMEDYKIT_EXEMPTIONS');
  }
  if (!Array.isArray(list)) throw invalid('REMEDYKIT_EXEMPTIONS');
  return list.map((one: unknown) => {
    const expires = dayOf(Reflect.get(Object(one), 'expires'));
    if (expires === undefined) throw invalid('REMEDYKIT_EXEMPTIONS');
    // What else it holds is for `createCredentialEnforcer` to check, which refuses what is no exemption.
    return { ...(one as Exemption), expires };
  });
};

/**
 * Reads the settings from an environment. Values never appear in an error, for some are secret.
 * @throws RemediationError `SETTING_UNKNOWN` (a `REMEDYKIT_` name that is none of `settingNames`), `SETTING_MISSING`,
 * `SETTING_INVALID`, each naming the variable
 */
export const readSettings = (env: Environment): Settings => {
  const unknown = Object.keys(env).find((name) => name.startsWith('REMEDYKIT_') && !Object.hasOwn(settingNames, name));
  if (unknown !== undefined) {
    const message = `${unknown} is not a setting. Settings are: ${Object.keys(settingNames).join(', ')}.`;
    throw new RemediationError({ code: 'SETTING_UNKNOWN', message });
  }
  const given = (name: Name): string | undefined => env[name]?.trim() || undefined;
  const required = (name: Name, isValid: (value: string) => boolean = () => true): string => {
    const value = given(name);
    if (value === undefined) {
      const message = `${name} is not set. It must be ${settingNames[name]}.`;
      throw new RemediationError({ code: 'SETTING_MISSING', message });
    }
    if (!isValid(value)) throw invalid(name);
    return value;
  };
  const list = (name: Name, isValid: (item: string) => boolean): string[] => {
    const items = required(name)
      .split(/[\s,]+/)
      .filter((item) => item !== '');
    if (items.length === 0 || !items.every(isValid)) throw invalid(name);
    return items;
  };
  const oneOf = <T extends string>(name: Name, values: readonly T[]): T => {
    const value = values.find((one) => one === required(name));
    if (value === undefined) throw invalid(name);
    return value;
  };
  const wholeDays = (name: Name): number => Number(required(name, isDays));
  const day = (name: Name): Date => {
    const date = dayOf(required(name));
    if (date === undefined) throw invalid(name);
    return date;
  };

  /** Nobody only where it says so. */
  const orNone = (name: Name): string[] => (given(name) === 'none' ? [] : list(name, isIamArn));
  const readMfa = (): MfaOptions => {
    const graceDays = wholeDays('REMEDYKIT_MFA_GRACE_DAYS');
    const action = oneOf('REMEDYKIT_MFA_ACTION', ['report', 'deny-until-mfa', 'delete-login-profile']);
    if (action !== 'deny-until-mfa') {
      // A wish that nobody heeds is a misunderstanding.
      const stray = denyOnly.find((name) => given(name) !== undefined);
      if (stray !== undefined) throw invalid(stray);
      return { action, graceDays };
    }
    const boundaries = 'REMEDYKIT_BOUNDARIES_THAT_ALLOW_ENROLMENT';
    return {
      action,
      graceDays,
      activeKeyUsers: oneOf('REMEDYKIT_ACTIVE_KEY_USERS', ['deny', 'report']),
      enrolAfterDeny: oneOf('REMEDYKIT_ENROL_AFTER_DENY', ['hold', 'alert']),
      boundariesThatAllowEnrolment: given(boundaries) === undefined ? [] : list(boundaries, isIamArn),
    };
  };

  const hasRole = given('REMEDYKIT_ROLE_NAME') !== undefined || given('REMEDYKIT_EXTERNAL_ID') !== undefined;
  const role = hasRole
    ? {
        name: required('REMEDYKIT_ROLE_NAME', (text) => /^[\w+=,.@/-]{1,128}$/.test(text)),
        externalId: required('REMEDYKIT_EXTERNAL_ID', (text) => /^[\w+=,.@:/-]{2,1224}$/.test(text)),
        // Set by Lambda: it says in which partition the roles are.
        region: env.AWS_REGION ?? 'us-east-1',
      }
    : undefined;
  const warnAtDays = list('REMEDYKIT_KEY_WARN_AT_DAYS', isDays).map(Number);
  const deactivateAtDays = wholeDays('REMEDYKIT_KEY_DEACTIVATE_AT_DAYS');
  if (warnAtDays.some((at, index) => at <= (warnAtDays[index - 1] ?? 0))) throw invalid('REMEDYKIT_KEY_WARN_AT_DAYS');
  if (warnAtDays.some((at) => at >= deactivateAtDays)) throw invalid('REMEDYKIT_KEY_DEACTIVATE_AT_DAYS');
  return {
    mode: oneOf('REMEDYKIT_MODE', ['dry-run', 'enforce']),
    accounts: list('REMEDYKIT_ACCOUNTS', (account) => /^\d{12}$/.test(account)),
    tableName: required('REMEDYKIT_TABLE_NAME'),
    slackWebhookUrl: required('REMEDYKIT_SLACK_WEBHOOK_URL', (text) => URL.canParse(text) && text.startsWith('https:')),
    mailFrom: required('REMEDYKIT_MAIL_FROM', isAddress),
    configurationSet: required('REMEDYKIT_CONFIGURATION_SET', (text) => /^[\w-]{1,64}$/.test(text)),
    allowedRecipientDomains: list('REMEDYKIT_ALLOWED_RECIPIENT_DOMAINS', (text) => /^[^@]+\.[^@.]+$/.test(text)),
    fallbackRecipient: required('REMEDYKIT_FALLBACK_RECIPIENT', isAddress),
    rolloutDate: day('REMEDYKIT_ROLLOUT_DATE'),
    mfa: readMfa(),
    accessKeys: { warnAtDays, deactivateAtDays },
    minimumWarningDays: wholeDays('REMEDYKIT_MINIMUM_WARNING_DAYS'),
    undeliverable: oneOf('REMEDYKIT_UNDELIVERABLE', ['report', 'act']),
    limits: {
      maxUsersPerDay: Number(required('REMEDYKIT_MAX_USERS_PER_DAY', (text) => /^\d{1,4}$/.test(text))),
      maxPercentPerDay: Number(required('REMEDYKIT_MAX_PERCENT_PER_DAY', isPercent)),
    },
    breakGlass: orNone('REMEDYKIT_BREAK_GLASS'),
    ownPrincipals: orNone('REMEDYKIT_OWN_PRINCIPALS'),
    exemptions: exemptionsOf(given('REMEDYKIT_EXEMPTIONS') ?? '[]'),
    ...(role === undefined ? {} : { role }),
  };
};
