import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { createFakeEc2 } from '@remedykit/guardduty/testing';
import { expect, it } from 'vitest';
import { type Counts, countRequests, countSends } from './count-calls.ts';

it('counts what crosses the wire: a request that the SDK sends again counts again', async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(requests < 3 ? 500 : 200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const counts: Counts = {};
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 5,
  });
  const get = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } });
  await countRequests(client, 'dynamodb', counts).send(get);
  client.destroy();
  server.close();
  expect(requests).toBe(3);
  expect(counts).toEqual({ 'dynamodb:GetItem': 3 });
});

it('counts what is sent to a fake, what fails included', async () => {
  const fake = createFakeEc2();
  const counts: Counts = {};
  const ec2 = countSends(fake, 'ec2', counts);
  fake.failNext('DescribeVpcs', { code: 'RequestLimitExceeded' });
  await expect(ec2.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
  await ec2.send(new DescribeVpcsCommand({}));
  expect(counts).toEqual(fake.calls);
});
