import { toInstant } from '@remedykit/core';
import type { Contest, Match, Slot } from '../ledger/ledger.ts';
import type { BlockerPolicy } from '../policy.ts';
import { tellBeyond } from './beyond-summary.ts';
import type { DenyRequest, EntriesFacts, Scene } from './entries-facts.ts';
import type { EntriesPlan, EntryStep, Placement } from './entry-plan.ts';
import { guardEntries } from './guard-entries.ts';
import { place } from './place-deny.ts';

/**
 * Decides which entries the wanted denies become in one direction of one network ACL. Pure; the guard is part of it, so
 * what it returns is what will be done.
 */
export const decideEntries = (facts: EntriesFacts, policy: BlockerPolicy, now: Date): EntriesPlan => {
  const slots = new Map(facts.ledger.slots.map((slot) => [slot.ruleNumber, slot]));
  const steps: EntryStep[] = [];
  const placements: Placement[] = [];
  const touched = new Set<number>();
  let current: Scene = { ...facts, touched };
  for (const request of facts.requests.map((one) => heldLonger(one, facts))) {
    for (const match of matchesOf(request)) {
      const { placement, step, slot, dropped, contest } = place(match, request, slots, current, policy, now);
      if (!request.confirmed && (step || dropped || contest)) {
        placements.push(unconfirmed(request, match));
        continue;
      }
      if (placement.ruleNumber !== undefined) touched.add(placement.ruleNumber);
      if (dropped) {
        slots.delete(dropped.ruleNumber);
        steps.push(dropStep(dropped));
      }
      if (contest) {
        current = { ...current, ledger: { ...current.ledger, contested: contest } };
        steps.push(contestStep(contest));
      }
      if (slot) slots.set(slot.ruleNumber, slot);
      const added = step && addStep(steps, step);
      placements.push(added ? { ...placement, reason: added.reason, because: added.because } : placement);
    }
  }
  return tellBeyond(guardEntries({ steps, refused: [], placements }, facts, policy, now), facts, now);
};

const unconfirmed = ({ denyId }: DenyRequest, match: Match): Placement => ({
  denyId,
  match,
  result: 'in-progress',
  reason: 'ledger-changed',
  because: 'The ledger changed while it was being read; the event has to be looked at again.',
  news: false,
});

/** A repeat offender is held longer, unless the evidence could be forged. */
const heldLonger = (request: DenyRequest, { holds = {} }: EntriesFacts): DenyRequest => {
  const hold = Object.hasOwn(holds, request.cidr) ? holds[request.cidr] : undefined;
  if (hold === undefined || request.spoofable) return request;
  const expiresAt = Math.max(Date.parse(request.expiresAt), Date.parse(request.lastSeen) + hold);
  return { ...request, expiresAt: toInstant(new Date(expiresAt)) };
};

/** A later finding of the batch about the same slot adds to the step of the earlier one. */
const addStep = (steps: EntryStep[], step: EntryStep): EntryStep => {
  const at = steps.findIndex(({ id }) => id === step.id);
  const earlier = steps[at];
  const added =
    (earlier?.action === 'create-entry' && step.action === 'create-entry') ||
    (earlier?.action === 'replace-entry' && step.action === 'replace-entry')
      ? { ...earlier, slot: step.slot }
      : step;
  if (earlier === undefined) steps.push(added);
  else steps[at] = added;
  return added;
};

const matchesOf = ({ cidr, protocol, runs }: DenyRequest): Match[] =>
  runs.length === 0 ? [{ cidr, protocol }] : runs.map((ports) => ({ cidr, protocol, ports }));

const contestStep = (contest: Contest): EntryStep => ({
  id: 'contest',
  action: 'contest',
  reason: 'contested',
  because: contest.because,
  precondition: null,
  contest,
});

const dropStep = (slot: Slot): EntryStep => ({
  id: `drop-slot/${slot.ruleNumber}`,
  action: 'drop-slot',
  reason: 'not-ours',
  because: `Rule ${slot.ruleNumber} no longer holds our deny; what is there now is left alone.`,
  precondition: { ruleNumber: slot.ruleNumber },
  slot,
});
