import { type Day, utcDay } from '../days.ts';
import type { CaseAction, MailRecord } from '../model/case.ts';
import { acceptanceDay } from './mails.ts';
import { usableRecipients } from './recipients.ts';
import {
  type Decided,
  deadlineOfWarning,
  decided,
  isUnderWay,
  report,
  type Situation,
  wait,
  warn,
} from './situation.ts';
import { dueStage, isCovered } from './stages.ts';

/** A warning counts: reminders until the deadline, then the deed. */
export const decideWarned = (situation: Situation, counting: readonly MailRecord[]): Decided => {
  const { facts, rule, now, today, mails } = situation;
  const state = counting.some(({ role }) => role === 'owner') ? 'warned' : 'unowned';
  const first: Day = counting.map(acceptanceDay).sort()[0] ?? utcDay(now);
  const deadline = deadlineOfWarning(situation, first);
  const stage = dueStage(rule, deadline, today);
  const isDue = stage !== undefined && !isCovered(stage, deadline, mails);
  const [to] = usableRecipients(facts, mails);

  if (today >= deadline) {
    // What was missed before the deadline is of no use to anybody now; the mail of the day itself is.
    const act: CaseAction =
      isDue && stage === 0 && to !== undefined
        ? { kind: 'act', notice: { stage, role: to.role, address: to.address } }
        : { kind: 'act' };
    return decided(state, deadline, act, 'deadline-passed');
  }
  if (isUnderWay(situation)) return decided(state, deadline, wait, 'mail-under-way');
  if (!isDue) return decided(state, deadline, wait, 'warned');
  if (to === undefined) return decided(state, deadline, report, 'no-address-for-reminder');
  return decided(state, deadline, warn(stage, to), 'reminder-due');
};
