import { addTo, hours } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { decideUnblock } from '../release/decide-release.ts';
import { samplePolicy } from '../sample-policy.ts';
import { hasRoomForSlot, shortOwner, suppressionsThatFit } from './room.ts';
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
