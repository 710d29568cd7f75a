import type { Reason } from '@remedykit/core';
import { type Day, latestDay, utcDay } from '../days.ts';
import type {
  CaseAction,
  CaseDecision,
  CaseFacts,
  CaseState,
  CredentialPolicy,
  MailRecord,
  RecipientRole,
  RulePolicy,
  Stage,
} from '../model/case.ts';
import { baseDeadline } from './deadline.ts';
import { claimLasts, currentMails, isRequest, isWarning, type KnownMail, mailStatus } from './mails.ts';
import { type CaseReason, caseReasons } from './reasons.ts';
import { addRunningDays } from './running-days.ts';

/** What the branches of the decision look at, worked out once. */
export interface Situation {
  readonly facts: CaseFacts;
  readonly policy: CredentialPolicy;
  readonly rule: RulePolicy;
  readonly now: Date;
  readonly today: Day;
  /** The day by which a mail that is begun now is accepted, if at all: the deadline that it names must leave the notice. */
  readonly sendDay: Day;
  /** The deadline without any question of warnings. */
  readonly base: Day;
  /** The mails that may count for the case as it stands now. */
  readonly mails: readonly KnownMail[];
  /** Those of them that SES took and that did not come back. */
  readonly accepted: readonly MailRecord[];
  /** The latest deadline that a mail named which reached somebody and did not come back: none is ever before it. */
  readonly promised: Day | undefined;
}

/** The situation of a case at an instant. */
export const situationOf = (facts: CaseFacts, policy: CredentialPolicy, rule: RulePolicy, now: Date): Situation => {
  const base = baseDeadline(facts.case, rule, policy);
  const mails = currentMails(facts, base, now);
  const promises = facts.mails
    .filter((mail) => (isWarning(mail) || isRequest(mail)) && mailStatus(mail, now) === 'accepted')
    .map(({ deadline }) => utcDay(deadline));
  return {
    facts,
    policy,
    rule,
    now,
    today: utcDay(now),
    sendDay: utcDay(new Date(now.getTime() + claimLasts)),
    base,
    mails,
    accepted: mails.filter(({ status }) => status === 'accepted').map(({ mail }) => mail),
    promised: promises.sort().at(-1),
  };
};

/** The day after a notice of `count` days from `day`, in which stopped clocks do not count. */
export const afterNotice = ({ facts: { stopped }, now }: Situation, day: Day, count: number): Day =>
  addRunningDays(day, count, stopped, now);

/** The deadline that a warning names, or sets, which is accepted on a day. */
export const deadlineOfWarning = (situation: Situation, day: Day): Day => {
  const { base, promised, policy } = situation;
  return latestDay(base, afterNotice(situation, day, policy.minimumWarningDays), promised);
};

/** Whether what became of a mail is not known yet. */
export const isUnderWay = ({ mails }: Situation): boolean => mails.some(({ status }) => status === 'under-way');

/** A decision, but for the case that it is about. */
export type Decided = Omit<CaseDecision, 'caseId'>;

export const wait: CaseAction = { kind: 'wait' };
export const report: CaseAction = { kind: 'report' };

/** To send a mail. */
export const warn = (stage: Stage, to: { readonly role: RecipientRole; readonly address: string }): CaseAction => ({
  kind: 'warn',
  stage,
  role: to.role,
  address: to.address,
});

/** A decision with the sentence of its reason. */
export const decided = (state: CaseState, deadline: Day, action: CaseAction, reason: CaseReason): Decided => {
  const because: Reason = { reason, because: caseReasons[reason] };
  return { state, deadline, action, ...because };
};
