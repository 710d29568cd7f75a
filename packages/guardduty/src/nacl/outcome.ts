import type { ErrorSummary, Outcome, Reason } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import type { OverflowSweep } from '../overflow/overflow-blocker.ts';
import type { Threat } from '../threats/threat.ts';

/** One account and Region. */
export interface Target {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
}

/** A contiguous run of ports, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** A network ACL entry of ours, as it is in force or would be. */
export interface EntryView {
  readonly networkAclId: string;
  readonly ruleNumber: number;
  readonly egress: boolean;
  readonly cidr: string;
  /** IP protocol number as EC2 writes it: `6` TCP, `17` UDP, `-1` all. */
  readonly protocol: '6' | '17' | '-1';
  /** Absent: all ports. */
  readonly ports?: PortRange;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** Every subnet that this network ACL serves: how far the deny reaches. */
  readonly subnetIds: readonly string[];
}

/** An entry of ours that gave way to an attacker that ranks higher; its address is not denied there any more. */
export type EvictedEntry = Omit<EntryView, 'expiresAt'>;

/** A deny without a place in a network ACL that was handed to an overflow blocker, and its answer. */
export interface OverflowView extends Reason, Omit<EntryView, 'ruleNumber' | 'expiresAt'> {
  /** Name of the overflow blocker. */
  readonly by: string;
  /** `wanted`: the threat itself; `evicted`: one that gave way to it. */
  readonly whose: 'wanted' | 'evicted';
  readonly status: 'blocked' | 'already-blocked' | 'not-blocked' | 'planned' | 'failed';
  /** Until when it was asked to deny it, ISO 8601. */
  readonly expiresAt: string;
}

/**
 * What became of one threat.
 * - `blocked`: a deny is newly in force (or put back) in every network ACL concerned, or an overflow blocker denies it where
 *   one has no place
 * - `extended`: it was in force and holds longer now
 * - `unchanged`: it was in force already
 * - `planned`: dry-run or `plan`; the entries are what would be written
 * - `refused`: the gate or the guard forbids it (`sample`, `allow-listed`, …)
 * - `not-blocked`: it should be blocked and is not, at least in one network ACL; a person must know
 * - `ineffective`: no rule number of ours would take effect before an allow
 * - `escalated`: not for us to block, a person must look
 * - `ignored`: nothing to do
 * - `failed`: it did not work; a retry may mend it
 */
export type ThreatResult =
  | 'blocked'
  | 'extended'
  | 'unchanged'
  | 'planned'
  | 'refused'
  | 'not-blocked'
  | 'ineffective'
  | 'escalated'
  | 'ignored'
  | 'failed';

/** One threat with its verdict and what became of it. */
export interface ThreatOutcome extends Reason {
  readonly threat: Threat;
  readonly outcome: ThreatResult;
  /** Entries in force or planned for this threat. */
  readonly entries: readonly EntryView[];
  /** What could not be placed, by network ACL. */
  readonly missing: readonly (Reason & { readonly networkAclId: string; readonly egress: boolean })[];
  /** Who gave way to it, or would. */
  readonly evicted: readonly EvictedEntry[];
  /** What was handed to overflow blockers, and their answers: this threat, and who gave way to it. */
  readonly overflow?: readonly OverflowView[];
  /** In a flood, all whom it leaves without a deny (and how many more): told once in 15 minutes, not at every sighting. */
  readonly flood?: { readonly cidrs: readonly string[]; readonly omitted: number };
  /** True when this is news: told on change, not on every sighting. */
  readonly announce: boolean;
}

/** What `block` and `plan` come to for one finding or record; plain JSON. */
export interface BlockOutcome extends Outcome {
  readonly kind: 'block';
  /** True when nothing was written: dry-run or `plan`. */
  readonly preview: boolean;
  /** The finding that was acted on (as GuardDuty holds it, where it was read back); absent when the record could not be parsed. */
  readonly finding?: Finding;
  /** Why the record could not be parsed. */
  readonly error?: ErrorSummary;
  /** Whether a person must look at the host or the account, whatever was blocked. */
  readonly escalate: boolean;
  readonly threats: readonly ThreatOutcome[];
}

/** One entry that upkeep or a person took out, put right or left. */
export interface ReleaseOutcome extends Reason {
  readonly entry: Omit<EntryView, 'subnetIds'>;
  readonly target: Target;
  /**
   * - `released`: the deny is gone
   * - `settled`: a dead writer's work was found done, or given up, and the ledger says so now
   * - `retaken`: a dead writer's work was carried out
   * - `repaired`: it had vanished from the network ACL and was put back
   * - `given-up`: it had vanished and was not put back; the address is not denied here
   * - `adopted`: an entry that no ledger knew is ours from now on
   * - `foreign`: the rule number holds somebody else's entry; untouched
   * - `planned`: dry-run
   * - `refused`: paused, or no more entry writes are allowed this hour
   * - `failed`: a retry may mend it
   */
  readonly outcome:
    | 'released'
    | 'settled'
    | 'retaken'
    | 'repaired'
    | 'given-up'
    | 'adopted'
    | 'foreign'
    | 'planned'
    | 'refused'
    | 'failed';
  /** True when this is news: what does not change is told once. */
  readonly announce: boolean;
}

/** Something that needs a person. */
export interface UpkeepAlert extends Reason {
  /** What it is about: the key of a ledger, a network ACL, an account. */
  readonly subject: string;
  /** True when this is news: it is told once, and once a day while it lasts. */
  readonly announce: boolean;
}

/** What `sweep` comes to. */
export interface SweepOutcome extends Outcome {
  readonly kind: 'sweep';
  /** When it began, ISO 8601. */
  readonly at: string;
  readonly preview: boolean;
  readonly releases: readonly ReleaseOutcome[];
  /** Things that need a person: a ledger set aside, a network ACL that is gone. */
  readonly alerts: readonly UpkeepAlert[];
  /** Network ACL directions looked at. */
  readonly ledgers: number;
  /** What the overflow blockers that end their denies in a sweep came to, by name; absent without one. */
  readonly overflow?: readonly OverflowSwept[];
  /** Where to go on, when time ran out. */
  readonly cursor?: string;
}

/** What one overflow blocker ended in a sweep, and what it could not. */
export interface OverflowSwept extends OverflowSweep {
  /** Name of the overflow blocker. */
  readonly by: string;
}

/** A deny in the reserved range that no ledger knows, left as it is until a person has it adopted or takes it out. */
export interface OrphanOutcome {
  readonly target: Target;
  readonly networkAclId: string;
  readonly egress: boolean;
  readonly ruleNumber: number;
  readonly cidr: string;
  /** IP protocol number as EC2 writes it. */
  readonly protocol: string;
  readonly ports?: PortRange;
  /** True when it was not listed before. */
  readonly announce: boolean;
}

/** A network ACL in which somebody takes out what we put in: until the end nothing new is written there. */
export interface ContestOutcome extends Reason {
  readonly target: Target;
  readonly networkAclId: string;
  readonly egress: boolean;
  readonly state: 'begun' | 'on' | 'over';
  readonly since: string;
  readonly until: string;
  /** Who changed the network ACL, as `whoChanged` has it. */
  readonly who?: string;
  readonly announce: boolean;
}

/** What `reconcile` comes to. */
export interface ReconcileOutcome extends Outcome {
  readonly kind: 'reconcile';
  /** When it began, ISO 8601. */
  readonly at: string;
  readonly preview: boolean;
  /** What was put back, given up, taken over, settled or found foreign. */
  readonly releases: readonly ReleaseOutcome[];
  readonly orphans: readonly OrphanOutcome[];
  readonly contests: readonly ContestOutcome[];
  readonly alerts: readonly UpkeepAlert[];
  /** Network ACL directions compared with what EC2 holds. */
  readonly ledgers: number;
  /** Where to go on, when time ran out. */
  readonly cursor?: string;
}

/** What `drain` comes to. */
export interface DrainOutcome extends Outcome {
  readonly kind: 'drain';
  /** When it began, ISO 8601. */
  readonly at: string;
  readonly preview: boolean;
  readonly releases: readonly ReleaseOutcome[];
  readonly alerts: readonly UpkeepAlert[];
  /** Network ACL directions looked at. */
  readonly ledgers: number;
  readonly requestedBy: string;
  readonly because: string;
  /** Where to go on, when time ran out. */
  readonly cursor?: string;
}

/** What `unblock` comes to. */
export interface UnblockOutcome extends Outcome {
  readonly kind: 'unblock';
  /** When it began, ISO 8601. */
  readonly at: string;
  readonly preview: boolean;
  readonly releases: readonly ReleaseOutcome[];
  /** What is suppressed from now on, and until when. */
  readonly suppressed: readonly { readonly cidr: string; readonly until: string }[];
  readonly requestedBy: string;
  readonly because: string;
}
