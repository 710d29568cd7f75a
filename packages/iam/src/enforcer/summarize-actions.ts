import { addTo, days, toInstant } from '@remedykit/core';
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

/** How far back it matters what runs did that did not come to their end. */
const toldWithin = days(2);

/** What runs did that did not come to their end, so that nobody was told of it. */
export const untoldActions = (
  { runId, preview, journal, console }: AccountResults,
  told: Told,
  now: Date,
): RunAction[] => {
  if (preview) return [];
  const wasTold = (id: string): boolean => told.wasTold(`run/${id}`);
  const untold = journal.filter(
    ({ completedAt, runId: of }) =>
      completedAt !== undefined && addTo(completedAt, toldWithin) >= toInstant(now) && !wasTold(of),
  );
  // What this run does is told with it.
  wasTold(runId);
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
