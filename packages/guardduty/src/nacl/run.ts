import {
  type AuditRecord,
  type RejectedInput,
  RemediationError,
  type StepOutcome,
  toInstant,
  toJson,
} from '@remedykit/core';
import { library } from '../library.ts';
import type { CallOptions } from './options.ts';
import type { Settings } from './settings.ts';

/** One call of the blocker: its settings, its time, its place in the audit trail. */
export interface Run {
  readonly settings: Settings;
  readonly id: string;
  /** True for `plan`: nothing is written and nothing recorded. */
  readonly planOnly: boolean;
  /** The instant that decisions are made for. */
  readonly now: () => Date;
  readonly remainingTimeMs: () => number;
}

/** A lease under which slots are written. */
export interface Lease {
  readonly owner: string;
  readonly until: string;
}

/**
 * Begins a call. Without `remainingTimeMs` it may take `functionTimeout` from now.
 * @throws RemediationError `REMAINING_TIME_INVALID`: a lease needs an end
 */
export const beginRun = (
  settings: Settings,
  { remainingTimeMs, at, planOnly = false }: CallOptions & { readonly at?: Date; readonly planOnly?: boolean },
): Run => {
  const left = remainingTimeMs === undefined ? settings.functionTimeout : remainingTimeMs();
  if (!Number.isFinite(left)) {
    throw new RemediationError({
      code: 'REMAINING_TIME_INVALID',
      message: `remainingTimeMs() must give the milliseconds left to the call, it gave ${left}. Where nothing limits the call, leave the option out; functionTimeout holds then.`,
    });
  }
  const end = settings.now().getTime() + settings.functionTimeout;
  return {
    settings,
    id: settings.newId(),
    planOnly,
    now: at ? () => at : settings.now,
    remainingTimeMs: remainingTimeMs ?? (() => end - settings.now().getTime()),
  };
};

/**
 * A lease for the writes that begin in this call: until the call must end, and one request longer, for a request that was
 * sent in the last moment may still take effect. Nobody else touches the slot before it ends.
 */
export const newLease = ({ settings, remainingTimeMs }: Run, owner: string): Lease => ({
  owner,
  until: toInstant(new Date(settings.now().getTime() + Math.max(0, remainingTimeMs()) + settings.requestTimeoutMs)),
});

/** A decision as it goes into the audit trail. */
export interface Decision {
  readonly decider: string;
  readonly facts: unknown;
  readonly plan: unknown;
  readonly at: Date;
  readonly outcomes: readonly StepOutcome[];
  readonly findingId?: string;
  readonly recordId?: string;
}

/** Writes the audit record of one decision. */
export const record = async (
  run: Run,
  { decider, facts, plan, at, outcomes, ...correlation }: Decision,
): Promise<void> => {
  if (run.planOnly) return;
  const { settings } = run;
  const audit: AuditRecord = {
    schema: 1,
    id: settings.newId(),
    at: toInstant(at),
    library,
    decider,
    facts: toJson(facts),
    policy: toJson(settings.policy),
    plan: toJson(plan),
    outcomes,
    correlation: { runId: run.id, ...correlation },
  };
  await writeAudit(run, audit, `of a decision (${decider})`);
};

/** Gives a record to the audit sink. What it throws fails the run: an unrecorded change is worse than a late one. */
export const writeAudit = async (
  { settings }: Run,
  audit: AuditRecord | RejectedInput,
  what: string,
): Promise<void> => {
  try {
    await settings.audit(audit);
  } catch (cause) {
    throw new RemediationError({
      code: 'AUDIT_FAILED',
      message: `The audit record ${what} could not be written.`,
      retryable: true,
      cause,
    });
  }
};
