import { RemediationError, type StepOutcome, toInstant, toJson } from '@remedykit/core';
import { checkRunId } from '../actions/journal-document.ts';
import { library } from '../library.ts';
import type { CallOptions } from './options.ts';
import type { Settings } from './settings.ts';

/** One call of the enforcer: its settings, its time, its place in the audit trail. */
export interface Run {
  readonly settings: Settings;
  readonly id: string;
  readonly startedAt: Date;
  /** Days to look ahead; absent in a run that acts. */
  readonly horizon?: number;
  /** The one user that the run is about; absent: everybody. */
  readonly only?: { readonly accountId: string; readonly userId: string };
  readonly remainingTimeMs: () => number;
}

/** What a call is about, where it is not a run over everybody. */
export type RunScope = Pick<Run, 'horizon' | 'only'>;

/**
 * Begins a call. Without `remainingTimeMs` it may take as long as it takes.
 * @throws RemediationError `REMAINING_TIME_INVALID`, `RUN_ID_INVALID` (what `newId` gives)
 */
export const beginRun = (settings: Settings, { remainingTimeMs }: CallOptions, scope: RunScope = {}): Run => {
  if (remainingTimeMs !== undefined && !Number.isFinite(remainingTimeMs()))
    throw new RemediationError({
      code: 'REMAINING_TIME_INVALID',
      message: `remainingTimeMs() must give the milliseconds left to the call, it gave ${remainingTimeMs()}. Leave the option out where nothing limits the call.`,
    });
  const id = settings.newId();
  checkRunId(id);
  return {
    settings,
    id,
    startedAt: settings.now(),
    ...scope,
    remainingTimeMs: remainingTimeMs ?? (() => Number.POSITIVE_INFINITY),
  };
};

/** A decision as it goes into the audit trail. */
export interface Decision {
  readonly decider: string;
  readonly facts: unknown;
  /** Default: the policy about cases. */
  readonly policy?: unknown;
  readonly plan: unknown;
  readonly at: Date;
  readonly outcomes: readonly StepOutcome[];
}

/**
 * Writes the audit record of one decision. What the sink throws fails the run: an unrecorded change is worse than a late
 * one.
 */
export const record = async (
  { settings, id }: Pick<Run, 'settings' | 'id'>,
  { decider, facts, policy = settings.policy, plan, at, outcomes }: Decision,
): Promise<void> => {
  try {
    await settings.audit({
      schema: 1,
      id: settings.newId(),
      at: toInstant(at),
      library,
      decider,
      facts: toJson(facts),
      policy: toJson(policy),
      plan: toJson(plan),
      outcomes,
      correlation: { runId: id },
    });
  } catch (cause) {
    throw new RemediationError({
      code: 'AUDIT_FAILED',
      message: `The audit record of a decision (${decider}) could not be written.`,
      retryable: true,
      cause,
    });
  }
};
