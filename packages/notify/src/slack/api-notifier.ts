import type { Delivery, Message, NotifyOptions, UpdatableNotifier } from '@remedykit/core';
import { RemediationError, systemClock } from '@remedykit/core';
import type { Attempt } from '../delivery/attempt.ts';
import { createDeliverer, type Deliver, type DeliveryOptions } from '../delivery/deliver.ts';
import { postOnce } from '../delivery/post.ts';
import { checkSecret, type Secret, sendWithSecret } from '../delivery/secret.ts';
import { parseTargetUrl } from '../delivery/target-url.ts';
import { parseMessageId, readApiAnswer } from './api-answer.ts';
import { slackPace } from './limits.ts';
import { renderSlackMessage } from './render.ts';

/** Options of `createSlackApiNotifier`. */
export interface SlackApiNotifierOptions extends DeliveryOptions {
  /** A bot token (`xoxb-…`) with the scope `chat:write`, a secret, or where it is kept. It appears in no result, error or log. */
  readonly token: Secret;
  /** The id of the conversation (`C024BE91L`, never its name), or which one a message goes to. */
  readonly channelId: string | ((message: Message) => string);
  /** Default `https://slack.com/api`; GovSlack: `https://slack-gov.com/api`. */
  readonly apiUrl?: string;
  /** Hosts of `apiUrl` besides Slack's own (a proxy, a test server), exactly as in the URL: `host` or `host:port`. */
  readonly allowedHosts?: readonly string[];
  /** True to show replies in the conversation as well; default false. */
  readonly broadcastReplies?: boolean;
  readonly fetch?: typeof fetch;
}

const channel = 'slack';
const where = 'createSlackApiNotifier';

const parseToken = (input: unknown): string => {
  if (typeof input === 'string' && /^xox[a-z][.-][\w.-]+$/.test(input)) return input;
  throw new RemediationError({
    code: 'SLACK_TOKEN_INVALID',
    message:
      'token is no Slack token: it must begin with xoxb-. Copy the bot user OAuth token from the app’s settings; it is not repeated here because it is a secret.',
  });
};

const parseApiUrl = (input: string, allowedHosts: readonly string[] = []): string =>
  parseTargetUrl(input, {
    hosts: ['slack.com', 'slack-gov.com'],
    allowedHosts,
    invalid: (what) => new RemediationError({ code: 'SLACK_URL_INVALID', message: `${where}: apiUrl ${what}.` }),
    pathFault: ({ pathname }) => (/^\/api\/?$/.test(pathname) ? undefined : 'must have the path /api'),
  }).href.replace(/\/$/, '');

const isChannelId = (id: unknown): id is string => typeof id === 'string' && /^[CDG][A-Z0-9]{2,40}$/.test(id);

/**
 * A notifier that posts through Slack's Web API, so that it can also update what it has said and reply below it: give it
 * to `createLiveNotifier` for one message per finding. `notify` is chat.postMessage, `update` chat.update, `reply`
 * chat.postMessage with the thread of the first.
 *
 * The rules are those of `createSlackNotifier`; messages of one conversation go one after another. An update or a reply
 * that comes too late (deleted, no longer editable) is rejected with `gone: true`.
 * @throws RemediationError `SLACK_TOKEN_INVALID`, `SLACK_URL_INVALID`, `OPTION_INVALID`; none holds the token.
 * `preflight` rejects with `SLACK_PREFLIGHT_FAILED`
 * @example
 * ```ts
 * import { createSlackApiNotifier } from '@remedykit/notify/slack';
 * const slack = createSlackApiNotifier({ token: process.env.SLACK_TOKEN ?? '', channelId: 'C024BE91L' });
 * ```
 */
export const createSlackApiNotifier = (options: SlackApiNotifierOptions): UpdatableNotifier => {
  const { token, channelId, allowedHosts, broadcastReplies = false, now = systemClock } = options;
  checkSecret(where, 'token', token, parseToken);
  if (typeof channelId !== 'function' && !isChannelId(channelId))
    throw new RemediationError({
      code: 'OPTION_INVALID',
      message: `${where}: channelId must be the id of a conversation as in C024BE91L, or a function from a message to one.`,
    });
  const api = parseApiUrl(options.apiUrl ?? 'https://slack.com/api', allowedHosts);
  const send = options.fetch ?? fetch;

  /** Slack counts per conversation. */
  const deliverers = new Map<string, Deliver>();
  const delivererFor = (id: string): Deliver => {
    const known = deliverers.get(id) ?? createDeliverer({ where, channel, options, pace: slackPace });
    deliverers.set(id, known);
    return known;
  };
  // Checks the options now, not at the first message.
  const deliverAny = createDeliverer({ where, channel, options });

  const call = (
    deliver: Deliver,
    method: string,
    render: () => object,
    notifyOptions: NotifyOptions | undefined,
    adjust: (attempt: Attempt) => Attempt = (same) => same,
  ): Promise<Delivery> =>
    deliver(() => {
      const body = JSON.stringify(render());
      return sendWithSecret(token, parseToken, async (bearer, { signal }) =>
        adjust(
          await postOnce({
            url: new URL(`${api}/${method}`),
            headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${bearer}` },
            body,
            signal,
            fetch: send,
            now,
            // The answer holds the message as Slack took it; its beginning would be no JSON.
            maxAnswerBytes: 128 * 1024,
            read: (answer) => readApiAnswer(answer, bearer),
          }),
        ),
      );
    }, notifyOptions);

  const refuse = (reason: string, gone?: boolean): Delivery => ({
    status: 'rejected',
    channel,
    reason,
    ...(gone === true ? { gone } : {}),
  });

  const channelFor = (message: Message): string | undefined => {
    try {
      const id = typeof channelId === 'function' ? channelId(message) : channelId;
      return isChannelId(id) ? id : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    notify: async (message, notifyOptions) => {
      if (message === undefined) return { status: 'nothing', channel };
      const id = channelFor(message);
      if (id === undefined) return refuse('channelId gave no id of a conversation');
      return call(
        delivererFor(id),
        'chat.postMessage',
        () => ({ channel: id, ...renderSlackMessage(message) }),
        notifyOptions,
      );
    },
    update: async (messageId, message, notifyOptions) => {
      const parsed = parseMessageId(messageId);
      if (parsed === undefined) return refuse('not the id of a Slack message', true);
      const { channelId: id, ts } = parsed;
      // Without attachments Slack would leave the old ones.
      const render = (): object => ({ channel: id, ts, attachments: [], ...renderSlackMessage(message) });
      return call(delivererFor(id), 'chat.update', render, notifyOptions);
    },
    reply: async (messageId, message, notifyOptions) => {
      const parsed = parseMessageId(messageId);
      if (parsed === undefined) return refuse('not the id of a Slack message', true);
      const { channelId: id, ts } = parsed;
      const render = (): object => ({
        channel: id,
        thread_ts: ts,
        ...(broadcastReplies ? { reply_broadcast: true } : {}),
        ...renderSlackMessage(message),
      });
      return call(delivererFor(id), 'chat.postMessage', render, notifyOptions);
    },
    preflight: async () => {
      const delivery = await call(deliverAny, 'auth.test', () => ({}), undefined);
      if (delivery.status === 'delivered') return;
      throw new RemediationError({
        code: 'SLACK_PREFLIGHT_FAILED',
        message: `Slack did not accept the token: ${'reason' in delivery ? delivery.reason : delivery.status}.`,
        retryable: delivery.status === 'deferred',
      });
    },
  };
};
