import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP proxy in front of an AWS endpoint that counts what crosses the wire. */
export interface CountingProxy {
  /** The endpoint to give to the clients. */
  readonly url: string;
  /** Requests so far by `service:Action` (`ec2:CreateNetworkAclEntry`), retries and failures among them. */
  readonly counts: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** The service as the signature names it. */
const serviceOf = ({ headers }: IncomingMessage): string =>
  /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1] ?? 'unsigned';

/** The action: a form parameter (EC2, STS), the target header (DynamoDB), else method and path. */
const actionOf = (incoming: IncomingMessage, body: Buffer): string => {
  const target = incoming.headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  const isForm = incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const action = isForm ? new URLSearchParams(body.toString('utf8')).get('Action') : null;
  return action ?? `${incoming.method} ${incoming.url?.split('?')[0]}`;
};

const bodyOf = async (incoming: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const forward = async (target: URL, incoming: IncomingMessage, body: Buffer, answer: ServerResponse): Promise<void> => {
  const { method, headers, url = '/' } = incoming;
  const outgoing = request(new URL(url, target), { ...(method === undefined ? {} : { method }), headers });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  answer.writeHead(response.statusCode ?? 502, response.headers);
  for await (const chunk of response) answer.write(chunk);
  answer.end();
};

/**
 * Starts a proxy on a free port of the loopback address; everything is passed on as it came.
 * @param targetUrl the endpoint in front of which it stands
 */
export const startCountingProxy = async (targetUrl: string): Promise<CountingProxy> => {
  const target = new URL(targetUrl);
  const counts: Record<string, number> = {};
  const server = createServer(async (incoming, answer) => {
    try {
      const body = await bodyOf(incoming);
      const action = `${serviceOf(incoming)}:${actionOf(incoming, body)}`;
      counts[action] = (counts[action] ?? 0) + 1;
      await forward(target, incoming, body, answer);
    } catch (error) {
      if (!answer.headersSent) answer.writeHead(502);
      answer.end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
