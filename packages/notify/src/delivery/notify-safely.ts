import type { Delivery, Message, Notifier, NotifyOptions } from '@remedykit/core';

/** Time kept for the caller when a notifier has used all that was left. */
const reserveMs = 100;

const failed = (channel: string, reason: string): Delivery => ({
  status: 'deferred',
  channel,
  reason,
  retryAfterMs: 30_000,
});

/**
 * Delivers through a notifier that others may have written: what it throws is a deferral, and so is what it has not come to
 * when the caller's time is over. Never rejects, and repeats nothing of what was thrown.
 */
export const notifySafely = async (
  notifier: Pick<Notifier, 'notify'>,
  message: Message,
  options: NotifyOptions = {},
  channel = 'unknown',
): Promise<Delivery> => {
  const { remainingTimeMs } = options;
  let timer: NodeJS.Timeout | undefined;
  try {
    const delivery = notifier.notify(message, options);
    if (remainingTimeMs === undefined) return await delivery;
    const late = new Promise<Delivery>((resolve) => {
      // A few days are more than a timer can count.
      const leftMs = Math.min(2 ** 31 - 1, Math.max(0, remainingTimeMs() - reserveMs));
      timer = setTimeout(() => resolve(failed(channel, 'the notifier did not come to an end in time')), leftMs);
    });
    return await Promise.race([delivery, late]);
  } catch {
    return failed(channel, 'the notifier failed');
  } finally {
    clearTimeout(timer);
  }
};
