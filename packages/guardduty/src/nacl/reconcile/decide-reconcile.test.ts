import { addTo, days, hours, minutes, replay, seconds, toJson } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { naclDeciders } from '../deciders.ts';
import type { AclEntry } from '../entries/acl.ts';
import type { Ledger, Slot } from '../ledger/ledger.ts';
import {
  entryOf,
  freshEntries,
  sampleNow as now,
  sampleClaim,
  sampleLease,
  sampleLedger,
  sampleSlot,
} from '../ledger/sample-ledger.ts';
import type { BlockerPolicy } from '../policy.ts';
import { samplePolicy } from '../sample-policy.ts';
import { decideReconcile } from './decide-reconcile.ts';
import type { Adoption, ReconcileFacts, ReconcilePlan } from './reconcile-plan.ts';

const factsOf = (
  slots: readonly Slot[],
  changes: Partial<ReconcileFacts> = {},
  ledger: Partial<Ledger> = {},
): ReconcileFacts => ({
  ledger: sampleLedger({ slots, ...ledger }),
  entries: [...slots.map(entryOf), ...freshEntries],
  guard: { mode: 'enforce' },
  suppressed: [],
  lease: sampleLease,
  ...changes,
});

/** Decides, and makes sure that an auditor comes to the same. */
const decide = (facts: ReconcileFacts, policy: BlockerPolicy = samplePolicy(), at: Date = now): ReconcilePlan => {
  const plan = decideReconcile(facts, policy, at);
  const record = {
    schema: 1,
    id: 'a1',
    at: at.toISOString(),
    library: 'test',
    decider: 'nacl/reconcile',
    facts: toJson(facts),
    policy: toJson(policy),
    plan: toJson(plan),
    outcomes: [],
    correlation: { runId: 'r1' },
  } as const;
  expect(replay(record, naclDeciders).differences).toEqual([]);
  return plan;
};

const without = { entries: freshEntries };
const stepsOf = ({ steps }: ReconcilePlan): string[] => steps.map(({ id }) => id);
const saidOf = ({ releases }: ReconcilePlan): string[] => releases.map(({ result, reason }) => `${result} ${reason}`);
const vanishedAt = (ms: number, cidr = '198.51.100.7/32') => ({ cidr, at: addTo(now, -ms) });
const deny = (ruleNumber: number, cidr = '192.0.2.1/32', changes: Partial<AclEntry> = {}): AclEntry => ({
  ruleNumber,
  cidr,
  action: 'deny',
  protocol: '-1',
  ...changes,
});

describe('what vanished', () => {
  it('is put back under a lease, and says so', () => {
    const plan = decide(factsOf([sampleSlot()], without));
    expect(plan.steps).toMatchObject([
      { action: 'create-entry', origin: 'restore', slot: { status: 'claimed', lease: sampleLease, ruleNumber: 10 } },
    ]);
    expect(saidOf(plan)).toEqual(['restore restore']);
  });

  it.each([
    ['was put back a day ago', [vanishedAt(days(1))], 'restore restore'],
    ['was put back less than a day ago', [vanishedAt(days(1) - 1)], 'give-up contested'],
    ['was put back ten minutes ago', [vanishedAt(minutes(10))], 'give-up contested'],
    ['was put back a moment ago, so that EC2 may answer late', [vanishedAt(minutes(10) - 1)], 'restore restore'],
    ['is the second in ten minutes', [vanishedAt(minutes(9), '192.0.2.1/32')], 'restore restore'],
    [
      'is the third in ten minutes',
      [vanishedAt(minutes(1), '192.0.2.1/32'), vanishedAt(minutes(9), '192.0.2.2/32')],
      'give-up contested',
    ],
    [
      'is the third in more than ten minutes',
      [vanishedAt(minutes(1), '192.0.2.1/32'), vanishedAt(minutes(10), '192.0.2.2/32')],
      'restore restore',
    ],
  ])('%s', (_, vanishings, expected) => {
    expect(saidOf(decide(factsOf([sampleSlot()], without, { vanishings })))).toEqual([expected]);
  });

  it('is given up with all others when one of them shows a quarrel, listed as not denied, and told once', () => {
    const slots = [sampleSlot({ ruleNumber: 10, cidr: '198.51.100.1/32' }), sampleSlot({ ruleNumber: 11 })];
    const plan = decide(factsOf(slots, without, { vanishings: [vanishedAt(hours(2))] }));
    expect(stepsOf(plan)).toEqual([
      'contest',
      'note/contested',
      'drop-slot/10',
      'note-unplaced/198.51.100.1/32/6/22',
      'drop-slot/11',
      'note-unplaced/198.51.100.7/32/6/22',
      'note/let-go',
    ]);
    expect(plan.contest).toMatchObject({ state: 'begun', news: true, contest: { until: addTo(now, days(1)) } });
    expect(plan.steps[3]).toMatchObject({ unplaced: { reason: 'contested', findingId: 'f0', severity: 2 } });
  });

  it('is not concluded from what EC2 may not show yet', () => {
    for (const [age, expected] of [
      [seconds(30), []],
      [seconds(30) + 1, ['restore restore']],
    ] as const) {
      expect(saidOf(decide(factsOf([sampleSlot({ writtenAt: addTo(now, -age) })], without)))).toEqual(expected);
    }
  });

  it('is let go when it has ended, is suppressed, or is not in the reserved range any more', () => {
    expect(saidOf(decide(factsOf([sampleSlot({ expiresAt: now.toISOString() })], without)))).toEqual([
      'gone already-gone',
    ]);
    expect(saidOf(decide(factsOf([sampleSlot()], { ...without, suppressed: ['198.51.100.0/24'] })))).toEqual([
      'gone already-gone',
    ]);
    const moved = samplePolicy({ ruleNumbers: { from: 20, to: 99 } });
    expect(saidOf(decide(factsOf([sampleSlot()], without), moved))).toEqual(['give-up already-gone']);
  });

  it('is not put back before the gate has been asked, nor where it would refuse', () => {
    const asked = (gate: ReconcileFacts['gate']) =>
      saidOf(decide(factsOf([sampleSlot()], { ...without, ...(gate ? { gate } : {}) })));
    const cidr = '198.51.100.7/32';
    expect(asked({ inventories: {}, answers: { [cidr]: {} } })).toEqual(['restore restore']);
    expect(asked({ inventories: {}, answers: { [cidr]: {} }, problem: 'THROTTLED' })).toEqual([
      'kept facts-unavailable',
    ]);
    expect(asked({ inventories: {}, answers: {} })).toEqual(['kept facts-unavailable']);
    expect(asked({ inventories: {}, answers: { [cidr]: { ownAddress: cidr } } })).toEqual(['gone already-gone']);
  });

  it('G13: is given up where an allow would be evaluated first', () => {
    const allow = deny(5, '198.51.100.0/24', { action: 'allow' });
    expect(saidOf(decide(factsOf([sampleSlot()], { entries: [allow, ...freshEntries] })))).toEqual([
      'give-up allow-precedes',
    ]);
  });

  it('is put back no more often than entry writes are allowed', () => {
    const slots = [10, 11, 12].map((ruleNumber) => sampleSlot({ ruleNumber, cidr: `198.51.100.${ruleNumber}/32` }));
    const plan = decide(factsOf(slots, without), samplePolicy({ entryWritesPerHour: 2 }));
    expect(saidOf(plan)).toEqual(['restore restore', 'restore restore', 'refused flood']);
    expect(plan.refused).toHaveLength(1);
    expect(saidOf(decide(factsOf(slots, without), samplePolicy({ entryWritesPerHour: 0 })))).toEqual(
      Array(3).fill('refused flood'),
    );
  });
});

describe('what agrees', () => {
  it('needs nothing', () => {
    expect(decide(factsOf([sampleSlot()]))).toEqual({ steps: [], refused: [], releases: [], orphans: [] });
  });

  it('a deny outside the range, moved since, that is still there is left to its end', () => {
    const moved = samplePolicy({ ruleNumbers: { from: 20, to: 99 } });
    expect(decide(factsOf([sampleSlot()]), moved).releases).toEqual([]);
  });

  it('G9: a slot under a live lease is left to its worker, whatever EC2 shows', () => {
    for (const entries of [freshEntries, [deny(10), ...freshEntries]]) {
      const plan = decide(factsOf([sampleClaim(1)], { entries }));
      expect(plan.releases).toEqual([]);
      expect(plan.orphans).toEqual([]);
    }
  });
});

describe('what a dead writer left', () => {
  it('is finished as by a sweep', () => {
    const slot = sampleClaim(-minutes(1));
    expect(saidOf(decide(factsOf([slot])))).toEqual(['settle settled']);
    expect(saidOf(decide(factsOf([slot], without)))).toEqual(['retake retake']);
  });

  it('is given up where people quarrel', () => {
    const contested = { since: addTo(now, -hours(1)), until: addTo(now, hours(1)), because: 'They do.' };
    const plan = decide(factsOf([sampleClaim(-minutes(1))], without, { contested }));
    expect(saidOf(plan)).toEqual(['give-up contested']);
  });
});

describe('a quarrel', () => {
  const contested = { since: addTo(now, -hours(1)), until: addTo(now, 1), because: 'They do.' };

  it('is on until its end, and told once', () => {
    const first = decide(factsOf([], {}, { contested }));
    expect(first.contest).toMatchObject({ state: 'on', news: true });
    expect(stepsOf(first)).toEqual(['note/contested']);
    const about = `contested/${contested.since}`;
    const notices = [{ about, at: now.toISOString() }];
    const next = decide(factsOf([], {}, { contested, notices }));
    expect(next.contest).toMatchObject({ state: 'on', news: false });
    expect(next.steps).toEqual([]);
  });

  it('is taken out of the ledger when it is over, and that is told', () => {
    const plan = decide(factsOf([], {}, { contested }), samplePolicy(), new Date(now.getTime() + 1));
    expect(plan.contest).toMatchObject({ state: 'over', news: true });
    expect(stepsOf(plan)).toEqual(['end-contest']);
  });

  it('is no pause: what is in force stays, and what a pause says comes first', () => {
    const paused = { reason: 'paused', because: 'a.smith said so.' };
    const guard = { mode: 'enforce', newDeniesPaused: paused, allWritesPaused: paused } as const;
    const plan = decide(factsOf([sampleSlot()], { ...without, guard }, { vanishings: [vanishedAt(hours(2))] }));
    expect(saidOf(plan)).toEqual(['refused paused']);
    // That there is a quarrel is kept and told all the same.
    expect(stepsOf(plan)).toEqual(['contest', 'note/contested']);
  });
});

describe('denies that the ledger does not know', () => {
  const orphansOf = (plan: ReconcilePlan) => plan.orphans.map(({ entry, news }) => `${entry.ruleNumber} ${news}`);

  it('are those of the reserved range, and no allows', () => {
    const entries = [deny(9), deny(10), deny(99), deny(98, '192.0.2.2/32', { action: 'allow' }), ...freshEntries];
    expect(orphansOf(decide(factsOf([], { entries })))).toEqual(['10 true', '99 true']);
  });

  it('one note holds all that were told, in few characters', () => {
    const entries = [10, 11, 12, 14, 20, 21].map((n) => deny(n));
    const plan = decide(factsOf([], { entries }));
    expect(plan.steps).toMatchObject([{ action: 'note', notice: { about: 'orphans/10-12,14,20-21' } }]);
    const notices = [{ about: 'orphans/10-12,14,20-21', at: now.toISOString() }];
    expect(decide(factsOf([], { entries }, { notices })).steps).toEqual([]);
    expect(stepsOf(decide(factsOf([], {}, { notices })))).toEqual(['note/orphans']);
    const latest = [{ about: 'orphans/none', at: now.toISOString() }, ...notices];
    expect(orphansOf(decide(factsOf([], { entries: [deny(10)] }, { notices: latest })))).toEqual(['10 true']);
  });

  it.each(['orphans/', 'orphans/x', 'orphans/5-1', 'orphans/0-99999999', 'orphans/1-2-3'])(
    'a note that nobody wrote here (%s) hides nothing and takes no time',
    (about) => {
      const notices = [{ about, at: now.toISOString() }];
      expect(orphansOf(decide(factsOf([], { entries: [deny(50)] }, { notices })))).toEqual(['50 true']);
    },
  );

  it('one whose address ended a moment ago is none', () => {
    const entries = [deny(10)];
    for (const [age, expected] of [
      [seconds(30), []],
      [seconds(30) + 1, ['10 true']],
    ] as const) {
      const history = [{ cidr: '192.0.2.1/32', blocks: 1, endedAt: addTo(now, -age) }];
      expect(orphansOf(decide(factsOf([], { entries }, { history })))).toEqual(expected);
    }
  });

  it('what took our number is foreign, and not news a second time', () => {
    const plan = decide(factsOf([sampleSlot()], { entries: [deny(10)] }));
    expect(saidOf(plan)).toEqual(['foreign foreign']);
    expect(orphansOf(plan)).toEqual(['10 false']);
  });
});

describe('adoption', () => {
  const adoption: Adoption = { requestedBy: 'a.smith', reason: 'INC-12', expiresAt: addTo(now, hours(5)) };
  const adopt = (entries: readonly AclEntry[], adoptIt: Adoption = adoption) =>
    decide(factsOf([], { entries, adopt: adoptIt }));

  it('makes a settled slot with the end that was asked for, and keeps where it comes from', () => {
    const plan = adopt([deny(10, '192.0.2.1/32', { protocol: '6', ports: { from: 22, to: 22 } })]);
    expect(plan.steps).toMatchObject([
      {
        action: 'update-slot',
        reason: 'adopted',
        slot: {
          ruleNumber: 10,
          cidr: '192.0.2.1/32',
          protocol: '6',
          ports: { from: 22, to: 22 },
          status: 'active',
          expiresAt: addTo(now, hours(5)),
          findingType: 'adopted',
          madeBy: { findingId: 'adopted/a.smith' },
        },
      },
    ]);
    expect(plan.orphans).toEqual([]);
  });

  it('takes only the numbers that were named, and no protocol that a slot cannot stand for', () => {
    const entries = [deny(10), deny(11), deny(12, '192.0.2.1/32', { protocol: '1' })];
    const plan = adopt(entries, { ...adoption, ruleNumbers: [10, 12] });
    expect(plan.releases.map(({ slot }) => slot.ruleNumber)).toEqual([10]);
    expect(plan.orphans.map(({ entry }) => entry.ruleNumber)).toEqual([11, 12]);
  });

  it('takes nothing where nobody asked', () => {
    expect(decide(factsOf([], { entries: [deny(10)] })).releases).toEqual([]);
  });
});

describe('a network ACL that is gone', () => {
  it('takes everything with it', () => {
    const { entries: _, ...facts } = factsOf([sampleSlot(), sampleClaim(-minutes(1), { ruleNumber: 11 })]);
    const plan = decide(facts);
    expect(saidOf(plan)).toEqual(['gone network-acl-gone', 'gone network-acl-gone']);
    expect(plan.orphans).toEqual([]);
  });
});
