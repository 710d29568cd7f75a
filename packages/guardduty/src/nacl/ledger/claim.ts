import { addToWindow, days, hours } from '@remedykit/core';
import { type EntryStep, isNewDeny, writesEc2 } from '../entries/entry-plan.ts';
import { withCounted, withoutCounted } from './beyond.ts';
import { withVanishing } from './contest.ts';
import { fit } from './fit.ts';
import { hasRunOut, withPastBlock } from './history.ts';
import {
  beyondPrefix,
  type Contest,
  covers,
  floodPrefix,
  type Ledger,
  letGoPrefix,
  type Notice,
  orphansPrefix,
  plain,
  releasedPrefix,
  type Slot,
  sameMatch,
  type Unplaced,
} from './ledger.ts';
import { releasedNotice } from './released.ts';
import { shortened } from './room.ts';

/** At most this many notices per ledger, of at most so many characters: the orphans of two full quotas fit into one. */
const maxNotices = 16;
const maxAbout = 640;
const maxOtherAbout = 120;

/** Lists, of which only the latest stands. */
const lists = [orphansPrefix, releasedPrefix, letGoPrefix];

/** The notices with one more; an earlier one about the same goes. */
const withNotice = (notices: readonly Notice[], notice: Notice): readonly Notice[] =>
  [
    { ...notice, about: plain(notice.about, isList(notice) ? maxAbout : maxOtherAbout) },
    ...notices.filter((other) => !isSameMatter(other, notice)),
  ].slice(0, maxNotices);

/** Of all summaries of a flood the latest stands, and of all lists of orphans and of what was taken out. */
const isSameMatter = (a: Notice, b: Notice): boolean =>
  a.about === b.about ||
  [floodPrefix, beyondPrefix, ...lists].some((prefix) => a.about.startsWith(prefix) && b.about.startsWith(prefix));

const isList = ({ about }: Notice): boolean => lists.some((prefix) => about.startsWith(prefix));

/** Bounded, whatever it says. */
const shortContest = ({ since, until, because }: Contest): Contest => ({
  since,
  until,
  because: plain(because, 200),
});

const withUnplaced = (unplaced: readonly Unplaced[], added: Unplaced): readonly Unplaced[] => [
  added,
  ...unplaced.filter((entry) => !sameMatch(entry, added)),
];

/** The ledger as it is stored before the effects of `steps`: every slot about to be written in EC2 is marked as such. Pure. */
export const claimLedger = (
  { contested: quarrel, beyond: counted, ...ledger }: Ledger,
  steps: readonly EntryStep[],
  now: Date,
  blockFor: number,
): Ledger => {
  const slots = new Map(ledger.slots.map((slot) => [slot.ruleNumber, slot]));
  let unplaced: readonly Unplaced[] = ledger.unplaced;
  let suppressions = ledger.suppressions.filter(({ until }) => Date.parse(until) > now.getTime());
  let { notices, history } = ledger;
  let beyond = withCounted(counted, [], now, blockFor);
  let contested = quarrel;
  for (const step of steps) {
    if (step.action === 'drop-slot') {
      if (hasRunOut(step.slot, now)) history = withPastBlock(history, step.slot.cidr, now);
      slots.delete(step.slot.ruleNumber);
    } else if (step.action === 'suppress') {
      const { suppression } = step;
      suppressions = [shortened(suppression), ...suppressions.filter(({ cidr }) => cidr !== suppression.cidr)];
    } else if (step.action === 'contest') contested = shortContest(step.contest);
    else if (step.action === 'end-contest') contested = undefined;
    else if (step.action === 'note') notices = withNotice(notices, step.notice);
    else if (step.action === 'note-unplaced') {
      unplaced = withUnplaced(unplaced, step.unplaced);
      beyond = withoutCounted(beyond, [step.unplaced.cidr]);
    } else if (step.action === 'count-unplaced') {
      beyond = withCounted(beyond, [step.cidr], new Date(step.at), blockFor);
    } else {
      // One that begins anew had run out before.
      const before = slots.get(step.slot.ruleNumber);
      const beginsAnew = before?.cidr === step.slot.cidr && before.firstBlockedAt !== step.slot.firstBlockedAt;
      if (before && beginsAnew && hasRunOut(before, now)) history = withPastBlock(history, before.cidr, now);
      slots.set(step.slot.ruleNumber, step.slot);
      unplaced = unplaced.filter((entry) => !covers(step.slot, entry));
      if (isNewDeny(step)) beyond = withoutCounted(beyond, [step.slot.cidr]);
      if (step.action === 'replace-entry' && step.evicted) unplaced = withUnplaced(unplaced, step.evicted);
    }
  }
  const writes = steps.filter(writesEc2).length;
  const denies = steps.filter(isNewDeny).length;
  return fit(
    {
      ...ledger,
      slots: [...slots.values()].toSorted((a, b) => a.ruleNumber - b.ruleNumber),
      unplaced: unplaced.filter(({ lastSeen }) => Date.parse(lastSeen) + blockFor > now.getTime()),
      suppressions,
      ...(beyond === undefined ? {} : { beyond }),
      ...(contested === undefined ? {} : { contested }),
      notices,
      history,
      denies: denies > 0 ? addToWindow(ledger.denies, now, denies, days(1)) : ledger.denies,
      writes: writes > 0 ? addToWindow(ledger.writes, now, writes, hours(1)) : ledger.writes,
    },
    now,
  );
};

/** What became of the EC2 write for one slot. */
export type Settlement =
  /** EC2 has the entry. `vanished`: EC2 made it anew, so it had really gone. */
  | { readonly kind: 'active'; readonly vanished?: true }
  /** EC2 has nothing of ours under this rule number. */
  | { readonly kind: 'removed' }
  /** It certainly did not take place: the slot is as it was before, or gone if it was new. */
  | { readonly kind: 'undone'; readonly before?: Slot; readonly unplaced?: Unplaced }
  /** Nobody knows: the slot stays claimed, and a sweep settles it after its lease. */
  | { readonly kind: 'unknown' };

/** The ledger with the outcomes of `owner`'s writes; slots that are no longer the owner's are left alone. Pure. */
export const settleLedger = (
  ledger: Ledger,
  owner: string,
  settlements: ReadonlyMap<number, Settlement>,
  now: Date,
): Ledger => {
  const noted: Unplaced[] = [];
  const released: number[] = [];
  const kept: Slot[] = [];
  let { vanishings, history } = ledger;
  const slots = ledger.slots.flatMap((slot): Slot[] => {
    const settlement = settlements.get(slot.ruleNumber);
    if (settlement === undefined || settlement.kind === 'unknown' || slot.lease?.owner !== owner) return [slot];
    if (settlement.kind === 'removed') {
      released.push(slot.ruleNumber);
      if (hasRunOut(slot, now)) history = withPastBlock(history, slot.cidr, now);
      return [];
    }
    if (settlement.kind === 'undone') {
      if (settlement.unplaced) noted.push(settlement.unplaced);
      if (settlement.before === undefined) return [];
      kept.push(settlement.before);
      return [settlement.before];
    }
    if (settlement.vanished) vanishings = withVanishing(vanishings, slot.cidr, now);
    const { lease: _, ...settled } = slot;
    return [{ ...settled, status: 'active', writtenAt: now.toISOString() }];
  });
  // Who was to be evicted and was not has its place again.
  const others = ledger.unplaced.filter(
    (entry) => !(entry.reason === 'evicted' && kept.some((slot) => covers(slot, entry))),
  );
  const unplaced = noted.reduce(withUnplaced, others);
  const notices =
    released.length === 0 ? ledger.notices : withNotice(ledger.notices, releasedNotice(ledger.notices, released, now));
  return fit({ ...ledger, slots, unplaced, vanishings, history, notices }, now);
};
