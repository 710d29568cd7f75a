import { managedRules } from '../data/config-rules.ts';
import { stagedRollout, type TemplateDocs } from '../templates/catalog-entry.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne } from '../templates/names.ts';
import { type SchemaCase, schemaCases, type WrongValue } from '../templates/schema-guardrail.ts';
import { type ConfigRule, type Frequency, validateConfigRule } from './config-rule.ts';

/** Rules of AWS Config that see what a guardrail did not prevent, with the schema cases that prove them. Plain data. */
export interface DetectiveGuardrail {
  readonly id: string;
  readonly type: 'CONFIG_RULE';
  readonly rules: readonly ConfigRule[];
  readonly cases: readonly SchemaCase[];
}

interface RuleSpec {
  readonly name: string;
  readonly identifier: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly frequency?: Frequency;
}

const ruleOf = ({ name, identifier, parameters = {}, frequency = 'TwentyFour_Hours' }: RuleSpec): ConfigRule => {
  const trigger = managedRules.data[identifier]?.trigger ?? 'periodic';
  return {
    ConfigRuleName: name,
    Source: { Owner: 'AWS', SourceIdentifier: identifier },
    ...(Object.keys(parameters).length === 0 ? {} : { InputParameters: parameters }),
    ...(trigger === 'periodic'
      ? { MaximumExecutionFrequency: frequency }
      : { Scope: { ComplianceResourceTypes: trigger.resourceTypes } }),
  };
};

const build = (id: string, specs: readonly RuleSpec[], wrong: readonly WrongValue[]): DetectiveGuardrail => {
  const rules = specs.map(ruleOf);
  const faults = rules.flatMap(validateConfigRule);
  if (faults.length > 0) throw invalidParameter(id, `${faults.join('; ')}.`);
  const cases = rules.flatMap((rule, index) =>
    schemaCases(rule, index === 0 ? wrong : []).map((one) => ({ ...one, name: `${rule.ConfigRuleName} ${one.name}` })),
  );
  return { id, type: 'CONFIG_RULE', rules, cases };
};

const misspelt: WrongValue = { path: ['Source', 'SourceIdentifier'], value: 'NO_SUCH_RULE' };
const scopeless: WrongValue = { path: ['Scope', 'ComplianceResourceTypes'], value: [] };
const untimed: WrongValue = { path: ['MaximumExecutionFrequency'], value: 'Daily' };

/** Sees security groups that admit everybody to port 22. */
export const detectRestrictedSsh = (): DetectiveGuardrail =>
  build(
    'detectRestrictedSsh',
    [{ name: 'restricted-ssh', identifier: 'INCOMING_SSH_DISABLED' }],
    [misspelt, scopeless],
  );

/** What `detectRestrictedCommonPorts` takes. */
export interface CommonPortsParameters {
  /** At most five TCP ports. Default: 21, 1433, 3306, 3389, 5432. */
  readonly ports?: readonly number[];
}

/**
 * Sees security groups that admit everybody to ports of file transfer, remote desktops and databases.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`
 */
export const detectRestrictedCommonPorts = (parameters: CommonPortsParameters = {}): DetectiveGuardrail => {
  const id = 'detectRestrictedCommonPorts';
  const ports = atLeastOne(id, 'ports', parameters.ports ?? [21, 1433, 3306, 3389, 5432]);
  if (ports.length > 5) throw invalidParameter(id, `ports must hold at most 5, they are ${ports.length}.`);
  return build(
    id,
    [
      {
        name: 'restricted-common-ports',
        identifier: 'RESTRICTED_INCOMING_TRAFFIC',
        parameters: Object.fromEntries(ports.map((port, index) => [`blockedPort${index + 1}`, `${port}`])),
      },
    ],
    [misspelt, scopeless, { path: ['InputParameters', 'blockedPort1'], value: '65536' }],
  );
};

/** What periodic detective templates take. */
export interface PeriodicParameters {
  /** Default: every 24 hours. */
  readonly frequency?: Frequency;
}

/** Sees users with a console password and without MFA: those whom the credential enforcer of @remedykit/iam warns and holds. */
export const detectConsoleMfa = ({ frequency = 'TwentyFour_Hours' }: PeriodicParameters = {}): DetectiveGuardrail =>
  build(
    'detectConsoleMfa',
    [
      {
        name: 'mfa-enabled-for-iam-console-access',
        identifier: 'MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS',
        frequency,
      },
    ],
    [misspelt, untimed],
  );

/** What `detectKeyAge` takes. */
export interface KeyAgeParameters extends PeriodicParameters {
  /** Days after which a key is to be seen; 90 by default. */
  readonly maxAgeDays?: number;
}

/** Sees access keys that are too old: those that the credential enforcer of @remedykit/iam warns of and deactivates. */
export const detectKeyAge = (parameters: KeyAgeParameters = {}): DetectiveGuardrail => {
  const { maxAgeDays = 90, frequency = 'TwentyFour_Hours' } = parameters;
  return build(
    'detectKeyAge',
    [
      {
        name: 'access-keys-rotated',
        identifier: 'ACCESS_KEYS_ROTATED',
        parameters: { maxAccessKeyAge: `${maxAgeDays}` },
        frequency,
      },
    ],
    [misspelt, untimed, { path: ['InputParameters', 'maxAccessKeyAge'], value: '0' }],
  );
};

/** Sees buckets that everybody can read or write, and accounts without Block Public Access. */
export const detectPublicBuckets = ({ frequency = 'TwentyFour_Hours' }: PeriodicParameters = {}): DetectiveGuardrail =>
  build(
    'detectPublicBuckets',
    [
      { name: 's3-bucket-public-read-prohibited', identifier: 'S3_BUCKET_PUBLIC_READ_PROHIBITED' },
      { name: 's3-bucket-public-write-prohibited', identifier: 'S3_BUCKET_PUBLIC_WRITE_PROHIBITED' },
      {
        name: 's3-account-level-public-access-blocks-periodic',
        identifier: 'S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC',
        frequency,
      },
    ],
    [misspelt, scopeless],
  );

/** A template of detective controls. */
export interface DetectiveTemplate extends TemplateDocs {
  readonly type: 'CONFIG_RULE';
  readonly example: () => DetectiveGuardrail;
}

const entry = (
  name: string,
  example: () => DetectiveGuardrail,
  words: Pick<TemplateDocs, 'intent' | 'bypasses' | 'controls'>,
): DetectiveTemplate => ({
  name,
  family: 'detective',
  type: 'CONFIG_RULE',
  breaks: 'Nothing: it only sees. A rule without anybody who acts on it is noise.',
  rollout: stagedRollout,
  ...words,
  example,
});

/** Words on the templates of this file. */
export const detectiveTemplates: readonly DetectiveTemplate[] = [
  entry('detectRestrictedSsh', () => detectRestrictedSsh(), {
    intent:
      'A way in that everybody can try is seen within minutes; brute force on it is what the blocker then answers.',
    bypasses: 'Ranges that together are everybody; network ACLs and load balancers.',
    controls: [{ name: 'AWS-GR_RESTRICTED_SSH', id: '6rilu41n0gb9w6mxrkyewoer4' }],
  }),
  entry('detectRestrictedCommonPorts', () => detectRestrictedCommonPorts(), {
    intent: 'Databases and remote desktops that everybody can reach are seen.',
    bypasses: 'Other ports than the five.',
    controls: [{ name: 'AWS-GR_RESTRICTED_COMMON_PORTS', id: 'df2ta5ytg2zatj1q7y5e09u32' }],
  }),
  entry('detectConsoleMfa', () => detectConsoleMfa(), {
    intent: 'Feeds the remediation of console users without MFA.',
    bypasses: 'Users without a password; the root user.',
    controls: [{ name: 'AWS-GR_MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS', id: '1fvktjhpo9wdpt3pjb2wsz7nt' }],
  }),
  entry('detectKeyAge', () => detectKeyAge(), {
    intent: 'Feeds the remediation of old access keys.',
    bypasses: 'Keys of the root user; credentials for single services.',
    controls: [{ id: 'bxh5ltpzbcr59zexx3llhg3l9' }],
  }),
  entry('detectPublicBuckets', () => detectPublicBuckets(), {
    intent: 'A bucket that is open is seen even where it was open before the guardrail.',
    bypasses: 'Access points and presigned URLs.',
    controls: [
      { name: 'AWS-GR_S3_BUCKET_PUBLIC_READ_PROHIBITED', id: '8sw3pbid15t9cbww8d2w2qwgf' },
      { name: 'AWS-GR_S3_BUCKET_PUBLIC_WRITE_PROHIBITED', id: '9j9nwxj789d82sypnukhyyowy' },
      { id: '6wmutsohbkwhfw6sf7cbt5e81' },
    ],
  }),
];
