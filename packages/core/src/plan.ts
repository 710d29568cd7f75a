import type { Json } from './json.ts';

/** Why something is done or left: a code from a documented list, and the sentence for people. */
export interface Reason {
  readonly reason: string;
  readonly because: string;
}

/** One intended effect. Plain JSON; `precondition` is checked again right before the effect. */
export interface Step extends Reason {
  /** Unique within its plan. */
  readonly id: string;
  /** What is done, `create-entry`. */
  readonly action: string;
  /** What must still hold for the step to be carried out. */
  readonly precondition: Json;
}

/** A step that the guard took out, with its own reason beside the reason of the step. */
export interface RefusedStep<S extends Step = Step> {
  readonly step: S;
  readonly refused: Reason;
}

/** What a decision came to: ordered steps, and those that a guard refused. Plain JSON. */
export interface Plan<S extends Step = Step> {
  readonly steps: readonly S[];
  readonly refused: readonly RefusedStep<S>[];
}

/**
 * A decision: a pure function of facts, policy and time. No client, clock or environment reaches it, so an audit record
 * that holds its arguments replays to the same plan.
 */
export type Decider<Facts = never, Policy = never, Decided = unknown> = (
  facts: Facts,
  policy: Policy,
  now: Date,
) => Decided;

/** Deciders by the name under which audit records know them. */
export type Deciders = Readonly<Record<string, Decider>>;
