import type { Reason } from '@remedykit/core';
import { isCounted, isCountedOut } from '../ledger/beyond.ts';
import { type Contest, type Ledger, type Match, maxUnplaced, sameMatch } from '../ledger/ledger.ts';
import { beyondAt, isToldBeyond } from './beyond-summary.ts';
import type { DenyRequest } from './entries-facts.ts';
import type { CountUnplacedStep, NoteUnplacedStep, Placement } from './entry-plan.ts';
import type { At, Placed } from './placed.ts';
import { isPersistent } from './rank.ts';
import { eventId, isMadeBy, shortSeverity } from './sighting.ts';

/** What a ledger knows of who has no room. */
export type Listing = Pick<Ledger, 'unplaced' | 'beyond' | 'notices'>;

/**
 * An address that should be denied and is not, listed so that people are told once and not at every sighting; the event
 * that is told is told again when it is delivered again. Where the list is full it is counted, and told with the count.
 */
export const notPlaced = (
  at: At,
  request: DenyRequest,
  ledger: Listing,
  now: Date,
  why: Reason,
  result: Extract<Placement['result'], 'unplaced' | 'ineffective' | 'refused'> = 'unplaced',
): Placed => {
  const { reason, because } = why;
  const listed = ledger.unplaced.find((entry) => sameMatch(entry, at.match));
  if (listed === undefined && !hasRoomFor(request, ledger)) {
    const step = countUnplaced(at.match, ledger, why, now);
    const placement: Placement = { ...at, result, reason, because, unlisted: true, news: false };
    return step ? { placement, step } : { placement };
  }
  const toldBefore = listed !== undefined && listed.reason === reason;
  const news = !toldBefore || isMadeBy(listed, request);
  const placement: Placement = { ...at, result, reason, because, news };
  return toldBefore ? { placement } : { placement, step: noteUnplaced(at.match, request, why, now) };
};

/**
 * Whether an address comes onto the list. Onto a full one only who persists does, in place of one that was seen once: by
 * recency they would take turns for ever, for nothing is written when who is listed is seen again. Pure.
 */
export const hasRoomFor = (
  { sightings = 1 }: Pick<DenyRequest, 'sightings'>,
  { unplaced }: Pick<Ledger, 'unplaced'>,
): boolean =>
  unplaced.length < maxUnplaced || (isPersistent({ sightings }) && unplaced.some((entry) => !isPersistent(entry)));

/** The step that counts an address which is neither denied nor listed; undefined: it is counted. */
export const countUnplaced = (
  { cidr }: Pick<Match, 'cidr'>,
  ledger: Listing,
  { reason, because }: Reason,
  now: Date,
): CountUnplacedStep | undefined => {
  // Of more than can be told apart nobody knows which are new; that some were seen is told with the next summary.
  if (isCounted(ledger, cidr) || (isCountedOut(ledger) && !isToldBeyond(ledger))) return undefined;
  const at = beyondAt(ledger, now);
  return { id: `count-unplaced/${cidr}`, action: 'count-unplaced', reason, because, precondition: null, cidr, at };
};

/** The step that lists an address which is not denied. */
export const noteUnplaced = (
  match: Match,
  request: Pick<DenyRequest, 'findingId' | 'copyIn' | 'severity' | 'lastSeen' | 'sightings'>,
  { reason, because }: Reason,
  now: Date,
): NoteUnplacedStep => ({
  id: `note-unplaced/${match.cidr}/${match.protocol}/${match.ports?.from ?? 'all'}`,
  action: 'note-unplaced',
  reason,
  because,
  precondition: null,
  unplaced: {
    ...match,
    reason,
    findingId: eventId(request),
    severity: shortSeverity(request.severity),
    sightings: request.sightings ?? 1,
    lastSeen: request.lastSeen,
    since: now.toISOString(),
  },
});

/** Why nothing new is written into a contested network ACL. */
export const contestedReason = ({ until, because }: Contest): Reason => ({
  reason: 'contested',
  because: `Somebody takes our denies out of this network ACL, so nothing is written there until ${until}. ${because}`,
});
