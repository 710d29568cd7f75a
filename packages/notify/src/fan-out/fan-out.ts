import type { Delivery, Message, Notifier, NotifyOptions } from '@remedykit/core';
import { notifySafely } from '../delivery/notify-safely.ts';
import { parseRoutes, type Route, takes } from './route.ts';

/** What became of one message on all its channels: the delivery as a whole, and that of each channel, in the order of the routes. */
export type FanOutDelivery = Delivery & { readonly deliveries: readonly Delivery[] };

/** A notifier with several channels. */
export interface FanOut extends Notifier {
  notify(message: Message | undefined, options?: NotifyOptions): Promise<FanOutDelivery>;
}

const channel = 'fan-out';

type Failed = Exclude<Delivery, { status: 'delivered' | 'nothing' }>;

const reasonOf = (failed: readonly Failed[]): string =>
  failed.map(({ channel: name, reason }) => `${name}: ${reason}`).join('; ');

/** The worst of several decides: nothing half-delivered is called delivered. */
const combine = (deliveries: readonly Delivery[]): Delivery => {
  const deferred = deliveries.filter((one) => one.status === 'deferred');
  const lost = deferred.filter(({ kept }) => kept !== true);
  const late = lost.length > 0 ? lost : deferred;
  const rejected = deliveries.filter((one) => one.status === 'rejected');
  const delivered = deliveries.filter((one) => one.status === 'delivered');
  const deferral: Delivery = {
    status: 'deferred',
    channel,
    reason: reasonOf([...late, ...rejected]),
    retryAfterMs: Math.max(0, ...late.map(({ retryAfterMs }) => retryAfterMs)),
  };
  if (lost.length > 0) return deferral;
  if (rejected.length > 0) return { status: 'rejected', channel, reason: reasonOf(rejected) };
  if (deferred.length > 0) return { ...deferral, kept: true };
  const [only] = delivered;
  if (only === undefined) return { status: 'nothing', channel };
  return delivered.length === 1 ? only : { status: 'delivered', channel };
};

/**
 * One notifier of several: each message goes to every route that takes it, at the same time, and each channel has an
 * outcome of its own. As a whole it is `deferred` if a channel deferred it and nobody keeps it, else `rejected` if a
 * channel rejected it, else `delivered`.
 *
 * A message that says that something was not done and that no route takes goes to all of them; any other that no route
 * takes is `nothing`. Retrying a deferred message sends it to all its channels again: give each route its own `createOutbox`
 * to retry alone.
 * @throws RemediationError `OPTION_INVALID`
 * @example
 * ```ts
 * import type { Notifier } from '@remedykit/core';
 * import { fanOut } from '@remedykit/notify';
 * const build = (chat: Notifier, pager: Notifier) => fanOut([chat, { notifier: pager, minSeverity: 'high' }]);
 * ```
 */
export const fanOut = (routes: readonly (Notifier | Route)[]): FanOut => {
  const parsed = parseRoutes(routes);
  return {
    notify: async (message, options = {}) => {
      if (message === undefined) return { status: 'nothing', channel, deliveries: [] };
      const taking = parsed.filter((route) => takes(route, message));
      const chosen = taking.length === 0 && message.undone === true ? parsed : taking;
      const deliveries = await Promise.all(
        chosen.map((route) => notifySafely(route.notifier, message, options, `route ${parsed.indexOf(route)}`)),
      );
      return { ...combine(deliveries), deliveries };
    },
    preflight: async () => {
      for (const { notifier } of parsed) await notifier.preflight?.();
    },
  };
};
