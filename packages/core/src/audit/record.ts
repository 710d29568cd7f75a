import type { Json } from '../json.ts';
import type { StepOutcome } from '../outcome.ts';
import type { Instant } from '../time.ts';

/**
 * One decision with everything that made it, and what came of it. `replay(record, deciders)` must come to the same plan.
 */
export interface AuditRecord {
  readonly schema: 1;
  readonly id: string;
  /** The `now` that was passed to the decider. */
  readonly at: Instant;
  /** The library that decided, `@remedykit/guardduty@1.2.0`. */
  readonly library: string;
  /** Name of the decider, `nacl/entries`. */
  readonly decider: string;
  readonly facts: Json;
  readonly policy: Json;
  readonly plan: Json;
  /** Empty for a decision that was only planned. */
  readonly outcomes: readonly StepOutcome[];
  /** Ties the records of one invocation and one finding together. */
  readonly correlation: { readonly runId: string; readonly findingId?: string; readonly recordId?: string };
}

/** Something that could not even be parsed, kept whole: there was no decision to replay. */
export interface RejectedInput {
  readonly schema: 1;
  readonly id: string;
  readonly at: Instant;
  readonly library: string;
  readonly rejected: { readonly code: string; readonly message: string; readonly input: string };
  readonly correlation: { readonly runId: string; readonly recordId?: string };
}

/** The port to which audit records go. A sink that throws fails the run: an unrecorded change is worse than a late one. */
export type AuditSink = (record: AuditRecord | RejectedInput) => void | Promise<void>;
