import { addTo, hours, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { sampleNow as now } from '../ledger/sample-ledger.ts';
import { compareRank, intervalsSeen, outranks, type Standing, sightingsWith } from './rank.ts';

const standing = (changes: Partial<Standing> & { readonly ago?: number } = {}): Standing => ({
  findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
  spoofable: false,
  sightings: 1,
  severity: 2,
  lastSeen: addTo(now, -(changes.ago ?? 0)),
  ...changes,
});

describe('rank', () => {
  it.each<[string, Standing, Standing]>([
    ['persistence before recency', standing({ sightings: 2, ago: hours(5) }), standing()],
    ['persistence before severity', standing({ sightings: 2, severity: 2 }), standing({ severity: 8 })],
    ['recency before severity', standing({ severity: 2 }), standing({ ago: minutes(15), severity: 8 })],
    ['what cannot be forged before what can', standing({ ago: hours(5) }), standing({ spoofable: true, sightings: 9 })],
    [
      'anybody before an address at which nobody answers',
      standing({ ago: hours(5) }),
      standing({ findingType: 'Trojan:EC2/BlackholeTraffic', sightings: 9, severity: 8 }),
    ],
  ])('G35: %s', (_, strong, weak) => {
    expect(outranks(strong, weak, now)).toBe(true);
    expect(outranks(weak, strong, now)).toBe(false);
    expect(compareRank(strong, weak, now)).toBeGreaterThan(0);
    expect(compareRank(weak, strong, now)).toBeLessThan(0);
  });

  it('G35: severity orders and alone never evicts', () => {
    const [loud, quiet] = [standing({ severity: 8 }), standing({ severity: 2 })];
    expect(compareRank(loud, quiet, now)).toBeGreaterThan(0);
    expect(outranks(loud, quiet, now)).toBe(false);
  });

  it('does not tell apart what was seen in the same publishing interval, or is from the future', () => {
    expect(outranks(standing(), standing({ ago: minutes(15) - 1 }), now)).toBe(false);
    expect(outranks(standing({ ago: -minutes(5) }), standing(), now)).toBe(false);
  });
});

describe('intervalsSeen', () => {
  const seen = (count: number | undefined, span: number | undefined) =>
    intervalsSeen(count, span === undefined ? undefined : addTo(now, -span), now.toISOString());

  it('takes the fewer of how often and over how many intervals it was seen', () => {
    expect(seen(12, minutes(10))).toBe(1);
    expect(seen(12, minutes(15))).toBe(2);
    expect(seen(12, hours(24))).toBe(12);
    expect(seen(1, hours(24))).toBe(1);
    expect(seen(1e9, hours(24 * 3_650))).toBe(999);
  });

  it('takes what is not said, or contradicts itself, for one', () => {
    expect(seen(undefined, hours(1))).toBe(1);
    expect(seen(12, undefined)).toBe(1);
    expect(seen(12, -hours(1))).toBe(1);
    expect(seen(0, hours(1))).toBe(1);
    expect(intervalsSeen(12, addTo(now, -hours(1)), undefined)).toBe(1);
  });
});

describe('sightingsWith', () => {
  const known = (sightings: number, firstAgo: number, lastAgo: number) => ({
    sightings,
    since: addTo(now, -firstAgo),
    lastSeen: addTo(now, -lastAgo),
  });
  const request = { lastSeen: now.toISOString() };

  it('counts a sighting a publishing interval after the first', () => {
    expect(sightingsWith(known(1, minutes(15), minutes(15)), request)).toBe(2);
    expect(sightingsWith(known(1, minutes(15) - 1, minutes(15) - 1), request)).toBe(1);
    expect(sightingsWith(known(2, minutes(30), minutes(10)), request)).toBe(3);
    expect(sightingsWith(known(2, minutes(30) - 1, minutes(10)), request)).toBe(2);
  });

  it('counts no event twice', () => {
    expect(sightingsWith(known(1, hours(5), 0), request)).toBe(1);
  });

  it('believes the finding where that knows more', () => {
    expect(sightingsWith(known(1, 0, 0), { ...request, sightings: 4 })).toBe(4);
    expect(sightingsWith(known(6, 0, 0), { ...request, sightings: 4 })).toBe(6);
    expect(sightingsWith(known(999, hours(900), 1), request)).toBe(999);
  });
});
