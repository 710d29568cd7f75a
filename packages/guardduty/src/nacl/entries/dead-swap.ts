import { overlaps } from '../../gate/cidr.ts';
import { contestAt } from '../ledger/contest.ts';
import { covers, type Ledger, matchOf, type Slot } from '../ledger/ledger.ts';
import type { BlockerPolicy } from '../policy.ts';
import { type AclEntry, entryAt, inRange, isOurs } from './acl.ts';
import type { DeleteStep, ReplaceStep, UpdateSlotStep } from './entry-plan.ts';
import { insteadOf, replaceStep } from './placed.ts';

/** What a sweep decides the end of a swap on whose worker died. */
export interface DeadSwapFacts {
  readonly ledger: Ledger;
  readonly entries: readonly AclEntry[];
  /** True when a person has everything taken out. */
  readonly isDrained?: boolean;
  readonly lease: { readonly owner: string; readonly until: string };
}

/** How a swap ends whose worker died. */
export type DeadSwap =
  /** EC2 has the newcomer: the ledger says so now. */
  | { readonly kind: 'settled'; readonly step: UpdateSlotStep }
  /** EC2 has still who was to be evicted, or nothing: the swap is carried out. */
  | { readonly kind: 'again'; readonly step: ReplaceStep }
  /** The newcomer is not to be denied any more: who was to be evicted keeps its place. */
  | { readonly kind: 'given-back'; readonly step: UpdateSlotStep }
  /** Neither is to be denied any more; the step takes out who was to be evicted. */
  | { readonly kind: 'released'; readonly step: DeleteStep };

/**
 * Decides the end of a swap that is under no lease any more: a slot that is claimed and says whom it replaces. `leave`: the
 * newcomer's own deny is over or suppressed. Undefined: the slot is no swap, or is to be handled as any other (EC2 has the
 * newcomer and it is to leave; the rule number holds somebody else's entry; nothing is there and nothing is wanted). Pure.
 */
export const settleDeadSwap = (
  slot: Slot,
  leave: boolean,
  facts: DeadSwapFacts,
  policy: Pick<BlockerPolicy, 'ruleNumbers'>,
  now: Date,
): DeadSwap | undefined => {
  const { replaced, ruleNumber } = slot;
  if (replaced === undefined || slot.status !== 'claimed' || !inRange(ruleNumber, policy.ruleNumbers)) return undefined;
  const live = entryAt(facts.entries, ruleNumber);
  const isNewcomer = live !== undefined && isOurs(live, slot);
  const isReplaced = live !== undefined && isOurs(live, replaced);
  if (live !== undefined && !isNewcomer && !isReplaced) return undefined;
  const gives = leave || contestAt(facts.ledger, now) !== undefined;
  if (isNewcomer) return leave ? undefined : { kind: 'settled', step: settled(slot) };
  if (!gives) return { kind: 'again', step: again(slot, facts, now) };
  if (!isReplaced) return undefined;
  return keepsPlace(slot, facts, now)
    ? { kind: 'given-back', step: givenBack(slot, facts.ledger) }
    : { kind: 'released', step: released(slot, facts, now) };
};

const settled = ({ lease: _, ...slot }: Slot): UpdateSlotStep => ({
  id: `update-slot/${slot.ruleNumber}`,
  action: 'update-slot',
  reason: 'settled',
  because: `The worker that wrote it did not finish, but EC2 has the entry${insteadOf(slot)}.`,
  precondition: { ruleNumber: slot.ruleNumber },
  slot: { ...slot, status: 'active' },
});

const again = (slot: Slot, { lease }: DeadSwapFacts, now: Date): ReplaceStep =>
  replaceStep({ ...slot, status: 'claimed', lease: { ...lease }, writtenAt: now.toISOString() }, 'retake');

/** Whether who was to be evicted is still to be denied, and has no place elsewhere. */
const keepsPlace = ({ replaced }: Slot, { ledger, isDrained = false }: DeadSwapFacts, now: Date): boolean => {
  if (isDrained || replaced === undefined || Date.parse(replaced.expiresAt) <= now.getTime()) return false;
  const isUnblocked = ledger.suppressions.some(
    ({ cidr, until }) => Date.parse(until) > now.getTime() && overlaps(cidr, replaced.cidr),
  );
  if (isUnblocked) return false;
  return !ledger.slots.some((other) => covers(other, replaced));
};

const formerSlot = (slot: Slot, ledger: Ledger): Slot => {
  const { lease: _l, replaced: _r, ports: _p, ...rest } = slot;
  const { replaced } = slot;
  if (replaced === undefined) return rest;
  const listed = ledger.unplaced.find((entry) => covers(replaced, entry));
  const { findingType, firstBlockedAt, expiresAt } = replaced;
  const lastSeen = listed?.lastSeen ?? firstBlockedAt;
  const findingId = listed?.findingId ?? '';
  return {
    ...rest,
    ...matchOf(replaced),
    status: 'active',
    findingIds: listed ? [findingId] : [],
    findingType,
    severity: listed?.severity ?? 0,
    hits: 1,
    sightings: listed?.sightings ?? 1,
    spoofable: false,
    firstBlockedAt,
    lastSeen,
    madeBy: { findingId, lastSeen },
    expiresAt,
  };
};

const givenBack = (slot: Slot, ledger: Ledger): UpdateSlotStep => ({
  id: `update-slot/${slot.ruleNumber}`,
  action: 'update-slot',
  reason: 'given-back',
  because: `The worker that was to deny ${slot.cidr} in its place did not finish, and that deny is not wanted any more.`,
  precondition: { ruleNumber: slot.ruleNumber },
  slot: formerSlot(slot, ledger),
});

const released = (slot: Slot, { lease, ledger }: DeadSwapFacts, now: Date): DeleteStep => {
  const former = formerSlot(slot, ledger);
  return {
    id: `delete-entry/${slot.ruleNumber}`,
    action: 'delete-entry',
    reason: 'expired',
    because: `Neither ${slot.cidr} nor ${former.cidr}, which it was to replace, is to be denied any more.`,
    precondition: { ruleNumber: slot.ruleNumber, cidr: former.cidr, action: 'deny', leaseUntil: lease.until },
    slot: { ...former, status: 'releasing', lease: { ...lease }, writtenAt: now.toISOString() },
  };
};
