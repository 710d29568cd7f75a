import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../model/action.ts';
import type { AccountRestore, CredentialRestore } from '../restore/credential-restore.ts';
import type { RestoredEntry } from '../restore/restore-outcome.ts';
import { type RestoreReason, restoreReasons } from '../restore/restore-reasons.ts';
import { restoreMessage } from './restore-message.ts';
import { ownWords, readable, shown } from './sample-warnings.ts';

const accountId = '111122223333';
const keyId = 'AKIAIOSFODNN7EXA7Q2X';

const entry = (userName: string, changes: Partial<JournalEntry> = {}): JournalEntry => ({
  schema: 1,
  runId: 'run-1',
  stepId: `${userName}/key`,
  caseId: `key-age/${keyId}`,
  subject: { accountId, userId: `AIDA${userName}`, userName, arn: `arn:aws:iam::${accountId}:user/${userName}` },
  action: 'deactivate',
  target: { kind: 'access-key', accessKeyId: keyId },
  effect: 'new-deny',
  reason: 'due',
  because: 'Its time is up.',
  before: { kind: 'credential', active: true, createdAt: '2026-01-01T00:00:00.000Z' },
  intendedAt: '2026-11-24T10:00:00.000Z',
  completedAt: '2026-11-24T10:00:01.000Z',
  requestIds: [],
  ...changes,
});
const console_: Partial<JournalEntry> = {
  caseId: 'mfa/password',
  action: 'attach-policy',
  target: { kind: 'managed-policy', policyArn: `arn:aws:iam::${accountId}:policy/remedykit/enrolment` },
};

const step = (
  userName: string,
  status: RestoredEntry['status'],
  reason: RestoreReason,
  changes: Partial<JournalEntry> = {},
  because: string = restoreReasons[reason],
): RestoredEntry => ({
  stepId: `${userName}/key`,
  action: 'undo-deactivate',
  status,
  retryable: status === 'failed',
  reason,
  because,
  entry: entry(userName, changes),
});

const account = (steps: readonly RestoredEntry[], changes: Partial<AccountRestore> = {}): AccountRestore => ({
  accountId,
  preview: false,
  steps,
  setAside: [],
  done: true,
  ...changes,
});

const restore = (...accounts: readonly AccountRestore[]): CredentialRestore => ({
  runId: 'run-1',
  at: '2026-11-24T11:00:00.000Z',
  reason: 'payroll stopped, CHG-4711',
  requestedBy: 'a.smith',
  exemptUntil: '2026-12-24T00:00:00.000Z',
  accounts,
  steps: accounts.flatMap(({ steps }) => steps),
  done: accounts.every(({ done }) => done),
});

const full = account([
  step('ada', 'applied', 'restored'),
  step('ada', 'applied', 'restored', console_),
  step('bob', 'skipped', 'changed-since'),
  step('carol', 'skipped', 'quarantined'),
  step('dave', 'skipped', 'not-restorable', {
    caseId: 'mfa/password',
    action: 'delete-login-profile',
    target: { kind: 'login-profile' },
  }),
  step('erin', 'failed', 'write-failed', {}, `${restoreReasons['write-failed']} (AccessDenied: no ${keyId} for you)`),
  step('frank', 'already-applied', 'already-restored'),
  step('grace', 'skipped', 'not-applied'),
  step('heidi', 'skipped', 'user-gone'),
]);

describe('restoreMessage', () => {
  it('tells of a restore as in its golden file', async () => {
    await expect(shown(restoreMessage(restore(full)))).toMatchFileSnapshot('__golden__/restore.txt');
  });

  it('tells of several accounts, of one that could not be read and of broken records, as in its golden file', async () => {
    const message = restoreMessage(
      restore(
        full,
        account([step('bob', 'failed', 'out-of-time')], {
          accountId: '444455556666',
          setAside: [{ key: 'iam/444455556666/journal/run-1/x', because: 'It does not fit its schema at runId.' }],
          done: false,
        }),
        account([], {
          accountId: '777788889999',
          done: false,
          error: { code: 'STATE_UNAVAILABLE', message: 'The table does not answer.' },
        }),
      ),
    );
    await expect(shown(message)).toMatchFileSnapshot('__golden__/restore-several-accounts.txt');
  });

  it('tells of a dry-run as in its golden file, and is a preview that is never undone', async () => {
    const planned = account([step('ada', 'skipped', 'dry-run'), step('bob', 'skipped', 'changed-since')], {
      preview: true,
    });
    const message = restoreMessage(restore(planned));
    expect(message.preview).toBe(true);
    expect(message).not.toHaveProperty('undone');
    await expect(shown(message)).toMatchFileSnapshot('__golden__/restore-preview.txt');
    expect(restoreMessage(restore(planned, full)).preview).toBe(false);
  });

  it('I34: masks ids of credentials, also in what AWS answered, and trusts no name or reason', () => {
    const cert = 'TA7SMP42TDN5Z26OBPJE7EXAMPLE';
    const message = restoreMessage(
      restore(
        full,
        account([
          step('zoe', 'failed', 'write-failed', { caseId: `certificate-age/${cert}` }, `It failed (X: no ${cert}).`),
        ]),
      ),
    );
    expect(JSON.stringify(message)).not.toContain(keyId);
    expect(JSON.stringify(message)).not.toContain(cert);
    expect(JSON.stringify(message)).toContain('TA7S…MPLE');
    const own = [message.title, ...message.body, ...message.facts.map(({ value }) => value)].map(ownWords).join();
    for (const theirs of ['ada', 'zoe', 'a.smith', 'payroll', 'AccessDenied', 'run-1'])
      expect(own).not.toContain(theirs);
  });

  it.each<[string, AccountRestore, string, true | undefined]>([
    ['what was given back', account([step('a', 'applied', 'restored')]), 'low', undefined],
    ['what had been given back', account([step('a', 'already-applied', 'already-restored')]), 'low', undefined],
    ['what was only to be marked', account([step('a', 'already-applied', 'restored')]), 'low', undefined],
    ['what never took effect', account([step('a', 'skipped', 'not-applied')]), 'low', undefined],
    [
      'a detachment',
      account([step('a', 'skipped', 'not-restorable', { ...console_, action: 'detach-policy' })]),
      'low',
      undefined,
    ],
    ['what changed since', account([step('a', 'skipped', 'changed-since')]), 'medium', true],
    ['a user who is gone', account([step('a', 'skipped', 'user-gone')]), 'medium', true],
    ['a pause', account([step('a', 'refused', 'paused')]), 'medium', true],
    ['a quarantine', account([step('a', 'skipped', 'quarantined')]), 'high', true],
    ['a failure', account([step('a', 'failed', 'read-failed')]), 'high', true],
    ['a lost answer', account([step('a', 'failed', 'unknown-effect')]), 'high', true],
    ['a mark that is lost', account([step('a', 'failed', 'restored-unmarked')]), 'high', true],
    ['a broken record', account([], { setAside: [{ key: 'k', because: 'b' }] }), 'high', true],
    ['an account that failed', account([], { done: false, error: { code: 'X', message: 'x' } }), 'high', true],
    ['an unfinished account', account([step('a', 'applied', 'restored')], { done: false }), 'high', true],
  ])('%s has its severity, and is undone only where something was not done', (_, one, severity, undone) => {
    const message = restoreMessage(restore(one));
    expect(message.severity).toBe(severity);
    expect(message.undone).toBe(undone);
  });

  it('I26: says given back only of what was', () => {
    for (const reason of Object.keys(restoreReasons) as RestoreReason[]) {
      if (reason === 'restored' || reason === 'restored-unmarked') continue;
      for (const status of ['failed', 'refused', 'skipped'] as const) {
        const words = shown(restoreMessage(restore(account([step('ada', status, reason)]))));
        expect(words).not.toMatch(/Given back:|change undone/);
      }
    }
  });

  it('says of what was given back without being marked that it was, and of a lost answer that nobody knows', () => {
    const words = shown(
      restoreMessage(
        restore(account([step('a', 'failed', 'restored-unmarked'), step('b', 'failed', 'unknown-effect')])),
      ),
    );
    expect(words).toContain('1 change of which NOBODY KNOWS; 1 change undone');
    expect(words).toContain('Given back, and that is not stored: 1.');
    expect(words).toContain('is exempt until');
    expect(words).not.toContain('NOT undone');
  });

  it.each<[RestoreReason, RestoredEntry['status'], RegExp]>([
    ['paused', 'refused', /End the pause/],
    ['quarantined', 'skipped', /support case/],
    ['out-of-time', 'failed', /Call restore again/],
    ['restored-unmarked', 'failed', /Call restore again/],
  ])('%s comes with what a person can do', (reason, status, words) => {
    const { actions } = restoreMessage(restore(account([step('ada', status, reason)])));
    expect(actions?.map(({ text }) => readable(text)).join('\n')).toMatch(words);
    expect(restoreMessage(restore(account([step('ada', 'applied', 'restored')])))).not.toHaveProperty('actions');
  });

  it('counts what it does not list, however much there is', () => {
    const many = Array.from({ length: 500 }, (_, index) => step(`user-${index}`, 'applied', 'restored'));
    const failed = Array.from({ length: 500 }, (_, index) =>
      step(`odd-${index}`, 'failed', 'read-failed', {}, `It failed (AccessDenied: ${index}).`),
    );
    const accounts = Array.from({ length: 40 }, (_, index) => account([], { accountId: `${index}`.padStart(12, '1') }));
    const message = restoreMessage(restore(account([...many, ...failed]), ...accounts));
    const words = shown(message);
    expect(words).toContain('Given back: 500. ');
    expect(words).toContain('• 111122223333: user-19, access key');
    expect(words).toContain('… and 480 more');
    expect(words).not.toContain('user-20,');
    expect(words).toContain(
      'Accounts: 111122223333, 111111111110, 111111111111, 111111111112, 111111111113 and 36 more',
    );
    expect(words.length).toBeLessThan(6_000);
  });

  it('is a matter of its own, about one account or none', () => {
    expect(restoreMessage(restore(full))).toMatchObject({
      key: 'iam/restore/run-1/2026-11-24T11:00:00.000Z',
      subject: { accountId, type: 'credential-restore' },
    });
    expect(restoreMessage(restore(full, account([]))).subject).toEqual({ type: 'credential-restore' });
  });

  it('a restore of nothing says so', () => {
    expect(readable(restoreMessage(restore()).title)).toBe('IAM restore: nothing to undo');
    expect(restoreMessage(restore()).preview).toBe(false);
  });
});
