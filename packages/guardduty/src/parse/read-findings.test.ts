import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FindingsSource, type ReadOptions, readFindings } from './index.ts';

const finding = (id: string, changes: object = {}) => ({
  id,
  type: 'Recon:EC2/Portscan',
  accountId: '111122223333',
  region: 'eu-west-1',
  severity: 2,
  ...changes,
});
const line = (id: string): string => `${JSON.stringify(finding(id))}\n`;

const idsOf = async (source: FindingsSource, options?: ReadOptions): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { id } of readFindings(source, options)) ids.push(id);
  return ids;
};

/** Ids that were read, and what was said of the rest. */
const withErrors = async (source: FindingsSource) => {
  const errors: unknown[] = [];
  const ids = await idsOf(source, { onError: ({ code, message }, place) => errors.push({ code, message, ...place }) });
  return { ids, errors };
};

const bytes = (text: string, size = 7): Uint8Array[] => {
  const all = Buffer.from(text);
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.subarray(at * size, (at + 1) * size));
};

describe('readFindings', () => {
  let folder = '';
  const path = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'remedykit-read-'));
    await mkdir(path('export/2026'), { recursive: true });
    await writeFile(path('export/b.jsonl'), line('b1') + line('b2'));
    await writeFile(path('export/a.jsonl.gz'), gzipSync(line('a1') + line('a2')));
    await writeFile(path('export/2026/c.json'), JSON.stringify({ Findings: [finding('c1'), finding('c2')] }, null, 2));
    await writeFile(path('export/2026/d.json.gz'), gzipSync(JSON.stringify(finding('d1'))));
    await writeFile(path('export/notes.txt'), 'not for us');
  });
  afterAll(async () => await rm(folder, { recursive: true }));

  it('reads a folder with all below it, sorted by name', async () => {
    expect(await idsOf(path('export'))).toEqual(['c1', 'c2', 'd1', 'a1', 'a2', 'b1', 'b2']);
  });

  it('reads a file by its content, whatever its name', async () => {
    await writeFile(path('lines.json'), `\n${line('e1')}\r\n${line('e2')}`);
    await writeFile(path('zipped'), gzipSync(line('f1')));
    expect(await idsOf(path('lines.json'))).toEqual(['e1', 'e2']);
    expect(await idsOf(path('zipped'))).toEqual(['f1']);
  });

  it.each<[string, () => FindingsSource]>([
    ['bytes', () => bytes(line('s1') + line('s2'))],
    ['a node stream', () => Readable.from(bytes(line('s1') + line('s2')))],
    ['text', () => Readable.from([line('s1').slice(0, 9), line('s1').slice(9) + line('s2').trimEnd()])],
    ['gzipped bytes, one at a time', () => [...gzipSync(line('s1') + line('s2'))].map((byte) => Uint8Array.of(byte))],
    ['several gzip members', () => [gzipSync(line('s1')), gzipSync(line('s2'))]],
    ['one document', () => bytes(JSON.stringify([finding('s1'), finding('s2')], null, 1))],
    ['a byte order mark', () => bytes(`\ufeff${line('s1')}${line('s2')}`)],
  ])('reads a stream of %s', async (_, source) => {
    expect(await idsOf(source())).toEqual(['s1', 's2']);
  });

  it.each([[[]], [[new Uint8Array()]], [bytes('\n \n')]])('finds nothing in an empty stream', async (chunks) => {
    expect(await idsOf(chunks)).toEqual([]);
  });

  it('takes nothing of a file for more than bare', async () => {
    const event = { 'detail-type': 'GuardDuty Finding', source: 'aws.guardduty', detail: finding('g1') };
    const arn = 'arn:aws:sqs:eu-west-1:111122223333:q';
    const sqs = { Records: [{ eventSource: 'aws:sqs', eventSourceARN: arn, body: JSON.stringify(event) }] };
    for await (const { provenance } of readFindings(bytes(`${JSON.stringify(event)}\n${JSON.stringify(sqs)}`))) {
      expect(provenance).toEqual({ channel: 'bare' });
    }
    expect(await idsOf(bytes(`${JSON.stringify(event)}\n${JSON.stringify(sqs)}`))).toEqual(['g1', 'g1']);
  });

  it('throws the first error with file and line', async () => {
    await writeFile(path('broken.jsonl'), `${line('h1')}\n{"id":\n${line('h2')}`);
    const ids: string[] = [];
    const reading = (async () => {
      for await (const { id } of readFindings(path('broken.jsonl'))) ids.push(id);
    })();
    await expect(reading).rejects.toThrow(
      expect.objectContaining({
        code: 'FINDING_NOT_JSON',
        message: expect.stringContaining(`${path('broken.jsonl')}, line 3: The line is not JSON`),
      }),
    );
    expect(ids).toEqual(['h1']);
  });

  it('hands errors over and reads on', async () => {
    const text = `${line('i1')}{"id":\n${JSON.stringify(finding('i2', { severity: 'HIGH' }))}\n${line('i3')}`;
    expect(await withErrors(bytes(text))).toEqual({
      ids: ['i1', 'i3'],
      errors: [
        expect.objectContaining({ code: 'FINDING_NOT_JSON', source: 'the stream', line: 2 }),
        expect.objectContaining({ code: 'FINDING_MALFORMED', message: expect.stringMatching(/line 3: .*severity is/) }),
      ],
    });
  });

  it('reads the good findings of a document beside a malformed one', async () => {
    const document = JSON.stringify([finding('j1'), finding('j2', { region: 7 }), finding('j3')], null, 2);
    const { ids, errors } = await withErrors(bytes(document));
    expect(ids).toEqual(['j1', 'j3']);
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('1.region is a number') })]);
    expect(errors[0]).not.toHaveProperty('line');
  });

  it('holds no line of more than 1 MB, and reads the next', async () => {
    const long = JSON.stringify(finding('k2', { title: 'x'.repeat(1_048_576) }));
    const exact = JSON.stringify(finding('k3', { title: '' }));
    const longest = JSON.stringify(finding('k3', { title: 'x'.repeat(1_048_576 - exact.length) }));
    const { ids, errors } = await withErrors(bytes(`${line('k1')}${long}\n${longest}\n`, 65_536));
    expect(ids).toEqual(['k1', 'k3']);
    expect(errors).toEqual([expect.objectContaining({ code: 'FINDING_LINE_TOO_LONG', line: 2 })]);
  });

  it('holds no document of more than 64 MB', async () => {
    const blank = ' '.repeat(1_048_575);
    const endless = function* () {
      yield Buffer.from('[\n');
      for (let n = 0; n < 70; n += 1) yield Buffer.from(`${blank}1\n`);
      throw new Error('read too far');
    };
    const { errors } = await withErrors({ [Symbol.iterator]: endless });
    expect(errors).toEqual([
      expect.objectContaining({ code: 'FINDING_LINE_TOO_LONG', message: expect.stringContaining('The document has') }),
    ]);
  });

  it('reads lines as they come, before the stream ends', async () => {
    const endless = async function* () {
      for (let n = 0; ; n += 1) yield line(`l${n}`);
    };
    for await (const { id } of readFindings(endless())) if (id === 'l1000') return;
    expect.unreachable();
  });

  it.each<[string, (name: (name: string) => string) => FindingsSource]>([
    ['a path that does not exist', (name) => name('nowhere')],
    ['a gzip cut short', () => [gzipSync(line('m1')).subarray(0, 20)]],
    [
      'a stream that fails',
      () =>
        Readable.from(
          (async function* () {
            yield Buffer.from('{');
            throw new Error('gone');
          })(),
        ),
    ],
  ])('says that %s cannot be read', async (_, source) => {
    await expect(idsOf(source(path))).rejects.toThrow(expect.objectContaining({ code: 'FINDINGS_UNREADABLE' }));
    expect((await withErrors(source(path))).errors).toHaveLength(1);
  });

  it('gives what was read before a stream broke', async () => {
    const whole = gzipSync(line('n1').repeat(20_000));
    const { ids, errors } = await withErrors([whole.subarray(0, -9)]);
    expect(ids.length).toBeGreaterThan(0);
    expect(errors.at(-1)).toMatchObject({ code: 'FINDINGS_UNREADABLE' });
  });

  it('passes on what onError throws', async () => {
    const onError = (): never => {
      throw new Error('mine');
    };
    await expect(idsOf(bytes('{'), { onError })).rejects.toThrow('mine');
  });
});
