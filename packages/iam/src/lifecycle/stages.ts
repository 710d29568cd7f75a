import { addDays, type Day, utcDay } from '../days.ts';
import type { RulePolicy } from '../model/case.ts';
import type { KnownMail } from './mails.ts';

/** The latest stage that is due before a deadline, and so the only one that is mailed of those that were missed. */
export const dueStage = ({ stages }: RulePolicy, deadline: Day, today: Day): number | undefined => {
  const due = stages.filter((stage) => today >= addDays(deadline, -stage));
  return due.length === 0 ? undefined : Math.min(...due);
};

/** How the first warning is called: the stage that is due, or the first of all where it leaves more days than that. */
export const firstStage = (rule: RulePolicy, deadline: Day, today: Day): number =>
  dueStage(rule, deadline, today) ?? Math.max(0, ...rule.stages);

/** Whether a mail that names this deadline has said what the stage says: its own, a later one, or `unowned` after its day. */
export const isCovered = (stage: number, deadline: Day, mails: readonly KnownMail[]): boolean =>
  mails.some(({ mail, status }) => {
    if (status !== 'accepted' && status !== 'under-way') return false;
    if (mail.role === 'security' || Date.parse(mail.deadline) !== Date.parse(deadline)) return false;
    if (typeof mail.stage === 'number') return mail.stage <= stage;
    return utcDay(mail.claimedAt) >= addDays(deadline, -stage);
  });
