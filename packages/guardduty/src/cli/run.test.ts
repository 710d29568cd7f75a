import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { days } from '@remedykit/core';
import { afterAll, describe, expect, it } from 'vitest';
import { awsRangesSnapshot } from '../gate/aws-ranges/snapshot.ts';
import { readFindings } from '../parse/read-findings.ts';
import { createPreview } from '../preview/create-preview.ts';
import { exportLines, getFindingsAnswer, routableDocumentationRanges, sshBruteForceEvent } from '../testing/index.ts';
import { type CliWorld, runCli } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'remedykit-preview-'));
afterAll(() => rmSync(folder, { recursive: true }));

const now = new Date('2026-11-24T10:00:00.000Z');
const event = (last: number) =>
  sshBruteForceEvent({ from: `198.51.100.${last}`, at: new Date(now.getTime() - days(3)), id: `f${last}` });

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const exported = file('export.jsonl', exportLines([event(1), event(2)]));
const broken = file('broken.jsonl', `${exportLines([event(1)])}\n{"no": "finding"}\n`);

const run = async (args: readonly string[], changes: Partial<CliWorld> = {}) => {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(args, {
    stdin: (async function* () {})(),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    now: () => now,
    addressRanges: routableDocumentationRanges,
    ...changes,
  });
  return { code, out: out.join(''), err: err.join('') };
};

describe('guardduty preview', () => {
  it('prints a summary of a file', async () => {
    const { code, out, err } = await run(['preview', exported]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^2 findings from 2026-11-21 10:00 to 2026-11-21 10:00 UTC\n2 attackers of 2 from 1 country would/,
    );
    expect(out).toContain('198.51.100.1');
    expect(out).toContain('Not checked');
  });

  it('prints one JSON object, the report that the function gives', async () => {
    const { code, out } = await run(['preview', exported, '--json', '--quota', '10', '--block-for', '7d']);
    expect(code).toBe(0);
    const awsRanges = await awsRangesSnapshot();
    const preview = createPreview({
      awsRanges,
      quota: 10,
      blockFor: days(7),
      addressRanges: routableDocumentationRanges,
      now: () => now,
    });
    for await (const finding of readFindings(exported)) preview.add(finding);
    expect(JSON.parse(out)).toEqual(preview.report());
  });

  it('reads standard input, in the form of GetFindings as well', async () => {
    const stdin = (async function* () {
      yield JSON.stringify(getFindingsAnswer([event(1)]));
    })();
    expect(await run(['preview', '-'], { stdin })).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 finding '),
    });
  });

  it('writes the page, and says where', async () => {
    const page = join(folder, 'out.html');
    const { code, out } = await run(['preview', exported, '--html', page]);
    expect(code).toBe(0);
    expect(out).toContain(`The page is ${page}.`);
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>[\s\S]*198\.51\.100\.2[\s\S]*<\/html>\n$/);
  });

  it('takes an allow-list with comments', async () => {
    const list = file('allow.txt', '# partners\n198.51.100.0/31 # scanner\r\n\n2001:db8::/32\n');
    const { out } = await run(['preview', exported, '--allow-list', list, '--json']);
    expect(JSON.parse(out)).toMatchObject({ findings: { refused: 1, blocked: 1 }, assumptions: { allowListed: 2 } });
  });

  it('goes on behind what it cannot read, says so, and ends with 1', async () => {
    const { code, out, err } = await run(['preview', broken]);
    expect(code).toBe(1);
    expect(out).toContain('1 document could not be read');
    expect(out).toContain('1 attacker of 1');
    expect(err).toContain('1 document could not be read');
  });

  it.each([
    [['preview'], 'PREVIEW_USAGE'],
    [['preview', ''], 'PREVIEW_USAGE'],
    [['preview', 'a', 'b'], 'PREVIEW_USAGE'],
    [['block', 'a'], 'PREVIEW_USAGE'],
    [['preview', exported, '--unknown'], 'PREVIEW_USAGE'],
    [['preview', exported, '--block-for', '24'], 'PREVIEW_USAGE'],
    [['preview', exported, '--quota', '1e1'], 'PREVIEW_USAGE'],
    [['preview', exported, '--html'], 'PREVIEW_USAGE'],
    [['preview', exported, '--quota', '41'], 'PREVIEW_OPTION_INVALID'],
    [['preview', exported, '--block-for', '0h'], 'PREVIEW_OPTION_INVALID'],
    [['preview', exported, '--accounts', '123'], 'PREVIEW_OPTION_INVALID'],
    [['preview', exported, '--allow-list', file('wrong.txt', '198.51.100.7\n10.1\n')], 'ALLOW_LIST_INVALID'],
  ])('ends with 2 when it is called as %j', async (args, code) => {
    expect(await run(args)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(new RegExp(`^${code}: .+\n$`)),
    });
  });

  it('names the line of the allow-list that cannot be read', async () => {
    const list = file('wrong.txt', '198.51.100.7\n10.1\n');
    expect((await run(['preview', exported, '--allow-list', list])).err).toContain(`${list}, line 2: "10.1"`);
  });

  it.each([
    [['preview', join(folder, 'missing')], 'PREVIEW_NOTHING_READ'],
    [['preview', file('empty.jsonl', '\n')], 'PREVIEW_NOTHING_READ'],
    [['preview', file('none.jsonl', '{"no": "finding"}\n')], 'PREVIEW_NOTHING_READ'],
    [['preview', exported, '--html', join(folder, 'no/such/folder.html')], 'PREVIEW_UNWRITABLE'],
    [['preview', exported, '--allow-list', join(folder, 'missing.txt')], 'ALLOW_LIST_UNREADABLE'],
  ])('ends with 1 and prints nothing half-done: %j', async (args, code) => {
    expect(await run(args)).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`${code}: `) });
  });

  it('says how it is called', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--allow-list'), err: '' });
    expect(await run([])).toMatchObject({ code: 2, out: expect.stringContaining('Usage') });
  });

  it('says how far it is on long input, and only there', async () => {
    const many = Array.from({ length: 1_100 }, (_, index) => event(index % 256));
    const long = file('long.jsonl', exportLines(many));
    let clock = now.getTime();
    const ticking = (): Date => {
      clock += 2_000;
      return new Date(clock);
    };
    const { err } = await run(['preview', long], { now: ticking });
    expect(err).toMatch(
      /^500 findings read in \d+ s\n1,000 findings read in \d+ s\n1,100 findings read; playing them day by day\n$/,
    );
    expect((await run(['preview', long])).err).toBe('');
  });
});

/** The modules that a file loads, its own and those of others, as far as they are not types alone. */
const loadedFrom = (path: string, seen: Set<string> = new Set(), others: Set<string> = new Set()): Set<string> => {
  if (seen.has(path)) return others;
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  for (const [, names = '', specifier = ''] of text.matchAll(/^(?:import|export)\s+([\s\S]*?)\s*from\s+'([^']+)';/gm)) {
    const typesAlone = /^type\s/.test(names) || /^\{(\s*type [^,}]+,?)+\s*\}$/.test(names);
    if (typesAlone) continue;
    if (specifier.startsWith('.')) loadedFrom(resolve(dirname(path), specifier), seen, others);
    else others.add(specifier);
  }
  return others;
};

describe('the command line', () => {
  it('loads no client of AWS, so it cannot call it', () => {
    const loaded = [
      ...loadedFrom(join(import.meta.dirname, 'main.ts')),
      ...loadedFrom(join(import.meta.dirname, '../preview/index.ts')),
    ];
    expect(loaded).toContain('@remedykit/core');
    expect(loaded.filter((name) => /^@(aws-sdk|smithy)\//.test(name))).toEqual([]);
    // The blocker itself does: the test can fail.
    expect([...loadedFrom(join(import.meta.dirname, '../index.ts'))]).toContain('@aws-sdk/client-ec2');
  });
});
