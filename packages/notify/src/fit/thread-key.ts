import { createHash } from 'node:crypto';
import type { Message } from '@remedykit/core';

/**
 * The name under which a channel groups the messages about one matter: SHA-256, 64 hexadecimal digits, so that it says
 * nothing and fits everywhere. The same for every copy of a matter and for as long as it lasts; a preview has one of its
 * own, so that it never touches what a real message opened.
 */
export const threadKey = ({ key, subject, preview }: Pick<Message, 'key' | 'subject' | 'preview'>): string =>
  createHash('sha256')
    .update(`${preview ? 'preview' : 'message'}\n${subject?.matter ?? key}`)
    .digest('hex');
