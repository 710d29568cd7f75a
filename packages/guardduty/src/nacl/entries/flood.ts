import { addTo, minutes, type Reason } from '@remedykit/core';
import { floodPrefix, type Ledger, type Notice, sameMatch, type Unplaced } from '../ledger/ledger.ts';
import { retriedWithin } from '../policy.ts';
import type { DenyRequest } from './entries-facts.ts';
import type { NoteStep, Placement } from './entry-plan.ts';
import type { At, Placed } from './placed.ts';
import { eventId } from './sighting.ts';
import { countUnplaced, hasRoomFor, noteUnplaced } from './unplaced.ts';

/** Who is not denied because of a flood, told together. */
export interface FloodSummary {
  readonly cidrs: readonly string[];
  /** How many more are not denied, and not listed. */
  readonly omitted: number;
}

/** One summary in this time, ms. */
const summaryEvery = minutes(15);

const latestNotice = ({ notices }: Pick<Ledger, 'notices'>): Notice | undefined =>
  notices.find(({ about }) => about.startsWith(floodPrefix));

const isTold = ({ since }: Unplaced, notice: Notice | undefined): boolean =>
  notice !== undefined && Date.parse(since) <= Date.parse(notice.at);

const isTime = (notice: Notice | undefined, now: Date): boolean =>
  notice === undefined || addTo(notice.at, summaryEvery) <= now.toISOString();

const flooded = ({ unplaced }: Pick<Ledger, 'unplaced'>): readonly Unplaced[] =>
  unplaced.filter(({ reason }) => reason === 'flood');

/** Everybody listed whom a flood leaves without a deny. Pure. */
const summaryOf = (ledger: Pick<Ledger, 'unplaced' | 'unplacedOmitted'>, others: readonly string[]): FloodSummary => ({
  cidrs: [...new Set([...others, ...flooded(ledger).map(({ cidr }) => cidr)])],
  omitted: ledger.unplacedOmitted,
});

/**
 * The summary that upkeep has to tell: some are listed since the latest one, which is 15 minutes old. The step keeps that it
 * was told. Pure.
 */
export const dueFloodSummary = (
  ledger: Ledger,
  now: Date,
): { readonly summary: FloodSummary; readonly step: NoteStep } | undefined => {
  const notice = latestNotice(ledger);
  const isDue = isTime(notice, now) && flooded(ledger).some((entry) => !isTold(entry, notice));
  return isDue || isRepeated(notice, now)
    ? { summary: summaryOf(ledger, []), step: noteFlood(byUpkeep, latest(ledger, now)) }
    : undefined;
};

/** Not before any of those whom the summary tells of was listed, by whatever clock. */
const latest = (ledger: Pick<Ledger, 'unplaced'>, now: Date): Date =>
  new Date(Math.max(now.getTime(), ...flooded(ledger).map(({ since }) => Date.parse(since))));

const byUpkeep = 'upkeep';

const isRepeated = (notice: Notice | undefined, now: Date): boolean =>
  notice?.about === `${floodPrefix}${byUpkeep}` && now.getTime() - Date.parse(notice.at) < retriedWithin;

/** What people have to know of a flood. */
export const floodSentence = ({ cidrs, omitted }: FloodSummary): string => {
  const count = cidrs.length + omitted;
  const more = omitted > 0 ? ` and ${omitted} more` : '';
  return `${count === 1 ? '1 address is' : `${count} addresses are`} not denied there because of a flood: ${cidrs.join(', ')}${more}. Close the exposed port; VPC Block Public Access is the emergency brake.`;
};

const noteFlood = (by: string, now: Date): NoteStep => ({
  id: 'note/flood',
  action: 'note',
  reason: 'flood',
  because: 'People are told who is not denied, and not again for 15 minutes.',
  precondition: null,
  notice: { about: `${floodPrefix}${by}`, at: now.toISOString() },
});

/** One wanted deny that a flood forbids. */
export interface FloodedDeny {
  readonly at: At;
  readonly request: DenyRequest;
  readonly why: Reason;
}

/**
 * Lists those whom a flood leaves without a deny. At most once in 15 minutes one event carries the summary of all of them,
 * and carries it again when it is delivered again; the others are told with a later one, or by upkeep. Pure.
 */
export const placeFlooded = (
  denies: readonly FloodedDeny[],
  ledger: Ledger,
  now: Date,
): { readonly placed: readonly Placed[]; readonly note?: NoteStep } => {
  const notice = latestNotice(ledger);
  // Listed after the summary, whatever this worker's clock says.
  const isBehind = notice !== undefined && now.getTime() <= Date.parse(notice.at);
  const listedAt = isBehind ? new Date(Date.parse(notice.at) + 1) : now;
  let note: NoteStep | undefined;
  const placed = denies.map(({ at, request, why }): Placed => {
    const by = `${eventId(request)}/${request.lastSeen}`;
    const listed = flooded(ledger).find((entry) => sameMatch(entry, at.match));
    const placement: Placement = { ...at, result: 'unplaced', ...why, news: false };
    const summary = {
      news: true,
      flood: summaryOf(
        ledger,
        denies.map((deny) => deny.at.match.cidr),
      ),
    };
    if (notice?.about === `${floodPrefix}${by}`) return { placement: { ...placement, ...summary } };
    if (listed && isTold(listed, notice)) return { placement };
    if (!listed && !hasRoomFor(request, ledger)) {
      const step = countUnplaced(at.match, ledger, why, now);
      const counted: Placement = { ...placement, unlisted: true };
      return step ? { placement: counted, step } : { placement: counted };
    }
    if (note === undefined && isTime(notice, now)) note = noteFlood(by, latest(ledger, now));
    else return listed ? { placement } : { placement, step: noteUnplaced(at.match, request, why, listedAt) };
    return { placement: { ...placement, ...summary }, step: noteUnplaced(at.match, request, why, now) };
  });
  return note === undefined ? { placed } : { placed, note };
};
