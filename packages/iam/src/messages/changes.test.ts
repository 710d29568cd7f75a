import { describe, expect, it } from 'vitest';
import { changesOf } from './changes.ts';
import type { RunAction } from './run-summary.ts';
import { sampleDeactivation, samplePolicyAction, sampleSummary } from './sample-actions.ts';

const changes = (...actions: readonly RunAction[]): string[] =>
  changesOf(actions.map((one) => ({ account: sampleSummary(), one }))).map(
    ({ subject, kind, end }) => `${subject} ${kind} ${end}`,
  );

const swap = (to: 'enrolment' | 'hold', attached: Partial<RunAction>, detached: Partial<RunAction>): RunAction[] => [
  samplePolicyAction('attach-policy', to, attached),
  samplePolicyAction('detach-policy', to === 'hold' ? 'enrolment' : 'hold', detached),
];

describe('changesOf', () => {
  it.each([
    ['a deactivation', sampleDeactivation(), 'alice deactivated applied'],
    ['an attached enrolment', samplePolicyAction('attach-policy', 'enrolment'), 'ben denied applied'],
    ['an attached hold', samplePolicyAction('attach-policy', 'hold'), 'ben held applied'],
    ['a detachment', samplePolicyAction('detach-policy', 'enrolment', { reason: 'complies' }), 'ben freed applied'],
    ['a detached hold', samplePolicyAction('detach-policy', 'hold', { reason: 'exempt' }), 'ben freed applied'],
    [
      'a deleted password',
      sampleDeactivation({ action: 'delete-login-profile', rule: 'mfa' }),
      'alice password-deleted applied',
    ],
    ['a lost answer', sampleDeactivation({ status: 'failed', reason: 'unknown-effect' }), 'alice deactivated unknown'],
    ['a failure', sampleDeactivation({ status: 'failed', reason: 'busy' }), 'alice deactivated failed'],
  ] as const)('%s is what it means to the user', (_, action, change) => expect(changes(action)).toEqual([change]));

  it('takes both steps of a swap for one change', () => {
    expect(changes(...swap('enrolment', {}, {}))).toEqual(['ben opened applied']);
    expect(changes(...swap('hold', {}, {}))).toEqual(['ben closed applied']);
    expect(changes(...swap('hold', { status: 'planned' }, { status: 'planned' }))).toEqual(['ben closed planned']);
  });

  it('knows the rest of a swap that an earlier run began', () => {
    expect(changes(samplePolicyAction('detach-policy', 'hold', { reason: 'confirmed' }))).toEqual([
      'ben opened applied',
    ]);
    for (const reason of ['confirm-lapsed', 'on-hold'])
      expect(changes(samplePolicyAction('detach-policy', 'enrolment', { reason }))).toEqual(['ben closed applied']);
    expect(changes(...swap('enrolment', { status: 'already-applied' }, {}))).toEqual(['ben opened applied']);
    const lost = samplePolicyAction('detach-policy', 'hold', { reason: 'answer-lost', decided: 'confirmed' });
    expect(changes(lost)).toEqual(['ben opened applied']);
  });

  it('I26: calls half a swap neither done nor undone', () => {
    expect(changes(...swap('enrolment', {}, { status: 'failed', reason: 'busy' }))).toEqual([
      'ben enrolment-attached applied',
      'ben hold-detached failed',
    ]);
    expect(changes(...swap('hold', { status: 'failed', reason: 'busy' }, { status: 'skipped', reason: 'x' }))).toEqual([
      'ben hold-attached failed',
      'ben enrolment-detached skipped',
    ]);
  });

  it('keeps users of the same name in two accounts apart', () => {
    const [attached, detached] = swap('hold', {}, {});
    if (attached === undefined || detached === undefined) throw new Error('no swap');
    const found = changesOf([
      { account: sampleSummary(), one: attached },
      { account: sampleSummary({ accountId: '444455556666' }), one: detached },
    ]);
    expect(found.map(({ kind }) => kind)).toEqual(['held', 'freed']);
  });
});
