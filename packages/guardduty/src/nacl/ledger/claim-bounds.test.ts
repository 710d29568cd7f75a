import { addTo, hours, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { EntryStep } from '../entries/entry-plan.ts';
import { replaceStep } from '../entries/placed.ts';
import { claimLedger, settleLedger } from './claim.ts';
import type { Ledger, Slot } from './ledger.ts';
import { maxLedgerBytes } from './ledger.ts';
import { sampleNow as now, sampleClaim, sampleLedger, sampleSlot, sampleUnplaced } from './sample-ledger.ts';

const base = { reason: 'r', because: 'b', precondition: null };
const note = (about: string, at = addTo(now, 0)): EntryStep => ({
  ...base,
  id: `note/${about}`,
  action: 'note',
  notice: { about, at },
});
const claim = (ledger: Ledger, ...steps: EntryStep[]): Ledger => claimLedger(ledger, steps, now, hours(24));
const sizeOf = (ledger: Ledger): number => Buffer.byteLength(JSON.stringify(ledger));

const long = (n: number): string => `2001:db8:${(4096 + n).toString(16)}:ffff:ffff:ffff:ffff:ffff/128`;
const replaced = {
  cidr: '198.51.100.8/32',
  protocol: '6',
  findingType: 'r'.repeat(100),
  firstBlockedAt: addTo(now, -hours(2)),
  expiresAt: addTo(now, hours(2)),
} as const;
const wideSlot = (n: number, changes: Partial<Slot> = {}): Slot =>
  sampleSlot({
    ruleNumber: 10 + n,
    cidr: long(n),
    findingType: 't'.repeat(100),
    findingIds: ['f'.repeat(48), 'g'.repeat(48)],
    madeBy: { findingId: 'f'.repeat(48), lastSeen: addTo(now, 0) },
    replaced,
    ...changes,
  });
const slots = (count: number, changes: Partial<Slot> = {}): Slot[] =>
  Array.from({ length: count }, (_, n) => wideSlot(n, changes));
const history = Array.from({ length: 64 }, (_, n) => ({ cidr: long(1_000 + n), blocks: 9, endedAt: addTo(now, -n) }));
const unplaced = Array.from({ length: 64 }, (_, n) =>
  sampleUnplaced({ cidr: long(2_000 + n), findingId: 'f'.repeat(48) }),
);
const suppressions = Array.from({ length: 100 }, (_, n) => ({
  cidr: long(3_000 + n),
  reason: '"'.repeat(80),
  requestedBy: 'q'.repeat(40),
  until: addTo(now, hours(1)),
}));

describe('a ledger that would grow too large', () => {
  it('is left as it is while it fits', () => {
    const small = sampleLedger({ slots: slots(10), history, unplaced: unplaced.slice(0, 9), suppressions: [] });
    expect(claim(small)).toEqual(small);
  });

  it('forgets first all but the latest finding of each slot, and then the past, the oldest first', () => {
    const full = claim(sampleLedger({ slots: slots(66), history, unplaced: unplaced.slice(0, 9) }));
    expect(sizeOf(full)).toBeLessThanOrEqual(maxLedgerBytes);
    expect(full.slots.every(({ findingIds }) => findingIds.length === 1)).toBe(true);
    expect(full.history.length).toBeGreaterThan(0);
    expect(full.history.length).toBeLessThan(64);
    expect(full.history).toEqual(history.slice(0, full.history.length));
    expect(full.unplaced).toHaveLength(9);
    expect(full.slots.every((slot) => slot.replaced !== undefined)).toBe(true);
    // One more would not have fitted.
    const more = { ...full, history: history.slice(0, full.history.length + 1) };
    expect(sizeOf(more)).toBeGreaterThan(maxLedgerBytes - 16);
  });

  it('then who is listed without room, counted', () => {
    const full = claim(sampleLedger({ slots: slots(70), history, unplaced }));
    expect(full.history).toEqual([]);
    expect(full.unplaced.length).toBeLessThan(64);
    expect(full.unplaced.length + full.unplacedOmitted).toBe(64);
    expect(full.slots.every((slot) => slot.replaced !== undefined)).toBe(true);
  });

  it('then whose place settled denies took, but of none that is still being written', () => {
    const lease = { owner: 'o'.repeat(36), until: addTo(now, 1) };
    const mixed = [
      ...slots(70),
      ...slots(8, { status: 'claimed', lease }).map((slot, n) => ({ ...slot, ruleNumber: 90 + n })),
    ];
    const full = claim(sampleLedger({ slots: mixed, history, unplaced, suppressions: suppressions.slice(0, 20) }));
    expect(full.unplaced).toEqual([]);
    expect(full.slots).toHaveLength(78);
    expect(full.suppressions).toHaveLength(20);
    for (const { status, replaced: former } of full.slots) expect(former === undefined).toBe(status === 'active');
    expect(full.slots[0]?.findingType).toHaveLength(100);
  });

  it('then long types and findings, and why people unblocked, but no slot and no suppression', () => {
    const lease = { owner: 'o'.repeat(22), until: addTo(now, 1) };
    const full = claim(
      sampleLedger({
        slots: slots(65, { status: 'claimed', lease }).concat(
          slots(13, { findingType: 'Trojan:EC2/BlackholeTraffic', status: 'releasing', lease }),
        ),
        suppressions: [...suppressions],
        vanishings: Array.from({ length: 32 }, (_, n) => ({ cidr: long(n), at: addTo(now, -n) })),
      }),
    );
    expect(sizeOf(full)).toBeLessThanOrEqual(maxLedgerBytes);
    expect(full.suppressions).toHaveLength(100);
    expect(full.suppressions[0]).toEqual({ ...suppressions[0], reason: '', requestedBy: '' });
    expect(full.vanishings).toHaveLength(8);
    for (const slot of full.slots) {
      const isClaimed = slot.status === 'claimed';
      expect(slot).toMatchObject({ findingIds: [], findingType: isClaimed ? '' : '/BlackholeTraffic' });
      expect(slot.replaced).toEqual(isClaimed ? { ...replaced, findingType: '' } : undefined);
    }
  });
});

describe('claimLedger', () => {
  it('keeps of all summaries of a flood the latest, and each other matter beside it', () => {
    const { notices } = claim(sampleLedger(), note('flood/f1/x'), note('contested/a'), note('flood/f2/y'));
    expect(notices.map(({ about }) => about)).toEqual(['flood/f2/y', 'contested/a']);
  });

  it('keeps of a long matter its beginning', () => {
    const [kept] = claim(sampleLedger(), note('x'.repeat(5_000))).notices;
    expect(kept?.about.length).toBeGreaterThanOrEqual(120);
    expect(kept?.about.length).toBeLessThan(1_000);
  });

  it('holds the latest suppressions first, and none that ends now', () => {
    const suppress = (n: number): EntryStep => ({
      ...base,
      id: `suppress/${n}`,
      action: 'suppress',
      suppression: { cidr: long(n), reason: 'r', requestedBy: 'a', until: addTo(now, hours(1)) },
    });
    const ending = { cidr: '203.0.113.9/32', reason: 'r', requestedBy: 'a', until: now.toISOString() };
    expect(claim(sampleLedger({ suppressions: [ending] })).suppressions).toEqual([]);
    const kept = claim(sampleLedger(), ...Array.from({ length: 100 }, (_, n) => suppress(n))).suppressions;
    expect(kept.map(({ cidr }) => cidr)).toEqual(Array.from({ length: 100 }, (_, n) => long(99 - n)));
  });

  it('lists who gives way to a swap; a swap that is finished for a dead worker lists nobody', () => {
    const taken = sampleClaim(1_000, { replaced });
    const evicted = sampleUnplaced({ cidr: replaced.cidr, reason: 'evicted' });
    expect(claim(sampleLedger(), replaceStep(taken, 'swap', evicted)).unplaced).toEqual([evicted]);
    expect(claim(sampleLedger(), replaceStep(taken, 'retake')).unplaced).toEqual([]);
  });

  it('lists nobody any more whose block would have ended, whoever he is', () => {
    const seen = (ms: number, cidr: string) => sampleUnplaced({ cidr, lastSeen: addTo(now, -ms) });
    const ledger = sampleLedger({
      unplaced: [seen(hours(24), '203.0.113.1/32'), seen(hours(24) - 1, '203.0.113.2/32')],
    });
    expect(claim(ledger).unplaced.map(({ cidr }) => cidr)).toEqual(['203.0.113.2/32']);
  });

  it('is the same document when nothing is to be done: no window is touched, and no key is made', () => {
    const old = { bucketMs: 300_000, buckets: [{ start: addTo(now, -hours(48)), count: 1 }] };
    const ledger = sampleLedger({ writes: old, denies: old });
    expect(claim(ledger)).toStrictEqual(ledger);
  });
});

describe('settleLedger', () => {
  it('gives who was to be evicted, and was not, no place on the list, and leaves all others there', () => {
    const before = sampleSlot({ cidr: replaced.cidr });
    const evicted = sampleUnplaced({ cidr: replaced.cidr, reason: 'evicted' });
    const others = [
      sampleUnplaced({ cidr: '203.0.113.1/32', reason: 'evicted' }),
      sampleUnplaced({ cidr: replaced.cidr, ports: { from: 443, to: 443 }, reason: 'evicted' }),
      sampleUnplaced({ cidr: replaced.cidr, ports: { from: 22, to: 22 }, reason: 'allow-precedes' }),
    ];
    const kept = sampleSlot({ ruleNumber: 11, cidr: '203.0.113.7/32' });
    const ledger = sampleLedger({
      slots: [sampleClaim(1_000, { replaced }), sampleClaim(1_000, { ruleNumber: 11 })],
      unplaced: [evicted, ...others],
    });
    const settlements = new Map([
      [10, { kind: 'undone', before } as const],
      [11, { kind: 'undone', before: kept } as const],
    ]);
    const settled = settleLedger(ledger, 'other', settlements, now);
    expect(settled.unplaced).toHaveLength(3);
    expect(settled.unplaced).toEqual(expect.arrayContaining(others));
  });

  it('keeps which numbers were taken out a moment ago, and none of longer ago', () => {
    const releasing = (ruleNumber: number) => sampleClaim(1_000, { ruleNumber, status: 'releasing' });
    const removed = (...numbers: number[]) => new Map(numbers.map((number) => [number, { kind: 'removed' } as const]));
    const aboutAfter = (at: string, about = 'released/0:10,12') =>
      settleLedger(
        sampleLedger({
          slots: [releasing(11)],
          notices: [
            { about: 'orphans/9', at },
            { about, at },
          ],
        }),
        'other',
        removed(11),
        now,
      ).notices.map((notice) => `${notice.about} ${notice.at === now.toISOString()}`);
    expect(aboutAfter(addTo(now, -30_000))).toEqual(['released/0:11;30000:10,12 true', 'orphans/9 false']);
    expect(aboutAfter(addTo(now, -30_001))).toEqual(['released/0:11 true', 'orphans/9 false']);
    const two = settleLedger(sampleLedger({ slots: [releasing(11), releasing(14)] }), 'other', removed(11, 14), now);
    expect(two.notices).toEqual([{ about: 'released/0:11,14', at: now.toISOString() }]);
    const none = sampleLedger({ slots: [sampleClaim(1_000)] });
    expect(settleLedger(none, 'other', new Map([[10, { kind: 'active' } as const]]), now).notices).toEqual([]);
  });

  it('leaves a slot that nobody is writing, whatever is said of it', () => {
    const ledger = sampleLedger({ slots: [sampleSlot()] });
    expect(settleLedger(ledger, 'other', new Map([[10, { kind: 'removed' }]]), now).slots).toEqual(ledger.slots);
  });

  it('lists the later and the more severe first', () => {
    const mild = sampleUnplaced({ cidr: '203.0.113.1/32', severity: 1, lastSeen: addTo(now, -minutes(1)) });
    const severe = sampleUnplaced({ cidr: '203.0.113.2/32', severity: 8, lastSeen: addTo(now, -minutes(1)) });
    const later = sampleUnplaced({ cidr: '203.0.113.3/32', severity: 8, lastSeen: now.toISOString() });
    const settled = settleLedger(sampleLedger({ unplaced: [mild, severe, later] }), 'other', new Map(), now);
    expect(settled.unplaced).toEqual([later, severe, mild]);
  });
});
