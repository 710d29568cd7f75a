import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Delivery, Duration, Message, Notifier, NotifyOptions } from '@remedykit/core';
import { minutes, RemediationError, retry, seconds, systemClock } from '@remedykit/core';
import { renderSlackMessage } from './render.ts';
import type { Attempt } from './send.ts';
import { postOnce } from './send.ts';
import { parseWebhookUrl } from './webhook-url.ts';

/** Options of `createSlackNotifier`. */
export interface SlackNotifierOptions {
  /** URL of an incoming webhook, a secret. It appears in no result, error or log. */
  readonly webhookUrl: string;
  /** Milliseconds that one request may take, its answer included; default 5,000. */
  readonly timeoutMs?: Duration;
  /** Requests per message at most, the first included; default 3. */
  readonly attempts?: number;
  /** Hosts besides Slack's own (a proxy, a test server), exactly as in the URL: `host` or `host:port`. */
  readonly allowedHosts?: readonly string[];
  readonly fetch?: typeof fetch;
  readonly sleep?: (ms: Duration) => Promise<unknown>;
  /** From 0 up to, not including, 1. */
  readonly random?: () => number;
  readonly now?: Clock;
}

const channel = 'slack';

/** Left to the caller, so that it can still report what became of the message. */
const reserveMs = 250;

/** How long one message may take where the caller does not say how much time is left. */
const patienceMs = seconds(15);

/** How long a warm function may stay silent because of one answer: a broken proxy must not silence alerts for a day. */
const longestQuietMs = minutes(5);

/** When to come back, where Slack did not say. */
const comeBackMs = seconds(30);

const backoff = { baseMs: seconds(1), maxMs: seconds(5) };

const invalid = (option: string, needed: string): RemediationError =>
  new RemediationError({ code: 'OPTION_INVALID', message: `createSlackNotifier: ${option} must be ${needed}.` });

const deferred = (reason: string, retryAfterMs: Duration = comeBackMs): Delivery => ({
  status: 'deferred',
  channel,
  reason,
  retryAfterMs,
});

/**
 * A notifier that posts to a Slack incoming webhook (GovSlack included).
 *
 * `notify` resolves with what became of the message and never throws. Only HTTP 200 with the body `ok` is `delivered`.
 * 429, 408, 5xx, timeouts and network errors are tried again within the time that is left, honouring `Retry-After`, then
 * `deferred`. Some of these leave open whether Slack took the message, and a webhook knows no idempotency token: a message
 * that appears twice is better than an alert that is lost. Everything else is `rejected`, with Slack's error code.
 *
 * Slack takes about one message a second per webhook, so messages are posted one after another, and a rate limit holds
 * back those behind it. Without `remainingTimeMs` a message may take 15 seconds.
 * @throws RemediationError `SLACK_URL_INVALID`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { createSlackNotifier } from '@remedykit/notify/slack';
 * const slack = createSlackNotifier({ webhookUrl: process.env.SLACK_WEBHOOK_URL ?? '' });
 * ```
 */
export const createSlackNotifier = (options: SlackNotifierOptions): Notifier => {
  const { timeoutMs = seconds(5), attempts = 3, sleep = wait, random = Math.random, now = systemClock } = options;
  const url = parseWebhookUrl(options.webhookUrl, options.allowedHosts);
  if (!(timeoutMs > 0 && timeoutMs <= seconds(900)))
    throw invalid('timeoutMs', 'milliseconds, above 0 and up to 900,000');
  if (!(Number.isInteger(attempts) && attempts >= 1)) throw invalid('attempts', 'a whole number, at least 1');
  const send = options.fetch ?? fetch;

  /** Slack asked for silence until then. */
  let quietUntil = 0;

  const post = async (body: string, left: () => number): Promise<Delivery> => {
    const quietMs = quietUntil - now().getTime();
    if (quietMs >= left()) return deferred('rate limited', quietMs);
    if (quietMs > 0) await sleep(quietMs);

    let last: Attempt = { result: 'unavailable', reason: 'no time left to send' };
    const attempt = async (): Promise<Delivery> => {
      const leftMs = left();
      if (leftMs > 0) last = await postOnce({ url, body, timeoutMs: Math.min(timeoutMs, leftMs), fetch: send, now });
      if (last.result === 'delivered') return { status: 'delivered', channel };
      if (last.result === 'rejected') return { status: 'rejected', channel, reason: last.reason };
      if (last.retryAfterMs !== undefined) quietUntil = now().getTime() + Math.min(longestQuietMs, last.retryAfterMs);
      throw new RemediationError({ code: 'SLACK_UNAVAILABLE', message: last.reason, retryable: true });
    };
    const askedMs = (): Duration | undefined => (last.result === 'unavailable' ? last.retryAfterMs : undefined);
    try {
      return await retry(attempt, {
        attempts,
        ...backoff,
        isRetryable: () => last.result === 'unavailable' && left() > 0,
        retryAfterMs: askedMs,
        remainingTimeMs: left,
        sleep,
        random,
      });
    } catch {
      return deferred(last.result === 'unavailable' ? last.reason : 'not sent', askedMs());
    }
  };

  /** Never rejects, so the next message's turn always comes. */
  const deliver = async (message: Message, { remainingTimeMs }: NotifyOptions): Promise<Delivery> => {
    try {
      const body = JSON.stringify(renderSlackMessage(message));
      const deadline = now().getTime() + patienceMs;
      const left = (): number => (remainingTimeMs ? remainingTimeMs() - reserveMs : deadline - now().getTime());
      return await post(body, left);
    } catch {
      return { status: 'rejected', channel, reason: 'the message could not be rendered' };
    }
  };

  let turn: Promise<unknown> = Promise.resolve();
  return {
    notify: (message, notifyOptions = {}) => {
      if (message === undefined) return Promise.resolve({ status: 'nothing', channel });
      const delivery = turn.then(() => deliver(message, notifyOptions));
      turn = delivery;
      return delivery;
    },
  };
};
