import type { IncomingMessage } from 'node:http';
import { type Clock, systemClock } from '@remedykit/core';
import { parseJson } from '../delivery/post.ts';
import { checkSlackPayload } from './check-slack-payload.ts';
import { type Answer, createRateLimit, type FakeServer, startFakeServer } from './fake-server.ts';

/** Options of `startSlackApiServer`. */
export interface SlackApiServerOptions {
  /** The token that is accepted; default `xoxb-not-a-secret`. */
  readonly token?: string;
  /** The conversations there are; default `C024BE91L`. */
  readonly channelIds?: readonly string[];
  /** Messages a second and conversation that are taken; absent: any number. Slack takes about one. */
  readonly ratePerSecond?: number;
  /** The clock of the rate limit. */
  readonly now?: Clock;
}

/** A message as it stands in a conversation. */
export interface SlackApiMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** How often it was updated. */
  readonly edits: number;
}

/** Slack's Web API on the loopback address. */
export interface SlackApiServer extends FakeServer {
  /** For `apiUrl`. */
  readonly url: string;
  readonly token: string;
  /** What stands in all conversations, in order. */
  messages(): readonly SlackApiMessage[];
  /** Deletes a message, as somebody in the conversation would. */
  deleteMessage(ts: string): void;
  /** Takes another token from now on. */
  changeToken(token: string): void;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (body: string): Fields | undefined => {
  const value = parseJson(body);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
};

const json = (value: object, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
});

const no = (error: string): Answer => json({ ok: false, error });

/**
 * Starts a server on 127.0.0.1 that answers chat.postMessage, chat.update and auth.test as Slack does: HTTP 200 with
 * `ok: false` for errors, 429 with `Retry-After` per conversation, the limits of `slackLimits`, threads, and messages that
 * can be deleted behind the sender's back.
 * @example
 * ```ts
 * import { createSlackApiNotifier } from '@remedykit/notify/slack';
 * import { startSlackApiServer } from '@remedykit/notify/testing';
 * const server = await startSlackApiServer();
 * const slack = createSlackApiNotifier({
 *   token: server.token,
 *   channelId: 'C024BE91L',
 *   apiUrl: server.url,
 *   allowedHosts: [server.host],
 * });
 * await server.close();
 * ```
 */
export const startSlackApiServer = async (options: SlackApiServerOptions = {}): Promise<SlackApiServer> => {
  const { channelIds = ['C024BE91L'], ratePerSecond, now = systemClock } = options;
  let token = options.token ?? 'xoxb-not-a-secret';
  const messages = new Map<string, SlackApiMessage>();
  const limits = new Map(channelIds.map((id) => [id, createRateLimit(ratePerSecond)]));
  let count = 0;

  const postMessage = (fields: Fields, channel: string): Answer => {
    const { thread_ts: threadTs } = fields;
    if (threadTs !== undefined && !(typeof threadTs === 'string' && messages.get(threadTs)?.channel === channel))
      return no('thread_not_found');
    count += 1;
    const ts = `${Math.floor(now().getTime() / 1000)}.${String(count).padStart(6, '0')}`;
    messages.set(ts, {
      channel,
      ts,
      payload: fields,
      edits: 0,
      ...(typeof threadTs === 'string' ? { threadTs } : {}),
    });
    return json({ ok: true, channel, ts, message: { text: fields.text, blocks: fields.blocks } });
  };

  const updateMessage = (fields: Fields, channel: string): Answer => {
    const old = messages.get(String(fields.ts));
    if (old === undefined || old.channel !== channel) return no('message_not_found');
    messages.set(old.ts, { ...old, payload: fields, edits: old.edits + 1 });
    return json({ ok: true, channel, ts: old.ts, text: fields.text });
  };

  const answerTo = (request: IncomingMessage, body: string): Answer => {
    if (request.method !== 'POST') return json({ ok: false, error: 'invalid_post_type' });
    const method = /^\/api\/(chat\.postMessage|chat\.update|auth\.test)$/.exec(request.url ?? '')?.[1];
    if (method === undefined) return no('unknown_method');
    const { authorization } = request.headers;
    if (authorization === undefined) return no('not_authed');
    if (authorization !== `Bearer ${token}`) return no('invalid_auth');
    if (method === 'auth.test') return json({ ok: true, team: 'test', user: 'remedykit' });

    const fields = fieldsOf(body);
    if (fields === undefined) return no('invalid_json');
    const { channel } = fields;
    const limit = typeof channel === 'string' ? limits.get(channel) : undefined;
    if (typeof channel !== 'string' || limit === undefined) return no('channel_not_found');
    const error = checkSlackPayload({
      ...fields,
      // Slack takes an empty list: it takes the attachments away.
      attachments:
        Array.isArray(fields.attachments) && fields.attachments.length === 0 ? undefined : fields.attachments,
    });
    if (error !== undefined) return no(error);
    const waitSeconds = limit(now());
    if (waitSeconds !== undefined)
      return json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': String(waitSeconds) });
    return method === 'chat.postMessage' ? postMessage(fields, channel) : updateMessage(fields, channel);
  };

  const { forget: _forget, ...server } = await startFakeServer(answerTo, '{"ok":false,"error":"internal_error"}');
  return {
    ...server,
    url: `http://${server.host}/api`,
    get token() {
      return token;
    },
    messages: () => [...messages.values()],
    deleteMessage: (ts) => void messages.delete(ts),
    changeToken: (next) => {
      token = next;
    },
  };
};
