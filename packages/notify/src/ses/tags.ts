import { createHash } from 'node:crypto';
import { RemediationError } from '@remedykit/core';
import { sesLimits } from './limits.ts';

/** The message tag that every mail carries: its value is `mailKeyHash(message.key)`. */
export const mailKeyTag = 'remedykit-key';

/**
 * The hash of a message's key, SHA-256 in hexadecimal digits: what the tag `remedykit-key` of a mail and of the events
 * about it (bounce, complaint, delivery) holds, so that an event is attributed without any store.
 */
export const mailKeyHash = (key: string): string => createHash('sha256').update(key).digest('hex');

/** A tag as SES takes it. */
export interface MailTag {
  readonly Name: string;
  readonly Value: string;
}

const valid = (text: unknown): boolean =>
  typeof text === 'string' && text.length <= sesLimits.tag && /^[A-Za-z0-9_-]+$/.test(text);

/**
 * Checks tags at the door, for one that SES refuses would cost every mail.
 * @throws RemediationError `OPTION_INVALID`
 */
export const checkTags = (where: string, tags: Readonly<Record<string, string>> = {}): readonly MailTag[] =>
  Object.entries(tags).map(([Name, Value]) => {
    if (valid(Name) && valid(Value) && Name !== mailKeyTag && !Name.startsWith('ses:')) return { Name, Value };
    throw new RemediationError({
      code: 'OPTION_INVALID',
      message: `${where}: tags must have names and values of letters, digits, _ and -, at most ${sesLimits.tag}, other than ${mailKeyTag}; it was ${JSON.stringify({ [Name]: Value })}.`,
    });
  });
