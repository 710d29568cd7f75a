import type { AccountRunSummary, RunAction, RunSummary } from './run-summary.ts';

// For tests alone.

/** An account of which there is nothing to tell. */
export const sampleSummary = (changes: Partial<AccountRunSummary> = {}): AccountRunSummary => ({
  accountId: '111122223333',
  preview: false,
  users: 120,
  reportGeneratedAt: '2026-11-24T09:58:00.000Z',
  cases: [],
  mails: [],
  actions: [],
  due: [],
  onHold: [],
  skipped: [],
  exempt: [],
  ended: [],
  cannotWarn: [],
  root: [],
  faults: [],
  done: true,
  ...changes,
});

/** A run over accounts. */
export const sampleSummaryOf = (...accounts: readonly AccountRunSummary[]): RunSummary => ({
  runId: 'run-1',
  at: '2026-11-24T10:00:00.000Z',
  accounts,
});

/** A key that was deactivated, unless told otherwise. */
export const sampleDeactivation = (changes: Partial<RunAction> = {}): RunAction => ({
  action: 'deactivate',
  subject: 'alice',
  rule: 'key-age',
  credentialId: 'AKIAIOSFODNN7EXA7Q2X',
  status: 'applied',
  reason: 'due',
  because: 'Its time is up, after a warning that counts.',
  announce: true,
  ...changes,
});

/** A policy that was attached or detached. */
export const samplePolicyAction = (
  action: 'attach-policy' | 'detach-policy',
  policy: 'enrolment' | 'hold',
  changes: Partial<RunAction> = {},
): RunAction => ({
  action,
  policy,
  subject: 'ben',
  rule: 'mfa',
  credentialId: 'password',
  status: 'applied',
  reason: 'mfa-missing',
  because: 'The grace is over without an MFA device: console access is denied until there is one.',
  announce: true,
  ...changes,
});
