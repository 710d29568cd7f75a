import { addTo, addToWindow, days, emptyWindow, hours, minutes } from '@remedykit/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EntryStep } from '../entries/entry-plan.ts';
import { claimLedger, type Settlement, settleLedger } from './claim.ts';
import { type Ledger, ledgerKey, maxLedgerBytes, maxUnplaced, type Slot, shortId } from './ledger.ts';
import { parseLedger } from './parse-ledger.ts';
import { sampleNow as now, sampleLedger, sampleLedgerId, sampleSlot, sampleUnplaced } from './sample-ledger.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

/** Both quotas at their most, less the default denies. */
const mostSlots = 78;

const cidrOf = (n: number): string => `2001:db8:${(4096 + n).toString(16)}:ffff:ffff:ffff:ffff:ffff/128`;
const text = fc.oneof(
  fc.constantFrom('x'.repeat(400), '"'.repeat(400), '\\'.repeat(400), 'é'.repeat(400), '😀'.repeat(400)),
  fc.string({ maxLength: 400 }),
);

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
        ruleNumber: 10 + n,
        cidr: cidrOf(n),
        ports: { from: 10_000, to: 65_535 },
        findingIds: Array.from({ length: 5 }, () => findingId),
        findingType: 't'.repeat(100),
        severity: 8.9,
        hits: 99_999,
        sightings: 999,
        madeBy: { findingId, lastSeen: addTo(now, 0) },
        expiresAt: addTo(now, isOver ? -1 : hours(1)),
        ...(isClaimed ? { status: 'claimed', lease: { owner: 'o'.repeat(36), until: addTo(now, 1) } } : {}),
        ...(isSwap
          ? {
              replaced: {
                cidr: cidrOf(1_000 + n),
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

const ledgerArbitrary: fc.Arbitrary<Ledger> = fc
  .record({
    slots: fc.nat(mostSlots).chain((count) => fc.tuple(...Array.from({ length: count }, (_, n) => slotArbitrary(n)))),
    unplaced: fc.nat(maxUnplaced),
    history: fc.nat(64),
    vanishings: fc.nat(32),
    notices: fc.nat(32),
    contested: fc.boolean(),
  })
  .map(({ slots, unplaced, history, vanishings, notices, contested }) =>
    sampleLedger({
      slots,
      unplaced: Array.from({ length: unplaced }, (_, n) =>
        sampleUnplaced({ cidr: cidrOf(2_000 + n), findingId: 'f'.repeat(48), reason: 'no-rule-number' }),
      ),
      history: Array.from({ length: history }, (_, n) => ({
        cidr: cidrOf(3_000 + n),
        blocks: 999,
        endedAt: addTo(now, -hours(5)),
      })),
      vanishings: Array.from({ length: vanishings }, (_, n) => ({ cidr: cidrOf(4_000 + n), at: addTo(now, -n) })),
      notices: Array.from({ length: notices }, (_, n) => ({ about: `orphan/${n}`, at: addTo(now, -n) })),
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
  expect(ledger.notices.length).toBeLessThanOrEqual(32);
};

it('keeps a ledger under 64 KB, whatever it holds and whatever is written into it, and loses no slot for it', () => {
  fc.assert(
    fc.property(
      ledgerArbitrary.chain((ledger) => stepsFor(ledger).map((steps) => ({ ledger, steps }))),
      fc.constantFrom<Settlement>({ kind: 'active', vanished: true }, { kind: 'removed' }, { kind: 'unknown' }),
      ({ ledger, steps }, settlement) => {
        const dropped = new Set(steps.flatMap((step) => (step.action === 'drop-slot' ? [step.slot.ruleNumber] : [])));
        const claimed = claimLedger(ledger, steps, now, hours(24));
        expectSound(claimed);
        expect(claimed.slots).toHaveLength(ledger.slots.length - dropped.size);
        const all = new Map(claimed.slots.map(({ ruleNumber }) => [ruleNumber, settlement]));
        expectSound(settleLedger(claimed, 'o'.repeat(36), all, now));
      },
    ),
    { numRuns, endOnFailure: true },
  );
}, 600_000);
