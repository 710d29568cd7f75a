import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { afterEach, expect, it } from 'vitest';
import { startCountingProxy } from './counting-proxy.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const answers: Readonly<Record<string, string>> = {
  ec2: '<DescribeVpcsResponse><requestId>r</requestId><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>',
  dynamodb: '{"Item":{"id":{"S":"a"}}}',
  guardduty: '{"detectorIds":["d"]}',
};

const startUpstream = async (status = 200): Promise<string> => {
  const server = createServer((incoming, answer) => {
    const service = Object.keys(answers).find((name) => incoming.headers.authorization?.includes(`/${name}/`)) ?? '';
    answer.writeHead(status);
    answer.end(status === 200 ? answers[service] : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const startProxy = async (target: string) => {
  const proxy = await startCountingProxy(target);
  closing.push(() => proxy.close());
  const options = {
    endpoint: proxy.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  return { proxy, options };
};

it('passes requests and answers on and counts them by service and action', async () => {
  const { proxy, options } = await startProxy(await startUpstream());
  const ec2 = new EC2Client(options);
  for (let n = 0; n < 2; n += 1) {
    expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId).toBe('vpc-1');
  }
  const get = new GetItemCommand({ TableName: 't', Key: { id: { S: 'a' } } });
  expect((await new DynamoDBClient(options).send(get)).Item).toEqual({ id: { S: 'a' } });
  expect((await new GuardDutyClient(options).send(new ListDetectorsCommand({}))).DetectorIds).toEqual(['d']);
  expect(proxy.counts).toEqual({
    'ec2:DescribeVpcs': 2,
    'dynamodb:GetItem': 1,
    'guardduty:GET /detector': 1,
  });
});

it('counts what fails, each retry of the SDK among them', async () => {
  const { proxy, options } = await startProxy(await startUpstream(503));
  const ec2 = new EC2Client({ ...options, maxAttempts: 3 });
  await expect(ec2.send(new DescribeVpcsCommand({}))).rejects.toThrow();
  expect(proxy.counts).toEqual({ 'ec2:DescribeVpcs': 3 });
});

it('answers 502 when nobody is behind it', async () => {
  const { proxy, options } = await startProxy('http://127.0.0.1:9');
  const ec2 = new EC2Client({ ...options, maxAttempts: 1 });
  await expect(ec2.send(new DescribeVpcsCommand({}))).rejects.toHaveProperty('$metadata.httpStatusCode', 502);
  expect(proxy.counts).toEqual({ 'ec2:DescribeVpcs': 1 });
});
