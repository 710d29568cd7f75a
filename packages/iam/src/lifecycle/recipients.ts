import type { CaseFacts, Recipient } from '../model/case.ts';
import { mailboxOf } from '../warnings/address.ts';
import type { KnownMail } from './mails.ts';

/** The addresses at which no mail to this user failed, in order of preference. */
export const usableRecipients = (
  { recipients, failedAddresses }: CaseFacts,
  mails: readonly KnownMail[],
): readonly Recipient[] => {
  const failed = new Set(failedAddresses.map(mailboxOf));
  for (const { mail, status } of mails) if (status === 'failed') failed.add(mailboxOf(mail.address));
  return recipients.filter(({ address }) => !failed.has(mailboxOf(address)));
};
