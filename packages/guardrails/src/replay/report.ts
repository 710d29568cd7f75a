import type { ErrorSummary } from '@remedykit/core';
import type { Exempt } from '../evaluate/evaluate.ts';
import type { PolicyType } from '../policy/document.ts';

/** What became of an event. */
export type ReplayOutcome =
  /** The policies would have denied it. */
  | 'denied'
  /** It depends on something that the event does not show. */
  | 'unknown'
  /** Nothing in the policies stands in the way. */
  | 'allowed'
  /** AWS does not apply the policies to it: the management account, a service-linked role, a service that acts for itself. */
  | 'exempt'
  /** AWS refused it then, so that the policies change nothing. */
  | 'already-denied'
  /** No call that the policies are about. */
  | 'not-evaluated';

/** Why an event was not evaluated. */
export type NotEvaluated =
  /** A sign-in, an event of a service, an insight: no call of an API. */
  | 'not-an-api-call'
  /** An account that was not asked about. */
  | 'other-account'
  /** The policies bind the principal's or the resource's account, and this is the record of the other one. */
  | 'other-side'
  /** A call that needs no permission. */
  | 'no-permission-needed';

/** A list that may be longer than what is listed. */
export interface ReplayRows<Row> {
  /** The most frequent first. */
  readonly rows: readonly Row[];
  /** How many more there are. */
  readonly omitted: number;
  /** False when there were too many to count each: the counts of rows are then lower bounds. The outcomes always are exact. */
  readonly exact: boolean;
}

/** How often, and when. */
export interface Seen {
  readonly events: number;
  /** ISO 8601. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** A statement, as it is told apart. */
export interface ReportedStatement {
  readonly type: PolicyType;
  readonly policy: string;
  readonly target: string;
  /** The Sid, `statement 2` where there is none, `no allowance` where a level allows nothing of the kind. */
  readonly statement: string;
}

/** One event, to look at. */
export interface ReplayExample {
  readonly eventId?: string;
  readonly eventName: string;
  readonly region?: string;
  readonly accountId?: string;
  readonly resource?: string;
  readonly sourceIp?: string;
  readonly userAgent?: string;
}

/** Events of a principal that statements would have denied. */
export interface DenialRow extends Seen {
  readonly principal: string;
  readonly action: string;
  readonly by: readonly ReportedStatement[];
  readonly example: ReplayExample;
}

/** A statement that would have denied. */
export interface StatementRow extends Seen, ReportedStatement {}

/** A principal that would have been denied. */
export interface PrincipalRow extends Seen {
  readonly principal: string;
  readonly accountId?: string;
}

/** Events of which nobody can say whether statements would have denied them. */
export interface UnknownRow extends Seen {
  readonly action: string;
  readonly by: readonly ReportedStatement[];
  /** Condition keys in lower case, `resource`, or `action`. */
  readonly missing: readonly string[];
  readonly example: ReplayExample;
}

/** Events whose name is no action, and in no table. */
export interface UnmappedRow extends Seen {
  readonly eventSource: string;
  readonly eventName: string;
}

/** What a set of policies would have done to the calls in a log of CloudTrail. Plain JSON. */
export interface ReplayReport {
  readonly schema: 1;
  /** ISO 8601. */
  readonly generatedAt: string;
  readonly policies: { readonly statements: number; readonly types: readonly PolicyType[] };
  readonly read: {
    readonly files: number;
    /** Digests of CloudTrail, and files that are named like no log. */
    readonly digests: number;
    readonly otherFiles: number;
    /** Records that are events: the sum of all outcomes. */
    readonly events: number;
    /** Elements that are no event, or lack what says which call it was. */
    readonly malformed: number;
    /** Files that could not be read to their end. */
    readonly unreadable: number;
    /** The first of these errors. */
    readonly errors: readonly ErrorSummary[];
  };
  /** Time of the first and of the last event. ISO 8601. */
  readonly period?: { readonly from: string; readonly to: string };
  /** Events that were asked about: denied, unknown and allowed. */
  readonly evaluated: number;
  readonly outcomes: Readonly<Record<ReplayOutcome, number>>;
  readonly exempt: Readonly<Record<Exempt['reason'], number>>;
  readonly notEvaluated: Readonly<Record<NotEvaluated, number>>;
  readonly statements: ReplayRows<StatementRow>;
  readonly principals: ReplayRows<PrincipalRow>;
  readonly denials: ReplayRows<DenialRow>;
  readonly unknowns: ReplayRows<UnknownRow>;
  readonly unmapped: ReplayRows<UnmappedRow>;
  /** What no log of CloudTrail shows. */
  readonly limits: readonly { readonly limit: string; readonly effect: string }[];
}
