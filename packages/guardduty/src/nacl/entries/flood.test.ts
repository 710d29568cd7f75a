import { addTo, minutes, seconds } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { claimLedger } from '../ledger/claim.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { sampleNow as now, sampleFacts, sampleLedger, sampleRequest, sampleUnplaced } from '../ledger/sample-ledger.ts';
import { samplePolicy } from '../sample-policy.ts';
import { decideEntries } from './decide-entries.ts';
import type { EntriesFacts } from './entries-facts.ts';
import { dueFloodSummary } from './flood.ts';

const host = (last: number): string => `198.51.100.${last}/32`;
const none = samplePolicy({ entryWritesPerHour: 0 });
const from = (last: number, at = now) =>
  sampleRequest({ denyId: `d${last}`, findingId: `f${last}`, cidr: host(last), lastSeen: at.toISOString() });

/** One event after another in a flood, as in so many invocations; what each of them tells. */
const flooded = (start: Ledger = sampleLedger()) => {
  let ledger = start;
  return {
    ledger: () => ledger,
    see(requests: EntriesFacts['requests'], at: Date = now) {
      const plan = decideEntries(sampleFacts({ ledger, requests }), none, at);
      ledger = claimLedger(ledger, plan.steps, at, none.blockFor);
      return plan.placements.map(({ reason, news, flood }) => ({ reason, news, told: flood?.cidrs }));
    },
  };
};

const silent = { reason: 'flood', news: false, told: undefined };
const telling = (...hosts: number[]) => ({ reason: 'flood', news: true, told: hosts.map(host) });
const later = (ms: number): Date => new Date(now.getTime() + ms);

describe('a flood', () => {
  it('G38: is told with the first whom it leaves without a deny, and lists the others in silence', () => {
    const flood = flooded();
    expect(flood.see([from(1)])).toEqual([telling(1)]);
    expect(flood.see([from(2)], later(seconds(1)))).toEqual([silent]);
    expect(flood.see([from(3)], later(minutes(15) - 1))).toEqual([silent]);
    expect(flood.ledger().unplaced.map(({ cidr, reason }) => [cidr, reason])).toEqual(
      expect.arrayContaining([1, 2, 3].map((last) => [host(last), 'flood'])),
    );
  });

  it('G38: tells everybody listed once in 15 minutes, with the next who comes', () => {
    const flood = flooded();
    flood.see([from(1)]);
    flood.see([from(2)], later(seconds(1)));
    const [told] = flood.see([from(3)], later(minutes(15)));
    expect(told?.news).toBe(true);
    expect(told?.told?.toSorted()).toEqual([1, 2, 3].map(host));
    expect(flood.see([from(4)], later(minutes(16)))).toEqual([silent]);
  });

  it('says nothing more about who was told', () => {
    const flood = flooded();
    flood.see([from(1)]);
    expect(flood.see([from(1, later(minutes(20)))], later(minutes(20)))).toEqual([silent]);
  });

  it('tells who was listed in silence when that one is seen again', () => {
    const flood = flooded();
    flood.see([from(1)]);
    flood.see([from(2)], later(minutes(5)));
    const again = from(2, later(minutes(20)));
    expect(flood.see([again], later(minutes(20)))).toMatchObject([{ news: true }]);
    expect(dueFloodSummary(flood.ledger(), later(minutes(60)))).toBeUndefined();
  });

  it('is told again by the event that told it, when that is delivered again', () => {
    const flood = flooded();
    flood.see([from(1)]);
    flood.see([from(2)], later(seconds(1)));
    const [again] = flood.see([from(1)], later(minutes(2)));
    expect(again?.news).toBe(true);
    expect(again?.told?.toSorted()).toEqual([host(1), host(2)]);
  });

  it('is told once for a batch, with all of it', () => {
    const flood = flooded();
    expect(flood.see([from(1), from(2), from(3)])).toEqual([telling(1, 2, 3), silent, silent]);
    expect(dueFloodSummary(flood.ledger(), later(minutes(60)))).toBeUndefined();
  });

  it('counts who is not listed any more', () => {
    const ledger = sampleLedger({ unplaced: [sampleUnplaced({ reason: 'flood' })], unplacedOmitted: 9 });
    const plan = decideEntries(sampleFacts({ ledger, requests: [from(1)] }), none, now);
    expect(plan.placements[0]?.flood?.omitted).toBe(9);
  });

  it('counts who was listed after a summary as untold, also where clocks differ', () => {
    const flood = flooded();
    flood.see([from(1)]);
    expect(flood.see([from(2)], now)).toEqual([silent]);
    expect(flood.see([from(3)], later(-seconds(3)))).toEqual([silent]);
    const { cidrs } = dueFloodSummary(flood.ledger(), later(minutes(15)))?.summary ?? { cidrs: [] };
    expect(cidrs).toEqual(expect.arrayContaining([host(2), host(3)]));
  });

  it('writes nothing more about who is listed', () => {
    const flood = flooded();
    flood.see([from(1)]);
    flood.see([from(2)], later(seconds(1)));
    const facts = sampleFacts({ ledger: flood.ledger(), requests: [from(2, later(seconds(5)))] });
    expect(decideEntries(facts, none, later(seconds(5))).steps).toEqual([]);
  });
});

describe('dueFloodSummary', () => {
  const notice = (ago: number) => ({ about: 'flood/f1/x', at: addTo(now, -ago) });
  const listed = (ago: number) => sampleUnplaced({ reason: 'flood', since: addTo(now, -ago) });
  const due = (ago: number, since: number) =>
    dueFloodSummary(sampleLedger({ notices: [notice(ago)], unplaced: [listed(since)] }), now);

  it('is for upkeep: who was listed in silence and is told by nobody else', () => {
    expect(due(minutes(15), minutes(5))).toMatchObject({
      summary: { cidrs: [sampleUnplaced().cidr], omitted: 0 },
      step: { action: 'note', notice: { about: 'flood/upkeep', at: now.toISOString() } },
    });
    expect(due(minutes(15) - 1, minutes(5))).toBeUndefined();
    const told = { about: 'flood/upkeep', at: addTo(now, -minutes(4) + 1) };
    const retried = sampleLedger({ notices: [told], unplaced: [listed(minutes(20))] });
    expect(dueFloodSummary(retried, now)).toBeDefined();
    expect(dueFloodSummary(retried, later(1))).toBeUndefined();
    expect(due(minutes(15), minutes(15))).toBeUndefined();
    expect(dueFloodSummary(sampleLedger({ unplaced: [listed(0)] }), now)).toBeDefined();
    expect(dueFloodSummary(sampleLedger({ unplaced: [sampleUnplaced()] }), now)).toBeUndefined();
  });
});

describe('limits', () => {
  const filled = (count: number, ago = 0) => ({
    bucketMs: 300_000,
    buckets: [{ start: addTo(now, -ago), count }],
  });

  it('of new denies per hour and day leave sightings and what is put back alone', () => {
    const policy = samplePolicy({ newDeniesPerHour: 3, newDeniesPerAccountAndDay: 5 });
    const said = (ledger: Partial<Ledger>, changes: Partial<EntriesFacts> = {}) =>
      decideEntries(sampleFacts({ ledger: sampleLedger(ledger), ...changes }), policy, now).placements.map(
        ({ result, because }) => `${result} ${because}`,
      );
    expect(said({ denies: filled(2) })).toEqual(['create The rule number is free.']);
    expect(said({ denies: filled(3) })).toEqual([
      'unplaced The network ACL had as many new denies in the last hour as are allowed.',
    ]);
    expect(said({ denies: filled(3, minutes(120)) })).toEqual(['create The rule number is free.']);
    expect(said({ denies: filled(3, minutes(120)) }, { deniesElsewhere: 2 })).toEqual([
      'unplaced The account had as many new denies in the last day as are allowed.',
    ]);
    expect(said({ denies: filled(3, minutes(60 * 25)) }, { deniesElsewhere: 4 })).toEqual([
      'create The rule number is free.',
    ]);
  });

  it('count the denies of one plan', () => {
    const policy = samplePolicy({ newDeniesPerHour: 2 });
    const requests = [1, 2, 3].map((last) => from(last));
    const plan = decideEntries(sampleFacts({ requests }), policy, now);
    expect(plan.placements.map(({ result }) => result)).toEqual(['create', 'create', 'unplaced']);
    expect(claimLedger(sampleLedger(), plan.steps, now, policy.blockFor).denies.buckets).toMatchObject([{ count: 2 }]);
  });
});
