import type { Attempt } from '../delivery/attempt.ts';
import { rejected, unavailable } from '../delivery/attempt.ts';
import { attemptOfStatus, type HttpAnswer, parseJson } from '../delivery/post.ts';

/** The error code of a Logic Apps answer, `{ "error": { "code": "…" } }`, unless it is a part of the URL. */
const errorCode = (body: string, url: URL): string | undefined => {
  const answer = parseJson(body);
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return undefined;
  const { error } = answer;
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string')
    return undefined;
  return /^[A-Za-z]{1,64}$/.test(error.code) && !url.href.includes(error.code) ? error.code : undefined;
};

/** A connector, and flows that pass its answer on, report a failure with HTTP 200 and this text. */
const hiddenFailure = /^\s*"?Webhook message delivery failed with error:/i;

/**
 * What the answer of a workflow means. 202: the workflow runs; whether the card is posted nobody says. 200 comes from a
 * flow with a response step of its own, and may hide a failure in its body.
 */
export const readTeamsAnswer = (answer: HttpAnswer, url: URL, runId: string | undefined): Attempt => {
  const { status, body, retryAfterMs } = answer;
  if (status === 200 && hiddenFailure.test(body))
    return /\b(?:429|5\d\d)\b/.test(body)
      ? unavailable('HTTP 200 that reports a failure for now', false, retryAfterMs)
      : rejected('HTTP 200 that reports a failure');
  if (status === 200 || status === 202)
    return { result: 'delivered', ...(runId === undefined ? {} : { messageId: runId }) };
  return attemptOfStatus(answer, `HTTP ${status}: ${errorCode(body, url) ?? 'unexpected answer'}`);
};
