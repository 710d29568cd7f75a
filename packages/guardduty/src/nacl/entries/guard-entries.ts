import type { Reason, RefusedStep } from '@remedykit/core';
import type { EntriesFacts } from './entries-facts.ts';
import { type EntriesPlan, type EntryStep, makesEntry, type Placement } from './entry-plan.ts';

/**
 * Takes out what a pause or the limit of entry writes forbids, over the whole plan, before the first effect. A refused
 * create never looks like a success: its placement says why the address is not blocked.
 */
export const guardEntries = (
  plan: EntriesPlan,
  { guard }: Pick<EntriesFacts, 'guard'>,
  writesLeft: number,
): EntriesPlan => {
  const paused = guard.allWritesPaused ?? guard.newDeniesPaused;
  const refused: RefusedStep<EntryStep>[] = [...plan.refused];
  const reasons = new Map<string, Reason>();
  let creates = 0;
  const steps = plan.steps.filter((step) => {
    const no = paused ?? (makesEntry(step) && ++creates > writesLeft ? flood : undefined);
    if (no === undefined) return true;
    refused.push({ step, refused: no });
    reasons.set(step.id, no);
    return false;
  });
  return { steps, refused, placements: plan.placements.map((placement) => refusePlacement(placement, reasons)) };
};

const flood: Reason = {
  reason: 'flood',
  because: 'The network ACL had as many entry writes in the last hour as are allowed.',
};

const refusePlacement = (placement: Placement, reasons: ReadonlyMap<string, Reason>): Placement => {
  const no = placement.stepId === undefined ? undefined : reasons.get(placement.stepId);
  if (no === undefined) return placement;
  const { denyId, match } = placement;
  const inForce = placement.result === 'extend';
  return inForce
    ? { ...placement, result: 'present', ...no, news: false }
    : { denyId, match, result: no.reason === 'flood' ? 'unplaced' : 'refused', ...no, news: true };
};
