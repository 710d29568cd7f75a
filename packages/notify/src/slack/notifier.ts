import type { Notifier } from '@remedykit/core';
import { systemClock } from '@remedykit/core';
import { createDeliverer, type DeliveryOptions } from '../delivery/deliver.ts';
import { postOnce } from '../delivery/post.ts';
import { checkSecret, type Secret, sendWithSecret } from '../delivery/secret.ts';
import { slackPace } from './limits.ts';
import { readWebhookAnswer } from './read-answer.ts';
import { renderSlackMessage } from './render.ts';
import { parseWebhookUrl } from './webhook-url.ts';

/** Options of `createSlackNotifier`. */
export interface SlackNotifierOptions extends DeliveryOptions {
  /** URL of an incoming webhook, a secret, or where it is kept. It appears in no result, error or log. */
  readonly webhookUrl: Secret;
  /** Hosts besides Slack's own (a proxy, a test server), exactly as in the URL: `host` or `host:port`. */
  readonly allowedHosts?: readonly string[];
  readonly fetch?: typeof fetch;
}

const channel = 'slack';
const where = 'createSlackNotifier';

/** Slack's answers are one word; a page of a proxy is longer. */
const maxAnswerBytes = 1024;

/**
 * A notifier that posts to a Slack incoming webhook (GovSlack included).
 *
 * `notify` resolves with what became of the message and never throws. Only HTTP 200 with the body `ok` is `delivered`.
 * 429, 408, 5xx, timeouts and network errors are tried again within the time that is left, honouring `Retry-After`, then
 * `deferred`. Some of these leave open whether Slack took the message, and a webhook knows no idempotency token; see
 * `whenUnsure`. Everything else is `rejected`, with Slack's error code.
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
  const { webhookUrl, allowedHosts, now = systemClock } = options;
  const parse = (secret: string): URL => parseWebhookUrl(secret, allowedHosts);
  checkSecret(where, 'webhookUrl', webhookUrl, parse);
  const send = options.fetch ?? fetch;
  const deliver = createDeliverer({ where, channel, options, pace: slackPace });

  return {
    notify: async (message, notifyOptions) => {
      if (message === undefined) return { status: 'nothing', channel };
      return deliver(() => {
        const body = JSON.stringify(renderSlackMessage(message));
        return sendWithSecret(webhookUrl, parse, (url, { signal }) =>
          postOnce({
            url,
            body,
            signal,
            fetch: send,
            now,
            maxAnswerBytes,
            read: (answer) => readWebhookAnswer(answer, url),
          }),
        );
      }, notifyOptions);
    },
  };
};
