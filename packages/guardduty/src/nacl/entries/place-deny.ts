import { overlaps } from '../../gate/cidr.ts';
import { contestAt, judgeVanishing } from '../ledger/contest.ts';
import { type Contest, covers, type Match, matchOf, type Slot } from '../ledger/ledger.ts';
import type { BlockerPolicy } from '../policy.ts';
import { allowBefore, entryAt, inRange, isOurs, mayBeUnseen } from './acl.ts';
import type { DenyRequest, Scene } from './entries-facts.ts';
import type { EntryStep, Placement } from './entry-plan.ts';
import { placeNew } from './place-new.ts';
import { type At, create, createStep, ineffective, type Placed, placedBy, replace, replaceStep } from './placed.ts';
import { isMadeBy, isOver, madeBy, sighted } from './sighting.ts';
import { contestedReason, notPlaced } from './unplaced.ts';

export const place = (
  match: Match,
  request: DenyRequest,
  slots: ReadonlyMap<number, Slot>,
  facts: Scene,
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
  const contest = contestAt(facts.ledger, now);
  const placeElsewhere = (rest: ReadonlyMap<number, Slot>): Placed =>
    contest ? contested(at, request, contest, facts, now) : placeNew(at, request, rest, facts, policy, now);
  const slot = [...slots.values()].find((candidate) => covers(candidate, match));
  if (slot === undefined) return placeElsewhere(slots);
  if (slot.status !== 'active') return placeUnderWay(at, slot, request, facts, policy, now);
  const live = entryAt(facts.entries, slot.ruleNumber);
  if (mayBeUnseen(slot, now)) return placePresent(at, slot, request, facts, policy, now);
  const vanished = live === undefined;
  const restorable = inRange(slot.ruleNumber, policy.ruleNumbers) && !isOver(sighted(slot, request, policy), now);
  if (vanished && restorable) {
    const verdict = judgeVanishing(facts.ledger, slot.cidr, now);
    if (verdict.kind === 'restore') return takeOver(at, slot, request, 'restore', facts, policy, now);
    return {
      ...contested(at, request, verdict.contest, facts, now),
      dropped: slot,
      ...(verdict.isNew ? { contest: verdict.contest } : {}),
    };
  }
  if (vanished || (live && !isOurs(live, slot))) {
    const rest = new Map(slots);
    rest.delete(slot.ruleNumber);
    return { ...placeElsewhere(rest), dropped: slot };
  }
  return placePresent(at, slot, request, facts, policy, now);
};

const contested = (at: At, request: DenyRequest, contest: Contest, { ledger }: Scene, now: Date): Placed =>
  notPlaced(at, request, ledger, now, contestedReason(contest));

/** Somebody claimed or is releasing the slot: wait while the lease holds, then take over. */
const placeUnderWay = (
  at: At,
  slot: Slot,
  request: DenyRequest,
  facts: Scene,
  policy: BlockerPolicy,
  now: Date,
): Placed => {
  const { ruleNumber, lease } = slot;
  if (lease?.owner === facts.lease.owner && slot.status === 'claimed') {
    const next = sighted(slot, request, policy);
    const step = slot.replaced ? replaceStep(next, 'swap') : createStep(next, 'new');
    return { ...placedBy(at, step, 'create'), step, slot: step.slot };
  }
  const underLease = lease !== undefined && Date.parse(lease.until) > now.getTime();
  if (underLease || !inRange(ruleNumber, policy.ruleNumbers)) {
    const because = underLease
      ? `Another worker is writing rule ${ruleNumber} until ${lease.until} at the latest.`
      : `A worker left rule ${ruleNumber} unfinished, which is not in the reserved range any more; a sweep clears it up.`;
    return { placement: { ...at, result: 'in-progress', ruleNumber, reason: 'in-progress', because, news: false } };
  }
  const contest = contestAt(facts.ledger, now);
  if (contest) return leaveUnderWay(at, slot, request, contest, facts, policy, now);
  // A block that has ended begins anew: nothing is written that would be over already.
  const ended = isOver(sighted(slot, request, policy), now);
  const begun = ended ? { ...slot, firstBlockedAt: now.toISOString() } : slot;
  return takeOver(at, begun, request, 'retake', facts, policy, now);
};

/** What a dead worker left in a contested network ACL: its entry counts where EC2 has it, and is not written otherwise. */
const leaveUnderWay = (
  at: At,
  slot: Slot,
  request: DenyRequest,
  contest: Contest,
  facts: Scene,
  policy: BlockerPolicy,
  now: Date,
): Placed => {
  const { ruleNumber } = slot;
  const live = entryAt(facts.entries, ruleNumber);
  if (live && isOurs(live, slot)) {
    const { lease: _, ...settled } = slot;
    return placePresent(at, { ...settled, status: 'active' }, request, facts, policy, now, 'settled');
  }
  if (slot.replaced !== undefined || mayBeUnseen(slot, now)) {
    const because = `A worker left rule ${ruleNumber} unfinished, and the network ACL is contested; a sweep clears it up.`;
    return { placement: { ...at, result: 'in-progress', ruleNumber, reason: 'in-progress', because, news: false } };
  }
  return { ...contested(at, request, contest, facts, now), dropped: slot };
};

/** Writes the entry of a slot that exists already, if it would take effect. */
const takeOver = (
  at: At,
  slot: Slot,
  request: DenyRequest,
  origin: 'retake' | 'restore',
  { entries, lease, ledger }: Scene,
  policy: BlockerPolicy,
  now: Date,
): Placed => {
  const allow = allowBefore(entries, slot.ruleNumber, slot);
  if (allow) return ineffective(at, request, ledger, now, slot.ruleNumber, allow);
  // The sightings are counted from the event that made the slot, so they come first.
  const next = sighted(slot, request, policy);
  const taken: Slot = { ...next, status: 'claimed', lease: { ...lease }, madeBy: madeBy(request) };
  if (origin === 'retake' && slot.status === 'claimed' && slot.replaced) return replace(at, taken, 'retake', now);
  const { replaced: _, ...alone } = taken;
  return create(at, alone, origin, now);
};

const placePresent = (
  at: At,
  slot: Slot,
  request: DenyRequest,
  facts: Scene,
  policy: BlockerPolicy,
  now: Date,
  reason: 'seen-again' | 'settled' = 'seen-again',
): Placed => {
  const { ruleNumber, expiresAt } = slot;
  const allow = allowBefore(facts.entries, ruleNumber, slot);
  if (allow) return ineffective(at, request, facts.ledger, now, ruleNumber, allow);
  // A block at its longest that has ended, and that no sweep took out yet: the attacker is back, so it begins anew and is told.
  const ended = isOver(sighted(slot, request, policy), now);
  const begun = ended ? { ...slot, firstBlockedAt: now.toISOString(), madeBy: madeBy(request) } : slot;
  const news = isMadeBy(begun.madeBy, request);
  const next = sighted(begun, request, policy);
  if (reason === 'seen-again' && Date.parse(next.expiresAt) <= Date.parse(expiresAt)) {
    const because = `Rule ${ruleNumber} denies it already, until ${expiresAt}.`;
    const placement: Placement = { ...at, result: 'present', ruleNumber, expiresAt, reason: 'in-force', because, news };
    return { placement: { ...placement, ...gaveWay(news, slot, facts) } };
  }
  const step: EntryStep = {
    id: `update-slot/${ruleNumber}`,
    action: 'update-slot',
    reason,
    because: `Seen again at ${request.lastSeen}; rule ${ruleNumber} now holds until ${next.expiresAt}.`,
    precondition: { ruleNumber, expiresAt },
    slot: next,
  };
  const placed = placedBy(at, step, 'extend', news);
  return { placement: { ...placed.placement, ...gaveWay(news, slot, facts) }, step, slot: next };
};

/** Whoever is told of a deny that took another's place is told of that too, unless the other has a place again. */
const gaveWay = (news: boolean, { replaced }: Slot, { ledger }: Scene): Pick<Placement, 'evicted'> =>
  news && replaced && !ledger.slots.some((slot) => covers(slot, replaced)) ? { evicted: matchOf(replaced) } : {};
