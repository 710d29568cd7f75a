import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../model/action.ts';
import type { CredentialCase } from '../model/case.ts';
import { credentialReasons } from './credential-reasons.ts';
import { type CredentialFacts, decideCredentialAction, warningsCountFrom } from './decide-credential-action.ts';

const now = new Date('2026-11-24T10:00:00Z');
const policy = { minimumWarningDays: 10 };
const subject = {
  accountId: '111122223333',
  userId: 'AIDAADA00000',
  userName: 'ada',
  arn: 'arn:aws:iam::111122223333:user/ada',
};
const keyCase: CredentialCase = {
  id: 'key-age/AKIA1',
  rule: 'key-age',
  credentialId: 'AKIA1',
  since: '2026-01-01T00:00:00.000Z',
  firstSeenAt: '2026-06-01T00:00:00.000Z',
};
const entry = (completedAt: string, changes: Partial<JournalEntry> = {}): JournalEntry => ({
  schema: 1,
  runId: `run-${completedAt}`,
  stepId: 'ada/key',
  caseId: keyCase.id,
  subject,
  action: 'deactivate',
  target: { kind: 'access-key', accessKeyId: 'AKIA1' },
  effect: 'new-deny',
  reason: 'due',
  because: 'due',
  before: { kind: 'credential', active: true, createdAt: keyCase.since },
  intendedAt: completedAt,
  completedAt,
  requestIds: [],
  ...changes,
});
const facts: CredentialFacts = { subject, case: keyCase, createdAt: keyCase.since, due: true, journal: [] };
const decide = (changes: Partial<CredentialFacts>, at = now) => {
  const { reason, because, step, alert } = decideCredentialAction({ ...facts, ...changes }, policy, at);
  expect(because).toBe(credentialReasons[reason]);
  return [reason, step === undefined ? 'nothing' : step.action, alert ? 'alert' : 'quiet'].join(' ');
};
const first = '2026-10-01T00:00:00.000Z';

describe('a credential that is due', () => {
  it('I6: is deactivated by its id, and only while it is the one that was created then', () => {
    expect(decide({})).toBe('due deactivate quiet');
    const { step } = decideCredentialAction({ ...facts, createdAt: '2025-05-05T05:05:05.000Z' }, policy, now);
    expect(step).toStrictEqual({
      id: 'ada/key-age/AKIA1/deactivate',
      action: 'deactivate',
      effect: 'new-deny',
      reason: 'due',
      because: credentialReasons.due,
      subject,
      target: { kind: 'access-key', accessKeyId: 'AKIA1' },
      caseId: 'key-age/AKIA1',
      precondition: { kind: 'credential', active: true, createdAt: '2025-05-05T05:05:05.000Z' },
    });
    expect(decide({ due: false })).toBe('not-due nothing quiet');
  });

  it.each([
    ['key-unused', 'access-key'],
    ['service-specific-age', 'service-specific'],
    ['certificate-age', 'signing-certificate'],
    ['ssh-key-age', 'ssh-key'],
  ] as const)('of the rule %s is a %s', (rule, kind) => {
    const { step } = decideCredentialAction({ ...facts, case: { ...keyCase, rule } }, policy, now);
    expect(step?.target.kind).toBe(kind);
  });

  it('a console password is none', () => {
    expect(decide({ case: { ...keyCase, rule: 'mfa' } })).toBe('not-one nothing quiet');
  });

  it('waits while a deactivation is under way, of itself alone', () => {
    const { completedAt: _, ...open } = entry(first);
    expect(decide({ journal: [open] })).toBe('in-progress nothing quiet');
    expect(decide({ journal: [{ ...open, failedAt: first, failure: 'x' }] })).toBe('due deactivate quiet');
    expect(decide({ journal: [{ ...open, target: { kind: 'access-key', accessKeyId: 'AKIA2' } }] })).toBe(
      'due deactivate quiet',
    );
  });
});

describe('relapse', () => {
  it('waits for a warning that is fresh, and its days of notice', () => {
    const journal = [entry(first)];
    expect(decide({ journal })).toBe('relapse-waits nothing alert');
    expect(decide({ journal, warnedAt: '2026-09-20T00:00:00.000Z' })).toBe('relapse-waits nothing alert');
    expect(decide({ journal, warnedAt: first })).toBe('relapse-waits nothing alert');
    expect(decide({ journal, warnedAt: '2026-11-15T00:00:00.000Z' })).toBe('relapse-waits nothing alert');
    expect(decide({ journal, warnedAt: '2026-11-14T23:59:59.000Z' })).toBe('relapse deactivate alert');
    expect(decide({ journal, warnedAt: '2026-11-14T00:00:00.000Z', due: false })).toBe('relapse-waits nothing alert');
  });

  it('is never fought for a third time: that is for people', () => {
    const journal = [entry(first), entry('2026-11-01T00:00:00.000Z')];
    expect(decide({ journal, warnedAt: '2026-11-10T00:00:00.000Z' })).toBe('incident nothing alert');
    expect(decide({ journal, warnedAt: '2026-11-10T00:00:00.000Z' }, new Date('2027-11-24T10:00:00Z'))).toBe(
      'incident nothing alert',
    );
  });

  it('runs that fall together are one deactivation', () => {
    const journal = [entry(first), entry('2026-10-01T00:59:59.999Z')];
    expect(decide({ journal, warnedAt: '2026-11-10T00:00:00.000Z' })).toBe('relapse deactivate alert');
    const apart = [entry('2026-10-01T01:00:00.000Z'), entry(first)];
    expect(decide({ journal: apart, warnedAt: '2026-11-10T00:00:00.000Z' })).toBe('incident nothing alert');
  });

  it('two cases of one key are one deactivation, also where one of them was seen to be complete a day later', () => {
    const settled = entry('2026-10-01T00:00:01.000Z', { completedAt: '2026-10-02T00:00:00.000Z' });
    const journal = [entry(first), settled];
    expect(decide({ journal, warnedAt: '2026-11-10T00:00:00.000Z' })).toBe('relapse deactivate alert');
    const before = new Date('2026-10-02T00:59:59.000Z');
    expect(decide({ journal }, before)).toBe('just-deactivated nothing quiet');
  });

  it('what a restore gave back, what failed, and what is another credential is none', () => {
    const restoration = { at: first, requestedBy: 'a.smith', reason: 'x' };
    for (const changes of [
      { restored: restoration },
      { restoring: restoration },
      { subject: { ...subject, userId: 'AIDAOTHER' } },
      { target: { kind: 'ssh-key', sshKeyId: 'AKIA1' } },
      { action: 'attach-policy' },
    ] satisfies Partial<JournalEntry>[])
      expect(decide({ journal: [entry(first, changes)] })).toBe('due deactivate quiet');
  });

  it('what counts is not hidden by what does not', () => {
    const restored = { at: first, requestedBy: 'a.smith', reason: 'x' };
    expect(decide({ journal: [entry('2026-09-01T00:00:00.000Z', { restored }), entry(first)] })).toBe(
      'relapse-waits nothing alert',
    );
  });

  it('a list that lags behind our own write is no relapse', () => {
    expect(decide({ journal: [entry('2026-11-24T09:00:00.001Z')] })).toBe('just-deactivated nothing quiet');
    expect(decide({ journal: [entry('2026-11-24T09:00:00.000Z')] })).toBe('relapse-waits nothing alert');
  });

  it('says from when warnings count', () => {
    const of = (journal: readonly JournalEntry[]) => warningsCountFrom({ ...facts, journal });
    expect(of([])).toBeUndefined();
    const password: CredentialCase = { ...keyCase, id: 'mfa/password', rule: 'mfa', credentialId: 'password' };
    expect(warningsCountFrom({ subject, case: password, journal: [entry(first)] })).toBeUndefined();
    expect(of([entry('2026-11-01T00:00:00.000Z'), entry(first)])).toBe('2026-11-01T00:00:00.000Z');
  });
});
