import type { Message, Notifier, SeverityBand } from '@remedykit/core';
import { RemediationError, systemClock } from '@remedykit/core';
import { createDeliverer, type DeliveryOptions } from '../delivery/deliver.ts';
import { postOnce } from '../delivery/post.ts';
import { checkSecret, type Secret, sendWithSecret } from '../delivery/secret.ts';
import { parseTargetUrl } from '../delivery/target-url.ts';
import type { PagerDutyAction, PagerDutySeverity } from './event.ts';
import { pagerDutyPace } from './limits.ts';
import { readEventAnswer } from './read-answer.ts';
import { renderPagerDutyEvent } from './render.ts';

/** Options of `createPagerDutyNotifier`. */
export interface PagerDutyNotifierOptions extends Omit<DeliveryOptions, 'whenUnsure'> {
  /**
   * Integration key of an Events API v2 integration, 32 characters, a secret, or where it is kept. Alerts are acknowledged
   * and resolved with the key that triggered them.
   */
  readonly routingKey: Secret;
  /** The service region of the account; default `us`. */
  readonly region?: 'us' | 'eu';
  /** Another endpoint instead of PagerDuty's own (a proxy, a test server); its host must be in `allowedHosts`. */
  readonly endpoint?: string;
  /** Hosts besides PagerDuty's own, exactly as in the URL: `host` or `host:port`. */
  readonly allowedHosts?: readonly string[];
  /** What a message does to its alert; default: `resolve` for a message whose status is `resolved`, else `trigger`. */
  readonly action?: (message: Message) => PagerDutyAction;
  /** PagerDuty's severity per band, where it is not the default; a preview is always `info`. */
  readonly severities?: Readonly<Partial<Record<SeverityBand, PagerDutySeverity>>>;
  readonly fetch?: typeof fetch;
}

const channel = 'pagerduty';
const where = 'createPagerDutyNotifier';

const endpoints = {
  us: 'https://events.pagerduty.com/v2/enqueue',
  eu: 'https://events.eu.pagerduty.com/v2/enqueue',
} as const;

const invalid = (what: string): RemediationError =>
  new RemediationError({ code: 'OPTION_INVALID', message: `${where}: ${what}` });

const endpointOf = ({ region, endpoint, allowedHosts }: PagerDutyNotifierOptions): URL => {
  if (endpoint === undefined) {
    const url = endpoints[region ?? 'us'];
    if (url === undefined) throw invalid("region must be 'us' or 'eu'.");
    return new URL(url);
  }
  if (region !== undefined) throw invalid('give region or endpoint, not both.');
  return parseTargetUrl(endpoint, {
    hosts: ['events.pagerduty.com', 'events.eu.pagerduty.com'],
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
    invalid: (what) => invalid(`endpoint ${what}.`),
  });
};

const parseRoutingKey = (key: unknown): string => {
  if (typeof key === 'string' && /^[A-Za-z0-9]{32}$/.test(key)) return key;
  throw new RemediationError({
    code: 'PAGERDUTY_KEY_INVALID',
    message:
      'routingKey is not an integration key: it must be 32 letters and digits, as shown by the Events API v2 integration of the service; it is not repeated here because it is a secret.',
  });
};

/**
 * A notifier that opens, acknowledges and resolves PagerDuty alerts through the Events API v2.
 *
 * One alert per `Message.key`: its dedup key is a SHA-256 hash of it, so every message about one finding reaches the same
 * alert, and sending an event again does no harm. Copies of one matter have an alert each, for resolving one says nothing
 * of the others; put `createLiveNotifier` around it for one alert per matter, resolved when all of its copies are. That is why, unlike elsewhere, there is no `whenUnsure`:
 * 429, 408, 5xx, timeouts, network errors and answers that cannot be read are tried again within the time that is left,
 * honouring `Retry-After`, then `deferred`. Everything else is `rejected`. Only HTTP 202 that says `success` is
 * `delivered`; `messageId` is the dedup key. `notify` never throws.
 * @throws RemediationError `PAGERDUTY_KEY_INVALID`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { createPagerDutyNotifier } from '@remedykit/notify/pagerduty';
 * const pagerDuty = createPagerDutyNotifier({ routingKey: process.env.PAGERDUTY_ROUTING_KEY ?? '', region: 'eu' });
 * ```
 */
export const createPagerDutyNotifier = (options: PagerDutyNotifierOptions): Notifier => {
  const { routingKey, action, severities, now = systemClock } = options;
  const url = endpointOf(options);
  checkSecret(where, 'routingKey', routingKey, parseRoutingKey);
  const transport = options.fetch ?? fetch;
  const deliver = createDeliverer({ where, channel, options, pace: pagerDutyPace });

  return {
    notify: async (message, notifyOptions) => {
      if (message === undefined) return { status: 'nothing', channel };
      return deliver(() => {
        const event = renderPagerDutyEvent(message, {
          ...(action === undefined ? {} : { action: action(message) }),
          ...(severities === undefined ? {} : { severities }),
        });
        return sendWithSecret(routingKey, parseRoutingKey, (key, { signal }) =>
          postOnce({
            url,
            body: JSON.stringify({ routing_key: key, ...event }),
            signal,
            fetch: transport,
            now,
            read: (answer) => readEventAnswer(answer, event.dedup_key),
          }),
        );
      }, notifyOptions);
    },
  };
};
