import { type FindingEvent, sqsEvent, sshBruteForceEvent } from '@remedykit/guardduty/testing';
import { describe, expect, it } from 'vitest';
import { createHandler } from './queue-handler.ts';
import { context, createTestParts, testSettings } from './testing/test-parts.ts';

const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:findings';

const set = () => {
  const test = createTestParts();
  const at = test.clock.now();
  const attack = (host: number): FindingEvent => sshBruteForceEvent({ at, from: `198.51.100.${host}` });
  return { ...test, attack, handler: createHandler(testSettings, test.parts) };
};

describe('the SQS handler', () => {
  it('of ten records with one malformed and one throttled it blocks eight and returns one for retry', async () => {
    const { handler, ec2, guardDuty, attack, denied, messages, audit } = set();
    const attacks = Array.from({ length: 9 }, (_, n) => attack(n + 1));
    for (const event of attacks) guardDuty.hold(event);
    const malformed = '{"detail": {"type": "Recon:EC2/Portscan", "secret": "do not repeat"';
    const throttled = '198.51.100.3/32';
    ec2.failNext('CreateNetworkAclEntry', {
      code: 'RequestLimitExceeded',
      times: Number.POSITIVE_INFINITY,
      when: ({ CidrBlock }) => CidrBlock === throttled,
    });
    const event = sqsEvent([...attacks.slice(0, 5), malformed, ...attacks.slice(5)], { queueArn });

    const answer = await handler(event, context);

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: event.Records[2]?.messageId }]);
    expect(denied('ingress').sort()).toEqual(
      attacks.map((_, n) => `198.51.100.${n + 1}/32`).filter((cidr) => cidr !== throttled),
    );
    expect(messages.filter(({ key }) => key === `unreadable/${event.Records[5]?.messageId}`)).toHaveLength(1);
    expect(JSON.stringify(messages)).not.toContain('do not repeat');
    expect(audit.filter((record) => 'rejected' in record)).toMatchObject([
      {
        rejected: { code: 'FINDING_NOT_JSON', input: malformed },
        correlation: { recordId: event.Records[5]?.messageId },
      },
    ]);
    expect(messages).toHaveLength(10);
  });

  it('gives a record back when nobody could be told of it', async () => {
    const { handler, guardDuty, attack, deliver, denied } = set();
    guardDuty.hold(attack(1));
    deliver({ status: 'deferred', channel: 'test', reason: 'rate limited', retryAfterMs: 1000 });
    const event = sqsEvent([attack(1)], { queueArn });
    expect(await handler(event, context)).toEqual({
      batchItemFailures: [{ itemIdentifier: event.Records[0]?.messageId }],
    });
    expect(denied('ingress')).toEqual(['198.51.100.1/32']);

    deliver({ status: 'delivered', channel: 'test' });
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
  });

  it('gives a record back when the channel refuses for good', async () => {
    const { handler, guardDuty, attack, deliver } = set();
    guardDuty.hold(attack(1));
    deliver({ status: 'rejected', channel: 'test', reason: 'HTTP 404: no_service' });
    const event = sqsEvent([attack(1)], { queueArn });
    expect((await handler(event, context)).batchItemFailures).toHaveLength(1);
  });

  it('gives a forged record back, and the queue sends it to its dead-letter queue in the end', async () => {
    const { handler, attack, denied } = set();
    const event = sqsEvent([attack(1)], { queueArn });
    expect((await handler(event, context)).batchItemFailures).toHaveLength(1);
    expect(denied('ingress')).toEqual([]);
  });

  it('throws for what is no SQS event: its trigger is set up wrongly', async () => {
    const { handler, attack } = set();
    await expect(handler(attack(1), context)).rejects.toMatchObject({ code: 'RECORDS_MALFORMED' });
  });
});
