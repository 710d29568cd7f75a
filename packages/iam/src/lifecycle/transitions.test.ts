import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addDays } from '../days.ts';
import type { CaseDecision, CaseFacts, CredentialPolicy, MailRecord, Recipient } from '../model/case.ts';
import { decideCase } from './decide-case.ts';
import { caseReasons } from './reasons.ts';

// The table of the page, read as it stands there.

// Mutation testing runs a copy of the package, two folders deeper.
const page = ['../../../../docs', '../../../../../../docs']
  .map((docs) => join(import.meta.dirname, docs, 'credential-lifecycle.md'))
  .filter((path) => existsSync(path))
  .map((path) => readFileSync(path, 'utf8'))
  .join('');
const table = /<!-- transitions -->\n(?<rows>.*)<!-- \/transitions -->/s.exec(page)?.groups?.rows ?? '';
const rowsOf = (lines: string): readonly string[][] =>
  lines
    .trim()
    .split('\n')
    .map((line) => line.trim().slice(2, -2).split(' | '));
const rows = rowsOf(table).slice(2);

/** What the page has no need to say, in its words. */
const edges = rowsOf(`
  | 102 security 10 for 112 bounced; 101 bob 10 for 111 bounced; 100 alice 10 for 110 bounced | 129 | new | report | 139 | no-address |
  | 102 security 10 for 112 bounced; 101 bob 10 for 111 bounced; 100 alice 10 for 110 bounced | 130 | undeliverable | mail undeliverable to security | 144 | security-to-be-asked |
  | only security; 90 security 10 for 100 lost; 100 security 10 for 110 bounced | 129 | new | report | 139 | no-address |
  | only security; 80 security 10 for 90 bounced; 110 security undeliverable for 124; clock stopped 82 to 85 | 111 | undeliverable | wait | 124 | security-asked |
  | only security; 80 security 10 for 90 bounced; 110 security undeliverable for 124 lost; clock stopped 82 to 85 | 111 | new | report | 121 | no-address |
  | only security; 80 security 10 for 90 bounced; 110 security undeliverable for 124; rollout 200 | 115 | new | wait | 200 | not-due |
  | only security; 80 security 10 for 90; 81 security 10 for 91 | 81 | unowned | mail unowned to security | 91 | second-mail-due |
  | 80 alice 10 for 105 lost; was exempt on 85 | 95 | new | mail 10 to alice | 105 | warning-due |
  | 80 alice 10 for 106; was exempt on 85; 95 alice 10 for 105 bounced | 96 | new | mail 10 to bob | 107 | warning-due |
  | only security; 80 security 10 for 90; 81 security unowned for 91 bounced | 110 | undeliverable | mail undeliverable to security | 124 | security-to-be-asked |
  | only security; 80 security 10 for 90 bounced; 115 security undeliverable for 124; 110 security undeliverable for 124 | 124 | undeliverable | act | 124 | undeliverable-act |
  | only security; 80 security 10 for 90 bounced; 110 carol undeliverable for 124 bounced | 111 | undeliverable | mail undeliverable to security | 125 | security-to-be-asked |
  | nobody; 80 security 10 for 90 bounced; 110 carol undeliverable for 124 bounced | 111 | undeliverable | report | 125 | no-address |
  | only security; 80 carol 10 for 90 bounced; 110 security undeliverable for 124 | 111 | undeliverable | wait | 124 | security-asked |
  | 81 alice 10 for 91; 80 security unowned for 90 | 82 | warned | wait | 91 | warned |
  | 85 alice 5 for 90; 80 alice 10 for 90 | 86 | warned | wait | 90 | warned |
  | 85 alice 5 for 95; 80 alice 10 for 90 | 86 | warned | wait | 95 | warned |
  | only security; 80 security 10 for 99 | 81 | unowned | mail unowned to security | 91 | second-mail-due |
  | 85 alice 10 for 95; was exempt on 85 | 95 | new | mail 10 to alice | 105 | warning-due |
`);

const day = (count: number | string): string => addDays('2026-01-01T00:00:00.000Z', Number(count));
const noon = (count: number | string): string => day(count).replace('T00', 'T12');
const numberOf = (instant: string): number => (Date.parse(instant) - Date.parse(day(0))) / 86_400_000;

const security: Recipient = { role: 'fallback', address: 'security@example.com', source: 'fallback' };
const people: readonly Recipient[] = [
  { role: 'owner', address: 'alice@example.com', source: 'tag:owner' },
  { role: 'owner', address: 'bob@example.com', source: 'account-owner' },
  security,
];

interface Setting {
  readonly facts: CaseFacts;
  readonly policy: CredentialPolicy;
}

const start: Setting = {
  facts: {
    case: {
      id: 'key-age/AKIAEXAMPLE',
      rule: 'key-age',
      credentialId: 'AKIAEXAMPLE',
      since: noon(0),
      firstSeenAt: noon(0),
    },
    mails: [],
    recipients: people,
    failedAddresses: [],
    stopped: [],
  },
  policy: {
    rules: { 'key-age': { afterDays: 90, stages: [10, 5, 1, 0] } },
    rolloutDate: day(0),
    minimumWarningDays: 10,
    undeliverable: 'act',
    undeliverableAfterDays: 30,
    securityNoticeDays: 14,
  },
};

const stageOf = (text: string): MailRecord['stage'] =>
  text === 'unowned' || text === 'undeliverable' ? text : Number(text);

const mailOf = ([sent = '', name = '', stage = '', deadline = '', fate]: readonly string[]): MailRecord => ({
  schema: 1,
  accountId: '111122223333',
  userId: 'AIDAALICE0000000001',
  caseId: start.facts.case.id,
  stage: stageOf(stage),
  deadline: day(deadline),
  role: stage === 'undeliverable' ? 'security' : name === 'security' ? 'fallback' : 'owner',
  address: `${name}@example.com`,
  claimedAt: fate === 'begun' ? new Date(Date.parse(noon(sent)) - 5 * 60_000).toISOString() : noon(sent),
  claim: 'claim',
  ...(fate === 'lost' || fate === 'begun' ? {} : { acceptedAt: noon(sent) }),
  events: fate === 'bounced' ? { failedAt: noon(sent), failure: 'Bounce/Permanent/General' } : {},
});

const withFacts = ({ facts, policy }: Setting, change: Partial<CaseFacts>): Setting => ({
  facts: { ...facts, ...change },
  policy,
});
const withPolicy = ({ facts, policy }: Setting, change: Partial<CredentialPolicy>): Setting => ({
  facts,
  policy: { ...policy, ...change },
});

const clauses: readonly (readonly [RegExp, (setting: Setting, found: readonly string[]) => Setting])[] = [
  [/^nothing$/, (setting) => setting],
  [/^only security$/, (setting) => withFacts(setting, { recipients: [security] })],
  [/^nobody$/, (setting) => withFacts(setting, { recipients: [] })],
  [/^policy report$/, (setting) => withPolicy(setting, { undeliverable: 'report' })],
  [/^no rule$/, (setting) => withPolicy(setting, { rules: {} })],
  [
    /^answered (act|confirm) until (\d+)$/,
    (setting, [decision, until = '']) =>
      withFacts(setting, {
        answer: { decision: decision === 'act' ? 'act' : 'confirm', at: noon(0), until: noon(until) },
      }),
  ],
  [/^rollout (\d+)$/, (setting, [on = '']) => withPolicy(setting, { rolloutDate: day(on) })],
  [/^notice (\d+)$/, (setting, [count]) => withPolicy(setting, { minimumWarningDays: Number(count) })],
  [
    /^exempt until (\d+)$/,
    (setting, [end = '']) => withFacts(setting, { exempt: { reason: 'bridge', expires: day(end), by: 'path:/x/' } }),
  ],
  [/^was exempt on (\d+)$/, (setting, [on = '']) => withFacts(setting, { lastExemptAt: noon(on) })],
  [
    /^clock stopped since (\d+)$/,
    (setting, [from = '']) => withFacts(setting, { stopped: [{ from: noon(from), reason: 'sandbox' }] }),
  ],
  [
    /^clock stopped (\d+) to (\d+)$/,
    (setting, [from = '', until = '']) =>
      withFacts(setting, { stopped: [{ from: noon(from), until: noon(until), reason: 'sandbox' }] }),
  ],
  [
    /^(\d+) (\w+) (\w+) for (\d+)(?: (bounced|lost|begun))?$/,
    (setting, found) => withFacts(setting, { mails: [...setting.facts.mails, mailOf(found)] }),
  ],
];

const settingOf = (cell: string): Setting =>
  cell.split('; ').reduce<Setting>((setting, clause) => {
    for (const [form, apply] of clauses) {
      const found = form.exec(clause);
      if (found !== null) return apply(setting, found.slice(1));
    }
    throw new Error(`The page says what the test cannot read: ${clause}`);
  }, start);

const nameOf = (address: string): string => address.replace('@example.com', '');

const doneOf = ({ action }: CaseDecision): string => {
  if (action.kind === 'warn') return `mail ${action.stage} to ${nameOf(action.address)}`;
  if (action.kind !== 'act' || action.notice === undefined) return action.kind;
  return `act, mail ${action.notice.stage} to ${nameOf(action.notice.address)}`;
};

const playRow = (happened = '', on = '', ...rest: readonly string[]): void => {
  const { facts, policy } = settingOf(happened);
  const decision = decideCase(facts, policy, new Date(noon(on)));
  const { state, deadline, reason, because } = decision;
  expect([state, doneOf(decision), String(numberOf(deadline)), reason]).toEqual(rest);
  expect(because).toBe(Object.entries(caseReasons).find(([code]) => code === reason)?.[1]);
};
const title = '%s; day %s: %s, %s, deadline %s (%s)';

describe('docs/credential-lifecycle.md', () => {
  it.each(rows)(title, playRow);

  it('an address that failed is not tried again in another spelling', () => {
    const { facts, policy } = start;
    const failedAddresses = ['ALICE@example.com', 'Bob@Example.com'];
    expect(decideCase({ ...facts, failedAddresses }, policy, new Date(noon(80))).action).toMatchObject({
      address: security.address,
    });
  });

  it('has a row for every reason and for every state', () => {
    expect([...new Set(rows.map((row) => row[5]))].sort()).toEqual(Object.keys(caseReasons).sort());
    expect([...new Set(rows.map((row) => row[2]))].sort()).toEqual(
      ['new', 'warned', 'unowned', 'undeliverable', 'cannot-warn', 'exempt'].sort(),
    );
  });
});

describe('beside the page', () => {
  it.each(edges)(title, playRow);

  it('at the deadline no mail goes out that would have been of use before it', () => {
    const { facts, policy } = settingOf('80 alice 10 for 90');
    const rules = { 'key-age': { afterDays: 90, stages: [10, 5] } };
    expect(decideCase(facts, { ...policy, rules }, new Date(noon(90))).action).toStrictEqual({ kind: 'act' });
  });

  it('the request goes to security as such, and not as a warning to the fallback recipient', () => {
    const { facts, policy } = settingOf('only security; 80 security 10 for 90 bounced');
    expect(decideCase(facts, policy, new Date(noon(110))).action).toEqual({
      kind: 'warn',
      stage: 'undeliverable',
      role: 'security',
      address: security.address,
    });
  });

  it('no days of notice are no leave to act on whom security was not asked about', () => {
    const { facts, policy } = settingOf('only security; 80 security 10 for 90 bounced');
    const [mail] = facts.mails;
    const failed = {
      ...facts,
      mails: [...facts.mails, ...(mail ? [{ ...mail, stage: 'undeliverable' as const }] : [])],
    };
    const at = new Date(noon(111));
    expect(decideCase(failed, { ...policy, securityNoticeDays: 0 }, at)).toMatchObject({ reason: 'request-failed' });
    const { facts: accepted } = settingOf(
      'only security; 80 security 10 for 90 bounced; 110 security undeliverable for 110',
    );
    expect(decideCase(accepted, { ...policy, securityNoticeDays: 0 }, at)).toMatchObject({
      reason: 'undeliverable-act',
    });
  });
});
