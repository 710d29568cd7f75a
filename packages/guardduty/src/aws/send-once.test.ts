import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeNetworkAclsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, expect, it } from 'vitest';
import { sendOnce } from './send-once.ts';

let server: Server | undefined;
let client: EC2Client | undefined;

afterEach(async () => {
  client?.destroy();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
});

/** An EC2 endpoint that answers every request with this status and counts them; `undefined`: it never answers. */
const answering = async (status: number | undefined, code = 'Unavailable') => {
  let requests = 0;
  server = createServer((_, response) => {
    requests += 1;
    if (status === undefined) return;
    response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': 'r-1' });
    response.end(
      `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors><RequestID>r-1</RequestID></Response>`,
    );
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  client = new EC2Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 3,
  });
  return { client, requests: () => requests };
};

const command = () => new DescribeNetworkAclsCommand({ NetworkAclIds: ['acl-1'] });

it('a real client sends once, where by itself it would send three times', async () => {
  const { client, requests } = await answering(503);
  await expect(client.send(command())).rejects.toMatchObject({ name: 'Unavailable' });
  expect(requests()).toBe(3);
  await expect(sendOnce(client, command(), 5_000)).rejects.toMatchObject({ name: 'Unavailable' });
  expect(requests()).toBe(4);
});

it("the error is AWS's own, with its status and request id", async () => {
  const { client } = await answering(400, 'InvalidNetworkAclID.NotFound');
  const error: unknown = await sendOnce(client, command(), 5_000).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: 'InvalidNetworkAclID.NotFound',
    $metadata: { httpStatusCode: 400, requestId: 'r-1' },
  });
});

it('a throttled request is not sent again by the client either', async () => {
  const { client, requests } = await answering(503, 'RequestLimitExceeded');
  await expect(sendOnce(client, command(), 5_000)).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
  expect(requests()).toBe(1);
});

it('the client keeps its own retries for other requests', async () => {
  const { client, requests } = await answering(503);
  await sendOnce(client, command(), 5_000).catch(() => undefined);
  await client.send(command()).catch(() => undefined);
  expect(requests()).toBe(4);
});

it('a request that nobody answers is given up, and the error claims no answer', async () => {
  const { client, requests } = await answering(undefined);
  const error = await sendOnce(client, command(), 1_500).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(requests()).toBe(1);
  expect((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode).toBeUndefined();
});
