import type { StepOutcome } from '@remedykit/core';
import type { AccountRun, CredentialRun, OpenCase } from '../enforcer/outcome.ts';
import { library } from '../library.ts';
import type { ExemptUser, RunNotice } from '../messages/run-summary.ts';
import {
  type ActionTotals,
  type CredentialReport,
  isDue,
  type ReportedAccount,
  type ReportedAction,
  type ReportedCase,
  type ReportedExemption,
  type ReportedNotice,
  type ReportedOtherStep,
  type ReportedStep,
} from './document.ts';
import { caseKey, stepsByCase, stepsOfNoAccount } from './steps-by-case.ts';

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
  ...(one.acting === undefined ? {} : { acting: { reason: one.acting.reason, because: one.acting.because } }),
  steps: steps.map(stepOf),
});

const noticesOf = (notices: readonly RunNotice[]): ReportedNotice[] =>
  sortedBy(
    notices,
    ({ subject }) => subject ?? '',
    ({ reason }) => reason,
  ).map(({ subject, reason, because }) => ({ ...(subject === undefined ? {} : { subject }), reason, because }));

const exemptionsOf = (exempt: readonly ExemptUser[]): ReportedExemption[] =>
  sortedBy(exempt, ({ userName }) => userName).map(({ userName, by, reason, expires }) => ({
    userName,
    by,
    reason,
    expires,
  }));

const actionsOf = ({ actions, open }: AccountRun): ReportedAction[] => {
  const cases = new Map(open.map((one) => [caseKey(one), one]));
  return sortedBy(
    actions,
    ({ subject }) => subject,
    ({ rule }) => rule,
    ({ credentialId }) => credentialId,
  ).map(({ subject, rule, credentialId, action, policy, status, decided, runId, reason, because }) => {
    const about = cases.get(caseKey({ userName: subject, caseId: `${rule}/${credentialId}` }));
    return {
      userName: subject,
      ...(about === undefined ? {} : { userId: about.userId }),
      rule,
      credentialId,
      ...(about === undefined ? {} : { deadline: about.deadline }),
      action,
      ...(policy === undefined ? {} : { policy }),
      outcome: status,
      ...(decided === undefined ? {} : { decided }),
      ...(runId === undefined ? {} : { runId }),
      reason,
      because,
    };
  });
};

/** An account, and its steps of no case. */
const accountOf = (account: AccountRun): { account: ReportedAccount; others: ReportedOtherStep[] } => {
  const { accountId, preview, done, error, users, reportGeneratedAt, calls, mails, open, root } = account;
  const { ofCases, others } = stepsByCase(account);
  const cases = sortedBy(
    open,
    ({ userName }) => userName,
    ({ caseId }) => caseId,
  );
  return {
    others: others.map((step) => ({ ...stepOf(step), accountId })),
    account: {
      accountId,
      preview,
      done,
      ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
      users,
      ...(reportGeneratedAt === undefined ? {} : { reportGeneratedAt }),
      calls: { detection: calls.detection, polls: calls.polls, all: calls.all },
      mails: mails.map(({ stage, status, count }) => ({ stage, status, count })),
      actions: actionsOf(account),
      onHold: noticesOf(account.onHold),
      cases: cases.map((one) => caseOf(one, ofCases.get(caseKey(one)) ?? [])),
      exempt: exemptionsOf(account.exempt),
      ended: exemptionsOf(account.ended),
      skipped: noticesOf(account.skipped),
      root: root.map(({ reason, because, subject }) => ({
        reason,
        because,
        // The notice about a root user says when it was used, for that is what makes it another one.
        ...(subject === undefined ? {} : { lastUsedAt: subject }),
      })),
      cannotWarn: noticesOf(account.cannotWarn),
      faults: noticesOf(account.faults),
    },
  };
};

const actionTotals = (accounts: readonly ReportedAccount[]): ActionTotals => {
  const totals = { applied: 0, 'already-applied': 0, planned: 0, skipped: 0, refused: 0, failed: 0 };
  for (const { outcome } of accounts.flatMap(({ actions }) => actions)) totals[outcome] += 1;
  return totals;
};

/** A run in the shape of its reports. Pure, and in an order that does not depend on who was looked at first. */
export const reportOf = (run: CredentialRun): CredentialReport => {
  const found = sortedBy(run.accounts, ({ accountId }) => accountId).map(accountOf);
  const accounts = found.map(({ account }) => account);
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
      actions: actionTotals(accounts),
      onHold: total(({ onHold }) => onHold.length),
      exempt: total(({ exempt }) => exempt.length),
      skipped: total(({ skipped }) => skipped.length),
      faults: total(({ faults, cannotWarn }) => faults.length + cannotWarn.length),
    },
    accounts,
    otherSteps: [...found.flatMap(({ others }) => others), ...stepsOfNoAccount(run).map(stepOf)],
  };
};
