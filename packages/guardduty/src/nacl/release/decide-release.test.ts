import { addTo, days, hours, type Reason, replay, seconds, toJson } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { naclDeciders } from '../deciders.ts';
import type { ReleasePlan } from '../entries/entry-plan.ts';
import type { Slot } from '../ledger/ledger.ts';
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
import { decideSweep, decideUnblock, isDue, type SweepFacts, type UnblockFacts } from './decide-release.ts';

const replays = (decider: string, facts: unknown, policy: BlockerPolicy, plan: ReleasePlan): void => {
  const record = {
    schema: 1,
    id: 'a1',
    at: now.toISOString(),
    library: 'test',
    decider,
    facts: toJson(facts),
    policy: toJson(policy),
    plan: toJson(plan),
    outcomes: [],
    correlation: { runId: 'r1' },
  } as const;
  expect(replay(record, naclDeciders).differences).toEqual([]);
};

const factsOf = (slots: readonly Slot[], changes: Partial<SweepFacts> = {}): SweepFacts => ({
  ledger: sampleLedger({ slots }),
  entries: [...slots.map(entryOf), ...freshEntries],
  guard: { mode: 'enforce' },
  suppressed: [],
  lease: sampleLease,
  ...changes,
});

const sweep = (slots: readonly Slot[], changes: Partial<SweepFacts> = {}, policy = samplePolicy()): ReleasePlan => {
  const facts = factsOf(slots, changes);
  const plan = decideSweep(facts, policy, now);
  replays('nacl/sweep', facts, policy, plan);
  // What a sweep would do something about, it must not pass over.
  if (plan.releases.length > 0 && facts.entries !== undefined) expect(isDue(facts, policy, now)).toBe(true);
  return plan;
};

const unblock = (
  slots: readonly Slot[],
  { policy = samplePolicy(), ...changes }: Partial<UnblockFacts> & { policy?: BlockerPolicy } = {},
): ReleasePlan => {
  const facts: UnblockFacts = { ...factsOf(slots), query: { cidr: '198.51.100.7/32' }, suppressions: [], ...changes };
  const plan = decideUnblock(facts, policy, now);
  replays('nacl/unblock', facts, policy, plan);
  return plan;
};

const without = { entries: freshEntries };
const stepsOf = ({ steps }: ReleasePlan): string[] => steps.map(({ id }) => id);
const saidOf = ({ releases }: ReleasePlan): string[] => releases.map(({ result, reason }) => `${result} ${reason}`);

const over = { expiresAt: now.toISOString() };
const host = (last: number): string => `198.51.100.${last}/32`;
const paused: Reason = { reason: 'paused', because: 'a.smith said so.' };

describe('decideSweep', () => {
  it('leaves alone what is in force', () => {
    const plan = sweep([sampleSlot({ expiresAt: addTo(now, 1) })]);
    expect(plan).toEqual({ steps: [], refused: [], releases: [] });
  });

  it('G32: takes out what has expired, under a lease', () => {
    const plan = sweep([sampleSlot(over)]);
    expect(plan.steps).toMatchObject([
      {
        id: 'delete-entry/10',
        action: 'delete-entry',
        reason: 'expired',
        slot: { status: 'releasing', lease: sampleLease },
      },
    ]);
    expect(saidOf(plan)).toEqual(['release expired']);
  });

  it('G33: takes out everything that has expired in one sweep, and nothing else', () => {
    const slots = Array.from({ length: 20 }, (_, n) =>
      sampleSlot({ ruleNumber: 10 + n, cidr: host(n), ...(n % 2 === 0 ? over : {}) }),
    );
    expect(stepsOf(sweep(slots))).toEqual(Array.from({ length: 10 }, (_, n) => `delete-entry/${10 + 2 * n}`));
  });

  it('G6: a slot whose entry is gone is dropped, and nothing is deleted', () => {
    const plan = sweep([sampleSlot(over)], without);
    expect(stepsOf(plan)).toEqual(['drop-slot/10']);
    expect(saidOf(plan)).toEqual(['gone already-gone']);
  });

  it('waits for what was written a moment ago and EC2 does not show yet', () => {
    const young = sweep([sampleSlot({ ...over, writtenAt: addTo(now, -seconds(30)) })], without);
    expect(stepsOf(young)).toEqual([]);
    expect(saidOf(young)).toEqual(['kept not-visible-yet']);
    expect(saidOf(sweep([sampleSlot({ ...over, writtenAt: addTo(now, -seconds(30) - 1) })], without))).toEqual([
      'gone already-gone',
    ]);
  });

  it.each([
    ['an allow', { action: 'allow' as const }],
    ['another address', { cidr: host(8) }],
    ['other ports', { ports: { from: 22, to: 23 } }],
    ['another protocol', { protocol: '17' }],
  ])('G36: never deletes what somebody else put under our number: %s', (_, change) => {
    const slot = sampleSlot(over);
    const plan = sweep([slot], { entries: [{ ...entryOf(slot), ...change }, ...freshEntries] });
    expect(stepsOf(plan)).toEqual(['drop-slot/10']);
    expect(saidOf(plan)).toEqual(['foreign foreign']);
  });

  it('G36: never deletes outside the reserved range, whatever the ledger says', () => {
    const plan = sweep([sampleSlot(over)], {}, samplePolicy({ ruleNumbers: { from: 11, to: 99 } }));
    expect(stepsOf(plan)).toEqual(['drop-slot/10']);
    expect(saidOf(plan)).toEqual(['foreign foreign']);
  });

  it.each(['claimed', 'releasing'] as const)(
    'G9: touches no %s slot under a live lease, expired or suppressed or not',
    (status) => {
      const slot = sampleClaim(1, { status, ...over });
      for (const entries of [freshEntries, [entryOf(slot), ...freshEntries]]) {
        expect(sweep([slot], { entries, suppressed: ['0.0.0.0/0'] }).releases).toEqual([]);
        expect(isDue(factsOf([slot], { suppressed: ['0.0.0.0/0'] }), samplePolicy(), now)).toBe(false);
      }
    },
  );

  it('G5: settles what a dead worker wrote', () => {
    const plan = sweep([sampleClaim(0)]);
    expect(plan.steps).toMatchObject([{ id: 'update-slot/10', action: 'update-slot', reason: 'settled' }]);
    expect(plan.steps[0]).toHaveProperty('slot.status', 'active');
    expect(plan.steps[0]).not.toHaveProperty('slot.lease');
    expect(saidOf(plan)).toEqual(['settle settled']);
  });

  it('G5: writes what a dead worker claimed and did not write', () => {
    const plan = sweep([sampleClaim(0)], without);
    expect(plan.steps).toMatchObject([
      {
        id: 'create-entry/10',
        origin: 'retake',
        slot: { status: 'claimed', lease: sampleLease, writtenAt: now.toISOString() },
      },
    ]);
    expect(saidOf(plan)).toEqual(['retake retake']);
  });

  it('writes nothing for a dead worker outside the reserved range', () => {
    const plan = sweep([sampleClaim(-seconds(31))], without, samplePolicy({ ruleNumbers: { from: 50, to: 60 } }));
    expect(stepsOf(plan)).toEqual(['drop-slot/10']);
  });

  it('G5: drops what a dead worker claimed and that has expired meanwhile, and takes it out where EC2 has it', () => {
    expect(stepsOf(sweep([sampleClaim(-seconds(31), over)], without))).toEqual(['drop-slot/10']);
    expect(stepsOf(sweep([sampleClaim(0, over)]))).toEqual(['delete-entry/10']);
  });

  it('does not forget what a dead worker may have written in the last moment of its lease', () => {
    expect(saidOf(sweep([sampleClaim(-seconds(30), over)], without))).toEqual(['kept not-visible-yet']);
  });

  it.each<[string, Partial<Slot>]>([
    ['a deny', { ...over, writtenAt: addTo(now, -seconds(30)) }],
    ['a claim', { status: 'claimed', lease: { owner: 'o', until: addTo(now, -seconds(30)) } }],
  ])(
    'does not take what EC2 showed under the number before for somebody else’s, while %s may be unseen',
    (_, change) => {
      const before = { ...entryOf(sampleSlot()), cidr: host(200) };
      const plan = sweep([sampleSlot(change)], { entries: [before, ...freshEntries] });
      expect(stepsOf(plan)).toEqual([]);
      expect(saidOf(plan)).toEqual(['kept not-visible-yet']);
    },
  );

  it('G6: finishes the release that a dead worker began, whether or not it had expired', () => {
    expect(stepsOf(sweep([sampleClaim(0, { status: 'releasing' })]))).toEqual(['delete-entry/10']);
    expect(stepsOf(sweep([sampleClaim(0, { status: 'releasing' })], without))).toEqual(['drop-slot/10']);
  });

  it('never passes over a slot that is neither in force nor under a lease', () => {
    const { lease: _, ...claimed } = sampleClaim(0);
    for (const status of ['claimed', 'releasing'] as const) {
      expect(isDue(factsOf([{ ...claimed, status }]), samplePolicy(), now)).toBe(true);
      expect(sweep([{ ...claimed, status }]).steps).toHaveLength(1);
    }
  });

  it.each(['198.51.100.7/32', '198.51.100.0/24', '0.0.0.0/0'])(
    'takes out what has been suppressed since: %s',
    (cidr) => {
      const control = sweep([sampleSlot()], { suppressed: [cidr] });
      expect(stepsOf(control)).toEqual(['delete-entry/10']);
      const suppressions = [{ cidr, reason: 'r', requestedBy: 'a', until: addTo(now, 1) }];
      const own = sweep([sampleSlot()], { ledger: sampleLedger({ slots: [sampleSlot()], suppressions }) });
      expect(saidOf(own)).toEqual(['release unblocked-by-hand']);
    },
  );

  it('leaves alone what only looks suppressed, or was until now', () => {
    const suppressions = [{ cidr: '198.51.100.7/32', reason: 'r', requestedBy: 'a', until: now.toISOString() }];
    const ledger = sampleLedger({ slots: [sampleSlot()], suppressions });
    expect(sweep([], { ledger, entries: [entryOf(sampleSlot())], suppressed: ['98.51.100.7/32'] }).releases).toEqual(
      [],
    );
  });

  it('forgets the slots of a network ACL that is gone, and writes nothing to it', () => {
    const { entries: _, ...facts } = factsOf([
      sampleSlot(),
      sampleSlot({ ruleNumber: 11 }),
      sampleClaim(1, { ruleNumber: 12 }),
    ]);
    const plan = decideSweep(facts, samplePolicy(), now);
    expect(stepsOf(plan)).toEqual(['drop-slot/10', 'drop-slot/11']);
    expect(saidOf(plan)).toEqual(['gone network-acl-gone', 'gone network-acl-gone']);
  });

  it('releases during a pause of new denies, but retakes nothing', () => {
    const guard = { mode: 'enforce', newDeniesPaused: paused } as const;
    const plan = sweep([sampleSlot(over), sampleClaim(0, { ruleNumber: 11 })], {
      guard,
      entries: [entryOf(sampleSlot()), ...freshEntries],
    });
    expect(stepsOf(plan)).toEqual(['delete-entry/10']);
    expect(plan.refused).toMatchObject([{ step: { id: 'create-entry/11' }, refused: paused }]);
    expect(saidOf(plan)).toEqual(['release expired', 'refused paused']);
  });

  it('writes nothing during a pause of all writes', () => {
    const guard = { mode: 'enforce', newDeniesPaused: paused, allWritesPaused: paused } as const;
    const plan = sweep([sampleSlot(over), sampleClaim(0, { ruleNumber: 11 })], { guard });
    expect(plan.steps).toEqual([]);
    expect(plan.refused).toHaveLength(2);
    expect(saidOf(plan)).toEqual(['refused paused', 'refused paused']);
  });
});

describe('decideUnblock', () => {
  const slots = [
    sampleSlot(),
    sampleSlot({ ruleNumber: 11, cidr: host(8), findingIds: ['f8', 'f0'] }),
    sampleSlot({ ruleNumber: 12, cidr: '198.51.100.70/32', findingIds: ['f70'] }),
  ];

  it.each<[string, UnblockFacts['query'], string[]]>([
    ['an address, and not one that looks like it', { cidr: '198.51.100.7/32' }, ['delete-entry/10']],
    ['a range', { cidr: '198.51.100.0/28' }, ['delete-entry/10', 'delete-entry/11']],
    ['a finding', { findingId: 'f0' }, ['delete-entry/10', 'delete-entry/11']],
    [
      'this network ACL',
      { networkAclId: 'acl-0a11ce00000000001' },
      ['delete-entry/10', 'delete-entry/11', 'delete-entry/12'],
    ],
    ['another network ACL', { networkAclId: 'acl-1' }, []],
    ['an address in another network ACL', { networkAclId: 'acl-1', cidr: host(7) }, []],
  ])('G25: takes out what a person names by %s', (_, query, steps) => {
    expect(stepsOf(unblock(slots, { query }))).toEqual(steps);
  });

  it('finds a finding whose id is too long for a ledger', () => {
    const id = 'x'.repeat(300);
    expect(stepsOf(unblock([sampleSlot({ findingIds: ['x'.repeat(48)] })], { query: { findingId: id } }))).toEqual([
      'delete-entry/10',
    ]);
  });

  it('takes out a /64 of which a person names one address', () => {
    const { ports: _, ...slot } = sampleSlot({ cidr: '2001:db8::/64', protocol: '-1' });
    expect(stepsOf(unblock([slot], { query: { cidr: '2001:db8::7/128' } }))).toEqual(['delete-entry/10']);
  });

  it('suppresses before it takes out, so that nothing is blocked again in between', () => {
    const suppression = {
      cidr: '198.51.100.7/32',
      reason: 'partner',
      requestedBy: 'a.smith',
      until: addTo(now, days(30)),
    };
    const plan = unblock(slots, { suppressions: [suppression] });
    expect(stepsOf(plan)).toEqual(['suppress/198.51.100.7/32', 'delete-entry/10']);
    expect(plan.steps[0]).toMatchObject({ action: 'suppress', because: 'partner', suppression });
    expect(saidOf(plan)).toEqual(['release unblocked-by-hand']);
  });

  it('G9: asks to wait for a worker that is writing, and suppresses meanwhile', () => {
    const suppression = { cidr: '198.51.100.7/32', reason: 'r', requestedBy: 'a', until: addTo(now, 1) };
    const plan = unblock([sampleClaim(1)], { suppressions: [suppression] });
    expect(stepsOf(plan)).toEqual(['suppress/198.51.100.7/32']);
    expect(saidOf(plan)).toEqual(['kept in-progress']);
    expect(stepsOf(unblock([sampleClaim(0)]))).toEqual(['delete-entry/10']);
  });

  it('G36: leaves alone what is somebody else’s, and says so', () => {
    const plan = unblock([sampleSlot()], { entries: [{ ...entryOf(sampleSlot()), action: 'allow' }] });
    expect(stepsOf(plan)).toEqual(['drop-slot/10']);
    expect(saidOf(plan)).toEqual(['foreign foreign']);
  });

  it('works during a pause of new denies, and writes nothing during one of all writes', () => {
    const suppressions = [{ cidr: '198.51.100.7/32', reason: 'r', requestedBy: 'a', until: addTo(now, hours(1)) }];
    expect(unblock(slots, { suppressions, guard: { mode: 'enforce', newDeniesPaused: paused } }).steps).toHaveLength(2);
    const stopped = unblock(slots, { suppressions, guard: { mode: 'enforce', allWritesPaused: paused } });
    expect(stopped.steps).toEqual([]);
    expect(stopped.refused.map(({ step }) => step.id).toSorted()).toEqual([
      'delete-entry/10',
      'suppress/198.51.100.7/32',
    ]);
    expect(saidOf(stopped)).toEqual(['refused paused']);
  });
});
