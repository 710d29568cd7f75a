import type { Reason, RefusedStep } from '@remedykit/core';
import { type AclEntry, entryAt, inRange, isOurs, mayBeUnseen } from '../entries/acl.ts';
import { settleDeadSwap } from '../entries/dead-swap.ts';
import { type CreateStep, type EntryStep, type GuardFacts, makesEntry } from '../entries/entry-plan.ts';
import type { Ledger, Slot } from '../ledger/ledger.ts';
import type { BlockerPolicy } from '../policy.ts';
import type { UpkeepChange, UpkeepPlan } from './upkeep-plan.ts';

/** What every upkeep decides on. */
export interface SlotFacts {
  readonly ledger: Ledger;
  /** Absent: the network ACL does not exist any more. */
  readonly entries?: readonly AclEntry[];
  readonly guard: GuardFacts;
  readonly lease: { readonly owner: string; readonly until: string };
}

/** What is to happen to one slot: at most one step that the change stands for, and what has to go with it. */
export interface Decided<Change extends UpkeepChange> {
  readonly release: Change;
  readonly step?: EntryStep;
  readonly also?: readonly EntryStep[];
}

/** What `decideSlot` may come to. */
type SlotChange = UpkeepChange & { readonly result: 'release' | 'settle' | 'retake' | 'foreign' | 'gone' | 'kept' };

/** True while a worker may be writing this rule number. */
export const isUnderLease = ({ lease }: Slot, now: Date): boolean =>
  lease !== undefined && Date.parse(lease.until) > now.getTime();

/**
 * Decides about one slot that nobody is writing. `leave`: why it is to go, if it is; else what a dead writer left is
 * finished. Pure.
 */
export const decideSlot = (
  slot: Slot,
  leave: Reason | undefined,
  facts: Pick<SlotFacts, 'entries' | 'lease' | 'ledger'>,
  policy: Pick<BlockerPolicy, 'ruleNumbers'>,
  now: Date,
): Decided<SlotChange> => {
  if (facts.entries === undefined) {
    return drop(slot, 'gone', 'network-acl-gone', 'The network ACL does not exist any more.');
  }
  const swap = endOfSwap(slot, leave, { ...facts, entries: facts.entries }, policy, now);
  if (swap) return swap;
  const live = entryAt(facts.entries, slot.ruleNumber);
  const unseen = mayBeUnseen(slot, now);
  if (live && !(isOurs(live, slot) && inRange(slot.ruleNumber, policy.ruleNumbers))) {
    if (unseen) return notVisibleYet(slot);
    return drop(slot, 'foreign', 'foreign', `Rule ${slot.ruleNumber} holds somebody else's entry; it is left alone.`);
  }
  // Nothing is written outside the reserved range, also when it was moved since.
  if (leave || !inRange(slot.ruleNumber, policy.ruleNumbers)) {
    if (live) return release(slot, leave ?? givenUp, facts, now);
    if (unseen) return notVisibleYet(slot);
    return drop(slot, 'gone', 'already-gone', 'The entry is gone from the network ACL.');
  }
  if (live) return settle(slot);
  return retake(slot, facts, now);
};

/** What a worker that died in the middle of a swap left. */
const endOfSwap = (
  slot: Slot,
  leave: Reason | undefined,
  facts: Pick<SlotFacts, 'lease' | 'ledger'> & { readonly entries: readonly AclEntry[] },
  policy: Pick<BlockerPolicy, 'ruleNumbers'>,
  now: Date,
): Decided<SlotChange> | undefined => {
  const swap = settleDeadSwap(
    slot,
    leave !== undefined,
    { ...facts, isDrained: leave?.reason === 'drained' },
    policy,
    now,
  );
  if (swap === undefined) return undefined;
  const { step } = swap;
  const result = ({ settled: 'settle', again: 'retake', 'given-back': 'settle', released: 'release' } as const)[
    swap.kind
  ];
  const gone = result === 'release' ? step.slot : slot;
  return { release: { slot: gone, result, reason: step.reason, because: step.because, stepId: step.id }, step };
};

/** Why what a worker was taking out when it died is taken out. */
export const givenUp: Reason = { reason: 'unblocked-by-hand', because: 'A person asked for it.' };

const notVisibleYet = (slot: Slot): Decided<SlotChange> => {
  const because = `Rule ${slot.ruleNumber} was written a moment ago and EC2 does not show it yet; try again in a minute.`;
  return { release: { slot, result: 'kept', reason: 'not-visible-yet', because } };
};

/** A slot that somebody is writing. */
export const inProgress = (slot: Slot): Decided<SlotChange> => {
  const because = `Another worker is writing rule ${slot.ruleNumber} until ${slot.lease?.until} at the latest; try again then.`;
  return { release: { slot, result: 'kept', reason: 'in-progress', because } };
};

const release = (
  slot: Slot,
  { reason, because }: Reason,
  { lease }: Pick<SlotFacts, 'lease'>,
  now: Date,
): Decided<SlotChange> => {
  const step: EntryStep = {
    id: `delete-entry/${slot.ruleNumber}`,
    action: 'delete-entry',
    reason,
    because,
    precondition: { ruleNumber: slot.ruleNumber, cidr: slot.cidr, action: 'deny', leaseUntil: lease.until },
    slot: { ...slot, status: 'releasing', lease, writtenAt: now.toISOString() },
  };
  return { release: { slot, result: 'release', reason, because, stepId: step.id }, step };
};

/** Takes a slot out of the ledger alone. */
export const drop = <Result extends 'foreign' | 'gone' | 'give-up'>(
  slot: Slot,
  result: Result,
  reason: string,
  because: string,
): Decided<UpkeepChange & { readonly result: Result }> => {
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

const settle = (slot: Slot): Decided<SlotChange> => {
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

const retake = (slot: Slot, { lease }: Pick<SlotFacts, 'lease'>, now: Date): Decided<SlotChange> => {
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

/** A plan whose changes are some of a kind, or refused. */
export type GuardedPlan<Change extends UpkeepChange> = UpkeepPlan & {
  readonly releases: readonly (Change | (UpkeepChange & { readonly result: 'refused' }))[];
};

/**
 * Takes out what a pause forbids, or a limit of entry writes: a pause of new denies still lets releases work, a pause of
 * all writes lets nothing. Pure.
 */
export const guardReleases = <Change extends UpkeepChange>(
  decided: readonly Decided<Change>[],
  guard: GuardFacts,
  restoresLeft: number = Number.POSITIVE_INFINITY,
): GuardedPlan<Change> => {
  const steps: EntryStep[] = [];
  const refused: RefusedStep<EntryStep>[] = [];
  const releases: GuardedPlan<Change>['releases'][number][] = [];
  let restores = 0;
  for (const { release, step, also = [] } of decided) {
    const isCreate = step !== undefined && makesEntry(step);
    const tooMany = isCreate && step.origin === 'restore' && ++restores > restoresLeft ? flood : undefined;
    const no = guard.allWritesPaused ?? (isCreate ? guard.newDeniesPaused : undefined) ?? tooMany;
    if (step && no) {
      for (const one of [step, ...also]) refused.push({ step: one, refused: no });
      releases.push({ slot: release.slot, result: 'refused', reason: no.reason, because: no.because });
    } else {
      if (step) steps.push(step, ...also);
      releases.push(release);
    }
  }
  return { steps, refused, releases };
};

const flood: Reason = {
  reason: 'flood',
  because: 'The network ACL had as many entry writes in the last hour as are allowed.',
};
