import type { Reason, Suppression } from '@remedykit/core';
import { overlaps } from '../../gate/cidr.ts';
import { type GateFacts, judgeCidr } from '../../gate/judge-cidr.ts';
import { dueBeyondSummary } from '../entries/beyond-summary.ts';
import { makesEntry, type ReleasePlan, type SuppressStep } from '../entries/entry-plan.ts';
import { dueFloodSummary } from '../entries/flood.ts';
import { type Slot, shortId } from '../ledger/ledger.ts';
import { suppressionsThatFit } from '../ledger/room.ts';
import type { BlockerPolicy } from '../policy.ts';
import { decideSlot, givenUp, guardReleases, inProgress, isUnderLease, type SlotFacts } from './decide-slot.ts';
import { noteLetGo } from './let-go.ts';

/** What `nacl/sweep` decides on. */
export interface SweepFacts extends SlotFacts {
  /** Ranges that the account's control documents suppress now. */
  readonly suppressed: readonly string[];
  /** What the gate knows today about what is denied; absent: it was not asked. */
  readonly gate?: GateFacts;
}

/** What `nacl/unblock` decides on. */
export interface UnblockFacts extends SweepFacts {
  readonly query: UnblockSelection;
  /** What to suppress in this ledger from now on. */
  readonly suppressions: readonly Suppression[];
}

/** What `nacl/drain` decides on. */
export interface DrainFacts extends SlotFacts {
  readonly drain: Reason;
}

/** Which slots a person wants gone: those that meet every condition given. */
export interface UnblockSelection {
  readonly cidr?: string;
  readonly findingId?: string;
  readonly networkAclId?: string;
}

/**
 * Decides what upkeep does to one ledger: what has expired, was unblocked or would not be denied today is released, what a
 * dead writer left is settled or carried out, what is not ours is left alone and said. Pure.
 */
export const decideSweep = (facts: SweepFacts, policy: BlockerPolicy, now: Date): ReleasePlan => {
  const plan = guardReleases(
    facts.ledger.slots.flatMap((slot) => {
      if (isUnderLease(slot, now)) return [];
      const leave = whyItGoes(slot, facts, policy, now);
      if (slot.status === 'active' && leave === undefined && facts.entries !== undefined) return [];
      return [unlessUnknown(decideSlot(slot, leave, facts, policy, now), facts)];
    }),
    facts.guard,
  );
  // Keeps what is told, which no pause forbids.
  const summary = dueFloodSummary(facts.ledger, now) ?? dueBeyondSummary(facts.ledger, now);
  const told = [noteLetGo(plan.releases, facts.ledger, now), summary?.step];
  return { ...plan, steps: [...plan.steps, ...told.flatMap((step) => step ?? [])] };
};

/** Why a slot is to be released, if it is. */
export const whyItGoes = (
  slot: Slot,
  facts: Pick<SweepFacts, 'ledger' | 'suppressed' | 'gate'>,
  { maxBlockFor }: Pick<BlockerPolicy, 'maxBlockFor'>,
  now: Date,
): Reason | undefined => {
  const { expiresAt, firstBlockedAt } = slot;
  if (Date.parse(expiresAt) <= now.getTime()) {
    // One that was adopted and not seen since ends when a person said.
    const atItsLongest = slot.hits > 0 && Date.parse(expiresAt) >= Date.parse(firstBlockedAt) + maxBlockFor;
    return atItsLongest
      ? {
          reason: 'longest-block',
          because: `The block ended at ${expiresAt}, as long after the first one as it may last at most, and its source was seen until ${slot.lastSeen}. Whether that is an attacker for good is for a person to say.`,
        }
      : { reason: 'expired', because: `The block ended at ${expiresAt}.` };
  }
  const protection = facts.gate && judgeCidr(slot.cidr, facts.ledger.direction, facts.gate);
  if (protection) {
    return {
      reason: 'now-protected',
      because: `Today it would not be denied (${protection.reason}). ${protection.because}`,
    };
  }
  return slot.status === 'releasing' || isSuppressed(slot, facts, now) ? givenUp : undefined;
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
export const isDue = (
  facts: Pick<SweepFacts, 'ledger' | 'suppressed' | 'gate'>,
  policy: Pick<BlockerPolicy, 'maxBlockFor'>,
  now: Date,
): boolean =>
  dueFloodSummary(facts.ledger, now) !== undefined ||
  dueBeyondSummary(facts.ledger, now) !== undefined ||
  facts.ledger.slots.some(
    (slot) =>
      !isUnderLease(slot, now) &&
      (slot.lease !== undefined || slot.status !== 'active' || whyItGoes(slot, facts, policy, now) !== undefined),
  );

/** A deny of a dead worker is as new as any other: without the facts of today's gate it is not written. */
export const unlessUnknown = (
  decided: ReturnType<typeof decideSlot>,
  { gate }: Pick<SweepFacts, 'gate'>,
): ReturnType<typeof decideSlot> => {
  const { step, release } = decided;
  if (gate === undefined || step === undefined || !makesEntry(step)) return decided;
  if (gate.problem === undefined && gate.answers[step.slot.cidr] !== undefined) return decided;
  return { release: { slot: release.slot, result: 'kept', ...notKnown(gate) } };
};

/** Why what may be protected is not put in force. */
export const notKnown = ({ problem }: GateFacts): Reason => ({
  reason: 'facts-unavailable',
  because: `It is not put in force before it is known whether it would be denied today: ${problem ?? 'the ledger changed meanwhile'}.`,
});

/** Decides what an unblock by hand does to one ledger. Pure. */
export const decideUnblock = (facts: UnblockFacts, policy: BlockerPolicy, now: Date): ReleasePlan => {
  const kept = suppressionsThatFit(facts.ledger, facts.suppressions, now);
  // The person who asked hears of each deny that it may come back.
  const whyGone = ({ cidr }: Slot): Reason => {
    const lost = facts.suppressions.find((one) => !kept.includes(one) && overlaps(one.cidr, cidr));
    return lost === undefined ? givenUp : noRoomFor(lost);
  };
  const releases = facts.ledger.slots
    .filter((slot) => isSelected(slot, facts))
    .map((slot) => {
      if (isUnderLease(slot, now)) return inProgress(slot);
      const over = Date.parse(slot.expiresAt) <= now.getTime();
      const why = over ? { reason: 'expired', because: `The block ended at ${slot.expiresAt}.` } : whyGone(slot);
      return decideSlot(slot, why, facts, policy, now);
    });
  const suppress = facts.suppressions.map(
    (suppression): SuppressStep => ({
      id: `suppress/${suppression.cidr}`,
      action: 'suppress',
      reason: 'unblocked-by-hand',
      because: suppression.reason,
      precondition: null,
      suppression,
    }),
  );
  const plan = guardReleases(releases, facts.guard);
  const whyNot = ({ suppression }: SuppressStep): Reason | undefined =>
    facts.guard.allWritesPaused ?? (kept.includes(suppression) ? undefined : noRoomFor(suppression));
  const refused = suppress.flatMap((step) => {
    const no = whyNot(step);
    return no ? [{ step, refused: no }] : [];
  });
  const steps = suppress.filter((step) => whyNot(step) === undefined);
  return { ...plan, steps: [...steps, ...plan.steps], refused: [...plan.refused, ...refused] };
};

const noRoomFor = ({ cidr, until }: Suppression): Reason => ({
  reason: 'suppressions-full',
  because: `A person asked for it, but the ledger of the network ACL has no room for another suppression, so it does not keep ${cidr} unblocked until ${until}; where the account's control document does not either, the next finding denies it again.`,
});

/** Decides how everything of ours leaves one network ACL. Pure. */
export const decideDrain = (facts: DrainFacts, policy: BlockerPolicy, now: Date): ReleasePlan =>
  guardReleases(
    facts.ledger.slots.map((slot) =>
      isUnderLease(slot, now) ? inProgress(slot) : decideSlot(slot, facts.drain, facts, policy, now),
    ),
    facts.guard,
  );

/** True when the query is about this slot. */
export const isSelected = (slot: Slot, { query, ledger }: Pick<UnblockFacts, 'query' | 'ledger'>): boolean =>
  (query.cidr === undefined || overlaps(query.cidr, slot.cidr)) &&
  (query.findingId === undefined || slot.findingIds.includes(shortId(query.findingId))) &&
  (query.networkAclId === undefined || query.networkAclId === ledger.networkAclId);
