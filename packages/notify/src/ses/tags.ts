import { createHash } from 'node:crypto';
import { type Message, RemediationError } from '@remedykit/core';
import { sesLimits } from './limits.ts';

/** The message tag that every mail carries: its value is `mailKeyHash(message.key)`. */
export const mailKeyTag = 'remedykit-key';

/**
 * The hash of a message's key, SHA-256 in hexadecimal digits: what the tag `remedykit-key` of a mail and of the events
 * about it (bounce, complaint, delivery) holds, so that an event is attributed without any store.
 */
export const mailKeyHash = (key: string): string => createHash('sha256').update(key).digest('hex');

/** The message tag that a mail about one account carries: its value is `message.subject.accountId`. */
export const mailAccountTag = 'remedykit-account';

/** A tag as SES takes it. */
export interface MailTag {
  readonly Name: string;
  readonly Value: string;
}

const reserved: ReadonlySet<string> = new Set([mailKeyTag, mailAccountTag]);

const valid = (text: unknown): boolean =>
  typeof text === 'string' && text.length <= sesLimits.tag && /^[A-Za-z0-9_-]+$/.test(text);

/** The tags by which an event about a mail finds its message: the hash of its key, and the account where it is about one. */
export const tagsOf = ({ key, subject }: Message): readonly MailTag[] => [
  { Name: mailKeyTag, Value: mailKeyHash(key) },
  ...(valid(subject?.accountId) ? [{ Name: mailAccountTag, Value: subject?.accountId ?? '' }] : []),
];

/**
 * Checks tags at the door, for one that SES refuses would cost every mail.
 * @throws RemediationError `OPTION_INVALID`
 */
export const checkTags = (where: string, tags: Readonly<Record<string, string>> = {}): readonly MailTag[] =>
  Object.entries(tags).map(([Name, Value]) => {
    if (valid(Name) && valid(Value) && !reserved.has(Name) && !Name.startsWith('ses:')) return { Name, Value };
    throw new RemediationError({
      code: 'OPTION_INVALID',
      message: `${where}: tags must have names and values of letters, digits, _ and -, at most ${sesLimits.tag}, other than ${[...reserved].join(' and ')}; it was ${JSON.stringify({ [Name]: Value })}.`,
    });
  });
