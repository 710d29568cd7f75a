import { isIP } from 'node:net';
import { type Duration, hours, type Mode, RemediationError } from '@remedykit/core';
import type { Scope } from '@remedykit/guardduty';

/** What a deployment says, read once. */
export interface Settings {
  readonly mode: Mode;
  /** 12 digits each. */
  readonly accounts: readonly string[];
  /** Empty only where the deployment says `none`. */
  readonly allowList: readonly string[];
  /** ms */
  readonly blockFor: Duration;
  readonly tableName: string;
  /** A secret. */
  readonly slackWebhookUrl: string;
  /** The GuardDuty detector to read back from; absent: the account's own. */
  readonly detectorId?: string;
  /** How far a deny reaches; absent: to the attacked subnets. */
  readonly scope?: Scope;
  /** 12 digits; nothing is written there. */
  readonly managementAccountId?: string;
  /** For several accounts: the role of this name in each, and what its trust policy asks for. */
  readonly role?: { readonly name: string; readonly externalId: string };
}

/** Every setting by its one name, with what it must be. The README's table holds the same, and a test compares them. */
export const settingNames = {
  REMEDYKIT_MODE: 'dry-run or enforce',
  REMEDYKIT_ACCOUNTS: 'account ids of 12 digits, separated by commas',
  REMEDYKIT_ALLOW_LIST: 'addresses and CIDRs that are never denied, separated by commas, or the word none',
  REMEDYKIT_BLOCK_FOR_HOURS: 'a number of hours above 0 and up to 168',
  REMEDYKIT_TABLE_NAME: 'the name or ARN of the state table',
  REMEDYKIT_SLACK_WEBHOOK_URL: 'the https URL of an incoming webhook',
  REMEDYKIT_DETECTOR_ID: 'the id of a GuardDuty detector (optional)',
  REMEDYKIT_SCOPE: 'subnet or vpc (optional)',
  REMEDYKIT_MANAGEMENT_ACCOUNT: 'an account id of 12 digits (optional)',
  REMEDYKIT_ROLE_NAME: 'the name of a role, the same in every account (optional, with REMEDYKIT_EXTERNAL_ID)',
  REMEDYKIT_EXTERNAL_ID:
    'the external id that the role asks for, 2 to 1224 of A-Za-z0-9_+=,.@:/- (with REMEDYKIT_ROLE_NAME)',
} as const;

type Name = keyof typeof settingNames;
type Environment = Readonly<Record<string, string | undefined>>;

const invalid = (name: Name): RemediationError =>
  new RemediationError({ code: 'SETTING_INVALID', message: `${name} must be ${settingNames[name]}.` });

const isCidr = (text: string): boolean => {
  const [address = '', prefix, ...rest] = text.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && longest > 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && +prefix <= longest));
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

  const mode = required('REMEDYKIT_MODE');
  if (mode !== 'dry-run' && mode !== 'enforce') throw invalid('REMEDYKIT_MODE');
  const detectorId = given('REMEDYKIT_DETECTOR_ID');
  const scope = given('REMEDYKIT_SCOPE');
  if (scope !== undefined && scope !== 'subnet' && scope !== 'vpc') throw invalid('REMEDYKIT_SCOPE');
  const managementAccountId = given('REMEDYKIT_MANAGEMENT_ACCOUNT');
  if (managementAccountId !== undefined && !/^\d{12}$/.test(managementAccountId)) {
    throw invalid('REMEDYKIT_MANAGEMENT_ACCOUNT');
  }
  const hasRole = given('REMEDYKIT_ROLE_NAME') !== undefined || given('REMEDYKIT_EXTERNAL_ID') !== undefined;
  const role = hasRole
    ? {
        name: required('REMEDYKIT_ROLE_NAME', (text) => /^[\w+=,.@/-]{1,128}$/.test(text)),
        externalId: required('REMEDYKIT_EXTERNAL_ID', (text) => /^[\w+=,.@:/-]{2,1224}$/.test(text)),
      }
    : undefined;
  return {
    mode,
    accounts: list('REMEDYKIT_ACCOUNTS', (account) => /^\d{12}$/.test(account)),
    allowList: required('REMEDYKIT_ALLOW_LIST') === 'none' ? [] : list('REMEDYKIT_ALLOW_LIST', isCidr),
    blockFor: hours(Number(required('REMEDYKIT_BLOCK_FOR_HOURS', (text) => Number(text) > 0 && Number(text) <= 168))),
    tableName: required('REMEDYKIT_TABLE_NAME'),
    slackWebhookUrl: required('REMEDYKIT_SLACK_WEBHOOK_URL', (text) => URL.canParse(text) && text.startsWith('https:')),
    ...(detectorId === undefined ? {} : { detectorId }),
    ...(scope === undefined ? {} : { scope }),
    ...(managementAccountId === undefined ? {} : { managementAccountId }),
    ...(role === undefined ? {} : { role }),
  };
};
