import { type Clock, systemClock } from '@remedykit/core';
import { parseJson } from '../delivery/post.ts';
import { teamsLimits } from '../teams/limits.ts';
import type { TeamsEnvelope } from '../teams/render.ts';
import { createRateLimit, type FakeServer, startFakeServer } from './fake-server.ts';
import { checkTeamsCard, checkTeamsMessage } from './teams-server-card.ts';

/** Options of `startTeamsServer`. */
export interface TeamsServerOptions {
  /** What the flow takes; default `message`. */
  readonly envelope?: TeamsEnvelope;
  /** Requests a second that are taken, the rest is answered with 429 and `Retry-After`; absent: any number. Teams takes four. */
  readonly ratePerSecond?: number;
  /** The clock of the rate limit. */
  readonly now?: Clock;
}

/** A workflow behind a webhook, and the channel that it posts to. */
export interface TeamsServer extends FakeServer {
  /** URL of its webhook, signature included. */
  readonly url: string;
  /** What the channel shows, in order. */
  readonly posted: readonly unknown[];
  /** What was answered with 202 and never shown, as Teams does it, with the reason that nobody is told. */
  readonly dropped: readonly { readonly reason: string; readonly payload: unknown }[];
  /** Forgets requests, messages, failures to come and the rate. */
  reset(): void;
}

const path = '/powerautomate/automations/direct/workflows/0b1/triggers/manual/paths/invoke';
const signature = 'not-a%2Fsecret%2Bat-all';
const query = `?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${signature}`;

const errorAnswer = (status: number, code: string, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify({ error: { code, message: 'The request was refused.' } }),
});

/**
 * Starts a server on 127.0.0.1 that takes messages as a Teams workflow does: the signature must come back unchanged, any
 * JSON is accepted with 202, and what is too large or no valid card is dropped afterwards without a word.
 * @example
 * ```ts
 * import { createTeamsNotifier } from '@remedykit/notify/teams';
 * import { startTeamsServer } from '@remedykit/notify/testing';
 * const server = await startTeamsServer();
 * const teams = createTeamsNotifier({ webhookUrl: server.url, allowedHosts: [server.host] });
 * await server.close();
 * ```
 */
export const startTeamsServer = async (options: TeamsServerOptions = {}): Promise<TeamsServer> => {
  const { envelope = 'message', ratePerSecond, now = systemClock } = options;
  const posted: unknown[] = [];
  const dropped: { reason: string; payload: unknown }[] = [];
  let limit = createRateLimit(ratePerSecond);
  let runs = 0;

  const server = await startFakeServer(({ method, url: asked = '' }, body) => {
    if (method !== 'POST') return errorAnswer(405, 'MethodNotAllowed');
    if (!asked.startsWith(path)) return errorAnswer(404, 'WorkflowNotFound');
    if (asked !== `${path}${query}`) return errorAnswer(401, 'DirectApiAuthorizationRequired');
    const payload = parseJson(body);
    if (typeof payload !== 'object' || payload === null) return errorAnswer(400, 'InvalidRequestContent');
    const waitSeconds = limit(now());
    if (waitSeconds !== undefined) return errorAnswer(429, 'TooManyRequests', { 'retry-after': String(waitSeconds) });
    runs += 1;
    const reason =
      Buffer.byteLength(body) > teamsLimits.measuredBytes
        ? 'too large'
        : (envelope === 'card' ? checkTeamsCard : checkTeamsMessage)(payload);
    if (reason === undefined) posted.push(payload);
    else dropped.push({ reason, payload });
    return { status: 202, headers: { 'x-ms-workflow-run-id': `08584000000000000000000000CU${runs}` }, body: '' };
  });
  return {
    ...server,
    url: `http://${server.host}${path}${query}`,
    posted,
    dropped,
    reset: () => {
      server.forget();
      limit = createRateLimit(ratePerSecond);
      posted.length = 0;
      dropped.length = 0;
      runs = 0;
    },
  };
};
