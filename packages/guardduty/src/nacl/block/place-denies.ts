import { mapConcurrent, type StepOutcome } from '@remedykit/core';
import { groupBy } from '../../group-by.ts';
import { aclFacts } from '../entries/acl.ts';
import { decideEntries } from '../entries/decide-entries.ts';
import type { DenyRequest, EntriesFacts } from '../entries/entries-facts.ts';
import { type EntriesPlan, type GuardFacts, isNewDeny, type Placement } from '../entries/entry-plan.ts';
import { gatherAcl } from '../entries/gather-acls.ts';
import { gatherHolds } from '../entries/offenders.ts';
import { failureOf } from '../failure.ts';
import { changeLedger } from '../ledger/change-ledger.ts';
import { ledgerKey, sameMatch } from '../ledger/ledger.ts';
import { consistencyWindow } from '../policy.ts';
import type { Run } from '../run.ts';
import type { PlacedDeny } from './placed-deny.ts';
import type { Place } from './places.ts';

/** One wanted deny with the place where it goes. */
export interface DenyAt {
  readonly place: Place;
  readonly request: DenyRequest;
  readonly preview: boolean;
  readonly guard: GuardFacts;
}

/** How often a deny is decided again because somebody took its rule number in between. */
const maxRounds = 3;

/**
 * Puts wanted denies into their network ACLs, all those of one ledger together: one claim, one settlement. A ledger that
 * fails takes no other with it. Results by id of the `deny` step.
 */
export const placeDenies = async (run: Run, denies: readonly DenyAt[]): Promise<Map<string, PlacedDeny[]>> => {
  const groups = groupBy(
    denies,
    ({ place, preview, guard }) => `${ledgerKey(place.id)}${preview ? ' preview' : ''} ${JSON.stringify(guard)}`,
  );
  const results = await mapConcurrent([...groups.values()], 4, (group) => placeGroup(run, group));
  const byDeny = new Map<string, PlacedDeny[]>();
  const add = (denyId: string, placed: PlacedDeny) => byDeny.set(denyId, [...(byDeny.get(denyId) ?? []), placed]);
  [...groups.values()].forEach((group, at) => {
    const result = results[at];
    if (result?.ok) for (const [denyId, placed] of result.value) add(denyId, placed);
    else {
      for (const { place, request } of group) {
        const { networkAclId, direction } = place.id;
        add(request.denyId, {
          kind: 'failed',
          networkAclId,
          egress: direction === 'egress',
          ...failureOf(result?.error),
        });
      }
    }
  });
  return byDeny;
};

const placeGroup = async (run: Run, group: readonly DenyAt[]): Promise<[string, PlacedDeny][]> => {
  const [first] = group;
  if (first === undefined) return [];
  const { place, preview, guard } = first;
  const placed: [string, PlacedDeny][] = [];
  const told: Placement[] = [];
  const lost = new Map<string, Lost>();
  let { ledger } = place.read;
  let requests = group.map(({ request }) => request);
  for (let round = 1; requests.length > 0; round++) {
    const { plan, outcomes } = await changeLedger<EntriesPlan, EntriesFacts>(run, {
      id: place.id,
      decider: 'nacl/entries',
      preview,
      gather: async (ledger, lease): Promise<EntriesFacts> => {
        const entries = round === 1 && isRecent(place, run) ? place.acl.entries : await freshEntries(run, place);
        const facts = { ledger, entries, requests, guard, lease, ...gatherHolds(run.settings, ledger, requests) };
        return (await wantsNewDeny(run, facts))
          ? { ...facts, deniesElsewhere: await run.settings.accountDenies.elsewhere(place.id) }
          : facts;
      },
      decide(facts, at) {
        ledger = facts.ledger;
        return { facts, plan: decideEntries(facts, run.settings.policy, at) };
      },
      ...(round === 1 ? { first: place.read } : {}),
    });
    const byStep = new Map(outcomes.map((outcome) => [outcome.stepId, outcome]));
    const again = new Set<string>();
    for (const placement of plan.placements) {
      // A deny of two runs of ports comes again as a whole when one has to move; the other was told already.
      if (told.some(({ denyId, match }) => denyId === placement.denyId && sameMatch(match, placement.match))) continue;
      const step = placement.stepId === undefined ? undefined : unlessTaken(byStep.get(placement.stepId));
      const evictedUntil = replacedUntil(plan, ledger, placement);
      if (step?.reason === 'number-taken') addLost(lost, placement, evictedUntil);
      if (step?.reason === 'number-taken' && round < maxRounds) again.add(placement.denyId);
      else {
        told.push(placement);
        const deny = placedDeny(place, placement, step, lost.get(placement.denyId));
        placed.push([
          placement.denyId,
          { ...deny, ...(preview ? { preview } : {}), ...(evictedUntil ? { evictedUntil } : {}) },
        ]);
      }
    }
    requests = requests.filter(({ denyId }) => again.has(denyId));
  }
  return placed;
};

/** What the account's other ledgers have is read where it can make a difference. */
const wantsNewDeny = async (run: Run, facts: EntriesFacts): Promise<boolean> =>
  decideEntries(facts, run.settings.policy, run.now()).steps.some(isNewDeny);

const placedDeny = (
  { id, acl }: Place,
  placement: EntriesPlan['placements'][number],
  step: Extract<PlacedDeny, { kind: 'placed' }>['step'],
  lost: Lost | undefined,
): PlacedDeny => ({
  kind: 'placed',
  networkAclId: id.networkAclId,
  egress: id.direction === 'egress',
  subnetIds: acl.subnetIds,
  placement,
  ...(step === undefined ? {} : { step }),
  ...(lost === undefined ? {} : { lost }),
});

/** A step that was left out because somebody took the rule number did not take place. */
const unlessTaken = (step: StepOutcome | undefined): StepOutcome | undefined =>
  step?.reason === 'number-taken' ? { ...step, status: 'failed', retryable: true } : step;

type Lost = NonNullable<Extract<PlacedDeny, { kind: 'placed' }>['lost']>;

/** Who gave way where somebody else then took the rule number has no place either way, and is told. */
const addLost = (
  lost: Map<string, Lost>,
  { denyId, evicted, ruleNumber }: Placement,
  expiresAt: string | undefined,
): void => {
  if (!evicted || ruleNumber === undefined) return;
  const one = { ...evicted, ruleNumber, ...(expiresAt === undefined ? {} : { expiresAt }) };
  lost.set(denyId, [...(lost.get(denyId) ?? []), one]);
};

/** How long who gives, or gave, way was to be denied. */
const replacedUntil = (
  { steps }: EntriesPlan,
  { slots }: EntriesFacts['ledger'],
  { evicted, ruleNumber }: Placement,
): string | undefined => {
  if (evicted === undefined) return undefined;
  const changed = steps.flatMap((step) => ('slot' in step ? [step.slot] : []));
  const taken = [...changed, ...slots].find((slot) => slot.ruleNumber === ruleNumber && slot.replaced !== undefined);
  return taken?.replaced?.expiresAt;
};

/**
 * True while what was read may serve another attempt: what other workers wrote since then is in the ledger, and a slot that
 * they wrote a moment ago is not taken for one that vanished (`consistencyWindow`).
 */
const isRecent = ({ readAt }: Place, { settings }: Run): boolean =>
  settings.now().getTime() - readAt.getTime() < consistencyWindow / 3;

const freshEntries = async (run: Run, { id }: Place): Promise<EntriesFacts['entries']> => {
  const acl = await gatherAcl(run.settings.ec2(id), id.networkAclId);
  // A network ACL that is gone has no entries: the create then fails with EC2's own words.
  return acl === undefined ? [] : aclFacts(acl, id.direction === 'egress').entries;
};
