import { addToWindow, hours } from '@remedykit/core';
import { type EntryStep, writesEc2 } from './entry-plan.ts';
import { type Ledger, maxLedgerBytes, maxUnplaced, type Slot, sameMatch, type Unplaced } from './ledger.ts';

/** At most this many suppressions per ledger; the control document of the account holds them all. */
const maxSuppressions = 20;

/** The ledger as it is stored before the effects of `steps`: every slot about to be written in EC2 is marked as such. Pure. */
export const claimLedger = (ledger: Ledger, steps: readonly EntryStep[], now: Date, blockFor: number): Ledger => {
  const slots = new Map(ledger.slots.map((slot) => [slot.ruleNumber, slot]));
  let unplaced: readonly Unplaced[] = ledger.unplaced;
  let suppressions = ledger.suppressions.filter(({ until }) => Date.parse(until) > now.getTime());
  for (const step of steps) {
    if (step.action === 'drop-slot') slots.delete(step.slot.ruleNumber);
    else if (step.action === 'suppress') suppressions = [step.suppression, ...suppressions];
    else if (step.action === 'note-unplaced') {
      unplaced = [step.unplaced, ...unplaced.filter((entry) => !sameMatch(entry, step.unplaced))];
    } else {
      slots.set(step.slot.ruleNumber, step.slot);
      unplaced = unplaced.filter((entry) => !sameMatch(entry, step.slot));
    }
  }
  const writes = steps.filter(writesEc2).length;
  return fit({
    ...ledger,
    slots: [...slots.values()].toSorted((a, b) => a.ruleNumber - b.ruleNumber),
    unplaced: unplaced.filter(({ lastSeen }) => Date.parse(lastSeen) + blockFor > now.getTime()),
    suppressions: suppressions.slice(0, maxSuppressions),
    writes: writes > 0 ? addToWindow(ledger.writes, now, writes, hours(1)) : ledger.writes,
  });
};

/** Keeps the list of addresses without room, and so the document, within bounds; who is left out is counted. */
const fit = (ledger: Ledger): Ledger => {
  const ranked = ledger.unplaced.toSorted(
    (a, b) => b.severity - a.severity || Date.parse(b.lastSeen) - Date.parse(a.lastSeen),
  );
  const kept = ranked.slice(0, maxUnplaced);
  while (kept.length > 0 && Buffer.byteLength(JSON.stringify({ ...ledger, unplaced: kept })) > maxLedgerBytes)
    kept.pop();
  const unplacedOmitted = ledger.unplacedOmitted + ledger.unplaced.length - kept.length;
  return { ...ledger, unplaced: kept, unplacedOmitted: ledger.unplaced.length === 0 ? 0 : unplacedOmitted };
};

/** What became of the EC2 write for one slot. */
export type Settlement =
  /** EC2 has the entry. */
  | { readonly kind: 'active' }
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
  const slots = ledger.slots.flatMap((slot): Slot[] => {
    const settlement = settlements.get(slot.ruleNumber);
    if (settlement === undefined || settlement.kind === 'unknown' || slot.lease?.owner !== owner) return [slot];
    if (settlement.kind === 'removed') return [];
    if (settlement.kind === 'undone') {
      if (settlement.unplaced) noted.push(settlement.unplaced);
      return settlement.before ? [settlement.before] : [];
    }
    const { lease: _, ...settled } = slot;
    return [{ ...settled, status: 'active', writtenAt: now.toISOString() }];
  });
  const unplaced = [...noted, ...ledger.unplaced.filter((entry) => !noted.some((other) => sameMatch(other, entry)))];
  return fit({ ...ledger, slots, unplaced });
};
