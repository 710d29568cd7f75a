import { countWithin, days, hours, type Reason, type RefusedStep, remainingWithin } from '@remedykit/core';
import type { BlockerPolicy } from '../policy.ts';
import type { EntriesFacts } from './entries-facts.ts';
import { type EntriesPlan, type EntryStep, isNewDeny, makesEntry, type Placement } from './entry-plan.ts';
import { placeFlooded } from './flood.ts';
import { notPlaced } from './unplaced.ts';

/**
 * Takes out what a pause or a limit forbids, over the whole plan, before the first effect. A refused deny never looks like
 * a success: its placement says why the address is not blocked, and the ledger lists it, so that it is said once. That
 * changes nothing but what is remembered, so no pause forbids it.
 */
export const guardEntries = (plan: EntriesPlan, facts: EntriesFacts, policy: BlockerPolicy, now: Date): EntriesPlan => {
  const { guard } = facts;
  const paused = guard.allWritesPaused ?? guard.newDeniesPaused;
  const limit = createLimit(facts, policy, now);
  const refused: RefusedStep<EntryStep>[] = [];
  const reasons = new Map<string, Reason>();
  const steps = plan.steps.filter((step) => {
    if (remembers(step)) return true;
    const no = paused ?? limit(step);
    if (no === undefined) return true;
    refused.push({ step, refused: no });
    reasons.set(step.id, no);
    return false;
  });
  return reasons.size === 0 ? plan : listRefused({ ...plan, steps, refused }, reasons, facts, now);
};

/** True for a step that keeps what was told or seen. */
const remembers = ({ action }: EntryStep): boolean =>
  action === 'note-unplaced' || action === 'count-unplaced' || action === 'note' || action === 'contest';

/** What the limits leave: each deny that is put in force uses an entry write, and a new one a new deny as well. */
const createLimit = (
  { ledger, deniesElsewhere = 0 }: EntriesFacts,
  policy: BlockerPolicy,
  now: Date,
): ((step: EntryStep) => Reason | undefined) => {
  const ofDay = policy.newDeniesPerAccountAndDay - deniesElsewhere - countWithin(ledger.denies, now, days(1));
  let writes = remainingWithin(ledger.writes, policy.entryWritesPerHour, now, hours(1));
  let denies = remainingWithin(ledger.denies, policy.newDeniesPerHour, now, hours(1));
  let account = ofDay;
  return (step) => {
    if (!makesEntry(step)) return undefined;
    if (writes <= 0) return flood('The network ACL had as many entry writes in the last hour as are allowed.');
    if (isNewDeny(step)) {
      if (denies <= 0) return flood('The network ACL had as many new denies in the last hour as are allowed.');
      if (!(account > 0)) return flood('The account had as many new denies in the last day as are allowed.');
      denies -= 1;
      account -= 1;
    }
    writes -= 1;
    return undefined;
  };
};

const flood = (because: string): Reason => ({ reason: 'flood', because });

const listRefused = (
  plan: EntriesPlan,
  reasons: ReadonlyMap<string, Reason>,
  facts: EntriesFacts,
  now: Date,
): EntriesPlan => {
  const refusalOf = ({ stepId }: Placement): Reason | undefined =>
    stepId === undefined ? undefined : reasons.get(stepId);
  const requestOf = ({ denyId }: Placement) => facts.requests.find((request) => request.denyId === denyId);
  const flooded = plan.placements.flatMap((placement) => {
    const why = refusalOf(placement);
    const request = requestOf(placement);
    if (why?.reason !== 'flood' || request === undefined) return [];
    return [{ at: { denyId: placement.denyId, match: placement.match }, request, why }];
  });
  const { placed, note } = placeFlooded(flooded, facts.ledger, now);
  const steps = new Map<string, EntryStep>(plan.steps.map((step) => [step.id, step]));
  let next = 0;
  const placements = plan.placements.map((placement): Placement => {
    const why = refusalOf(placement);
    if (why === undefined) return placement;
    if (placement.result === 'extend') return { ...placement, result: 'present', ...why, news: false };
    const { denyId, match } = placement;
    const request = requestOf(placement);
    // Nobody decided that pause, and a retry may find that there is none.
    if (request === undefined || why.reason === 'control-unreadable') {
      return { denyId, match, result: 'refused', ...why, news: true };
    }
    const listed =
      why.reason === 'flood'
        ? placed[next++]
        : notPlaced({ denyId, match }, request, facts.ledger, now, why, 'refused');
    if (listed?.step) steps.set(listed.step.id, listed.step);
    return listed?.placement ?? placement;
  });
  if (note) steps.set(note.id, note);
  return { ...plan, steps: [...steps.values()], placements };
};
