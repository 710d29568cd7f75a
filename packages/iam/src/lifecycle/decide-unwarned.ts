import { addDays, type Day, latestDay, utcDay } from '../days.ts';
import { firstWarningDay } from './deadline.ts';
import { decideUndeliverable } from './decide-undeliverable.ts';
import { acceptanceDay, countsFrom, isRequest } from './mails.ts';
import { usableRecipients } from './recipients.ts';
import {
  afterNotice,
  type Decided,
  deadlineOfWarning,
  decided,
  isUnderWay,
  report,
  type Situation,
  wait,
  warn,
} from './situation.ts';
import { firstStage } from './stages.ts';

/** The day of the first attempt to tell somebody; where there is no address to try, the day on which one was called for. */
const firstAttempt = ({ facts, mails }: Situation, from: Day, hasAddress: boolean): Day | undefined => {
  // A mail that was lost on our side was no attempt at an address. With a request among them the day is not asked for.
  const tried = mails
    .filter(({ status }) => status !== 'lost')
    .map(({ mail }) => utcDay(mail.claimedAt))
    .sort()[0];
  if (tried !== undefined || hasAddress) return tried;
  return latestDay(from, utcDay(facts.case.firstSeenAt), utcDay(countsFrom(facts)));
};

/**
 * A deadline that no mail named which arrived and counts no more: each stage is mailed once per deadline, so the fresh
 * warning after an exemption needs another.
 */
const notNamedBefore = (situation: Situation, deadline: Day): Day => {
  const { facts, mails } = situation;
  const wasNamed = facts.mails.some(
    (mail) =>
      mail.acceptedAt !== undefined &&
      Date.parse(mail.deadline) === Date.parse(deadline) &&
      !mails.some((current) => current.mail === mail),
  );
  return wasNamed ? notNamedBefore(situation, addDays(deadline, 1)) : deadline;
};

/** No warning counts so far. */
export const decideUnwarned = (situation: Situation): Decided => {
  const { facts, policy, rule, today, sendDay, base, mails, accepted } = situation;
  const from = firstWarningDay(base, rule);
  const deadline = notNamedBefore(situation, deadlineOfWarning(situation, latestDay(sendDay, from)));
  const told = accepted.filter(({ role }) => role === 'fallback');
  const state = told.length > 0 ? 'unowned' : 'new';
  if (today < from) return decided(state, deadline, wait, 'not-due');

  const [to] = usableRecipients(facts, mails);
  const begun = firstAttempt(situation, from, to !== undefined);
  const isTooLong = begun !== undefined && today >= afterNotice(situation, begun, policy.undeliverableAfterDays);
  const wasAsked = mails.some(({ mail, status }) => isRequest(mail) && status !== 'lost');
  if (isTooLong || wasAsked) return decideUndeliverable(situation);

  if (isUnderWay(situation)) return decided(state, deadline, wait, 'mail-under-way');
  if (to === undefined) return decided(state, deadline, report, 'no-address');
  if (to.role === 'owner' || told.length === 0)
    return decided(state, deadline, warn(firstStage(rule, deadline, today), to), 'warning-due');
  // A day lies between the two, so that a bounce of the first can come back.
  return told.some((mail) => acceptanceDay(mail) < today)
    ? decided(state, deadline, warn('unowned', to), 'second-mail-due')
    : decided(state, deadline, wait, 'second-mail-later');
};
