import { describe, expect, it } from 'vitest';
import type { TargetState } from '../actions/target-state.ts';
import type { JournalEntry } from '../model/action.ts';
import { decideRestore, type RestoreFacts } from './decide-restore.ts';
import { restoreReasons } from './restore-reasons.ts';

const accountId = '111122223333';
const now = new Date('2026-11-24T10:00:00Z');
const created = '2026-01-01T00:00:00.000Z';
const at = '2026-11-24T09:45:00.000Z';
const done: JournalEntry = {
  schema: 1,
  runId: 'run-1',
  stepId: 'ada/key',
  caseId: 'key-age/AKIA1',
  subject: { accountId, userId: 'AIDAADA', userName: 'ada', arn: `arn:aws:iam::${accountId}:user/ada` },
  action: 'deactivate',
  target: { kind: 'access-key', accessKeyId: 'AKIA1' },
  effect: 'new-deny',
  reason: 'due',
  because: 'due',
  before: { kind: 'credential', active: true, createdAt: created },
  intendedAt: at,
  completedAt: at,
  requestIds: [],
};
const { completedAt: _, ...intended } = done;
const key = (active: boolean, createdAt = created): TargetState => ({
  kind: 'credential',
  credential: { active, createdAt },
});
const facts: RestoreFacts = { entry: done, isSameUser: true, state: key(false), attachedPolicies: [], others: [] };
const decide = (changes: Partial<RestoreFacts>, time = now): string => {
  const { kind, reason, because } = decideRestore({ ...facts, ...changes }, null, time);
  if (!because.startsWith('The run ')) expect(because).toBe(restoreReasons[reason]);
  return `${kind} ${reason}`;
};
const restoration = { at, requestedBy: 'a.smith', reason: 'x' };

describe('whether a change can be undone', () => {
  it('names the later run, and says to restore it only where it did the same', () => {
    const because = (action: JournalEntry['action']): string => {
      const later: JournalEntry = { ...done, action, runId: 'run-2', intendedAt: '2026-11-24T09:50:00.000Z' };
      return decideRestore({ ...facts, others: [later] }, null, now).because;
    };
    expect(because('deactivate')).toBe('The run run-2 did the same later; restore that one.');
    expect(because('detach-policy')).toBe('The run run-2 has changed it since.');
  });

  it('what is as the run left it', () => {
    expect(decide({})).toBe('undo restored');
    expect(decide({ entry: intended })).toBe('undo restored');
    expect(decide({ entry: { ...done, restoring: restoration } })).toBe('undo restored');
  });

  it('of an attachment, that it is there; a detachment and a deleted password are not undone', () => {
    const arn = `arn:aws:iam::${accountId}:policy/mfa-enrolment`;
    const attachment: JournalEntry = {
      ...done,
      action: 'attach-policy',
      target: { kind: 'managed-policy', policyArn: arn },
      before: { kind: 'attachment', attached: false },
    };
    const attached: TargetState = { kind: 'attachment', attached: [{ name: 'mfa-enrolment', arn }] };
    const detached: TargetState = { kind: 'attachment', attached: [] };
    expect(decide({ entry: attachment, state: attached })).toBe('undo restored');
    expect(decide({ entry: attachment, state: detached })).toBe('leave changed-since');
    expect(decide({ entry: { ...attachment, action: 'detach-policy' }, state: detached })).toBe('leave not-restorable');
    const before = { kind: 'login-profile', createdAt: created } as const;
    const deletion = { ...done, action: 'delete-login-profile', target: { kind: 'login-profile' }, before } as const;
    const state = { kind: 'login-profile', createdAt: null, mfaDevices: [] } as const;
    expect(decide({ entry: deletion, state })).toBe('leave not-restorable');
  });

  it('what a restore had undone, and was not stored, is marked and not written again', () => {
    expect(decide({ entry: { ...done, restoring: restoration }, state: key(true) })).toBe('mark restored');
    expect(decide({ entry: { ...done, restored: restoration }, state: key(true) })).toBe('leave already-restored');
  });

  it('what changed since', () => {
    expect(decide({ state: key(true) })).toBe('leave changed-since');
    expect(decide({ state: key(false, at) })).toBe('leave changed-since');
    expect(decide({ state: { kind: 'credential', credential: null } })).toBe('leave changed-since');
  });

  it('what never took effect, or may be about to', () => {
    const early = new Date(now.getTime() - 1);
    expect(decide({ entry: intended, state: key(true) }, early)).toBe('leave in-progress');
    expect(decide({ entry: intended, state: key(true) })).toBe('leave not-applied');
    expect(decide({ entry: { ...intended, failedAt: at, failure: 'x' } })).toBe('leave not-applied');
  });

  it('whose user is gone, or quarantined by AWS and by nobody else', () => {
    expect(decide({ isSameUser: false })).toBe('leave user-gone');
    expect(decide({ state: { kind: 'user-gone' } })).toBe('leave user-gone');
    const policy = (arn: string) => ({ attachedPolicies: [{ name: 'x', arn }] });
    expect(decide(policy('arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2'))).toBe('leave quarantined');
    expect(decide(policy('arn:aws:iam::aws:policy/some/path/AWSCompromisedKeyQuarantineV3'))).toBe('leave quarantined');
    expect(decide(policy('arn:aws-cn:iam::aws:policy/AWSCompromisedKeyQuarantine'))).toBe('leave quarantined');
    expect(decide(policy(`arn:aws:iam::${accountId}:policy/AWSCompromisedKeyQuarantine`))).toBe('undo restored');
  });

  it('what a later run did again, and of no other credential', () => {
    const later = { ...done, runId: 'run-2', intendedAt: '2026-11-24T09:50:00.000Z' };
    expect(decide({ others: [later] })).toBe('leave changed-since');
    expect(decide({ others: [{ ...later, intendedAt: at }] })).toBe('leave changed-since');
    expect(decide({ others: [{ ...later, intendedAt: '2026-11-24T09:40:00.000Z' }] })).toBe('undo restored');
    expect(decide({ others: [{ ...later, restored: restoration }] })).toBe('undo restored');
    expect(decide({ others: [{ ...later, target: { kind: 'access-key', accessKeyId: 'AKIA2' } }] })).toBe(
      'undo restored',
    );
    expect(decide({ others: [{ ...later, runId: 'run-1' }] })).toBe('undo restored');
    // Of two runs of one moment the later is the one whose id is.
    expect(decide({ others: [{ ...later, runId: 'run-0', intendedAt: at }] })).toBe('undo restored');
    expect(decide({ others: [{ ...later, failedAt: at, failure: 'x', restoring: restoration }] })).toBe(
      'leave changed-since',
    );
    const { completedAt: _done, ...open } = later;
    expect(decide({ others: [open] })).toBe('leave changed-since');
    expect(decide({ others: [{ ...open, failedAt: at, failure: 'x' }] })).toBe('undo restored');
    const subject = { ...done.subject, userId: 'AIDABOB', userName: 'bob' };
    expect(decide({ others: [{ ...later, subject }] })).toBe('undo restored');
  });
});
