import type { MailTag } from './tags.ts';

/** A mail that is ready to go. */
export interface OutgoingMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly tags: readonly MailTag[];
}

/** What all mails of a notifier have in common. */
export interface Sender {
  readonly from: string;
  readonly replyTo: readonly string[];
  readonly configurationSet: string | undefined;
}
