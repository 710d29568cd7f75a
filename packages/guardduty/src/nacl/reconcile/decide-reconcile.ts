import { hours, type Reason, remainingWithin } from '@remedykit/core';
import { type AclEntry, allowBefore, entryAt, inRange, isOurs, mayBeUnseen } from '../entries/acl.ts';
import { type EntryStep, makesEntry } from '../entries/entry-plan.ts';
import { createStep } from '../entries/placed.ts';
import { contestedReason, noteUnplaced } from '../entries/unplaced.ts';
import { contestAt, judgeVanishing } from '../ledger/contest.ts';
import type { Contest, Slot } from '../ledger/ledger.ts';
import { hasRoomForSlot } from '../ledger/room.ts';
import type { BlockerPolicy } from '../policy.ts';
import { notKnown, unlessUnknown, whyItGoes } from '../release/decide-release.ts';
import { type Decided, decideSlot, drop, guardReleases, isUnderLease } from '../release/decide-slot.ts';
import { noteLetGo } from '../release/let-go.ts';
import type { UpkeepChange } from '../release/upkeep-plan.ts';
import { adopt, findOrphans, tellOrphans } from './orphans.ts';
import type { ContestState, ReconcileFacts, ReconcilePlan } from './reconcile-plan.ts';

/**
 * Decides how one ledger and its network ACL are brought to agree: what vanished is put back once or given up, what holds
 * somebody else's entry is let go of, what a dead writer left is finished, what the ledger does not know is listed. Pure.
 */
export const decideReconcile = (facts: ReconcileFacts, policy: BlockerPolicy, now: Date): ReconcilePlan => {
  const { ledger, entries } = facts;
  const contest = contestOf(facts, policy, now);
  const decided = ledger.slots.flatMap((slot) => decideAgreement(slot, contest, facts, policy, now) ?? []);
  const orphans =
    entries === undefined ? [] : findOrphans(entries, withoutForeign(facts, decided), policy.ruleNumbers, now);
  const adopted: Adopted[] = [];
  for (const entry of orphans) {
    const one = adopt(entry, facts.adopt, now);
    const slots = [...ledger.slots, ...adopted.map(({ release }) => release.slot)];
    // What has no room stays an orphan, and is listed as one.
    if (one && hasRoomForSlot(slots, one.release.slot, ledger, now)) adopted.push(one);
  }
  const restoresLeft = remainingWithin(ledger.writes, policy.entryWritesPerHour, now, hours(1));
  const plan = guardReleases([...decided, ...adopted], facts.guard, restoresLeft);
  const taken = new Set(adopted.map(({ release }) => release.slot.ruleNumber));
  const told = tellOrphans(
    orphans.filter(({ ruleNumber }) => !taken.has(ruleNumber)),
    ledger.notices,
    foreignNumbers(decided),
    now,
  );
  const quarrel = tellContest(facts, contest, now);
  const notes = [told.step, noteLetGo(plan.releases, ledger, now)];
  return {
    ...plan,
    steps: [...(quarrel?.steps ?? []), ...plan.steps, ...notes.flatMap((step) => step ?? [])],
    orphans: told.orphans,
    ...(quarrel ? { contest: quarrel.state } : {}),
  };
};

type Adopted = NonNullable<ReturnType<typeof adopt>>;

/** A settled slot whose deny is not in the network ACL any more, although EC2 would show it by now. */
const hasVanished = (slot: Slot, entries: readonly AclEntry[] | undefined, now: Date): boolean =>
  slot.status === 'active' &&
  !isUnderLease(slot, now) &&
  entries !== undefined &&
  entryAt(entries, slot.ruleNumber) === undefined &&
  !mayBeUnseen(slot, now);

/** The quarrel that holds, or that shows with what has vanished. With it nothing at all is put back. */
const contestOf = (facts: ReconcileFacts, policy: BlockerPolicy, now: Date): Contest | undefined => {
  const { ledger, entries } = facts;
  const known = contestAt(ledger, now);
  if (known) return known;
  for (const slot of ledger.slots) {
    if (!hasVanished(slot, entries, now) || whyItGoes(slot, facts, policy, now)) continue;
    const verdict = judgeVanishing(ledger, slot.cidr, now);
    if (verdict.kind === 'contested') return verdict.contest;
  }
  return undefined;
};

type Change = Decided<UpkeepChange>;

/** What brings one slot to agree with the network ACL; undefined where it does, or nobody can tell yet. */
const decideAgreement = (
  slot: Slot,
  contest: Contest | undefined,
  facts: ReconcileFacts,
  policy: BlockerPolicy,
  now: Date,
): Change | undefined => {
  if (isUnderLease(slot, now)) return undefined;
  const leave = whyItGoes(slot, facts, policy, now);
  if (slot.status !== 'active' || facts.entries === undefined) {
    const change = decideSlot(slot, leave, facts, policy, now);
    const isNew = change.step !== undefined && makesEntry(change.step);
    if (contest && isNew) return giveUp(slot, contestedReason(contest), now);
    return unlessUnknown(change, facts);
  }
  const live = entryAt(facts.entries, slot.ruleNumber);
  if (mayBeUnseen(slot, now) || (live && isOurs(live, slot))) return undefined;
  if (live) {
    return drop(slot, 'foreign', 'foreign', `Rule ${slot.ruleNumber} holds somebody else's entry; it is left alone.`);
  }
  if (leave) return drop(slot, 'gone', 'already-gone', 'The entry is gone from the network ACL.');
  if (!inRange(slot.ruleNumber, policy.ruleNumbers)) {
    const because = `The entry is gone, and rule ${slot.ruleNumber} is not in the reserved range any more.`;
    return giveUp(slot, { reason: 'already-gone', because }, now);
  }
  if (contest) return giveUp(slot, contestedReason(contest), now);
  const allow = allowBefore(facts.entries, slot.ruleNumber, slot);
  if (allow) {
    const because = `Rule ${allow.ruleNumber} allows ${allow.cidr} and would be evaluated before rule ${slot.ruleNumber}.`;
    return giveUp(slot, { reason: 'allow-precedes', because }, now);
  }
  const { gate } = facts;
  if (gate && (gate.problem !== undefined || gate.answers[slot.cidr] === undefined)) {
    return { release: { slot, result: 'kept', ...notKnown(gate) } };
  }
  return restore(slot, facts, now);
};

const restore = (slot: Slot, { lease }: Pick<ReconcileFacts, 'lease'>, now: Date): Change => {
  const { replaced: _, ...alone } = slot;
  const step = createStep({ ...alone, status: 'claimed', lease, writtenAt: now.toISOString() }, 'restore');
  return { release: { slot, result: 'restore', reason: step.reason, because: step.because, stepId: step.id }, step };
};

/** The slot goes, and its address is listed as what should be denied and is not. */
const giveUp = (slot: Slot, why: Reason, now: Date): Change => {
  const { cidr, protocol, ports, severity, lastSeen, madeBy, findingIds } = slot;
  const match = { cidr, protocol, ...(ports ? { ports } : {}) };
  const event = { findingId: findingIds[0] ?? madeBy.findingId, severity, lastSeen };
  return { ...drop(slot, 'give-up', why.reason, why.because), also: [noteUnplaced(match, event, why, now)] };
};

const foreignNumbers = (decided: readonly Change[]): number[] =>
  decided.flatMap(({ release }) => (release.result === 'foreign' ? [release.slot.ruleNumber] : []));

/** A deny of somebody else's under a number of ours is nobody's that the ledger knows, once the slot is gone. */
const withoutForeign = ({ ledger }: ReconcileFacts, decided: readonly Change[]): ReconcileFacts['ledger'] => {
  const foreign = new Set(foreignNumbers(decided));
  return { ...ledger, slots: ledger.slots.filter(({ ruleNumber }) => !foreign.has(ruleNumber)) };
};

/** How it stands with the quarrel, and what the ledger is to keep of it. */
const tellContest = (
  { ledger }: ReconcileFacts,
  contest: Contest | undefined,
  now: Date,
): { readonly state: ContestState; readonly steps: readonly EntryStep[] } | undefined => {
  if (contest === undefined) {
    if (ledger.contested === undefined) return undefined;
    const because = `Nobody quarrelled about the network ACL since ${ledger.contested.since} for a day; denies are written again.`;
    const step: EntryStep = {
      id: 'end-contest',
      action: 'end-contest',
      reason: 'contest-over',
      because,
      precondition: { until: ledger.contested.until },
    };
    return { state: { state: 'over', contest: ledger.contested, news: true }, steps: [step] };
  }
  const isKnown = contestAt(ledger, now) !== undefined;
  const about = `contested/${contest.since}`;
  const news = !ledger.notices.some((notice) => notice.about === about);
  const { because } = contest;
  const steps: EntryStep[] = [];
  if (!isKnown) {
    steps.push({ id: 'contest', action: 'contest', reason: 'contested', because, precondition: null, contest });
  }
  if (news) {
    steps.push({
      id: 'note/contested',
      action: 'note',
      reason: 'contested',
      because: 'People are told of the quarrel once.',
      precondition: null,
      notice: { about, at: now.toISOString() },
    });
  }
  return { state: { state: isKnown ? 'on' : 'begun', contest, news }, steps };
};
