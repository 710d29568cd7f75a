import { type Clock, systemClock } from '@remedykit/core';
import { parseJson } from '../delivery/post.ts';
import { pagerDutyLimits } from '../pagerduty/limits.ts';
import { createRateLimit, type FakeServer, startFakeServer } from './fake-server.ts';

/** An alert as PagerDuty keeps it. */
export interface PagerDutyAlert {
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly severity: string;
  readonly summary: string;
}

/** Options of `startPagerDutyServer`. */
export interface PagerDutyServerOptions {
  /** Events a second that are taken, the rest is answered with 429; absent: any number. PagerDuty takes about two. */
  readonly ratePerSecond?: number;
  /** The clock of the rate limit. */
  readonly now?: Clock;
}

/** A PagerDuty that listens on the loopback address. */
export interface PagerDutyServer extends FakeServer {
  readonly endpoint: string;
  /** The one key that it knows. */
  readonly routingKey: string;
  /** The events that were taken, in order. */
  readonly events: readonly unknown[];
  /** Alerts by their dedup key. */
  readonly alerts: ReadonlyMap<string, PagerDutyAlert>;
  /** Forgets requests, events, alerts, failures to come and the rate. */
  reset(): void;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length >= 1 && [...value].length <= max;

const path = '/v2/enqueue';
const routingKey = 'R0UT1NGKEY'.padEnd(pagerDutyLimits.routingKey, '0');

const isHttpUrl = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

/** What PagerDuty would complain of; empty where it takes the event. */
export const checkPagerDutyEvent = (event: unknown): string[] => {
  if (!isFields(event)) return ['Event object is not JSON'];
  const { event_action: action, dedup_key: dedupKey, payload, links = [] } = event;
  const faults: string[] = [];
  if (!isText(event.routing_key, pagerDutyLimits.routingKey) || event.routing_key.length < pagerDutyLimits.routingKey)
    faults.push("Length of 'routing_key' is incorrect (should be 32 characters)");
  if (!['trigger', 'acknowledge', 'resolve'].includes(String(action))) faults.push("'event_action' is invalid");
  if (dedupKey !== undefined && !isText(dedupKey, pagerDutyLimits.dedupKey)) faults.push("'dedup_key' is too long");
  if (action !== 'trigger') return dedupKey === undefined ? [...faults, "'dedup_key' is missing or blank"] : faults;
  if (!isFields(payload)) return [...faults, "'payload' is missing or blank"];
  if (!isText(payload.summary, pagerDutyLimits.summary)) faults.push("'payload.summary' is missing, blank or too long");
  if (!isText(payload.source, 1024)) faults.push("'payload.source' is missing or blank");
  if (!['critical', 'error', 'warning', 'info'].includes(String(payload.severity)))
    faults.push("'payload.severity' is invalid");
  if (payload.timestamp !== undefined && Number.isNaN(Date.parse(String(payload.timestamp))))
    faults.push("'payload.timestamp' is invalid");
  if (!Array.isArray(links) || !links.every((link) => isFields(link) && isHttpUrl(link.href)))
    faults.push("'links' is invalid");
  return faults;
};

const answer = (status: number, body: Fields) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const invalidEvent = (...errors: readonly string[]) =>
  answer(400, { status: 'invalid event', message: 'Event object is invalid', errors });

/**
 * Starts a server on 127.0.0.1 that takes events as PagerDuty's Events API v2 does: it enforces the limits of
 * `pagerDutyLimits`, keeps alerts by their dedup key, limits the rate if asked to, and fails on demand.
 * @example
 * ```ts
 * import { createPagerDutyNotifier } from '@remedykit/notify/pagerduty';
 * import { startPagerDutyServer } from '@remedykit/notify/testing';
 * const { endpoint, routingKey, host, close } = await startPagerDutyServer();
 * const pagerDuty = createPagerDutyNotifier({ routingKey, endpoint, allowedHosts: [host] });
 * await close();
 * ```
 */
export const startPagerDutyServer = async (options: PagerDutyServerOptions = {}): Promise<PagerDutyServer> => {
  const { ratePerSecond, now = systemClock } = options;
  const events: unknown[] = [];
  const alerts = new Map<string, PagerDutyAlert>();
  let limit = createRateLimit(ratePerSecond);

  const apply = (event: Fields, dedupKey: string): void => {
    events.push(event);
    const known = alerts.get(dedupKey);
    if (event.event_action === 'trigger' && isFields(event.payload)) {
      const { severity, summary } = event.payload;
      const status = known?.status === 'acknowledged' ? 'acknowledged' : 'triggered';
      alerts.set(dedupKey, { status, severity: String(severity), summary: String(summary) });
    } else if (known !== undefined && known.status !== 'resolved') {
      alerts.set(dedupKey, { ...known, status: event.event_action === 'resolve' ? 'resolved' : 'acknowledged' });
    }
  };

  const server = await startFakeServer(({ method, url }, body) => {
    if (method !== 'POST' || url !== path) return answer(404, { status: 'not found' });
    if (Buffer.byteLength(body) > pagerDutyLimits.bytes)
      return answer(413, { status: 'invalid event', message: 'Event object is too large', errors: [] });
    const event = parseJson(body);
    const faults = checkPagerDutyEvent(event);
    if (faults.length > 0 || !isFields(event)) return invalidEvent(...faults);
    if (event.routing_key !== routingKey) return invalidEvent('Invalid routing key');
    if (limit(now()) !== undefined)
      return answer(429, {
        status: 'throttle exceeded',
        message: 'Requests for this service are arriving too quickly.',
      });
    const dedupKey = typeof event.dedup_key === 'string' ? event.dedup_key : `srv${events.length}`;
    apply(event, dedupKey);
    return answer(202, { status: 'success', message: 'Event processed', dedup_key: dedupKey });
  });
  return {
    ...server,
    endpoint: `http://${server.host}${path}`,
    routingKey,
    events,
    alerts,
    reset: () => {
      server.forget();
      events.length = 0;
      alerts.clear();
      limit = createRateLimit(ratePerSecond);
    },
  };
};
