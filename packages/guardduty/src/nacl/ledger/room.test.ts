import { addTo, hours } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { decideUnblock } from '../release/decide-release.ts';
import { samplePolicy } from '../sample-policy.ts';
import { hasRoomForSlot, inShort, shortened, shortOwner, suppressionsThatFit } from './room.ts';
import { sampleNow as now, sampleLease, sampleLedger, sampleSlot } from './sample-ledger.ts';

const host = (n: number): string => `198.51.${n >> 8}.${n & 255}/32`;
const suppression = (n: number) => ({
  cidr: host(n),
  reason: 'partner',
  requestedBy: 'a.smith',
  until: addTo(now, hours(1)),
});
const many = (count: number, from = 0) => Array.from({ length: count }, (_, n) => suppression(from + n));

describe('suppressions', () => {
  it('are a hundred at most; those in force that are written again, and those that are over, take no room', () => {
    const ledger = sampleLedger({ suppressions: many(98) });
    expect(suppressionsThatFit(ledger, many(4, 500), now)).toEqual(many(2, 500));
    expect(suppressionsThatFit(ledger, many(98), now)).toHaveLength(98);
    const over = many(98).map((one) => ({ ...one, until: now.toISOString() }));
    expect(suppressionsThatFit(sampleLedger({ suppressions: over }), many(4, 500), now)).toHaveLength(4);
  });

  it('that a ledger cannot keep are refused with a code, and none of the others goes for them', () => {
    const ledger = sampleLedger({ slots: [sampleSlot()], suppressions: many(100) });
    const wanted = { cidr: '198.51.100.7/32', reason: 'partner', requestedBy: 'a.smith', until: addTo(now, hours(1)) };
    const plan = decideUnblock(
      {
        ledger,
        entries: [],
        guard: { mode: 'enforce' },
        lease: sampleLease,
        suppressed: [],
        query: { cidr: wanted.cidr },
        suppressions: [wanted],
      },
      samplePolicy(),
      now,
    );
    expect(plan.steps.map(({ action }) => action)).not.toContain('suppress');
    expect(plan.refused).toMatchObject([{ step: { action: 'suppress' }, refused: { reason: 'suppressions-full' } }]);
    // The deny goes all the same.
    expect(plan.releases).toHaveLength(1);
  });
});

describe('a slot', () => {
  it('finds room beside as many as two quotas hold and as many suppressions as they may need', () => {
    const cidr = (n: number) => (n % 2 ? host(n) : `2001:db8:${4096 + n}:ffff:ffff:ffff:ffff:ffff/128`);
    const slot = (n: number) =>
      sampleSlot({ ruleNumber: 10_000 + n, cidr: cidr(n), ports: { from: 10_000, to: 65_535 }, protocol: '17' });
    const slots = Array.from({ length: 77 }, (_, n) => slot(n));
    const { ruleNumber: _, ...newcomer } = slot(77);
    const suppressions = Array.from({ length: 78 }, (__, n) => ({ ...suppression(n), cidr: cidr(n) }));
    expect(hasRoomForSlot(slots, newcomer, { suppressions }, now)).toBe(true);
    expect(hasRoomForSlot([...slots, ...slots], newcomer, { suppressions }, now)).toBe(false);
  });
});

describe('shortOwner', () => {
  it('leaves what is short, and tells apart what is not', () => {
    expect(shortOwner('worker-1')).toBe('worker-1');
    const long = [
      shortOwner('3f0c1a2e-0000-4000-8000-00000000000a'),
      shortOwner('3f0c1a2e-0000-4000-8000-00000000000b'),
    ];
    expect(new Set(long).size).toBe(2);
    for (const owner of [...long, shortOwner('é'), shortOwner('x'.repeat(1_000))]) expect(owner).toMatch(/^[\w-]{22}$/);
  });
});

it('of what people wrote about a suppression a ledger keeps the beginning, and of its end four digits of the year', () => {
  const until = '+010000-01-01T00:00:00.000Z';
  const long = { ...suppression(1), reason: 'r'.repeat(81), requestedBy: 'q'.repeat(41), by: 'more' };
  const short = { ...suppression(1), reason: 'r'.repeat(80), requestedBy: 'q'.repeat(40) };
  expect(shortened(long)).toEqual(short);
  expect(shortened({ ...long, until })).toEqual({ ...short, until: '9999-12-31T23:59:59.999Z' });
});

it('a slot at its shortest still says whether it is about a black hole, and whose place it took', () => {
  const [blackHole, other] = ['Trojan:EC2/BlackholeTraffic', 'UnauthorizedAccess:EC2/SSHBruteForce'];
  const replaced = {
    cidr: host(1),
    protocol: '6',
    findingType: blackHole,
    firstBlockedAt: now.toISOString(),
    expiresAt: addTo(now, hours(1)),
  } as const;
  const slot = sampleSlot({ findingType: other, replaced });
  expect(inShort(slot)).toEqual({
    ...slot,
    findingIds: [],
    findingType: '',
    replaced: { ...replaced, findingType: '/BlackholeTraffic' },
  });
  expect(inShort(sampleSlot({ findingType: blackHole })).findingType).toBe('/BlackholeTraffic');
});

describe('to the byte', () => {
  /** Windows, notices and vanishings at their shortest have 12,300 of the 65,536 bytes. */
  const room = 65_536 - 12_300;
  const until = addTo(now, hours(23));
  const bytes = (value: unknown): number => JSON.stringify(value).length + 1;
  const padded = (length: number) => ({ cidr: 'x'.repeat(length), reason: 'r', requestedBy: 'q', until });
  /** All that is kept of a suppression where room is short. */
  const shortest = (cidr: string): number => bytes({ cidr, reason: '', requestedBy: '', until });
  const lengthFor = (left: number): number => left - shortest('');
  const { ruleNumber: _, ...newcomer } = sampleSlot();
  /** As long as it may come to be while it is written, seen again and taken out. */
  const grown = bytes({
    ...sampleSlot(),
    ruleNumber: 32_766,
    findingIds: [],
    findingType: '',
    lease: { owner: ' '.repeat(22), until: newcomer.writtenAt },
    status: 'releasing',
    hits: 99_999_999,
    sightings: 999,
    severity: 88.88,
  });
  const own = shortest(newcomer.cidr);

  it('a slot is let in where it, its own suppression and all others fit', () => {
    const fits = (length: number) => hasRoomForSlot([], newcomer, { suppressions: [padded(length)] }, now);
    const length = lengthFor(room - grown - own);
    expect([fits(length), fits(length + 1)]).toEqual([true, false]);
  });

  it('a slot beside others needs room for unblocking them all', () => {
    const slots = [sampleSlot(), sampleSlot({ ruleNumber: 11 })];
    const fits = (length: number) => hasRoomForSlot(slots, newcomer, { suppressions: [padded(length)] }, now);
    const length = lengthFor(room - 3 * (grown + own));
    expect([fits(length), fits(length + 1)]).toEqual([true, false]);
  });

  it('a suppression of an address that is denied, and one that is over, take no room of their own', () => {
    const others = [
      { ...padded(1), cidr: newcomer.cidr },
      { ...padded(room), until: now.toISOString() },
    ];
    const fits = (length: number) => hasRoomForSlot([], newcomer, { suppressions: [...others, padded(length)] }, now);
    const length = lengthFor(room - grown - own);
    expect([fits(length), fits(length + 1)]).toEqual([true, false]);
  });

  it('a suppression is let in where it fits beside the slots and those in force', () => {
    const fits = (length: number) =>
      suppressionsThatFit({ slots: [sampleSlot()], suppressions: [padded(9)] }, [padded(length)], now).length > 0;
    const length = lengthFor(room - grown - shortest('x'.repeat(9)));
    expect([fits(length), fits(length + 1)]).toEqual([true, false]);
  });

  it('each suppression leaves less room for the next, and a shorter one may still fit', () => {
    const length = lengthFor(room - shortest('y'));
    const [one, tooLong, short] = [padded(length), padded(2), { ...padded(1), cidr: 'y' }];
    expect(suppressionsThatFit({ slots: [], suppressions: [] }, [one, tooLong, short], now)).toEqual([one, short]);
  });
});
