import { createHash } from 'node:crypto';
import type { Suppression } from '@remedykit/core';
import { isBlackHole } from '../entries/rank.ts';
import { type Ledger, maxLedgerBytes, plain, type Slot } from './ledger.ts';

/** At most this many suppressions per ledger: more than it can have slots, since a person may unblock them all at once. */
const maxSuppressions = 100;

/** What a ledger holds besides slots and suppressions when it is at its shortest, bytes: windows, notices, vanishings. */
const reserved = 12_300;

/** What people wrote, cut: the control document and the audit record hold it whole. */
export const shortened = ({ cidr, reason, requestedBy, until }: Suppression): Suppression => ({
  cidr,
  reason: reason.slice(0, 80),
  requestedBy: requestedBy.slice(0, 40),
  // Years beyond 9999 are written in another form.
  until: until.startsWith('+') ? '9999-12-31T23:59:59.999Z' : until,
});

/** A suppression at its shortest: whom it lets through until when. */
export const barely = ({ cidr, until }: Suppression): Suppression => ({ cidr, reason: '', requestedBy: '', until });

const shortestType = (findingType: string): string => (isBlackHole(findingType) ? '/BlackholeTraffic' : '');

/** A slot at its shortest: all that is needed to deny, to settle and to rank. */
export const inShort = (slot: Slot): Slot => {
  const { replaced } = slot;
  const short = { ...slot, findingIds: [], findingType: shortestType(slot.findingType) };
  if (replaced === undefined) return short;
  return { ...short, replaced: { ...replaced, findingType: shortestType(replaced.findingType) } };
};

/** Whose place it took is needed only until that is settled; then only a second delivery would tell it again. */
export const withoutPast = (slot: Slot): Slot => {
  if (slot.status === 'claimed') return slot;
  const { replaced: _, ...rest } = slot;
  return rest;
};

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value)) + 1;

/** However it may grow while it is written and seen again. */
const slotBytes = (slot: Omit<Slot, 'ruleNumber'>): number =>
  bytesOf({
    ...inShort(withoutPast({ ...slot, ruleNumber: 32_766 })),
    lease: { owner: ' '.repeat(maxOwner), until: slot.writtenAt },
    status: 'releasing',
    hits: 99_999_999,
    sightings: 999,
    severity: 88.88,
  });

/** How long the token of a lease is at most. */
const maxOwner = 22;

/** The token of a lease, so that no id makes the document grow. */
export const shortOwner = (id: string): string =>
  id === plain(id, maxOwner) ? id : createHash('sha256').update(id).digest('base64url').slice(0, maxOwner);

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

const isLive = ({ until }: Suppression, now: Date): boolean => Date.parse(until) > now.getTime();

const suppressionBytes = (one: Suppression): number => bytesOf(barely(one));

/** What it takes to let the address of a slot through again, for a person may unblock them all at once. */
const ownSuppressionBytes = ({ cidr, expiresAt }: Pick<Slot, 'cidr' | 'expiresAt'>): number =>
  suppressionBytes({ cidr, reason: '', requestedBy: '', until: expiresAt });

/** Whether a ledger has room for one more slot, and for unblocking all of them, whatever else it comes to hold. Pure. */
export const hasRoomForSlot = (
  slots: readonly Slot[],
  newcomer: Omit<Slot, 'ruleNumber'>,
  { suppressions }: Pick<Ledger, 'suppressions'>,
  now: Date,
): boolean => {
  const all = [...slots, newcomer];
  const others = suppressions.filter((one) => isLive(one, now) && !all.some(({ cidr }) => cidr === one.cidr));
  const taken = sum(all.map((slot) => slotBytes(slot) + ownSuppressionBytes(slot))) + sum(others.map(suppressionBytes));
  return taken <= maxLedgerBytes - reserved;
};

/** Which of these suppressions a ledger has room for, from the first. Pure. */
export const suppressionsThatFit = (
  { slots, suppressions }: Pick<Ledger, 'slots' | 'suppressions'>,
  added: readonly Suppression[],
  now: Date,
): readonly Suppression[] => {
  const live = suppressions.filter((one) => isLive(one, now));
  let count = live.length;
  let left = maxLedgerBytes - reserved - sum(slots.map(slotBytes)) - sum(live.map(suppressionBytes));
  return added.filter((one) => {
    if (live.some(({ cidr }) => cidr === one.cidr)) return true;
    const bytes = suppressionBytes(one);
    if (count >= maxSuppressions || bytes > left) return false;
    count += 1;
    left -= bytes;
    return true;
  });
};
