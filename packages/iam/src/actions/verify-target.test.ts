import { describe, expect, it } from 'vitest';
import type { ActionStep, ActionTarget, StateBefore } from '../model/action.ts';
import type { TargetState } from './target-state.ts';
import { effectOf, verifyTarget } from './verify-target.ts';

const created = '2026-01-01T00:00:00.000Z';
const later = '2026-02-01T00:00:00.000Z';
const accountId = '111122223333';
const enrolment = `arn:aws:iam::${accountId}:policy/mfa-enrolment`;
const hold = `arn:aws:iam::${accountId}:policy/mfa-hold`;

const key: ActionTarget = { kind: 'access-key', accessKeyId: 'AKIA1' };
const policy: ActionTarget = { kind: 'managed-policy', policyArn: enrolment };
const profile: ActionTarget = { kind: 'login-profile' };

const active: StateBefore = { kind: 'credential', active: true, createdAt: created };
const free: StateBefore = { kind: 'attachment', attached: false };
const denied: StateBefore = { kind: 'attachment', attached: true };
const password: StateBefore = { kind: 'login-profile', createdAt: created };

const credential = (isActive: boolean, createdAt = created): TargetState => ({
  kind: 'credential',
  credential: { active: isActive, createdAt },
});
const noCredential: TargetState = { kind: 'credential', credential: null };
const attached = (...arns: readonly string[]): TargetState => ({
  kind: 'attachment',
  attached: arns.map((arn) => ({ name: arn.slice(arn.lastIndexOf('/') + 1), arn })),
});
const login = (createdAt: string | null, ...mfaDevices: readonly string[]): TargetState => ({
  kind: 'login-profile',
  createdAt,
  mfaDevices,
});
const gone: TargetState = { kind: 'user-gone' };

const step = (action: ActionStep['action'], target: ActionTarget, precondition: StateBefore): ActionStep => ({
  id: 'ada/case',
  action,
  effect: 'new-deny',
  reason: 'due',
  because: 'due',
  subject: { accountId, userId: 'AIDAADA', userName: 'ada', arn: `arn:aws:iam::${accountId}:user/ada` },
  target,
  caseId: 'case',
  precondition,
});
const deactivate = step('deactivate', key, active);
const attach = step('attach-policy', policy, free);
const detach = step('detach-policy', policy, denied);
const swap = step('detach-policy', policy, { ...denied, replacedBy: hold });
const deletion = step('delete-login-profile', profile, password);

describe('what a look right before the write says', () => {
  it.each<[string, ActionStep, TargetState, string]>([
    ['a user who is gone', deactivate, gone, 'leave user-gone'],
    ['an active key', deactivate, credential(true), 'go'],
    ['an inactive key', deactivate, credential(false), 'already already-so'],
    ['a key that is gone', deactivate, noCredential, 'leave credential-gone'],
    ['another key of that id', deactivate, credential(true, later), 'leave changed'],
    ['another, inactive key of that id', deactivate, credential(false, later), 'leave changed'],
    ['a policy that is not attached', attach, attached(hold), 'go'],
    ['a policy that is attached', attach, attached(hold, enrolment), 'already already-so'],
    ['a policy to detach', detach, attached(hold, enrolment), 'go'],
    ['a policy that is detached', detach, attached(hold), 'already already-so'],
    ['a policy whose replacement is attached', swap, attached(enrolment, hold), 'go'],
    ['a policy whose replacement is not', swap, attached(enrolment), 'leave replacement-unseen'],
    ['a password', deletion, login(created), 'go'],
    ['no password', deletion, login(null), 'already already-so'],
    ['no password, and a device', deletion, login(null, 'GAHT1'), 'already already-so'],
    ['another password', deletion, login(later), 'leave changed'],
    ['a password with a device', deletion, login(created, 'GAHT1'), 'leave no-longer-due'],
  ])('%s', (_, given, state, expected) => {
    const verdict = verifyTarget(given, state);
    expect(verdict.kind === 'go' ? 'go' : `${verdict.kind} ${verdict.reason}`).toBe(expected);
    if (verdict.kind === 'go') expect(verdict.before).toBe(given.precondition);
  });

  it.each<[string, ActionStep, TargetState]>([
    ['a precondition of another kind, for a credential', step('deactivate', key, password), credential(true)],
    ['another action on a credential', step('attach-policy', key, active), credential(true)],
    ['a precondition of another kind, for a policy', step('attach-policy', policy, active), attached()],
    ['another target, for a policy', step('attach-policy', key, free), attached()],
    ['a precondition of another kind, for a password', step('delete-login-profile', profile, active), login(created)],
    ['another action on a password', step('deactivate', profile, password), login(created)],
  ])('a step that does not fit itself is left: %s', (_, given, state) => {
    expect(verifyTarget(given, state)).toEqual({ kind: 'leave', reason: 'changed' });
  });
});

describe('whether a change took effect', () => {
  const of = (action: ActionStep['action'], target: ActionTarget, before: StateBefore, state: TargetState) =>
    effectOf({ action, target, before }, state);

  it('of a credential: it is inactive now', () => {
    expect(of('deactivate', key, active, credential(false))).toBe('effect');
    expect(of('deactivate', key, active, credential(true))).toBe('no-effect');
    expect(of('deactivate', key, active, noCredential)).toBe('credential-gone');
    expect(of('deactivate', key, active, gone)).toBe('user-gone');
  });

  it('of an attachment: it is there, or not', () => {
    expect(of('attach-policy', policy, free, attached(enrolment))).toBe('effect');
    expect(of('attach-policy', policy, free, attached(hold))).toBe('no-effect');
    expect(of('detach-policy', policy, denied, attached(hold))).toBe('effect');
    expect(of('detach-policy', policy, denied, attached(enrolment))).toBe('no-effect');
    // What is no policy is not detached because none is there.
    expect(of('detach-policy', key, denied, attached())).toBe('no-effect');
  });

  it('of a password: it is gone, or another', () => {
    expect(of('delete-login-profile', profile, password, login(null))).toBe('effect');
    expect(of('delete-login-profile', profile, password, login(later))).toBe('effect');
    expect(of('delete-login-profile', profile, password, login(created))).toBe('no-effect');
  });
});
