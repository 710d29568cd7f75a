import type { Delivery, Message, NotifyOptions } from '@remedykit/core';
import type { Parts } from './parts.ts';

/**
 * Tells people. A channel that refuses for good (a webhook that was revoked) counts as deferred: sending again may not
 * help, but the call that fails and its dead-letter queue are then the only ones who say that nobody was told.
 */
export const tell = async (
  { notifier }: Pick<Parts, 'notifier'>,
  message: Message | undefined,
  options: NotifyOptions,
): Promise<Delivery> => {
  const delivery = await notifier.notify(message, options);
  if (delivery.status !== 'rejected') return delivery;
  const { channel, reason } = delivery;
  return { status: 'deferred', channel, reason: `${channel} refused the message: ${reason}`, retryAfterMs: 0 };
};
