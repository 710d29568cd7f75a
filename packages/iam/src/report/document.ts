import type { ErrorSummary, Instant, Reason, StepOutcome } from '@remedykit/core';
import type { AccountRun, CredentialRun, OpenCase } from '../enforcer/outcome.ts';
import { library } from '../library.ts';
import type { MailCount, RunNotice } from '../messages/run-summary.ts';
import type { Exempt } from '../model/case.ts';
import { caseKey, stepsByCase } from './steps-by-case.ts';

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
  /** By user name, then by case. */
  readonly cases: readonly ReportedCase[];
  /** By user name, as `skipped` and `faults`. */
  readonly exempt: readonly ReportedExemption[];
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
    readonly exempt: number;
    readonly skipped: number;
    readonly faults: number;
  };
  readonly accounts: readonly ReportedAccount[];
  /** Steps of no case above: users who comply again, users and accounts that could not be read. */
  readonly otherSteps: readonly ReportedStep[];
}

/** True where the time of a case is up: it is acted on, or people are told. */
export const isDue = ({ due }: Pick<ReportedCase, 'due'>): boolean => due === 'act' || due === 'report';

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const sortedBy = <T>(list: readonly T[], ...keys: readonly ((one: T) => string)[]): T[] =>
  [...list].sort((a, b) => keys.reduce((order, key) => order || compare(key(a), key(b)), 0));

const stepOf = ({
  stepId,
  action,
  status,
  reason,
  because,
  retryable,
  error,
  requestIds,
}: StepOutcome): ReportedStep => ({
  stepId,
  action,
  outcome: status,
  reason,
  because,
  retryable,
  ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
  requestIds: requestIds ?? [],
});

const caseOf = (one: OpenCase, steps: readonly StepOutcome[]): ReportedCase => ({
  userName: one.userName,
  userId: one.userId,
  caseId: one.caseId,
  rule: one.rule,
  credentialId: one.credentialId,
  since: one.since,
  state: one.state,
  deadline: one.deadline,
  due: one.action,
  reason: one.reason,
  because: one.because,
  steps: steps.map(stepOf),
});

const noticesOf = (notices: readonly RunNotice[]): ReportedNotice[] =>
  sortedBy(
    notices,
    ({ subject }) => subject ?? '',
    ({ reason }) => reason,
  ).map(({ subject, reason, because }) => ({ ...(subject === undefined ? {} : { subject }), reason, because }));

const accountOf = (account: AccountRun, ofCases: ReadonlyMap<string, readonly StepOutcome[]>): ReportedAccount => {
  const { accountId, preview, done, error, users, reportGeneratedAt, calls, mails, open, exempt, root } = account;
  const cases = sortedBy(
    open,
    ({ userName }) => userName,
    ({ caseId }) => caseId,
  );
  return {
    accountId,
    preview,
    done,
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    users,
    ...(reportGeneratedAt === undefined ? {} : { reportGeneratedAt }),
    calls: { detection: calls.detection, polls: calls.polls, all: calls.all },
    mails: mails.map(({ stage, status, count }) => ({ stage, status, count })),
    cases: cases.map((one) => caseOf(one, ofCases.get(caseKey(accountId, one.userName, one.caseId)) ?? [])),
    exempt: sortedBy(exempt, ({ userName }) => userName).map(({ userName, by, reason, expires }) => ({
      userName,
      by,
      reason,
      expires,
    })),
    skipped: noticesOf(account.skipped),
    root: root.map(({ reason, because, subject }) => ({
      reason,
      because,
      // The notice about a root user says when it was used, for that is what makes it another one.
      ...(subject === undefined ? {} : { lastUsedAt: subject }),
    })),
    cannotWarn: noticesOf(account.cannotWarn),
    faults: noticesOf(account.faults),
  };
};

/** A run in the shape of its reports. Pure, and in an order that does not depend on who was looked at first. */
export const reportOf = (run: CredentialRun): CredentialReport => {
  const { ofCases, others } = stepsByCase(run);
  const accounts = sortedBy(run.accounts, ({ accountId }) => accountId).map((account) => accountOf(account, ofCases));
  const total = (count: (account: ReportedAccount) => number): number =>
    accounts.reduce((sum, account) => sum + count(account), 0);
  return {
    schema: 1,
    kind: 'credential-run',
    library,
    runId: run.runId,
    at: run.at,
    done: run.done && accounts.every(({ done }) => done),
    totals: {
      accounts: accounts.length,
      accountsDone: total(({ done }) => (done ? 1 : 0)),
      users: total(({ users }) => users),
      cases: total(({ cases }) => cases.length),
      due: total(({ cases }) => cases.filter(isDue).length),
      exempt: total(({ exempt }) => exempt.length),
      skipped: total(({ skipped }) => skipped.length),
      faults: total(({ faults, cannotWarn }) => faults.length + cannotWarn.length),
    },
    accounts,
    otherSteps: others.map(stepOf),
  };
};
