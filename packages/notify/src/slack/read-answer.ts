import type { Attempt } from '../delivery/attempt.ts';
import { attemptOfStatus, errorWord, type HttpAnswer } from '../delivery/post.ts';

/** What the answer of an incoming webhook means. Only HTTP 200 with the body `ok` is a success. */
export const readWebhookAnswer = (answer: HttpAnswer, url: URL): Attempt => {
  const { status, body } = answer;
  if (status === 200 && body.trim() === 'ok') return { result: 'delivered' };
  return attemptOfStatus(answer, `HTTP ${status}: ${errorWord(body, [url.href]) ?? 'unexpected answer'}`);
};
