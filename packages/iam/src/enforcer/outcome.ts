import type { ErrorSummary, Instant, Outcome, Reason, StepOutcome } from '@remedykit/core';
import type { ForecastEntry } from '../lifecycle/forecast-case.ts';
import type { Consequence } from '../messages/credential-text.ts';
import type { AccountRunSummary, RunSummary } from '../messages/run-summary.ts';
import type { CaseAction, CaseState, Exempt, RuleName } from '../model/case.ts';
import type { Skipped } from '../rules/skipped.ts';
import type { ResolveAnswer } from './resolve-request.ts';

/** One credential that breaks a rule, and where its case stands. Plain JSON. */
export interface OpenCase extends Reason {
  readonly userId: string;
  readonly userName: string;
  /** `<rule>/<credential id>`. */
  readonly caseId: string;
  readonly rule: RuleName;
  readonly credentialId: string;
  /** From when its days are counted. */
  readonly since: Instant;
  readonly state: CaseState;
  /** Midnight UTC. */
  readonly deadline: Instant;
  readonly action: CaseAction['kind'];
  /** What the decision about acting says, where it was taken: a documented code of `consoleReasons` or `credentialReasons`. */
  readonly acting?: Reason;
}

/** What a run found and did in one account: the summary for people, and all that it is made of. */
export interface AccountRun extends AccountRunSummary {
  /** Every case that is open, users who are exempt apart. */
  readonly open: readonly OpenCase[];
  /** Why the account as a whole could not be looked at, if so: nobody was mailed then. */
  readonly error?: ErrorSummary;
  /** What was done in this account, mails and actions, in order. */
  readonly steps: readonly StepOutcome[];
  /** Requests to IAM: those that name no user, those that wait for the credential report, and all. */
  readonly calls: { readonly detection: number; readonly polls: number; readonly all: number };
}

/**
 * What a run found and did. Give it to `runSummaryMessage`, then to `assertComplete`. A call that ended for want of time is
 * gone on with by the next one within the hour, under the same `runId`; accounts that were finished before are not in it.
 */
export interface CredentialRun extends Outcome, RunSummary {
  readonly accounts: readonly AccountRun[];
}

/** An answer as it was kept, and the run of that user that followed. */
export interface CredentialAnswer extends CredentialRun {
  readonly answer: ResolveAnswer;
}

/** What will come of one credential. */
export interface ForecastCase extends Omit<OpenCase, 'action' | 'acting'> {
  /** What comes of it at its deadline, as things stand. */
  readonly consequence: Consequence;
  /** Days on which something is done, if every mail is accepted and nothing else changes. */
  readonly days: readonly ForecastEntry[];
}

/** Somebody who is exempt, and would have a case. */
export interface ForecastExempt extends Exempt {
  readonly userId: string;
  readonly userName: string;
}

/** What will come in one account. */
export interface AccountForecast {
  readonly accountId: string;
  readonly users: number;
  readonly cases: readonly ForecastCase[];
  readonly exempt: readonly ForecastExempt[];
  readonly skipped: readonly Skipped[];
  readonly error?: ErrorSummary;
}

/** Who will be warned, and whose time will be up, within the days asked for. */
export interface CredentialForecast {
  readonly at: Instant;
  readonly days: number;
  readonly accounts: readonly AccountForecast[];
  /** False when time ran out before every account was looked at. */
  readonly done: boolean;
}
