import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SNSClient } from '@aws-sdk/client-sns';
import { untrusted } from '@remedykit/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createManualTime } from '../testing/manual-time.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { createFakeSns, type FakeSns } from '../testing/sns-server.ts';
import { createSnsNotifier, type SnsNotifierOptions } from './notifier.ts';

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:security-alerts';

let time = createManualTime();
let client: FakeSns;

beforeEach(() => {
  time = createManualTime();
  client = createFakeSns({ topics: [topicArn, `${topicArn}.fifo`] });
});

const snsFor = (options: Partial<SnsNotifierOptions> = {}) =>
  createSnsNotifier({ client, topicArn, sleep: time.sleep, now: time.now, random: () => 0.5, ...options });

describe('createSnsNotifier', () => {
  it('publishes text for people, a subject, and attributes to filter by', async () => {
    const delivery = await snsFor().notify(sampleMessage({ undone: true, subject: { accountId: '111122223333' } }));
    expect(delivery).toEqual({ status: 'delivered', channel: 'sns', messageId: client.published[0]?.messageId });
    expect(client.published).toMatchObject([
      {
        topicArn,
        subject: '[MEDIUM] Blocked 198.51.100.7: UnauthorizedAccess:EC2/SSHBruteForce',
        text: expect.stringContaining('\n\nAccount: 111122223333\nRegion: eu-west-1\n\n'),
        attributes: { severity: 'medium', status: 'open', preview: 'false', undone: 'true', accountId: '111122223333' },
      },
    ]);
  });

  it('sends nothing when there is nothing to say', async () => {
    expect(await snsFor().notify(undefined)).toEqual({ status: 'nothing', channel: 'sns' });
    expect(client.log).toEqual([]);
  });

  it('N2: throttling is tried again with a backoff, then deferred', async () => {
    client.failNext('Publish', { code: 'ThrottledException' });
    client.failNext('Publish', { code: 'KMSThrottlingException' });
    expect(await snsFor().notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(time.waits).toEqual([500, 1000]);
    client.failNext('Publish', { code: 'ThrottledException', times: 3 });
    expect(await snsFor().notify(sampleMessage())).toMatchObject({ status: 'deferred', reason: 'ThrottledException' });
  });

  it('N1: what SNS refuses is rejected with the name of its error, and with nothing else of it', async () => {
    const topic = 'arn:aws:sns:eu-west-1:111122223333:gone';
    expect(await snsFor({ topicArn: topic }).notify(sampleMessage())).toEqual({
      status: 'rejected',
      channel: 'sns',
      reason: 'NotFoundException',
    });
  });

  it('N1: a request that never ends is given up', async () => {
    client.failNext('Publish', { code: 'x', hang: true });
    expect(await snsFor({ timeoutMs: 30, attempts: 1 }).notify(sampleMessage())).toMatchObject({
      status: 'deferred',
      reason: 'timeout',
    });
  });

  it('after a 5xx publishes again, or gives up where a message must not appear twice', async () => {
    client.failNext('Publish', { code: 'InternalErrorException', after: 'effect' });
    expect(await snsFor().notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(client.published).toHaveLength(2);
    client.failNext('Publish', { code: 'InternalErrorException', after: 'effect' });
    expect(await snsFor({ whenUnsure: 'give-up' }).notify(sampleMessage())).toMatchObject({ status: 'rejected' });
    expect(client.published).toHaveLength(3);
  });

  it('on a FIFO topic the messages about one matter stay in order, and none is published twice', async () => {
    client.failNext('Publish', { code: 'InternalErrorException', after: 'effect' });
    const sns = snsFor({ topicArn: `${topicArn}.fifo` });
    expect(await sns.notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    await sns.notify(sampleMessage({ severity: 'high' }));
    expect(client.published).toHaveLength(2);
    expect(new Set(client.log.map(({ input }) => input.MessageGroupId)).size).toBe(1);
  });

  it('fits an oversized message into bytes, not characters', async () => {
    const body = Array.from({ length: 60 }, () => untrusted('é😀漢'.repeat(3000)));
    for (const maxBytes of [1024, 5000, 65_536, 262_144]) {
      client.reset();
      expect(await snsFor({ maxBytes }).notify(sampleMessage({ body }))).toMatchObject({ status: 'delivered' });
      expect(Buffer.byteLength(client.published[0]?.text ?? '')).toBeLessThanOrEqual(maxBytes);
    }
  });

  it.each([
    [{ topicArn: 'security-alerts' }, 'SNS_TOPIC_INVALID'],
    [{ maxBytes: 0 }, 'OPTION_INVALID'],
    [{ maxBytes: 262_145 }, 'OPTION_INVALID'],
    [{ timeoutMs: 0 }, 'OPTION_INVALID'],
  ])('refuses %j', (options, code) => {
    expect(() => snsFor(options)).toThrow(expect.objectContaining({ code }));
  });

  it('N3: works through the client that ships, over the wire', async () => {
    const bodies: URLSearchParams[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      bodies.push(new URLSearchParams(body));
      const failed = bodies.length === 1;
      response.writeHead(failed ? 429 : 200, { 'content-type': 'text/xml' });
      response.end(
        failed
          ? '<ErrorResponse><Error><Type>Sender</Type><Code>Throttled</Code><Message>Rate exceeded</Message></Error></ErrorResponse>'
          : '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>abc-1</MessageId></PublishResult></PublishResponse>',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const real = new SNSClient({
      region: 'eu-west-1',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    try {
      expect(await snsFor({ client: real }).notify(sampleMessage())).toEqual({
        status: 'delivered',
        channel: 'sns',
        messageId: 'abc-1',
      });
      expect(bodies.map((body) => body.get('Action'))).toEqual(['Publish', 'Publish']);
      expect(bodies[1]?.get('Subject')).toMatch(/^\[MEDIUM\] Blocked/);
    } finally {
      real.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
