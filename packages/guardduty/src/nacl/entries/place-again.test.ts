import { addTo, days, hours, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Ledger, Slot } from '../ledger/ledger.ts';
import {
  entryOf,
  freshEntries,
  sampleNow as now,
  sampleClaim,
  sampleFacts,
  sampleLease,
  sampleLedger,
  sampleRequest,
  sampleSlot,
} from '../ledger/sample-ledger.ts';
import type { BlockerPolicy } from '../policy.ts';
import { samplePolicy } from '../sample-policy.ts';
import { decideEntries } from './decide-entries.ts';
import type { EntriesFacts } from './entries-facts.ts';
import { intervalsSeen } from './rank.ts';
import { eventId, isOver, shortType, sighted } from './sighting.ts';

const replaced = {
  cidr: '198.51.100.8/32',
  protocol: '6',
  ports: { from: 22, to: 22 },
  findingType: 'Recon:EC2/PortProbeUnprotectedPort',
  firstBlockedAt: addTo(now, -hours(3)),
  expiresAt: addTo(now, hours(3)),
} as const;

const decide = (
  slots: readonly Slot[],
  changes: Partial<EntriesFacts> = {},
  ledger: Partial<Ledger> = {},
  policy: Partial<BlockerPolicy> = {},
) =>
  decideEntries(
    sampleFacts({ ledger: sampleLedger({ slots, ...ledger }), entries: freshEntries, ...changes }),
    samplePolicy(policy),
    now,
  );

describe('a slot that this very worker claimed', () => {
  it('is sighted again in the same step, whether it is new or swapped in', () => {
    const own = sampleClaim(0, { lease: sampleLease });
    expect(decide([own]).steps).toMatchObject([{ id: 'create-entry/10', origin: 'new', slot: { hits: 2 } }]);
    expect(decide([{ ...own, replaced }]).steps).toMatchObject([
      { id: 'replace-entry/10', origin: 'swap', slot: { hits: 2, replaced } },
    ]);
  });

  it('is waited for where it is being released', () => {
    const own = sampleClaim(0, { status: 'releasing', lease: { ...sampleLease, until: addTo(now, 1) } });
    expect(decide([own]).placements).toMatchObject([{ result: 'in-progress' }]);
  });
});

describe('what a dead worker left', () => {
  it('is taken over also where no lease says whose it was', () => {
    const { lease: _, ...claimed } = sampleClaim(0);
    expect(decide([claimed]).steps).toMatchObject([{ id: 'create-entry/10', origin: 'retake' }]);
  });

  it('is written over whom it replaces only where it was a swap that was claimed', () => {
    expect(decide([sampleClaim(-minutes(5), { replaced })]).steps).toMatchObject([{ id: 'replace-entry/10' }]);
    const releasing = sampleClaim(-minutes(5), { replaced, status: 'releasing' });
    const [step] = decide([releasing]).steps;
    expect(step).toMatchObject({ id: 'create-entry/10', origin: 'retake' });
    expect(step && 'slot' in step && step.slot).not.toHaveProperty('replaced');
  });

  it('is left to the sweep in a contested network ACL where it was a swap', () => {
    const contested = { since: addTo(now, -hours(1)), until: addTo(now, hours(1)), because: 'They do.' };
    expect(decide([sampleClaim(-minutes(5), { replaced })], {}, { contested }).placements).toMatchObject([
      { result: 'in-progress' },
    ]);
    expect(decide([sampleClaim(-minutes(5))], {}, { contested }).placements).toMatchObject([
      { result: 'unplaced', reason: 'contested' },
    ]);
  });
});

describe('a deny that is in force', () => {
  it('holds longer by a step that relies on its end', () => {
    const slot = sampleSlot();
    expect(decide([slot], { entries: [entryOf(slot), ...freshEntries] }).steps).toMatchObject([
      {
        id: 'update-slot/10',
        action: 'update-slot',
        reason: 'seen-again',
        precondition: { ruleNumber: 10, expiresAt: slot.expiresAt },
      },
    ]);
  });

  it('begins anew, and is told, where it had ended at its longest and the attacker is back', () => {
    const slot = sampleSlot({ firstBlockedAt: addTo(now, -days(8)), expiresAt: addTo(now, -days(1)) });
    const plan = decide([slot], { entries: [entryOf(slot), ...freshEntries] });
    expect(plan.placements).toMatchObject([{ result: 'extend', news: true }]);
    expect(plan.steps).toMatchObject([
      { slot: { firstBlockedAt: now.toISOString(), madeBy: { findingId: 'f1' }, hits: 2 } },
    ]);
  });

  it('is told of again with a dead worker’s settled claim, though it holds no longer', () => {
    const contested = { since: addTo(now, -hours(1)), until: addTo(now, hours(1)), because: 'They do.' };
    const slot = sampleClaim(-minutes(5), { expiresAt: addTo(now, days(3)) });
    const plan = decide([slot], { entries: [entryOf(slot), ...freshEntries] }, { contested });
    expect(plan.steps).toMatchObject([{ action: 'update-slot', reason: 'settled', slot: { status: 'active' } }]);
  });
});

describe('a new deny', () => {
  it('may have the last number of the reserved range', () => {
    const range = { ruleNumbers: { from: 10, to: 10 } };
    expect(decide([], {}, {}, range).placements).toMatchObject([{ result: 'create', ruleNumber: 10 }]);
  });

  it('on all ports is listed as such where there is no room', () => {
    const requests = [sampleRequest({ protocol: '-1', runs: [] })];
    expect(decide([], { requests }, {}, { quota: 0 }).steps).toMatchObject([
      { id: 'note-unplaced/198.51.100.7/32/-1/all', action: 'note-unplaced' },
    ]);
  });

  it('evicts of two that rank alike the one that was seen less lately, and never its own address', () => {
    const old = (ruleNumber: number, ms: number, cidr = `198.51.100.${ruleNumber}/32`) =>
      sampleSlot({ ruleNumber, cidr, lastSeen: addTo(now, -hours(5) - ms) });
    const slots = [old(10, 1), old(11, 60_000), old(12, 2)];
    const entries = [...slots.map(entryOf), ...freshEntries];
    const tight = { quota: 6, headroom: 1 };
    expect(decide(slots, { entries }, {}, tight).steps).toMatchObject([{ id: 'replace-entry/11' }]);
    const own = [old(10, 1), old(11, 60_000, '198.51.100.7/32'), old(12, 2)];
    const requests = [sampleRequest({ runs: [{ from: 443, to: 443 }] })];
    const plan = decide(own, { entries: [...own.map(entryOf), ...freshEntries], requests }, {}, tight);
    expect(plan.steps).toMatchObject([{ id: 'replace-entry/12' }]);
  });
});

describe('sightings', () => {
  const policy = samplePolicy();

  it('are counted from the event that made the slot, or from the first block where that came before', () => {
    const slot = (firstBlocked: number, made: number) =>
      sampleSlot({
        firstBlockedAt: addTo(now, -firstBlocked),
        madeBy: { findingId: 'f0', lastSeen: addTo(now, -made) },
        lastSeen: addTo(now, -minutes(12)),
      });
    const request = sampleRequest({ lastSeen: now.toISOString() });
    expect(sighted(slot(minutes(10), minutes(20)), request, policy).sightings).toBe(2);
    expect(sighted(slot(minutes(20), minutes(10)), request, policy).sightings).toBe(2);
    expect(sighted(slot(minutes(14), minutes(14)), request, policy).sightings).toBe(1);
  });

  it('an administrator’s copy of a finding is another event than the member’s', () => {
    expect(eventId({ findingId: 'f1' })).toBe('f1');
    expect(eventId({ findingId: 'f1', copyIn: '444455556666' })).toBe('f1@444455556666');
  });

  it('a block is over at its end, not after it', () => {
    expect(isOver(sampleSlot({ expiresAt: now.toISOString() }), now)).toBe(true);
    expect(isOver(sampleSlot({ expiresAt: addTo(now, 1) }), now)).toBe(false);
  });

  it('what a ledger cannot hold of a type is shown as such', () => {
    expect(shortType('Recon:EC2/"é\\')).toBe('Recon:EC2/___');
  });

  it('one of a single moment is one, and so is one that counts once', () => {
    expect(intervalsSeen(5, now.toISOString(), now.toISOString())).toBe(1);
    expect(intervalsSeen(1, addTo(now, -hours(2)), now.toISOString())).toBe(1);
    expect(intervalsSeen(5, undefined, now.toISOString())).toBe(1);
  });
});
