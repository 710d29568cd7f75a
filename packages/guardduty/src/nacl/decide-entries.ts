import { hours, remainingWithin, toInstant } from '@remedykit/core';
import { familyOf, overlaps } from '../gate/cidr.ts';
import { type AclEntry, allowBefore, entryAt, inRange, isOurs, mayBeUnseen } from './acl.ts';
import type { CreateStep, EntriesPlan, EntryStep, GuardFacts, Placement } from './entry-plan.ts';
import { guardEntries } from './guard-entries.ts';
import { covers, type Ledger, type Match, type Slot, sameMatch, shortId } from './ledger.ts';
import type { PortRange } from './outcome.ts';
import type { BlockerPolicy } from './policy.ts';

/** A deny that `nacl/threats` wants, seen from one direction of one network ACL. */
export interface DenyRequest {
  /** Id of the `deny` step. */
  readonly denyId: string;
  readonly findingId: string;
  readonly findingType: string;
  readonly severity: number;
  /** `eventLastSeen` of the finding. */
  readonly lastSeen: string;
  readonly cidr: string;
  readonly protocol: '6' | '17' | '-1';
  /** Empty: all ports. */
  readonly runs: readonly PortRange[];
  readonly expiresAt: string;
  readonly spoofable: boolean;
  /** False: GuardDuty and the live interfaces have not been asked, since nothing seemed to be to do; so nothing is written. */
  readonly confirmed: boolean;
}

/** What `nacl/entries` decides on. */
export interface EntriesFacts {
  readonly ledger: Ledger;
  /** The entries of this direction, the default deny included. */
  readonly entries: readonly AclEntry[];
  readonly requests: readonly DenyRequest[];
  readonly guard: GuardFacts;
  /** Token and end of the lease under which this worker writes. */
  readonly lease: { readonly owner: string; readonly until: string };
}

/** At most this many entries per address. */
const maxSlotsPerAddress = 2;

/**
 * Decides which entries the wanted denies become in one direction of one network ACL. Pure; the guard is part of it, so
 * what it returns is what will be done.
 */
export const decideEntries = (facts: EntriesFacts, policy: BlockerPolicy, now: Date): EntriesPlan => {
  const slots = new Map(facts.ledger.slots.map((slot) => [slot.ruleNumber, slot]));
  const steps: EntryStep[] = [];
  const placements: Placement[] = [];
  for (const request of facts.requests) {
    for (const match of matchesOf(request)) {
      const { placement, step, slot, dropped } = place(match, request, slots, facts, policy, now);
      if (!request.confirmed && (step || dropped)) {
        placements.push(unconfirmed(request, match));
        continue;
      }
      if (dropped) {
        slots.delete(dropped.ruleNumber);
        steps.push(dropStep(dropped));
      }
      if (slot) slots.set(slot.ruleNumber, slot);
      const added = step && addStep(steps, step);
      placements.push(added ? { ...placement, reason: added.reason, because: added.because } : placement);
    }
  }
  return guardEntries({ steps, refused: [], placements }, facts, remainingWrites(facts, policy, now));
};

const unconfirmed = ({ denyId }: DenyRequest, match: Match): Placement => ({
  denyId,
  match,
  result: 'in-progress',
  reason: 'ledger-changed',
  because: 'The ledger changed while it was being read; the event has to be looked at again.',
  news: false,
});

const remainingWrites = ({ ledger }: EntriesFacts, policy: BlockerPolicy, now: Date): number =>
  remainingWithin(ledger.writes, policy.entryWritesPerHour, now, hours(1));

/** A later finding of the batch about the same slot adds to the step of the earlier one. */
const addStep = (steps: EntryStep[], step: EntryStep): EntryStep => {
  const at = steps.findIndex(({ id }) => id === step.id);
  const earlier = steps[at];
  const added =
    earlier?.action === 'create-entry' && step.action === 'create-entry' ? { ...earlier, slot: step.slot } : step;
  if (earlier === undefined) steps.push(added);
  else steps[at] = added;
  return added;
};

const matchesOf = ({ cidr, protocol, runs }: DenyRequest): Match[] =>
  runs.length === 0 ? [{ cidr, protocol }] : runs.map((ports) => ({ cidr, protocol, ports }));

interface Placed {
  readonly placement: Placement;
  readonly step?: EntryStep;
  readonly slot?: Slot;
  readonly dropped?: Slot;
}

const place = (
  match: Match,
  request: DenyRequest,
  slots: ReadonlyMap<number, Slot>,
  facts: EntriesFacts,
  policy: BlockerPolicy,
  now: Date,
): Placed => {
  const at = { denyId: request.denyId, match };
  const suppression = facts.ledger.suppressions.find(
    ({ cidr, until }) => Date.parse(until) > now.getTime() && overlaps(cidr, match.cidr),
  );
  if (suppression) {
    const because = `${suppression.requestedBy} unblocked ${suppression.cidr} until ${suppression.until}.`;
    return { placement: { ...at, result: 'refused', reason: 'suppressed', because, news: false } };
  }
  const slot = [...slots.values()].find((candidate) => covers(candidate, match));
  if (slot === undefined) return placeNew(at, request, slots, facts, policy, now);
  if (slot.status !== 'active') return placeUnderWay(at, slot, request, facts, policy, now);
  const live = entryAt(facts.entries, slot.ruleNumber);
  if (mayBeUnseen(slot, now)) return placePresent(at, slot, request, facts, policy);
  const vanished = live === undefined;
  const restorable = inRange(slot.ruleNumber, policy.ruleNumbers) && !isOver(sighted(slot, request, policy), now);
  if (vanished && restorable) return takeOver(at, slot, request, 'restore', facts, policy, now);
  if (vanished || (live && !isOurs(live, slot))) {
    const rest = new Map(slots);
    rest.delete(slot.ruleNumber);
    return { ...placeNew(at, request, rest, facts, policy, now), dropped: slot };
  }
  return placePresent(at, slot, request, facts, policy);
};

type At = Pick<Placement, 'denyId' | 'match'>;

/** Somebody claimed or is releasing the slot: wait while the lease holds, then take over. */
const placeUnderWay = (
  at: At,
  slot: Slot,
  request: DenyRequest,
  facts: EntriesFacts,
  policy: BlockerPolicy,
  now: Date,
): Placed => {
  const { ruleNumber, lease } = slot;
  if (lease?.owner === facts.lease.owner && slot.status === 'claimed') {
    const step = createStep(sighted(slot, request, policy), 'new');
    return { ...placedBy(at, step, 'create'), step, slot: step.slot };
  }
  const underLease = lease !== undefined && Date.parse(lease.until) > now.getTime();
  if (underLease || !inRange(ruleNumber, policy.ruleNumbers)) {
    const because = underLease
      ? `Another worker is writing rule ${ruleNumber} until ${lease.until} at the latest.`
      : `A worker left rule ${ruleNumber} unfinished, which is not in the reserved range any more; a sweep clears it up.`;
    return { placement: { ...at, result: 'in-progress', ruleNumber, reason: 'in-progress', because, news: false } };
  }
  // A block that has ended begins anew: nothing is written that would be over already.
  const ended = isOver(sighted(slot, request, policy), now);
  const begun = ended ? { ...slot, firstBlockedAt: now.toISOString() } : slot;
  return takeOver(at, begun, request, 'retake', facts, policy, now);
};

const isOver = ({ expiresAt }: Slot, now: Date): boolean => Date.parse(expiresAt) <= now.getTime();

/** The event whose delivery makes an entry; it is told about it, also when it is delivered again. */
const madeBy = ({ findingId, lastSeen }: DenyRequest): Slot['madeBy'] => ({ findingId: shortId(findingId), lastSeen });

const isMadeBy = (event: Slot['madeBy'], { findingId, lastSeen }: DenyRequest): boolean =>
  event.findingId === shortId(findingId) && event.lastSeen === lastSeen;

/** Writes the entry of a slot that exists already, if it would take effect. */
const takeOver = (
  at: At,
  slot: Slot,
  request: DenyRequest,
  origin: 'retake' | 'restore',
  { entries, lease }: EntriesFacts,
  policy: BlockerPolicy,
  now: Date,
): Placed => {
  const allow = allowBefore(entries, slot.ruleNumber, slot);
  if (allow) return { placement: ineffective(at, slot.ruleNumber, allow) };
  const taken: Slot = { ...slot, status: 'claimed', lease: { ...lease }, madeBy: madeBy(request) };
  return create(at, sighted(taken, request, policy), origin, now);
};

const placePresent = (at: At, slot: Slot, request: DenyRequest, facts: EntriesFacts, policy: BlockerPolicy): Placed => {
  const { ruleNumber, expiresAt } = slot;
  const allow = allowBefore(facts.entries, ruleNumber, slot);
  if (allow) return { placement: ineffective(at, ruleNumber, allow) };
  const news = isMadeBy(slot.madeBy, request);
  const next = sighted(slot, request, policy);
  if (Date.parse(next.expiresAt) <= Date.parse(expiresAt)) {
    const because = `Rule ${ruleNumber} denies it already, until ${expiresAt}.`;
    return { placement: { ...at, result: 'present', ruleNumber, expiresAt, reason: 'in-force', because, news } };
  }
  const step: EntryStep = {
    id: `update-slot/${ruleNumber}`,
    action: 'update-slot',
    reason: 'seen-again',
    because: `Seen again at ${request.lastSeen}; rule ${ruleNumber} now holds until ${next.expiresAt}.`,
    precondition: { ruleNumber, expiresAt },
    slot: next,
  };
  return { ...placedBy(at, step, 'extend', news), step, slot: next };
};

const placeNew = (
  at: At,
  request: DenyRequest,
  slots: ReadonlyMap<number, Slot>,
  facts: EntriesFacts,
  policy: BlockerPolicy,
  now: Date,
): Placed => {
  const { match } = at;
  const held = [...slots.values()];
  if (held.filter(({ cidr }) => cidr === match.cidr).length >= maxSlotsPerAddress) {
    return unplaced(
      at,
      request,
      facts,
      now,
      'port-runs',
      'The address has two entries already; more ports are not denied.',
    );
  }
  const ruleNumber = freeNumber(facts.entries, slots, policy.ruleNumbers);
  if (ruleNumber === undefined) {
    return unplaced(at, request, facts, now, 'no-rule-number', 'Every rule number of the reserved range is taken.');
  }
  const free = freeEntries(facts.entries, held, match, policy);
  if (free <= 0) {
    const because = `The network ACL has no room: its quota is ${policy.quota} entries, ${policy.headroom} are kept free for people.`;
    return unplaced(at, request, facts, now, 'quota', because);
  }
  const allow = allowBefore(facts.entries, ruleNumber, match);
  if (allow) return { placement: ineffective(at, ruleNumber, allow) };
  const at0 = now.toISOString();
  const slot: Slot = {
    ruleNumber,
    ...match,
    status: 'claimed',
    lease: { ...facts.lease },
    findingIds: [shortId(request.findingId)],
    findingType: shortType(request.findingType),
    severity: request.severity,
    hits: 1,
    spoofable: request.spoofable,
    firstBlockedAt: at0,
    lastSeen: request.lastSeen,
    madeBy: madeBy(request),
    writtenAt: at0,
    expiresAt: request.expiresAt,
  };
  return create(at, slot, 'new', now);
};

/** The longest type that GuardDuty has is shorter; what a ledger holds is bounded. */
const shortType = (type: string): string => type.replace(/[^\x20-\x7e]|["\\]/g, '_').slice(0, 100);

const create = (at: At, slot: Slot, origin: CreateStep['origin'], now: Date): Placed => {
  const step = createStep({ ...slot, writtenAt: now.toISOString() }, origin);
  return { ...placedBy(at, step, 'create'), step, slot: step.slot };
};

const createBecause = {
  new: 'The rule number is free.',
  retake: 'A worker that claimed this rule number did not finish.',
  restore: 'The deny was in force and is gone from the network ACL.',
} as const;

const createStep = (slot: Slot, origin: CreateStep['origin']): CreateStep => ({
  id: `create-entry/${slot.ruleNumber}`,
  action: 'create-entry',
  reason: origin,
  because: createBecause[origin],
  precondition: { ruleNumber: slot.ruleNumber, leaseUntil: slot.lease?.until ?? null },
  origin,
  slot,
});

const placedBy = (
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
      news: result === 'create' || news,
    },
  };
};

/** The slot after one more sighting: it holds until the later end, but never beyond `maxBlockFor` after the first block. */
const sighted = (slot: Slot, request: DenyRequest, policy: BlockerPolicy): Slot => {
  const end = Date.parse(slot.expiresAt);
  const latest = Date.parse(slot.firstBlockedAt) + policy.maxBlockFor;
  const expiresAt = Math.max(end, Math.min(Date.parse(request.expiresAt), latest));
  const known = slot.findingIds.includes(shortId(request.findingId));
  return {
    ...slot,
    expiresAt: toInstant(new Date(expiresAt)),
    lastSeen: toInstant(new Date(Math.max(Date.parse(slot.lastSeen), Date.parse(request.lastSeen)))),
    severity: Math.max(slot.severity, request.severity),
    hits: slot.hits + 1,
    spoofable: slot.spoofable && request.spoofable,
    findingIds: known ? slot.findingIds : [shortId(request.findingId), ...slot.findingIds].slice(0, 5),
  };
};

const unplaced = (
  at: At,
  request: DenyRequest,
  { ledger }: EntriesFacts,
  now: Date,
  reason: string,
  because: string,
): Placed => {
  const listed = ledger.unplaced.find((entry) => sameMatch(entry, at.match));
  const toldBefore = listed !== undefined && listed.reason === reason;
  const news = !toldBefore || isMadeBy(listed, request);
  const placement: Placement = { ...at, result: 'unplaced', reason, because, news };
  return toldBefore ? { placement } : { placement, step: noteUnplaced(at.match, request, reason, because, now) };
};

/** The step that lists an address without room, so that people are told once and not at every sighting. */
export const noteUnplaced = (
  match: Match,
  request: Pick<DenyRequest, 'findingId' | 'severity' | 'lastSeen'>,
  reason: string,
  because: string,
  now: Date,
): EntryStep => ({
  id: `note-unplaced/${match.cidr}/${match.protocol}/${match.ports?.from ?? 'all'}`,
  action: 'note-unplaced',
  reason,
  because,
  precondition: null,
  unplaced: {
    ...match,
    reason,
    findingId: shortId(request.findingId),
    severity: request.severity,
    lastSeen: request.lastSeen,
    since: now.toISOString(),
  },
});

const ineffective = (at: At, ruleNumber: number, allow: AclEntry): Placement => ({
  ...at,
  result: 'ineffective',
  reason: 'allow-precedes',
  because: `Rule ${allow.ruleNumber} allows ${allow.cidr} and is evaluated before rule ${ruleNumber}; move it behind the reserved range.`,
  news: true,
});

const dropStep = (slot: Slot): EntryStep => ({
  id: `drop-slot/${slot.ruleNumber}`,
  action: 'drop-slot',
  reason: 'not-ours',
  because: `Rule ${slot.ruleNumber} no longer holds our deny; what is there now is left alone.`,
  precondition: { ruleNumber: slot.ruleNumber },
  slot,
});

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
