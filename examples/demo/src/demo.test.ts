import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createJsonLineSink, isRemediationError, replay } from '@remedykit/core';
import { naclDeciders } from '@remedykit/guardduty';
import {
  asAsff,
  eventBridgeEvent,
  exportLines,
  type FindingEvent,
  getFindingsAnswer,
  portProbeEvent,
  securityHubEvent,
  snsEvent,
  snsInSqsEvent,
  sqsEvent,
  sshBruteForceEvent,
} from '@remedykit/guardduty/testing';
import { credentialDeciders } from '@remedykit/iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Performance } from './performance.ts';
import type { FindingEntry, Report } from './report.ts';
import { readArguments, runDemo } from './run-demo.ts';
import { createShow, silentShow } from './show.ts';
import { type ActingStory, playActing } from './story-acting.ts';
import { playAuditor, replayAll } from './story-auditor.ts';

type Found = Extract<FindingEntry, { id: string }>;

const isFound = (entry: FindingEntry): entry is Found => 'id' in entry;

/** Runs in this process, and writes the audit records where the setup file of the tests replays them. */
const run = async (findings?: string): Promise<{ report: Report; performance: Performance }> => {
  const seen: Performance[] = [];
  const report = await runDemo(findings === undefined ? {} : { findings }, silentShow, {}, (one) => seen.push(one));
  const [performance] = seen;
  if (performance === undefined) throw new Error('no performance');
  const write = createJsonLineSink();
  for (const record of performance.audit) await write(record);
  return { report, performance };
};

describe('the story', () => {
  let report: Report;
  let performance: Performance;
  let acting: ActingStory;
  beforeAll(async () => {
    ({ report, performance } = await run());
    acting = await playActing(silentShow);
  });
  const denies = (egress: boolean) =>
    report.nacl.filter((entry) => entry.action === 'deny' && entry.egress === egress).map(({ cidr }) => cidr);
  const threats = () => report.findings.flatMap((entry) => (isFound(entry) ? entry.threats : []));
  const outcomesOf = (cidr: string) =>
    threats().flatMap((threat) => (threat.cidr === cidr ? [`${threat.outcome} ${threat.reason}`] : []));

  it('holds exactly the keys of the contract', () => {
    expect(Object.keys(report)).toEqual(['findings', 'nacl', 'notifications', 'calls', 'stageCalls']);
    for (const entry of report.findings) {
      expect(Object.keys(entry).filter((key) => key !== 'thrown')).toEqual([
        'id',
        'type',
        'sample',
        'escalate',
        'threats',
      ]);
    }
    for (const threat of threats()) {
      expect(Object.keys(threat)).toEqual(['cidr', 'direction', 'verdict', 'outcome', 'reason']);
    }
    for (const entry of report.nacl) {
      expect(Object.keys(entry)).toEqual(['networkAclId', 'ruleNumber', 'egress', 'cidr', 'action']);
    }
    for (const one of report.notifications)
      expect(one).toEqual({
        channel: expect.stringMatching(/^(slack|chatbot|mail)$/),
        title: expect.stringMatching(/./),
      });
  });

  it('tells what became of each document, in order', () => {
    expect(
      report.findings.filter(isFound).map(({ type, threats: [first] }) => `${type.split('/')[1]} ${first?.outcome}`),
    ).toEqual([
      'SSHBruteForce blocked',
      'PortProbeUnprotectedPort blocked',
      'SSHBruteForce unchanged',
      'SSHBruteForce extended',
      'SSHBruteForce refused',
      'SSHBruteForce failed',
      'BlackholeTraffic blocked',
      'RDPBruteForce blocked',
      'RDPBruteForce refused',
      ...Array.from({ length: 4 }, () => 'RDPBruteForce blocked'),
      ...Array.from({ length: 6 }, () => 'RDPBruteForce not-blocked'),
      'RDPBruteForce blocked',
      'RDPBruteForce blocked',
      'SSHBruteForce not-blocked',
      'SSHBruteForce blocked',
      'BlackholeTraffic blocked',
    ]);
  });

  it('ends with the attacker denied inbound and the black hole outbound, and with nobody else', () => {
    expect(denies(false)).toEqual(['198.51.100.7/32']);
    expect(denies(true)).toEqual(['203.0.113.66/32']);
  });

  it('calls a person for a host that may be compromised, and for what should be denied and is not', () => {
    const called = report.findings.filter(isFound).filter(({ escalate }) => escalate);
    expect(
      called.flatMap(({ type, threats }) => threats.map(({ reason }) => `${type.split('/')[1]} ${reason}`)),
    ).toEqual([
      'BlackholeTraffic black-hole-traffic',
      ...Array.from({ length: 6 }, () => 'RDPBruteForce flood'),
      'SSHBruteForce contested',
      'BlackholeTraffic black-hole-traffic',
    ]);
  });

  it.each([
    ['the allow-listed host', '203.0.113.9/32', ['refused allow-listed']],
    ['the address of the sample', '198.51.100.50/32', ['refused sample']],
    ['the address of the forged finding', '192.0.2.66/32', ['failed unverified']],
    ['a prober whose deny has expired', '198.51.100.21/32', ['blocked port-probe']],
    ['the partner who was unblocked', '198.51.100.40/32', ['blocked brute-force', 'refused suppressed']],
    ['a decoy that gave way', '192.0.2.101/32', ['blocked brute-force']],
    ['a decoy beyond the limit', '192.0.2.109/32', ['not-blocked flood']],
    ['whose block has expired', '198.51.100.80/32', ['not-blocked flood', 'blocked brute-force']],
  ])('%s is not denied', (_who, cidr, outcomes) => {
    expect(outcomesOf(cidr)).toEqual(outcomes);
    expect(report.nacl.map((entry) => entry.cidr)).not.toContain(cidr);
  });

  it('the handler throws for the forged finding, after people were told', () => {
    const thrown = report.findings.filter(isFound).filter((entry) => entry.thrown !== undefined);
    expect(thrown).toMatchObject([{ thrown: { code: 'INCOMPLETE' }, threats: [{ reason: 'unverified' }] }]);
    expect(report.notifications.filter(({ title }) => title.includes('NOT BLOCKED: 192.0.2.66/32'))).toHaveLength(1);
  });

  const titles = () => report.notifications.map(({ title }) => title);

  it('tells of a flood once at once, and of all whom it leaves without a deny in one summary', () => {
    expect(titles().filter((title) => /NOT BLOCKED: 192\.0\.2\.10/.test(title))).toEqual([
      expect.stringContaining('NOT BLOCKED: 192.0.2.105/32'),
    ]);
    const summaries = performance.slack.messages.filter((payload) => JSON.stringify(payload).includes('6 addresses'));
    expect(summaries).toHaveLength(1);
    for (const host of [105, 106, 107, 108, 109]) expect(JSON.stringify(summaries)).toContain(`192.0.2.${host}`);
  });

  it('swaps a decoy for who came back, in place', () => {
    expect(titles()).toContainEqual(expect.stringContaining('Blocked 198.51.100.90/32 in place of 192.0.2.101/32'));
    expect(report.calls).toMatchObject({ 'ec2:ReplaceNetworkAclEntry': 1 });
  });

  it('puts a rule back that was deleted by hand, and does not fight for it', () => {
    const quarrel = titles().filter((title) => /put back|PUT BACK|contested/i.test(title));
    expect(quarrel).toEqual([
      expect.stringContaining('1 deny put back'),
      expect.stringContaining('1 network ACL contested; 1 deny gone and NOT put back'),
      expect.stringContaining('1 network ACL contested no more'),
    ]);
    expect(outcomesOf('198.51.100.7/32')).toEqual([
      'blocked brute-force',
      'unchanged in-force',
      'extended seen-again',
      'not-blocked contested',
      'blocked brute-force',
    ]);
  });

  it('tells one finding in chat both ways, and that it is over when it is archived', () => {
    const first = report.notifications.findIndex(({ channel }) => channel === 'chatbot');
    expect(
      report.notifications.slice(first, first + 4).map(({ channel, title }) => [channel, title.split(' · ')[0]]),
    ).toEqual([
      ['chatbot', '🟠 MEDIUM'],
      ['slack', '🟠 MEDIUM'],
      ['chatbot', '✅ RESOLVED'],
      ['slack', '✅ RESOLVED'],
    ]);
  });

  /** What was sent within the year, before the account in which the enforcer acts. */
  const year = () => {
    const first = report.notifications.findIndex(({ title }) => title.startsWith('Set up MFA for bob'));
    return report.notifications.slice(first, report.notifications.length - acting.office.notifications.length);
  };
  const hygiene = () => year().map(({ title }) => title);

  it('I31, I32: over a year mails each owner once at every stage, and nobody who has put it right', () => {
    const about = (what: RegExp) => year().filter(({ channel, title }) => channel === 'mail' && what.test(title));
    expect(about(/\bbob\b/)).toHaveLength(1);
    const alice = about(/alice will be deactivated (on|\(deadline) Friday, 19 February 2027/);
    expect(alice.map(({ title }) => title.split(/[:A]/)[0])).toEqual(['', 'Reminder', 'Tomorrow', 'Today']);
    expect(about(/dora/)).toEqual([]);
    expect(about(/No owner known: access key AKIA…\w{4} of (ci-deploy|carol)/)).toHaveLength(2);
    expect(about(/bridge/)[0]?.title).toContain('will be deactivated on Tuesday, 29 June 2027');
    expect(new Set(hygiene().filter((title) => !title.includes('IAM credentials:'))).size).toBe(about(/./).length);
  });

  it('tells the team of keys that are deactivated and of an exemption as it begins, before and after it ends, and nothing on a quiet day', () => {
    const team = hygiene().filter((title) => title.includes('IAM credentials:'));
    expect(team.filter((title) => title.includes('1 deactivated'))).toHaveLength(3);
    expect(team.filter((title) => title.includes('1 exemption to know of'))).toHaveLength(3);
    expect(team.length).toBeLessThan(40);
  });

  it('sends the same of the account in which the enforcer acts', () => {
    const { notifications } = acting.office;
    expect(notifications.length).toBeGreaterThan(50);
    expect(report.notifications.slice(-notifications.length)).toEqual(notifications);
  });

  it('keeps to the pace of Slack in its own time alone', () => {
    // The chat of the other examples goes to conversations of their own.
    const first = report.notifications.findIndex(({ channel }) => channel === 'chatbot');
    expect(first).toBeGreaterThan(15);
    expect(performance.slack.requests).toHaveLength(first);
  });

  it('counts its own looking on apart from what remedykit asks', () => {
    expect(report.calls).toMatchObject({
      'ec2:CreateNetworkAclEntry': 14,
      'ec2:DeleteNetworkAclEntry': 10,
      'guardduty:GetFindings': performance.guardDuty.calls['guardduty:GetFindings'],
    });
    expect(report.stageCalls).toEqual({
      'dynamodb:CreateTable': 1,
      'dynamodb:DescribeTable': expect.any(Number),
      'dynamodb:Query': 4,
      'ec2:DeleteNetworkAclEntry': 2,
      'ec2:DescribeNetworkAcls': 6,
    });
  });

  it('leaves an audit trail that replays', () => {
    const decisions = performance.audit.filter((record) => 'decider' in record);
    expect(decisions.length).toBeGreaterThan(40);
    for (const record of decisions) expect(replay(record, naclDeciders).differences).toEqual([]);
  });

  it('has an auditor who makes every decision again, and sees a record that somebody changed', () => {
    const lines: string[] = [];
    playAuditor(performance, { ...silentShow, line: (text) => lines.push(text) });
    const count = performance.audit.filter((record) => 'decider' in record).length;
    expect(lines[0]).toBe(`${count} of ${count} audit records came to the same plan again:`);
    expect(lines.at(-1)).toContain('does not: it differs at $.');
    const [first, ...others] = performance.audit;
    if (first === undefined || !('decider' in first)) throw new Error('no decision');
    const changed = { ...first, plan: { steps: [] } };
    expect(replayAll([changed, ...others]).reduce((sum, { same }) => sum + same, 0)).toBe(count - 1);
  });
});

describe('the account in which the enforcer acts', () => {
  let acting: ActingStory;
  const lines: string[] = [];
  beforeAll(async () => {
    acting = await playActing(createShow((line) => lines.push(line), false));
  });
  const changesOf = (name: string) => acting.changes.filter((change) => change.includes(`${name}, `)).map(short);
  /** Without the id of the key. */
  const short = (change: string): string => change.replace(/, access key \S+:/, ':');
  const mailsAbout = (name: string) =>
    acting.office.notifications
      .filter(({ channel, title }) => channel === 'mail' && title.includes(`of ${name} `))
      .map(({ title }) => title.replace(/ccess key \S+ of \w+/, '…'));
  const told = (what: string) =>
    acting.office.notifications.filter(({ channel, title }) => channel === 'slack' && title.includes(what));

  it('I6, I29: of two keys the old one is deactivated at 90 days after a mail at 80, 85, 89 and 90, and none is deleted', () => {
    expect(changesOf('ana')).toEqual(['2026-12-11 ana: Active → Inactive']);
    const { keys } = acting.office.iam.user('ana');
    expect(keys.map(({ createdAt, active }) => [createdAt.slice(0, 10), active])).toEqual([
      ['2026-09-12', false],
      ['2026-11-21', true],
    ]);
    expect(mailsAbout('ana').map((title) => title.split(':')[0])).toEqual([
      'A… will be deactivated on Friday, 11 December 2026',
      'Reminder',
      'Tomorrow',
      'Today',
    ]);
  });

  it('who has no MFA is denied all but enrolment, and free the morning after enrolling', () => {
    expect(changesOf('ben')).toEqual([
      '2026-12-15 ben, attached policies: none → mfa-enrolment',
      '2026-12-16 ben, attached policies: mfa-enrolment → none',
    ]);
    expect(acting.office.iam.user('ben').mfa).toHaveLength(1);
  });

  it('an administrator is on hold until a person confirms, then enrols, and is free', () => {
    expect(changesOf('cleo')).toEqual([
      '2026-12-15 cleo, attached policies: AdministratorAccess → AdministratorAccess, mfa-hold',
      '2026-12-15 cleo, attached policies: AdministratorAccess, mfa-hold → AdministratorAccess, mfa-enrolment',
      '2026-12-16 cleo, attached policies: AdministratorAccess, mfa-enrolment → AdministratorAccess',
    ]);
    expect(told('1 user on hold')).toHaveLength(1);
    expect(told('1 taken off hold')).toHaveLength(1);
  });

  it('a relapse is deactivated once more after a fresh warning, and is an incident after that, with nothing more done', () => {
    expect(changesOf('dan')).toEqual([
      '2026-12-11 dan: Active → Inactive',
      '2026-12-11 dan: Inactive → Active',
      '2026-12-22 dan: Active → Inactive',
      '2026-12-22 dan: Inactive → Active',
    ]);
    expect(mailsAbout('dan').filter((title) => title.includes('once more'))).toHaveLength(4);
    expect(told('1 made active again')).toHaveLength(1);
    expect(told('1 INCIDENT')).toHaveLength(1);
  });

  it('the limit leaves the third user of a day to the next, and tells of it', () => {
    expect(changesOf('nightly-2')).toEqual(['2027-01-05 nightly-2: Active → Inactive']);
    expect(changesOf('nightly-3')).toEqual(['2027-01-06 nightly-3: Active → Inactive']);
    expect(told('1 change REFUSED; 2 deactivated')).toHaveLength(1);
  });

  it('a restore gives back what a run took, and holds against the runs after it', () => {
    expect(changesOf('nightly-1')).toEqual([
      '2027-01-05 nightly-1: Active → Inactive',
      '2027-01-05 nightly-1: Inactive → Active',
    ]);
    expect(told('IAM restore: 1 change undone')).toHaveLength(1);
    const last = acting.office.runs.at(-1);
    expect(last?.at.slice(0, 10)).toBe('2027-01-14');
    expect(last?.accounts[0]?.exempt).toMatchObject([
      { userName: 'nightly-1', reason: expect.stringContaining('CHG-4712') },
    ]);
  });

  it('every record of it replays, and of no decision there is none', () => {
    const replayed = replayAll(acting.office.audit, credentialDeciders);
    expect(replayed.map(({ decider }) => decider)).toEqual([
      'credentials/console',
      'credentials/credential',
      'credentials/guard',
      'credentials/restore',
      'credentials/user',
    ]);
    for (const { records, same } of replayed) expect(same).toBe(records);
  });

  it('shows nothing of IAM that was not read back from it', () => {
    const shown = lines.flatMap((line) => (/IAM {3}┃ .*→/.test(line) ? [line.split('┃ ')[1]] : []));
    expect(shown).toEqual(acting.changes.map((change) => change.slice('2026-12-11 '.length)));
    expect(lines.at(-1)).toContain('does not: it differs at $.reason');
  });
});

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const { AWS_ENDPOINT_URL: _, ...env } = process.env;

describe('the command', () => {
  it('prints one JSON object and nothing else', () => {
    const printed = execFileSync(process.execPath, [main, '--json'], { env, encoding: 'utf8' });
    expect(Object.keys(JSON.parse(printed))).toEqual(['findings', 'nacl', 'notifications', 'calls', 'stageCalls']);
  });

  it('shows people the story, without colours where nobody can see them', () => {
    const printed = execFileSync(process.execPath, [main], { env, encoding: 'utf8' });
    expect(printed).toMatch(/inbound +10 +deny +198\.51\.100\.7\/32 +TCP +22 +◄ remedykit/);
    expect(printed).toContain('Slack ┃ 🟠 MEDIUM · Blocked 203.0.113.66/32; A person must look');
    expect(printed).toContain('Mail  ┃ bob@example.com ┃ Set up MFA for bob by Tuesday, 15 December 2026');
    expect(printed).toMatch(/IAM {3}┃ alice, access key AKIA…\w{4}: Active → Inactive/);
    expect(printed).toMatch(/IAM {3}┃ nightly-1, access key AKIA…\w{4}: Inactive → Active/);
    expect(printed).toMatch(/366 runs, \d+ mails, \d+ messages in Slack, 3\d\d quiet days/);
    const [, same, all] = /(\d+) of (\d+) audit records came to the same plan again\.\n/.exec(printed) ?? [];
    expect(Number(same)).toBeGreaterThan(20);
    expect(same).toBe(all);
    expect(printed).not.toContain('\u001b');
  });

  it.each([
    ['an unknown flag', ['--jsn'], {}, 'DEMO_ARGUMENTS'],
    ['an argument without a flag', ['folder'], {}, 'DEMO_ARGUMENTS'],
    ['a flag without its value', ['--findings'], {}, 'DEMO_ARGUMENTS'],
    ['a folder that is not there', ['--findings', '/nowhere/at/all'], {}, 'DEMO_FINDINGS_MISSING'],
    [
      'documents on an endpoint',
      ['--findings', '.'],
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      'DEMO_FINDINGS_ON_ENDPOINT',
    ],
    ['AWS itself as the endpoint', [], { AWS_ENDPOINT_URL: 'https://ec2.eu-west-1.amazonaws.com' }, 'DEMO_ENDPOINT'],
    ['an endpoint that is no URL', [], { AWS_ENDPOINT_URL: 'localhost' }, 'DEMO_ENDPOINT'],
  ])('refuses %s', (_what, args, more, code) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--json', ...args], {
      env: { ...env, ...more },
      encoding: 'utf8',
    });
    expect({ status, stdout, code: stderr.split(':')[0] }).toEqual({ status: 2, stdout: '', code });
  });

  it('reads its flags', () => {
    expect(readArguments([])).toEqual({ json: false });
    expect(readArguments(['--json', '--findings=a'])).toEqual({ json: true, findings: 'a' });
    expect(() => readArguments(['--findings='])).toThrow(expect.toSatisfy(isRemediationError));
  });
});

describe('--findings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'findings-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let written = 0;
  /** A folder with these files; what is no text is written as JSON. */
  const files = (contents: Readonly<Record<string, unknown>>): string => {
    written += 1;
    const at = join(folder, String(written));
    mkdirSync(at);
    for (const [name, content] of Object.entries(contents)) {
      writeFileSync(join(at, name), typeof content === 'string' ? content : JSON.stringify(content));
    }
    return at;
  };
  const at = new Date('2025-03-01T10:00:00.000Z');
  const later = new Date('2025-03-01T11:00:00.000Z');
  const attack = (options: Parameters<typeof sshBruteForceEvent>[0] = {}): FindingEvent =>
    sshBruteForceEvent({ at, from: '185.199.108.1', ...options });
  const short = ({ findings }: Report) =>
    findings.map((entry) =>
      isFound(entry)
        ? entry.threats.map(({ cidr, outcome, reason }) => `${cidr} ${outcome} ${reason}`).join()
        : entry.error.code,
    );

  it('replays an event and a bare finding at their own time, each in its own account', async () => {
    const { report } = await run(
      files({
        'a-later.json': attack({ at: later }),
        'b-bare.json': attack({ accountId: '444455556666' }).detail,
        'c-first.json': attack(),
        'notes.txt': 'not a document',
      }),
    );
    expect(short(report)).toEqual([
      '185.199.108.1/32 blocked brute-force',
      '185.199.108.1/32 blocked brute-force',
      '185.199.108.1/32 extended seen-again',
    ]);
    expect(report.nacl.filter(({ action }) => action === 'deny')).toHaveLength(2);
  });

  it('takes a single file', async () => {
    const { report } = await run(join(files({ 'one.json': attack() }), 'one.json'));
    expect(short(report)).toEqual(['185.199.108.1/32 blocked brute-force']);
  });

  it('names the file of what is no finding, and goes on', async () => {
    const { report } = await run(
      files({
        'a.json': '{ broken',
        'b.json': { Id: 'f', Type: 'x', AccountId: '111122223333', Service: {} },
        'c.json': { class_uid: 2004, finding_info: { uid: 'f' } },
        'd.json': 'null',
        'e.json': attack(),
      }),
    );
    expect(report.findings.slice(0, 4)).toEqual([
      { source: 'a.json', error: { code: 'DOCUMENT_NOT_JSON', message: expect.any(String) } },
      { source: 'b.json', error: { code: 'FINDING_MALFORMED', message: expect.stringContaining('PascalCase') } },
      { source: 'c.json', error: { code: 'FINDING_MALFORMED', message: expect.stringContaining('OCSF') } },
      { source: 'd.json', error: { code: 'NOT_A_FINDING', message: expect.any(String) } },
    ]);
    expect(short(report).at(-1)).toBe('185.199.108.1/32 blocked brute-force');
  });

  const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:findings';
  const topicArn = 'arn:aws:sns:eu-west-1:111122223333:findings';

  it.each([
    ['a bare finding in PascalCase', ({ detail }: FindingEvent) => getFindingsAnswer([detail]).Findings[0]],
    ['an event in PascalCase', (event: FindingEvent) => eventBridgeEvent(getFindingsAnswer([event]).Findings[0] ?? {})],
    ['the answer of GetFindings', (event: FindingEvent) => getFindingsAnswer([event])],
    ['an SNS event', (event: FindingEvent) => snsEvent([event], { topicArn })],
    ['an SQS event', (event: FindingEvent) => sqsEvent([event], { queueArn })],
    ['SNS in SQS', (event: FindingEvent) => snsInSqsEvent([event], { topicArn, queueArn })],
    ['a Security Hub event', (event: FindingEvent) => securityHubEvent([asAsff(event)])],
    ['a Security Hub finding', (event: FindingEvent) => asAsff(event)],
    ['a file of JSON lines', (event: FindingEvent) => exportLines([event])],
  ])('stages, holds and handles %s like the event itself', async (named, form) => {
    const name = named.includes('lines') ? 'a.jsonl' : 'a.json';
    const { report, performance } = await run(files({ [name]: form(attack()) }));
    expect(short(report)).toEqual(['185.199.108.1/32 blocked brute-force']);
    expect(report.nacl.filter(({ action }) => action === 'deny')).toHaveLength(1);
    expect(report.findings[0]).toMatchObject({ id: attack().detail.id, threats: [{ verdict: 'block' }] });
    expect(performance.guardDuty.calls['guardduty:GetFindings']).toBe(1);
    // Security Hub mixes public and private addresses of an instance, so no public one is staged.
    if (named.startsWith('a Security Hub')) return;
    const own = JSON.parse(JSON.stringify(attack()).replaceAll('192.0.2.200', '185.199.108.1'));
    expect(short((await run(files({ [name]: form(own) }))).report)).toEqual(['185.199.108.1/32 refused own-address']);
  });

  it('has an entry for each record of a queue, and tells which one was given back', async () => {
    const other = attack({ from: '185.199.108.2', accountId: '444455556666' });
    const path = files({ 'batch.json': sqsEvent([attack(), '{ broken', other], { queueArn }) });
    const report = await runDemo({ findings: path }, silentShow, {}, ({ guardDuty }) =>
      guardDuty.failNext('GetFindings', {
        code: 'InternalServerErrorException',
        times: Number.POSITIVE_INFINITY,
        when: ({ FindingIds }) => Array.isArray(FindingIds) && FindingIds.includes(other.detail.id),
      }),
    );
    const [first, second, third] = report.findings;
    expect(first).toMatchObject({ id: attack().detail.id, threats: [{ outcome: 'blocked' }] });
    expect(second).toEqual({
      source: 'batch.json#2',
      error: { code: 'FINDING_NOT_JSON', message: expect.stringContaining('position') },
    });
    expect(third).toMatchObject({ id: other.detail.id, returned: true, threats: [{ outcome: 'failed' }] });
    expect(first).not.toHaveProperty('returned');
    expect(report.findings).toHaveLength(3);
  });

  it('takes an export as GuardDuty writes it, packed, one entry a finding', async () => {
    const folder = files({ 'notes.txt': '' });
    const lines = exportLines([attack({ at: later }), attack(), attack({ from: '185.199.108.2' })]);
    writeFileSync(join(folder, 'export.jsonl.gz'), gzipSync(lines));
    const { report } = await run(folder);
    expect(short(report)).toEqual([
      '185.199.108.1/32 blocked brute-force',
      '185.199.108.2/32 blocked brute-force',
      '185.199.108.1/32 extended seen-again',
    ]);
  });

  it('several events for one invocation are what the handler says of them', async () => {
    const { report } = await run(files({ 'a.json': snsEvent([attack(), attack({ at: later })], { topicArn }) }));
    expect(short(report)).toEqual(['FINDINGS_SEVERAL']);
  });

  it('keeps to the production gate: documentation addresses are reserved', async () => {
    const { report } = await run(files({ 'a.json': portProbeEvent({ at, from: '198.51.100.7' }) }));
    expect(short(report)).toEqual(['198.51.100.7/32 refused reserved']);
    expect(report.nacl.filter(({ action }) => action === 'deny')).toEqual([]);
  });

  it('stages what documents name: a network ACL per subnet, and an interface that moves', async () => {
    const { report } = await run(
      files({
        'a.json': attack({ instanceId: 'i-0aaaaaaaaaaaaaaaa', subnetId: 'subnet-0aaaaaaaaaaaaaaaa' }),
        'b.json': attack({ at: later, instanceId: 'i-0bbbbbbbbbbbbbbbb', subnetId: 'subnet-0bbbbbbbbbbbbbbbb' }),
        'c.json': attack({ at: later, instanceId: false }),
      }),
    );
    expect(short(report).sort()).toEqual([
      '185.199.108.1/32 blocked brute-force',
      '185.199.108.1/32 blocked brute-force',
      '185.199.108.1/32 escalated no-instance',
    ]);
    const acls = report.nacl.filter(({ action }) => action === 'deny').map(({ networkAclId }) => networkAclId);
    expect(new Set(acls).size).toBe(2);
  });

  it('an instance without any subnet gets one', async () => {
    const { detail, ...envelope } = attack();
    const event = {
      ...envelope,
      detail: {
        ...detail,
        resource: { resourceType: 'Instance', instanceDetails: { instanceId: 'i-0aaaaaaaaaaaaaaaa' } },
      },
    };
    const { report } = await run(files({ 'a.json': event }));
    expect(short(report)).toEqual(['185.199.108.1/32 blocked brute-force']);
  });
});

const corpus = process.env.REMEDYKIT_CORPUS;

describe.skipIf(corpus === undefined)('public documents (REMEDYKIT_CORPUS)', () => {
  const unread = /(accountId|AccountId|account\.uid|source) is (missing|a string)|scan result/;

  it('each finding has a verdict, in whatever form, and what is left a coded error that says why', async () => {
    const { report } = await run(corpus ?? '');
    expect(report.findings.length).toBeGreaterThan(100);
    for (const entry of report.findings) {
      if (isFound(entry)) {
        expect(entry.threats).not.toEqual([]);
        expect(entry.thrown).toBeUndefined();
        if (entry.sample)
          for (const { outcome, reason } of entry.threats) expect([outcome, reason]).toEqual(['refused', 'sample']);
      } else {
        expect(entry.error.code).toMatch(/^(FINDING_|NOT_A_FINDING$)/);
        // What is left unread names a field, or the form that no library can read as a finding.
        expect(entry.error.message).toMatch(unread);
      }
    }
    const blocked = report.findings.flatMap((entry) =>
      isFound(entry) ? entry.threats.flatMap(({ outcome, cidr }) => (outcome === 'blocked' ? [cidr] : [])) : [],
    );
    const denied = report.nacl.filter(({ action }) => action === 'deny').map(({ cidr }) => cidr);
    expect(denied.sort()).toEqual([...blocked].sort());
    expect(blocked).not.toEqual([]);
  });
});

it('colours where there is a terminal', async () => {
  const lines: string[] = [];
  await runDemo(
    {},
    createShow((line) => lines.push(line), true),
    {},
  );
  expect(lines.join('\n')).toContain('\u001b[1m\u001b[32mblocked');
});
