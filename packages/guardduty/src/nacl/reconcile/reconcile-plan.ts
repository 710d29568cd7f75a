import type { AclEntry } from '../entries/acl.ts';
import type { Contest } from '../ledger/ledger.ts';
import type { SweepFacts } from '../release/decide-release.ts';
import type { UpkeepPlan } from '../release/upkeep-plan.ts';

/** What `nacl/reconcile` decides on. */
export interface ReconcileFacts extends SweepFacts {
  /** What a person wants to have taken over in this network ACL and direction. */
  readonly adopt?: Adoption;
}

/** Denies that no ledger knows become ours, because a person says so. */
export interface Adoption {
  readonly requestedBy: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** Absent: every rule number of the reserved range. */
  readonly ruleNumbers?: readonly number[];
}

/** A deny in the reserved range that the ledger does not know. */
export interface Orphan {
  readonly entry: AclEntry;
  /** True when people were not told of it yet. */
  readonly news: boolean;
}

/** How it stands with a quarrel about the network ACL. */
export interface ContestState {
  readonly state: 'begun' | 'on' | 'over';
  readonly contest: Contest;
  /** True when people were not told yet. */
  readonly news: boolean;
}

/** The plan of `nacl/reconcile`. */
export interface ReconcilePlan extends UpkeepPlan {
  /** Left as they are. */
  readonly orphans: readonly Orphan[];
  readonly contest?: ContestState;
}
