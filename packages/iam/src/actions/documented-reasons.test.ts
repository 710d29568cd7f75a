import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConsoleFacts, ConsolePolicy } from '../mfa/console-facts.ts';
import { consoleReasons } from '../mfa/console-reasons.ts';
import { decideConsoleAction } from '../mfa/decide-console-action.ts';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import type { ActionStep, JournalEntry } from '../model/action.ts';
import type { Answer } from '../model/case.ts';
import { restoreReasons } from '../restore/restore-reasons.ts';
import { actionReasons } from './action-reasons.ts';
import { credentialReasons } from './credential-reasons.ts';
import { type CredentialFacts, decideCredentialAction } from './decide-credential-action.ts';
import { refusalReasons } from './limit-reasons.ts';
import { settleReasons } from './settle-journal.ts';

// The tables of the page, read as they stand there.

// Mutation testing runs a copy of the package, two folders deeper.
const page = ['../../../../docs', '../../../../../../docs']
  .map((docs) => join(import.meta.dirname, docs, 'credential-lifecycle.md'))
  .filter((path) => existsSync(path))
  .map((path) => readFileSync(path, 'utf8'))
  .join('');

const rowsOf = (name: string): string[][] => {
  const [, table = ''] = new RegExp(`<!-- ${name} -->\n(.*)<!-- /${name} -->`, 's').exec(page) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => line.slice(2, -2).split(' | '));
};

const now = new Date('2026-11-24T12:00:00.000Z');
const daysAgo = (count: number | string): string => new Date(now.getTime() - Number(count) * 86_400_000).toISOString();
const accountId = '111122223333';
const subject = { accountId, userId: 'AIDAADA00000', userName: 'ada', arn: `arn:aws:iam::${accountId}:user/ada` };

/** What is known, clause by clause. */
const read = <T>(
  cell: string,
  start: T,
  clauses: readonly (readonly [RegExp, (setting: T, found: string) => T])[],
): T =>
  cell.split('; ').reduce((setting, clause) => {
    for (const [form, apply] of clauses) {
      const found = form.exec(clause);
      if (found !== null) return apply(setting, found[1] ?? '');
    }
    if (clause === 'nothing more') return setting;
    throw new Error(`The page says what the test cannot read: ${clause}`);
  }, start);

describe('docs/credential-lifecycle.md, of credentials', () => {
  const entry = (at: string, changes: Partial<JournalEntry>): JournalEntry => ({
    schema: 1,
    runId: `run-${at}`,
    stepId: 'ada/key',
    caseId: 'key-age/AKIA1',
    subject,
    action: 'deactivate',
    target: { kind: 'access-key', accessKeyId: 'AKIA1' },
    effect: 'new-deny',
    reason: 'due',
    because: 'Its time is up.',
    before: { kind: 'credential', active: true, createdAt: daysAgo(300) },
    intendedAt: at,
    requestIds: [],
    ...changes,
  });
  const start: CredentialFacts = {
    subject,
    case: {
      id: 'key-age/AKIA1',
      rule: 'key-age',
      credentialId: 'AKIA1',
      since: daysAgo(300),
      firstSeenAt: daysAgo(300),
    },
    createdAt: daysAgo(300),
    due: true,
    journal: [],
  };
  const with_ = (facts: CredentialFacts, one: JournalEntry): CredentialFacts => ({
    ...facts,
    journal: [...facts.journal, one],
  });
  const rows = rowsOf('credential');

  it.each(rows)('%s: %s (%s)', (known = '', done = '', reason = '') => {
    const facts = read(known, start, [
      [/^not due$/, (one) => ({ ...one, due: false })],
      [/^a password$/, (one) => ({ ...one, case: { ...one.case, id: 'mfa/password', rule: 'mfa' as const } })],
      [/^warned (\d+) days ago$/, (one, count) => ({ ...one, warnedAt: daysAgo(count) })],
      [/^deactivation begun$/, (one) => with_(one, entry(daysAgo(0), {}))],
      [
        /^deactivated (\d+) days ago$/,
        (one, count) => with_(one, entry(daysAgo(count), { completedAt: daysAgo(count) })),
      ],
      [
        /^restored$/,
        (one) => ({
          ...one,
          journal: one.journal.map((held) => ({
            ...held,
            restored: { at: daysAgo(20), requestedBy: 'a.smith', reason: 'INC-12' },
          })),
        }),
      ],
    ]);
    const decision = decideCredentialAction(facts, { minimumWarningDays: 10 }, now);
    expect([decision.step?.action ?? 'nothing', decision.reason]).toEqual([done, reason]);
  });

  it('has a row for every reason', () => {
    expect([...new Set(rows.map((row) => row[2]))].sort()).toEqual(Object.keys(credentialReasons).sort());
  });
});

describe('docs/credential-lifecycle.md, of console access', () => {
  interface Setting {
    readonly facts: ConsoleFacts;
    readonly policy: ConsolePolicy;
  }
  const { enrolment, hold } = mfaPolicies({ accountId });
  const password = { createdAt: daysAgo(300), lastUse: { kind: 'used', at: daysAgo(1) } } as const;
  const start: Setting = {
    facts: {
      subject,
      caseId: 'mfa/password',
      due: true,
      mfaDevices: [],
      password,
      attachedPolicies: [],
      groupPolicies: [],
      activeKeys: [],
      policiesPerUser: 10,
      passwordPolicy: { hardExpiry: false },
    },
    policy: {
      action: 'deny-until-mfa',
      enrolmentArn: enrolment.arn,
      holdArn: hold.arn,
      activeKeyUsers: 'report',
      enrolAfterDeny: 'hold',
      boundariesThatAllowEnrolment: [],
    },
  };
  const facts = (change: Partial<ConsoleFacts>) => (setting: Setting) => ({
    ...setting,
    facts: { ...setting.facts, ...change },
  });
  const policy = (change: Partial<ConsolePolicy>) => (setting: Setting) => ({
    ...setting,
    policy: { ...setting.policy, ...change },
  });
  const attached = (arn: string) => (setting: Setting) =>
    facts({ attachedPolicies: [...setting.facts.attachedPolicies, { name: 'mfa', arn }] })(setting);
  const answer = (decision: Answer['decision'], at: string, until: string) =>
    facts({ answer: { decision, at, until } });
  const others = Array.from({ length: 10 }, (_, at) => ({ name: `p${at}`, arn: `arn:aws:iam::aws:policy/p${at}` }));
  const clauses: readonly (readonly [RegExp, (setting: Setting) => Setting])[] = [
    [/^not due$/, facts({ due: false })],
    [/^a device$/, facts({ mfaDevices: ['GAHT1'] })],
    [/^no password$/, facts({ password: null })],
    [/^exempt$/, facts({ exempt: { reason: 'bridge', expires: daysAgo(-30), by: 'user:ada' } })],
    [/^policy report$/, policy({ action: 'report' })],
    [/^policy delete$/, policy({ action: 'delete-login-profile' })],
    [/^active keys$/, facts({ activeKeys: ['AKIA1'] })],
    [/^keys may be denied$/, policy({ activeKeyUsers: 'deny' })],
    [/^privileged$/, facts({ privileged: true })],
    [/^unused 45 days$/, facts({ password: { ...password, lastUse: { kind: 'used', at: daysAgo(45) } } })],
    [/^alert only$/, policy({ enrolAfterDeny: 'alert' })],
    [/^unknown boundary$/, facts({ permissionsBoundaryArn: `arn:aws:iam::${accountId}:policy/developers` })],
    [/^password expired$/, facts({ passwordPolicy: { hardExpiry: true, maxAgeDays: 90 } })],
    [/^all attachments used$/, facts({ attachedPolicies: others })],
    [/^answered act$/, answer('act', daysAgo(1), daysAgo(-1))],
    [/^answered confirm$/, answer('confirm', daysAgo(1), daysAgo(-1))],
    [/^confirmation over$/, answer('confirm', daysAgo(3), daysAgo(-1))],
    [/^enrolment attached$/, attached(enrolment.arn)],
    [/^hold attached$/, attached(hold.arn)],
  ];
  const stepText = ({ action, target }: ActionStep): string => {
    if (target.kind !== 'managed-policy') return 'delete the password';
    const which = target.policyArn === hold.arn ? 'hold' : 'enrolment';
    return `${action === 'attach-policy' ? 'attach' : 'detach'} ${which}`;
  };
  const rows = rowsOf('console');

  it.each(rows)('%s: %s, %s (%s)', (known = '', ...rest) => {
    const setting = read(known, start, clauses);
    const { kind, steps, reason } = decideConsoleAction(setting.facts, setting.policy, now);
    expect([kind, steps.map(stepText).join(', ') || 'nothing', reason]).toEqual(rest.slice(0, 3));
  });

  it('has a row for every reason', () => {
    expect([...new Set(rows.map((row) => row[3]))].sort()).toEqual(Object.keys(consoleReasons).sort());
  });
});

describe('docs/credential-lifecycle.md, of what came of it', () => {
  // Of the account as a whole: named where they are found.
  const accountWide = { 'policy-drift': '', 'policy-unread': '', 'limits-unread': '' };

  it.each<[string, object]>([
    ['refusals', { ...refusalReasons, ...accountWide }],
    ['results', actionReasons],
    ['settling', settleReasons],
    ['restoring', restoreReasons],
  ])('%s: every reason once, and no other', (name, reasons) => {
    const rows = rowsOf(name);
    expect(rows.map(([reason]) => reason).sort()).toEqual(Object.keys(reasons).sort());
    for (const row of rows) expect(row).toHaveLength(3);
  });
});
