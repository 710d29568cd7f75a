import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSettings, settingNames } from './settings.ts';

const secret = 'https://hooks.slack.com/services/T0/B0/very-secret';

const env = {
  AWS_REGION: 'eu-west-1',
  REMEDYKIT_MODE: 'enforce',
  REMEDYKIT_ACCOUNTS: '111122223333, 444455556666',
  REMEDYKIT_TABLE_NAME: 'remedykit-iam',
  REMEDYKIT_SLACK_WEBHOOK_URL: secret,
  REMEDYKIT_MAIL_FROM: 'security@example.com',
  REMEDYKIT_CONFIGURATION_SET: 'remedykit',
  REMEDYKIT_ALLOWED_RECIPIENT_DOMAINS: 'example.com,corp.example.com',
  REMEDYKIT_FALLBACK_RECIPIENT: 'security+iam@example.com',
  REMEDYKIT_ROLLOUT_DATE: '2026-12-01',
  REMEDYKIT_MFA_GRACE_DAYS: '14',
  REMEDYKIT_MFA_ACTION: 'deny-until-mfa',
  REMEDYKIT_ACTIVE_KEY_USERS: 'report',
  REMEDYKIT_ENROL_AFTER_DENY: 'hold',
  REMEDYKIT_KEY_WARN_AT_DAYS: '80,85,89',
  REMEDYKIT_KEY_DEACTIVATE_AT_DAYS: '90',
  REMEDYKIT_MINIMUM_WARNING_DAYS: '10',
  REMEDYKIT_UNDELIVERABLE: 'report',
  REMEDYKIT_MAX_USERS_PER_DAY: '25',
  REMEDYKIT_MAX_PERCENT_PER_DAY: '2.5',
  REMEDYKIT_BREAK_GLASS: 'arn:aws:iam::111122223333:user/break-glass',
  REMEDYKIT_OWN_PRINCIPALS: 'none',
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
      tableName: 'remedykit-iam',
      slackWebhookUrl: secret,
      mailFrom: 'security@example.com',
      configurationSet: 'remedykit',
      allowedRecipientDomains: ['example.com', 'corp.example.com'],
      fallbackRecipient: 'security+iam@example.com',
      rolloutDate: new Date('2026-12-01T00:00:00Z'),
      mfa: {
        action: 'deny-until-mfa',
        graceDays: 14,
        activeKeyUsers: 'report',
        enrolAfterDeny: 'hold',
        boundariesThatAllowEnrolment: [],
      },
      accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
      minimumWarningDays: 10,
      undeliverable: 'report',
      limits: { maxUsersPerDay: 25, maxPercentPerDay: 2.5 },
      breakGlass: ['arn:aws:iam::111122223333:user/break-glass'],
      ownPrincipals: [],
      exemptions: [],
    });
  });

  const denyOnly = { REMEDYKIT_ACTIVE_KEY_USERS: undefined, REMEDYKIT_ENROL_AFTER_DENY: undefined };

  it.each(['report', 'delete-login-profile'])('reads what becomes of console users without MFA: %s', (action) => {
    const mild = { ...env, ...denyOnly, REMEDYKIT_MFA_ACTION: action };
    expect(readSettings(mild).mfa).toEqual({ action, graceDays: 14 });
  });

  it.each([
    ['REMEDYKIT_ACTIVE_KEY_USERS', 'deny'],
    ['REMEDYKIT_ENROL_AFTER_DENY', 'hold'],
    ['REMEDYKIT_BOUNDARIES_THAT_ALLOW_ENROLMENT', 'arn:aws:iam::111122223333:policy/developers'],
  ])('%s is refused where nobody is denied until MFA', (name, value) => {
    const error = failure({ ...denyOnly, REMEDYKIT_MFA_ACTION: 'report', [name]: value });
    expect(error).toMatchObject({ code: 'SETTING_INVALID', message: expect.stringMatching(`^${name} must be `) });
  });

  it('reads boundaries under which a device can be enrolled, a limit of nobody, and that nobody is meant', () => {
    const read = readSettings({
      ...env,
      REMEDYKIT_BOUNDARIES_THAT_ALLOW_ENROLMENT:
        'arn:aws:iam::111122223333:policy/developers, arn:aws:iam::aws:policy/ReadOnlyAccess',
      REMEDYKIT_MAX_USERS_PER_DAY: '0',
      REMEDYKIT_MAX_PERCENT_PER_DAY: '0',
      REMEDYKIT_BREAK_GLASS: 'none',
    });
    expect(read.mfa).toMatchObject({
      boundariesThatAllowEnrolment: [
        'arn:aws:iam::111122223333:policy/developers',
        'arn:aws:iam::aws:policy/ReadOnlyAccess',
      ],
    });
    expect(read.limits).toEqual({ maxUsersPerDay: 0, maxPercentPerDay: 0 });
    expect(read.breakGlass).toEqual([]);
  });

  it('reads exemptions with their end', () => {
    const list = [{ path: '/mainframe/', reason: 'legacy bridge', expires: '2027-03-31' }];
    expect(readSettings({ ...env, REMEDYKIT_EXEMPTIONS: JSON.stringify(list) }).exemptions).toEqual([
      { path: '/mainframe/', reason: 'legacy bridge', expires: new Date('2027-03-31T00:00:00Z') },
    ]);
  });

  it('reads what several accounts need, the role with what it asks for', () => {
    const many = {
      ...env,
      REMEDYKIT_ROLE_NAME: 'security/remedykit-iam',
      REMEDYKIT_EXTERNAL_ID: 'o-a1b2c3d4e5',
    };
    const role = { name: 'security/remedykit-iam', externalId: 'o-a1b2c3d4e5', region: 'eu-west-1' };
    expect(readSettings(many).role).toEqual(role);
    const missing = (name: string) => ({ code: 'SETTING_MISSING', message: expect.stringMatching(`^${name} `) });
    expect(failure({ REMEDYKIT_ROLE_NAME: 'remedykit-iam' })).toMatchObject(missing('REMEDYKIT_EXTERNAL_ID'));
    expect(failure({ REMEDYKIT_EXTERNAL_ID: 'o-a1b2c3d4e5' })).toMatchObject(missing('REMEDYKIT_ROLE_NAME'));
  });

  const required = Object.entries(settingNames).flatMap(([name, what]) =>
    what.includes('(optional') || name === 'REMEDYKIT_EXTERNAL_ID' ? [] : [name],
  );

  it.each(required)('%s is required, and empty is missing', (name) => {
    const missing = { code: 'SETTING_MISSING', message: expect.stringMatching(`^${name} `), retryable: false };
    expect(failure({ [name]: undefined })).toMatchObject(missing);
    expect(failure({ [name]: ' ' })).toMatchObject(missing);
  });

  it('the configuration set is among them: without it no event comes back, and every clock stops', () => {
    expect(required).toContain('REMEDYKIT_CONFIGURATION_SET');
  });

  it.each([
    ['REMEDYKIT_MODE', 'Enforce'],
    ['REMEDYKIT_ACCOUNTS', '1111-2222-3333'],
    ['REMEDYKIT_ACCOUNTS', ','],
    ['REMEDYKIT_SLACK_WEBHOOK_URL', 'http://hooks.slack.com/services/T0/B0/very-secret'],
    ['REMEDYKIT_MAIL_FROM', 'example.com'],
    ['REMEDYKIT_MAIL_FROM', 'Security <security@example.com>'],
    ['REMEDYKIT_CONFIGURATION_SET', 'two words'],
    ['REMEDYKIT_ALLOWED_RECIPIENT_DOMAINS', '@example.com'],
    ['REMEDYKIT_FALLBACK_RECIPIENT', 'security'],
    ['REMEDYKIT_ROLLOUT_DATE', '01.12.2026'],
    ['REMEDYKIT_ROLLOUT_DATE', '2026-02-30'],
    ['REMEDYKIT_MFA_GRACE_DAYS', '0'],
    ['REMEDYKIT_MFA_GRACE_DAYS', '14d'],
    ['REMEDYKIT_KEY_WARN_AT_DAYS', '80,80'],
    ['REMEDYKIT_KEY_WARN_AT_DAYS', '85,80'],
    ['REMEDYKIT_KEY_WARN_AT_DAYS', 'eighty'],
    ['REMEDYKIT_KEY_DEACTIVATE_AT_DAYS', '89'],
    ['REMEDYKIT_KEY_DEACTIVATE_AT_DAYS', '90.5'],
    ['REMEDYKIT_MFA_ACTION', 'deny'],
    ['REMEDYKIT_ACTIVE_KEY_USERS', 'hold'],
    ['REMEDYKIT_ENROL_AFTER_DENY', 'deny'],
    ['REMEDYKIT_BOUNDARIES_THAT_ALLOW_ENROLMENT', 'developers'],
    ['REMEDYKIT_MAX_USERS_PER_DAY', '-1'],
    ['REMEDYKIT_MAX_USERS_PER_DAY', '2.5'],
    ['REMEDYKIT_MAX_USERS_PER_DAY', 'all'],
    ['REMEDYKIT_MAX_PERCENT_PER_DAY', '101'],
    ['REMEDYKIT_MAX_PERCENT_PER_DAY', '5%'],
    ['REMEDYKIT_BREAK_GLASS', 'break-glass'],
    ['REMEDYKIT_BREAK_GLASS', 'arn:aws:iam::111122223333:user/*'],
    ['REMEDYKIT_OWN_PRINCIPALS', 'none, arn:aws:iam::111122223333:role/remedykit'],
    ['REMEDYKIT_MINIMUM_WARNING_DAYS', '0'],
    ['REMEDYKIT_UNDELIVERABLE', 'ignore'],
    ['REMEDYKIT_EXEMPTIONS', 'path=/mainframe/'],
    ['REMEDYKIT_EXEMPTIONS', '{}'],
    ['REMEDYKIT_EXEMPTIONS', '[{"path":"/mainframe/","reason":"legacy bridge"}]'],
    ['REMEDYKIT_EXEMPTIONS', '["/mainframe/"]'],
    ['REMEDYKIT_ROLE_NAME', 'no spaces'],
  ])('%s must not be %s', (name, value) => {
    const error = failure({ REMEDYKIT_EXTERNAL_ID: 'o-1', REMEDYKIT_ROLE_NAME: 'role', [name]: value });
    expect(error).toMatchObject({ code: 'SETTING_INVALID', message: expect.stringMatching(`^${name} must be `) });
    expect((error as Error).message).not.toContain('very-secret');
  });

  it.each(['REMEDYKIT_MODES', 'REMEDYKIT_WEBHOOK', 'REMEDYKIT_'])('an unknown name is an error: %s', (name) => {
    expect(failure({ [name]: 'very-secret' })).toMatchObject({
      code: 'SETTING_UNKNOWN',
      message: expect.stringMatching(new RegExp(`^${name} is not a setting(?!.*very-secret)`)),
    });
  });
});

const folder = new URL('.', import.meta.url);

it('every setting is documented under its one name, and the documentation names no other', () => {
  const readme = readFileSync(new URL('../README.md', folder), 'utf8');
  expect([...new Set(readme.match(/REMEDYKIT_[A-Z_]+/g))].sort()).toEqual(Object.keys(settingNames).sort());
});

it('the environment is read in one place per handler, as a whole, and in no package', () => {
  const sources = (url: URL): URL[] =>
    readdirSync(url, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing/'))
      .map((name) => new URL(name, url));
  const readers = [folder, ...['core', 'iam', 'notify'].map((id) => new URL(`../../../packages/${id}/src/`, folder))]
    .flatMap(sources)
    .flatMap((url) => {
      const code = readFileSync(url, 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '');
      return [...code.matchAll(/.*process\.env.*/g)].map(
        ([line]) => `${url.pathname.split('/').at(-1)}: ${line.trim()}`,
      );
    });
  expect(readers.sort()).toEqual(
    ['mail-event', 'plan', 'resolve', 'restore', 'scheduled'].map(
      (name) => `${name}-handler.ts: const settings = readSettings(process.env);`,
    ),
  );
});
