import { addTo, hours, minutes, seconds } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { claimLedger, settleLedger } from '../ledger/claim.ts';
import type { Ledger } from '../ledger/ledger.ts';
import {
  sampleNow as now,
  sampleClaim,
  sampleFacts,
  sampleLedger,
  sampleRequest,
  sampleUnplaced,
} from '../ledger/sample-ledger.ts';
import type { BlockerPolicy } from '../policy.ts';
import { samplePolicy } from '../sample-policy.ts';
import { dueBeyondSummary } from './beyond-summary.ts';
import { decideEntries } from './decide-entries.ts';
import type { EntriesFacts } from './entries-facts.ts';

const host = (n: number): string => `198.51.${100 + (n >> 8)}.${n & 255}/32`;
const later = (ms: number): Date => new Date(now.getTime() + ms);
const from = (n: number, at: Date, changes: Partial<EntriesFacts['requests'][number]> = {}) =>
  sampleRequest({ denyId: `d${n}`, findingId: `f${n}`, cidr: host(n), lastSeen: at.toISOString(), ...changes });

/** Nothing has room. */
const full = samplePolicy({ quota: 3, headroom: 2 });

/** A list of 64, by earlier events. */
const listed = (changes: Partial<Ledger> = {}): Ledger =>
  sampleLedger({
    unplaced: Array.from({ length: 64 }, (_, n) =>
      sampleUnplaced({ cidr: host(1_000 + n), lastSeen: addTo(now, -minutes(40)), since: addTo(now, -minutes(40)) }),
    ),
    ...changes,
  });

/** One event after another, as in so many invocations: what each of them tells, and how often the ledger is written. */
const crowd = (start: Ledger = listed(), policy: BlockerPolicy = full) => {
  let ledger = start;
  let writes = 0;
  return {
    ledger: () => ledger,
    writes: () => writes,
    see(requests: EntriesFacts['requests'], at: Date) {
      const plan = decideEntries(sampleFacts({ ledger, requests }), policy, at);
      if (plan.steps.length > 0) {
        writes += 1;
        ledger = claimLedger(ledger, plan.steps, at, policy.blockFor);
      }
      return plan.placements;
    },
    sweep(at: Date) {
      const due = dueBeyondSummary(ledger, at);
      if (due) ledger = claimLedger(ledger, [due.step], at, policy.blockFor);
      return due?.because;
    },
  };
};

const countIn = (because: string | undefined): number =>
  Number(because?.match(/(\d+) address(?:es)? beyond the 64/)?.[1]);

describe('who has no room and is not listed either', () => {
  it('is written once, however often it is seen, and told once in 15 minutes with the number of addresses', () => {
    const play = crowd();
    const told: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      for (let n = 0; n < 100; n += 1) {
        const at = later(minutes(5) * round + seconds(2) * n);
        for (const { news, because } of play.see([from(n, at)], at)) if (news) told.push(countIn(because));
      }
    }
    // An hour of a hundred attackers, each seen every five minutes.
    expect(told).toEqual([1, 100]);
    expect(play.writes()).toBe(101);
    expect(play.ledger().unplaced).toHaveLength(64);
    expect(play.ledger().unplacedOmitted).toBe(100);
  });

  it('is told by upkeep where no event carries the number', () => {
    const play = crowd();
    expect(play.see([from(1, now)], now)).toMatchObject([{ news: true, unlisted: true }]);
    const second = later(minutes(1));
    expect(play.see([from(2, second)], second)).toMatchObject([{ news: false, reason: 'quota' }]);
    expect(play.sweep(later(minutes(15) - 1))).toBeUndefined();
    expect(countIn(play.sweep(later(minutes(15))))).toBe(2);
    // A schedule that runs again so soon is a retry, whose first run may have told nobody.
    expect(countIn(play.sweep(later(minutes(18))))).toBe(2);
    expect(play.sweep(later(minutes(40)))).toBeUndefined();
    const again = later(minutes(50));
    expect(play.see([from(2, again)], again)).toMatchObject([{ news: false }]);
  });

  it('is told again by the event that told it, when that is delivered again', () => {
    const play = crowd();
    play.see([from(1, now)], now);
    const again = play.see([from(1, now)], later(minutes(2)));
    expect(again).toMatchObject([{ news: true }]);
    expect(countIn(again[0]?.because)).toBe(1);
    expect(play.see([from(1, later(minutes(2)))], later(minutes(2)))).toMatchObject([{ news: false }]);
  });

  it('counts an address once, whatever its ports, and a batch as a whole', () => {
    const play = crowd();
    const runs = [22, 3389].map((port) => ({ from: port, to: port }));
    const placements = play.see([from(1, now, { runs }), from(2, now)], now);
    expect(placements.map(({ news }) => news)).toEqual([true, false, false]);
    expect(countIn(placements[0]?.because)).toBe(2);
    expect(play.ledger().unplacedOmitted).toBe(2);
  });

  it('comes onto the list when it persists, and who was listed before is counted', () => {
    const play = crowd();
    play.see([from(1, now)], now);
    const seen = later(minutes(20));
    expect(play.see([from(1, seen, { sightings: 2 })], seen)).toMatchObject([{ news: true, reason: 'quota' }]);
    expect(play.ledger().unplaced[0]).toMatchObject({ cidr: host(1), sightings: 2 });
    expect(play.ledger().unplaced).toHaveLength(64);
    expect(play.ledger().unplacedOmitted).toBe(1);
    // It keeps its place, and is not told again.
    const writes = play.writes();
    const third = later(minutes(60));
    expect(play.see([from(1, third, { sightings: 3 })], third)).toMatchObject([{ news: false }]);
    expect(play.writes()).toBe(writes);
  });

  it('is not counted any more once it is denied or listed', () => {
    const play = crowd();
    play.see([from(1, now), from(2, now)], now);
    const slot = sampleClaim(1_000, { cidr: host(1) });
    const create = { reason: 'new', because: 'b', precondition: null, id: 'create-entry/10', slot } as const;
    const placed = claimLedger(play.ledger(), [{ ...create, action: 'create-entry', origin: 'new' }], now, hours(24));
    expect(placed.unplacedOmitted).toBe(1);
    const emptied = claimLedger({ ...placed, unplaced: [] }, [], now, hours(24));
    const { steps } = decideEntries(sampleFacts({ ledger: emptied, requests: [from(2, now)] }), full, now);
    const named = claimLedger(emptied, steps, now, hours(24));
    expect(named.unplaced).toMatchObject([{ cidr: host(2) }]);
    expect(named.unplacedOmitted).toBe(0);
    expect(named).not.toHaveProperty('beyond');
  });

  it('is said to be more than can be told apart, where it is, and not in silence', () => {
    const play = crowd();
    for (let n = 0; n < 300; n += 1) play.see([from(n, later(n))], later(n));
    expect(play.ledger().beyond).toMatchObject({ atLeast: 256, more: true });
    const writes = play.writes();
    expect(writes).toBe(257);
    expect(play.sweep(later(minutes(16)))).toMatch(/^More than 256 addresses/);
    // Nobody knows whether these are new: the next summary says again that there are more.
    const at = later(minutes(17));
    for (let n = 300; n < 320; n += 1) expect(play.see([from(n, at)], at)).toMatchObject([{ news: false }]);
    expect(play.writes()).toBe(writes + 1);
    expect(play.sweep(later(minutes(31)))).toMatch(/^More than 256 addresses/);
    expect(play.sweep(later(minutes(60)))).toBeUndefined();
  });

  it('is counted anew after as long as a block lasts', () => {
    const play = crowd(listed());
    play.see([from(1, now), from(2, now)], now);
    const fresh = {
      ...play.ledger(),
      unplaced: listed().unplaced.map((one) => ({ ...one, lastSeen: addTo(now, hours(20)) })),
    };
    const next = crowd(fresh);
    const at = later(hours(24));
    expect(next.see([from(3, at)], at)).toMatchObject([{ news: true }]);
    expect(next.ledger().unplacedOmitted).toBe(1);
  });

  it('is counted after the summary, also where clocks differ', () => {
    const play = crowd();
    play.see([from(1, now)], now);
    play.see([from(2, now)], later(-seconds(3)));
    expect(countIn(play.sweep(later(minutes(16))))).toBe(2);
  });

  it('in a flood is told as well', () => {
    const play = crowd(listed(), samplePolicy({ entryWritesPerHour: 0 }));
    const [first] = play.see([from(1, now)], now);
    expect(first).toMatchObject({ reason: 'flood', news: true });
    expect(countIn(first?.because)).toBe(1);
    const second = later(minutes(1));
    expect(play.see([from(2, second)], second)).toMatchObject([{ reason: 'flood', news: false }]);
    expect(countIn(play.sweep(later(minutes(16))))).toBe(2);
  });

  it('is counted when it is left off a list that is full, and never twice', () => {
    const many = Array.from({ length: 70 }, (_, n) =>
      sampleUnplaced({ cidr: host(n % 66), ports: { from: n, to: n } }),
    );
    const settled = settleLedger(sampleLedger({ unplaced: many }), 'o', new Map(), now);
    expect(settled.unplaced).toHaveLength(64);
    expect(new Set([...settled.unplaced.map(({ cidr }) => cidr)]).size + settled.unplacedOmitted).toBe(66);
  });
});
