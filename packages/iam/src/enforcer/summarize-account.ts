import { addTo, days, type Reason, type StepOutcome, toInstant } from '@remedykit/core';
import { clockReasons } from '../lifecycle/decide-clock.ts';
import type { CaseCount, ExemptUser, MailCount, RunNotice } from '../messages/run-summary.ts';
import type { StoppedClock } from '../model/case.ts';
import { rootFindings } from '../rules/root-findings.ts';
import type { AccountRun } from './outcome.ts';
import { type AccountResults, actionsOf, dueCases, onHold, untoldActions } from './summarize-actions.ts';
import type { Told } from './told.ts';
import type { UserResult } from './user-result.ts';

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

/** A slip in the ARN of a break-glass user would protect nobody, and be seen when it is too late. */
const strayBreakGlass = ({ accountId, breakGlass, inventory }: AccountResults, told: Told): RunNotice[] => {
  const known = new Set(inventory.users.map(({ user }) => user.arn.toLowerCase()));
  return breakGlass
    .filter((arn) => arn.split(':')[4] === accountId && !known.has(arn.toLowerCase()))
    .map((arn) =>
      told.notice(
        {
          reason: 'break-glass-unknown',
          because: 'The account has no user with this ARN, so nobody is protected by it. Look at its path and name.',
        },
        arn,
      ),
    );
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
    ...strayBreakGlass(results, told),
    ...setAside.map(({ key, because }) => told.notice({ reason: 'document-set-aside', because }, key)),
  ];
};

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
