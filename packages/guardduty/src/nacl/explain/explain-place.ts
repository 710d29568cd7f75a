import { hours, remainingWithin } from '@remedykit/core';
import { overlaps } from '../../gate/cidr.ts';
import { type Ledger, shortId } from '../ledger/ledger.ts';
import type { AuditQuery, ExplainedPlace } from './explanation.ts';
import { contestSentence, floodSentence, historySentence, slotSentence, unplacedSentence } from './sentences.ts';

/**
 * What one ledger says about an address or a finding; undefined: nothing that bears on it. A contest and a flood bear on
 * every address. Pure.
 */
export const explainPlace = (
  ledger: Ledger,
  { cidr, findingId }: AuditQuery,
  entryWritesPerHour: number,
  now: Date,
): ExplainedPlace | undefined => {
  const { accountId, region, networkAclId, direction } = ledger;
  const id = findingId === undefined ? undefined : shortId(findingId);
  const isAbout = (one: { readonly cidr: string }, findings: readonly string[]): boolean =>
    (cidr !== undefined && overlaps(cidr, one.cidr)) ||
    // The event of an administrator's copy is named after both.
    (id !== undefined && findings.some((finding) => finding === id || finding.startsWith(`${id}@`)));
  const slots = ledger.slots.filter((slot) => isAbout(slot, [...slot.findingIds, slot.madeBy.findingId]));
  const unplaced = ledger.unplaced.filter((entry) => isAbout(entry, [entry.findingId]));
  // A finding is about the addresses that it was seen with here.
  const cidrs = [...(cidr === undefined ? [] : [cidr]), ...[...slots, ...unplaced].map((one) => one.cidr)];
  const touches = (one: { readonly cidr: string }): boolean => cidrs.some((other) => overlaps(other, one.cidr));
  const suppressions = ledger.suppressions.filter((one) => Date.parse(one.until) > now.getTime() && touches(one));
  const history = ledger.history.filter(touches);
  const vanishings = ledger.vanishings.filter(touches);
  const contested =
    ledger.contested && Date.parse(ledger.contested.until) > now.getTime() ? ledger.contested : undefined;
  const flood = remainingWithin(ledger.writes, entryWritesPerHour, now, hours(1)) === 0;
  const bears = [slots, unplaced, suppressions, history, vanishings].some(({ length }) => length > 0);
  if (!bears && contested === undefined && !flood) return undefined;
  const place = { accountId, region, networkAclId, direction };
  return {
    ...place,
    slots,
    unplaced,
    unplacedOmitted: ledger.unplacedOmitted,
    suppressions,
    history,
    vanishings,
    ...(contested ? { contested } : {}),
    flood,
    sentences: [
      ...slots.map((slot) => slotSentence(place, slot)),
      ...unplaced.map((entry) => unplacedSentence(place, entry)),
      ...suppressions.map(
        (one) =>
          `${networkAclId}, ${direction}: ${one.requestedBy} unblocked ${one.cidr} until ${one.until}: ${one.reason}`,
      ),
      ...history.map((one) => historySentence(place, one)),
      ...vanishings.map(
        (one) => `${networkAclId}, ${direction}: the deny of ${one.cidr} had vanished and was put back at ${one.at}.`,
      ),
      ...(contested ? [contestSentence(place, contested)] : []),
      ...(flood ? [floodSentence(place)] : []),
    ],
  };
};
