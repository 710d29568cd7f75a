import { addToWindow, days, hours, type Suppression } from '@remedykit/core';
import { type EntryStep, isNewDeny, writesEc2 } from '../entries/entry-plan.ts';
import { floodPrefix } from '../entries/flood.ts';
import { compareRank, type Standing } from '../entries/rank.ts';
import { withVanishing } from './contest.ts';
import { hasRunOut, withPastBlock } from './history.ts';
import {
  type Contest,
  covers,
  type Ledger,
  letGoPrefix,
  maxLedgerBytes,
  maxUnplaced,
  type Notice,
  orphansPrefix,
  releasedPrefix,
  type Slot,
  sameMatch,
  type Unplaced,
} from './ledger.ts';
import { releasedNotice } from './released.ts';

/** At most this many suppressions per ledger: more than it can have slots, since a person may unblock them all at once. */
const maxSuppressions = 100;

/** At most this many notices per ledger, of at most so many characters: the orphans of two full quotas fit into one. */
const maxNotices = 32;
const maxAbout = 640;

/** The notices with one more; an earlier one about the same goes. */
const withNotice = (notices: readonly Notice[], notice: Notice): readonly Notice[] =>
  [
    { ...notice, about: notice.about.slice(0, maxAbout) },
    ...notices.filter((other) => !isSameMatter(other, notice)),
  ].slice(0, maxNotices);

/** Of all summaries of a flood the latest stands, and of all lists of orphans and of what was taken out. */
const isSameMatter = (a: Notice, b: Notice): boolean =>
  a.about === b.about ||
  [floodPrefix, orphansPrefix, releasedPrefix, letGoPrefix].some(
    (prefix) => a.about.startsWith(prefix) && b.about.startsWith(prefix),
  );

/** Bounded, whatever it says. */
const shortContest = ({ since, until, because }: Contest): Contest => ({
  since,
  until,
  because: because.slice(0, 200),
});

const withUnplaced = (unplaced: readonly Unplaced[], added: Unplaced): readonly Unplaced[] => [
  added,
  ...unplaced.filter((entry) => !sameMatch(entry, added)),
];

/** What people wrote, cut: the control document and the audit record hold it whole. */
const shortened = ({ cidr, reason, requestedBy, until }: Suppression): Suppression => ({
  cidr,
  reason: reason.slice(0, 80),
  requestedBy: requestedBy.slice(0, 40),
  // Years beyond 9999 are written in another form.
  until: until.startsWith('+') ? '9999-12-31T23:59:59.999Z' : until,
});

/** The ledger as it is stored before the effects of `steps`: every slot about to be written in EC2 is marked as such. Pure. */
export const claimLedger = (
  { contested: quarrel, ...ledger }: Ledger,
  steps: readonly EntryStep[],
  now: Date,
  blockFor: number,
): Ledger => {
  const slots = new Map(ledger.slots.map((slot) => [slot.ruleNumber, slot]));
  let unplaced: readonly Unplaced[] = ledger.unplaced;
  let suppressions = ledger.suppressions.filter(({ until }) => Date.parse(until) > now.getTime());
  let { notices, history } = ledger;
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
    } else {
      // One that begins anew had run out before.
      const before = slots.get(step.slot.ruleNumber);
      const beginsAnew = before?.cidr === step.slot.cidr && before.firstBlockedAt !== step.slot.firstBlockedAt;
      if (before && beginsAnew && hasRunOut(before, now)) history = withPastBlock(history, before.cidr, now);
      slots.set(step.slot.ruleNumber, step.slot);
      unplaced = unplaced.filter((entry) => !covers(step.slot, entry));
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
      suppressions: suppressions.slice(0, maxSuppressions),
      ...(contested === undefined ? {} : { contested }),
      notices,
      history,
      denies: denies > 0 ? addToWindow(ledger.denies, now, denies, days(1)) : ledger.denies,
      writes: writes > 0 ? addToWindow(ledger.writes, now, writes, hours(1)) : ledger.writes,
    },
    now,
  );
};

/**
 * Keeps the document within bounds: what is known besides goes first, then addresses without room (who is left out is
 * counted), then the suppressions that were written first. Slots always fit.
 */
const fit = (ledger: Ledger, now: Date): Ledger => {
  const unplaced = ledger.unplaced
    .toSorted((a, b) => compareRank(standing(b), standing(a), now) || Date.parse(b.lastSeen) - Date.parse(a.lastSeen))
    .slice(0, maxUnplaced);
  const suppressions = [...ledger.suppressions];
  const history = [...ledger.history];
  let { slots } = ledger;
  const isTooLarge = () =>
    Buffer.byteLength(JSON.stringify({ ...ledger, slots, unplaced, suppressions, history })) >
    maxLedgerBytes - spareBytes;
  if (isTooLarge()) slots = slots.map((slot) => ({ ...slot, findingIds: slot.findingIds.slice(0, 1) }));
  while (history.length > 0 && isTooLarge()) history.pop();
  while (unplaced.length > 0 && isTooLarge()) unplaced.pop();
  if (isTooLarge()) slots = slots.map(withoutPast);
  if (isTooLarge()) slots = slots.map(inShort);
  while (suppressions.length > 0 && isTooLarge()) suppressions.pop();
  const omitted = ledger.unplacedOmitted + ledger.unplaced.length - unplaced.length;
  const unplacedOmitted = ledger.unplaced.length === 0 ? 0 : omitted;
  return { ...ledger, slots, unplaced, suppressions, history, unplacedOmitted };
};

/** No finding type that leads to a deny is longer. */
const shortTypeLength = 60;

const inShort = (slot: Slot): Slot => {
  const { replaced } = slot;
  const findingType = slot.findingType.slice(0, shortTypeLength);
  if (replaced === undefined) return { ...slot, findingIds: [], findingType };
  const former = { ...replaced, findingType: replaced.findingType.slice(0, shortTypeLength) };
  return { ...slot, findingIds: [], findingType, replaced: former };
};

/** Whose place it took is needed only until that is settled; then only a second delivery would tell it again. */
const withoutPast = (slot: Slot): Slot => {
  if (slot.status !== 'active') return slot;
  const { replaced: _, ...rest } = slot;
  return rest;
};

/** What is listed is not known to be faint. */
const standing = (entry: Unplaced): Standing => ({ ...entry, findingType: '', spoofable: false });

/** For the counter, which grows when something is left out. */
const spareBytes = 16;

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
