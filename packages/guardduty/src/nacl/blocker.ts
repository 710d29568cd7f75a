import { RemediationError } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import type { ParsedRecord } from '../parse/index.ts';
import { blockAll } from './block/block.ts';
import type { BlockItem } from './block/work.ts';
import { explain } from './explain/explain.ts';
import type { ExplainQuery, Explanation } from './explain/explanation.ts';
import { type ListedEntry, listEntries } from './ledger/list.ts';
import type { BlockerOptions, CallOptions } from './options.ts';
import type { BlockOutcome, DrainOutcome, ReconcileOutcome, SweepOutcome, UnblockOutcome } from './outcome.ts';
import { reconcileAll } from './reconcile/reconcile.ts';
import type { ReconcileOptions } from './reconcile/reconcile-options.ts';
import { drainAll } from './release/drain.ts';
import { sweepAll } from './release/sweep.ts';
import { type UnblockQuery, unblockAll } from './release/unblock.ts';
import { beginRun } from './run.ts';
import { readSettings } from './settings.ts';

/** One finding, or one record of a batch as `parseRecords` returned it. */
export type BlockInput = Finding | ParsedRecord;

/** Options of `plan`. */
export interface PlanOptions extends CallOptions {
  /** The instant to decide for, a `Date` or ISO 8601 with a zone; default now. A preview of old findings passes each finding's own time. */
  readonly at?: Date | string | undefined;
}

/** Options of `sweep`. */
export interface SweepOptions extends CallOptions {
  /** Where an earlier sweep stopped. */
  readonly cursor?: string;
}

/** Options of `drain`. */
export interface DrainOptions extends CallOptions {
  readonly requestedBy: string;
  readonly reason: string;
  /** Where an earlier drain stopped. */
  readonly cursor?: string;
}

/** Denies attackers in network ACLs and takes the denies out again. */
export interface NaclBlocker {
  /** What `block` would do, without trust, records or writes. */
  plan(finding: BlockInput, options?: PlanOptions): Promise<BlockOutcome>;
  plan(findings: readonly BlockInput[], options?: PlanOptions): Promise<BlockOutcome[]>;
  /**
   * Denies what the findings name. Each finding or record has its own outcome, in order. Throws `BLOCK_INPUT_INVALID` for
   * what was not parsed.
   */
  block(finding: BlockInput, options?: CallOptions): Promise<BlockOutcome>;
  block(findings: readonly BlockInput[], options?: CallOptions): Promise<BlockOutcome[]>;
  /** Takes denies out by hand, and keeps them out for a while. */
  unblock(query: UnblockQuery, options?: CallOptions): Promise<UnblockOutcome>;
  /**
   * Takes out what has expired or would not be denied today, and finishes what a dead writer left; call it on a schedule,
   * every 5 minutes.
   */
  sweep(options?: SweepOptions): Promise<SweepOutcome>;
  /**
   * Brings ledgers and network ACLs to agree: puts back once what vanished, lets go of what holds somebody else's entry,
   * lists denies that no ledger knows and takes them over where a person asks (`adopt`). Looks at every network ACL of the
   * accounts and Regions that have ledgers, and of `targets`. Throws `RECONCILE_OPTION_INVALID`.
   */
  reconcile(options?: ReconcileOptions): Promise<ReconcileOutcome>;
  /** Every deny of ours, from the ledgers. */
  list(): Promise<ListedEntry[]>;
  /**
   * What is known about an address (or CIDR) or a finding: what holds now, and with `auditTrail` each decision with its
   * rule, facts and version. Writes nothing. Throws `EXPLAIN_QUERY_INVALID`, `CIDR_INVALID`.
   */
  explain(query: ExplainQuery): Promise<Explanation>;
  /**
   * Takes everything of ours out of every network ACL, for an uninstall; the ledgers stay, empty. It prevents no new deny:
   * switch the rule off or pause new denies first, or the next finding begins anew. Throws `DRAIN_REQUEST_INVALID`.
   */
  drain(options: DrainOptions): Promise<DrainOutcome>;
}

/**
 * A blocker that turns findings into network ACL denies, each with an end. Decisions are pure and recorded; state is kept
 * in `store`. IAM actions: `blockerPermissions(options)`.
 * @throws RemediationError `BLOCKER_OPTION_INVALID`
 * @example
 * ```ts
 * import { EC2Client } from '@aws-sdk/client-ec2';
 * import { GuardDutyClient } from '@aws-sdk/client-guardduty';
 * import { createMemoryStore, hours } from '@remedykit/core';
 * import { createNaclBlocker } from '@remedykit/guardduty';
 *
 * const blocker = createNaclBlocker({
 *   mode: 'dry-run',
 *   accounts: ['111122223333'],
 *   trust: { readBack: new GuardDutyClient() },
 *   allowList: ['203.0.113.0/24'],
 *   blockFor: hours(24),
 *   ec2: new EC2Client(),
 *   store: createMemoryStore(),
 * });
 * ```
 */
export const createNaclBlocker = (options: BlockerOptions): NaclBlocker => {
  const settings = readSettings(options);

  async function block(input: BlockInput, call?: CallOptions): Promise<BlockOutcome>;
  async function block(input: readonly BlockInput[], call?: CallOptions): Promise<BlockOutcome[]>;
  async function block(input: BlockInput | readonly BlockInput[], call: CallOptions = {}) {
    return oneOrMany(input, (items) => blockAll(beginRun(settings, call), items));
  }

  async function plan(input: BlockInput, call?: PlanOptions): Promise<BlockOutcome>;
  async function plan(input: readonly BlockInput[], call?: PlanOptions): Promise<BlockOutcome[]>;
  async function plan(input: BlockInput | readonly BlockInput[], { at, ...call }: PlanOptions = {}) {
    const run = beginRun(settings, { ...call, planOnly: true, ...(at === undefined ? {} : { at: instantOf(at) }) });
    return oneOrMany(input, (items) => blockAll(run, items));
  }

  return {
    plan,
    block,
    unblock: async (query, call = {}) => unblockAll(beginRun(settings, call), query),
    sweep: async ({ cursor, ...call } = {}) => sweepAll(beginRun(settings, call), cursor),
    reconcile: async (options = {}) => reconcileAll(beginRun(settings, options), options),
    list: async () => listEntries(beginRun(settings, {})),
    explain: async (query) => explain(beginRun(settings, {}), query),
    drain: async ({ requestedBy, reason, cursor, ...call }) =>
      drainAll(beginRun(settings, call), { requestedBy, reason }, cursor),
  };
};

const oneOrMany = async (
  input: BlockInput | readonly BlockInput[],
  handle: (items: BlockItem[]) => Promise<BlockOutcome[]>,
): Promise<BlockOutcome | BlockOutcome[]> => {
  if (isMany(input)) return handle(input.map(toItem));
  const [outcome] = await handle([toItem(input)]);
  if (outcome) return outcome;
  throw new RemediationError({ code: 'OUTCOME_MISSING', message: 'The finding has no outcome; please report this.' });
};

const isMany = (input: BlockInput | readonly BlockInput[]): input is readonly BlockInput[] => Array.isArray(input);

const toItem = (input: BlockInput): BlockItem => {
  if (typeof input === 'object' && input !== null) {
    if ('provenance' in input) return { finding: input };
    if ('finding' in input || 'error' in input || 'recordId' in input) return input;
  }
  // An event of type `any` gets past TypeScript; taken for a malformed record it would be acknowledged.
  throw new RemediationError({
    code: 'BLOCK_INPUT_INVALID',
    message:
      'block and plan take what parseFinding(event) or parseRecords(event) returned. This is neither: parse the event first.',
  });
};

/** A day, or a time with its zone: without one the instant would depend on where the code runs. */
const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

const instantOf = (at: Date | string): Date => {
  const date = new Date(at);
  if (!Number.isNaN(date.getTime()) && (typeof at !== 'string' || instant.test(at))) return date;
  throw new RemediationError({
    code: 'PLAN_TIME_INVALID',
    message: `plan: "at" must be a Date or ISO 8601 with a zone (2026-11-24T10:00:00Z), it is ${String(at)}.`,
  });
};
