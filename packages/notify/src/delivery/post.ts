import type { Clock, Duration } from '@remedykit/core';
import { type Attempt, rejected, unavailable } from './attempt.ts';
import { readBody } from './read-body.ts';
import { parseRetryAfter } from './retry-after.ts';

/** What a server answered. */
export interface HttpAnswer {
  readonly status: number;
  /** Its beginning; never to be repeated in a reason, for it could hold a secret. */
  readonly body: string;
  readonly retryAfterMs?: Duration;
}

/** One POST request. */
export interface Post {
  readonly url: URL;
  readonly body: string;
  /** Default: `application/json; charset=utf-8`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
  readonly now: Clock;
  /** Bytes of the answer that are read; default 4,096. */
  readonly maxAnswerBytes?: number;
  /** What the answer means. */
  readonly read: (answer: HttpAnswer) => Attempt;
}

/** What happened before a connection stood: the target cannot have taken anything. */
const neverConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What went wrong below HTTP, by the code of the error alone: messages of network errors name the URL's host or more. */
const networkFailure = (error: unknown): Attempt => {
  if (!(error instanceof Error)) return unavailable('network error', true);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return unavailable('timeout', true);
  // undici says so for `redirect: 'error'`; elsewhere a redirect counts as a network error.
  if (error.cause instanceof Error && error.cause.message === 'unexpected redirect')
    return rejected('redirect refused');
  const code = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : '';
  const known = /^[A-Z][A-Z0-9_]{1,40}$/.test(code);
  return unavailable(known ? `network error ${code}` : 'network error', !neverConnected.has(code));
};

/** Posts once. Resolves whatever happens, and says nothing of the URL. Redirects are refused: they would carry the message elsewhere. */
export const postOnce = async (post: Post): Promise<Attempt> => {
  const { url, body, headers, signal, now, maxAnswerBytes = 4096, read } = post;
  try {
    const response = await post.fetch(url, {
      method: 'POST',
      headers: headers ?? { 'content-type': 'application/json; charset=utf-8' },
      body,
      redirect: 'error',
      signal,
    });
    const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), now());
    return read({
      status: response.status,
      body: await readBody(response, maxAnswerBytes),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  } catch (error) {
    return networkFailure(error);
  }
};

/**
 * What a status that is no success means. 429 and 408, and 503 with a `Retry-After`, took nothing; after any other 5xx
 * nobody knows; everything else is final, and 401, 403, 404 and 410 may mean that a secret was changed.
 */
export const attemptOfStatus = ({ status, retryAfterMs }: HttpAnswer, reason: string): Attempt => {
  if (status === 429 || status === 408) return unavailable(reason, false, retryAfterMs);
  if (status >= 500) return unavailable(reason, !(status === 503 && retryAfterMs !== undefined), retryAfterMs);
  return { result: 'rejected', reason, staleSecret: [401, 403, 404, 410].includes(status) };
};

/**
 * The word with which an answer begins, `invalid_payload`, where it is one that a program would say. Nothing else of a
 * body is repeated, and no word that is a part of a secret.
 */
export const errorWord = (body: string, secrets: readonly string[]): string | undefined => {
  const word = /^\s*([a-z][a-z0-9]*(?:_[a-z0-9]+)*)\s*(?:$|:)/.exec(body)?.[1];
  if (word === undefined || word.length > 64) return undefined;
  return secrets.some((secret) => secret.toLowerCase().includes(word)) ? undefined : word;
};

/** The JSON of an answer; `undefined` for what is none. */
export const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};
