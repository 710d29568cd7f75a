import { toInstant } from '@remedykit/core';
import { familyOf } from '../../gate/cidr.ts';
import { type Match, type Slot, sameMatch, shortId } from '../ledger/ledger.ts';
import { hasRoomForSlot } from '../ledger/room.ts';
import type { PortRange } from '../outcome.ts';
import type { BlockerPolicy } from '../policy.ts';
import { type AclEntry, allowBefore } from './acl.ts';
import type { DenyRequest, EntriesFacts, Scene } from './entries-facts.ts';
import { type Newcomer, placeBySwap } from './place-by-swap.ts';
import { type At, create, ineffective, type Placed } from './placed.ts';
import { sightingsWith } from './rank.ts';
import { madeBy, shortSeverity, shortType } from './sighting.ts';
import { notPlaced } from './unplaced.ts';

/** At most this many entries per address. */
const maxSlotsPerAddress = 2;

export const placeNew = (
  at: At,
  request: DenyRequest,
  slots: ReadonlyMap<number, Slot>,
  facts: Scene,
  policy: BlockerPolicy,
  now: Date,
): Placed => {
  const { match } = at;
  const held = [...slots.values()];
  const no = (reason: string, because: string): Placed =>
    notPlaced(at, request, facts.ledger, now, { reason, because });
  if (held.filter(({ cidr }) => cidr === match.cidr).length >= maxSlotsPerAddress) {
    return no('port-runs', 'The address has two entries already; more ports are not denied.');
  }
  const newcomer = newSlot(match, request, facts, policy, now);
  if (!hasRoomForSlot(held, newcomer, facts.ledger, now)) {
    return no('ledger-full', 'The ledger of the network ACL has no room for another deny.');
  }
  const swapped = (): Placed | undefined => placeBySwap(at, newcomer, slots, facts, policy, now);
  const ruleNumber = freeNumber(facts.entries, slots, policy.ruleNumbers);
  if (ruleNumber === undefined) {
    return swapped() ?? no('no-rule-number', 'Every rule number of the reserved range is taken.');
  }
  const free = freeEntries(facts.entries, held, match, policy);
  if (free <= 0) {
    const because = `The network ACL has no room: its quota is ${policy.quota} entries, ${policy.headroom} are kept free for people.`;
    return swapped() ?? no('quota', because);
  }
  const allow = allowBefore(facts.entries, ruleNumber, match);
  if (allow) return ineffective(at, request, facts.ledger, now, ruleNumber, allow);
  const slot: Slot = { ...newcomer, ruleNumber };
  return create(at, slot, 'new', now);
};

const newSlot = (
  match: Match,
  request: DenyRequest,
  facts: EntriesFacts,
  policy: BlockerPolicy,
  now: Date,
): Newcomer => {
  const listed = facts.ledger.unplaced.find((entry) => sameMatch(entry, match));
  const at0 = now.toISOString();
  return {
    ...match,
    status: 'claimed',
    lease: { ...facts.lease },
    findingIds: [shortId(request.findingId)],
    findingType: shortType(request.findingType),
    severity: shortSeverity(request.severity),
    hits: 1,
    sightings: listed ? sightingsWith({ ...listed, since: listed.lastSeen }, request) : (request.sightings ?? 1),
    spoofable: request.spoofable,
    firstBlockedAt: at0,
    lastSeen: request.lastSeen,
    madeBy: madeBy(request),
    writtenAt: at0,
    expiresAt: toInstant(new Date(Math.min(Date.parse(request.expiresAt), now.getTime() + policy.maxBlockFor))),
  };
};

/** Rule numbers are unique across both families. */
const freeNumber = (
  entries: readonly AclEntry[],
  slots: ReadonlyMap<number, Slot>,
  { from, to }: PortRange,
): number | undefined => {
  const taken = new Set([...entries.map(({ ruleNumber }) => ruleNumber), ...slots.keys()]);
  for (let number = from; number <= to; number++) if (!taken.has(number)) return number;
  return undefined;
};

/**
 * How many more entries of the match's family fit. The quota counts per direction and family, the default deny included.
 * Slots that a describe does not show (yet) count as well.
 */
const freeEntries = (
  entries: readonly AclEntry[],
  slots: readonly Slot[],
  match: Match,
  policy: BlockerPolicy,
): number => {
  const family = familyOf(match.cidr);
  const numbers = new Set([
    ...entries.filter(({ cidr }) => familyOf(cidr) === family).map(({ ruleNumber }) => ruleNumber),
    ...slots.filter(({ cidr }) => familyOf(cidr) === family).map(({ ruleNumber }) => ruleNumber),
  ]);
  return policy.quota - policy.headroom - numbers.size;
};
