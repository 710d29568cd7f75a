import { type Clock, systemClock } from '@remedykit/core';
import { parseJson } from '../delivery/post.ts';
import { checkSlackPayload } from './check-slack-payload.ts';
import {
  createRateLimit,
  type FakeServer,
  type ServerFailure,
  type ServerRequest,
  startFakeServer,
} from './fake-server.ts';

/** An answer that the server gives instead of its own. */
export type SlackFailure = ServerFailure;

/** A request as it came in. */
export type SlackRequest = ServerRequest;

/** Options of `startSlackServer`. */
export interface SlackServerOptions {
  /** Messages a second that are taken, the rest is answered with 429 and `Retry-After`; absent: any number. Slack takes about one. */
  readonly ratePerSecond?: number;
  /** The clock of the rate limit. */
  readonly now?: Clock;
}

/** A Slack that listens on the loopback address. */
export interface SlackServer extends FakeServer {
  /** URL of its incoming webhook. */
  readonly url: string;
  /** The payloads that were taken, in order. */
  readonly messages: readonly unknown[];
  /** Forgets messages, requests, failures to come and the rate. */
  reset(): void;
}

const path = '/services/T00000000/B00000000/not-a-secret';

/**
 * Starts a server on 127.0.0.1 that takes messages as Slack's incoming webhooks do: it enforces the limits of
 * `slackLimits`, answers with Slack's words, limits the rate if asked to, and fails on demand.
 * @example
 * ```ts
 * import { createSlackNotifier } from '@remedykit/notify/slack';
 * import { startSlackServer } from '@remedykit/notify/testing';
 * const server = await startSlackServer();
 * const slack = createSlackNotifier({ webhookUrl: server.url, allowedHosts: [server.host] });
 * server.failNext({ status: 429, headers: { 'retry-after': '1' }, body: 'rate_limited' });
 * await server.close();
 * ```
 */
export const startSlackServer = async (options: SlackServerOptions = {}): Promise<SlackServer> => {
  const { ratePerSecond, now = systemClock } = options;
  const messages: unknown[] = [];
  let limit = createRateLimit(ratePerSecond);

  const server = await startFakeServer((request, body) => {
    if (request.method !== 'POST') return { status: 405, body: 'method_not_allowed' };
    if (request.url !== path) return { status: 404, body: 'no_service' };
    const payload = parseJson(body);
    const error = checkSlackPayload(payload);
    if (error !== undefined) return { status: 400, body: error };
    const waitSeconds = limit(now());
    if (waitSeconds !== undefined)
      return { status: 429, headers: { 'retry-after': String(waitSeconds) }, body: 'rate_limited' };
    messages.push(payload);
    return { status: 200, body: 'ok' };
  }, 'rollup_error');

  return {
    ...server,
    url: `http://${server.host}${path}`,
    messages,
    reset: () => {
      messages.length = 0;
      server.forget();
      limit = createRateLimit(ratePerSecond);
    },
  };
};
