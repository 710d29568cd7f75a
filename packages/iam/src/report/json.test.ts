import { assertComplete } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { library } from '../library.ts';
import { createTestWorld, daysBefore } from '../testing/test-enforcer.ts';
import type { CredentialReport } from './document.ts';
import { credentialReportJson } from './json.ts';
import { sampleAccount, sampleCase, sampleRun, sampleStep } from './sample-run.ts';

const parsed = (text: string): CredentialReport => JSON.parse(text);

describe('credentialReportJson', () => {
  it('writes a run as in its golden file', async () => {
    const text = credentialReportJson(sampleRun()).replace(library, '@remedykit/iam@<version>');
    await expect(text).toMatchFileSnapshot('__golden__/run.json.txt');
  });

  it('writes the same whoever was looked at first', () => {
    const run = sampleRun();
    const turned = {
      ...run,
      accounts: run.accounts.map((account) => ({ ...account, open: account.open.toReversed() })).toReversed(),
    };
    expect(credentialReportJson(turned)).toBe(credentialReportJson(run));
  });

  it('I25, I26: gives each case what was done about it, a failure as a failure', () => {
    const failed = sampleStep('ana/key-age/AKIAEXAMPLEANA001234/deactivate', {
      action: 'deactivate',
      status: 'failed',
      reason: 'write-failed',
    });
    const { accounts, otherSteps } = parsed(credentialReportJson(sampleRun({ steps: [failed] })));
    expect(accounts[0]?.cases.map(({ userName, steps }) => [userName, steps.map(({ outcome }) => outcome)])).toEqual([
      ['ana', ['failed']],
      ['cyd', []],
    ]);
    expect(otherSteps).toEqual([]);
  });

  it('does not guess which account a step is of when two have a case of its name', () => {
    const password = { rule: 'mfa', credentialId: 'password' } as const;
    const accounts = ['111122223333', '444455556666'].map((accountId) =>
      sampleAccount({ accountId, open: [sampleCase(password)] }),
    );
    const run = sampleRun({ accounts, steps: [sampleStep('ana/mfa/password/5')] });
    const report = parsed(credentialReportJson(run));
    expect(report.accounts.flatMap(({ cases }) => cases.flatMap(({ steps }) => steps))).toEqual([]);
    expect(report.otherSteps).toHaveLength(1);
  });

  it('is not done while an account is not, whatever the run says', () => {
    expect(parsed(credentialReportJson(sampleRun())).done).toBe(false);
    expect(parsed(credentialReportJson(sampleRun({ accounts: [sampleAccount()] }))).done).toBe(true);
  });

  it('tells of a run of the enforcer: the case, its mail as a step, who is exempt and why', async () => {
    const { iam, enforcer } = createTestWorld({
      exemptions: [{ path: '/mainframe/', reason: 'legacy bridge', expires: new Date('2026-03-31') }],
    });
    const keys = [{ createdAt: daysBefore(100) }];
    iam.addUser({ name: 'alice', keys, tags: { owner: 'alice@example.com' } });
    iam.addUser({ name: 'bridge', path: '/mainframe/', keys });
    const run = await enforcer.run();
    assertComplete(run);
    const [account] = parsed(credentialReportJson(run)).accounts;
    expect(account?.cases).toEqual([
      expect.objectContaining({
        userName: 'alice',
        credentialId: iam.user('alice').keys[0]?.id,
        since: daysBefore(100).toISOString(),
        state: 'warned',
        steps: [expect.objectContaining({ action: 'warn', outcome: 'applied' })],
      }),
    ]);
    expect(account?.exempt).toEqual([
      { userName: 'bridge', by: 'path:/mainframe/', reason: 'legacy bridge', expires: '2026-03-31T00:00:00.000Z' },
    ]);
  });
});
