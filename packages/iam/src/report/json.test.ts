import { assertComplete } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { library } from '../library.ts';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import { createTestWorld, daysBefore } from '../testing/test-enforcer.ts';
import type { CredentialReport } from './document.ts';
import { credentialReportHtml } from './html/page.ts';
import { credentialReportJson } from './json.ts';
import { sampleAccount, sampleAction, sampleCase, sampleRun, sampleStep } from './sample-run.ts';

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
      accounts: run.accounts
        .map((account) => ({ ...account, open: account.open.toReversed(), actions: account.actions.toReversed() }))
        .toReversed(),
    };
    expect(credentialReportJson(turned)).toBe(credentialReportJson(run));
  });

  it('I25, I26: gives each case what was done about it, a failure as a failure', () => {
    const failed = sampleStep('ana/key-age/AKIAEXAMPLEANA001234/deactivate', {
      action: 'deactivate',
      status: 'failed',
      reason: 'write-failed',
    });
    const run = sampleRun({ accounts: [sampleAccount({ steps: [failed] })] });
    const { accounts, otherSteps } = parsed(credentialReportJson(run));
    expect(accounts[0]?.cases.map(({ userName, steps }) => [userName, steps.map(({ outcome }) => outcome)])).toEqual([
      ['ana', ['failed']],
      ['cyd', []],
    ]);
    expect(otherSteps).toEqual([]);
  });

  it('I25, I26: lists every change with its outcome and until when, and counts them', () => {
    const statuses = ['applied', 'already-applied', 'skipped', 'refused', 'failed', 'planned', 'failed'] as const;
    const actions = statuses.map((status, index) =>
      sampleAction({ status, subject: `user-${index}`, announce: false }),
    );
    const cyd = sampleAction();
    const { accounts, totals } = parsed(
      credentialReportJson(sampleRun({ accounts: [sampleAccount({ actions: [...actions.toReversed(), cyd] })] })),
    );
    expect(accounts[0]?.actions.map(({ userName, outcome }) => [userName, outcome])).toEqual([
      ['cyd', 'applied'],
      ...statuses.map((status, index) => [`user-${index}`, status]),
    ]);
    expect(accounts[0]?.actions[0]).toMatchObject({
      userId: 'AIDAEXAMPLECYD000001',
      deadline: '2026-11-20T00:00:00.000Z',
      policy: 'enrolment',
    });
    expect(totals.actions).toEqual({
      applied: 2,
      'already-applied': 1,
      skipped: 1,
      refused: 1,
      failed: 2,
      planned: 1,
    });
    expect(totals.onHold).toBe(1);
  });

  it('gives users of the same name in two accounts the steps of their own account', () => {
    const password = { rule: 'mfa', credentialId: 'password' } as const;
    const accounts = (['applied', 'failed'] as const).map((status, index) =>
      sampleAccount({
        accountId: ['111122223333', '444455556666'][index] ?? '',
        open: [sampleCase(password)],
        steps: [sampleStep('ana/mfa/password/5', { status })],
      }),
    );
    const report = parsed(credentialReportJson(sampleRun({ accounts })));
    expect(report.accounts.map(({ cases }) => cases[0]?.steps.map(({ outcome }) => outcome))).toEqual([
      ['applied'],
      ['failed'],
    ]);
    expect(report.otherSteps).toEqual([]);
  });

  it('I25: leaves out no step of a run, though two have the same id', () => {
    const step = sampleStep('zoe/read', { status: 'failed' });
    const accounts = [sampleAccount({ steps: [step] })];
    const { otherSteps } = parsed(credentialReportJson(sampleRun({ accounts, steps: [step, step] })));
    expect(otherSteps.map(({ accountId }) => accountId)).toEqual(['111122223333', undefined]);
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

  it('I25: tells of a run that acts: each change once, with its case while that is open', async () => {
    const { iam, mailer, enforcer, goToDay } = createTestWorld();
    const { enrolment, hold } = mfaPolicies({ accountId: '111122223333' });
    for (const { name, path, document } of [enrolment, hold]) iam.addPolicy({ name, path, document });
    iam.addUser({ name: 'ana', keys: [{ createdAt: daysBefore(80) }], tags: { owner: 'ana@example.com' } });
    iam.addUser({ name: 'ben', password: { createdAt: daysBefore(80) }, tags: { owner: 'ben@example.com' } });
    let run = await enforcer.run();
    for (let day = 1; day <= 14; day += 1) {
      for (const mail of mailer.mails) await enforcer.recordMailEvent(mailer.eventOf(mail, 'Delivered'));
      goToDay(day);
      run = await enforcer.run();
      if (day === 10) {
        const [account] = parsed(credentialReportJson(run)).accounts;
        expect(account?.actions).toMatchObject([
          { userName: 'ana', rule: 'key-age', action: 'deactivate', outcome: 'applied', reason: 'due' },
        ]);
      }
    }
    const report = parsed(credentialReportJson(run));
    const [account] = report.accounts;
    expect(account?.actions).toMatchObject([
      {
        userName: 'ben',
        userId: iam.user('ben').userId,
        action: 'attach-policy',
        policy: 'enrolment',
        outcome: 'applied',
        // The password was never used.
        reason: 'mfa-missing-alert',
        deadline: '2026-01-15T00:00:00.000Z',
      },
    ]);
    expect(account?.cases).toMatchObject([
      {
        userName: 'ben',
        acting: { reason: 'mfa-missing-alert' },
        steps: expect.arrayContaining([expect.objectContaining({ action: 'attach-policy', outcome: 'applied' })]),
      },
    ]);
    expect(report.totals.actions).toMatchObject({ applied: 1, refused: 0, failed: 0 });
    expect(report.otherSteps).toEqual([]);
    expect(credentialReportHtml(run)).not.toContain('Not all was done');
  });
});
