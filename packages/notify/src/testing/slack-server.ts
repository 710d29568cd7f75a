import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '@remedykit/core';
import { checkSlackPayload } from './check-slack-payload.ts';

/** An answer that the server gives instead of its own. */
export interface SlackFailure {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `answer`: never answers at all; `body`: sends head and body and never ends; `reset`: closes the connection. */
  readonly hang?: 'answer' | 'body' | 'reset';
}

/** A request as it came in. */
export interface SlackRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  /** The status of the answer; 0 where there was none. */
  readonly status: number;
}

/** Options of `startSlackServer`. */
export interface SlackServerOptions {
  /** Messages a second that are taken, the rest is answered with 429 and `Retry-After`; absent: any number. Slack takes about one. */
  readonly ratePerSecond?: number;
  /** The clock of the rate limit. */
  readonly now?: Clock;
}

/** A Slack that listens on the loopback address. */
export interface SlackServer {
  /** URL of its incoming webhook. */
  readonly url: string;
  /** `host:port`, for `allowedHosts`. */
  readonly host: string;
  /** The payloads that were taken, in order. */
  readonly messages: readonly unknown[];
  /** Everything that was asked, in order. */
  readonly requests: readonly SlackRequest[];
  /** The next requests that have no failure yet get these answers, one each. */
  failNext(...failures: readonly SlackFailure[]): void;
  /** Forgets messages, requests, failures to come and the rate. */
  reset(): void;
  close(): Promise<void>;
}

const path = '/services/T00000000/B00000000/not-a-secret';

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Starts a server on 127.0.0.1 that takes messages as Slack's incoming webhooks do: it enforces the limits of
 * `slackLimits`, answers with Slack's words, limits the rate if asked to, and fails on demand.
 * @example
 * ```ts
 * import { createSlackNotifier } from '@remedykit/notify/slack';
 * import { startSlackServer } from '@remedykit/notify/testing';
 * const server = await startSlackServer();
 * const slack = createSlackNotifier({ webhookUrl: server.url, allowedHosts: [server.host] });
 * server.failNext({ status: 429, headers: { 'retry-after': '1' }, body: 'rate_limited' });
 * await server.close();
 * ```
 */
export const startSlackServer = async (options: SlackServerOptions = {}): Promise<SlackServer> => {
  const { ratePerSecond, now = systemClock } = options;
  const messages: unknown[] = [];
  const requests: SlackRequest[] = [];
  const failures: SlackFailure[] = [];
  let freeAt = Number.NEGATIVE_INFINITY;

  const answerTo = (request: IncomingMessage, body: string): Answer => {
    if (request.method !== 'POST') return { status: 405, body: 'method_not_allowed' };
    if (request.url !== path) return { status: 404, body: 'no_service' };
    if (ratePerSecond !== undefined) {
      const waitMs = freeAt - now().getTime();
      if (waitMs > 0)
        return { status: 429, headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) }, body: 'rate_limited' };
    }
    const payload = parse(body);
    const error = checkSlackPayload(payload);
    if (error !== undefined) return { status: 400, body: error };
    if (ratePerSecond !== undefined) freeAt = now().getTime() + 1000 / ratePerSecond;
    messages.push(payload);
    return { status: 200, body: 'ok' };
  };

  const respond = (response: ServerResponse, { status, headers, body }: Answer, hang: SlackFailure['hang']): void => {
    if (hang === 'answer') return;
    if (hang === 'reset') {
      response.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
    response.flushHeaders();
    if (hang === 'body') response.write(body);
    else response.end(body);
  };

  const server = createServer(async (request, response) => {
    const body = await read(request);
    const failure = failures.shift();
    const answer =
      failure === undefined
        ? answerTo(request, body)
        : { status: failure.status ?? 500, headers: failure.headers ?? {}, body: failure.body ?? 'rollup_error' };
    const silent = failure?.hang === 'answer' || failure?.hang === 'reset';
    requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      contentType: request.headers['content-type'] ?? '',
      body,
      status: silent ? 0 : answer.status,
    });
    respond(response, answer, failure?.hang);
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}${path}`,
    host,
    messages,
    requests,
    failNext: (...next) => {
      failures.push(...next);
    },
    reset: () => {
      messages.length = 0;
      requests.length = 0;
      failures.length = 0;
      freeAt = Number.NEGATIVE_INFINITY;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
};
