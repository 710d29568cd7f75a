import { addTo, hours, minutes } from '@remedykit/core';
import { expect, it } from 'vitest';
import type { Ledger, Replaced, Slot } from '../ledger/ledger.ts';
import {
  entryOf,
  freshEntries,
  sampleNow as now,
  sampleClaim,
  sampleLease,
  sampleLedger,
  sampleSlot,
  sampleUnplaced,
} from '../ledger/sample-ledger.ts';
import { samplePolicy } from '../sample-policy.ts';
import type { AclEntry } from './acl.ts';
import { settleDeadSwap } from './dead-swap.ts';

const former: Replaced = {
  cidr: '198.51.100.8/32',
  protocol: '6',
  ports: { from: 22, to: 22 },
  findingType: 'Recon:EC2/PortProbeUnprotectedPort',
  firstBlockedAt: addTo(now, -hours(5)),
  expiresAt: addTo(now, hours(19)),
};
const swap = (changes: Partial<Slot> = {}): Slot => sampleClaim(-1, { replaced: former, ...changes });
const formerEntry: AclEntry = {
  ruleNumber: 10,
  cidr: former.cidr,
  action: 'deny',
  protocol: '6',
  ports: { from: 22, to: 22 },
};

const settle = (
  live: AclEntry | undefined,
  {
    leave = false,
    slot = swap(),
    isDrained = false,
    ...ledger
  }: Partial<Ledger> & { leave?: boolean; slot?: Slot; isDrained?: boolean } = {},
) => {
  const entries = [...(live ? [live] : []), ...freshEntries];
  const facts = { ledger: sampleLedger({ slots: [slot], ...ledger }), entries, lease: sampleLease, isDrained };
  return settleDeadSwap(slot, leave, facts, samplePolicy(), now);
};

const contested = { since: addTo(now, -1), until: addTo(now, hours(1)), because: 'b' };

it('G5: EC2 has the newcomer: settled', () => {
  const settled = settle(entryOf(swap()));
  expect(settled).toMatchObject({
    kind: 'settled',
    step: { id: 'update-slot/10', slot: { status: 'active', replaced: former } },
  });
  expect(settled?.step.slot.lease).toBeUndefined();
  expect(settled?.step.because).toContain('in place of 198.51.100.8/32, which is NOT denied there any more');
  expect(settle(entryOf(swap()), { contested })).toMatchObject({ kind: 'settled' });
});

it('G5: EC2 has the former, or nothing: carried out again', () => {
  for (const live of [formerEntry, undefined]) {
    expect(settle(live)?.step.because).toContain('which is NOT denied there any more');
    expect(settle(live)).toMatchObject({
      kind: 'again',
      step: {
        id: 'replace-entry/10',
        origin: 'retake',
        slot: { status: 'claimed', lease: sampleLease, replaced: former },
      },
    });
  }
});

it.each([
  ['the newcomer is to leave', { leave: true }],
  ['the network ACL is contested', { contested }],
])('the former keeps its place when %s', (_, changes) => {
  const listed = sampleUnplaced({ cidr: former.cidr, reason: 'evicted', severity: 5, sightings: 3, findingId: 'f8' });
  const back = settle(formerEntry, { ...changes, unplaced: [listed] });
  expect(back).toMatchObject({
    kind: 'given-back',
    step: {
      action: 'update-slot',
      reason: 'given-back',
      slot: {
        ruleNumber: 10,
        cidr: former.cidr,
        status: 'active',
        severity: 5,
        sightings: 3,
        findingIds: ['f8'],
        findingType: former.findingType,
        firstBlockedAt: former.firstBlockedAt,
        expiresAt: former.expiresAt,
      },
    },
  });
  expect(back?.step.slot).not.toHaveProperty('lease');
  expect(back?.step.slot).not.toHaveProperty('replaced');
  expect(settle(undefined, changes)).toBeUndefined();
});

it.each<[string, Parameters<typeof settle>[1]]>([
  ['has ended as well', { slot: swap({ replaced: { ...former, expiresAt: addTo(now, 0) } }) }],
  [
    'was unblocked',
    { suppressions: [{ cidr: former.cidr, reason: 'r', requestedBy: 'a', until: addTo(now, minutes(1)) }] },
  ],
  ['has another place', { slots: [swap(), sampleSlot({ ruleNumber: 11, cidr: former.cidr })] }],
  ['is drained', { isDrained: true }],
])('the former is taken out with the newcomer when it %s', (_, changes) => {
  expect(settle(formerEntry, { leave: true, ...changes })).toMatchObject({
    kind: 'released',
    step: { action: 'delete-entry', slot: { cidr: former.cidr, status: 'releasing', lease: sampleLease } },
  });
});

it('is silent about what is no dead swap', () => {
  expect(settle(entryOf(swap()), { leave: true })).toBeUndefined();
  expect(settle({ ...formerEntry, cidr: '192.0.2.0/24' })).toBeUndefined();
  expect(settle(formerEntry, { slot: sampleClaim(-1) })).toBeUndefined();
  expect(settle(formerEntry, { slot: swap({ status: 'releasing' }) })).toBeUndefined();
  expect(settle(formerEntry, { slot: swap({ ruleNumber: 500 }) })).toBeUndefined();
});
