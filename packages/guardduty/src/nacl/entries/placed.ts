import { type Contest, matchOf, type Slot } from '../ledger/ledger.ts';
import type { AclEntry } from './acl.ts';
import type { DenyRequest } from './entries-facts.ts';
import type { CreateStep, EntryStep, Placement, ReplaceStep } from './entry-plan.ts';
import { type Listing, notPlaced } from './unplaced.ts';

export interface Placed {
  readonly placement: Placement;
  readonly step?: EntryStep;
  readonly slot?: Slot;
  readonly dropped?: Slot;
  /** A quarrel that shows with this deny. */
  readonly contest?: Contest;
}

export type At = Pick<Placement, 'denyId' | 'match'>;

export const create = (at: At, slot: Slot, origin: CreateStep['origin'], now: Date): Placed => {
  const step = createStep({ ...slot, writtenAt: now.toISOString() }, origin);
  return { ...placedBy(at, step, 'create'), step, slot: step.slot };
};

const createBecause = {
  new: 'The rule number is free.',
  retake: 'A worker that claimed this rule number did not finish.',
  restore: 'The deny was in force and is gone from the network ACL.',
} as const;

export const createStep = (slot: Slot, origin: CreateStep['origin']): CreateStep => ({
  id: `create-entry/${slot.ruleNumber}`,
  action: 'create-entry',
  reason: origin,
  because: createBecause[origin],
  precondition: { ruleNumber: slot.ruleNumber, leaseUntil: slot.lease?.until ?? null },
  origin,
  slot,
});

/** One of ours gives way: the deny is written over it in one call. */
export const replace = (
  at: At,
  slot: Slot,
  origin: ReplaceStep['origin'],
  now: Date,
  evicted?: ReplaceStep['evicted'],
): Placed => {
  const step = replaceStep({ ...slot, writtenAt: now.toISOString() }, origin, evicted);
  return { ...placedBy(at, step, 'create'), step, slot: step.slot };
};

/** Said wherever a swap is finished for a dead worker, who may have told nobody. */
export const insteadOf = ({ replaced }: Pick<Slot, 'replaced'>): string =>
  replaced ? ` in place of ${replaced.cidr}, which is NOT denied there any more` : '';

export const replaceStep = (
  slot: Slot,
  origin: ReplaceStep['origin'],
  evicted?: ReplaceStep['evicted'],
): ReplaceStep => ({
  id: `replace-entry/${slot.ruleNumber}`,
  action: 'replace-entry',
  reason: origin === 'swap' ? 'outranks' : 'retake',
  because:
    origin === 'swap'
      ? `There is no room, and ${slot.replaced?.cidr ?? 'another'} ranks lower than it.`
      : `A worker that claimed this rule number did not finish; the deny is written${insteadOf(slot)}.`,
  precondition: {
    ruleNumber: slot.ruleNumber,
    cidr: slot.replaced?.cidr ?? null,
    leaseUntil: slot.lease?.until ?? null,
  },
  origin,
  slot,
  ...(evicted ? { evicted } : {}),
});

export const placedBy = (
  at: At,
  step: { readonly id: string; readonly reason: string; readonly because: string; readonly slot: Slot },
  result: 'create' | 'extend',
  news = true,
): { placement: Placement } => {
  const { ruleNumber, expiresAt } = step.slot;
  const { reason, because } = step;
  return {
    placement: {
      ...at,
      result,
      ruleNumber,
      expiresAt,
      stepId: step.id,
      reason,
      because,
      ...(result === 'create' && step.slot.status === 'claimed' && step.slot.replaced
        ? { evicted: matchOf(step.slot.replaced) }
        : {}),
      news: result === 'create' || news,
    },
  };
};

/** A deny that an allow would precede; nothing is written. */
export const ineffective = (
  at: At,
  request: DenyRequest,
  ledger: Listing,
  now: Date,
  ruleNumber: number,
  allow: AclEntry,
): Placed => {
  const because = `Rule ${allow.ruleNumber} allows ${allow.cidr} and is evaluated before rule ${ruleNumber}; move it behind the reserved range.`;
  return notPlaced(at, request, ledger, now, { reason: 'allow-precedes', because }, 'ineffective');
};
