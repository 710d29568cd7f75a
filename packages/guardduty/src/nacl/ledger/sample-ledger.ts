import { addTo, hours, minutes } from '@remedykit/core';
import type { AclEntry } from '../entries/acl.ts';
import type { DenyRequest, EntriesFacts } from '../entries/entries-facts.ts';
import { emptyLedger, type Ledger, type LedgerId, type Slot, type Unplaced } from './ledger.ts';

// For tests alone.

/** When the decisions of these tests are made. */
export const sampleNow: Date = new Date('2026-11-24T10:00:00.000Z');

/** When the attackers of these tests were last seen. */
export const sampleSeen: string = '2026-11-24T09:55:00.000Z';

export const sampleLedgerId: LedgerId = {
  accountId: '111122223333',
  region: 'eu-west-1',
  networkAclId: 'acl-0a11ce00000000001',
  direction: 'ingress',
};

export const sampleLedger = (changes: Partial<Ledger> = {}): Ledger => ({ ...emptyLedger(sampleLedgerId), ...changes });

/** A deny for 198.51.100.7 that has been in force for an hour. */
export const sampleSlot = (changes: Partial<Slot> = {}): Slot => ({
  ruleNumber: 10,
  cidr: '198.51.100.7/32',
  protocol: '6',
  ports: { from: 22, to: 22 },
  status: 'active',
  findingIds: ['f0'],
  findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
  severity: 2,
  hits: 1,
  sightings: 1,
  spoofable: false,
  firstBlockedAt: addTo(sampleNow, -hours(1)),
  lastSeen: addTo(sampleNow, -hours(1)),
  madeBy: { findingId: 'f0', lastSeen: addTo(sampleNow, -hours(1)) },
  writtenAt: addTo(sampleNow, -hours(1)),
  expiresAt: addTo(sampleNow, hours(23)),
  ...changes,
});

/** A slot that a worker is writing, or was, where the lease is over. */
export const sampleClaim = (leaseEnd: number, changes: Partial<Slot> = {}): Slot =>
  sampleSlot({ status: 'claimed', lease: { owner: 'other', until: addTo(sampleNow, leaseEnd) }, ...changes });

export const sampleUnplaced = (changes: Partial<Unplaced> = {}): Unplaced => ({
  cidr: '198.51.100.7/32',
  protocol: '6',
  ports: { from: 22, to: 22 },
  reason: 'quota',
  findingId: 'f1',
  severity: 2,
  sightings: 1,
  lastSeen: sampleSeen,
  since: sampleSeen,
  ...changes,
});

/** The entry in EC2 that a slot stands for. */
export const entryOf = ({ ruleNumber, cidr, protocol, ports }: Slot): AclEntry => ({
  ruleNumber,
  cidr,
  action: 'deny',
  protocol,
  ...(ports ? { ports } : {}),
});

/** What every network ACL has: the denies that nobody can take out. */
export const defaultDenies: readonly AclEntry[] = [
  { ruleNumber: 32_767, cidr: '0.0.0.0/0', action: 'deny', protocol: '-1' },
  { ruleNumber: 32_768, cidr: '::/0', action: 'deny', protocol: '-1' },
];

/** A new network ACL: it lets everything through at rule 100. */
export const freshEntries: readonly AclEntry[] = [
  { ruleNumber: 100, cidr: '0.0.0.0/0', action: 'allow', protocol: '-1' },
  { ruleNumber: 101, cidr: '::/0', action: 'allow', protocol: '-1' },
  ...defaultDenies,
];

/** A wanted deny of 198.51.100.7 on port 22. */
export const sampleRequest = (changes: Partial<DenyRequest> = {}): DenyRequest => ({
  denyId: 'd1',
  findingId: 'f1',
  findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
  severity: 2,
  lastSeen: sampleSeen,
  cidr: '198.51.100.7/32',
  protocol: '6',
  runs: [{ from: 22, to: 22 }],
  expiresAt: addTo(sampleSeen, hours(24)),
  sightings: 1,
  spoofable: false,
  confirmed: true,
  ...changes,
});

export const sampleLease: EntriesFacts['lease'] = { owner: 'me', until: addTo(sampleNow, minutes(1)) };

export const sampleFacts = (changes: Partial<EntriesFacts> = {}): EntriesFacts => ({
  ledger: sampleLedger(),
  entries: freshEntries,
  requests: [sampleRequest()],
  guard: { mode: 'enforce' },
  lease: sampleLease,
  ...changes,
});
