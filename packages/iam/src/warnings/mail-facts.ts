import type { Instant } from '@remedykit/core';
import type { MailDocument } from './mail-document.ts';

/** What is learned about a mail, by our mark or by an event. */
export type MailFact =
  /** SES took it. */
  | { readonly kind: 'accepted'; readonly at: Instant; readonly messageId?: string }
  /** SES refused it for good. */
  | { readonly kind: 'rejected'; readonly at: Instant; readonly reason: string }
  | { readonly kind: 'delivered'; readonly at: Instant }
  /** It came back: bounce, complaint, reject or suppression. */
  | { readonly kind: 'failed'; readonly at: Instant; readonly failure: string };

const least = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined ? b : b === undefined || a <= b ? a : b;

const longestText = 1024;

/** An instant as we store it. */
const instantOf = (at: Instant): Instant => new Date(at).toISOString();

/** A time with its text: the earliest, and of two at one time the first in order of text. */
const first = (
  held: { readonly at: Instant | undefined; readonly text: string | undefined },
  at: Instant,
  text: string,
): { readonly at: Instant; readonly text: string } => {
  const learned = { at: instantOf(at), text: text.slice(0, longestText) || 'unknown' };
  const { at: heldAt, text: heldText } = held;
  if (heldAt === undefined || heldText === undefined) return learned;
  return heldAt < learned.at || (heldAt === learned.at && heldText <= learned.text)
    ? { at: heldAt, text: heldText }
    : learned;
};

/** A mail of which SES said something is no longer free to be claimed. */
const settled = ({ releasedAt: _, ...mail }: MailDocument): MailDocument => mail;

/**
 * A mail with one more fact about it. Facts only add up: in any order, and however often each is told, they come to the
 * same document. The first instant is kept, of two message ids (a mail sent twice) the first in order of text.
 */
export const learn = (mail: MailDocument, fact: MailFact): MailDocument => {
  const { events } = mail;
  if (fact.kind === 'delivered') {
    const deliveredAt = least(events.deliveredAt, instantOf(fact.at)) ?? instantOf(fact.at);
    return settled({ ...mail, events: { ...events, deliveredAt } });
  }
  if (fact.kind === 'failed') {
    const { at, text } = first({ at: events.failedAt, text: events.failure }, fact.at, fact.failure);
    return settled({ ...mail, events: { ...events, failedAt: at, failure: text } });
  }
  if (fact.kind === 'rejected') {
    const { at, text } = first({ at: mail.rejectedAt, text: mail.rejection }, fact.at, fact.reason);
    return settled({ ...mail, rejectedAt: at, rejection: text });
  }
  const acceptedAt = least(mail.acceptedAt, instantOf(fact.at)) ?? instantOf(fact.at);
  const messageId = least(mail.messageId, fact.messageId);
  return settled({ ...mail, acceptedAt, ...(messageId === undefined ? {} : { messageId }) });
};
