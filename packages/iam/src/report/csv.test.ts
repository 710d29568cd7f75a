import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { credentialReportCsv } from './csv.ts';
import { neutralise } from './csv-cell.ts';
import { sampleAccount, sampleAction, sampleRun } from './sample-run.ts';

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

  it('has one row for each change, case, exempt user, user left out and root finding, whole ids, and what the run did', () => {
    const rows = rowsOf(credentialReportCsv(sampleRun({ accounts: [sampleAccount({ faults: [] })] })));
    expect(rows.map(({ record, userName }) => `${record} ${userName}`)).toEqual([
      'action cyd',
      'action dan',
      'action eva',
      'on-hold fay',
      'case ana',
      'case cyd',
      'exempt bridge',
      'skipped zoe',
      'root <root_account>',
      'step ',
    ]);
    const about = (record: string, userName: string) =>
      rows.find((row) => row.record === record && row.userName === userName);
    expect(about('action', 'cyd')).toMatchObject({
      userId: 'AIDAEXAMPLECYD000001',
      deadline: '2026-11-20T00:00:00.000Z',
      action: 'attach-policy',
      policy: 'enrolment',
      outcome: 'applied',
      reason: 'mfa-missing',
      because: 'The grace is over.',
    });
    expect(about('action', 'eva')).toMatchObject({
      credentialId: 'AKIAEXAMPLEEVA001234',
      action: 'deactivate',
      outcome: 'refused',
      reason: 'limit-users',
    });
    expect(about('case', 'ana')).toMatchObject({
      credentialId: 'AKIAEXAMPLEANA001234',
      due: 'wait',
      action: '',
      outcome: '',
    });
    expect(about('case', 'cyd')).toMatchObject({
      due: 'act',
      action: 'attach-policy; warn',
      outcome: 'applied; applied',
      acting: 'mfa-missing',
      actingBecause: 'The grace is over.',
    });
    expect(about('exempt', 'bridge')).toMatchObject({
      exemptBy: 'path:/mainframe/',
      exemptUntil: '2027-03-31T00:00:00.000Z',
    });
    expect(about('root', '<root_account>')).toMatchObject({ lastUsedAt: '2026-11-20T07:00:00.000Z' });
  });

  it('I26: lists what was done first, and gives each change the outcome of its step and no other', () => {
    const statuses = ['already-applied', 'failed', 'skipped', 'applied', 'refused', 'planned'] as const;
    const actions = statuses.map((status) => sampleAction({ status, subject: status }));
    const rows = rowsOf(credentialReportCsv(sampleRun({ accounts: [sampleAccount({ actions })] })));
    const found = rows.filter(({ record }) => record === 'action').map(({ userName, outcome }) => [userName, outcome]);
    expect(found).toEqual(
      ['applied', 'planned', 'failed', 'refused', 'skipped', 'already-applied'].map((status) => [status, status]),
    );
  });

  it('names the run to be undone, which of a change that nobody was told of is an earlier one', () => {
    const actions = [sampleAction(), sampleAction({ subject: 'abe', runId: 'run-0' })];
    const run = sampleRun({ accounts: [sampleAccount({ actions })] });
    const rows = rowsOf(credentialReportCsv(run)).filter(({ record }) => record === 'action');
    expect(rows.map(({ userName, runId }) => `${userName} ${runId}`)).toEqual(['abe run-0', 'cyd run-1']);
  });

  it('I25: leaves out no step that no change tells of, in whatever account', () => {
    const twin = sampleAccount({ accountId: '444455556666', actions: [] });
    const rows = rowsOf(credentialReportCsv(sampleRun({ accounts: [sampleAccount(), twin] })));
    const steps = rows.filter(({ record }) => record === 'step');
    expect(steps.map(({ accountId, because = '' }) => `${accountId} ${because.split(': ')[0]}`)).toEqual([
      '111122223333 zoe/read',
      '444455556666 dan/mfa/password/detach-policy/enrolment',
      '444455556666 eva/key-age/AKIAEXAMPLEEVA001234/deactivate',
      '444455556666 zoe/read',
    ]);
  });

  it('I19: says of an account that failed, or was not finished, that it did', () => {
    const [failed] = sampleRun().accounts;
    const unfinished = sampleAccount({
      accountId: '777788889999',
      actions: [],
      onHold: [],
      steps: [],
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
