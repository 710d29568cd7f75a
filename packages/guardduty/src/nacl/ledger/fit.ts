import { compareRank, type Standing } from '../entries/rank.ts';
import { countOf, numberAlone, withCounted } from './beyond.ts';
import { type Ledger, maxLedgerBytes, maxUnplaced, type Unplaced } from './ledger.ts';
import { barely, inShort, withoutPast } from './room.ts';

/** Vanishings that are kept where there is little room. */
const fewVanishings = 8;

/** For the counter, which grows when something is left out. */
const spareBytes = 16;

/** What is listed is not known to be faint. */
const standing = (entry: Unplaced): Standing => ({ ...entry, findingType: '', spoofable: false });

const isTooLarge = (ledger: Ledger): boolean => Buffer.byteLength(JSON.stringify(ledger)) > maxLedgerBytes - spareBytes;

const withoutHistory = (ledger: Ledger): Ledger => {
  let short = ledger;
  while (short.history.length > 0 && isTooLarge(short)) short = { ...short, history: short.history.slice(0, -1) };
  return short;
};

const withoutUnplaced = (ledger: Ledger, now: Date): Ledger => {
  let short = ledger;
  while (short.unplaced.length > 0 && isTooLarge(short)) short = listed(short, short.unplaced.length - 1, now);
  return short;
};

/** What goes where there is too little room, the least important first. Slots and suppressions stay: the doors in room.ts see to it that they fit. */
const cuts: readonly ((ledger: Ledger, now: Date) => Ledger)[] = [
  (ledger) => ({
    ...ledger,
    slots: ledger.slots.map((slot) => ({ ...slot, findingIds: slot.findingIds.slice(0, 1) })),
  }),
  withoutHistory,
  withoutUnplaced,
  (ledger) => ({ ...ledger, slots: ledger.slots.map(withoutPast) }),
  (ledger) => ({ ...ledger, slots: ledger.slots.map(inShort) }),
  (ledger) => ({ ...ledger, vanishings: ledger.vanishings.slice(0, fewVanishings) }),
  (ledger) => ({ ...ledger, suppressions: ledger.suppressions.map(barely) }),
  ({ beyond, ...ledger }) => ({ ...ledger, ...(beyond ? { beyond: numberAlone(beyond) } : {}) }),
];

/** Keeps the document within bounds. Whoever is left off the list of those without room is counted. Pure. */
export const fit = (ledger: Ledger, now: Date): Ledger => {
  const ranked = ledger.unplaced.toSorted(
    (a, b) => compareRank(standing(b), standing(a), now) || Date.parse(b.lastSeen) - Date.parse(a.lastSeen),
  );
  let fitting = listed({ ...ledger, unplaced: ranked }, maxUnplaced, now);
  for (const cut of cuts) if (isTooLarge(fitting)) fitting = cut(fitting, now);
  return fitting;
};

/** The first so many of those without room are listed; who is left off the list is counted. */
const listed = (ledger: Ledger, length: number, now: Date): Ledger => {
  const unplaced = ledger.unplaced.slice(0, length);
  const gone = ledger.unplaced.slice(length).map(({ cidr }) => cidr);
  const unlisted = gone.filter((cidr) => !unplaced.some((entry) => entry.cidr === cidr));
  const { beyond: known, ...rest } = ledger;
  const beyond = unlisted.length === 0 ? known : withCounted(known, unlisted, now, Number.POSITIVE_INFINITY);
  return { ...rest, unplaced, ...(beyond ? { beyond } : {}), unplacedOmitted: countOf(beyond) };
};
