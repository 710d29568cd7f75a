import { toInstant } from '@remedykit/core';
import { plain, type Slot, shortId } from '../ledger/ledger.ts';
import type { BlockerPolicy } from '../policy.ts';
import type { DenyRequest } from './entries-facts.ts';
import { isBlackHole, sightingsWith } from './rank.ts';

export const isOver = ({ expiresAt }: Slot, now: Date): boolean => Date.parse(expiresAt) <= now.getTime();

/** The event whose delivery makes an entry; it is told about it, also when it is delivered again. */
export const madeBy = (request: DenyRequest): Slot['madeBy'] => ({
  findingId: eventId(request),
  lastSeen: request.lastSeen,
});

/** The finding, and whose copy of it: the administrator's event is not told what the member's was, nor the reverse. */
export const eventId = ({ findingId, copyIn }: Pick<DenyRequest, 'findingId' | 'copyIn'>): string =>
  shortId(copyIn === undefined ? findingId : `${findingId}@${copyIn}`);

export const isMadeBy = (event: Slot['madeBy'], request: DenyRequest): boolean =>
  event.findingId === eventId(request) && event.lastSeen === request.lastSeen;

/** The slot after one more sighting: it holds until the later end, but never beyond `maxBlockFor` after the first block. */
export const sighted = (slot: Slot, request: DenyRequest, policy: BlockerPolicy): Slot => {
  const end = Date.parse(slot.expiresAt);
  const latest = Date.parse(slot.firstBlockedAt) + policy.maxBlockFor;
  const expiresAt = Math.max(end, Math.min(Date.parse(request.expiresAt), latest));
  const known = slot.findingIds.includes(shortId(request.findingId));
  return {
    ...slot,
    expiresAt: toInstant(new Date(expiresAt)),
    lastSeen: toInstant(new Date(Math.max(Date.parse(slot.lastSeen), Date.parse(request.lastSeen)))),
    severity: Math.max(slot.severity, shortSeverity(request.severity)),
    hits: slot.hits + 1,
    sightings: sightingsWith({ ...slot, since: firstSeen(slot) }, request),
    findingType: isBlackHole(slot.findingType) ? shortType(request.findingType) : slot.findingType,
    spoofable: slot.spoofable && request.spoofable,
    findingIds: known ? slot.findingIds : [shortId(request.findingId), ...slot.findingIds].slice(0, 5),
  };
};

/** The first sighting that the slot counts. */
const firstSeen = ({ firstBlockedAt, madeBy }: Slot): string =>
  Date.parse(madeBy.lastSeen) < Date.parse(firstBlockedAt) ? madeBy.lastSeen : firstBlockedAt;

/** The longest type that GuardDuty has is shorter; what a ledger holds is bounded. */
export const shortType = (type: string): string => plain(type, 100);

/** To hundredths: what a ledger holds is bounded. */
export const shortSeverity = (severity: number): number => Math.round(severity * 100) / 100;
