import { addTo, addToWindow, days, emptyWindow, hours, minutes, type Suppression } from '@remedykit/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EntryStep } from '../entries/entry-plan.ts';
import { maxBeyond } from './beyond.ts';
import { claimLedger, type Settlement, settleLedger } from './claim.ts';
import { type Ledger, ledgerKey, maxLedgerBytes, maxUnplaced, type Slot, shortId } from './ledger.ts';
import { parseLedger } from './parse-ledger.ts';
import { hasRoomForSlot, shortened, suppressionsThatFit } from './room.ts';
import { sampleNow as now, sampleLedger, sampleLedgerId, sampleSlot, sampleUnplaced } from './sample-ledger.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

/** Both quotas at their most, less the default denies. */
const mostSlots = 78;

const cidrOf = (n: number): string => `2001:db8:${(4096 + n).toString(16)}:ffff:ffff:ffff:ffff:ffff/128`;
/** Half of the slots are of each family, as the quota has it. */
const slotCidr = (n: number): string => (n % 2 === 0 ? cidrOf(n) : `203.100.${100 + (n >> 8)}.${100 + (n % 100)}/32`);
const text = fc.oneof(
  fc.constantFrom('x'.repeat(400), '"'.repeat(400), '\\'.repeat(400), 'é'.repeat(400), '😀'.repeat(400)),
  fc.string({ maxLength: 400 }),
);

const lease = { owner: 'o'.repeat(22), until: addTo(now, 1) } as const;

/** The largest window that an hour or a day can have. */
const filledWindow = (bucketMs: number, lengthMs: number) => {
  let window = emptyWindow(bucketMs);
  for (let at = 0; at <= lengthMs; at += bucketMs)
    window = addToWindow(window, new Date(now.getTime() - lengthMs + at), 9_999, lengthMs);
  return window;
};

const slotArbitrary = (n: number): fc.Arbitrary<Slot> =>
  fc
    .record({ isClaimed: fc.boolean(), isSwap: fc.boolean(), id: text, isOver: fc.boolean() })
    .map(({ isClaimed, isSwap, id, isOver }) => {
      const findingId = shortId(id);
      return sampleSlot({
        ruleNumber: 10_000 + n,
        cidr: slotCidr(n),
        protocol: '17',
        ports: { from: 10_000, to: 65_535 },
        findingIds: Array.from({ length: 5 }, () => findingId),
        findingType: 't'.repeat(100),
        severity: 8.95,
        hits: 99_999,
        sightings: 999,
        madeBy: { findingId, lastSeen: addTo(now, 0) },
        expiresAt: addTo(now, isOver ? -1 : hours(1)),
        ...(isClaimed ? { status: 'claimed', lease } : {}),
        ...(isSwap
          ? {
              replaced: {
                cidr: slotCidr(78 + n),
                protocol: '17',
                ports: { from: 10_000, to: 65_535 },
                findingType: 't'.repeat(100),
                firstBlockedAt: addTo(now, -hours(1)),
                expiresAt: addTo(now, hours(1)),
              },
            }
          : {}),
      });
    });

/** As the decisions let them in. */
const admitted = (
  slots: readonly Slot[],
  suppressions: readonly Suppression[],
): Pick<Ledger, 'slots' | 'suppressions'> => {
  const kept: Slot[] = [];
  for (const slot of slots) {
    const { replaced: _, ...alone } = slot;
    const candidate = [slot, alone].find((one) => hasRoomForSlot(kept, one, { suppressions: [] }, now));
    if (candidate) kept.push(candidate);
  }
  return {
    slots: kept,
    suppressions: suppressionsThatFit({ slots: kept, suppressions: [] }, suppressions, now).map(shortened),
  };
};

const suppressionArbitrary = (n: number): fc.Arbitrary<Suppression> =>
  text.map((reason) => ({ cidr: cidrOf(6_000 + n), reason, requestedBy: reason, until: addTo(now, hours(1)) }));

const ledgerArbitrary: fc.Arbitrary<Ledger> = fc
  .record({
    slots: fc
      .oneof(fc.nat(mostSlots), fc.constant(mostSlots))
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, n) => slotArbitrary(n)))),
    suppressions: fc
      .oneof(fc.nat(100), fc.constant(100))
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, n) => suppressionArbitrary(n)))),
    beyond: fc.constantFrom(0, 1, maxBeyond),
    unplaced: fc.nat(maxUnplaced),
    history: fc.nat(64),
    vanishings: fc.nat(32),
    notices: fc.nat(16),
    contested: fc.boolean(),
  })
  .map(({ slots, suppressions, beyond, unplaced, history, vanishings, notices, contested }) =>
    sampleLedger({
      ...admitted(slots, suppressions),
      ...(beyond > 0
        ? {
            beyond: {
              since: addTo(now, -hours(3)),
              changedAt: addTo(now, 0),
              digests: 'd'.repeat(8 * beyond),
              atLeast: beyond,
              more: true,
            },
            unplacedOmitted: beyond,
          }
        : {}),
      unplaced: Array.from({ length: unplaced }, (_, n) =>
        sampleUnplaced({ cidr: cidrOf(2_000 + n), findingId: 'f'.repeat(48), reason: 'no-rule-number' }),
      ),
      history: Array.from({ length: history }, (_, n) => ({
        cidr: cidrOf(3_000 + n),
        blocks: 999,
        endedAt: addTo(now, -hours(5)),
      })),
      vanishings: Array.from({ length: vanishings }, (_, n) => ({ cidr: cidrOf(4_000 + n), at: addTo(now, -n) })),
      notices: Array.from({ length: notices }, (_, n) => ({
        about: `${['orphans/', 'released/', 'let-go/'][n] ?? 'other/'}${`${n}`.repeat(640)}`.slice(
          0,
          n < 3 ? 640 : 120,
        ),
        at: addTo(now, -n),
      })),
      ...(contested
        ? { contested: { since: addTo(now, 0), until: addTo(now, hours(1)), because: '"'.repeat(200) } }
        : {}),
      writes: filledWindow(minutes(5), hours(1)),
      denies: filledWindow(minutes(15), days(1)),
    }),
  );

const base = { reason: 'r', because: 'b', precondition: null };

const stepsFor = (ledger: Ledger): fc.Arbitrary<EntryStep[]> =>
  fc.array(
    fc.oneof(
      fc.nat(200).map((n): EntryStep => {
        const unplaced = sampleUnplaced({ cidr: cidrOf(5_000 + n), findingId: 'f'.repeat(48) });
        return { ...base, id: `u${n}`, action: 'note-unplaced', unplaced };
      }),
      fc.tuple(fc.nat(200), text).map(([n, reason]): EntryStep => {
        const suppression = { cidr: cidrOf(6_000 + n), reason, requestedBy: reason, until: addTo(now, hours(1)) };
        return { ...base, id: `s${n}`, action: 'suppress', suppression };
      }),
      fc.nat(200).map((n): EntryStep => {
        return { ...base, id: `c${n}`, action: 'count-unplaced', cidr: cidrOf(7_000 + n), at: addTo(now, n) };
      }),
      fc.tuple(fc.nat(99), text).map(([n, about]): EntryStep => {
        return { ...base, id: `n${n}`, action: 'note', notice: { about, at: addTo(now, 0) } };
      }),
      text.map((because): EntryStep => {
        const contest = { since: addTo(now, 0), until: addTo(now, hours(1)), because };
        return { ...base, id: 'contest', action: 'contest', contest };
      }),
      fc.nat(mostSlots).map((n): EntryStep => {
        const slot = ledger.slots[n];
        return slot
          ? { ...base, id: `d${n}`, action: 'drop-slot', slot }
          : { ...base, id: `n${n}`, action: 'note', notice: { about: `orphan/${n}`, at: addTo(now, 0) } };
      }),
    ),
    { maxLength: 40 },
  );

const expectSound = (ledger: Ledger): void => {
  const stored = JSON.stringify(ledger);
  expect(Buffer.byteLength(stored)).toBeLessThanOrEqual(maxLedgerBytes);
  expect(parseLedger(JSON.parse(stored), ledgerKey(sampleLedgerId))).toEqual(ledger);
  expect(ledger.unplaced.length).toBeLessThanOrEqual(maxUnplaced);
  expect(ledger.history.length).toBeLessThanOrEqual(64);
  expect(ledger.vanishings.length).toBeLessThanOrEqual(32);
  expect(ledger.notices.length).toBeLessThanOrEqual(16);
  expect(ledger.suppressions.length).toBeLessThanOrEqual(100);
};

/** What the decisions let through of these: as many suppressions as there is room for. */
const letThrough = (ledger: Ledger, steps: readonly EntryStep[]): EntryStep[] => {
  const wanted = steps.flatMap((step) => (step.action === 'suppress' ? [step.suppression] : []));
  const once = wanted.filter((one, at) => wanted.findIndex(({ cidr }) => cidr === one.cidr) === at);
  const fitting = suppressionsThatFit(ledger, once, now);
  return steps.filter((step) => step.action !== 'suppress' || fitting.includes(step.suppression));
};

it('keeps a ledger under 64 KB, whatever it holds and whatever is written into it, and loses no slot and no suppression for it', () => {
  fc.assert(
    fc.property(
      ledgerArbitrary.chain((ledger) => stepsFor(ledger).map((steps) => ({ ledger, steps }))),
      fc.constantFrom<Settlement>({ kind: 'active', vanished: true }, { kind: 'removed' }, { kind: 'unknown' }),
      ({ ledger, steps }, settlement) => {
        const through = letThrough(ledger, steps);
        const dropped = new Set(through.flatMap((step) => (step.action === 'drop-slot' ? [step.slot.ruleNumber] : [])));
        const claimed = claimLedger(ledger, through, now, hours(24));
        expectSound(claimed);
        expect(claimed.slots).toHaveLength(ledger.slots.length - dropped.size);
        const suppressed = new Set([
          ...ledger.suppressions.map(({ cidr }) => cidr),
          ...through.flatMap((step) => (step.action === 'suppress' ? [step.suppression.cidr] : [])),
        ]);
        expect(new Set(claimed.suppressions.map(({ cidr }) => cidr))).toEqual(suppressed);
        const all = new Map(claimed.slots.map(({ ruleNumber }) => [ruleNumber, settlement]));
        expectSound(settleLedger(claimed, lease.owner, all, now));
        // Everything is taken out at once.
        const releasing = claimed.slots.map((slot): EntryStep => {
          return {
            ...base,
            id: `r${slot.ruleNumber}`,
            action: 'delete-entry',
            slot: { ...slot, status: 'releasing', lease },
          };
        });
        const leaving = claimLedger(claimed, releasing, now, hours(24));
        expectSound(leaving);
        expect(leaving.slots).toHaveLength(claimed.slots.length);
      },
    ),
    { numRuns, endOnFailure: true },
  );
}, 600_000);

it('the fullest ledger that the decisions let come about is just within 64 KB', () => {
  const slots = Array.from({ length: mostSlots }, (_, n): Slot => {
    const [sample] = fc.sample(slotArbitrary(n), { numRuns: 1, seed: n });
    const replaced = { cidr: slotCidr(78 + n), protocol: '17', ports: { from: 10_000, to: 65_535 } } as const;
    const times = { firstBlockedAt: addTo(now, -hours(1)), expiresAt: addTo(now, hours(1)) };
    return {
      ...(sample ?? sampleSlot()),
      status: 'claimed',
      lease,
      findingType: 'Trojan:EC2/BlackholeTraffic',
      replaced: { ...replaced, ...times, findingType: 'Trojan:EC2/BlackholeTraffic' },
    };
  });
  const full = fc.sample(ledgerArbitrary, { numRuns: 20, seed: 1 })[0] ?? sampleLedger();
  const vanishings = Array.from({ length: 32 }, (_, n) => ({ cidr: cidrOf(4_000 + n), at: addTo(now, -n) }));
  const suppressions = Array.from({ length: 100 }, (_, n) => ({
    cidr: cidrOf(6_000 + n),
    reason: 'r'.repeat(80),
    requestedBy: 'q'.repeat(40),
    until: addTo(now, hours(1)),
  }));
  const worst = claimLedger({ ...full, ...admitted(slots, suppressions), vanishings }, [], now, hours(24));
  expectSound(worst);
  expect(worst.slots.length).toBeGreaterThan(50);
  expect(worst.suppressions.length).toBeGreaterThan(50);
  expect(Buffer.byteLength(JSON.stringify(worst))).toBeGreaterThan(maxLedgerBytes - 8_000);
});
