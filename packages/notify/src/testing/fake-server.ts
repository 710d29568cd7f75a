import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer that a server gives instead of its own. */
export interface ServerFailure {
  /** Default 500. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `answer`: never answers at all; `body`: sends head and body and never ends; `reset`: closes the connection. */
  readonly hang?: 'answer' | 'body' | 'reset';
  /** `before`, the default: nothing was done. `effect`: it was done, and its answer is lost. */
  readonly after?: 'before' | 'effect';
}

/** A request as it came in. */
export interface ServerRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  /** The status of the answer; 0 where there was none. */
  readonly status: number;
}

/** What a server answers of itself. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What every server of this package has in common. */
export interface FakeServer {
  /** `host:port`, for `allowedHosts`. */
  readonly host: string;
  /** Everything that was asked, in order. */
  readonly requests: readonly ServerRequest[];
  /** The next requests that have no failure yet get these answers, one each. */
  failNext(...failures: readonly ServerFailure[]): void;
  close(): Promise<void>;
}

/** A fake server with what its own module needs. */
export interface StartedServer extends FakeServer {
  forget(): void;
}

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const respond = (response: ServerResponse, { status, headers, body }: Answer, hang: ServerFailure['hang']): void => {
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

/** Starts a server on 127.0.0.1 that answers with `answerTo`, keeps what it was asked, and fails on demand. */
export const startFakeServer = async (
  answerTo: (request: IncomingMessage, body: string) => Answer,
  failureBody = '',
): Promise<StartedServer> => {
  const requests: ServerRequest[] = [];
  const failures: ServerFailure[] = [];

  const server = createServer(async (request, response) => {
    const body = await read(request);
    const failure = failures.shift();
    if (failure?.after === 'effect') answerTo(request, body);
    const answer =
      failure === undefined
        ? answerTo(request, body)
        : { status: failure.status ?? 500, headers: failure.headers ?? {}, body: failure.body ?? failureBody };
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
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    failNext: (...next) => {
      failures.push(...next);
    },
    forget: () => {
      requests.length = 0;
      failures.length = 0;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
};

/** A limit of so many requests a second, as servers count: the rest is told how many whole seconds to wait. */
export const createRateLimit = (ratePerSecond: number | undefined): ((now: Date) => number | undefined) => {
  let freeAt = Number.NEGATIVE_INFINITY;
  return (now) => {
    if (ratePerSecond === undefined) return undefined;
    const waitMs = freeAt - now.getTime();
    if (waitMs > 0) return Math.ceil(waitMs / 1000);
    freeAt = now.getTime() + 1000 / ratePerSecond;
    return undefined;
  };
};
