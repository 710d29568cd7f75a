import type { Reason } from '@remedykit/core';
import type { PortRange, Target } from '../nacl/outcome.ts';

/** What is to be denied: these packets. */
export interface OverflowThreat {
  /** Canonical. */
  readonly cidr: string;
  readonly family: 4 | 6;
  /** False: packets that come from `cidr`; true: packets that go there. */
  readonly egress: boolean;
  /** IP protocol number: `6` TCP, `17` UDP, `-1` all. */
  readonly protocol: '6' | '17' | '-1';
  /** Absent: all ports. */
  readonly ports?: PortRange;
}

/** The network ACL in which there is no place for it, by its owner's account, and what it protects. */
export interface OverflowTarget extends Target {
  readonly vpcId: string;
  readonly networkAclId: string;
  readonly subnetIds: readonly string[];
}

/** Asks for one deny. Plain JSON. */
export interface OverflowRequest {
  /**
   * The same for the same deny, however often it is asked for: after a retry, a redelivery, a later sighting. Whoever holds
   * it already holds it until the later `expiresAt`, and does not count it twice.
   */
  readonly id: string;
  readonly threat: OverflowThreat;
  readonly target: OverflowTarget;
  /**
   * When the deny is to end, ISO 8601: never later than `maxBlockFor` after it was first handed over. Ending it is the overflow
   * blocker's own work, by itself or in its `sweep`.
   */
  readonly expiresAt: string;
  /** The finding that brought it here. */
  readonly findingId: string;
  readonly findingType: string;
  /** The source address could have been forged. */
  readonly spoofable: boolean;
  /** Why it has no place: `quota`, `no-rule-number`, `flood`, `contested`, `evicted`. */
  readonly reason: string;
  readonly because: string;
}

/**
 * The answer.
 * - `blocked`: it is denied from now on
 * - `already-blocked`: it was denied before, and is until `expiresAt` at least
 * - `not-blocked`: there is no room here either, or it is not to be denied here; a retry does not help, and the next that
 *   covers it is asked
 */
export type OverflowResult =
  | {
      readonly status: 'blocked' | 'already-blocked';
      readonly because: string;
      readonly requestIds?: readonly string[];
    }
  | { readonly status: 'not-blocked'; readonly because: string };

/** What a call may still take. */
export interface OverflowCall {
  /** Milliseconds left. */
  readonly remainingTimeMs: () => number;
}

/** What a sweep of an overflow blocker may do. */
export interface OverflowSweepCall extends OverflowCall {
  readonly now: Date;
  /** Why nothing may be taken out there now (`dry-run`, `paused`); asked for each account and Region. Undefined: it may. */
  readonly heldBack: (target: Target) => Promise<Reason | undefined>;
}

/** One deny that an overflow blocker has ended. */
export interface OverflowEnd {
  /** Where it was: a rule group, a device. */
  readonly subject: string;
  readonly threat: OverflowThreat;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Where denies that are over may still hold, and why. */
export interface OverflowProblem extends Reason {
  readonly subject: string;
  readonly retryable: boolean;
  /** True: it was not to be done now, for the reason that `heldBack` gave. */
  readonly heldBack?: true;
}

/** What a sweep of an overflow blocker came to. */
export interface OverflowSweep {
  readonly ended: readonly OverflowEnd[];
  readonly failed: readonly OverflowProblem[];
}

/**
 * Denies what finds no place in a network ACL: a firewall, a web ACL, a router. It is asked after the network ACL was
 * written and its ledger settled; whatever it does undoes none of that.
 * @example
 * ```ts
 * import type { OverflowBlocker } from '@remedykit/guardduty';
 * export const firewall: OverflowBlocker = {
 *   name: 'edge-firewall',
 *   covers: ({ egress }, { vpcId }) => !egress && vpcId === 'vpc-0a11ce00000000001',
 *   block: async ({ id, threat, expiresAt }) => {
 *     const answer = await fetch(`https://firewall.example.internal/denies/${encodeURIComponent(id)}`, {
 *       method: 'PUT', // so that asking again is harmless
 *       body: JSON.stringify({ cidr: threat.cidr, expiresAt }),
 *     });
 *     if (!answer.ok) throw new Error(`the firewall answered ${answer.status}`); // told, and tried again
 *     return { status: 'blocked', because: 'The edge firewall took it.' };
 *   },
 * };
 * ```
 */
export interface OverflowBlocker {
  /** Its name in outcomes, messages and audit records; 1 to 40 of a-z, 0-9 and `-`. */
  readonly name: string;
  /** Whether it stands before this target and can deny this. Must be quick and without effect. */
  covers(threat: OverflowThreat, target: OverflowTarget): boolean;
  /**
   * Denies it. What it throws is told as a failure and tried again, unless it is a `RemediationError` with `retryable: false`:
   * then it failed for good, and the next that covers it is asked.
   */
  block(request: OverflowRequest, call: OverflowCall): Promise<OverflowResult>;
  /**
   * Ends what is over; called by each sweep of the blocker, and what it says is told with it. Absent: it ends its denies
   * itself.
   */
  sweep?(call: OverflowSweepCall): Promise<OverflowSweep>;
}
