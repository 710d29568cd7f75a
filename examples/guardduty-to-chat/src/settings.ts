import { RemediationError, type SeverityBand } from '@remedykit/core';

/** What a deployment says, read once. */
export type Settings = AmazonQSettings | SlackSettings;

/** What both variants say. */
interface CommonSettings {
  /** Findings below it are told to nobody. */
  readonly minSeverity: SeverityBand;
}

/** Through an SNS topic to Amazon Q Developer in chat applications. */
export interface AmazonQSettings extends CommonSettings {
  readonly chat: 'amazon-q';
  readonly topicArn: string;
  /** The client of the channel, for labelled links; absent: links that every client shows. */
  readonly chatClient?: 'slack' | 'teams';
}

/** To Slack directly, one live message per finding. */
export interface SlackSettings extends CommonSettings {
  readonly chat: 'slack';
  readonly slackChannelId: string;
  /** Name or ARN of the secret that holds the bot token; the token itself is in no setting. */
  readonly slackTokenSecretId: string;
  readonly tableName: string;
}

/** Every setting by its one name, with what it must be. The README's table holds the same, and a test compares them. */
export const settingNames = {
  REMEDYKIT_CHAT: 'amazon-q or slack',
  REMEDYKIT_TOPIC_ARN: 'the ARN of an SNS topic that is not FIFO (amazon-q)',
  REMEDYKIT_CHAT_CLIENT: 'slack or teams (amazon-q, optional)',
  REMEDYKIT_SLACK_CHANNEL_ID: 'the id of a conversation as in C024BE91L (slack)',
  REMEDYKIT_SLACK_TOKEN_SECRET_ID: 'the name or ARN of the secret with the bot token, not the token itself (slack)',
  REMEDYKIT_TABLE_NAME: 'the name or ARN of the state table (slack)',
  REMEDYKIT_MIN_SEVERITY: 'low, medium, high or critical (optional; low is all)',
} as const;

type Name = keyof typeof settingNames;
type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that one variant has and the other does not. */
const namesOf: Readonly<Record<Settings['chat'], readonly Name[]>> = {
  'amazon-q': ['REMEDYKIT_TOPIC_ARN', 'REMEDYKIT_CHAT_CLIENT'],
  slack: ['REMEDYKIT_SLACK_CHANNEL_ID', 'REMEDYKIT_SLACK_TOKEN_SECRET_ID', 'REMEDYKIT_TABLE_NAME'],
};
const commonNames: readonly Name[] = ['REMEDYKIT_CHAT', 'REMEDYKIT_MIN_SEVERITY'];

const isBand = (value: string): value is SeverityBand => /^(?:low|medium|high|critical)$/.test(value);

const isChatClient = (value: string): value is 'slack' | 'teams' => value === 'slack' || value === 'teams';

const unknownSetting = (name: string, known: readonly string[]): RemediationError =>
  new RemediationError({
    code: 'SETTING_UNKNOWN',
    message: `${name} is not a setting here. Settings are: ${known.join(', ')}.`,
  });

/**
 * Reads the settings from an environment. Values never appear in an error, for one may be a secret put in the wrong place.
 * @throws RemediationError `SETTING_UNKNOWN` (a `REMEDYKIT_` name that the variant does not have), `SETTING_MISSING`,
 * `SETTING_INVALID`, each naming the variable
 */
export const readSettings = (env: Environment): Settings => {
  const given = (name: Name): string | undefined => env[name]?.trim() || undefined;
  const invalid = (name: Name): RemediationError =>
    new RemediationError({ code: 'SETTING_INVALID', message: `${name} must be ${settingNames[name]}.` });
  const checked = <T extends string>(name: Name, isValid: (value: string) => value is T): T | undefined => {
    const value = given(name);
    if (value === undefined) return undefined;
    if (!isValid(value)) throw invalid(name);
    return value;
  };
  const required = (name: Name, shape: RegExp): string => {
    const value = given(name);
    if (value === undefined)
      throw new RemediationError({
        code: 'SETTING_MISSING',
        message: `${name} is not set. It must be ${settingNames[name]}.`,
      });
    if (!shape.test(value)) throw invalid(name);
    return value;
  };

  const mine = Object.keys(env).filter((name) => name.startsWith('REMEDYKIT_'));
  const stray = mine.find((name) => !Object.hasOwn(settingNames, name));
  if (stray !== undefined) throw unknownSetting(stray, Object.keys(settingNames));
  const chat = required('REMEDYKIT_CHAT', /^(?:amazon-q|slack)$/) === 'slack' ? 'slack' : 'amazon-q';
  const known: readonly string[] = [...commonNames, ...namesOf[chat]];
  const other = mine.find((name) => !known.includes(name));
  if (other !== undefined) throw unknownSetting(other, known);

  const minSeverity = checked('REMEDYKIT_MIN_SEVERITY', isBand) ?? 'low';
  if (chat === 'amazon-q') {
    const chatClient = checked('REMEDYKIT_CHAT_CLIENT', isChatClient);
    return {
      chat,
      minSeverity,
      topicArn: required('REMEDYKIT_TOPIC_ARN', /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/),
      ...(chatClient === undefined ? {} : { chatClient }),
    };
  }
  return {
    chat,
    minSeverity,
    slackChannelId: required('REMEDYKIT_SLACK_CHANNEL_ID', /^[CDG][A-Z0-9]{2,40}$/),
    // A token put here by mistake would be readable by all who may see the function's configuration.
    slackTokenSecretId: required('REMEDYKIT_SLACK_TOKEN_SECRET_ID', /^(?!xox[a-z][.-])[\w/+=.@:-]+$/),
    tableName: required('REMEDYKIT_TABLE_NAME', /./),
  };
};
