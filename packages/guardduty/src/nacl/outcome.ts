import type { ErrorSummary, Outcome, Reason } from '@remedykit/core';
import type { Finding } from '../finding.ts';
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

/**
 * What became of one threat.
 * - `blocked`: a deny is newly in force (or put back) in every network ACL concerned
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
   * - `foreign`: the rule number holds somebody else's entry; untouched
   * - `planned`: dry-run
   * - `refused`: paused
   * - `failed`: a retry may mend it
   */
  readonly outcome: 'released' | 'settled' | 'retaken' | 'foreign' | 'planned' | 'refused' | 'failed';
}

/** What `sweep` comes to. */
export interface SweepOutcome extends Outcome {
  readonly kind: 'sweep';
  readonly preview: boolean;
  readonly releases: readonly ReleaseOutcome[];
  /** Things that need a person: a ledger set aside, a network ACL that is gone. */
  readonly alerts: readonly (Reason & { readonly subject: string })[];
  /** Network ACL directions looked at. */
  readonly ledgers: number;
  /** Where to go on, when time ran out. */
  readonly cursor?: string;
}

/** What `unblock` comes to. */
export interface UnblockOutcome extends Outcome {
  readonly kind: 'unblock';
  readonly preview: boolean;
  readonly releases: readonly ReleaseOutcome[];
  /** What is suppressed from now on, and until when. */
  readonly suppressed: readonly { readonly cidr: string; readonly until: string }[];
  readonly requestedBy: string;
  readonly because: string;
}
