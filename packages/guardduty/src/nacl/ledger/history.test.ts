import { addTo, days, hours, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { EntryStep } from '../entries/entry-plan.ts';
import { claimLedger, settleLedger } from './claim.ts';
import { hasRunOut, withPastBlock } from './history.ts';
import type { Ledger, Slot } from './ledger.ts';
import { sampleNow as now, sampleClaim, sampleLedger, sampleSlot } from './sample-ledger.ts';

const cidr = '198.51.100.7/32';
const past = (blocks: number, ago: number, of = cidr) => ({ cidr: of, blocks, endedAt: addTo(now, -ago) });
const over = { expiresAt: addTo(now, -minutes(1)) };
const step = (action: 'drop-slot' | 'update-slot', slot: Slot): EntryStep => ({
  id: `${action}/${slot.ruleNumber}`,
  action,
  reason: 'r',
  because: 'b',
  precondition: null,
  slot,
});
const claim = (ledger: Ledger, ...steps: EntryStep[]): Ledger => claimLedger(ledger, steps, now, hours(24));

describe('withPastBlock', () => {
  it('counts the blocks of an address, the latest address first', () => {
    const other = past(1, days(9), '198.51.100.8/32');
    expect(withPastBlock([other, past(2, days(1))], cidr, now)).toEqual([past(3, 0), other]);
    expect(withPastBlock([], cidr, now)).toEqual([past(1, 0)]);
  });

  it('takes two entries that end together for one block', () => {
    expect(withPastBlock([past(2, hours(1) - 1)], cidr, now)).toEqual([past(2, 0)]);
    expect(withPastBlock([past(2, hours(1))], cidr, now)).toEqual([past(3, 0)]);
  });

  it('keeps 64', () => {
    const many = Array.from({ length: 70 }, (_, n) => past(1, days(n), `203.0.113.${n}/32`));
    expect(withPastBlock(many, cidr, now)).toHaveLength(64);
  });
});

describe('a block goes into the history', () => {
  it('when it has run out and is taken out, or was gone', () => {
    const releasing = sampleClaim(1_000, { ...over, status: 'releasing' });
    const settled = settleLedger(
      sampleLedger({ slots: [releasing] }),
      'other',
      new Map([[10, { kind: 'removed' }]]),
      now,
    );
    expect(settled.history).toEqual([past(1, 0)]);
    const slot = sampleSlot(over);
    expect(claim(sampleLedger({ slots: [slot] }), step('drop-slot', slot)).history).toEqual([past(1, 0)]);
  });

  it('when it begins anew before a sweep has taken it out', () => {
    const slot = sampleSlot(over);
    const anew = { ...slot, firstBlockedAt: now.toISOString(), expiresAt: addTo(now, hours(24)) };
    expect(claim(sampleLedger({ slots: [slot] }), step('update-slot', anew)).history).toEqual([past(1, 0)]);
    const longer = { ...slot, expiresAt: addTo(now, hours(24)) };
    expect(claim(sampleLedger({ slots: [slot] }), step('update-slot', longer)).history).toEqual([]);
  });

  it('not when a person took it out earlier, or nothing came of it', () => {
    const releasing = sampleClaim(1_000, { status: 'releasing' });
    const settled = settleLedger(
      sampleLedger({ slots: [releasing] }),
      'other',
      new Map([[10, { kind: 'removed' }]]),
      now,
    );
    expect(settled.history).toEqual([]);
    expect(claim(sampleLedger({ slots: [sampleSlot()] }), step('drop-slot', sampleSlot())).history).toEqual([]);
    expect(hasRunOut({ status: 'claimed', ...over }, now)).toBe(false);
    expect(hasRunOut({ status: 'active', expiresAt: now.toISOString() }, now)).toBe(true);
  });
});
