import { addTo, days, type Reason, type StepOutcome, toInstant } from '@remedykit/core';
import type { CredentialReason } from '../actions/credential-reasons.ts';
import type { Inventory } from '../inventory/gather.ts';
import { clockReasons } from '../lifecycle/decide-clock.ts';
import type { CaseCount, DueCase, ExemptUser, MailCount, RunAction, RunNotice } from '../messages/run-summary.ts';
import type { ConsolePolicy } from '../mfa/console-facts.ts';
import type { ConsoleReason } from '../mfa/console-reasons.ts';
import type { ActionTarget, JournalEntry } from '../model/action.ts';
import type { RuleName, StoppedClock } from '../model/case.ts';
import { rootFindings } from '../rules/root-findings.ts';
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

/** An exemption that ends within this is told once more, and once that it has ended. */
const endsSoon = days(14);

const countBy = <Item, Key extends string>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> => {
  const groups = new Map<Key, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
};

const caseCounts = (users: readonly UserResult[]): CaseCount[] =>
  [
    ...countBy(
      users.flatMap(({ open }) => open),
      ({ rule, state }) => `${rule}/${state}`,
    ).values(),
  ].flatMap((cases) =>
    cases[0] === undefined ? [] : [{ rule: cases[0].rule, state: cases[0].state, count: cases.length }],
  );

const mailCounts = (users: readonly UserResult[]): MailCount[] =>
  [
    ...countBy(
      users.flatMap(({ mails }) => mails),
      ({ stage, status }) => `${stage}/${status}`,
    ).values(),
  ].flatMap((mails) => (mails[0] === undefined ? [] : [{ ...mails[0], count: mails.length }]));

const exemptUsers = (users: readonly UserResult[], told: Told, now: Date): ExemptUser[] =>
  users.flatMap(({ user: { userName, userId }, exempt }) => {
    if (exempt === undefined) return [];
    const isNew = told.isNews(`exempt/${userId}/${exempt.by}`);
    const isEnding = addTo(now, endsSoon) >= exempt.expires && told.isNews(`exempt-ends/${userId}/${exempt.expires}`);
    return [{ userName, ...exempt, announce: isNew || isEnding }];
  });

/** Told once, while it is news that an exemption is over. */
const endedExemptions = (users: readonly UserResult[], told: Told, now: Date): ExemptUser[] =>
  users.flatMap(({ user: { userName, userId }, over }) =>
    over.map((one) => ({
      userName,
      ...one,
      announce: addTo(one.expires, endsSoon) >= toInstant(now) && told.isNews(`exempt-over/${userId}/${one.expires}`),
    })),
  );

const cannotWarn = (stopped: readonly StoppedClock[], told: Told): RunNotice[] =>
  stopped.flatMap(({ reason, until }) => {
    if (until !== undefined) return [];
    const because = Object.hasOwn(clockReasons, reason) ? clockReasons[reason as keyof typeof clockReasons] : reason;
    return [told.notice({ reason, because })];
  });

const recipientNotices = (users: readonly UserResult[], told: Told): RunNotice[] =>
  users
    // Of somebody about whom nobody is written to it does not matter.
    .filter(({ open }) => open.length > 0)
    .flatMap(({ user: { userName }, skippedRecipients }) =>
      skippedRecipients.map(({ source, why }) =>
        told.notice({ reason: why, because: `The address in ${source} is not written to.` }, userName),
      ),
    );

/** What was due and was not mailed, for somebody stopped it or nobody knows whether somebody did. */
const refusedNotices = (users: readonly UserResult[], told: Told): RunNotice[] => {
  const refused = new Map(
    users.flatMap(({ steps }) =>
      steps.flatMap(({ status, reason, because }) => (status === 'refused' ? [[reason, because] as const] : [])),
    ),
  );
  return [...refused].map(([reason, because]) => told.notice({ reason, because }));
};

const faultNotices = (results: AccountResults, told: Told): RunNotice[] => {
  const { inventory, setAside, acted } = results;
  const kept: Reason[] =
    inventory.report.keptBecause === undefined
      ? []
      : [
          {
            reason: 'report-kept',
            because: `No new credential report could be made; the one of ${inventory.report.generatedAt} is used.`,
          },
        ];
  return [
    ...kept.map((reason) => told.notice(reason)),
    ...acted.drift.map(({ arn, ...reason }) => told.notice(reason, arn)),
    ...acted.steps.map((reason) => told.notice({ reason: reason.reason, because: reason.because })),
    ...setAside.map(({ key, because }) => told.notice({ reason: 'document-set-aside', because }, key)),
  ];
};

const isDone = ({ status }: Pick<RunAction, 'status'>): boolean =>
  status === 'applied' || status === 'already-applied' || status === 'planned';

const caseParts = (caseId: string): Pick<RunAction, 'rule' | 'credentialId'> => {
  const [rule, ...credentialId] = caseId.split('/');
  return { rule: rule as RuleName, credentialId: credentialId.join('/') };
};

const policyOf = (target: ActionTarget, console: AccountResults['console']): Pick<RunAction, 'policy'> =>
  target.kind === 'managed-policy' ? { policy: target.policyArn === console?.holdArn ? 'hold' : 'enrolment' } : {};

/** What was done, or was to be done, step by step. */
const actionsOf = ({ users, acted, console }: AccountResults, told: Told): RunAction[] =>
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
const untoldActions = ({ runId, preview, journal, console }: AccountResults, told: Told, now: Date): RunAction[] => {
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
const dueCases = (open: readonly OpenCase[], actions: readonly RunAction[], told: Told): DueCase[] =>
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
const onHold = (users: readonly UserResult[], actions: readonly RunAction[], told: Told): RunNotice[] =>
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

/** What people are told of one account, and the cases behind it. Pure, but that `told` learns what is told. */
export const summarizeAccount = (results: AccountResults, told: Told, now: Date): AccountRun => {
  const { accountId, preview, inventory, users, stopped, done, calls } = results;
  const open = users.flatMap((user) => user.open);
  const own = actionsOf(results, told);
  const actions = [...untoldActions(results, told, now), ...own];
  return {
    accountId,
    preview,
    users: inventory.users.length,
    reportGeneratedAt: inventory.report.generatedAt,
    cases: caseCounts(users),
    mails: mailCounts(users),
    actions,
    due: dueCases(open, own, told),
    onHold: onHold(users, own, told),
    steps: stepsOf(results),
    skipped: [
      ...users.flatMap(({ skipped }) =>
        skipped.map(({ reason, because, userName }) => told.notice({ reason, because }, userName)),
      ),
      ...users.flatMap(({ user: { userName }, notes }) =>
        notes.map((because) => told.notice({ reason: 'exemption-void', because }, userName)),
      ),
      ...recipientNotices(users, told),
      ...refusedNotices(users, told),
    ],
    exempt: exemptUsers(users, told, now),
    ended: endedExemptions(users, told, now),
    cannotWarn: cannotWarn(stopped, told),
    root: (inventory.root === undefined ? [] : rootFindings(inventory.root, now)).map(({ reason, because, at }) =>
      told.notice({ reason, because }, at),
    ),
    faults: faultNotices(results, told),
    done,
    open,
    calls,
  };
};

/** Of an account that could not be looked at. */
export const failedAccount = (
  accountId: string,
  error: NonNullable<AccountRun['error']>,
  { preview, announce }: { readonly preview: boolean; readonly announce: boolean },
): AccountRun => ({
  accountId,
  preview,
  users: 0,
  cases: [],
  mails: [],
  actions: [],
  due: [],
  onHold: [],
  steps: [],
  skipped: [],
  exempt: [],
  ended: [],
  cannotWarn: [],
  root: [],
  faults: [{ reason: error.code, because: error.message, announce }],
  // Time did not run out; that it failed is said.
  done: error.code !== 'OUT_OF_TIME',
  open: [],
  error,
  calls: { detection: 0, polls: 0, all: 0 },
});

/** Mails and actions of all users, in their order. */
const stepsOf = ({ users, acted }: AccountResults): StepOutcome[] =>
  users.flatMap(({ user, steps }) => [...steps, ...(acted.outcomes.get(user.userId) ?? [])]);
