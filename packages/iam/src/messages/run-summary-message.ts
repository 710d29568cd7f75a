import type { Message, MessageAction, MessageFact, SeverityBand, Text } from '@remedykit/core';
import { momentText } from './dates.ts';
import { type News, newsOf, type Of } from './run-news.ts';
import { runSections } from './run-sections.ts';
import type { MailCount, RunSummary } from './run-summary.ts';
import { counted, ours, say } from './say.ts';

const isNothing = ({ unfinished, ...lists }: News): boolean =>
  unfinished.length === 0 && Object.values(lists).every((list) => list.length === 0);

const sum = (mails: readonly Of<MailCount>[], ...statuses: readonly MailCount['status'][]): number =>
  mails.reduce((total, { one }) => total + (statuses.includes(one.status) ? one.count : 0), 0);

const titleOf = ({ due, cannotWarn, root, faults, mails, skipped, exempt, ended, unfinished }: News): Text => {
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
      [exempt.length + ended.length, 'exemption to know of', 'exemptions to know of'],
      [unfinished.length, 'account not finished', 'accounts not finished'],
    ] as const
  ).flatMap(([count, one, several]) => (count > 0 ? [counted(count, one, several)] : []));
  return ours(`IAM credentials: ${parts.join('; ')}`);
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
    body: runSections(accounts, told),
    facts: factsOf(run),
    links: [],
    ...(actions.length > 0 ? { actions } : {}),
    subject: { ...(accountId === undefined ? {} : { accountId }), type: 'credential-run' },
    ...(!preview && isUndone(told) ? { undone: true } : {}),
    at,
  };
};
