import { describe, expect, it } from 'vitest';
import { runSummaryMessage } from './run-summary-message.ts';
import { sampleSummary as account, sampleSummaryOf as run } from './sample-actions.ts';
import { ownWords, readable, shown } from './sample-warnings.ts';

const full = account({
  cases: [
    { rule: 'mfa', state: 'warned', count: 12 },
    { rule: 'mfa', state: 'unowned', count: 3 },
    { rule: 'key-age', state: 'new', count: 1 },
    { rule: 'key-age', state: 'exempt', count: 2 },
  ],
  mails: [
    { stage: 'unowned', status: 'sent', count: 1 },
    { stage: 5, status: 'sent', count: 2 },
    { stage: 10, status: 'sent', count: 7 },
    { stage: 10, status: 'already-sent', count: 40 },
    { stage: 1, status: 'rejected', count: 1 },
  ],
  due: [
    {
      subject: 'ci-deploy',
      rule: 'key-age',
      credentialId: 'AKIAIOSFODNN7EXA7Q2X',
      deadline: '2026-11-20T00:00:00.000Z',
      reason: 'report-only',
      because: 'Actions are switched off.',
      announce: true,
    },
  ],
  skipped: [
    {
      subject: 'bob',
      reason: 'domain-not-allowed',
      because: 'The tag owner names an address elsewhere.',
      announce: true,
    },
  ],
  exempt: [
    {
      userName: 'mainframe',
      by: 'path:/mainframe/',
      reason: 'legacy bridge',
      expires: '2027-03-31T00:00:00.000Z',
      announce: true,
    },
    { userName: 'old', by: 'user-id:AIDA2', reason: 'x', expires: '2027-03-31T00:00:00.000Z', announce: false },
  ],
  root: [{ reason: 'root-key', because: 'The root user has an active access key.', announce: true }],
  faults: [{ subject: 'carol', reason: 'Throttling', because: 'Her keys could not be read.', announce: true }],
});

describe('runSummaryMessage', () => {
  it('is nothing when nothing is new', () => {
    const told = { reason: 'x', because: 'Told yesterday.', announce: false };
    const quiet = account({
      cases: [{ rule: 'mfa', state: 'warned', count: 12 }],
      mails: [
        { stage: 10, status: 'already-sent', count: 40 },
        { stage: 10, status: 'in-progress', count: 1 },
        { stage: 5, status: 'sent', count: 0 },
      ],
      cannotWarn: [told],
      root: [told],
      faults: [told],
      skipped: [told],
    });
    expect(runSummaryMessage(run(quiet))).toBeUndefined();
    expect(runSummaryMessage(run())).toBeUndefined();
  });

  it('tells of a run as in its golden file', async () => {
    const message = runSummaryMessage(run(full));
    await expect(message && shown(message)).toMatchFileSnapshot('__golden__/run.txt');
  });

  it('tells of several accounts as in its golden file', async () => {
    const other = account({
      accountId: '444455556666',
      users: 5,
      reportGeneratedAt: '2026-11-24T06:00:00.000Z',
      mails: [{ stage: 10, status: 'sent', count: 1 }],
      cannotWarn: [{ reason: 'events-silent', because: 'No event came back for 30 hours.', announce: true }],
      done: false,
    });
    const message = runSummaryMessage(run(full, other));
    await expect(message && shown(message)).toMatchFileSnapshot('__golden__/run-several-accounts.txt');
  });

  it('I34: masks ids of credentials, and trusts no name, reason or tag', () => {
    const message = runSummaryMessage(run(full));
    expect(JSON.stringify(message)).not.toContain('AKIAIOSFODNN7EXA7Q2X');
    const own = [message?.title, ...(message?.body ?? [])].map(ownWords).join();
    for (const theirs of ['ci-deploy', 'mainframe', 'legacy bridge', 'carol', 'bob']) expect(own).not.toContain(theirs);
  });

  it.each([
    ['a sent mail', { mails: [{ stage: 10, status: 'sent', count: 1 }] }, 'low', undefined],
    ['a refused mail', { mails: [{ stage: 10, status: 'rejected', count: 1 }] }, 'medium', true],
    ['a deferred mail', { mails: [{ stage: 10, status: 'deferred', count: 1 }] }, 'medium', true],
    ['a case that is due', { due: full.due }, 'medium', true],
    ['a skipped recipient', { skipped: full.skipped }, 'medium', undefined],
    ['a fault', { faults: full.faults }, 'high', true],
    ['an alert that nobody can be warned', { cannotWarn: full.root }, 'high', true],
    ['a finding about root', { root: full.root }, 'high', undefined],
    ['an unfinished run', { done: false }, 'medium', true],
    ['a new exemption', { exempt: full.exempt }, 'low', undefined],
    ['an exemption that is over', { ended: full.exempt }, 'low', undefined],
  ] as const)(
    '%s has its severity, and is undone only where something was not done',
    (_, changes, severity, undone) => {
      const message = runSummaryMessage(run(account(changes)));
      expect(message?.severity).toBe(severity);
      expect(message?.undone).toBe(undone);
    },
  );

  it('is a preview where nothing was to be done, and then never undone', () => {
    const planned = account({ preview: true, mails: [{ stage: 10, status: 'planned', count: 9 }], due: full.due });
    const message = runSummaryMessage(run(planned));
    expect(message).toMatchObject({ preview: true });
    expect(message).not.toHaveProperty('undone');
    expect(readable(message?.title)).toBe(
      'IAM credentials: 1 deadline passed, NOTHING WOULD BE DONE; 9 warnings would be sent',
    );
    expect(runSummaryMessage(run(planned, full))?.preview).toBe(false);
  });

  it('counts what it does not list', () => {
    const skipped = Array.from({ length: 100 }, (_, index) => ({
      subject: `user-${index}`,
      reason: 'not-an-address',
      because: 'The tag email holds no address.',
      announce: true,
    }));
    const body = runSummaryMessage(run(account({ skipped })))
      ?.body.map(readable)
      .join('\n');
    expect(body).toContain('• user-14: ');
    expect(body).toMatch(/… and 85 more$/);
  });

  it('is a matter of its own, about one account or none', () => {
    expect(runSummaryMessage(run(full))).toMatchObject({
      key: 'iam/run/run-1/2026-11-24T10:00:00.000Z',
      subject: { accountId: '111122223333', type: 'credential-run' },
    });
    expect(runSummaryMessage(run(full, account()))?.subject).toEqual({ type: 'credential-run' });
  });

  it('calls nobody exempt whose exemption is over', () => {
    const message = runSummaryMessage(run(account({ ended: full.exempt })));
    const words = message && shown(message);
    expect(words).toContain('Exempt no more, and judged as everybody:');
    expect(words).not.toContain('Exempt, new or ending soon');
    expect(words).toContain('Exempt: 0');
  });
});
