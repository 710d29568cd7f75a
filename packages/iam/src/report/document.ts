import type { ErrorSummary, Instant, Reason, StepOutcome } from '@remedykit/core';
import type { AccountRun, OpenCase } from '../enforcer/outcome.ts';
import type { MailCount, RunAction } from '../messages/run-summary.ts';
import type { Exempt } from '../model/case.ts';

/** One step of a run: what was tried, and what became of it. */
export interface ReportedStep extends Reason {
  readonly stepId: string;
  /** `warn`, `deactivate`, `attach-policy`, … */
  readonly action: string;
  readonly outcome: StepOutcome['status'];
  readonly retryable: boolean;
  readonly error?: ErrorSummary;
  readonly requestIds: readonly string[];
}

/** A step of no case that is listed. */
export interface ReportedOtherStep extends ReportedStep {
  /** Absent where it is of no account, or of one that failed as a whole. */
  readonly accountId?: string;
}

/** One change of one credential that was made, or was to be made. */
export interface ReportedAction
  extends Reason,
    Pick<RunAction, 'action' | 'policy' | 'rule' | 'credentialId' | 'decided'> {
  readonly userName: string;
  /** As of its step; `planned` where it would be made and this was a dry run. */
  readonly outcome: RunAction['status'];
  /** The run that made it, where that was not this one; it is the one to be undone then. */
  readonly runId?: string;
  /** Of the case, while that is open. */
  readonly userId?: string;
  readonly deadline?: Instant;
}

/** How many changes had which outcome. */
export type ActionTotals = Readonly<Record<ReportedAction['outcome'], number>>;

/** One credential that breaks a rule. */
export interface ReportedCase extends Omit<OpenCase, 'action'> {
  /** What its deadline and its mails call for: `wait`, `warn`, `act` (the time is up) or `report`. */
  readonly due: OpenCase['action'];
  /** What this run did about it, in order. */
  readonly steps: readonly ReportedStep[];
}

/** A user who is exempt. */
export interface ReportedExemption extends Exempt {
  readonly userName: string;
}

/** Something that was left out, or failed. */
export interface ReportedNotice extends Reason {
  /** What it is about, where it is not the account as a whole: a user's name. */
  readonly subject?: string;
}

/** What is told about a root user. */
export interface ReportedRootFinding extends Reason {
  readonly lastUsedAt?: Instant;
}

/** One account of a report. */
export interface ReportedAccount {
  readonly accountId: string;
  /** True where nothing was mailed or changed. */
  readonly preview: boolean;
  /** False: not everybody was looked at, so that what is missing here may be there. */
  readonly done: boolean;
  /** Why the account could not be looked at. */
  readonly error?: ErrorSummary;
  readonly users: number;
  /** When AWS made the credential report. */
  readonly reportGeneratedAt?: Instant;
  /** Requests to IAM. */
  readonly calls: AccountRun['calls'];
  readonly mails: readonly MailCount[];
  /** Changes that were made, failed or were refused; by user name, then by case, then in the order of the plan. */
  readonly actions: readonly ReportedAction[];
  /** Users of whom every session is denied until a person answers. */
  readonly onHold: readonly ReportedNotice[];
  /** By user name, then by case. */
  readonly cases: readonly ReportedCase[];
  /** By user name, as `skipped` and `faults`. */
  readonly exempt: readonly ReportedExemption[];
  /** Whose exemption is over: they are judged as everybody. */
  readonly ended: readonly ReportedExemption[];
  /** Users of whom nothing is said, neither good nor bad, and addresses that could not be used. */
  readonly skipped: readonly ReportedNotice[];
  readonly root: readonly ReportedRootFinding[];
  /** Why no mail can be trusted to arrive: no clock runs, and nobody is acted on. */
  readonly cannotWarn: readonly ReportedNotice[];
  readonly faults: readonly ReportedNotice[];
}

/** A run as `credentialReportJson` writes it. Instants are ISO 8601 in UTC. Fields may be added; none changes its meaning. */
export interface CredentialReport {
  readonly schema: 1;
  readonly kind: 'credential-run';
  /** Who wrote it, with its version. */
  readonly library: string;
  readonly runId: string;
  /** When the run began. */
  readonly at: Instant;
  readonly done: boolean;
  /** Over all accounts. */
  readonly totals: {
    readonly accounts: number;
    /** Accounts that were looked at to the end. */
    readonly accountsDone: number;
    readonly users: number;
    readonly cases: number;
    /** Cases whose time is up. */
    readonly due: number;
    /** Changes, by their outcome. */
    readonly actions: ActionTotals;
    readonly onHold: number;
    readonly exempt: number;
    readonly skipped: number;
    readonly faults: number;
  };
  readonly accounts: readonly ReportedAccount[];
  /** Steps of no case above: users who comply again, users and accounts that could not be read. */
  readonly otherSteps: readonly ReportedOtherStep[];
}

/** True where the time of a case is up: it is acted on, or people are told. */
export const isDue = ({ due }: Pick<ReportedCase, 'due'>): boolean => due === 'act' || due === 'report';
