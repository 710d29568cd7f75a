import { familyOf } from '../../gate/cidr.ts';
import { matchOf, type Slot } from '../ledger/ledger.ts';
import { hasRoomForSlot } from '../ledger/room.ts';
import { type BlockerPolicy, minimumResidence } from '../policy.ts';
import { allowBefore, entryAt, inRange, isOurs, mayBeUnseen } from './acl.ts';
import type { Scene } from './entries-facts.ts';
import type { ReplaceStep } from './entry-plan.ts';
import { type At, type Placed, replace } from './placed.ts';
import { compareRank, outranks } from './rank.ts';

/** A slot that has no rule number yet. */
export type Newcomer = Omit<Slot, 'ruleNumber'>;

/**
 * A place for a deny when there is no room: that of the weakest of ours which it outranks. Undefined: it outranks none.
 */
export const placeBySwap = (
  at: At,
  newcomer: Newcomer,
  slots: ReadonlyMap<number, Slot>,
  scene: Scene,
  policy: BlockerPolicy,
  now: Date,
): Placed | undefined => {
  const [weakest] = [...slots.values()]
    .filter((slot) => mayGiveWay(slot, newcomer, scene, policy, now))
    .toSorted((a, b) => compareRank(a, b, now) || Date.parse(a.lastSeen) - Date.parse(b.lastSeen));
  if (weakest === undefined || !outranks(newcomer, weakest, now)) return undefined;
  const { findingType, firstBlockedAt, expiresAt, ruleNumber } = weakest;
  const replaced = { ...matchOf(weakest), findingType, firstBlockedAt, expiresAt };
  const others = [...slots.values()].filter((slot) => slot !== weakest);
  if (!hasRoomForSlot(others, { ...newcomer, replaced }, scene.ledger, now)) return undefined;
  return replace(at, { ...newcomer, ruleNumber, replaced }, 'swap', now, evicted(weakest, now));
};

/** Only a settled deny that EC2 shows as ours, that has stood its time, and in whose place the newcomer would have effect. */
const mayGiveWay = (slot: Slot, newcomer: Newcomer, scene: Scene, policy: BlockerPolicy, now: Date): boolean => {
  const { ruleNumber } = slot;
  const live = entryAt(scene.entries, ruleNumber);
  return (
    slot.status === 'active' &&
    !scene.touched.has(ruleNumber) &&
    familyOf(slot.cidr) === familyOf(newcomer.cidr) &&
    slot.cidr !== newcomer.cidr &&
    now.getTime() - Date.parse(slot.firstBlockedAt) >= minimumResidence &&
    !mayBeUnseen(slot, now) &&
    inRange(ruleNumber, policy.ruleNumbers) &&
    live !== undefined &&
    isOurs(live, slot) &&
    allowBefore(scene.entries, ruleNumber, newcomer) === undefined
  );
};

const evicted = (slot: Slot, now: Date): NonNullable<ReplaceStep['evicted']> => ({
  ...matchOf(slot),
  reason: 'evicted',
  findingId: slot.madeBy.findingId,
  severity: slot.severity,
  sightings: slot.sightings,
  lastSeen: slot.lastSeen,
  since: now.toISOString(),
});
