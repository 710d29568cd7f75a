import type { Attempt } from '../delivery/attempt.ts';
import { unavailable } from '../delivery/attempt.ts';
import { attemptOfStatus, type HttpAnswer, parseJson } from '../delivery/post.ts';

interface EventAnswer {
  readonly status?: unknown;
  readonly errors?: unknown;
}

const answerOf = (body: string): EventAnswer => {
  const answer = parseJson(body);
  return typeof answer === 'object' && answer !== null ? answer : {};
};

/** `invalid event`, `throttle exceeded`; nothing else of a body is repeated. */
const statusWords = ({ status }: EventAnswer): string =>
  typeof status === 'string' && /^[a-z]{1,20}( [a-z]{1,20}){0,3}$/.test(status) ? status : 'unexpected answer';

/** True when the answer complains of the routing key, which may have been rotated. */
const isAboutKey = ({ errors }: EventAnswer): boolean => /routing.?key/i.test(JSON.stringify(errors ?? ''));

/**
 * What the answer of the Events API means. Only HTTP 202 that says `success` is one. Sending an event again does no harm,
 * since PagerDuty finds its alert by the dedup key, so nothing is `unsure`.
 */
export const readEventAnswer = (answer: HttpAnswer, dedupKey: string): Attempt => {
  const said = answerOf(answer.body);
  if (answer.status === 202)
    return said.status === 'success'
      ? { result: 'delivered', messageId: dedupKey }
      : unavailable('HTTP 202: unexpected answer', false, answer.retryAfterMs);
  const attempt = attemptOfStatus(answer, `HTTP ${answer.status}: ${statusWords(said)}`);
  if (attempt.result === 'unavailable') return { ...attempt, unsure: false };
  const stale = attempt.result === 'rejected' && answer.status === 400 && isAboutKey(said);
  return stale ? { ...attempt, staleSecret: true } : attempt;
};
