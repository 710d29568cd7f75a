import type { ControlState } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { ActionStep } from '../model/action.ts';
import { type GuardedAccount, type GuardPolicy, guardActions, guardUser, protectionOf } from './guard.ts';
import { refusalReasons } from './limit-reasons.ts';
import { usersPerDay } from './limits.ts';

const accountId = '111122223333';
const now = new Date('2026-11-24T10:30:00Z');
const open: ControlState = { readable: true, pauses: [], suppressions: [] };

const step = (user: string, changes: Partial<ActionStep> = {}): ActionStep => ({
  id: `${user}/${changes.action ?? 'deactivate'}/${changes.caseId ?? 'key-age/1'}`,
  action: 'deactivate',
  effect: 'new-deny',
  reason: 'due',
  because: 'due',
  subject: { accountId, userId: `AIDA${user}`, userName: user, arn: `arn:aws:iam::${accountId}:user/${user}` },
  target: { kind: 'access-key', accessKeyId: 'AKIA1' },
  caseId: 'key-age/1',
  precondition: { kind: 'credential', active: true, createdAt: '2026-01-01T00:00:00.000Z' },
  ...changes,
});
const release = (user: string): ActionStep => step(user, { action: 'detach-policy', effect: 'release' });
const account: GuardedAccount = { users: 1_000, unreadable: 0, control: open };
const policy: GuardPolicy = {
  limits: { maxUsersPerDay: 2, maxPercentPerDay: 100 },
  breakGlass: [`arn:aws:iam::${accountId}:user/break-glass`],
  ownPrincipals: [`arn:aws:iam::${accountId}:user/remedykit`],
};
/** What is let through, then what is refused and why, user by user. */
const guard = (
  steps: readonly ActionStep[],
  { counted = [], ...known }: Partial<GuardedAccount> & { readonly counted?: readonly string[] } = {},
  limits: Partial<GuardPolicy['limits']> = {},
): readonly string[] => {
  const plans = new Map<string, ActionStep[]>();
  for (const each of steps) plans.set(each.subject.userId, [...(plans.get(each.subject.userId) ?? []), each]);
  const guarded = [
    ...guardActions(
      plans,
      counted,
      { ...account, ...known },
      { ...policy, limits: { ...policy.limits, ...limits } },
      now,
    ).values(),
  ].map(({ plan }) => plan);
  const through = guarded.flatMap((plan) => plan.steps);
  const refused = guarded.flatMap((plan) => plan.refused);
  expect(through.length + refused.length).toBe(steps.length);
  return [
    ...through.map(({ subject }) => subject.userName),
    ...refused.map(({ step: { subject }, refused: { reason, because } }) => {
      if (Object.hasOwn(refusalReasons, reason) && !['paused', 'control-unreadable'].includes(reason))
        expect(because).toBe(refusalReasons[reason as keyof typeof refusalReasons]);
      return `${subject.userName}: ${reason}`;
    }),
  ];
};

describe('the guard', () => {
  it('counts users, not steps, and lets through whom it counted before', () => {
    const steps = [step('a'), step('a', { caseId: 'mfa/password' }), step('b'), step('c'), step('d')];
    expect(guard(steps)).toEqual(['a', 'a', 'b', 'c: limit-users', 'd: limit-users']);
    expect(guard(steps, { counted: ['AIDAd', 'AIDAx'] })).toEqual([
      'd',
      'a: limit-users',
      'a: limit-users',
      'b: limit-users',
      'c: limit-users',
    ]);
  });

  it('the smaller limit wins, the percentage rounds up, and zero is none', () => {
    expect(usersPerDay({ maxUsersPerDay: 25, maxPercentPerDay: 5 }, 101)).toBe(6);
    expect(usersPerDay({ maxUsersPerDay: 5, maxPercentPerDay: 5 }, 101)).toBe(5);
    expect(guard([step('a')], {}, { maxUsersPerDay: 0 })).toEqual(['a: limit-users']);
    expect(guard([step('a')], {}, { maxPercentPerDay: 0 })).toEqual(['a: limit-users']);
    expect(guard([step('a')], { users: 0 })).toEqual(['a: limit-users']);
    expect(() => guard([step('a')], {}, { maxUsersPerDay: Number.NaN })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });

  it('never denies break-glass users and own principals anything, however their ARN is written', () => {
    expect(guard([step('break-glass'), step('Remedykit'), step('break-glass2')])).toEqual([
      'break-glass2',
      'break-glass: break-glass',
      'Remedykit: own-principal',
    ]);
    expect(guard([release('break-glass')])).toEqual(['break-glass']);
    const breakGlass = ['one', 'other'].map((name) => `arn:aws:iam::${accountId}:user/${name}`);
    const of = (name: string) =>
      protectionOf(`arn:aws:iam::${accountId}:user/${name}`, { breakGlass, ownPrincipals: [] })?.reason;
    expect([of('one'), of('other'), of('third')]).toEqual(['break-glass', 'break-glass', undefined]);
  });

  it('a pause of new denies lets releases through, one of all writes nothing', () => {
    const paused = (scope: 'all-writes' | 'new-denies'): ControlState => ({
      ...open,
      pauses: [
        { scope, reason: 'x', requestedBy: 'y', from: '2026-11-24T10:00:00.000Z', until: '2026-11-24T11:00:00.000Z' },
      ],
    });
    const steps = [step('a'), release('b')];
    expect(guard(steps, { control: paused('new-denies') })).toEqual(['b', 'a: paused']);
    expect(guard(steps, { control: paused('all-writes') })).toEqual(['a: paused', 'b: paused']);
    const control: ControlState = { readable: false, error: { code: 'STATE_UNAVAILABLE', message: 'gone' } };
    expect(guard(steps, { control })).toEqual(['a: control-unreadable', 'b: control-unreadable']);
  });

  it('I16: nobody is denied anything while the journal cannot be counted', () => {
    expect(guard([step('a'), release('b')], { unreadable: 1 })).toEqual(['b', 'a: journal-unreadable']);
    expect(guard([step('a', { action: 'attach-policy' })], { unreadable: 1 })).toEqual(['a: journal-unreadable']);
  });

  it('releases cost nothing of the limit', () => {
    const steps = [release('a'), release('b'), step('c'), step('d')];
    expect(guard(steps, {}, { maxUsersPerDay: 1 })).toEqual(['a', 'b', 'c', 'd: limit-users']);
    expect(guard([release('a'), release('b'), release('c')], {}, { maxUsersPerDay: 0 })).toEqual(['a', 'b', 'c']);
  });

  it('of a swap all is refused or nothing: half of it would set the user free', () => {
    const swap = [step('a'), release('a'), release('b')];
    expect(guard(swap, {}, { maxUsersPerDay: 0 })).toEqual(['b', 'a: limit-users', 'a: part-refused']);
  });

  it('attaches nothing while the policies are not as they must be, and still takes them off', () => {
    const attach = step('a', { action: 'attach-policy' });
    const noAttachment = { reason: 'policy-drift', because: 'different' };
    const swap = [attach, release('a'), { ...release('a'), caseId: 'other' }, step('b')];
    expect(guard(swap, { noAttachment })).toEqual(['a', 'b', 'a: policy-drift', 'a: part-refused']);
    const freeing = { ...attach, effect: 'release' } as const;
    expect(guard([freeing], { noAttachment })).toEqual(['a: policy-drift']);
  });

  it('denies nobody anything while the reservations cannot be read', () => {
    const uncounted = { reason: 'LIMITS_INVALID', because: 'broken' };
    expect(guard([step('a'), release('b')], { uncounted })).toEqual(['b', 'a: LIMITS_INVALID']);
  });

  it('keeps what it decided on, user by user, so that it can be decided again', () => {
    const plans = new Map([
      ['AIDAa', [step('a')]],
      ['AIDAb', [release('b')]],
      ['AIDAc', [step('c')]],
    ]);
    const guarded = guardActions(plans, ['AIDAc'], account, policy, now);
    expect(
      [...guarded].map(
        ([
          userId,
          {
            facts: { counted, isCounted, steps },
          },
        ]) => [userId, counted, isCounted, steps],
      ),
    ).toEqual([
      ['AIDAa', 1, false, [step('a')]],
      ['AIDAb', 2, false, [release('b')]],
      ['AIDAc', 2, true, [step('c')]],
    ]);
    for (const { facts, plan, at } of guarded.values()) expect(guardUser(facts, policy, at)).toEqual(plan);
  });
});
