import { readdirSync, readFileSync } from 'node:fs';
import { hours } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { readSettings, settingNames } from './settings.ts';

const secret = 'https://hooks.slack.com/services/T0/B0/very-secret';

const env = {
  AWS_REGION: 'eu-west-1',
  REMEDYKIT_MODE: 'enforce',
  REMEDYKIT_ACCOUNTS: '111122223333, 444455556666',
  REMEDYKIT_ALLOW_LIST: '203.0.113.0/24,2001:db8::/32,198.51.100.1',
  REMEDYKIT_BLOCK_FOR_HOURS: '24',
  REMEDYKIT_TABLE_NAME: 'remedykit',
  REMEDYKIT_SLACK_WEBHOOK_URL: secret,
};

const failure = (changes: Readonly<Record<string, string | undefined>>): unknown => {
  try {
    return readSettings({ ...env, ...changes });
  } catch (error) {
    return error;
  }
};

describe('readSettings', () => {
  it('reads a whole deployment', () => {
    expect(readSettings(env)).toEqual({
      mode: 'enforce',
      accounts: ['111122223333', '444455556666'],
      allowList: ['203.0.113.0/24', '2001:db8::/32', '198.51.100.1'],
      blockFor: hours(24),
      tableName: 'remedykit',
      slackWebhookUrl: secret,
    });
    expect(readSettings({ ...env, REMEDYKIT_DETECTOR_ID: '12ab' })).toMatchObject({ detectorId: '12ab' });
  });

  it('reads what several accounts need, the role with what it asks for', () => {
    const many = {
      ...env,
      REMEDYKIT_SCOPE: 'vpc',
      REMEDYKIT_MANAGEMENT_ACCOUNT: '777788889999',
      REMEDYKIT_ROLE_NAME: 'security/remedykit-network',
      REMEDYKIT_EXTERNAL_ID: 'o-a1b2c3d4e5',
    };
    expect(readSettings(many)).toMatchObject({
      scope: 'vpc',
      managementAccountId: '777788889999',
      role: { name: 'security/remedykit-network', externalId: 'o-a1b2c3d4e5' },
    });
    const missing = (name: string) => ({ code: 'SETTING_MISSING', message: expect.stringMatching(`^${name} `) });
    expect(failure({ REMEDYKIT_ROLE_NAME: 'remedykit-network' })).toMatchObject(missing('REMEDYKIT_EXTERNAL_ID'));
    expect(failure({ REMEDYKIT_EXTERNAL_ID: 'o-a1b2c3d4e5' })).toMatchObject(missing('REMEDYKIT_ROLE_NAME'));
  });

  it('takes an empty allow-list only where it is spelled out', () => {
    expect(readSettings({ ...env, REMEDYKIT_ALLOW_LIST: 'none' }).allowList).toEqual([]);
  });

  const required = Object.keys(settingNames).filter(
    (name) =>
      !settingNames[name as keyof typeof settingNames].includes('(optional') && name !== 'REMEDYKIT_EXTERNAL_ID',
  );

  it.each(required)('%s is required, and empty is missing', (name) => {
    const missing = { code: 'SETTING_MISSING', message: expect.stringMatching(`^${name} `), retryable: false };
    expect(failure({ [name]: undefined })).toMatchObject(missing);
    expect(failure({ [name]: ' ' })).toMatchObject(missing);
  });

  it.each([
    ['REMEDYKIT_MODE', 'Enforce'],
    ['REMEDYKIT_ACCOUNTS', '1111-2222-3333'],
    ['REMEDYKIT_ACCOUNTS', ','],
    ['REMEDYKIT_ALLOW_LIST', '203.0.113.0/33'],
    ['REMEDYKIT_ALLOW_LIST', '2001:db8::/129'],
    ['REMEDYKIT_ALLOW_LIST', '203.0.113.0/'],
    ['REMEDYKIT_ALLOW_LIST', '203.0.113.0/24/24'],
    ['REMEDYKIT_ALLOW_LIST', 'partner.example'],
    ['REMEDYKIT_ALLOW_LIST', ','],
    ['REMEDYKIT_BLOCK_FOR_HOURS', '0'],
    ['REMEDYKIT_BLOCK_FOR_HOURS', '169'],
    ['REMEDYKIT_BLOCK_FOR_HOURS', '24h'],
    ['REMEDYKIT_SCOPE', 'region'],
    ['REMEDYKIT_MANAGEMENT_ACCOUNT', '1111'],
    ['REMEDYKIT_ROLE_NAME', 'no spaces'],
    ['REMEDYKIT_SLACK_WEBHOOK_URL', 'http://hooks.slack.com/services/T0/B0/very-secret'],
    ['REMEDYKIT_SLACK_WEBHOOK_URL', 'very-secret'],
  ])('%s must not be %s', (name, value) => {
    const error = failure({ [name]: value });
    expect(error).toMatchObject({ code: 'SETTING_INVALID', message: expect.stringMatching(`^${name} must be `) });
    expect((error as Error).message).not.toContain('very-secret');
  });

  it.each(['REMEDYKIT_MODES', 'REMEDYKIT_WEBHOOK', 'REMEDYKIT_'])('G27: an unknown name is an error: %s', (name) => {
    expect(failure({ [name]: 'very-secret' })).toMatchObject({
      code: 'SETTING_UNKNOWN',
      message: expect.stringMatching(new RegExp(`^${name} is not a setting(?!.*very-secret)`)),
    });
  });
});

const folder = new URL('.', import.meta.url);

it('G27: every setting is documented under its one name, and the documentation names no other', () => {
  const readme = readFileSync(new URL('../README.md', folder), 'utf8');
  expect([...new Set(readme.match(/REMEDYKIT_[A-Z_]+/g))].sort()).toEqual(Object.keys(settingNames).sort());
});

it('G27: the environment is read in one place per handler, as a whole, and in no package', () => {
  const sources = (url: URL): URL[] =>
    readdirSync(url, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing/'))
      .map((name) => new URL(name, url));
  const readers = [
    folder,
    ...['core', 'guardduty', 'notify'].map((id) => new URL(`../../../packages/${id}/src/`, folder)),
  ]
    .flatMap(sources)
    .flatMap((url) => {
      const code = readFileSync(url, 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '');
      return [...code.matchAll(/.*process\.env.*/g)].map(
        ([line]) => `${url.pathname.split('/').at(-1)}: ${line.trim()}`,
      );
    });
  expect(readers.sort()).toEqual(
    ['event', 'queue', 'upkeep'].map((name) => `${name}-handler.ts: const settings = readSettings(process.env);`),
  );
});
