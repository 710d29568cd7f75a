import { addTo, hours, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { withCounted } from './beyond.ts';
import { fit } from './fit.ts';
import type { Ledger } from './ledger.ts';
import { sampleNow as now, sampleClaim, sampleLedger, sampleSlot, sampleUnplaced } from './sample-ledger.ts';

const host = (n: number): string => `203.0.113.${n}/32`;
const replaced = {
  cidr: host(200),
  protocol: '6',
  findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
  firstBlockedAt: addTo(now, -hours(2)),
  expiresAt: addTo(now, hours(2)),
} as const;

describe('who is listed without room', () => {
  const list = (count: number) =>
    Array.from({ length: count }, (_, n) => sampleUnplaced({ cidr: host(n), lastSeen: addTo(now, -minutes(n)) }));

  it('is kept in order of rank and of time, 64 at most, and the rest is counted', () => {
    const worst = sampleUnplaced({ cidr: host(90), sightings: 5, lastSeen: addTo(now, -minutes(50)) });
    const { unplaced, unplacedOmitted, beyond } = fit(
      sampleLedger({ unplaced: [...list(65).toReversed(), worst] }),
      now,
    );
    expect(unplaced.map(({ cidr }) => cidr)).toEqual([host(90), ...list(63).map(({ cidr }) => cidr)]);
    expect(unplacedOmitted).toBe(2);
    expect(beyond).toEqual(withCounted(undefined, [host(63), host(64)], now, hours(24)));
  });

  it('is not counted by a second port while the first is listed', () => {
    const other = sampleUnplaced({
      cidr: host(0),
      ports: { from: 3389, to: 3389 },
      lastSeen: addTo(now, -hours(2)),
    });
    const ledger = fit(sampleLedger({ unplaced: [...list(64), other] }), now);
    expect(ledger.unplaced).toEqual(list(64));
    expect(ledger.unplacedOmitted).toBe(0);
    expect(ledger).not.toHaveProperty('beyond');
  });

  it('is counted with those of before, however long ago that began', () => {
    const beyond = withCounted(undefined, [host(100)], new Date(addTo(now, -hours(99))), hours(24));
    if (beyond === undefined) throw new Error('nothing was counted');
    expect(fit(sampleLedger({ unplaced: list(65), beyond }), now).beyond).toMatchObject({
      since: beyond.since,
      changedAt: now.toISOString(),
      atLeast: 2,
    });
    // The number is the count, whatever was kept before.
    expect(fit(sampleLedger({ beyond, unplacedOmitted: 7 }), now)).toEqual(
      sampleLedger({ beyond, unplacedOmitted: 1 }),
    );
  });
});

describe('where there is too little room', () => {
  const beyond = withCounted(undefined, [host(100), host(101)], now, hours(24));
  const full: Ledger = sampleLedger({
    slots: [
      sampleSlot({ findingIds: Array.from({ length: 5 }, (_, n) => `f${n}`.padEnd(32, 'x')), replaced }),
      sampleClaim(1_000, { ruleNumber: 11, findingIds: ['f9'], replaced }),
    ],
    history: Array.from({ length: 2 }, (_, n) => ({ cidr: host(50 + n), blocks: 2, endedAt: addTo(now, -n) })),
    unplaced: Array.from({ length: 2 }, (_, n) => sampleUnplaced({ cidr: host(n), lastSeen: addTo(now, -n) })),
    vanishings: Array.from({ length: 12 }, (_, n) => ({ cidr: host(60 + n), at: addTo(now, -n) })),
    suppressions: [
      { cidr: host(80), reason: 'r'.repeat(80), requestedBy: 'q'.repeat(40), until: addTo(now, hours(1)) },
    ],
    ...(beyond ? { beyond, unplacedOmitted: 2 } : {}),
  });
  const bytes = (ledger: Ledger): number => JSON.stringify(ledger).length;
  /** So many bytes over what may be written; notices are never cut. */
  const over = (count: number): Ledger => {
    const padded = (length: number): Ledger => ({
      ...full,
      notices: [{ about: 'x'.repeat(length), at: addTo(now, 0) }],
    });
    return padded(65_520 + count - bytes(padded(0)));
  };
  const left = ({ slots: [slot, claim], history, unplaced, vanishings, suppressions, ...rest }: Ledger) => ({
    ids: slot?.findingIds.length,
    history: history.map(({ cidr }) => cidr),
    listed: unplaced.map(({ cidr }) => cidr),
    omitted: rest.unplacedOmitted,
    pasts: [slot?.replaced, claim?.replaced].map((past) => past !== undefined),
    type: slot?.findingType === '' ? '' : 'type',
    vanishings: vanishings.length,
    reason: suppressions[0]?.reason.length,
    toldApart: rest.beyond?.digests !== '',
  });

  it('nothing is cut from what fits', () => {
    expect(fit(over(0), now)).toEqual(over(0));
    expect(fit(over(1), now)).not.toEqual(over(1));
  });

  it('the least important goes first, and no more than has to', () => {
    const seen: string[] = [];
    for (let count = 0; count < 3_000; count += 20) {
      const text = JSON.stringify(left(fit(over(count), now)));
      if (seen.at(-1) !== text) seen.push(text);
    }
    const all = left(full);
    const noIds = { ...all, ids: 1 };
    const noHistory = { ...noIds, history: [] };
    const oneListed = { ...noHistory, listed: [host(0)], omitted: 3 };
    const noneListed = { ...noHistory, listed: [], omitted: 4 };
    const noPast = { ...noneListed, pasts: [false, true] };
    const inShort = { ...noPast, ids: 0, type: '' };
    const fewVanishings = { ...inShort, vanishings: 8 };
    const noWords = { ...fewVanishings, reason: 0 };
    expect(seen.map((text) => JSON.parse(text))).toEqual([
      all,
      noIds,
      { ...noIds, history: [host(50)] },
      noHistory,
      oneListed,
      noneListed,
      noPast,
      inShort,
      fewVanishings,
      noWords,
      { ...noWords, toldApart: false },
    ]);
  });
});
