import { latestDay } from '../days.ts';
import type { CaseAction } from '../model/case.ts';
import { mailboxOf } from '../warnings/address.ts';
import { acceptanceDay, isRequest } from './mails.ts';
import type { CaseReason } from './reasons.ts';
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

/** Nobody could be told for too long: security is asked, and at the end of that notice the policy decides. */
export const decideUndeliverable = (situation: Situation): Decided => {
  const { facts, policy, rule, now, today, sendDay, base, mails, accepted, promised } = situation;
  const askedOn = accepted.filter(isRequest).map(acceptanceDay).sort()[0];
  const deadline = latestDay(base, afterNotice(situation, askedOn ?? sendDay, policy.securityNoticeDays), promised);
  const conclude = (action: CaseAction, reason: CaseReason): Decided =>
    decided('undeliverable', deadline, action, reason);

  const { answer } = facts;
  const isAnswered = answer?.decision === 'act' && now.getTime() < Date.parse(answer.until);
  if (isAnswered) return conclude({ kind: 'act' }, 'answered-act');

  // Asked at the fallback address even where a mail to it failed before: there is nobody else to ask.
  const security = facts.recipients.find(({ role }) => role === 'fallback');
  const hasFailed = mails.some(
    ({ mail, status }) =>
      isRequest(mail) && status === 'failed' && mailboxOf(mail.address) === mailboxOf(security?.address ?? ''),
  );
  if (isUnderWay(situation)) return conclude(wait, 'mail-under-way');
  if (askedOn === undefined && security !== undefined && !hasFailed)
    return conclude(warn('undeliverable', { role: 'security', address: security.address }), 'security-to-be-asked');

  // Before any further address is tried: whoever can name new ones that bounce must not gain time by it.
  const isOver = askedOn !== undefined && today >= deadline;
  if (isOver && policy.undeliverable === 'act') return conclude({ kind: 'act' }, 'undeliverable-act');

  const owner = usableRecipients(facts, mails).find(({ role }) => role === 'owner');
  if (owner !== undefined) {
    const named = deadlineOfWarning(situation, sendDay);
    return decided('undeliverable', named, warn(firstStage(rule, named, today), owner), 'warning-due');
  }
  if (askedOn === undefined) return conclude(report, security === undefined ? 'no-address' : 'request-failed');
  return isOver ? conclude(report, 'undeliverable-report') : conclude(wait, 'security-asked');
};
