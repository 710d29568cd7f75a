import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudTrailSource, readCloudTrail } from './read-cloudtrail.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardrails-replay-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: unknown, zipped = name.endsWith('.gz')): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(path, zipped ? gzipSync(text) : text);
  return path;
};

const event = (id: string) => ({
  eventSource: 'ec2.amazonaws.com',
  eventName: 'DescribeInstances',
  eventTime: '2026-11-24T10:00:00Z',
  eventID: id,
  userIdentity: { type: 'IAMUser' },
});

const read = async (source: CloudTrailSource = folder) => {
  const [ids, errors, files]: [unknown[], string[], string[]] = [[], [], []];
  const options = {
    onError: ({ code, message }: { code: string; message: string }) => void errors.push(`${code} ${message}`),
    onFile: (name: string, what: string) => void files.push(`${what} ${name.replace(`${folder}/`, '')}`),
  };
  for await (const { eventID } of readCloudTrail(source, options)) ids.push(eventID);
  return { ids, errors, files };
};

describe('readCloudTrail', () => {
  it('reads folders as CloudTrail writes them, in order, one file at a time', async () => {
    const day = 'AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/24';
    file(`${day}/b.json.gz`, { Records: [event('b')] });
    file(`${day}/a.json.gz`, { Records: [event('a1'), event('a2')] });
    file('AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/d.json.gz', { digestStartTime: 'x' });
    file('AWSLogs/readme.txt', 'no log');
    expect(await read()).toEqual({
      ids: ['a1', 'a2', 'b'],
      errors: [],
      files: [
        `read ${day}/a.json.gz`,
        `read ${day}/b.json.gz`,
        'digest AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/d.json.gz',
        'other AWSLogs/readme.txt',
      ],
    });
  });
  it.each([
    ['delivered, not zipped whatever its name says', JSON.stringify({ Records: [event('1'), event('2')] })],
    ['JSON lines', `${JSON.stringify(event('1'))}\n${JSON.stringify(event('2'))}\n`],
    [
      'deliveries, one a line',
      `${JSON.stringify({ Records: [event('1')] })}\n${JSON.stringify({ Records: [event('2')] })}`,
    ],
    ['a list', JSON.stringify([event('1'), event('2')], null, 2)],
    [
      'lookup-events',
      JSON.stringify({
        NextToken: 'x',
        Events: ['1', '2'].map((id) => ({ EventId: id, CloudTrailEvent: JSON.stringify(event(id)) })),
      }),
    ],
    [
      'CloudTrail Lake',
      JSON.stringify({
        QueryStatus: 'FINISHED',
        QueryResultRows: ['1', '2'].map((id) => [{ eventName: 'x' }, { eventJson: JSON.stringify(event(id)) }]),
      }),
    ],
    [
      'EventBridge, one a line',
      ['1', '2']
        .map((id) => JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', detail: event(id) }))
        .join('\n'),
    ],
    [
      'CloudWatch Logs',
      JSON.stringify({ logEvents: ['1', '2'].map((id) => ({ id, message: JSON.stringify(event(id)) })) }),
    ],
  ])('%s', async (_, text) => {
    expect(await read(file('a.json.gz', text, false))).toMatchObject({ ids: ['1', '2'], errors: [] });
    expect(await read(file('b.json', text, true))).toMatchObject({ ids: ['1', '2'], errors: [] });
    expect(await read([Buffer.from(text)])).toMatchObject({ ids: ['1', '2'], files: ['read the stream'] });
  });
  it('a broken file is said, and stops no other', async () => {
    file('a.json', '');
    file('b.json.gz', 'zipped, it says', false);
    file('c.json', `{"Records":[${JSON.stringify(event('c1'))},{"eventName":},7,${JSON.stringify(event('c2'))}]}`);
    file('d.json', `{"Records":[${JSON.stringify(event('d'))},{"even`);
    file('e.json', { name: 'no log' });
    file('f.json', 'no json');
    const lake = { QueryResultRows: [[{ eventName: 'x' }, { eventSource: 'y' }, { userIdentity: '{type=IAMUser}' }]] };
    file('g.json', lake);
    file('z.json.gz', { Records: [event('z')] });
    const { ids, errors } = await read();
    expect(ids).toEqual(['c1', 'c2', 'd', 'z']);
    expect(errors.map((error) => error.replace(`${folder}/`, '').split(' ').slice(0, 2).join(' '))).toEqual([
      'CLOUDTRAIL_NOT_AN_EVENT b.json.gz:',
      'CLOUDTRAIL_NOT_AN_EVENT c.json:',
      'CLOUDTRAIL_NOT_AN_EVENT c.json:',
      'CLOUDTRAIL_CUT_SHORT d.json:',
      'CLOUDTRAIL_NOT_AN_EVENT e.json:',
      'CLOUDTRAIL_NOT_AN_EVENT f.json:',
      'CLOUDTRAIL_NOT_AN_EVENT g.json:',
    ]);
    expect(errors.at(-1)).toContain('eventJson');
  });
  it('a zipped file that was cut gives what came before', async () => {
    const zipped = gzipSync(
      JSON.stringify({ Records: Array.from({ length: 5_000 }, (_, id) => event(String(id * 7_919))) }),
    );
    writeFileSync(join(folder, 'a.json.gz'), zipped.subarray(0, zipped.length / 2));
    file('b.json', { Records: [event('b')] });
    const { ids, errors } = await read();
    expect(ids.length).toBeGreaterThan(100);
    expect(ids.at(-1)).toBe('b');
    expect(errors).toEqual([expect.stringMatching(/^CLOUDTRAIL_UNREADABLE .*a\.json\.gz: .*Z_BUF_ERROR/)]);
  });
  it('a path that is not there', async () => {
    expect((await read(join(folder, 'absent'))).errors).toEqual([
      expect.stringMatching(/^CLOUDTRAIL_UNREADABLE .*ENOENT/),
    ]);
  });
  it('a digest is known by what is in it, too', async () => {
    expect(await read(file('a.json', { digestStartTime: 'x', logFiles: [] }))).toMatchObject({ ids: [], errors: [] });
  });
  it('what is longer than is held is said, and the rest is read', async () => {
    const long = `{"Records":[{"a":"${'x'.repeat(17 * 1_048_576)}"},${JSON.stringify(event('b'))}]}`;
    const { ids, errors } = await read([Buffer.from(long)]);
    expect(ids).toEqual(['b']);
    expect(errors).toEqual([expect.stringMatching(/^CLOUDTRAIL_ELEMENT_TOO_LONG/)]);
  });
  it('without onError, the first error is thrown', async () => {
    const reading = async () => {
      for await (const _ of readCloudTrail(file('a.json', 'no json')));
    };
    await expect(reading()).rejects.toMatchObject({ code: 'CLOUDTRAIL_NOT_AN_EVENT' });
  });
});
