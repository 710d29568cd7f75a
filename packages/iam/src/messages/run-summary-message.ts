import type { Message, MessageFact, SeverityBand, Text } from '@remedykit/core';
import { changeKinds, changeWords } from './change-words.ts';
import { type Change, type ChangeEnd, changesOf } from './changes.ts';
import { momentText } from './dates.ts';
import { dueOf } from './due-classes.ts';
import { nextSteps } from './next-steps.ts';
import { type News, newsOf, type Of } from './run-news.ts';
import { runSections } from './run-sections.ts';
import type { MailCount, RunSummary } from './run-summary.ts';
import { counted, ours, say } from './say.ts';

const isNothing = ({ unfinished, ...lists }: News): boolean =>
  unfinished.length === 0 && Object.values(lists).every((list) => list.length === 0);

const sum = (mails: readonly Of<MailCount>[], ...statuses: readonly MailCount['status'][]): number =>
  mails.reduce((total, { one }) => total + (statuses.includes(one.status) ? one.count : 0), 0);

const countOf = (changes: readonly Change[], ...ends: readonly ChangeEnd[]): number =>
  changes.filter(({ end }) => ends.includes(end)).length;

/** What was done, kind by kind: `20 deactivated`. */
const doneParts = (changes: readonly Change[], end: 'applied' | 'planned'): string[] =>
  changeKinds.flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind && change.end === end).length;
    return count > 0 ? [`${count} ${changeWords[kind][end === 'applied' ? 'short' : 'shortWould']}`] : [];
  });

const countParts = (parts: readonly (readonly [count: number, one: string, several: string])[]): string[] =>
  parts.flatMap(([count, one, several]) => (count > 0 ? [counted(count, one, several)] : []));

const titleOf = (told: News, changes: readonly Change[], preview: boolean): Text => {
  const { due, onHold, cannotWarn, root, faults, mails, skipped, exempt, ended, unfinished } = told;
  const nothing = preview ? 'NOTHING WOULD BE DONE' : 'NOTHING DONE';
  const refused = changes.filter(({ end }) => end === 'refused');
  const wouldBeRefused = refused.filter(({ preview }) => preview).length;
  const parts = [
    ...countParts([
      [cannotWarn.length, 'reason why nobody can be warned', 'reasons why nobody can be warned'],
      [faults.length, 'fault', 'faults'],
      [countOf(changes, 'unknown'), 'change of UNKNOWN effect', 'changes of UNKNOWN effect'],
      [countOf(changes, 'failed'), 'change FAILED', 'changes FAILED'],
      [refused.length - wouldBeRefused, 'change REFUSED', 'changes REFUSED'],
      [wouldBeRefused, 'change would be refused', 'changes would be refused'],
      [dueOf(due, 'incident').length, 'INCIDENT', 'INCIDENTS'],
      [root.length, 'finding about a root user', 'findings about root users'],
      [onHold.length, 'user on hold', 'users on hold'],
      [dueOf(due, 'left').length, 'left to security', 'left to security'],
      [dueOf(due, 'other').length, `deadline passed, ${nothing}`, `deadlines passed, ${nothing}`],
      [dueOf(due, 'relapse').length, 'made active again', 'made active again'],
    ]),
    ...doneParts(changes, 'applied'),
    ...doneParts(changes, 'planned'),
    ...countParts([
      [sum(mails, 'sent'), 'warning sent', 'warnings sent'],
      [sum(mails, 'planned'), 'warning would be sent', 'warnings would be sent'],
      [sum(mails, 'rejected', 'deferred', 'out-of-time'), 'warning NOT sent', 'warnings NOT sent'],
      [countOf(changes, 'skipped', 'already-applied'), 'change not needed', 'changes not needed'],
      [skipped.length, 'thing left out', 'things left out'],
      [exempt.length + ended.length, 'exemption to know of', 'exemptions to know of'],
      [unfinished.length, 'account not finished', 'accounts not finished'],
    ]),
  ];
  return ours(`IAM credentials: ${parts.join('; ')}`);
};

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

const isUndone = ({ due, cannotWarn, faults, mails, unfinished }: News, changes: readonly Change[]): boolean =>
  due.length + cannotWarn.length + faults.length + unfinished.length > 0 ||
  sum(mails, 'rejected', 'deferred', 'out-of-time') > 0 ||
  countOf(changes, 'unknown', 'failed', 'refused') > 0;

/** Of a change that was not made: nobody will be denied, or nothing at all be changed, until a person acts. */
const grave: ReadonlySet<string> = new Set([
  'policy-drift',
  'policy-missing',
  'journal-failed',
  'journal-unreadable',
  'control-unreadable',
]);

/** What a person has to look at, although it was done. */
const isDoubtful = ({ kind, end, reason, decided = reason }: Change): boolean =>
  (end === 'applied' || end === 'planned') &&
  (kind === 'held' || kind === 'closed' || decided === 'mfa-missing-alert' || decided === 'relapse');

const severityOf = (told: News, changes: readonly Change[]): SeverityBand => {
  const isGrave = changes.some(
    ({ end, reason }) => end === 'unknown' || ((end === 'failed' || end === 'refused') && grave.has(reason)),
  );
  const incidents = dueOf(told.due, 'incident').length;
  if (told.cannotWarn.length + told.root.length + told.faults.length + incidents > 0 || isGrave) return 'high';
  return isUndone(told, changes) || told.skipped.length + told.onHold.length > 0 || changes.some(isDoubtful)
    ? 'medium'
    : 'low';
};

/**
 * What people are told about a run, in one message: why nobody can be warned, what failed or was refused and why, who is on
 * hold, left to security or a matter for people, what was done to whom, how many were mailed at which stage, where all
 * cases stand, who is left out or exempt and until when, and what to do next: how to undo it, how to answer. Of a kind of
 * change 20 users are named, and the others counted. A preview says what would be. `undefined` when none of it is new
 * (`announce`), no mail was sent and the run was finished. Pure.
 * @example
 * ```ts
 * await slack.notify(runSummaryMessage(run));
 * ```
 */
export const runSummaryMessage = (run: RunSummary): Message | undefined => {
  const { runId, at, accounts } = run;
  const told = newsOf(accounts);
  if (isNothing(told)) return undefined;
  const changes = changesOf(told.actions);
  const preview = accounts.every((account) => account.preview);
  const [only] = accounts;
  const accountId = accounts.length === 1 ? only?.accountId : undefined;
  const actions = nextSteps(runId, told, changes);
  return {
    // Each run is a matter of its own: none takes the place of what an earlier one said.
    key: `iam/run/${runId}/${at}`.slice(0, 255),
    severity: severityOf(told, changes),
    preview,
    title: titleOf(told, changes, preview),
    body: runSections(accounts, told, changes),
    facts: factsOf(run),
    links: [],
    ...(actions.length > 0 ? { actions } : {}),
    subject: { ...(accountId === undefined ? {} : { accountId }), type: 'credential-run' },
    ...(!preview && isUndone(told, changes) ? { undone: true } : {}),
    at,
  };
};
