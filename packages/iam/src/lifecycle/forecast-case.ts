import { addTo, days as daysLong, toInstant } from '@remedykit/core';
import { type Day, utcDay } from '../days.ts';
import type { CaseAction, CaseFacts, CaseState, CredentialPolicy, MailRecord, Stage } from '../model/case.ts';
import { decideCase } from './decide-case.ts';
import { mailStatus } from './mails.ts';

/** What will be done about a case on a day, if every mail is accepted on its day and nothing else changes. */
export interface ForecastEntry {
  readonly day: Day;
  readonly action: Exclude<CaseAction['kind'], 'wait'>;
  /** The mail of that day. */
  readonly stage?: Stage;
  readonly state: CaseState;
  readonly deadline: Day;
}

/** A mail that the forecast assumes to be sent and accepted. */
const mailOf = (facts: CaseFacts, action: CaseAction & { kind: 'warn' }, deadline: Day, now: Date): MailRecord => ({
  schema: 1,
  accountId: 'forecast',
  userId: 'forecast',
  caseId: facts.case.id,
  stage: action.stage,
  deadline,
  role: action.role,
  address: action.address,
  claimedAt: toInstant(now),
  claim: 'forecast',
  acceptedAt: toInstant(now),
  events: {},
});

/** The facts as they are at an instant, once an exemption is over. */
const withoutExpired = (facts: CaseFacts, now: Date): CaseFacts => {
  const { exempt, ...others } = facts;
  return exempt === undefined || Date.parse(exempt.expires) > now.getTime()
    ? facts
    : { ...others, lastExemptAt: exempt.expires };
};

/**
 * What will be done about a case today and in the next `days` days, by the same decision that a run takes, once a day at
 * this time: every mail is taken to be accepted, an exemption ends when it expires, a clock that stands still goes on
 * standing still. Days on which nothing is done are left out, as are further days of a report; it ends with an `act`. Pure.
 */
export const forecastCase = (
  facts: CaseFacts,
  policy: CredentialPolicy,
  now: Date,
  days: number,
): readonly ForecastEntry[] => {
  const answered = facts.mails.map((mail) =>
    mailStatus(mail, now) === 'under-way' ? { ...mail, acceptedAt: toInstant(now) } : mail,
  );
  let current: CaseFacts = { ...facts, mails: answered };
  const entries: ForecastEntry[] = [];
  for (let ahead = 0; ahead <= days; ahead += 1) {
    const at = new Date(addTo(now, daysLong(ahead)));
    current = withoutExpired(current, at);
    const { action, state, deadline } = decideCase(current, policy, at);
    if (action.kind === 'wait') continue;
    if (action.kind === 'report' && entries.at(-1)?.action === 'report') continue;
    const stage = action.kind === 'warn' ? action.stage : action.kind === 'act' ? action.notice?.stage : undefined;
    entries.push({ day: utcDay(at), action: action.kind, ...(stage === undefined ? {} : { stage }), state, deadline });
    if (action.kind === 'act') break;
    if (action.kind === 'warn')
      current = { ...current, mails: [...current.mails, mailOf(current, action, deadline, at)] };
  }
  return entries;
};
