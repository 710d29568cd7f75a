import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSettings, settingNames } from './settings.ts';

const amazonQ = {
  AWS_REGION: 'eu-west-1',
  REMEDYKIT_CHAT: 'amazon-q',
  REMEDYKIT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:remedykit-alerts',
};

const slack = {
  AWS_REGION: 'eu-west-1',
  REMEDYKIT_CHAT: 'slack',
  REMEDYKIT_SLACK_CHANNEL_ID: 'C024BE91L',
  REMEDYKIT_SLACK_TOKEN_SECRET_ID: 'remedykit/slack',
  REMEDYKIT_TABLE_NAME: 'remedykit-alerts',
};

const failure = (env: Readonly<Record<string, string | undefined>>): unknown => {
  try {
    return readSettings(env);
  } catch (error) {
    return error;
  }
};

describe('readSettings', () => {
  it('reads a deployment of each variant', () => {
    expect(readSettings(amazonQ)).toEqual({
      chat: 'amazon-q',
      topicArn: 'arn:aws:sns:eu-west-1:111122223333:remedykit-alerts',
      minSeverity: 'low',
    });
    expect(
      readSettings({ ...amazonQ, REMEDYKIT_CHAT_CLIENT: 'teams', REMEDYKIT_MIN_SEVERITY: ' high ' }),
    ).toMatchObject({ chatClient: 'teams', minSeverity: 'high' });
    expect(readSettings(slack)).toEqual({
      chat: 'slack',
      slackChannelId: 'C024BE91L',
      slackTokenSecretId: 'remedykit/slack',
      tableName: 'remedykit-alerts',
      minSeverity: 'low',
    });
  });

  it.each([
    ['REMEDYKIT_CHAT', amazonQ],
    ['REMEDYKIT_TOPIC_ARN', amazonQ],
    ['REMEDYKIT_SLACK_CHANNEL_ID', slack],
    ['REMEDYKIT_SLACK_TOKEN_SECRET_ID', slack],
    ['REMEDYKIT_TABLE_NAME', slack],
  ])('%s is required, and empty is missing', (name, env) => {
    const missing = { code: 'SETTING_MISSING', message: expect.stringMatching(`^${name} `), retryable: false };
    expect(failure({ ...env, [name]: undefined })).toMatchObject(missing);
    expect(failure({ ...env, [name]: ' ' })).toMatchObject(missing);
  });

  it.each([
    ['REMEDYKIT_CHAT', 'Slack', slack],
    ['REMEDYKIT_TOPIC_ARN', 'remedykit-alerts', amazonQ],
    ['REMEDYKIT_TOPIC_ARN', 'arn:aws:sns:eu-west-1:111122223333:alerts.fifo', amazonQ],
    ['REMEDYKIT_CHAT_CLIENT', 'chime', amazonQ],
    ['REMEDYKIT_MIN_SEVERITY', '7', amazonQ],
    ['REMEDYKIT_SLACK_CHANNEL_ID', '#security', slack],
  ])('%s must not be %s', (name, value, env) => {
    expect(failure({ ...env, [name]: value })).toMatchObject({
      code: 'SETTING_INVALID',
      message: expect.stringMatching(`^${name} must be `),
    });
  });

  it('N9: refuses a token where the name of its secret belongs, and does not repeat it', () => {
    const error = failure({ ...slack, REMEDYKIT_SLACK_TOKEN_SECRET_ID: 'xoxb-not-a-secret' });
    expect(error).toMatchObject({ code: 'SETTING_INVALID' });
    expect(String(error)).not.toContain('not-a-secret');
  });

  it.each(['REMEDYKIT_WEBHOOK_URL', 'REMEDYKIT_'])('an unknown name is an error: %s', (name) => {
    const message = expect.stringMatching(new RegExp(`^${name} is not a setting(?!.*hidden)`));
    expect(failure({ ...slack, [name]: 'hidden' })).toMatchObject({ code: 'SETTING_UNKNOWN', message });
  });

  it('a setting of the other variant is an error, for somebody believes that it works', () => {
    expect(failure({ ...amazonQ, REMEDYKIT_TABLE_NAME: 'x' })).toMatchObject({ code: 'SETTING_UNKNOWN' });
    expect(failure({ ...slack, REMEDYKIT_TOPIC_ARN: amazonQ.REMEDYKIT_TOPIC_ARN })).toMatchObject({
      code: 'SETTING_UNKNOWN',
    });
  });
});

const folder = new URL('.', import.meta.url);

it('every setting is documented under its one name, and the documentation names no other', () => {
  const readme = readFileSync(new URL('../README.md', folder), 'utf8');
  expect([...new Set(readme.match(/REMEDYKIT_[A-Z_]+/g))].sort()).toEqual(Object.keys(settingNames).sort());
});

it('the environment is read in one place per handler, as a whole', () => {
  const readers = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) =>
      [...readFileSync(new URL(name, folder), 'utf8').matchAll(/.*process\.env.*/g)].map(
        ([line]) => `${name}: ${line.trim()}`,
      ),
    );
  expect(readers.sort()).toEqual(
    ['alert', 'upkeep'].map(
      (name) => `${name}-handler.ts: ready ??= createHandler(createParts(readSettings(process.env)));`,
    ),
  );
});
