import type { Message, MessageAction, MessageFact, SeverityBand, Text } from '@remedykit/core';
import type { CaseState, RuleName, Stage } from '../model/case.ts';
import { credentialText, ruleNames } from './credential-text.ts';
import { dayText, momentText } from './dates.ts';
import type { AccountRunSummary, DueCase, ExemptUser, MailCount, RunNotice, RunSummary } from './run-summary.ts';
import { capitalised, counted, joinTexts, listBelow, ours, say } from './say.ts';

/** Something of one account. */
interface Of<T> {
  readonly account: AccountRunSummary;
  readonly one: T;
}

const all = <T>(
  accounts: readonly AccountRunSummary[],
  pick: (account: AccountRunSummary) => readonly T[],
): readonly Of<T>[] => accounts.flatMap((account) => pick(account).map((one) => ({ account, one })));

const news = <T extends { readonly announce: boolean }>(
  accounts: readonly AccountRunSummary[],
  pick: (account: AccountRunSummary) => readonly T[],
): readonly Of<T>[] => all(accounts, pick).filter(({ one }) => one.announce);

/** All of a run that is new. */
interface News {
  readonly due: readonly Of<DueCase>[];
  readonly skipped: readonly Of<RunNotice>[];
  readonly exempt: readonly Of<ExemptUser>[];
  readonly cannotWarn: readonly Of<RunNotice>[];
  readonly root: readonly Of<RunNotice>[];
  readonly faults: readonly Of<RunNotice>[];
  readonly mails: readonly Of<MailCount>[];
  readonly unfinished: readonly AccountRunSummary[];
}

/** Ends of a mail that change nothing for anybody, or were told before. */
const quiet: ReadonlySet<MailCount['status']> = new Set(['already-sent', 'in-progress', 'no-longer-due']);

const newsOf = (accounts: readonly AccountRunSummary[]): News => ({
  due: news(accounts, ({ due }) => due),
  skipped: news(accounts, ({ skipped }) => skipped),
  exempt: news(accounts, ({ exempt }) => exempt),
  cannotWarn: news(accounts, ({ cannotWarn }) => cannotWarn),
  root: news(accounts, ({ root }) => root),
  faults: news(accounts, ({ faults }) => faults),
  mails: all(accounts, ({ mails }) => mails).filter(({ one }) => one.count > 0 && !quiet.has(one.status)),
  unfinished: accounts.filter(({ done }) => !done),
});

const isNothing = ({ unfinished, ...lists }: News): boolean =>
  unfinished.length === 0 && Object.values(lists).every((list) => list.length === 0);

const sum = (mails: readonly Of<MailCount>[], ...statuses: readonly MailCount['status'][]): number =>
  mails.reduce((total, { one }) => total + (statuses.includes(one.status) ? one.count : 0), 0);

const titleOf = ({ due, cannotWarn, root, faults, mails, skipped, exempt, unfinished }: News): Text => {
  const parts = (
    [
      [cannotWarn.length, 'reason why nobody can be warned', 'reasons why nobody can be warned'],
      [faults.length, 'fault', 'faults'],
      [root.length, 'finding about a root user', 'findings about root users'],
      [due.length, 'deadline passed, NOTHING DONE', 'deadlines passed, NOTHING DONE'],
      [sum(mails, 'sent'), 'warning sent', 'warnings sent'],
      [sum(mails, 'planned'), 'warning would be sent', 'warnings would be sent'],
      [sum(mails, 'rejected', 'deferred', 'out-of-time'), 'warning NOT sent', 'warnings NOT sent'],
      [skipped.length, 'thing left out', 'things left out'],
      [exempt.length, 'exemption to know of', 'exemptions to know of'],
      [unfinished.length, 'account not finished', 'accounts not finished'],
    ] as const
  ).flatMap(([count, one, several]) => (count > 0 ? [counted(count, one, several)] : []));
  return ours(`IAM credentials: ${parts.join('; ')}`);
};

const stageText = (stage: Stage): string => {
  if (stage === 'unowned') return 'to the fallback about users without an owner';
  if (stage === 'undeliverable') return 'to security about users whom no warning reached';
  return stage === 0 ? 'on the day of the deadline' : `${counted(stage, 'day', 'days')} before the deadline`;
};

const mailEnds: Readonly<Record<MailCount['status'], string>> = {
  sent: 'sent',
  planned: 'would be sent',
  rejected: 'refused by SES, NOT sent',
  deferred: 'NOT sent yet, the next run tries again',
  'out-of-time': 'NOT sent, time ran out',
  'already-sent': 'sent before',
  'in-progress': 'being sent by another run',
  'no-longer-due': 'no longer due',
};

const mailOrder = Object.keys(mailEnds);

/** Stages from the farthest to the nearest, then those to security. */
const stageRank = (stage: Stage): number => (typeof stage === 'number' ? -stage : stage === 'unowned' ? 1 : 2);

const mailLines = (mails: readonly Of<MailCount>[]): Text[] => {
  const counts = new Map<string, MailCount>();
  for (const { one } of mails) {
    const key = `${one.status}/${one.stage}`;
    counts.set(key, { ...one, count: one.count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()]
    .sort(
      (a, b) => mailOrder.indexOf(a.status) - mailOrder.indexOf(b.status) || stageRank(a.stage) - stageRank(b.stage),
    )
    .map(({ stage, status, count }) => ours(`${capitalised(stageText(stage))}: ${count} ${mailEnds[status]}`));
};

const stateNames: Readonly<Record<CaseState, string>> = {
  new: 'not warned yet',
  warned: 'warned',
  unowned: 'without an owner',
  undeliverable: 'reached by no warning',
  'cannot-warn': 'waiting, for no mail can be sent',
  exempt: 'exempt',
};

/** One line for each rule: how many cases, in which states. */
const caseLines = (accounts: readonly AccountRunSummary[]): Text[] => {
  const rules = Object.keys(ruleNames) as RuleName[];
  const states = Object.keys(stateNames) as CaseState[];
  const counts = all(accounts, ({ cases }) => cases);
  return rules.flatMap((rule) => {
    const parts = states.flatMap((state) => {
      const count = counts.reduce(
        (total, { one }) => total + (one.rule === rule && one.state === state ? one.count : 0),
        0,
      );
      return count > 0 ? [`${count} ${stateNames[state]}`] : [];
    });
    return parts.length === 0 ? [] : [ours(`${ruleNames[rule]}: ${parts.join(', ')}`)];
  });
};

/** A section with one line for each thing; nothing where there is none. */
const section = <T>(
  head: string,
  list: readonly Of<T>[],
  isSeveral: boolean,
  line: (one: T) => Text,
): readonly Text[] => {
  if (list.length === 0) return [];
  const lines = list.map(({ account, one }) => (isSeveral ? say`${account.accountId}: ${line(one)}` : line(one)));
  return [listBelow(ours(head), lines)];
};

const noticeLine = ({ subject, because }: RunNotice): Text =>
  subject === undefined ? say`${because}` : say`${subject}: ${because}`;

const dueLine = ({ subject, rule, credentialId, deadline, because }: DueCase): Text =>
  say`${subject}, ${credentialText({ rule, credentialId })}, since ${ours(dayText(deadline))}: ${because}`;

const exemptLine = ({ userName, by, reason, expires }: ExemptUser): Text =>
  say`${userName} until ${ours(dayText(expires))} (${by}): ${reason}`;

const bodyOf = (accounts: readonly AccountRunSummary[], told: News): Text[] => {
  const several = accounts.length > 1;
  const body: Text[] = [
    ...section('Nobody can be warned, no clock runs and nobody is acted on:', told.cannotWarn, several, noticeLine),
    ...section('NOT DONE, it failed:', told.faults, several, noticeLine),
    ...section('The root user, for a person to put right:', told.root, several, noticeLine),
    ...section('The deadline has passed and NOTHING WAS DONE:', told.due, several, dueLine),
  ];
  const mails = mailLines(told.mails);
  if (mails.length > 0) body.push(listBelow(ours('Warnings by mail:'), mails));
  const cases = caseLines(accounts);
  if (cases.length > 0) body.push(listBelow(ours('Where all cases stand:'), cases));
  body.push(...section('Left out:', told.skipped, several, noticeLine));
  body.push(...section('Exempt, new or ending soon:', told.exempt, several, exemptLine));
  if (told.unfinished.length > 0)
    body.push(
      say`Time ran out before everybody was looked at in ${joinTexts(
        told.unfinished.map(({ accountId }) => say`${accountId}`),
        ', ',
      )}; the next run goes on.`,
    );
  return body;
};

/** Why `recipientsOf` leaves somebody out. */
const badAddress: ReadonlySet<string> = new Set(['not-an-address', 'domain-not-allowed', 'same-as-fallback']);

const actionsOf = ({ cannotWarn, root, skipped }: News): MessageAction[] => [
  ...(cannotWarn.length > 0
    ? [
        {
          text: 'Make mail work again: look at the sending status, the quota and the event destination of the configuration set in SES. Deadlines wait as long as this lasts.',
        },
      ]
    : []),
  ...(root.length > 0
    ? [
        {
          text: 'Put the root user right: delete its access keys and give it MFA, or remove the root credentials of member accounts.',
          url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html',
        },
      ]
    : []),
  ...(skipped.some(({ one }) => badAddress.has(one.reason))
    ? [{ text: 'Correct the tags and contacts that name nobody who may be written to.' }]
    : []),
];

const factsOf = ({ runId, accounts }: RunSummary): MessageFact[] => {
  const users = accounts.reduce((total, account) => total + account.users, 0);
  const exempt = accounts.reduce((total, account) => total + account.exempt.length, 0);
  const oldest = accounts
    .flatMap(({ reportGeneratedAt }) => reportGeneratedAt ?? [])
    .sort((a, b) => Date.parse(a) - Date.parse(b))[0];
  const [only] = accounts;
  return [
    only !== undefined && accounts.length === 1
      ? { label: 'Account', value: say`${only.accountId}` }
      : { label: 'Accounts', value: String(accounts.length) },
    { label: 'Users', value: String(users) },
    { label: 'Exempt', value: String(exempt) },
    ...(oldest === undefined ? [] : [{ label: 'Oldest credential report', value: momentText(oldest) }]),
    { label: 'Run', value: say`${runId}` },
  ];
};

const isUndone = ({ due, cannotWarn, faults, mails, unfinished }: News): boolean =>
  due.length + cannotWarn.length + faults.length + unfinished.length > 0 ||
  sum(mails, 'rejected', 'deferred', 'out-of-time') > 0;

const severityOf = (told: News): SeverityBand => {
  if (told.cannotWarn.length + told.root.length + told.faults.length > 0) return 'high';
  return isUndone(told) || told.skipped.length > 0 ? 'medium' : 'low';
};

/**
 * What people are told about a run, in one message: why nobody can be warned, what failed, what is due and was not done,
 * how many were mailed at which stage, where all cases stand, who is left out or exempt and until when. `undefined` when
 * none of it is new (`announce`), no mail was sent and the run was finished. Pure.
 * @example
 * ```ts
 * await slack.notify(runSummaryMessage(run));
 * ```
 */
export const runSummaryMessage = (run: RunSummary): Message | undefined => {
  const { runId, at, accounts } = run;
  const told = newsOf(accounts);
  if (isNothing(told)) return undefined;
  const preview = accounts.every((account) => account.preview);
  const [only] = accounts;
  const accountId = accounts.length === 1 ? only?.accountId : undefined;
  const actions = actionsOf(told);
  return {
    // Each run is a matter of its own: none takes the place of what an earlier one said.
    key: `iam/run/${runId}/${at}`.slice(0, 255),
    severity: severityOf(told),
    preview,
    title: titleOf(told),
    body: bodyOf(accounts, told),
    facts: factsOf(run),
    links: [],
    ...(actions.length > 0 ? { actions } : {}),
    subject: { ...(accountId === undefined ? {} : { accountId }), type: 'credential-run' },
    ...(!preview && isUndone(told) ? { undone: true } : {}),
    at,
  };
};
