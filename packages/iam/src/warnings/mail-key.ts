import { createHash } from 'node:crypto';
import { type Instant, RemediationError } from '@remedykit/core';
import type { MailRecord } from '../model/case.ts';
import { mailboxOf } from './address.ts';

/** What tells one mail from every other. */
export type MailIdentity = Pick<
  MailRecord,
  'accountId' | 'userId' | 'caseId' | 'stage' | 'deadline' | 'role' | 'address'
>;

/** The longest key of a message. */
const longest = 255;

/** SHA-256 as hexadecimal digits: what the tag `remedykit-key` of a mail holds of its message's key. */
export const sha256: (text: string) => string = (text) => createHash('sha256').update(text).digest('hex');

const dayOf = (instant: Instant): string => {
  const date = new Date(instant);
  if (!Number.isNaN(date.getTime())) return date.toISOString().slice(0, 10);
  throw new RemediationError({
    code: 'MAIL_DEADLINE_INVALID',
    message: `The deadline of a mail must be an instant, it is ${JSON.stringify(instant)}.`,
  });
};

/**
 * The key of a mail, which is the key of its message:
 * `iam/<account>/<user id>/<case id>/<deadline day>/<stage>/<hash of the address>`. The same mail has the same key, whoever
 * makes it; a stage that names another deadline, or goes to another address, is another mail.
 * @throws RemediationError `MAIL_DEADLINE_INVALID`
 */
export const mailKey = ({ accountId, userId, caseId, deadline, stage, address }: MailIdentity): string => {
  const end = `${dayOf(deadline)}/${stage}/${sha256(mailboxOf(address)).slice(0, 12)}`;
  const key = `iam/${accountId}/${userId}/${caseId}/${end}`;
  // Ids of IAM may have 128 characters.
  return key.length <= longest ? key : `iam/${accountId}/${sha256(`${userId}/${caseId}`)}/${end}`;
};

/** Where all mails of an account are kept. */
export const mailPrefix = (accountId: string): string => `iam/${accountId}/mail/`;

/** Where the mail is kept whose key has this hash: all that an event about a mail tells of it. */
export const mailStoreKeyOfHash = (accountId: string, keyHash: string): string => `${mailPrefix(accountId)}${keyHash}`;

/** Where a mail is kept. */
export const mailStoreKey = (mail: MailIdentity): string => mailStoreKeyOfHash(mail.accountId, sha256(mailKey(mail)));
