import { readBody } from '../delivery/read-body.ts';
import { parseRetryAfter } from '../delivery/retry-after.ts';

/** What one request came to. */
export type Attempt =
  | { readonly result: 'delivered' }
  | { readonly result: 'rejected'; readonly reason: string }
  | { readonly result: 'unavailable'; readonly reason: string; readonly retryAfterMs?: number };

/** One request to an incoming webhook. */
export interface Post {
  readonly url: URL;
  readonly body: string;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
}

/** Slack's answers are one word; a page of a proxy is longer. */
const maxBodyBytes = 1024;

const unavailable = (reason: string, retryAfterMs?: number): Attempt =>
  retryAfterMs === undefined ? { result: 'unavailable', reason } : { result: 'unavailable', reason, retryAfterMs };

/** The error code in an answer, `invalid_payload`. Nothing else of a body is repeated: it could hold the URL. */
const errorCode = (body: string, url: URL): string | undefined => {
  const code = /^\s*([a-z][a-z0-9]*(?:_[a-z0-9]+)*)\s*(?:$|:)/.exec(body)?.[1];
  return code === undefined || code.length > 64 || url.href.includes(code) ? undefined : code;
};

/** What went wrong below HTTP, by the code of the error alone: messages of network errors name the URL's host or more. */
const networkReason = (error: unknown): string => {
  if (!(error instanceof Error)) return 'network error';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout';
  const code = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : '';
  return /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? `network error ${code}` : 'network error';
};

/** undici says so for `redirect: 'error'`; elsewhere a redirect counts as a network error. */
const isRedirect = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && error.cause.message === 'unexpected redirect';

const answerOf = async (response: Response, { url, now }: Post): Promise<Attempt> => {
  const body = await readBody(response, maxBodyBytes);
  const { status } = response;
  if (status === 200 && body.trim() === 'ok') return { result: 'delivered' };
  const reason = `HTTP ${status}: ${errorCode(body, url) ?? 'unexpected answer'}`;
  if (status === 429 || status === 408 || status >= 500)
    return unavailable(reason, parseRetryAfter(response.headers.get('retry-after'), now()));
  return { result: 'rejected', reason };
};

/** Posts once. Resolves whatever happens, and says nothing of the URL. Redirects are refused: they would carry the message elsewhere. */
export const postOnce = async (post: Post): Promise<Attempt> => {
  try {
    const response = await post.fetch(post.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: post.body,
      redirect: 'error',
      signal: AbortSignal.timeout(Math.ceil(post.timeoutMs)),
    });
    return await answerOf(response, post);
  } catch (error) {
    return isRedirect(error) ? { result: 'rejected', reason: 'redirect refused' } : unavailable(networkReason(error));
  }
};
