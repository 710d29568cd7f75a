import { assertComplete, type Delivery } from '@remedykit/core';
import { alertMessage, parseFindings } from '@remedykit/guardduty';
import { createParts, type LambdaContext, type Parts } from './parts.ts';
import { readSettings } from './settings.ts';

export type Handler = (event: unknown, context: LambdaContext) => Promise<void>;

/**
 * A channel that refuses for good (a revoked token, a topic that is gone) counts as deferred: the call that fails and its
 * dead-letter queue are then the only ones who say that nobody was told.
 */
const orSayThatNobodyWasTold = (delivery: Delivery): Delivery => {
  if (delivery.status !== 'rejected') return delivery;
  const { channel, reason } = delivery;
  return { status: 'deferred', channel, reason: `${channel} refused the message: ${reason}`, retryAfterMs: 0 };
};

/** Every finding that the rule hands over becomes a message. What throws is retried by Lambda and then reaches the dead-letter queue. */
export const createHandler =
  ({ notifier }: Pick<Parts, 'notifier'>): Handler =>
  async (event, context) => {
    const call = { remainingTimeMs: () => context.getRemainingTimeInMillis() };
    const deliveries: Delivery[] = [];
    for (const finding of parseFindings(event)) deliveries.push(await notifier.notify(alertMessage(finding), call));
    assertComplete(...deliveries.map(orSayThatNobodyWasTold));
  };

let ready: Handler | undefined;

export const handler: Handler = async (event, context) => {
  ready ??= createHandler(createParts(readSettings(process.env)));
  return ready(event, context);
};
