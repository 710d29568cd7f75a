import { addTo, days, hours, minutes, replay, seconds, toJson } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { naclDeciders } from '../deciders.ts';
import { claimLedger } from '../ledger/claim.ts';
import type { Slot } from '../ledger/ledger.ts';
import {
  defaultDenies,
  entryOf,
  freshEntries,
  sampleNow as now,
  sampleClaim,
  sampleFacts,
  sampleLease,
  sampleLedger,
  sampleRequest,
  sampleSeen,
  sampleSlot,
  sampleUnplaced,
} from '../ledger/sample-ledger.ts';
import type { BlockerPolicy } from '../policy.ts';
import { samplePolicy } from '../sample-policy.ts';
import type { AclEntry } from './acl.ts';
import { decideEntries } from './decide-entries.ts';
import type { EntriesFacts } from './entries-facts.ts';
import { type EntriesPlan, makesEntry } from './entry-plan.ts';

const decide = (
  changes: Partial<EntriesFacts> = {},
  policy: BlockerPolicy = samplePolicy(),
  at: Date = now,
): EntriesPlan => {
  const facts = sampleFacts(changes);
  const plan = decideEntries(facts, policy, at);
  const record = {
    schema: 1,
    id: 'a1',
    at: at.toISOString(),
    library: 'test',
    decider: 'nacl/entries',
    facts: toJson(facts),
    policy: toJson(policy),
    plan: toJson(plan),
    outcomes: [],
    correlation: { runId: 'r1' },
  } as const;
  expect(replay(record, naclDeciders).differences).toEqual([]);
  return plan;
};

const stepsOf = ({ steps }: EntriesPlan): string[] => steps.map(({ id }) => id);
const saidOf = ({ placements }: EntriesPlan): string[] =>
  placements.map(({ result, reason, news }) => `${result} ${reason}${news ? ' news' : ''}`);
const slotOf = ({ steps }: EntriesPlan, at = 0): Slot => {
  const step = steps[at];
  if (step && 'slot' in step) return step.slot;
  throw new Error(`step ${at} has no slot`);
};

const inForce = (changes: Partial<Slot> = {}, others: readonly AclEntry[] = freshEntries): Partial<EntriesFacts> => {
  const slot = sampleSlot(changes);
  return { ledger: sampleLedger({ slots: [slot] }), entries: [entryOf(slot), ...others] };
};

const foreign = (ruleNumber: number, changes: Partial<AclEntry> = {}): AclEntry => ({
  ruleNumber,
  cidr: '192.0.2.0/24',
  action: 'deny',
  protocol: '-1',
  ...changes,
});

const host = (last: number): string => `198.51.100.${last}/32`;

describe('a new deny', () => {
  it('takes the first number of the reserved range, under a lease, with an end', () => {
    const plan = decide();
    expect(plan.steps).toMatchObject([{ id: 'create-entry/10', action: 'create-entry', origin: 'new' }]);
    expect(slotOf(plan)).toEqual({
      ruleNumber: 10,
      cidr: '198.51.100.7/32',
      protocol: '6',
      ports: { from: 22, to: 22 },
      status: 'claimed',
      lease: sampleLease,
      findingIds: ['f1'],
      findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
      severity: 2,
      hits: 1,
      sightings: 1,
      spoofable: false,
      firstBlockedAt: now.toISOString(),
      lastSeen: sampleSeen,
      madeBy: { findingId: 'f1', lastSeen: sampleSeen },
      writtenAt: now.toISOString(),
      expiresAt: addTo(sampleSeen, hours(24)),
    });
    expect(plan.placements).toMatchObject([
      { denyId: 'd1', result: 'create', ruleNumber: 10, stepId: 'create-entry/10', news: true },
    ]);
  });

  it('G7: takes the lowest free number, one that was freed included', () => {
    const slots = [10, 12].map((ruleNumber) => sampleSlot({ ruleNumber, cidr: host(ruleNumber) }));
    expect(
      stepsOf(decide({ ledger: sampleLedger({ slots }), entries: [...slots.map(entryOf), ...freshEntries] })),
    ).toEqual(['create-entry/11']);
  });

  it('does not take a number that the other family has, in EC2 or in the ledger', () => {
    const v6 = { cidr: '2001:db8::/64', protocol: '-1' as const };
    expect(stepsOf(decide({ entries: [foreign(10, v6), ...freshEntries] }))).toEqual(['create-entry/11']);
    const { ports: _, ...slot } = sampleClaim(seconds(30), v6);
    expect(stepsOf(decide({ ledger: sampleLedger({ slots: [slot] }) }))).toEqual(['create-entry/11']);
  });

  it('does not take a number that a ledger holds and EC2 does not show (yet)', () => {
    const slots = [sampleClaim(seconds(30), { cidr: host(1) }), sampleSlot({ ruleNumber: 11, cidr: host(2) })];
    expect(stepsOf(decide({ ledger: sampleLedger({ slots }) }))).toEqual(['create-entry/12']);
  });

  it('G1, G4: gives the addresses of one finding, and of a batch, a number each', () => {
    const requests = [1, 2, 3, 4].map((last) =>
      sampleRequest({ denyId: `d${last}`, cidr: host(last), findingId: last < 4 ? 'f1' : 'f2' }),
    );
    const plan = decide({ requests });
    expect(plan.steps.map((_, at) => [slotOf(plan, at).ruleNumber, slotOf(plan, at).cidr])).toEqual([
      [10, host(1)],
      [11, host(2)],
      [12, host(3)],
      [13, host(4)],
    ]);
  });

  it('gives each run of ports an entry, and no address more than two', () => {
    const run = (port: number) => ({ from: port, to: port });
    const two = decide({ requests: [sampleRequest({ runs: [run(22), run(80)] })] });
    expect(stepsOf(two)).toEqual(['create-entry/10', 'create-entry/11']);
    const later = sampleRequest({ denyId: 'd2', runs: [run(443)] });
    const third = decide({ requests: [sampleRequest({ runs: [run(22), run(80)] }), later] });
    expect(saidOf(third)).toEqual(['create new news', 'create new news', 'unplaced port-runs news']);
    expect(stepsOf(third)).toEqual(['create-entry/10', 'create-entry/11', 'note-unplaced/198.51.100.7/32/6/443']);
  });

  it('G11: makes one entry of two findings about one address, and counts both', () => {
    const requests = [
      sampleRequest(),
      sampleRequest({ denyId: 'd2', findingId: 'f2', severity: 8, expiresAt: addTo(sampleSeen, hours(25)) }),
    ];
    const plan = decide({ requests });
    expect(stepsOf(plan)).toEqual(['create-entry/10']);
    expect(slotOf(plan)).toMatchObject({
      hits: 2,
      severity: 8,
      findingIds: ['f2', 'f1'],
      expiresAt: addTo(sampleSeen, hours(25)),
    });
    expect(plan.steps[0]).toMatchObject({ origin: 'new' });
    expect(plan.placements.map(({ denyId, stepId }) => [denyId, stepId])).toEqual([
      ['d1', 'create-entry/10'],
      ['d2', 'create-entry/10'],
    ]);
  });

  it('bounds what a finding writes into the ledger, and knows the finding again', () => {
    const findingId = 'x'.repeat(300);
    const plan = decide({ requests: [sampleRequest({ findingId, findingType: '😀'.repeat(100) })] });
    const slot = slotOf(plan);
    expect(slot.findingIds).toEqual(['x'.repeat(48)]);
    expect(Buffer.byteLength(slot.findingType)).toBeLessThanOrEqual(100);
    const { lease: _, ...settled } = slot;
    const again = decide({ ...inForce({ ...settled, status: 'active' }), requests: [sampleRequest({ findingId })] });
    expect(saidOf(again)).toEqual(['present in-force news']);
  });
});

describe('effectiveness', () => {
  it.each([
    ['everything', foreign(5, { action: 'allow', cidr: '0.0.0.0/0' })],
    [
      'a part of the range',
      foreign(5, { action: 'allow', cidr: '198.51.100.7/32', protocol: '6', ports: { from: 20, to: 25 } }),
    ],
  ])('G13: an allow of %s before the reserved range makes a deny ineffective, and none is written', (_, allow) => {
    const plan = decide({ entries: [allow, ...freshEntries] });
    expect(saidOf(plan)).toEqual(['ineffective allow-precedes news']);
    expect(plan.placements[0]?.because).toContain('Rule 5');
    expect(stepsOf(plan)).toEqual(['note-unplaced/198.51.100.7/32/6/22']);
  });

  it('G13: an allow behind the number that is taken does not matter', () => {
    expect(saidOf(decide({ entries: [foreign(11, { action: 'allow', cidr: '0.0.0.0/0' }), ...freshEntries] }))).toEqual(
      ['create new news'],
    );
  });

  it('G13: says so also of a deny that is in force, put back or retaken', () => {
    const allow = foreign(5, { action: 'allow', cidr: '0.0.0.0/0' });
    const present = decide({ ...inForce({}, [allow, ...freshEntries]), requests: [sampleRequest()] });
    expect(saidOf(present)).toEqual(['ineffective allow-precedes news']);
    const vanished = decide({ ledger: sampleLedger({ slots: [sampleSlot()] }), entries: [allow, ...freshEntries] });
    expect(saidOf(vanished)).toEqual(['ineffective allow-precedes news']);
    expect(stepsOf(vanished)).toEqual(['note-unplaced/198.51.100.7/32/6/22']);
    const dead = decide({ ledger: sampleLedger({ slots: [sampleClaim(-1)] }), entries: [allow, ...freshEntries] });
    expect(saidOf(dead)).toEqual(['ineffective allow-precedes news']);
    expect(stepsOf(dead)).toEqual(['note-unplaced/198.51.100.7/32/6/22']);
  });

  it('says so once per address, and to the same event again when it is delivered again', () => {
    const entries = [foreign(5, { action: 'allow', cidr: '0.0.0.0/0' }), ...freshEntries];
    const ledger = sampleLedger({ unplaced: [sampleUnplaced({ reason: 'allow-precedes' })] });
    const again = decide({ ledger, entries });
    expect(saidOf(again)).toEqual(['ineffective allow-precedes news']);
    expect(again.steps).toEqual([]);
    const later = decide({ ledger, entries, requests: [sampleRequest({ lastSeen: now.toISOString() })] });
    expect(saidOf(later)).toEqual(['ineffective allow-precedes']);
    expect(later.steps).toEqual([]);
  });
});

describe('room', () => {
  const slots = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      sampleSlot({ ruleNumber: 10 + n, cidr: host(100 + n), lastSeen: sampleSeen }),
    );
  const filled = (count: number, others = freshEntries): Partial<EntriesFacts> => ({
    ledger: sampleLedger({ slots: slots(count) }),
    entries: [...slots(count).map(entryOf), ...others],
  });

  it('G12, G38: at quota 20 with one allow and headroom 2, sixteen denies fit and the seventeenth is said', () => {
    expect(saidOf(decide(filled(15)))).toEqual(['create new news']);
    const full = decide(filled(16));
    expect(saidOf(full)).toEqual(['unplaced quota news']);
    expect(full.steps).toMatchObject([
      {
        action: 'note-unplaced',
        unplaced: { cidr: '198.51.100.7/32', reason: 'quota', findingId: 'f1', since: now.toISOString() },
      },
    ]);
  });

  it('fits 36 at a quota of 40', () => {
    const policy = samplePolicy({ quota: 40 });
    expect(saidOf(decide(filled(35), policy))).toEqual(['create new news']);
    expect(saidOf(decide(filled(36), policy))).toEqual(['unplaced quota news']);
  });

  it('counts what others have, and slots that EC2 does not show', () => {
    const others = Array.from({ length: 10 }, (_, n) => foreign(200 + n));
    expect(saidOf(decide(filled(5, [...others, ...freshEntries])))).toEqual(['create new news']);
    expect(saidOf(decide(filled(6, [...others, ...freshEntries])))).toEqual(['unplaced quota news']);
    const unseen = { ledger: sampleLedger({ slots: slots(16) }), entries: freshEntries };
    expect(saidOf(decide(unseen))).toEqual(['unplaced quota news']);
  });

  it('counts each family by itself', () => {
    const v6 = sampleRequest({ cidr: '2001:db8::/64', runs: [], protocol: '-1' });
    expect(saidOf(decide({ ...filled(16), requests: [v6, sampleRequest({ denyId: 'd2' })] }))).toEqual([
      'create new news',
      'unplaced quota news',
    ]);
  });

  it('counts the claims of its own batch', () => {
    const requests = [1, 2, 3].map((last) => sampleRequest({ denyId: `d${last}`, cidr: host(last) }));
    expect(saidOf(decide({ ...filled(14), requests }))).toEqual([
      'create new news',
      'create new news',
      'unplaced quota news',
    ]);
  });

  it('takes zero for none, never for unlimited', () => {
    expect(saidOf(decide({}, samplePolicy({ quota: 0 })))).toEqual(['unplaced quota news']);
    expect(saidOf(decide({}, samplePolicy({ quota: 20, headroom: 20 })))).toEqual(['unplaced quota news']);
    const none = decide({}, samplePolicy({ entryWritesPerHour: 0 }));
    expect(saidOf(none)).toEqual(['unplaced flood news']);
    expect(none.steps.some(makesEntry)).toBe(false);
    expect(saidOf(decide({}, samplePolicy({ newDeniesPerHour: 0 })))).toEqual(['unplaced flood news']);
    expect(saidOf(decide({}, samplePolicy({ newDeniesPerAccountAndDay: 0 })))).toEqual(['unplaced flood news']);
  });

  it('G7: never goes beyond the reserved range', () => {
    const ruleNumbers = { from: 10, to: 12 };
    const { ledger, entries } = filled(3);
    const plan = decide(
      { ...(ledger ? { ledger } : {}), ...(entries ? { entries } : {}) },
      samplePolicy({ ruleNumbers }),
    );
    expect(saidOf(plan)).toEqual(['unplaced no-rule-number news']);
  });

  it('G36: leaves entries of others where they are, also in the reserved range', () => {
    const others = [10, 11, 13].map((ruleNumber) =>
      foreign(ruleNumber, { cidr: '198.51.100.7/32', protocol: '6', ports: { from: 22, to: 22 } }),
    );
    const plan = decide({ entries: [...others, ...freshEntries] });
    expect(stepsOf(plan)).toEqual(['create-entry/12']);
  });

  it('says once that there is no room, to the same event again when it is delivered again, and anew for another reason', () => {
    const { ledger = sampleLedger(), ...rest } = filled(16);
    const note = (changes = {}) => ({ ...rest, ledger: { ...ledger, unplaced: [sampleUnplaced(changes)] } });
    expect(saidOf(decide(note()))).toEqual(['unplaced quota news']);
    expect(decide(note()).steps).toEqual([]);
    const later = [sampleRequest({ lastSeen: now.toISOString() })];
    expect(saidOf(decide({ ...note(), requests: later }))).toEqual(['unplaced quota']);
    expect(saidOf(decide({ ...note({ reason: 'no-rule-number' }), requests: later }))).toEqual(['unplaced quota news']);
    expect(saidOf(decide({ ...note({ ports: { from: 80, to: 80 } }), requests: later }))).toEqual([
      'unplaced quota news',
    ]);
  });
});

describe('a sighting of what is denied already', () => {
  it('G31: changes nothing where the end stays, and is no news', () => {
    const plan = decide(inForce({ expiresAt: addTo(sampleSeen, hours(24)) }));
    expect(plan.steps).toEqual([]);
    expect(saidOf(plan)).toEqual(['present in-force']);
  });

  it('G31: holds the deny longer, and is no news', () => {
    const plan = decide(inForce());
    expect(saidOf(plan)).toEqual(['extend seen-again']);
    expect(slotOf(plan)).toMatchObject({
      status: 'active',
      expiresAt: addTo(sampleSeen, hours(24)),
      hits: 2,
      lastSeen: sampleSeen,
      findingIds: ['f1', 'f0'],
    });
    expect(slotOf(plan).madeBy).toEqual(sampleSlot().madeBy);
  });

  it('is told again where this event made the deny: the delivery before may have ended untold', () => {
    const made = { madeBy: { findingId: 'f1', lastSeen: sampleSeen } };
    expect(saidOf(decide(inForce({ ...made, expiresAt: addTo(sampleSeen, hours(24)) })))).toEqual([
      'present in-force news',
    ]);
    const later = [sampleRequest({ lastSeen: now.toISOString() })];
    expect(saidOf(decide({ ...inForce({ ...made, expiresAt: addTo(now, hours(25)) }), requests: later }))).toEqual([
      'present in-force',
    ]);
  });

  it('never shortens it, and never goes back in time', () => {
    const old = sampleRequest({ lastSeen: addTo(now, -hours(5)), expiresAt: addTo(now, hours(1)), severity: 1 });
    expect(decide({ ...inForce(), requests: [old] }).steps).toEqual([]);
  });

  it('holds it no longer than maxBlockFor after the first block', () => {
    const policy = samplePolicy({ maxBlockFor: days(2) });
    const firstBlockedAt = addTo(now, -hours(47));
    expect(slotOf(decide(inForce({ firstBlockedAt, expiresAt: addTo(now, 1) }), policy)).expiresAt).toBe(
      addTo(now, hours(1)),
    );
    const atEnd = decide(inForce({ firstBlockedAt, expiresAt: addTo(now, hours(1)) }), policy);
    expect(saidOf(atEnd)).toEqual(['present in-force']);
  });

  it('G25: is about this address and these ports, not about ones that look like them', () => {
    expect(stepsOf(decide(inForce({ cidr: '198.51.100.70/32' })))).toEqual(['create-entry/11']);
    expect(stepsOf(decide(inForce({ ports: { from: 2, to: 2 } })))).toEqual(['create-entry/11']);
    expect(saidOf(decide(inForce({ ports: { from: 1, to: 1_024 } })))).toEqual(['extend seen-again']);
  });

  it('merges the sightings of a batch into one change', () => {
    const requests = [1, 2, 3].map((n) =>
      sampleRequest({ denyId: `d${n}`, findingId: `f${n}`, expiresAt: addTo(sampleSeen, hours(24) + n) }),
    );
    const plan = decide({ ...inForce(), requests });
    expect(stepsOf(plan)).toEqual(['update-slot/10']);
    expect(slotOf(plan)).toMatchObject({
      hits: 4,
      findingIds: ['f3', 'f2', 'f1', 'f0'],
      expiresAt: addTo(sampleSeen, hours(24) + 3),
    });
  });

  it('keeps the latest five findings', () => {
    const plan = decide(inForce({ findingIds: ['a', 'b', 'c', 'd', 'e'] }));
    expect(slotOf(plan).findingIds).toEqual(['f1', 'a', 'b', 'c', 'd']);
  });

  it('takes evidence that cannot be forged over evidence that can', () => {
    expect(slotOf(decide(inForce({ spoofable: true }))).spoofable).toBe(false);
    expect(
      slotOf(decide({ ...inForce({ spoofable: true }), requests: [sampleRequest({ spoofable: true })] })).spoofable,
    ).toBe(true);
  });
});

describe('drift', () => {
  const gone = (changes: Partial<Slot> = {}): Partial<EntriesFacts> => ({
    ledger: sampleLedger({ slots: [sampleSlot(changes)] }),
  });

  it('G2: puts back under its number what has vanished, and says so', () => {
    const plan = decide(gone());
    expect(plan.steps).toMatchObject([
      { id: 'create-entry/10', origin: 'restore', slot: { status: 'claimed', lease: sampleLease, hits: 2 } },
    ]);
    expect(saidOf(plan)).toEqual(['create restore news']);
    expect(slotOf(plan).madeBy).toEqual({ findingId: 'f1', lastSeen: sampleSeen });
  });

  it('takes what was just written for there, though EC2 does not show it', () => {
    expect(saidOf(decide(gone({ writtenAt: addTo(now, -seconds(30)) })))).toEqual(['extend seen-again']);
    expect(saidOf(decide(gone({ writtenAt: addTo(now, -seconds(30) - 1) })))).toEqual(['create restore news']);
  });

  it('does not take what EC2 showed under the number before for somebody else’s', () => {
    const before = [foreign(10), ...freshEntries];
    const young = gone({ writtenAt: addTo(now, -seconds(30)), expiresAt: addTo(now, days(2)) });
    expect(decide({ ...young, entries: before }).steps).toEqual([]);
    expect(stepsOf(decide({ ...gone({ writtenAt: addTo(now, -seconds(30) - 1) }), entries: before }))).toEqual([
      'drop-slot/10',
      'create-entry/11',
    ]);
  });

  it('begins a new block where the old one may not be held longer', () => {
    const old = { firstBlockedAt: addTo(now, -days(8)), expiresAt: addTo(now, -days(1)) };
    const plan = decide(gone(old));
    expect(stepsOf(plan)).toEqual(['drop-slot/10', 'create-entry/10']);
    expect(slotOf(plan, 1)).toMatchObject({
      firstBlockedAt: now.toISOString(),
      expiresAt: addTo(sampleSeen, hours(24)),
      hits: 1,
    });
    const claimed = claimLedger(sampleLedger({ slots: [sampleSlot(old)] }), plan.steps, now, hours(24));
    expect(claimed.slots).toHaveLength(1);
  });

  it('G36: lets a number go that somebody else holds, and takes another', () => {
    const plan = decide({ ...gone(), entries: [foreign(10), ...freshEntries] });
    expect(stepsOf(plan)).toEqual(['drop-slot/10', 'create-entry/11']);
    expect(plan.steps.some(({ action }) => action === 'delete-entry')).toBe(false);
    expect(saidOf(plan)).toEqual(['create new news']);
  });

  it('puts nothing back outside the reserved range, which may have been moved', () => {
    const plan = decide(gone(), samplePolicy({ ruleNumbers: { from: 50, to: 60 } }));
    expect(stepsOf(plan)).toEqual(['drop-slot/10', 'create-entry/50']);
  });

  it('restores once for two findings of a batch', () => {
    const plan = decide({ ...gone(), requests: [sampleRequest(), sampleRequest({ denyId: 'd2', findingId: 'f2' })] });
    expect(plan.steps).toMatchObject([{ id: 'create-entry/10', origin: 'restore', slot: { hits: 3 } }]);
    expect(saidOf(plan)).toEqual(['create restore news', 'create restore news']);
  });
});

describe('a contested network ACL', () => {
  const contest = { since: addTo(now, -hours(1)), until: addTo(now, hours(23)), because: 'It is gone again.' };
  const contested = (changes: Partial<EntriesFacts['ledger']> = {}) => sampleLedger({ contested: contest, ...changes });
  const later = [sampleRequest({ lastSeen: now.toISOString() })];

  it('gets nothing new, and that is said once per attacker and to the same event again', () => {
    const plan = decide({ ledger: contested() });
    expect(saidOf(plan)).toEqual(['unplaced contested news']);
    expect(plan.placements[0]?.because).toContain(contest.until);
    expect(stepsOf(plan)).toEqual(['note-unplaced/198.51.100.7/32/6/22']);
    const listed = contested({ unplaced: [sampleUnplaced({ reason: 'contested' })] });
    expect(saidOf(decide({ ledger: listed }))).toEqual(['unplaced contested news']);
    expect(saidOf(decide({ ledger: listed, requests: later }))).toEqual(['unplaced contested']);
    expect(decide({ ledger: listed }).steps).toEqual([]);
  });

  it('holds longer what is in force', () => {
    const slot = sampleSlot();
    const plan = decide({ ledger: contested({ slots: [slot] }), entries: [entryOf(slot), ...freshEntries] });
    expect(saidOf(plan)).toEqual(['extend seen-again']);
  });

  it('gets nothing back that has vanished, and is forgotten as ours', () => {
    const plan = decide({ ledger: contested({ slots: [sampleSlot()] }) });
    expect(saidOf(plan)).toEqual(['unplaced contested news']);
    expect(stepsOf(plan)).toEqual(['drop-slot/10', 'note-unplaced/198.51.100.7/32/6/22']);
  });

  it('is written again when the day is over', () => {
    const plan = decide({ ledger: contested() }, samplePolicy(), new Date(contest.until));
    expect(stepsOf(plan)).toEqual(['create-entry/10']);
  });

  it('begins when a deny that was put back vanishes again, and holds for the rest of the batch', () => {
    const ledger = sampleLedger({
      slots: [sampleSlot()],
      vanishings: [{ cidr: '198.51.100.7/32', at: addTo(now, -hours(2)) }],
    });
    const requests = [sampleRequest(), sampleRequest({ denyId: 'd2', cidr: host(8) })];
    const plan = decide({ ledger, requests });
    expect(saidOf(plan)).toEqual(['unplaced contested news', 'unplaced contested news']);
    expect(stepsOf(plan)).toEqual([
      'drop-slot/10',
      'contest',
      'note-unplaced/198.51.100.7/32/6/22',
      'note-unplaced/198.51.100.8/32/6/22',
    ]);
    const claimed = claimLedger(ledger, plan.steps, now, hours(24));
    expect(claimed.contested).toMatchObject({ since: now.toISOString(), until: addTo(now, days(1)) });
    expect(claimed.slots).toEqual([]);
    expect(claimed.unplaced).toHaveLength(2);
  });

  it('takes the entry of a dead worker for done where EC2 has it, and does not write it otherwise', () => {
    const dead = sampleClaim(-minutes(1), { writtenAt: addTo(now, -minutes(2)) });
    const ledger = contested({ slots: [dead] });
    const done = decide({ ledger, entries: [entryOf(dead), ...freshEntries] });
    expect(done.steps).toMatchObject([{ id: 'update-slot/10', reason: 'settled', slot: { status: 'active' } }]);
    expect(slotOf(done).lease).toBeUndefined();
    const not = decide({ ledger });
    expect(saidOf(not)).toEqual(['unplaced contested news']);
    expect(stepsOf(not)).toEqual(['drop-slot/10', 'note-unplaced/198.51.100.7/32/6/22']);
    expect(saidOf(decide({ ledger: contested({ slots: [sampleClaim(-seconds(1))] }) }))).toEqual([
      'in-progress in-progress',
    ]);
  });
});

describe('another worker', () => {
  const claimedBy = (end: number, changes: Partial<Slot> = {}): Partial<EntriesFacts> => ({
    ledger: sampleLedger({ slots: [sampleClaim(end, changes)] }),
  });

  it.each(['claimed', 'releasing'] as const)('G9: nothing is done about a %s slot under its lease', (status) => {
    const plan = decide(claimedBy(1, { status }));
    expect(saidOf(plan)).toEqual(['in-progress in-progress']);
    expect(plan.steps).toEqual([]);
  });

  it.each(['claimed', 'releasing'] as const)('G5, G9: a %s slot is taken over when its lease has ended', (status) => {
    const plan = decide(claimedBy(0, { status }));
    expect(plan.steps).toMatchObject([
      { id: 'create-entry/10', origin: 'retake', slot: { status: 'claimed', lease: sampleLease } },
    ]);
    expect(slotOf(plan).madeBy).toEqual({ findingId: 'f1', lastSeen: sampleSeen });
  });

  it('a retaken block that was over begins anew, so nothing is written that is over already', () => {
    const over = {
      firstBlockedAt: addTo(now, -days(8)),
      expiresAt: addTo(now, -minutes(10)),
      status: 'releasing',
    } as const;
    const slot = slotOf(decide(claimedBy(-1, over)));
    expect(slot).toMatchObject({ firstBlockedAt: now.toISOString(), expiresAt: addTo(sampleSeen, hours(24)) });
  });

  it('leaves a dead claim outside the reserved range to the sweep', () => {
    const plan = decide(claimedBy(-1), samplePolicy({ ruleNumbers: { from: 50, to: 60 } }));
    expect(saidOf(plan)).toEqual(['in-progress in-progress']);
    expect(plan.steps).toEqual([]);
  });
});

describe('what people have said', () => {
  const until = addTo(now, 1);
  const suppressed = (cidr: string, end = until) =>
    sampleLedger({ suppressions: [{ cidr, reason: 'r', requestedBy: 'a.smith', until: end }] });

  it('refuses what was unblocked by hand, and is no news', () => {
    const plan = decide({ ledger: suppressed('198.51.100.0/24') });
    expect(saidOf(plan)).toEqual(['refused suppressed']);
    expect(plan.placements[0]?.because).toContain('a.smith');
    expect(plan.steps).toEqual([]);
  });

  it('refuses a /64 in which one address was unblocked', () => {
    const v6 = sampleRequest({ cidr: '2001:db8::/64', protocol: '-1', runs: [] });
    expect(saidOf(decide({ ledger: suppressed('2001:db8::1/128'), requests: [v6] }))).toEqual(['refused suppressed']);
  });

  it('blocks again when the suppression is over, and others meanwhile', () => {
    expect(saidOf(decide({ ledger: suppressed('198.51.100.0/24', now.toISOString()) }))).toEqual(['create new news']);
    expect(saidOf(decide({ ledger: suppressed('98.51.100.7/32') }))).toEqual(['create new news']);
  });

  it.each(['newDeniesPaused', 'allWritesPaused'] as const)('writes nothing while %s, and says so', (scope) => {
    const guard = { mode: 'enforce', [scope]: { reason: 'paused', because: 'a.smith said so.' } } as const;
    const plan = decide({ guard });
    expect(stepsOf(plan)).toEqual(['note-unplaced/198.51.100.7/32/6/22']);
    expect(plan.refused).toMatchObject([{ step: { id: 'create-entry/10' }, refused: { reason: 'paused' } }]);
    expect(saidOf(plan)).toEqual(['refused paused news']);
    const held = decide({ ...inForce(), guard });
    expect(held.steps).toEqual([]);
    expect(saidOf(held)).toEqual(['present paused']);
  });

  it('says once per attacker that writes are paused, and to the same event again when it is delivered again', () => {
    const guard = { mode: 'enforce', newDeniesPaused: { reason: 'paused', because: 'a.smith said so.' } } as const;
    const ledger = sampleLedger({ unplaced: [sampleUnplaced({ reason: 'paused' })] });
    expect(saidOf(decide({ ledger, guard }))).toEqual(['refused paused news']);
    expect(decide({ ledger, guard }).steps).toEqual([]);
    const later = [sampleRequest({ lastSeen: now.toISOString() })];
    expect(saidOf(decide({ ledger, guard, requests: later }))).toEqual(['refused paused']);
  });

  it('says at every sighting that it cannot read whether writes are paused: nobody decided that', () => {
    const guard = { mode: 'enforce', newDeniesPaused: { reason: 'control-unreadable', because: 'b' } } as const;
    const plan = decide({ guard });
    expect(saidOf(plan)).toEqual(['refused control-unreadable news']);
    expect(plan.steps).toEqual([]);
  });

  it('refuses beyond the hourly limit what would be written, and says it is not blocked', () => {
    const writes = { bucketMs: 300_000, buckets: [{ start: addTo(now, -minutes(50)), count: 29 }] };
    const requests = [1, 2].map((last) => sampleRequest({ denyId: `d${last}`, cidr: host(last) }));
    const plan = decide({ ledger: sampleLedger({ writes }), requests });
    expect(saidOf(plan)).toEqual(['create new news', 'unplaced flood news']);
    expect(stepsOf(plan)).toEqual(['create-entry/10', 'note-unplaced/198.51.100.2/32/6/22', 'note/flood']);
    expect(plan.refused).toMatchObject([{ step: { id: 'create-entry/11' }, refused: { reason: 'flood' } }]);
    const held = {
      ...inForce(),
      ledger: sampleLedger({
        slots: [sampleSlot()],
        writes: { ...writes, buckets: [{ start: addTo(now, 0), count: 99 }] },
      }),
    };
    expect(saidOf(decide(held))).toEqual(['extend seen-again']);
  });
});

describe('what was not confirmed', () => {
  const requests = [sampleRequest({ confirmed: false })];

  it.each<[string, Partial<EntriesFacts>]>([
    ['a new deny', {}],
    ['an extension', inForce()],
    ['a deny that has vanished', { ledger: sampleLedger({ slots: [sampleSlot()] }) }],
    [
      'a number that somebody else took',
      { ledger: sampleLedger({ slots: [sampleSlot()] }), entries: [foreign(10), ...freshEntries] },
    ],
    ['a dead claim', { ledger: sampleLedger({ slots: [sampleClaim(-1)] }) }],
    ['one without room', { entries: [...Array.from({ length: 17 }, (_, n) => foreign(200 + n)), ...defaultDenies] }],
  ])('writes nothing, and asks for another look: %s', (_, facts) => {
    const plan = decide({ ...facts, requests });
    expect(plan.steps).toEqual([]);
    expect(plan.refused).toEqual([]);
    expect(saidOf(plan)).toEqual(['in-progress ledger-changed']);
  });

  it('is good enough where nothing is to be written', () => {
    expect(saidOf(decide({ ...inForce({ expiresAt: addTo(now, days(2)) }), requests }))).toEqual(['present in-force']);
  });

  it('takes nothing from the confirmed one beside it', () => {
    const plan = decide({
      requests: [sampleRequest({ confirmed: false }), sampleRequest({ denyId: 'd2', findingId: 'f2' })],
    });
    expect(saidOf(plan)).toEqual(['in-progress ledger-changed', 'create new news']);
    expect(slotOf(plan)).toMatchObject({ hits: 1, findingIds: ['f2'] });
  });
});
