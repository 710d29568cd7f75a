import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialReportCsv } from './csv.ts';
import { csvCell, neutralise } from './csv-cell.ts';
import { hostileRun, hostileTexts } from './sample-run.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      ' ',
      "'",
      '"',
      ',',
      ';',
      '|',
      'a',
      '1',
      '\uff1d',
      '\u00a0',
    ),
    maxLength: 12,
  }),
);

/** The rule of the documentation, written another way: takes away the first apostrophe of each place where one was put. */
const restore = (safe: string): string => {
  let out = '';
  for (let index = 0; index < safe.length; index += 1) {
    const before = safe[index - 1];
    const begins = index === 0 || (before !== undefined && ';,|\t\r\n'.includes(before));
    const rest = safe.slice(index + 1);
    const isOurs =
      begins &&
      safe[index] === "'" &&
      ('=+-@\uff1d\uff0b\uff0d\uff20'.includes(rest.replace(/^['\s]*/, '').charAt(0) || 'x') ||
        (index === 0 && '\t\r\n'.includes(rest.replace(/^'*/, '').charAt(0) || 'x')));
    if (!isOurs) out += safe[index];
  }
  return out;
};

/** What a spreadsheet could run: a cell, or what follows a separator in it, that begins a formula, or a control that it drops. */
const couldRun = (cell: string): boolean =>
  /^[\t\r\n]/.test(cell) || cell.split(/[;,|\t\r\n]/).some((part) => /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/u.test(part));

describe('cells', () => {
  it('are read back as they were, and none can begin a formula', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (cells) => {
        const [read = []]: string[][] = parse(`${cells.map(csvCell).join(',')}\r\n`, { skip_empty_lines: false });
        // One empty cell alone is an empty line.
        fc.pre(cells.length > 1 || cells[0] !== '');
        expect(read).toEqual(cells.map(neutralise));
        expect(read.map(restore)).toEqual(cells);
        expect(read.filter(couldRun)).toEqual([]);
      }),
      { numRuns },
    );
  });

  it('would be noticed if they were not safe', () => {
    expect(hostileTexts.filter(couldRun).length).toBeGreaterThan(5);
    expect(hostileTexts.map(neutralise).filter(couldRun)).toEqual([]);
  });
});

describe('credentialReportCsv', () => {
  it('I34: names, tags and reasons of people stay in their cells', () => {
    const check = (texts: readonly string[]): void => {
      const rows: Record<string, string>[] = parse(credentialReportCsv(hostileRun(texts)), { columns: true });
      expect(rows.flatMap((row) => Object.values(row)).filter(couldRun)).toEqual([]);
      const found = rows.filter(({ record, accountId }) => record === 'skipped' && accountId !== '111122223333');
      expect(found.map(({ userName = '' }) => restore(userName)).sort()).toEqual([...texts].sort());
      const actions = rows.filter(({ record, accountId }) => record === 'action' && accountId !== '111122223333');
      for (const column of ['userName', 'because', 'policy', 'decided', 'runId'])
        expect(actions.map((row) => restore(row[column] ?? '')).sort()).toEqual([...texts].sort());
    };
    // A lone surrogate is no text that a file can hold.
    check(hostileTexts.filter((one) => !/\p{Cs}/u.test(one)));
    fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), check), { numRuns });
  });
});
