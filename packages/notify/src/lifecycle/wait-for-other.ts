import { setTimeout as wait } from 'node:timers/promises';
import type { Delivery } from '@remedykit/core';
import { seconds } from '@remedykit/core';
import { hearAndClaim, type LiveWorker } from './claim.ts';
import type { LiveDocument, LivePosted } from './document.ts';

/** How often to look. */
const pollMs = 300;

/** The delivery of what stands in the channel already. */
export const deliveredBefore = ({ messageId }: LivePosted): Delivery => ({
  status: 'delivered',
  channel: 'live',
  ...(messageId === undefined ? {} : { messageId }),
});

/** Looks whether the worker that has the claim publishes what we heard too; takes over when its lease ends. */
export const waitForOther = async (
  worker: LiveWorker,
  revision: number,
  left: () => number,
): Promise<{ readonly delivered: Delivery } | { readonly claimed: LiveDocument }> => {
  const { sleep = wait } = worker;
  for (;;) {
    if (left() <= pollMs)
      return {
        delivered: {
          status: 'deferred',
          channel: 'live',
          reason: 'another worker posts this matter and has not come to an end',
          retryAfterMs: seconds(5),
        },
      };
    await sleep(pollMs);
    const { document, isOurs } = await hearAndClaim(worker);
    if (isOurs) return { claimed: document };
    const { posted } = document;
    if (posted !== undefined && posted.revision >= revision && document.replies.length === 0)
      return { delivered: deliveredBefore(posted) };
  }
};
