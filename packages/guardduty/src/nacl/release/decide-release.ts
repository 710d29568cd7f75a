import type { Suppression } from '@remedykit/core';
import { overlaps } from '../../gate/cidr.ts';
import { type AclEntry, entryAt, inRange, isOurs, mayBeUnseen } from '../entries/acl.ts';
import type { CreateStep, EntryStep, GuardFacts, Release, ReleasePlan } from '../entries/entry-plan.ts';
import { type Ledger, type Slot, shortId } from '../ledger/ledger.ts';
import type { BlockerPolicy } from '../policy.ts';

/** What `nacl/sweep` decides on. */
export interface SweepFacts {
  readonly ledger: Ledger;
  /** Absent: the network ACL does not exist any more. */
  readonly entries?: readonly AclEntry[];
  readonly guard: GuardFacts;
  /** Ranges that the account's control documents suppress now. */
  readonly suppressed: readonly string[];
  readonly lease: { readonly owner: string; readonly until: string };
}

/** What `nacl/unblock` decides on. */
export interface UnblockFacts extends SweepFacts {
  readonly query: UnblockSelection;
  /** What to suppress in this ledger from now on. */
  readonly suppressions: readonly Suppression[];
}

/** Which slots a person wants gone: those that meet every condition given. */
export interface UnblockSelection {
  readonly cidr?: string;
  readonly findingId?: string;
  readonly networkAclId?: string;
}

/**
 * Decides what upkeep does to one ledger: what has expired is released, what a dead writer left is settled or carried
 * out, what is not ours is left alone and said. Pure.
 */
export const decideSweep = (facts: SweepFacts, policy: BlockerPolicy, now: Date): ReleasePlan => {
  const releases = facts.ledger.slots.flatMap((slot): Decided[] => {
    const underLease = slot.lease !== undefined && Date.parse(slot.lease.until) > now.getTime();
    if (underLease) return [];
    const expired = Date.parse(slot.expiresAt) <= now.getTime();
    const leaving = expired || slot.status === 'releasing' || isSuppressed(slot, facts, now);
    if (slot.status === 'active' && !leaving && facts.entries !== undefined) return [];
    return [decideSlot(slot, leaving, facts, policy, now)];
  });
  return guardReleases(releases, facts.guard);
};

const isSuppressed = (
  slot: Slot,
  { ledger, suppressed }: Pick<SweepFacts, 'ledger' | 'suppressed'>,
  now: Date,
): boolean =>
  [
    ...ledger.suppressions.filter(({ until }) => Date.parse(until) > now.getTime()).map(({ cidr }) => cidr),
    ...suppressed,
  ].some((cidr) => overlaps(cidr, slot.cidr));

/**
 * Whether a sweep has anything to look at in this ledger; where not, the network ACL need not be read. Pure.
 */
export const isDue = (facts: Pick<SweepFacts, 'ledger' | 'suppressed'>, now: Date): boolean =>
  facts.ledger.slots.some((slot) => {
    if (slot.lease !== undefined) return Date.parse(slot.lease.until) <= now.getTime();
    return slot.status !== 'active' || Date.parse(slot.expiresAt) <= now.getTime() || isSuppressed(slot, facts, now);
  });

/** Decides what an unblock by hand does to one ledger. Pure. */
export const decideUnblock = (facts: UnblockFacts, policy: BlockerPolicy, now: Date): ReleasePlan => {
  const releases = facts.ledger.slots
    .filter((slot) => isSelected(slot, facts))
    .map((slot): Decided => {
      if (slot.lease && Date.parse(slot.lease.until) > now.getTime()) {
        const because = `Another worker is writing rule ${slot.ruleNumber} until ${slot.lease.until} at the latest; try again then.`;
        return { release: { slot, result: 'kept', reason: 'in-progress', because } };
      }
      return decideSlot(slot, true, facts, policy, now);
    });
  const suppress = facts.suppressions.map(
    (suppression): EntryStep => ({
      id: `suppress/${suppression.cidr}`,
      action: 'suppress',
      reason: 'unblocked-by-hand',
      because: suppression.reason,
      precondition: null,
      suppression,
    }),
  );
  const plan = guardReleases(releases, facts.guard);
  const { allWritesPaused } = facts.guard;
  return allWritesPaused
    ? { ...plan, refused: [...plan.refused, ...suppress.map((step) => ({ step, refused: allWritesPaused }))] }
    : { ...plan, steps: [...suppress, ...plan.steps] };
};

/** True when the query is about this slot. */
export const isSelected = (slot: Slot, { query, ledger }: Pick<UnblockFacts, 'query' | 'ledger'>): boolean =>
  (query.cidr === undefined || overlaps(query.cidr, slot.cidr)) &&
  (query.findingId === undefined || slot.findingIds.includes(shortId(query.findingId))) &&
  (query.networkAclId === undefined || query.networkAclId === ledger.networkAclId);

interface Decided {
  readonly release: Release;
  readonly step?: EntryStep;
}

const decideSlot = (slot: Slot, leave: boolean, facts: SweepFacts, policy: BlockerPolicy, now: Date): Decided => {
  if (facts.entries === undefined) {
    return drop(slot, 'gone', 'network-acl-gone', 'The network ACL does not exist any more.');
  }
  const live = entryAt(facts.entries, slot.ruleNumber);
  const unseen = mayBeUnseen(slot, now);
  if (live && !(isOurs(live, slot) && inRange(slot.ruleNumber, policy.ruleNumbers))) {
    if (unseen) return notVisibleYet(slot);
    return drop(slot, 'foreign', 'foreign', `Rule ${slot.ruleNumber} holds somebody else's entry; it is left alone.`);
  }
  // Nothing is written outside the reserved range, also when it was moved since.
  if (leave || !inRange(slot.ruleNumber, policy.ruleNumbers)) {
    if (live) return release(slot, facts, now);
    if (unseen) return notVisibleYet(slot);
    return drop(slot, 'gone', 'already-gone', 'The entry is gone from the network ACL.');
  }
  if (live) return settle(slot);
  return retake(slot, facts, now);
};

const notVisibleYet = (slot: Slot): Decided => {
  const because = `Rule ${slot.ruleNumber} was written a moment ago and EC2 does not show it yet; try again in a minute.`;
  return { release: { slot, result: 'kept', reason: 'not-visible-yet', because } };
};

const release = (slot: Slot, { lease }: SweepFacts, now: Date): Decided => {
  const expired = Date.parse(slot.expiresAt) <= now.getTime();
  const why = expired
    ? { reason: 'expired', because: `The block ended at ${slot.expiresAt}.` }
    : { reason: 'unblocked-by-hand', because: 'A person asked for it.' };
  const step: EntryStep = {
    id: `delete-entry/${slot.ruleNumber}`,
    action: 'delete-entry',
    ...why,
    precondition: { ruleNumber: slot.ruleNumber, cidr: slot.cidr, action: 'deny', leaseUntil: lease.until },
    slot: { ...slot, status: 'releasing', lease, writtenAt: now.toISOString() },
  };
  return { release: { slot, result: 'release', ...why, stepId: step.id }, step };
};

const drop = (slot: Slot, result: 'foreign' | 'gone', reason: string, because: string): Decided => {
  const step: EntryStep = {
    id: `drop-slot/${slot.ruleNumber}`,
    action: 'drop-slot',
    reason,
    because,
    precondition: { ruleNumber: slot.ruleNumber },
    slot,
  };
  return { release: { slot, result, reason, because, stepId: step.id }, step };
};

const settle = (slot: Slot): Decided => {
  const { lease: _, ...settled } = slot;
  const step: EntryStep = {
    id: `update-slot/${slot.ruleNumber}`,
    action: 'update-slot',
    reason: 'settled',
    because: 'The worker that wrote it did not finish, but EC2 has the entry.',
    precondition: { ruleNumber: slot.ruleNumber },
    slot: { ...settled, status: 'active' },
  };
  return { release: { slot, result: 'settle', reason: step.reason, because: step.because, stepId: step.id }, step };
};

const retake = (slot: Slot, { lease }: SweepFacts, now: Date): Decided => {
  const step: CreateStep = {
    id: `create-entry/${slot.ruleNumber}`,
    action: 'create-entry',
    reason: 'retake',
    because: 'The worker that claimed it did not finish, and EC2 does not have the entry.',
    precondition: { ruleNumber: slot.ruleNumber, leaseUntil: lease.until },
    origin: 'retake',
    slot: { ...slot, status: 'claimed', lease, writtenAt: now.toISOString() },
  };
  return { release: { slot, result: 'retake', reason: step.reason, because: step.because, stepId: step.id }, step };
};

/** A pause of new denies still lets releases work; a pause of all writes lets nothing. */
const guardReleases = (decided: readonly Decided[], guard: GuardFacts): ReleasePlan => {
  const outcome: { steps: EntryStep[]; refused: ReleasePlan['refused'][number][]; releases: Release[] } = {
    steps: [],
    refused: [],
    releases: [],
  };
  for (const { release, step } of decided) {
    const no = guard.allWritesPaused ?? (step?.action === 'create-entry' ? guard.newDeniesPaused : undefined);
    if (step && no) {
      outcome.refused.push({ step, refused: no });
      outcome.releases.push({ slot: release.slot, result: 'refused', ...no });
    } else {
      if (step) outcome.steps.push(step);
      outcome.releases.push(release);
    }
  }
  return outcome;
};
