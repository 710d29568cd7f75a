import type { Duration } from '@remedykit/core';

/** What one request came to. No reason ever holds a secret: a URL, a token, or the body of an answer. */
export type Attempt =
  | { readonly result: 'delivered'; readonly messageId?: string }
  | {
      readonly result: 'rejected';
      readonly reason: string;
      /** True when the answer may mean that a stored secret is an old one: it is read again, once. */
      readonly staleSecret?: boolean;
      /** True when the message that was to be updated or answered is no more. */
      readonly gone?: boolean;
    }
  | {
      readonly result: 'unavailable';
      readonly reason: string;
      /** True when the target may have taken the message all the same. */
      readonly unsure: boolean;
      readonly retryAfterMs?: Duration;
    };

export const rejected = (reason: string): Attempt => ({ result: 'rejected', reason });

/** Not taken for certain (`unsure: false`), or perhaps. */
export const unavailable = (reason: string, unsure: boolean, retryAfterMs?: Duration): Attempt => ({
  result: 'unavailable',
  reason,
  unsure,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
