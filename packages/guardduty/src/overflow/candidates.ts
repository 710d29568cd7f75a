import { type Reason, type StepOutcome, summarizeError } from '@remedykit/core';
import { familyOf } from '../gate/cidr.ts';
import type { PlacedDeny } from '../nacl/block/placed-deny.ts';
import type { Place } from '../nacl/block/places.ts';
import type { DenyRequest } from '../nacl/entries/entries-facts.ts';
import type { Placement } from '../nacl/entries/entry-plan.ts';
import type { Match } from '../nacl/ledger/ledger.ts';
import type { HandedOver } from './handed-over.ts';
import type { OverflowBlocker, OverflowTarget, OverflowThreat } from './overflow-blocker.ts';

/** A deny that has no place in a network ACL. */
export interface Homeless extends Reason {
  readonly whose: HandedOver['whose'];
  readonly threat: OverflowThreat;
  readonly expiresAt: string;
}

/** Why a deny has no place that somebody else could give it; any other reason is a matter for people. */
const noPlaceFor: ReadonlySet<string> = new Set(['quota', 'no-rule-number', 'flood', 'contested']);

type Placed = Omit<Extract<PlacedDeny, { kind: 'placed' }>, 'networkAclId' | 'subnetIds' | 'overflow' | 'kind'>;

/** What a placement leaves without a place: the deny itself, and who gave way to it. Pure. */
export const homelessOf = (
  { placement, step, egress, evictedUntil, lost = [] }: Placed,
  { expiresAt }: Pick<DenyRequest, 'expiresAt'>,
): Homeless[] => {
  const why = noRoom(placement, step);
  const own: Homeless[] = why
    ? [{ ...why, whose: 'wanted', threat: threatOf(placement.match, egress), expiresAt }]
    : [];
  const took = step === undefined || step.status !== 'failed';
  const gone = [
    ...(placement.evicted && evictedUntil && took ? [{ match: placement.evicted, until: evictedUntil }] : []),
    ...lost.flatMap((match) => (match.expiresAt ? [{ match, until: match.expiresAt }] : [])),
  ];
  const evicted = gone.map(({ match, until }): Homeless => {
    const because = `${match.cidr} gave way to ${placement.match.cidr}, which ranks higher.`;
    return { reason: 'evicted', because, whose: 'evicted', threat: threatOf(match, egress), expiresAt: until };
  });
  return [...own, ...evicted];
};

const noRoom = ({ result, reason, because }: Placement, step: StepOutcome | undefined): Reason | undefined => {
  if (result === 'unplaced' && noPlaceFor.has(reason)) return { reason, because };
  // EC2 itself says so.
  return step?.status === 'failed' && step.reason === 'quota'
    ? { reason: step.reason, because: step.because }
    : undefined;
};

const threatOf = ({ cidr, protocol, ports }: Match, egress: boolean): OverflowThreat => ({
  cidr,
  family: familyOf(cidr),
  egress,
  protocol,
  ...(ports ? { ports } : {}),
});

/** Where it has no place. */
export const overflowTarget = ({ id, acl }: Pick<Place, 'id' | 'acl'>): OverflowTarget => ({
  accountId: id.accountId,
  region: id.region,
  vpcId: acl.vpcId,
  networkAclId: id.networkAclId,
  subnetIds: acl.subnetIds,
});

/** Who covers a deny. */
export interface Coverage {
  /** Name of the first that does, or that could not say; absent: nobody. */
  readonly by?: string;
  /** That one could not say. */
  readonly problem?: string;
  /** Who is asked next, one after another, when those before do not deny it. */
  readonly then?: readonly string[];
  /** One behind all of these could not say whether it does. */
  readonly unsure?: { readonly by: string; readonly problem: string };
}

/** Asks one after another; one that throws is asked again later, and nobody behind it meanwhile. */
export const coverageOf = (
  overflow: readonly OverflowBlocker[],
  threat: OverflowThreat,
  target: OverflowTarget,
): Coverage => {
  const names: string[] = [];
  let unsure: Coverage['unsure'];
  for (const blocker of overflow) {
    try {
      if (blocker.covers(threat, target) === true) names.push(blocker.name);
    } catch (error) {
      unsure = { by: blocker.name, problem: summarizeError(error).message };
      break;
    }
  }
  const [by, ...then] = names;
  if (by === undefined) return unsure ?? {};
  return { by, ...(then.length > 0 ? { then } : {}), ...(unsure ? { unsure } : {}) };
};

/** Whether a plan leaves somebody without a place whom an overflow blocker covers: then the finding has to be confirmed. */
export const wantsOverflow = (
  overflow: readonly OverflowBlocker[],
  place: Place,
  request: DenyRequest,
  { placements }: { readonly placements: readonly Placement[] },
): boolean => {
  if (overflow.length === 0) return false;
  const egress = place.id.direction === 'egress';
  const target = overflowTarget(place);
  return placements.some((placement) => {
    const evictedUntil = place.read.ledger.slots.find(({ ruleNumber }) => ruleNumber === placement.ruleNumber)?.replaced
      ?.expiresAt;
    const placed = { placement, egress, ...(evictedUntil ? { evictedUntil } : {}) };
    return homelessOf(placed, request).some(({ threat }) => coverageOf(overflow, threat, target).by !== undefined);
  });
};
