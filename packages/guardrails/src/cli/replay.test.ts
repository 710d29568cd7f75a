import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from './command.ts';
import type { ReplayWorld } from './replay.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardrails-cli-replay-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
};

const run = async (argv: readonly string[], world: ReplayWorld = {}) => {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await runCommand(argv, io, world);
  return { code, out: out.join('\n'), err: err.join('\n') };
};

const account = '111122223333';
const event = (eventName: string, more: object = {}) => ({
  eventTime: '2026-11-24T10:00:00Z',
  eventSource: 'ec2.amazonaws.com',
  eventName,
  awsRegion: 'eu-west-1',
  recipientAccountId: account,
  userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/ann`, accountId: account },
  ...more,
});
const policy = (effect: 'Allow' | 'Deny', Action: string | string[], more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: `${effect}Own`, Effect: effect, Action, Resource: '*', ...more }],
});

const log = (...events: readonly object[]): string => {
  file('log/AWSLogs/a.json.gz', { Records: events });
  return join(folder, 'log');
};

describe('replay', () => {
  it('says what would have been denied, of whom and by what', async () => {
    const path = log(event('RunInstances'), event('StopInstances'));
    const { code, out, err } = await run(['replay', path, '--policies', file('p.json', policy('Deny', 'ec2:Run*'))]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain('1 event of 2 would have been denied, of 1 principal');
    expect(out).toContain('DenyOwn');
    expect(out).toContain(`arn:aws:iam::${account}:user/ann`);
  });
  it('is fine where nothing is denied or unknown', async () => {
    const path = log(event('StopInstances'));
    expect((await run(['replay', path, '--policies', file('p.json', policy('Deny', 'ec2:Run*'))])).code).toBe(0);
    const tags = { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } };
    expect((await run(['replay', path, '--policies', file('p.json', policy('Deny', 'ec2:*', tags))])).code).toBe(1);
  });
  it('as JSON and as a page', async () => {
    const path = log(
      event('RunInstances', {
        userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/<b>`, accountId: account },
      }),
    );
    const page = join(folder, 'page.html');
    const policies = file('p.json', policy('Deny', '*'));
    const { out, err } = await run(['replay', path, '--policies', policies, '--json', '--html', page]);
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      outcomes: { denied: 1 },
      statements: { rows: [{ policy: policies }] },
    });
    expect(readFileSync(page, 'utf8')).toContain('user/<wbr>&lt;b&gt;');
    const unwritable = await run([
      'replay',
      path,
      '--policies',
      policies,
      '--html',
      join(folder, 'absent', 'page.html'),
    ]);
    expect(unwritable).toMatchObject({ code: 2, out: '', err: expect.stringContaining('cannot be written') });
  });
  it('reads standard input, a set by its name, and several policies', async () => {
    const text = JSON.stringify(event('RunInstances', { awsRegion: 'us-east-1' }));
    const stdin = async function* () {
      yield text;
    };
    const args = ['--policies', 'foundation', '--allowed-regions', 'eu-west-1'];
    expect((await run(['replay', '-', ...args], { stdin: stdin() })).out).toContain('RestrictRegions');
    expect((await run(['replay', '-', ...args])).code).toBe(2);
    file('p/a.json', policy('Deny', 'ec2:Run*'));
    file('p/b.json', policy('Deny', 'ec2:R*'));
    const both = await run(['replay', '-', '--policies', join(folder, 'p'), '--json'], { stdin: stdin() });
    expect(JSON.parse(both.out).denials.rows[0].by).toHaveLength(2);
  });
  it('takes the path of an account: an allowance must be on each level', async () => {
    const path = log(event('RunInstances'), event('StopInstances'));
    const few = file('few.json', policy('Allow', 'ec2:Stop*'));
    const deny = file('deny.json', policy('Deny', 'ec2:Nothing'));
    const { out } = await run([
      'replay',
      path,
      '--account-path',
      `root=${deny}`,
      '--account-path',
      `ou=${few}`,
      '--policies',
      deny,
      '--json',
    ]);
    expect(JSON.parse(out)).toMatchObject({
      outcomes: { denied: 1, allowed: 1 },
      denials: { rows: [{ action: 'ec2:RunInstances', by: [{ target: 'ou', statement: 'no allowance' }] }] },
    });
  });
  it('knows resource control policies by their form, the management account, and whose trails count', async () => {
    const put = event('PutObject', {
      eventSource: 's3.amazonaws.com',
      resources: [{ ARN: 'arn:aws:s3:::a/b', accountId: account }],
    });
    const args = [
      'replay',
      log(put),
      '--policies',
      file('rcp.json', policy('Deny', 's3:*', { Principal: '*' })),
      '--json',
    ];
    expect(JSON.parse((await run(args)).out)).toMatchObject({
      outcomes: { denied: 1 },
      statements: { rows: [{ type: 'RESOURCE_CONTROL_POLICY' }] },
    });
    expect(JSON.parse((await run([...args, '--management-account', account])).out).exempt['management-account']).toBe(
      1,
    );
    expect(JSON.parse((await run([...args, '--account', '444455556666'])).out).notEvaluated['other-account']).toBe(1);
  });
  it('what cannot be read is said and counted, and the rest is read', async () => {
    const path = log(event('StopInstances'));
    file('log/broken.json', '{"Records":[{"eventName"');
    file('log/other.txt', 'x');
    const { code, out } = await run(['replay', path, '--policies', file('p.json', policy('Deny', 'ec2:Run*'))]);
    expect(code).toBe(1);
    expect(out).toContain('1 file could not be read to the end.');
    expect(out).toContain('CLOUDTRAIL_CUT_SHORT');
    expect(out).toContain('left out: 1 other file');
  });
  it('tells how far it is, once a second at most, and nothing when it is told to be quiet', async () => {
    const path = log(...Array.from({ length: 3_000 }, () => event('StopInstances')));
    const policies = file('p.json', policy('Deny', 'ec2:Run*'));
    let time = 0;
    const now = () => {
      time += 1_100;
      return new Date(time);
    };
    const { err } = await run(['replay', path, '--policies', policies], { now });
    expect(err.split('\n')).toEqual(['2,000 events of 1 file in 2 s', '3,000 events of 1 file in 3 s']);
    time = 0;
    expect((await run(['replay', path, '--policies', policies, '--quiet'], { now })).err).toBe('');
  });
  it.each([
    ['no log', ['--policies', 'p.json']],
    ['two logs', ['a', 'b', '--policies', 'p.json']],
    ['no policies', ['a']],
    ['policies that are not there', ['a', '--policies', './absent.json']],
    ['a level without a target', ['a', '--account-path', './p.json']],
    ['an option that there is not', ['a', '--polices', 'x']],
    ['a type that is none', ['a', '--policies', 'x', '--type', 'sop']],
    ['an account that is none', ['.', '--policies', 'foundation', '--allowed-regions', 'eu-west-1', '--account', 'x']],
  ])('%s is misuse', async (_, args) => {
    const { code, out, err } = await run(['replay', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toBe('');
  });
  it('a log without any event is misuse, and not a pass', async () => {
    const policies = file('p.json', policy('Deny', '*'));
    mkdirSync(join(folder, 'empty'));
    expect(await run(['replay', join(folder, 'empty'), '--policies', policies])).toMatchObject({ code: 2, out: '' });
    expect((await run(['replay', join(folder, 'absent'), '--policies', policies])).err).toContain('ENOENT');
  });
  it('all other commands are as they are', async () => {
    expect(await run(['print', 'denyLeaveOrganization', '--minify'])).toMatchObject({ code: 0, err: '' });
    expect((await run(['--help'])).out).toContain('guardrails replay');
    expect((await run([])).code).toBe(2);
  });
});
