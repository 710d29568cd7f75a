import type { Ledger } from '../ledger/ledger.ts';
import type { PortRange } from '../outcome.ts';
import type { AclEntry } from './acl.ts';
import type { GuardFacts } from './entry-plan.ts';

/** A deny that `nacl/threats` wants, seen from one direction of one network ACL. */
export interface DenyRequest {
  /** Id of the `deny` step. */
  readonly denyId: string;
  readonly findingId: string;
  readonly findingType: string;
  readonly severity: number;
  /** The account whose event this is, where that is not the finding's own; absent: it is. */
  readonly copyIn?: string;
  /** `eventLastSeen` of the finding. */
  readonly lastSeen: string;
  readonly cidr: string;
  readonly protocol: '6' | '17' | '-1';
  /** Empty: all ports. */
  readonly runs: readonly PortRange[];
  readonly expiresAt: string;
  /** Publishing intervals in which the finding was seen, by its own count and times; default 1. */
  readonly sightings?: number;
  readonly spoofable: boolean;
  /** False: GuardDuty and the live interfaces have not been asked, since nothing seemed to be to do; so nothing is written. */
  readonly confirmed: boolean;
}

/** The facts while one deny after another is placed. */
export interface Scene extends EntriesFacts {
  /** Rule numbers about which something was said in this plan: none of them gives way to a later deny of it. */
  readonly touched: ReadonlySet<number>;
}

/** What `nacl/entries` decides on. */
export interface EntriesFacts {
  readonly ledger: Ledger;
  /** The entries of this direction, the default deny included. */
  readonly entries: readonly AclEntry[];
  readonly requests: readonly DenyRequest[];
  readonly guard: GuardFacts;
  /** How long the address of a repeat offender is held at least, as `repeatOffender` said, by CIDR, ms. */
  readonly holds?: Readonly<Record<string, number>>;
  /** New denies of the last day in the account's other ledgers; absent where nothing new is written. */
  readonly deniesElsewhere?: number;
  /** Token and end of the lease under which this worker writes. */
  readonly lease: { readonly owner: string; readonly until: string };
}
