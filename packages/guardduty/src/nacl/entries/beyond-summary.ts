import { addTo, minutes } from '@remedykit/core';
import { countOf, isCounted } from '../ledger/beyond.ts';
import { type Beyond, beyondPrefix, floodPrefix, type Ledger, maxUnplaced, type Notice } from '../ledger/ledger.ts';
import { retriedWithin } from '../policy.ts';
import type { DenyRequest, EntriesFacts } from './entries-facts.ts';
import type { EntriesPlan, NoteStep, Placement } from './entry-plan.ts';
import { eventId } from './sighting.ts';

/** One summary in this time, ms. */
const summaryEvery = minutes(15);

type Told = Pick<Ledger, 'beyond' | 'notices'>;

const latest = (ledger: Told, ...prefixes: readonly string[]): Notice | undefined =>
  ledger.notices
    .filter(({ about }) => prefixes.some((prefix) => about.startsWith(prefix)))
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];

/** The summary of a flood has the count in it. */
const latestSummary = (ledger: Told): Notice | undefined => latest(ledger, beyondPrefix, floodPrefix);

/** True when people know of everybody who is counted. Pure. */
export const isToldBeyond = (ledger: Told): boolean => {
  const notice = latestSummary(ledger);
  return ledger.beyond === undefined || (notice !== undefined && ledger.beyond.changedAt <= notice.at);
};

const isTime = (ledger: Told, now: Date): boolean => {
  const notice = latestSummary(ledger);
  return notice === undefined || addTo(notice.at, summaryEvery) <= now.toISOString();
};

/** When an address is counted: after the summary that does not tell of it, whatever this worker's clock says. Pure. */
export const beyondAt = (ledger: Told, now: Date): string => {
  const notice = latestSummary(ledger);
  return notice !== undefined && now.toISOString() <= notice.at ? addTo(notice.at, 1) : now.toISOString();
};

/** What people have to know of who is neither denied nor listed. Pure. */
export const beyondSentence = (addresses: number, since: string, more: boolean): string => {
  const count = more ? `More than ${addresses}` : `${addresses}`;
  const who = addresses === 1 && !more ? 'address beyond' : 'addresses beyond';
  return `${count} ${who} the ${maxUnplaced} that are listed had no place here since ${since} and ${addresses === 1 && !more ? 'is' : 'are'} NOT denied either; they are counted, not named, and the next summary comes in 15 minutes at the earliest.`;
};

const noteBeyond = (by: string, at: Date): NoteStep => ({
  id: 'note/beyond',
  action: 'note',
  reason: 'beyond-list',
  because: 'People are told how many are neither denied nor listed, and not again for 15 minutes.',
  precondition: null,
  notice: { about: `${beyondPrefix}${by}`, at: at.toISOString() },
});

const byUpkeep = 'upkeep';

const noEarlier = (beyond: Beyond | undefined, now: Date): Date =>
  new Date(Math.max(now.getTime(), beyond ? Date.parse(beyond.changedAt) : 0));

/**
 * The count that upkeep has to tell: somebody was counted since the latest summary, which is 15 minutes old. The step keeps
 * that it was told. Pure.
 */
export const dueBeyondSummary = (
  ledger: Ledger,
  now: Date,
): { readonly because: string; readonly step: NoteStep } | undefined => {
  const { beyond } = ledger;
  if (beyond === undefined) return undefined;
  const notice = latest(ledger, beyondPrefix);
  const isRetry =
    notice?.about === `${beyondPrefix}${byUpkeep}` && now.getTime() - Date.parse(notice.at) < retriedWithin;
  if (!isRetry && (isToldBeyond(ledger) || !isTime(ledger, now))) return undefined;
  const because = beyondSentence(countOf(beyond), beyond.since, beyond.more === true);
  return { because, step: noteBeyond(byUpkeep, noEarlier(beyond, now)) };
};

/**
 * Lets one event of the plan carry the count of who is neither denied nor listed, at most once in 15 minutes, and again when
 * it is delivered again; the others are told with a later one, or by upkeep. Pure.
 */
export const tellBeyond = (plan: EntriesPlan, { ledger, requests }: EntriesFacts, now: Date): EntriesPlan => {
  if (!plan.placements.some(({ unlisted }) => unlisted)) return plan;
  const counted = plan.steps.flatMap((step) => (step.action === 'count-unplaced' ? [step.cidr] : []));
  const added = new Set(counted.filter((cidr) => !isCounted(ledger, cidr))).size;
  const { beyond } = ledger;
  const isDue =
    (counted.length > 0 || !isToldBeyond(ledger)) &&
    isTime(ledger, now) &&
    // The summary of a flood tells it as well.
    !plan.steps.some(({ id }) => id === 'note/flood');
  const told = latest(ledger, beyondPrefix)?.about;
  let note: NoteStep | undefined;
  const placements = plan.placements.map((placement): Placement => {
    const request = placement.unlisted && requests.find(({ denyId }) => denyId === placement.denyId);
    if (!request) return placement;
    const by = eventKey(request);
    const isAgain = told === `${beyondPrefix}${by}`;
    if (!isAgain && (note !== undefined || !isDue)) return placement;
    if (!isAgain) note = noteBeyond(by, noEarlier(beyond, now));
    const more = beyond?.more === true;
    const sentence = beyondSentence(countOf(beyond) + (more ? 0 : added), beyond?.since ?? now.toISOString(), more);
    return { ...placement, because: `${placement.because} ${sentence}`, news: true };
  });
  return { ...plan, steps: note ? [...plan.steps, note] : plan.steps, placements };
};

const eventKey = (request: DenyRequest): string => `${eventId(request)}/${request.lastSeen}`;
