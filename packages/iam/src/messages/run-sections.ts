import type { Text } from '@remedykit/core';
import type { CaseState, RuleName, Stage } from '../model/case.ts';
import { changeOverview, doneSections, needlessSections, undoneSections } from './change-sections.ts';
import type { Change } from './changes.ts';
import { credentialText, ruleNames } from './credential-text.ts';
import { dayText } from './dates.ts';
import { dueOf } from './due-classes.ts';
import { all, type News, type Of } from './run-news.ts';
import type { AccountRunSummary, DueCase, ExemptUser, MailCount, RunNotice } from './run-summary.ts';
import { capitalised, counted, joinTexts, listBelow, ours, say } from './say.ts';

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

/** Whose deadline says nothing of what to do about them. */
const caseLine = ({ subject, rule, credentialId, because }: DueCase): Text =>
  say`${subject}, ${credentialText({ rule, credentialId })}: ${because}`;

const exemptLine = ({ userName, by, reason, expires }: ExemptUser): Text =>
  say`${userName} until ${ours(dayText(expires))} (${by}): ${reason}`;

/** What a run came to, section by section, what needs a person first: what was not done is louder than what was. */
export const runSections = (accounts: readonly AccountRunSummary[], told: News, changes: readonly Change[]): Text[] => {
  const several = accounts.length > 1;
  const nothing = accounts.every(({ preview }) => preview) ? 'NOTHING WOULD BE DONE' : 'NOTHING WAS DONE';
  const body: Text[] = [
    ...changeOverview(changes),
    ...section('Nobody can be warned, no clock runs and nobody is acted on:', told.cannotWarn, several, noticeLine),
    ...section('NOT DONE, it failed:', told.faults, several, noticeLine),
    ...undoneSections(changes, several),
    ...section('INCIDENT, for people to look into:', dueOf(told.due, 'incident'), several, caseLine),
    ...section('The root user, for a person to put right:', told.root, several, noticeLine),
    ...section('On hold, and waiting for an answer:', told.onHold, several, noticeLine),
    ...section(`Left to security, ${nothing}:`, dueOf(told.due, 'left'), several, caseLine),
    ...section(`The deadline has passed and ${nothing}:`, dueOf(told.due, 'other'), several, dueLine),
    ...section('Deactivated before, and made active again:', dueOf(told.due, 'relapse'), several, caseLine),
    ...doneSections(changes, several),
  ];
  const mails = mailLines(told.mails);
  if (mails.length > 0) body.push(listBelow(ours('Warnings by mail:'), mails));
  const cases = caseLines(accounts);
  if (cases.length > 0) body.push(listBelow(ours('Where all cases stand:'), cases));
  body.push(...needlessSections(changes, several));
  body.push(...section('Left out:', told.skipped, several, noticeLine));
  body.push(...section('Exempt, new or ending soon:', told.exempt, several, exemptLine));
  body.push(...section('Exempt no more, and judged as everybody:', told.ended, several, exemptLine));
  if (told.unfinished.length > 0)
    body.push(
      say`Time ran out before everybody was looked at in ${joinTexts(
        told.unfinished.map(({ accountId }) => say`${accountId}`),
        ', ',
      )}; the next run goes on.`,
    );
  return body;
};
