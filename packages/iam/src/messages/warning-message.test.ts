import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleName } from '../model/case.ts';
import { mailKey } from '../warnings/mail-key.ts';
import { sampleMail } from '../warnings/sample-mail.ts';
import type { Consequence } from './credential-text.ts';
import { dayText, momentText } from './dates.ts';
import { maskId } from './mask-id.ts';
import { ownWords, readable, sampleWarning, shown } from './sample-warnings.ts';
import { type WarningInput, warningMessage } from './warning-message.ts';

const rules: readonly RuleName[] = [
  'mfa',
  'key-age',
  'key-unused',
  'service-specific-age',
  'certificate-age',
  'ssh-key-age',
];

const used = { kind: 'used', at: '2026-11-23T22:10:00.000Z', service: 's3', region: 'eu-west-1' } as const;

/** The same warning at another stage. */
const atStage = (input: WarningInput, changes: Partial<WarningInput['mail']>, rest: Partial<WarningInput> = {}) => ({
  ...input,
  ...rest,
  mail: { ...input.mail, ...changes },
});

const unowned = (rule: RuleName): WarningInput =>
  atStage(
    sampleWarning(rule),
    { stage: 'unowned', role: 'fallback', address: 'security@example.com' },
    {
      lastUse: used,
      user: {
        userName: 'ci-deploy',
        path: '/build/',
        createdAt: '2024-02-29T10:00:00.000Z',
        groups: ['deployers', 'readers'],
        tags: { team: 'payments', owner: 'nobody' },
      },
    },
  );

const undeliverable = (rule: RuleName): WarningInput =>
  atStage(
    unowned(rule),
    { stage: 'undeliverable', role: 'security' },
    {
      undelivered: {
        since: '2026-10-24T10:00:00.000Z',
        failures: [{ address: 'gone@example.com', failure: 'Bounce/Permanent/General' }],
      },
    },
  );

const variants: Readonly<Record<string, (rule: RuleName) => WarningInput>> = {
  first: (rule) => sampleWarning(rule),
  again: (rule) => atStage(sampleWarning(rule), { stage: 5 }, { at: '2026-11-29T04:00:00.000Z', reminder: true }),
  tomorrow: (rule) => atStage(sampleWarning(rule), { stage: 1 }, { at: '2026-12-03T04:00:00.000Z', reminder: true }),
  today: (rule) => atStage(sampleWarning(rule), { stage: 0 }, { at: '2026-12-04T04:00:00.000Z', reminder: true }),
  unowned,
  undeliverable,
};

const cases = rules.flatMap((rule) => Object.entries(variants).map(([name, build]) => [rule, name, build] as const));

describe('warningMessage', () => {
  it.each(cases)('tells of %s, %s, as in its golden file', async (rule, name, build) => {
    await expect(shown(warningMessage(build(rule)))).toMatchFileSnapshot(`__golden__/${rule}-${name}.txt`);
  });

  it.each(cases)('I34: shows the credential of %s, %s, masked, and never its whole id', (rule, _, build) => {
    const input = build(rule);
    const { key, ...told } = warningMessage(input);
    expect(key).toBe(mailKey(input.mail));
    if (rule === 'mfa') return;
    expect(JSON.stringify(told)).not.toContain(input.case.credentialId);
    expect(readable(told.title)).toContain(maskId(input.case.credentialId));
  });

  it.each(cases)('I36: names the deadline of %s, %s, as it is stored, with weekday and UTC', (rule, _, build) => {
    const { title, body, facts } = warningMessage(build(rule));
    expect(readable(title)).toContain('Friday, 4 December 2026');
    expect(body.map(readable).join()).toContain('Friday, 4 December 2026, 00:00 UTC');
    expect(facts).toContainEqual({ label: 'Deadline', value: 'Friday, 4 December 2026, 00:00 UTC' });
  });

  it('speaks of the days that are left, not of the stage that is caught up on', () => {
    const late = atStage(sampleWarning(), { stage: 5 }, { at: '2026-12-03T23:59:59.000Z' });
    expect(readable(warningMessage(late).title)).toMatch(/^Tomorrow: access key/);
    expect(warningMessage(late).severity).toBe('high');
    expect(warningMessage(sampleWarning()).severity).toBe('medium');
  });

  it('says the truth about what a deactivated key still does', () => {
    for (const rule of ['key-age', 'key-unused'] as const) {
      const body = warningMessage(sampleWarning(rule)).body.map(readable).join();
      expect(body).toContain('New calls with it fail');
      expect(body).toContain('Sessions that the key issued may last up to 36 hours longer');
    }
  });

  it('does not call a key never used of whose use AWS has no record', () => {
    const body = (changes: Partial<WarningInput>) =>
      readable(warningMessage(sampleWarning('key-unused', changes)).body[0]);
    expect(body({ lastUse: { kind: 'unknown' } })).toContain('AWS has no record of its use.');
    expect(body({ lastUse: { kind: 'never' } })).toContain('was never used, as far as AWS records.');
    expect(body({ lastUse: used })).toContain('has not been used since Monday, 23 November 2026.');
  });

  it.each([
    ['act', 'denied everything but setting up MFA and changing the password'],
    ['hold', 'every console session of this user is denied'],
    ['delete-password', 'the password is deleted. It cannot be brought back'],
    ['report', 'Nothing is changed by itself'],
  ] as const)('says what %s means for a user without MFA', (consequence, words) => {
    expect(warningMessage(sampleWarning('mfa', { consequence })).body.map(readable).join()).toContain(words);
  });

  it.each(['act', 'hold'] as const)('says that %s denies credentials from GetSessionToken as well', (consequence) => {
    for (const [, , build] of cases.filter(([rule]) => rule === 'mfa'))
      expect(
        warningMessage({ ...build('mfa'), consequence })
          .body.map(readable)
          .join(),
      ).toMatch(
        /Access keys go on working, but session credentials that (were issued without MFA|are made from them) \(GetSessionToken\) are denied too/,
      );
  });

  const consequences: readonly (readonly [RuleName, Consequence])[] = [
    ['mfa', 'hold'],
    ['mfa', 'delete-password'],
    ['mfa', 'report'],
    ['key-age', 'report'],
    ['ssh-key-age', 'report'],
  ];
  it.each(
    consequences.flatMap(([rule, consequence]) =>
      Object.entries(variants)
        .filter(([name]) => name !== 'again' && name !== 'tomorrow' && name !== 'unowned')
        .map(([name, build]) => [rule, consequence, name, build] as const),
    ),
  )('tells of %s, %s, %s, as in its golden file', async (rule, consequence, name, build) => {
    const input = { ...build(rule), consequence };
    const text = shown(warningMessage(input));
    await expect(text).toMatchFileSnapshot(`__golden__/${rule}-${consequence}-${name}.txt`);
    expect(text).not.toMatch(
      consequence === 'report' ? /deactivated|is denied|are denied|is deleted/ : /deactivated|nothing is done but/,
    );
  });

  const activeAgain = 'It was deactivated before, for its time was up, and somebody has made it active again.';
  it.each(Object.entries(variants))('tells of a relapse, %s, as in its golden file', async (name, build) => {
    const relapse = { ...build('key-age'), relapse: true } as const;
    const text = shown(warningMessage(relapse));
    await expect(text).toMatchFileSnapshot(`__golden__/key-age-relapse-${name}.txt`);
    expect(text).toContain(activeAgain);
    expect(text).toContain('the key is deactivated once more, not deleted');
    const incident = shown(warningMessage({ ...relapse, consequence: 'report' }));
    expect(incident).toContain(`${activeAgain} The security team is told of that.`);
    expect(incident).not.toMatch(/once more|an incident/);
  });

  it('calls nothing made active again that was not, and no password', () => {
    for (const [rule, , build] of cases) expect(shown(warningMessage(build(rule)))).not.toContain('active again');
    expect(shown(warningMessage(sampleWarning('mfa', { relapse: true })))).not.toContain('active again');
  });

  it('says to security what comes of silence by the policy, and what of an answer', () => {
    const told = (changes: Partial<WarningInput>) => shown(warningMessage({ ...undeliverable('key-age'), ...changes }));
    const silence = 'If nobody decides before Friday, 4 December 2026, 00:00 UTC, then';
    expect(told({ unanswered: 'act' })).toContain(`${silence} the key is deactivated, not deleted.`);
    expect(told({ unanswered: 'report' })).toContain(
      `${silence} nothing is done but to report it. If you answer to act, the key is deactivated, not deleted.`,
    );
    expect(told({ consequence: 'report' })).toContain(`${silence} nothing is done but to report it.\n`);
    for (const answer of ['Answer with resolve(', "'act' has it done", "'exempt' leaves the user alone"])
      expect(told({})).toContain(answer);
    // An answer to confirm changes nothing about somebody whom no warning reached.
    expect(told({})).not.toContain('confirm');
    expect(shown(warningMessage(unowned('key-age')))).not.toContain('resolve(');
  });

  it('does not ask for an answer before a deadline that has passed', () => {
    expect(shown(warningMessage(variants.today?.('key-age') ?? sampleWarning()))).toContain(
      'Tell security@example.com at once; exemptions',
    );
    expect(shown(warningMessage(sampleWarning()))).toContain('Tell security@example.com before the deadline;');
  });

  it('threatens nothing that will not be done', () => {
    const message = warningMessage(sampleWarning('key-age', { consequence: 'report' }));
    expect(readable([message.title, ...message.body])).not.toContain('deactivated');
    expect(readable(message.title)).toContain('is due on');
  });

  it('tells how to need no key', () => {
    const steps = (warningMessage(sampleWarning()).actions ?? []).map(({ text }) => readable(text)).join();
    for (const way of ['aws login', 'IAM Identity Center', 'a role']) expect(steps).toContain(way);
  });

  it('I33: goes to the recipient of the mail, about the account, and is urgent to nobody else', () => {
    const message = warningMessage(sampleWarning());
    expect(message).toMatchObject({
      recipient: 'alice@example.com',
      subject: { accountId: '111122223333', type: 'credential-warning' },
      preview: false,
    });
    expect(message).not.toHaveProperty('undone');
  });

  it('I18: says of a user without an owner where the credential was used last, and where to look for the owner', () => {
    const facts = Object.fromEntries(
      warningMessage(unowned('key-age')).facts.map(({ label, value }) => [label, readable(value)]),
    );
    expect(facts).toMatchObject({
      'Last used': 'Monday, 23 November 2026, 22:10 UTC, service s3, Region eu-west-1',
      Groups: 'deployers, readers',
      Tags: 'team = payments, owner = nobody',
      Path: '/build/',
    });
  });

  it('tells an owner nothing about groups and tags, and the fallback that it stands in for one', () => {
    const labels = (input: WarningInput) => warningMessage(input).facts.map(({ label }) => label);
    expect(labels(sampleWarning())).not.toContain('Tags');
    const standIn = atStage(sampleWarning(), { role: 'fallback', address: 'security@example.com' });
    expect(labels(standIn)).toContain('Tags');
    expect(warningMessage(standIn).body.map(readable).join()).toContain('fallback recipient');
  });

  it('is undone where nobody was warned, and nowhere else', () => {
    for (const [, , build] of cases) {
      const input = build('key-age');
      expect(warningMessage(input).undone).toBe(input.mail.stage === 'undeliverable' ? true : undefined);
      expect(warningMessage({ ...input, preview: true })).toMatchObject({ preview: true });
      expect(warningMessage({ ...input, preview: true })).not.toHaveProperty('undone');
    }
  });

  it('counts the tags that it does not show', () => {
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v']));
    const input = unowned('key-age');
    const facts = warningMessage({ ...input, user: { ...input.user, tags } }).facts;
    expect(readable(facts.find(({ label }) => label === 'Tags')?.value)).toMatch(/k9 = v, 40 more$/);
  });

  it('I34: trusts nothing that others wrote, whatever it is', () => {
    const hostile = fc.string({ minLength: 4 }).map((text) => `\u2603${text}`);
    fc.assert(
      fc.property(fc.constantFrom(...cases), hostile, ([rule, , build], text) => {
        const input = build(rule);
        const {
          title,
          body,
          facts,
          actions = [],
        } = warningMessage({
          ...input,
          user: { ...input.user, userName: text, path: text, groups: [text], tags: { [text]: text } },
          lastUse: { kind: 'used', at: '2026-11-23T22:10:00.000Z', service: text, region: text },
          service: text,
        });
        const own = [title, ...body, ...facts.map(({ value }) => value), ...actions.map((action) => action.text)];
        expect(own.map(ownWords).join('\n')).not.toContain('\u2603');
        expect(own.map(readable).join('\n')).toContain(text);
      }),
      { numRuns: Number(process.env.REMEDYKIT_RUNS ?? 100) },
    );
  });
});

describe('maskId', () => {
  it('I34: keeps four characters at each end, and hides what is too short', () => {
    expect(maskId('AKIAIOSFODNN7EXA7Q2X')).toBe('AKIA…7Q2X');
    expect(maskId('abcdefghijkl')).toBe('abcd…ijkl');
    expect(maskId('abcdefghijk')).toBe('…');
    expect(maskId('')).toBe('…');
  });
});

describe('dates', () => {
  it('I36: are in UTC, with the weekday', () => {
    expect(dayText('2028-02-29T23:59:59.999Z')).toBe('Tuesday, 29 February 2028');
    expect(momentText('2026-12-04T00:00:00+02:00')).toBe('Thursday, 3 December 2026, 22:00 UTC');
    expect(momentText('soon')).toBe('an unknown day');
  });
});

describe('a mail', () => {
  it('I32: has one key for one stage, whoever words it', () => {
    const key = (changes: Partial<WarningInput>) => warningMessage(sampleWarning('key-age', changes)).key;
    expect(key({ reminder: true, at: '2026-11-25T10:00:00.000Z' })).toBe(key({}));
    expect(key({ mail: sampleMail({ stage: 5 }) })).not.toBe(key({}));
  });
});
