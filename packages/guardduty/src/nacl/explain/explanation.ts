import type { AuditRecord, Json, Outcome, Reason, RejectedInput, Suppression } from '@remedykit/core';
import type { Contest, PastBlock, Slot, Unplaced, Vanishing } from '../ledger/ledger.ts';
import type { Target } from '../outcome.ts';

/** What is to be explained: exactly one of address (or CIDR) and finding. */
export type ExplainQuery =
  | { readonly address: string; readonly findingId?: never }
  | { readonly findingId: string; readonly address?: never };

/** What an audit trail is asked for; it may give more than that, for what does not fit is left out. */
export interface AuditQuery {
  /** Canonical; decisions about any part of it. */
  readonly cidr?: string;
  readonly findingId?: string;
}

/** Reads audit records back from wherever the sink put them. */
export type AuditTrail = (query: AuditQuery) => AsyncIterable<AuditRecord | RejectedInput>;

/** What one direction of one network ACL holds about it now. */
export interface ExplainedPlace extends Target {
  readonly networkAclId: string;
  readonly direction: 'ingress' | 'egress';
  readonly slots: readonly Slot[];
  /** What should be denied and is not. */
  readonly unplaced: readonly Unplaced[];
  /** How many more there are of which only the number is known. */
  readonly unplacedOmitted: number;
  readonly suppressions: readonly Suppression[];
  /** Earlier blocks that have ended. */
  readonly history: readonly PastBlock[];
  /** Denies that somebody took out and that were put back. */
  readonly vanishings: readonly Vanishing[];
  /** Nothing new is denied here until then, for somebody takes out what we put in. */
  readonly contested?: Contest;
  /** True: the network ACL had as many entry writes in the last hour as are allowed. */
  readonly flood: boolean;
  /** For people. */
  readonly sentences: readonly string[];
}

/** One thing that a recorded decision says about the address or finding. */
export interface ExplainedVerdict extends Reason {
  /** What was decided about: the address, or the entry. */
  readonly cidr?: string;
  /** `deny`, `refused`, `create`, `present`, `release`, … as the decider names it. */
  readonly decided: string;
  readonly ruleNumber?: number;
}

/** One recorded decision: what was decided, by which rule, on which facts, by which version. */
export interface ExplainedDecision {
  readonly at: string;
  /** Name of the decider, `nacl/entries`. */
  readonly decider: string;
  /** The library that decided, `@remedykit/guardduty@1.2.0`. */
  readonly library: string;
  readonly recordId: string;
  readonly runId: string;
  readonly findingId?: string;
  readonly verdicts: readonly ExplainedVerdict[];
  /** What became of the steps that belong to the verdicts. */
  readonly outcomes: Outcome['steps'];
  readonly facts: Json;
  readonly policy: Json;
  /** For people. */
  readonly sentence: string;
}

/** What `explain` comes to; plain JSON. */
export interface Explanation {
  readonly kind: 'explain';
  readonly at: string;
  readonly query: AuditQuery;
  /** For people, the present first and then what was decided, in order of time. */
  readonly summary: string;
  readonly places: readonly ExplainedPlace[];
  /** What people wrote into the control documents about it, with the accounts for which it holds. */
  readonly suppressions: readonly (Suppression & { readonly accountIds: readonly string[] })[];
  /** In order of time, at most 200; without `auditTrail` there are none. */
  readonly decisions: readonly ExplainedDecision[];
  /** How many earlier ones there are. */
  readonly decisionsOmitted: number;
  /** What could not be read, so that the explanation may lack something. */
  readonly problems: readonly (Reason & { readonly subject: string })[];
}
