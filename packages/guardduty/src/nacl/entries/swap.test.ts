import { addTo, hours, minutes, seconds } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { claimLedger, settleLedger } from '../ledger/claim.ts';
import { ledgerKey, matchOf, type Slot } from '../ledger/ledger.ts';
import { parseLedger } from '../ledger/parse-ledger.ts';
import {
  entryOf,
  freshEntries,
  sampleNow as now,
  sampleClaim,
  sampleFacts,
  sampleLease,
  sampleLedger,
  sampleLedgerId,
  sampleRequest,
  sampleSeen,
  sampleSlot,
  sampleUnplaced,
} from '../ledger/sample-ledger.ts';
import { samplePolicy } from '../sample-policy.ts';
import type { AclEntry } from './acl.ts';
import { decideEntries } from './decide-entries.ts';
import type { EntriesFacts } from './entries-facts.ts';
import type { EntriesPlan } from './entry-plan.ts';

const host = (last: number): string => `198.51.100.${last}/32`;

/** Room for four: seven less the default deny, people's allow and one for headroom. */
const policy = samplePolicy({ quota: 7, headroom: 1 });

/** Four denies, all seen lately; `changes` are for the third. */
const full = (changes: Partial<Slot> = {}): Slot[] =>
  [0, 1, 2, 3].map((n) =>
    sampleSlot({ ruleNumber: 10 + n, cidr: host(100 + n), lastSeen: sampleSeen, ...(n === 2 ? changes : {}) }),
  );

const stale: Partial<Slot> = { lastSeen: addTo(now, -hours(1)) };

const decide = (slots: readonly Slot[], changes: Partial<EntriesFacts> = {}, ledger = {}): EntriesPlan =>
  decideEntries(
    sampleFacts({
      ledger: sampleLedger({ slots, ...ledger }),
      entries: [...slots.map(entryOf), ...freshEntries],
      ...changes,
    }),
    policy,
    now,
  );

const stepsOf = ({ steps }: EntriesPlan): string[] => steps.map(({ id }) => id);
const saidOf = ({ placements }: EntriesPlan): string[] =>
  placements.map(({ result, reason, news }) => `${result} ${reason}${news ? ' news' : ''}`);

describe('a full network ACL', () => {
  it('G35, G38: gives the place of the weakest to who outranks it, in one step, and lists who gave way', () => {
    const slots = full(stale);
    const plan = decide(slots);
    expect(saidOf(plan)).toEqual(['create outranks news']);
    expect(plan.placements[0]).toMatchObject({ ruleNumber: 12, evicted: matchOf(slots[2] as Slot) });
    expect(plan.steps).toMatchObject([
      {
        id: 'replace-entry/12',
        action: 'replace-entry',
        origin: 'swap',
        slot: {
          ruleNumber: 12,
          cidr: '198.51.100.7/32',
          status: 'claimed',
          lease: sampleLease,
          firstBlockedAt: now.toISOString(),
          replaced: { cidr: host(102), protocol: '6', ports: { from: 22, to: 22 } },
        },
        evicted: { cidr: host(102), reason: 'evicted', findingId: 'f0', since: now.toISOString() },
      },
    ]);
    const claimed = claimLedger(sampleLedger({ slots }), plan.steps, now, policy.blockFor);
    expect(parseLedger(JSON.parse(JSON.stringify(claimed)), ledgerKey(sampleLedgerId))).toEqual(claimed);
    expect(claimed.slots).toHaveLength(4);
    expect(claimed.unplaced).toMatchObject([{ cidr: host(102), reason: 'evicted' }]);
    expect(claimed.writes.buckets).toMatchObject([{ count: 1 }]);
    expect(claimed.denies.buckets).toMatchObject([{ count: 1 }]);
  });

  it.each<[string, Partial<Slot>]>([
    ['is as recent', {}],
    ['is as recent and less severe', { severity: 0 }],
    ['is persistent', { ...stale, sightings: 2 }],
    ['has stood less than an hour', { ...stale, firstBlockedAt: addTo(now, -hours(1) + 1) }],
    ['was written a moment ago', { ...stale, writtenAt: addTo(now, -seconds(30)) }],
    ['is being released', { ...stale, status: 'releasing' }],
    ['is being written', { ...stale, status: 'claimed', lease: { owner: 'o', until: addTo(now, minutes(1)) } }],
  ])('G35: leaves its place to a deny that %s', (_, changes) => {
    const plan = decide(full(changes));
    expect(saidOf(plan)).toEqual(['unplaced quota news']);
    expect(plan.steps.map(({ action }) => action)).toEqual(['note-unplaced']);
  });

  it('G35, G36: never writes over what EC2 does not show as ours', () => {
    const slots = full(stale);
    const others = slots.filter(({ ruleNumber }) => ruleNumber !== 12).map(entryOf);
    const foreign: AclEntry = { ruleNumber: 12, cidr: '192.0.2.0/24', action: 'deny', protocol: '-1' };
    expect(saidOf(decide(slots, { entries: [...others, foreign, ...freshEntries] }))).toEqual(['unplaced quota news']);
    expect(saidOf(decide(slots, { entries: [...others, ...freshEntries] }))).toEqual(['unplaced quota news']);
  });

  it('evicts in the own family alone, and nobody for an address that ranks last', () => {
    const v6 = sampleSlot({ ruleNumber: 20, cidr: '2001:db8::/64', ...stale });
    expect(saidOf(decide([...full(), v6]))).toEqual(['unplaced quota news']);
    expect(saidOf(decide(full(stale), { requests: [sampleRequest({ spoofable: true })] }))).toEqual([
      'unplaced quota news',
    ]);
    const blackHole = sampleRequest({ findingType: 'Trojan:EC2/BlackholeTraffic' });
    expect(saidOf(decide(full(stale), { requests: [blackHole] }))).toEqual(['unplaced quota news']);
    expect(saidOf(decide(full({ spoofable: true })))).toEqual(['create outranks news']);
  });

  it('evicts nobody where an allow would come first', () => {
    const allow: AclEntry = { ruleNumber: 11, cidr: '0.0.0.0/0', action: 'allow', protocol: '-1' };
    const [first, second, ...rest] = full(stale).map((slot) => ({ ...slot, ruleNumber: slot.ruleNumber + 1 }));
    if (!first || !second) throw new Error('too few');
    const slots = [{ ...first, ruleNumber: 10 }, second, ...rest];
    const entries = [...slots.map(entryOf), allow, ...freshEntries.slice(1)].toSorted(
      (a, b) => a.ruleNumber - b.ruleNumber,
    );
    expect(saidOf(decide(slots, { entries }))).toEqual(['unplaced quota news']);
  });

  it('knows who comes back as persistent: by the list of those without room, and by the finding itself', () => {
    const listed = { unplaced: [sampleUnplaced({ lastSeen: addTo(sampleSeen, -minutes(15)) })] };
    const plan = decide(full(), {}, listed);
    expect(saidOf(plan)).toEqual(['create outranks news']);
    expect(plan.steps).toMatchObject([{ slot: { sightings: 2 } }]);
    expect(saidOf(decide(full(), { requests: [sampleRequest({ sightings: 3 })] }))).toEqual(['create outranks news']);
    expect(claimLedger(sampleLedger({ slots: full(), ...listed }), plan.steps, now, policy.blockFor).unplaced).toEqual([
      expect.objectContaining({ reason: 'evicted' }),
    ]);
  });

  it('evicts one for each newcomer of a batch, and nobody whom the batch is about', () => {
    const slots = full(stale).map((slot) => ({ ...slot, ...stale }));
    const requests = [
      sampleRequest({ denyId: 'd0', cidr: host(100), lastSeen: addTo(now, -hours(1)), expiresAt: addTo(now, 1) }),
      ...[1, 2, 3, 4].map((last) => sampleRequest({ denyId: `d${last}`, findingId: `f${last}`, cidr: host(last) })),
    ];
    const plan = decide(slots, { requests });
    expect(saidOf(plan)).toEqual([
      'present in-force',
      'create outranks news',
      'create outranks news',
      'create outranks news',
      'unplaced quota news',
    ]);
    expect(stepsOf(plan).filter((id) => id.startsWith('replace'))).toEqual([
      'replace-entry/11',
      'replace-entry/12',
      'replace-entry/13',
    ]);
  });

  it('makes one swap of two findings about one newcomer', () => {
    const requests = [sampleRequest(), sampleRequest({ denyId: 'd2', findingId: 'f2', severity: 8 })];
    const plan = decide(full(stale), { requests });
    expect(stepsOf(plan)).toEqual(['replace-entry/12']);
    expect(plan.steps).toMatchObject([
      { origin: 'swap', evicted: { cidr: host(102) }, slot: { hits: 2, severity: 8 } },
    ]);
    expect(plan.placements.map(({ evicted }) => evicted?.cidr)).toEqual([host(102), host(102)]);
  });

  it('gives who gave way a place again when there is room', () => {
    const ledger = { unplaced: [sampleUnplaced({ reason: 'evicted' })] };
    const plan = decide(full().slice(0, 3), {}, ledger);
    expect(saidOf(plan)).toEqual(['create new news']);
  });

  it('evicts nobody in a pause or a flood, and says so of the newcomer', () => {
    const guard = { mode: 'enforce', newDeniesPaused: { reason: 'paused', because: 'b' } } as const;
    const paused = decide(full(stale), { guard });
    expect(saidOf(paused)).toEqual(['refused paused news']);
    expect(paused.placements[0]?.evicted).toBeUndefined();
    const writes = { bucketMs: 300_000, buckets: [{ start: now.toISOString(), count: 30 }] };
    const flood = decide(full(stale), {}, { writes });
    expect(saidOf(flood)).toEqual(['unplaced flood news']);
    expect(flood.steps.map(({ action }) => action)).toEqual(['note-unplaced', 'note']);
  });
});

describe('after a swap', () => {
  const replaced = {
    ...matchOf(full()[2] as Slot),
    findingType: 't',
    firstBlockedAt: addTo(now, -hours(2)),
    expiresAt: addTo(now, hours(22)),
  };
  const made = { madeBy: { findingId: 'f1', lastSeen: sampleSeen }, replaced, ruleNumber: 12 };

  it('the event that made it tells again who gave way, and no other event does', () => {
    const slot = sampleSlot({ ...made, expiresAt: addTo(sampleSeen, hours(24)) });
    const again = decide([slot]);
    expect(saidOf(again)).toEqual(['present in-force news']);
    expect(again.placements[0]?.evicted).toEqual(matchOf(replaced));
    const other = decide([slot], { requests: [sampleRequest({ findingId: 'f9' })] });
    expect(other.placements[0]?.evicted).toBeUndefined();
  });

  it('not if the other has a place again', () => {
    const slot = sampleSlot({ ...made, expiresAt: addTo(sampleSeen, hours(24)) });
    const again = decide([slot, sampleSlot({ ruleNumber: 13, cidr: replaced.cidr })]);
    expect(again.placements[0]?.evicted).toBeUndefined();
  });

  it('G5: who finds a dead worker’s swap carries it out, and tells who gives way', () => {
    const dead = sampleClaim(-1, made);
    const plan = decide([dead], { entries: [{ ...entryOf(dead), ...matchOf(replaced) }, ...freshEntries] });
    expect(plan.steps).toMatchObject([
      { id: 'replace-entry/12', origin: 'retake', slot: { replaced, lease: sampleLease } },
    ]);
    expect(plan.placements[0]).toMatchObject({ result: 'create', news: true, evicted: matchOf(replaced) });
  });

  it('what is put back later is no swap any more', () => {
    const plan = decide([sampleSlot(made)], { entries: freshEntries });
    expect(plan.steps).toMatchObject([{ id: 'create-entry/12', origin: 'restore' }]);
    expect(plan.steps[0]).not.toHaveProperty('slot.replaced');
  });

  it('a swap that certainly did not take place leaves the ledger as it was', () => {
    const slots = full(stale);
    const before = sampleLedger({ slots });
    const plan = decide(slots);
    const claimed = claimLedger(before, plan.steps, now, policy.blockFor);
    const undone = new Map([[12, { kind: 'undone', before: slots[2] as Slot }] as const]);
    const settled = settleLedger(claimed, sampleLease.owner, undone, now);
    expect(settled.slots).toEqual(slots);
    expect(settled.unplaced).toEqual([]);
  });
});
