import { addTo, hours, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Ledger, Replaced, Slot } from '../ledger/ledger.ts';
import {
  freshEntries,
  sampleNow as now,
  sampleClaim,
  sampleLease,
  sampleLedger,
  sampleUnplaced,
} from '../ledger/sample-ledger.ts';
import { decideDrain, decideSweep } from '../release/decide-release.ts';
import { samplePolicy } from '../sample-policy.ts';
import type { AclEntry } from './acl.ts';
import { settleDeadSwap } from './dead-swap.ts';

const former: Replaced = {
  cidr: '198.51.100.8/32',
  protocol: '6',
  ports: { from: 80, to: 80 },
  findingType: 'Recon:EC2/PortProbeUnprotectedPort',
  firstBlockedAt: addTo(now, -hours(5)),
  expiresAt: addTo(now, hours(19)),
};
const swap = (changes: Partial<Slot> = {}): Slot => sampleClaim(-1, { replaced: former, ...changes });
const entry = (cidr: string, port: number): AclEntry => ({
  ruleNumber: 10,
  cidr,
  action: 'deny',
  protocol: '6',
  ports: { from: port, to: port },
});
const newcomer = entry('198.51.100.7/32', 22);
const formerEntry = entry(former.cidr, 80);

const settle = (live: AclEntry, leave: boolean, ledger: Partial<Ledger> = {}) => {
  const facts = { ledger: sampleLedger({ slots: [swap()], ...ledger }), entries: [live, ...freshEntries] };
  return settleDeadSwap(swap(), leave, { ...facts, lease: sampleLease }, samplePolicy(), now);
};

describe('the end of a dead swap says what it relies on', () => {
  it('settled: the rule number', () => {
    expect(settle(newcomer, false)?.step).toMatchObject({
      id: 'update-slot/10',
      action: 'update-slot',
      reason: 'settled',
      precondition: { ruleNumber: 10 },
    });
  });

  it('given back: the rule number; of an address that is not listed no more is made up than is known', () => {
    const step = settle(formerEntry, true)?.step;
    expect(step).toMatchObject({ id: 'update-slot/10', action: 'update-slot', precondition: { ruleNumber: 10 } });
    expect(step?.slot).toEqual({
      ruleNumber: 10,
      cidr: former.cidr,
      protocol: '6',
      ports: { from: 80, to: 80 },
      status: 'active',
      findingIds: [],
      findingType: former.findingType,
      severity: 0,
      hits: 1,
      sightings: 1,
      spoofable: false,
      firstBlockedAt: former.firstBlockedAt,
      lastSeen: former.firstBlockedAt,
      madeBy: { findingId: '', lastSeen: former.firstBlockedAt },
      writtenAt: swap().writtenAt,
      expiresAt: former.expiresAt,
    });
  });

  it('given back: what the list knows of the address is kept', () => {
    const lastSeen = addTo(now, -minutes(7));
    const listed = sampleUnplaced({ cidr: former.cidr, ports: { from: 80, to: 80 }, findingId: 'f8', lastSeen });
    expect(settle(formerEntry, true, { unplaced: [listed] })?.step.slot).toMatchObject({
      findingIds: ['f8'],
      lastSeen,
      madeBy: { findingId: 'f8', lastSeen },
    });
  });

  it('released: that the former’s deny is there, under our lease', () => {
    const suppressions = [{ cidr: former.cidr, reason: 'r', requestedBy: 'a', until: addTo(now, 1) }];
    expect(settle(formerEntry, true, { suppressions })?.step).toMatchObject({
      id: 'delete-entry/10',
      action: 'delete-entry',
      reason: 'expired',
      precondition: { ruleNumber: 10, cidr: former.cidr, action: 'deny', leaseUntil: sampleLease.until },
      slot: { writtenAt: now.toISOString() },
    });
  });

  it.each([
    ['is over', { cidr: former.cidr, until: now.toISOString() }],
    ['is about others', { cidr: '203.0.113.0/24', until: addTo(now, hours(1)) }],
  ])('a suppression that %s takes no place away', (_, suppression) => {
    const suppressions = [{ reason: 'r', requestedBy: 'a', ...suppression }];
    expect(settle(formerEntry, true, { suppressions })?.kind).toBe('given-back');
  });

  it('where nobody says that all is to be drained, it is not', () => {
    expect(settle(formerEntry, true)?.kind).toBe('given-back');
  });
});

describe('upkeep ends the swap of a dead worker', () => {
  const facts = (slot: Slot, live: AclEntry | undefined) =>
    ({
      ledger: sampleLedger({ slots: [slot] }),
      entries: [...(live ? [live] : []), ...freshEntries],
      guard: { mode: 'enforce' },
      suppressed: [],
      lease: sampleLease,
    }) as const;
  const ended = { expiresAt: now.toISOString() };
  const saidOf = (slot: Slot, live: AclEntry | undefined) =>
    decideSweep(facts(slot, live), samplePolicy(), now).releases.map(
      ({ result, reason, stepId, slot: about }) => `${result} ${reason} ${stepId} ${about.cidr}`,
    );

  it('by settling it where EC2 has the newcomer', () => {
    expect(saidOf(swap(), newcomer)).toEqual(['settle settled update-slot/10 198.51.100.7/32']);
  });

  it('by writing over the former where EC2 still has that, and where EC2 has nothing', () => {
    for (const live of [formerEntry, undefined])
      expect(saidOf(swap(), live)).toEqual(['retake retake replace-entry/10 198.51.100.7/32']);
  });

  it('by giving the place back when the newcomer is to leave', () => {
    expect(saidOf(swap(ended), formerEntry)).toEqual(['settle given-back update-slot/10 198.51.100.7/32']);
  });

  it('by taking out the former when both are over, and it says whom it takes out', () => {
    const over = swap({ ...ended, replaced: { ...former, ...ended } });
    expect(saidOf(over, formerEntry)).toEqual(['release expired delete-entry/10 198.51.100.8/32']);
  });

  it('by taking out either in a drain', () => {
    const drain = { reason: 'drained', because: 'a.smith drains it.' };
    for (const live of [formerEntry, newcomer]) {
      const plan = decideDrain({ ...facts(swap(), live), drain }, samplePolicy(), now);
      expect(plan.steps).toMatchObject([{ id: 'delete-entry/10', slot: { cidr: live.cidr } }]);
      expect(plan.releases).toMatchObject([{ result: 'release', slot: { cidr: live.cidr } }]);
    }
  });
});
