import type { Duration } from '@remedykit/core';
import type { OutboxEntry } from './document.ts';
import type { OutboxContext } from './outbox.ts';

type Waiting = Pick<OutboxEntry, 'message' | 'since'>;

/** Until the second channel's turn, in ms; `undefined` for what never goes there. */
const turnInMs = ({ second, secondAfterMs, now }: OutboxContext, { message, since }: Waiting): Duration | undefined =>
  second === undefined || message.undone !== true
    ? undefined
    : Math.max(0, Date.parse(since) + secondAfterMs - now().getTime());

/** True when the first channel has not taken for long what was not done, or not come to it: the second is asked. */
export const isSecondsTurn = (context: OutboxContext, entry: Waiting): boolean => turnInMs(context, entry) === 0;

/** How long an entry waits: as long as its channel says, but no longer than until the second channel's turn. */
export const waitTime = (context: OutboxContext, entry: Waiting, askedMs: Duration): Duration => {
  const turnMs = turnInMs(context, entry);
  return turnMs === undefined || turnMs === 0 ? askedMs : Math.min(askedMs, turnMs);
};
