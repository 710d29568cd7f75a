import type { Reason } from '@remedykit/core';
import { type Contest, type Ledger, type Match, sameMatch } from '../ledger/ledger.ts';
import type { DenyRequest } from './entries-facts.ts';
import type { NoteUnplacedStep, Placement } from './entry-plan.ts';
import type { At, Placed } from './placed.ts';
import { eventId, isMadeBy } from './sighting.ts';

/**
 * An address that should be denied and is not, listed so that people are told once and not at every sighting; the event
 * that is told is told again when it is delivered again.
 */
export const notPlaced = (
  at: At,
  request: DenyRequest,
  ledger: Pick<Ledger, 'unplaced'>,
  now: Date,
  why: Reason,
  result: Extract<Placement['result'], 'unplaced' | 'ineffective' | 'refused'> = 'unplaced',
): Placed => {
  const { reason, because } = why;
  const listed = ledger.unplaced.find((entry) => sameMatch(entry, at.match));
  const toldBefore = listed !== undefined && listed.reason === reason;
  const news = !toldBefore || isMadeBy(listed, request);
  const placement: Placement = { ...at, result, reason, because, news };
  return toldBefore ? { placement } : { placement, step: noteUnplaced(at.match, request, why, now) };
};

/** The step that lists an address which is not denied. */
export const noteUnplaced = (
  match: Match,
  request: Pick<DenyRequest, 'findingId' | 'copyIn' | 'severity' | 'lastSeen'>,
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
    severity: request.severity,
    sightings: 1,
    lastSeen: request.lastSeen,
    since: now.toISOString(),
  },
});

/** Why nothing new is written into a contested network ACL. */
export const contestedReason = ({ until, because }: Contest): Reason => ({
  reason: 'contested',
  because: `Somebody takes our denies out of this network ACL, so nothing is written there until ${until}. ${because}`,
});
