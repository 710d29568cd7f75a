import { type Duration, type Instant, minutes } from '@remedykit/core';
import { type Day, latestInstant, utcDay } from '../days.ts';
import type { CaseFacts, MailRecord, RuleName } from '../model/case.ts';

/** After this long a mail that was begun and of which nothing was heard is due again. */
export const claimLasts: Duration = minutes(15);

/** What is known of a mail. `lost`: it was begun long ago and nothing was heard of it. */
export type MailStatus = 'accepted' | 'failed' | 'under-way' | 'lost';

/** What is known of a mail at an instant. */
export const mailStatus = (mail: MailRecord, now: Date): MailStatus => {
  const { acceptedAt, rejectedAt, events } = mail;
  if (events.failedAt !== undefined || rejectedAt !== undefined) return 'failed';
  if (acceptedAt !== undefined || events.deliveredAt !== undefined) return 'accepted';
  return now.getTime() - Date.parse(mail.claimedAt) < claimLasts ? 'under-way' : 'lost';
};

/** The day on which SES took a mail. */
export const acceptanceDay = ({ acceptedAt, events, claimedAt }: MailRecord): Day =>
  utcDay(acceptedAt ?? events.deliveredAt ?? claimedAt);

/** Whether a mail is of the kind that counts as a warning once it is accepted and has not failed. */
export const isWarning = ({ role, stage }: MailRecord): boolean =>
  (role === 'owner' && stage !== 'undeliverable') || (role === 'fallback' && stage === 'unowned');

/** Whether a mail is the request to security about somebody who could not be told. */
export const isRequest = ({ stage }: MailRecord): boolean => stage === 'undeliverable';

/** A mail with what is known of it. */
export interface KnownMail {
  readonly mail: MailRecord;
  readonly status: MailStatus;
}

/** From when on mails count: what came before is about another password or use, or was taken back by an exemption. */
export const countsFrom = ({ case: { since }, lastExemptAt }: CaseFacts): Instant => latestInstant(since, lastExemptAt);

/** The rules whose cases may come to count from another day. */
const moving: ReadonlySet<RuleName> = new Set(['mfa', 'key-unused']);

/**
 * The mails that count for a case as it stands now. Where the day moved from which it counts, one that names a deadline
 * before the credential's own was sent before we knew of that: it is about what is over.
 */
export const currentMails = (facts: CaseFacts, base: Day, now: Date): readonly KnownMail[] => {
  const from = Date.parse(countsFrom(facts));
  const earliest = moving.has(facts.case.rule) ? Date.parse(base) : Number.NEGATIVE_INFINITY;
  return facts.mails
    .filter(({ claimedAt, deadline }) => Date.parse(claimedAt) > from && Date.parse(deadline) >= earliest)
    .map((mail) => ({ mail, status: mailStatus(mail, now) }));
};
