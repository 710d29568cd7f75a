import { mapConcurrent } from '@remedykit/core';
import { groupBy } from '../../group-by.ts';
import { aclFacts } from '../entries/acl.ts';
import { decideEntries } from '../entries/decide-entries.ts';
import type { DenyRequest, EntriesFacts } from '../entries/entries-facts.ts';
import type { EntriesPlan, GuardFacts, Placement } from '../entries/entry-plan.ts';
import { gatherAcl } from '../entries/gather-acls.ts';
import { failureOf } from '../failure.ts';
import { changeLedger } from '../ledger/change-ledger.ts';
import { ledgerKey, sameMatch } from '../ledger/ledger.ts';
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
  const groups = groupBy(denies, ({ place, preview }) => `${ledgerKey(place.id)}${preview ? ' preview' : ''}`);
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
  let requests = group.map(({ request }) => request);
  for (let round = 1; requests.length > 0; round++) {
    const { plan, outcomes } = await changeLedger<EntriesPlan, EntriesFacts>(run, {
      id: place.id,
      decider: 'nacl/entries',
      preview,
      gather: async (ledger, lease, attempt): Promise<EntriesFacts> => {
        const entries = round === 1 && attempt === 1 ? place.acl.entries : await freshEntries(run, place);
        return { ledger, entries, requests, guard, lease };
      },
      decide: (facts, at) => ({ facts, plan: decideEntries(facts, run.settings.policy, at) }),
      ...(round === 1 ? { first: place.read } : {}),
    });
    const byStep = new Map(outcomes.map((outcome) => [outcome.stepId, outcome]));
    const again = new Set<string>();
    for (const placement of plan.placements) {
      // A deny of two runs of ports comes again as a whole when one has to move; the other was told already.
      if (told.some(({ denyId, match }) => denyId === placement.denyId && sameMatch(match, placement.match))) continue;
      const step = placement.stepId === undefined ? undefined : byStep.get(placement.stepId);
      if (step?.reason === 'number-taken' && round < maxRounds) again.add(placement.denyId);
      else {
        told.push(placement);
        placed.push([placement.denyId, placedDeny(place, placement, step)]);
      }
    }
    requests = requests.filter(({ denyId }) => again.has(denyId));
  }
  return placed;
};

const placedDeny = (
  { id, acl }: Place,
  placement: EntriesPlan['placements'][number],
  step: Extract<PlacedDeny, { kind: 'placed' }>['step'],
): PlacedDeny => ({
  kind: 'placed',
  networkAclId: id.networkAclId,
  egress: id.direction === 'egress',
  subnetIds: acl.subnetIds,
  placement,
  ...(step === undefined ? {} : { step }),
});

const freshEntries = async (run: Run, { id }: Place): Promise<EntriesFacts['entries']> => {
  const acl = await gatherAcl(run.settings.ec2(id), id.networkAclId);
  // A network ACL that is gone has no entries: the create then fails with EC2's own words.
  return acl === undefined ? [] : aclFacts(acl, id.direction === 'egress').entries;
};
