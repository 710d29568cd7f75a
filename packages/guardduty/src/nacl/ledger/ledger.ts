import type { RollingWindow, Suppression } from '@remedykit/core';
import type { PortRange, Target } from '../outcome.ts';

/** The part of an entry that says which packets it matches. */
export interface Match {
  /** Canonical. */
  readonly cidr: string;
  /** IP protocol number: `6` TCP, `17` UDP, `-1` all. */
  readonly protocol: '6' | '17' | '-1';
  /** Absent: all ports. */
  readonly ports?: PortRange;
}

/** One deny entry of ours in a network ACL, or one being made or taken out. */
export interface Slot extends Match {
  readonly ruleNumber: number;
  /** `claimed`: an EC2 create is under way; `releasing`: an EC2 delete is; `active`: settled. */
  readonly status: 'claimed' | 'active' | 'releasing';
  /** Who may touch this rule number until when, while a write is under way. */
  readonly lease?: { readonly owner: string; readonly until: string };
  /** The latest five. */
  readonly findingIds: readonly string[];
  readonly findingType: string;
  readonly severity: number;
  readonly hits: number;
  /** Publishing intervals in which it was seen: sightings at least 15 minutes apart. Persistence outranks loudness. */
  readonly sightings: number;
  readonly spoofable: boolean;
  readonly firstBlockedAt: string;
  /** `eventLastSeen` of the latest sighting. */
  readonly lastSeen: string;
  /** The event that made the slot: it is told about the block, also when it is delivered again. */
  readonly madeBy: { readonly findingId: string; readonly lastSeen: string };
  /** When EC2 was last written for this slot: for seconds after, a describe may not show it. */
  readonly writtenAt: string;
  readonly expiresAt: string;
  /** What this rule number denied before the slot took it over in one swap; a worker that died half-way left one of the two. */
  readonly replaced?: Replaced;
}

/** Who had a slot's place before, with what it takes to give it back. */
export interface Replaced extends Match {
  readonly findingType: string;
  readonly firstBlockedAt: string;
  readonly expiresAt: string;
}

/** An address that should be denied and has no slot. */
export interface Unplaced extends Match {
  readonly reason: string;
  readonly findingId: string;
  readonly severity: number;
  /** As in a slot. */
  readonly sightings: number;
  /** `eventLastSeen` of the event that was told so. */
  readonly lastSeen: string;
  readonly since: string;
}

/**
 * What remedykit holds in one direction of one network ACL: one small document, changed by compare-and-set, so that "one
 * slot per match, one match per slot, never over capacity" is a local invariant.
 */
export interface Ledger {
  readonly schema: 1;
  /** The account that owns the network ACL. */
  readonly accountId: string;
  readonly region: string;
  readonly networkAclId: string;
  readonly direction: 'ingress' | 'egress';
  readonly slots: readonly Slot[];
  /** Addresses for which there was no room, at most 64. */
  readonly unplaced: readonly Unplaced[];
  /** How many addresses have no room and are not listed either; a lower bound where `beyond.more`. */
  readonly unplacedOmitted: number;
  /** Which those are, as far as they can be told apart, so that nothing is written when one of them is seen again. */
  readonly beyond?: Beyond;
  /** What unblocks by hand wrote into this ledger. */
  readonly suppressions: readonly Suppression[];
  /** EC2 entry writes of the last hour. */
  readonly writes: RollingWindow;
  /** New denies of the last day: the account's limit is over the sum of its ledgers. */
  readonly denies: RollingWindow;
  /** Addresses that were denied before, the latest first, at most 64: a repeat offender may be held longer. */
  readonly history: readonly PastBlock[];
  /** Denies of ours that vanished and were put back in the last day, the latest first, at most 32. */
  readonly vanishings: readonly Vanishing[];
  /** Somebody takes out what we put in: nothing new is written until then. */
  readonly contested?: Contest;
  /** What people were told and are not told again at every look, the latest first, at most 32. */
  readonly notices: readonly Notice[];
}

/** Addresses without room beyond those that are listed. */
export interface Beyond {
  /** The first of them. */
  readonly since: string;
  /** The latest of them: who came after the last summary is told with the next. */
  readonly changedAt: string;
  /** 8 characters for each address. */
  readonly digests: string;
  /** So many addresses; more, if `more`. */
  readonly atLeast: number;
  readonly more?: boolean;
}

/** Earlier blocks of one address in this network ACL and direction. */
export interface PastBlock {
  readonly cidr: string;
  /** How many ended. */
  readonly blocks: number;
  readonly endedAt: string;
}

/** A deny that somebody took out and that we put back. */
export interface Vanishing {
  readonly cidr: string;
  readonly at: string;
}

/** A quarrel with whoever edits the network ACL. */
export interface Contest {
  readonly since: string;
  readonly until: string;
  readonly because: string;
}

/** Something said once. */
export interface Notice {
  /** `flood`, `orphan/12`. */
  readonly about: string;
  readonly at: string;
}

/** What a ledger is about. */
export interface LedgerId extends Target {
  readonly networkAclId: string;
  readonly direction: 'ingress' | 'egress';
}

/** Under which all ledgers are stored. */
export const ledgerPrefix = 'nacl/';

/** How all notices about a flood begin; the latest one stands. */
export const floodPrefix = 'flood/';

/** How the one notice begins that says when people were told how many are neither denied nor listed. */
export const beyondPrefix = 'beyond/';

/** How the one notice begins that holds the rule numbers of orphans that were told. */
export const orphansPrefix = 'orphans/';

/** How the one notice begins that holds the rule numbers taken out last: for a moment EC2 may still show their entries. */
export const releasedPrefix = 'released/';

/** How the one notice begins that holds whom upkeep let go of last: it is told again when upkeep runs again at once. */
export const letGoPrefix = 'let-go/';

/** At most this many addresses without room are listed. */
export const maxUnplaced = 64;

/** At most this many bytes of JSON. */
export const maxLedgerBytes = 65_536;

/** The key in the state store. */
export const ledgerKey = ({ accountId, region, networkAclId, direction }: LedgerId): string =>
  `${ledgerPrefix}${accountId}/${region}/${networkAclId}/${direction}`;

/** A ledger that holds nothing. */
export const emptyLedger = ({ accountId, region, networkAclId, direction }: LedgerId): Ledger => ({
  schema: 1,
  accountId,
  region,
  networkAclId,
  direction,
  slots: [],
  unplaced: [],
  unplacedOmitted: 0,
  suppressions: [],
  writes: { bucketMs: 300_000, buckets: [] },
  denies: { bucketMs: 900_000, buckets: [] },
  history: [],
  vanishings: [],
  notices: [],
});

/** A text as ledgers hold it: as many bytes as characters, and no more than so many. */
export const plain = (text: string, length: number): string =>
  text.replace(/[^\x20-\x7e]|["\\]/g, '_').slice(0, length);

/** A finding's id as ledgers hold it, so that no id makes the document grow; those of GuardDuty are left as they are. */
export const shortId = (id: string): string => plain(id, 48).replaceAll(' ', '_');

/** What a slot matches, and nothing else of it. */
export const matchOf = ({ cidr, protocol, ports }: Match): Match => ({ cidr, protocol, ...(ports ? { ports } : {}) });

/** True when two matches are the same. */
export const sameMatch = (a: Match, b: Match): boolean =>
  a.cidr === b.cidr && a.protocol === b.protocol && a.ports?.from === b.ports?.from && a.ports?.to === b.ports?.to;

/** True when everything that `inner` matches is matched by `outer`. */
export const covers = (outer: Match, inner: Match): boolean =>
  outer.cidr === inner.cidr &&
  (outer.protocol === '-1' || outer.protocol === inner.protocol) &&
  (outer.ports === undefined ||
    (inner.ports !== undefined && outer.ports.from <= inner.ports.from && outer.ports.to >= inner.ports.to));
