import type { StateStore } from '@remedykit/core';
import type { MailRecord } from '../model/case.ts';
import { mailboxOf } from './address.ts';
import type { MailEvent } from './mail-events.ts';
import type { MailFact } from './mail-facts.ts';
import { mailStoreKeyOfHash } from './mail-key.ts';
import { addMailFacts } from './mail-store.ts';

/** What an event about a mail changed. */
export type MailEventResult =
  | {
      /** `unchanged`: all of it was known. */
      readonly status: 'recorded' | 'unchanged';
      readonly record: MailRecord;
    }
  | {
      readonly status: 'ignored';
      /**
       * - `no-tags`: a mail of somebody else
       * - `unknown-mail`: no mail under its key; its document was deleted, or is in another store
       * - `other-recipient`: our tags on a mail to somebody else, who proves nothing
       * - `other-sender`: sent by an account that is not among `sendingAccounts`
       * - `no-evidence`: a delay, an open, a click
       */
      readonly reason: 'no-tags' | 'unknown-mail' | 'other-recipient' | 'other-sender' | 'no-evidence';
    };

/** Who may speak about our mails. */
export interface RecordMailEventOptions {
  /** Accounts that send our mails, where events of others reach the function too. Default: any. */
  readonly sendingAccounts?: readonly string[];
}

/** Every event proves that SES took the mail, at the time that the event names; so a mark that never came is made up for. */
const factsOf = ({ kind, at, mailAt, messageId, failure = 'unknown' }: MailEvent): MailFact[] => {
  const accepted: MailFact = { kind: 'accepted', at: mailAt, messageId };
  if (kind === 'delivered') return [accepted, { kind: 'delivered', at }];
  if (kind === 'failed') return [accepted, { kind: 'failed', at, failure }];
  return [accepted];
};

/**
 * Adds what SES tells of a mail to its record, found by the mail's two tags. Events may come in any order, more than once,
 * and before our own mark: they come to the same record. A failure is never taken back by a delivery.
 *
 * The record is there before the mail is: its creation is the claim, and it stays when a claim is given back.
 * @throws RemediationError `MAIL_INVALID`, `MAIL_NEWER`, `STATE_CONFLICT` (retryable), and what the store throws
 */
export const recordMailEvent = async (
  store: StateStore,
  event: MailEvent,
  { sendingAccounts }: RecordMailEventOptions = {},
): Promise<MailEventResult> => {
  const { tags, sendingAccountId = '', kind, destinations } = event;
  if (tags === undefined) return { status: 'ignored', reason: 'no-tags' };
  if (sendingAccounts !== undefined && !sendingAccounts.includes(sendingAccountId))
    return { status: 'ignored', reason: 'other-sender' };
  if (kind === 'other') return { status: 'ignored', reason: 'no-evidence' };
  const mailboxes = new Set(destinations.map(mailboxOf));
  const belongs = ({ address }: MailRecord): boolean => mailboxes.has(mailboxOf(address));
  const key = mailStoreKeyOfHash(tags.accountId, tags.keyHash);
  const { mail, changed } = await addMailFacts(store, key, factsOf(event), belongs);
  if (mail === undefined) return { status: 'ignored', reason: 'unknown-mail' };
  if (!belongs(mail)) return { status: 'ignored', reason: 'other-recipient' };
  return { status: changed ? 'recorded' : 'unchanged', record: mail };
};
