import { addTo, days, toInstant } from '@remedykit/core';
import type { ActionReason } from '../actions/action-reasons.ts';
import type { CredentialReason } from '../actions/credential-reasons.ts';
import type { Inventory } from '../inventory/gather.ts';
import type { DueCase, RunAction, RunNotice } from '../messages/run-summary.ts';
import type { ConsolePolicy } from '../mfa/console-facts.ts';
import type { ConsoleReason } from '../mfa/console-reasons.ts';
import type { ActionTarget, JournalEntry } from '../model/action.ts';
import type { RuleName, StoppedClock } from '../model/case.ts';
import type { SetAside } from '../warnings/mail-store.ts';
import type { Acted } from './act.ts';
import { stepsOf as intendedSteps } from './intents.ts';
import type { AccountRun, OpenCase } from './outcome.ts';
import type { Told } from './told.ts';
import type { UserResult } from './user-result.ts';

/** What a run of one account came to, before it is counted. */
export interface AccountResults {
  readonly accountId: string;
  readonly preview: boolean;
  readonly inventory: Inventory;
  readonly users: readonly UserResult[];
  readonly acted: Acted;
  readonly runId: string;
  /** All that was ever done in the account, but for what this run does. */
  readonly journal: readonly JournalEntry[];
  /** Which of the two MFA policies is which. */
  readonly console?: Pick<ConsolePolicy, 'enrolmentArn' | 'holdArn'>;
  /** ARNs of break-glass users, of all accounts. */
  readonly breakGlass: readonly string[];
  readonly stopped: readonly StoppedClock[];
  readonly setAside: readonly SetAside[];
  readonly done: boolean;
  readonly calls: AccountRun['calls'];
}

const isDone = ({ status }: Pick<RunAction, 'status'>): boolean =>
  status === 'applied' || status === 'already-applied' || status === 'planned';

const caseParts = (caseId: string): Pick<RunAction, 'rule' | 'credentialId'> => {
  const [rule, ...credentialId] = caseId.split('/');
  return { rule: rule as RuleName, credentialId: credentialId.join('/') };
};

const policyOf = (target: ActionTarget, console: AccountResults['console']): Pick<RunAction, 'policy'> =>
  target.kind === 'managed-policy' ? { policy: target.policyArn === console?.holdArn ? 'hold' : 'enrolment' } : {};

/** What was done, or was to be done, step by step. */
export const actionsOf = ({ users, acted, console }: AccountResults, told: Told): RunAction[] =>
  users.flatMap(({ user: { userName, userId }, acting }) => {
    const steps = (acting?.intents ?? []).flatMap(intendedSteps);
    return (acted.outcomes.get(userId) ?? []).flatMap((outcome): RunAction[] => {
      const step = steps.find(({ id }) => id === outcome.stepId);
      if (step === undefined) return [];
      const status = outcome.reason === 'dry-run' ? 'planned' : outcome.status;
      const { reason, because } = status === 'planned' ? step : outcome;
      return [
        {
          action: step.action,
          subject: userName,
          ...caseParts(step.caseId),
          ...policyOf(step.target, console),
          status,
          reason,
          because,
          ...(reason === step.reason ? {} : { decided: step.reason }),
          announce: status === 'applied' || told.isNews(`action/${userId}/${step.id}/${status}/${reason}`),
        },
      ];
    });
  });

/** How far back it matters what nobody was told: a week without a run, and a day. */
const toldWithin = days(8);

/** Of these the journal says only later, by a look of another run, that they took effect. */
const isSeenLater: ReadonlySet<string> = new Set<ActionReason>(['answer-lost', 'journal-unmarked']);

/**
 * What runs did of which nobody was told: they did not come to their end, or what became of it was seen only now. A run that
 * ends for want of time is gone on with, so until it is done each of its changes is kept as told by itself.
 */
export const untoldActions = (
  { runId, preview, journal, users, acted, console, done }: AccountResults,
  told: Told,
  now: Date,
): RunAction[] => {
  if (preview) return [];
  const entryOf = (of: string, userId: string, stepId: string): string => `entry/${of}/${userId}/${stepId}`;
  const untold = journal.filter(({ completedAt, settledAt, runId: of, subject, stepId }) => {
    if (completedAt === undefined || addTo(completedAt, toldWithin) < toInstant(now)) return false;
    const [wasRunTold, wasEntryTold] = [told.wasTold(`run/${of}`), told.wasTold(entryOf(of, subject.userId, stepId))];
    return !wasEntryTold && (!wasRunTold || settledAt !== undefined);
  });
  for (const { runId: of, subject, stepId } of untold) told.tell(entryOf(of, subject.userId, stepId));
  // What this run does is told with it.
  const own = users.flatMap(({ user: { userId } }) =>
    (acted.outcomes.get(userId) ?? []).flatMap(({ stepId, status, reason }) =>
      status === 'applied' ? [{ id: entryOf(runId, userId, stepId), isSeenLater: isSeenLater.has(reason) }] : [],
    ),
  );
  if (done && (own.length > 0 || journal.some(({ runId: of }) => of === runId))) told.tell(`run/${runId}`);
  for (const { id, isSeenLater: isLate } of own) if (!done || isLate) told.tell(id);
  return untold.map(({ action, subject, target, caseId, reason, because, runId: of }) => ({
    action,
    subject: subject.userName,
    ...caseParts(caseId),
    ...policyOf(target, console),
    status: 'applied',
    reason,
    because,
    runId: of,
    announce: true,
  }));
};

/** Reasons for which somebody has to answer: told with every run. */
const needsAnswer: ReadonlySet<string> = new Set<ConsoleReason>([
  'active-keys',
  'boundary',
  'password-expired',
  'no-attachment-left',
]);

/** Nothing has to be done about these: it was done before, or is under way. */
const isSettled: ReadonlySet<string> = new Set<ConsoleReason | CredentialReason>([
  'already-denied',
  'on-hold',
  'exempt',
  'complies',
  'just-deactivated',
]);

/** People have to know at once, while its time is not up yet: somebody undid what we did. */
const isTold: ReadonlySet<string> = new Set<CredentialReason>(['relapse-waits', 'incident']);

/** Of each case whose time is up, and of which nothing was done: why. */
export const dueCases = (open: readonly OpenCase[], actions: readonly RunAction[], told: Told): DueCase[] =>
  open.flatMap(({ userId, userName, caseId, rule, credentialId, deadline, action, acting, ...decided }) => {
    if (action !== 'act' && action !== 'report' && !isTold.has(acting?.reason ?? '')) return [];
    const own = actions.filter(
      (one) => one.subject === userName && one.rule === rule && one.credentialId === credentialId,
    );
    if (own.length > 0 && own.every(isDone)) return [];
    if (own.length === 0 && acting !== undefined && isSettled.has(acting.reason)) return [];
    const { reason, because } = own.find((one) => !isDone(one)) ?? acting ?? decided;
    const isNews = told.isNews(`due/${userId}/${caseId}/${reason}`);
    return [
      { reason, because, subject: userName, rule, credentialId, deadline, announce: isNews || needsAnswer.has(reason) },
    ];
  });

/** Whose every session is denied until a person answers. */
export const onHold = (users: readonly UserResult[], actions: readonly RunAction[], told: Told): RunNotice[] =>
  users.flatMap(({ user: { userName, userId }, acting }) => {
    const put = actions.find(
      (one) => one.subject === userName && one.policy === 'hold' && one.action === 'attach-policy',
    );
    const decision = acting?.intents.find(({ decider }) => decider === 'credentials/console')?.decision;
    const isHeld = put === undefined ? decision?.reason === 'on-hold' : isDone(put) && put.status !== 'planned';
    if (!isHeld || decision === undefined) return [];
    return [
      { subject: userName, reason: 'on-hold', because: decision.because, announce: told.isNews(`hold/${userId}`) },
    ];
  });
