import { type Attempt, unavailable } from '../delivery/attempt.ts';
import { attemptOfStatus, errorWord, type HttpAnswer, parseJson } from '../delivery/post.ts';

/** What was to be updated or answered is no more, or may not be changed any more: only a new message helps. */
const gone: ReadonlySet<string> = new Set([
  'message_not_found',
  'thread_not_found',
  'edit_window_closed',
  'cant_update_message',
]);

/** The token is not, or no longer, one of this workspace. */
const badToken: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
]);

/** Slack's own trouble. It may have taken the message. */
const trouble: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'accesslimited',
  'team_added_to_org',
]);

const limited: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);

/** Names a message within the workspace: `C024BE91L/1732442400.000100`. */
export const toMessageId = (channelId: string, ts: string): string => `${channelId}/${ts}`;

/** The parts of a message id; `undefined` for what is none of ours. */
export const parseMessageId = (messageId: string): { readonly channelId: string; readonly ts: string } | undefined => {
  const [, channelId = '', ts = ''] = /^([A-Z0-9]+)\/(\d+\.\d+)$/.exec(messageId) ?? [];
  return channelId === '' ? undefined : { channelId, ts };
};

/**
 * What the answer of a Web API method means. Slack answers errors with HTTP 200 and `ok: false`; only `ok: true` is a
 * success. Source: the errors listed for chat.postMessage and chat.update.
 */
export const readApiAnswer = (answer: HttpAnswer, token: string): Attempt => {
  const { status, retryAfterMs } = answer;
  const fields = parseJson(answer.body);
  if (typeof fields !== 'object' || fields === null || !('ok' in fields) || status !== 200) {
    const word =
      typeof fields === 'object' && fields !== null && 'error' in fields ? String(fields.error) : answer.body;
    const reason = `HTTP ${status}: ${errorWord(word, [token]) ?? 'unexpected answer'}`;
    return status === 200 ? { result: 'rejected', reason } : attemptOfStatus(answer, reason);
  }
  if (fields.ok === true) {
    const { channel, ts } = { channel: undefined, ts: undefined, ...fields };
    return typeof channel === 'string' && typeof ts === 'string'
      ? { result: 'delivered', messageId: toMessageId(channel, ts) }
      : { result: 'delivered' };
  }
  const error = 'error' in fields ? String(fields.error) : '';
  const reason = `Slack: ${errorWord(error, [token]) ?? 'unexpected error'}`;
  if (limited.has(error)) return unavailable(reason, false, retryAfterMs);
  if (trouble.has(error)) return unavailable(reason, true, retryAfterMs);
  return { result: 'rejected', reason, staleSecret: badToken.has(error), gone: gone.has(error) };
};
