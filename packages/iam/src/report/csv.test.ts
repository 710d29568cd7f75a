import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { credentialReportCsv } from './csv.ts';
import { neutralise } from './csv-cell.ts';
import { sampleAccount, sampleRun } from './sample-run.ts';

const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true });

describe('credentialReportCsv', () => {
  it('writes a run as in its golden file', async () => {
    await expect(credentialReportCsv(sampleRun())).toMatchFileSnapshot('__golden__/run.csv');
  });

  it('ends every line, the last as well, as RFC 4180 has it', () => {
    const text = credentialReportCsv(sampleRun());
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('has one row for each case, exempt user, user left out and root finding, whole ids, and what the run did', () => {
    const rows = rowsOf(credentialReportCsv(sampleRun({ accounts: [sampleAccount({ faults: [] })] })));
    expect(rows.map(({ record, userName }) => `${record} ${userName}`)).toEqual([
      'case ana',
      'case cyd',
      'exempt bridge',
      'skipped zoe',
      'root <root_account>',
      'step ',
      'step ',
    ]);
    expect(rows[0]).toMatchObject({ credentialId: 'AKIAEXAMPLEANA001234', due: 'wait', action: '', outcome: '' });
    expect(rows[1]).toMatchObject({ due: 'act', action: 'attach-policy; warn', outcome: 'applied; applied' });
    expect(rows[2]).toMatchObject({ exemptBy: 'path:/mainframe/', exemptUntil: '2027-03-31T00:00:00.000Z' });
    expect(rows[4]).toMatchObject({ lastUsedAt: '2026-11-20T07:00:00.000Z' });
  });

  it('I19: says of an account that failed, or was not finished, that it did', () => {
    const [failed] = sampleRun().accounts;
    const unfinished = sampleAccount({
      accountId: '777788889999',
      open: [],
      exempt: [],
      skipped: [],
      root: [],
      faults: [],
      done: false,
    });
    const accounts = failed === undefined ? [] : [failed, unfinished];
    const rows = rowsOf(credentialReportCsv(sampleRun({ accounts, steps: [] })));
    expect(rows.map(({ record, accountId, reason }) => `${record} ${accountId} ${reason}`)).toEqual([
      'fault 444455556666 AccessDenied',
      'unfinished 777788889999 unfinished',
    ]);
  });
});

describe('neutralise', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(1)', "'@SUM(1)"],
    ['\t=1', "'\t'=1"],
    ['\rx', "'\rx"],
    ['\nx', "'\nx"],
    [' =1', "' =1"],
    ["'=1", "''=1"],
    ['\uff1d1', "'\uff1d1"],
    ['a;=1', "a;'=1"],
    ['a, -1', "a,' -1"],
    ['ana.berg+aws@example.com', 'ana.berg+aws@example.com'],
    ['path:/mainframe/', 'path:/mainframe/'],
    ["it's", "it's"],
    ["'quoted'", "'quoted'"],
    ['', ''],
  ])('%j becomes %j', (text, safe) => expect(neutralise(text)).toBe(safe));
});
