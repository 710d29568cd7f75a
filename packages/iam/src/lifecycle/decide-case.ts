import { toInstant } from '@remedykit/core';
import { utcDay } from '../days.ts';
import type { CaseDecision, CaseFacts, CredentialPolicy, RulePolicy } from '../model/case.ts';
import { decideUnwarned } from './decide-unwarned.ts';
import { decideWarned } from './decide-warned.ts';
import { isWarning } from './mails.ts';
import { type Decided, decided, report, situationOf, wait } from './situation.ts';

/** As if no clock stood still now and the user were not exempt. */
const decideRunning = (facts: CaseFacts, policy: CredentialPolicy, rule: RulePolicy, now: Date): Decided => {
  const situation = situationOf(facts, policy, rule, now);
  const counting = situation.accepted.filter(isWarning);
  return counting.length > 0 ? decideWarned(situation, counting) : decideUnwarned(situation);
};

const decideOpen = (facts: CaseFacts, policy: CredentialPolicy, rule: RulePolicy, now: Date): Decided => {
  const { exempt, ...withoutExempt } = facts;
  if (exempt !== undefined) {
    // The earliest there could be: what comes after the exemption begins with a fresh warning.
    const end = new Date(Math.max(now.getTime(), Date.parse(exempt.expires)));
    const after = decideRunning({ ...withoutExempt, lastExemptAt: toInstant(end) }, policy, rule, end);
    return decided('exempt', after.deadline, wait, 'exempt');
  }
  const running = decideRunning(facts, policy, rule, now);
  if (facts.stopped.every(({ until }) => until !== undefined)) return running;
  return decided('cannot-warn', running.deadline, running.action.kind === 'wait' ? wait : report, 'clock-stopped');
};

/**
 * What to do about one credential that breaks a rule, and where its case stands: the one state machine of all rules. Pure;
 * its transitions are the table in `docs/credential-lifecycle.md`, its reasons are `caseReasons`.
 *
 * The deadline is the latest of the credential's own (`since` + `afterDays`, the end of the grace), the rollout date, and
 * `minimumWarningDays` after the first warning that counts; it never comes before one that a counting mail named. The mail of
 * a `warn` names the deadline that is returned with it.
 */
export const decideCase = (facts: CaseFacts, policy: CredentialPolicy, now: Date): CaseDecision => {
  const { id: caseId, rule: name, since } = facts.case;
  const rule = policy.rules[name];
  if (rule === undefined) return { caseId, ...decided('new', utcDay(since), wait, 'rule-off') };
  return { caseId, ...decideOpen(facts, policy, rule, now) };
};
