import { RemediationError } from '../errors.ts';
import { type Json, toJson } from '../json.ts';
import { differences } from '../json-differences.ts';
import type { Deciders } from '../plan.ts';
import type { AuditRecord, RejectedInput } from './record.ts';

/** Options of a replay. */
export interface ReplayOptions {
  /** The library that decides now, `@remedykit/guardduty@1.3.0`, to tell whether it is the one that decided then. */
  readonly library?: string;
}

/** What a replay comes to. */
export interface Replay {
  /** True when the plan is the recorded one. */
  readonly same: boolean;
  /** The plan as it is decided now. */
  readonly plan: Json;
  /** JSON paths at which the two plans differ. */
  readonly differences: readonly string[];
  /** `same` is absent when the current library was not given. */
  readonly library: { readonly recorded: string; readonly current?: string; readonly same?: boolean };
}

/**
 * Makes a recorded decision again, from its facts, policy and time, and compares the plans. Key order and undefined keys
 * do not matter. A plan that differs is a result, not an error.
 * @throws RemediationError `AUDIT_NOT_A_DECISION` (a rejected input: nothing was decided), `DECIDER_UNKNOWN`,
 * `SCHEMA_NEWER` (written by a newer library), `AUDIT_RECORD_INVALID`, `REPLAY_FAILED` (the decider threw)
 * @example
 * ```ts
 * import { type AuditRecord, type Decider, replay } from '@remedykit/core';
 * const double: Decider<{ n: number }, { factor: number }> = ({ n }, { factor }) => ({ result: n * factor });
 * const check = (record: AuditRecord) => replay(record, { double }).same;
 * ```
 */
export const replay = (
  record: AuditRecord | RejectedInput,
  deciders: Deciders,
  { library }: ReplayOptions = {},
): Replay => {
  if (record.schema > 1)
    throw new RemediationError({
      code: 'SCHEMA_NEWER',
      message: `The audit record ${record.id} was written by a newer version: ${record.library}. Replay it with that one.`,
    });
  if (!('decider' in record))
    throw new RemediationError({
      code: 'AUDIT_NOT_A_DECISION',
      message: `The audit record ${record.id} keeps a rejected input; nothing was decided.`,
    });
  const decide = Object.hasOwn(deciders, record.decider) ? deciders[record.decider] : undefined;
  if (decide === undefined)
    throw new RemediationError({
      code: 'DECIDER_UNKNOWN',
      message: `No decider "${record.decider}" was given; known are: ${Object.keys(deciders).join(', ')}.`,
    });
  const now = new Date(record.at);
  if (Number.isNaN(now.getTime()))
    throw new RemediationError({
      code: 'AUDIT_RECORD_INVALID',
      message: `The audit record ${record.id} has no valid time: ${record.at}.`,
    });

  const plan = decideAgain(record, decide, now);
  const changed = differences(record.plan, plan);
  return {
    same: changed.length === 0,
    plan,
    differences: changed,
    library: {
      recorded: record.library,
      ...(library === undefined ? {} : { current: library, same: library === record.library }),
    },
  };
};

const decideAgain = (record: AuditRecord, decide: Deciders[string], now: Date): Json => {
  try {
    // The record holds what this decider was given, as JSON; no type can say so, hence `never`.
    return toJson(decide(toJson(record.facts) as never, toJson(record.policy) as never, now));
  } catch (error) {
    throw new RemediationError({
      code: 'REPLAY_FAILED',
      message: `The decider "${record.decider}" threw on the audit record ${record.id}.`,
      cause: error,
    });
  }
};
