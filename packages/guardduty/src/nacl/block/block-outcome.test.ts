import { needsRetry, type StepOutcome, toJson } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { DenyStep, JudgedThreat, ThreatsPlan } from '../../gate/decide-threats.ts';
import { blackholeTraffic, sshBruteForce } from '../../testing/findings.ts';
import { extractThreats } from '../../threats/extract.ts';
import type { Placement } from '../entries/entry-plan.ts';
import { sampleSeen } from '../ledger/sample-ledger.ts';
import type { BlockOutcome } from '../outcome.ts';
import { blockOutcome } from './block-outcome.ts';
import type { PlacedDeny } from './placed-deny.ts';

const finding = sshBruteForce({ from: '198.51.100.7', at: new Date(sampleSeen) });
const [threat] = extractThreats(finding);
if (threat === undefined) throw new Error('the finding has a threat');

const match = { cidr: '198.51.100.7/32', protocol: '6', ports: { from: 22, to: 22 } } as const;

const deny: DenyStep = {
  id: 'd1',
  action: 'deny',
  reason: 'brute-force',
  because: 'It guesses passwords.',
  precondition: null,
  egress: false,
  cidr: match.cidr,
  protocol: '6',
  runs: [match.ports],
  omittedRuns: [],
  expiresAt: '2026-11-25T09:55:00.000Z',
  spoofable: false,
};

const judged: JudgedThreat = { threat, verdict: 'deny', reason: deny.reason, because: deny.because, stepIds: ['d1'] };

const planOf = (changes: Partial<ThreatsPlan> = {}): ThreatsPlan => ({
  steps: [deny],
  refused: [],
  judged: [judged],
  escalate: false,
  ...changes,
});

const placed = (
  result: Placement['result'],
  changes: Partial<Placement> = {},
  step?: Partial<StepOutcome>,
  networkAclId = 'acl-1',
): PlacedDeny => ({
  kind: 'placed',
  networkAclId,
  egress: false,
  subnetIds: ['subnet-1'],
  placement: {
    denyId: 'd1',
    match,
    result,
    ruleNumber: 10,
    expiresAt: deny.expiresAt,
    reason: 'new',
    because: 'b',
    news: true,
    ...changes,
  },
  ...(step
    ? {
        step: {
          stepId: 'create-entry/10',
          action: 'create-entry',
          status: 'applied',
          retryable: false,
          reason: 'applied',
          because: 'Rule 10 denies it now.',
          ...step,
        },
      }
    : {}),
});

const outcomeOf = (denies: readonly PlacedDeny[], plan: ThreatsPlan = planOf(), preview = false): BlockOutcome => {
  const outcome = blockOutcome({ finding, preview, plan, denies: new Map([['d1', denies]]) });
  expect(toJson(outcome)).toEqual(outcome);
  return outcome;
};

const saidOf = ({ threats }: BlockOutcome): string =>
  threats.map(({ outcome, reason, announce }) => `${outcome} ${reason}${announce ? ' announce' : ''}`).join('; ');

describe('blockOutcome in one network ACL', () => {
  const failed = { status: 'failed', retryable: true } as const;

  it.each<[string, PlacedDeny, string, { entries: number; missing: number; retry: boolean; escalate: boolean }]>([
    [
      'a new deny',
      placed('create', {}, {}),
      'blocked brute-force announce',
      { entries: 1, missing: 0, retry: false, escalate: false },
    ],
    [
      'a deny that EC2 had already',
      placed('create', {}, { status: 'already-applied' }),
      'blocked brute-force announce',
      { entries: 1, missing: 0, retry: false, escalate: false },
    ],
    [
      'a deny that was put back',
      placed('create', { reason: 'restore' }, {}),
      'blocked brute-force announce',
      { entries: 1, missing: 0, retry: false, escalate: false },
    ],
    [
      'a deny that had not gone after all',
      placed('create', { reason: 'restore' }, { status: 'already-applied', reason: 'already-exists' }),
      'unchanged already-exists',
      { entries: 1, missing: 0, retry: false, escalate: false },
    ],
    [
      'a longer deny',
      placed('extend', { reason: 'seen-again', news: false }, {}),
      'extended seen-again',
      { entries: 1, missing: 0, retry: false, escalate: false },
    ],
    [
      'a deny in force',
      placed('present', { reason: 'in-force', news: false }),
      'unchanged in-force',
      { entries: 1, missing: 0, retry: false, escalate: false },
    ],
    [
      'a deny in force, on a repeated delivery',
      placed('present', { reason: 'in-force' }),
      'unchanged in-force announce',
      { entries: 1, missing: 0, retry: false, escalate: false },
    ],
    [
      'a failed write',
      placed('create', {}, { ...failed, reason: 'throttled' }),
      'failed throttled announce',
      { entries: 0, missing: 1, retry: true, escalate: false },
    ],
    [
      'an unknown effect',
      placed('create', {}, { ...failed, reason: 'unknown-effect' }),
      'failed unknown-effect announce',
      { entries: 0, missing: 1, retry: true, escalate: false },
    ],
    [
      'a full network ACL, by EC2',
      placed('create', {}, { ...failed, retryable: false, reason: 'quota' }),
      'not-blocked quota announce',
      { entries: 0, missing: 1, retry: false, escalate: true },
    ],
    [
      'a full network ACL, by count',
      placed('unplaced', { reason: 'quota' }),
      'not-blocked quota announce',
      { entries: 0, missing: 1, retry: false, escalate: true },
    ],
    [
      'a full network ACL, told before',
      placed('unplaced', { reason: 'quota', news: false }),
      'not-blocked quota',
      { entries: 0, missing: 1, retry: false, escalate: true },
    ],
    [
      'an allow before it',
      placed('ineffective', { reason: 'allow-precedes' }),
      'ineffective allow-precedes announce',
      { entries: 0, missing: 1, retry: false, escalate: true },
    ],
    [
      'another worker',
      placed('in-progress', { reason: 'in-progress', news: false }),
      'failed in-progress',
      { entries: 0, missing: 1, retry: true, escalate: false },
    ],
    [
      'a suppression',
      placed('refused', { reason: 'suppressed', news: false }),
      'refused suppressed',
      { entries: 0, missing: 1, retry: false, escalate: false },
    ],
    [
      'a pause',
      placed('refused', { reason: 'paused' }),
      'refused paused announce',
      { entries: 0, missing: 1, retry: false, escalate: false },
    ],
    [
      'a pause that could not be read',
      placed('refused', { reason: 'control-unreadable' }),
      'failed control-unreadable announce',
      { entries: 0, missing: 1, retry: true, escalate: false },
    ],
    [
      'a ledger that cannot be read',
      { kind: 'failed', networkAclId: 'acl-1', egress: false, retryable: true, reason: 'ledger-invalid', because: 'b' },
      'failed ledger-invalid announce',
      { entries: 0, missing: 1, retry: true, escalate: false },
    ],
    [
      'no place',
      { kind: 'no-place', reason: 'no-instance', because: 'b' },
      'escalated no-instance announce',
      { entries: 0, missing: 0, retry: false, escalate: true },
    ],
  ])('G44: %s', (_, denied, said, { entries, missing, retry, escalate }) => {
    const outcome = outcomeOf([denied]);
    expect(saidOf(outcome)).toBe(said);
    expect(outcome.threats[0]?.entries).toHaveLength(entries);
    expect(outcome.threats[0]?.missing).toHaveLength(missing);
    expect(needsRetry(outcome)).toBe(retry);
    expect(outcome.escalate).toBe(escalate);
    expect(outcome.steps).toHaveLength(1);
  });

  it('a deny that nothing became of is escalated, not a success', () => {
    const outcome = outcomeOf([]);
    expect(saidOf(outcome)).toBe('escalated no-place announce');
    expect(outcome.escalate).toBe(true);
  });

  it('a step without an outcome is no success', () => {
    const outcome = outcomeOf([placed('create')]);
    expect(saidOf(outcome)).toMatch(/^failed /);
    expect(needsRetry(outcome)).toBe(true);
  });

  it('G49: a preview says what would be written', () => {
    const skipped = { status: 'skipped', reason: 'dry-run' } as const;
    const outcome = outcomeOf([placed('create', {}, skipped)], planOf(), true);
    expect(saidOf(outcome)).toBe('planned brute-force announce');
    expect(outcome.threats[0]?.entries).toMatchObject([
      { networkAclId: 'acl-1', ruleNumber: 10, egress: false, subnetIds: ['subnet-1'], ...match },
    ]);
    expect(outcome.preview).toBe(true);
    expect(saidOf(outcomeOf([placed('unplaced', { reason: 'quota' })], planOf(), true))).toBe(
      'not-blocked quota announce',
    );
  });

  it('says that time ran out', () => {
    const late = { status: 'failed', retryable: true, reason: 'out-of-time' } as const;
    expect(outcomeOf([placed('create', {}, late)]).done).toBe(false);
    expect(outcomeOf([placed('create', {}, {})]).done).toBe(true);
  });

  it('says which attacked ports are not denied', () => {
    const step = {
      ...deny,
      omittedRuns: [
        { from: 443, to: 443 },
        { from: 8000, to: 8010 },
      ],
    };
    const [outcome] = outcomeOf([placed('create', {}, {})], planOf({ steps: [step] })).threats;
    expect(outcome?.missing.map(({ reason, because }) => `${reason} ${because.slice(0, 20)}`)).toEqual([
      'port-runs Ports 443 were attac',
      'port-runs Ports 8000 to 8010 w',
    ]);
  });
});

describe('blockOutcome in several network ACLs', () => {
  const good = placed('create', {}, {});

  it.each<[string, PlacedDeny, string]>([
    [
      'a failure',
      placed('create', {}, { status: 'failed', retryable: true, reason: 'throttled' }, 'acl-2'),
      'failed throttled announce',
    ],
    ['no room', placed('unplaced', { reason: 'quota', news: false }, undefined, 'acl-2'), 'not-blocked quota announce'],
    [
      'no effect',
      placed('ineffective', { reason: 'allow-precedes' }, undefined, 'acl-2'),
      'ineffective allow-precedes announce',
    ],
    ['another account', { kind: 'no-place', reason: 'shared-vpc', because: 'b' }, 'escalated shared-vpc announce'],
    [
      'a suppression',
      placed('refused', { reason: 'suppressed', news: false }, undefined, 'acl-2'),
      'refused suppressed announce',
    ],
    [
      'a deny in force',
      placed('present', { reason: 'in-force', news: false }, undefined, 'acl-2'),
      'blocked brute-force announce',
    ],
  ])('G44: one success beside %s tells the worse', (_, other, said) => {
    for (const denies of [
      [good, other],
      [other, good],
    ]) {
      const outcome = outcomeOf(denies);
      expect(saidOf(outcome)).toBe(said);
      // What is in force is shown all the same.
      expect(outcome.threats[0]?.entries.map(({ networkAclId }) => networkAclId)).toContain('acl-1');
      expect(outcome.steps).toHaveLength(2);
    }
  });

  it('gives each network ACL a step of its own', () => {
    const ids = outcomeOf([good, placed('create', {}, {}, 'acl-2')]).steps.map(({ stepId }) => stepId);
    expect(ids).toEqual(['d1@acl-1', 'd1@acl-2']);
  });
});

describe('blockOutcome of what the gate said', () => {
  const said = (verdict: JudgedThreat['verdict'], reason: string): BlockOutcome =>
    outcomeOf([], planOf({ steps: [], judged: [{ ...judged, verdict, reason, stepIds: [] }] }));

  it.each([
    ['archived', false],
    ['allow-listed', false],
    ['reserved', false],
    ['vpc-cidr', false],
    ['suppressed', false],
    ['account-not-listed', false],
    ['sample', true],
    ['own-address', true],
  ])('announces a refusal as %s: %s', (reason, announce) => {
    const outcome = said('refused', reason);
    expect(saidOf(outcome)).toBe(`refused ${reason}${announce ? ' announce' : ''}`);
    expect(outcome.escalate).toBe(false);
    expect(needsRetry(outcome)).toBe(false);
  });

  it('announces what is escalated and what is not blocked, and has a person look', () => {
    for (const [verdict, reason] of [
      ['escalated', 'stale'],
      ['not-blocked', 'superseded'],
    ] as const) {
      const outcome = said(verdict, reason);
      expect(saidOf(outcome)).toBe(`${verdict} ${reason} announce`);
      expect(outcome.escalate).toBe(true);
      expect(needsRetry(outcome)).toBe(false);
    }
  });

  it('G26, G42: asks for a retry of what failed, and says so', () => {
    const outcome = said('failed', 'facts-unavailable');
    expect(saidOf(outcome)).toBe('failed facts-unavailable announce');
    expect(needsRetry(outcome)).toBe(true);
  });

  it('says nothing about what is ignored', () => {
    expect(saidOf(said('ignored', 'x'))).toBe('ignored x');
  });

  it('keeps what the plan escalates, whatever was blocked', () => {
    const outbound = blackholeTraffic({ at: new Date(sampleSeen) });
    const outcome = blockOutcome({
      recordId: 'r1',
      finding: outbound,
      preview: false,
      plan: planOf({ escalate: true }),
      denies: new Map([['d1', [placed('create', {}, {})]]]),
    });
    expect(outcome).toMatchObject({ kind: 'block', recordId: 'r1', escalate: true, threats: [{ outcome: 'blocked' }] });
  });
});
