import { PublishCommand, type PublishCommandInput } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { createFakeSns } from './sns-server.ts';

const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:t';

const publish = (input: Partial<PublishCommandInput>, sns = createFakeSns()) =>
  sns.send(new PublishCommand({ TopicArn, Message: 'x', ...input }));

describe('createFakeSns', () => {
  it.each([
    ['a subject of 100', { Subject: 's'.repeat(100) }],
    ['a subject of two lines', { Subject: 'a\nb' }],
    ['an empty message', { Message: '' }],
    ['a topic that is none', { TopicArn: 't' }],
    ['JSON that is none', { MessageStructure: 'json', Message: 'x' }],
    ['JSON without a default', { MessageStructure: 'json', Message: '{"https":"x"}' }],
    ['JSON that holds no text', { MessageStructure: 'json', Message: '{"default":{}}' }],
    ['262,145 bytes', { Message: 'x'.repeat(262_145) }],
    [
      '262,145 bytes, attributes included',
      { Message: 'x'.repeat(262_137), MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } },
    ],
    ['an attribute without a value', { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } }],
    ['a FIFO topic without a group', { TopicArn: `${TopicArn}.fifo` }],
  ])('refuses %s', async (_what, input) => {
    await expect(publish(input)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('takes what just fits', async () => {
    await expect(publish({ Message: 'x'.repeat(262_144), Subject: 's'.repeat(99) })).resolves.toHaveProperty(
      'MessageId',
    );
  });

  it('knows only the topics that there are', async () => {
    const sns = createFakeSns({ topics: [] });
    await expect(publish({}, sns)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('fails before or after the effect, as often as asked, and ends what hangs when it is aborted', async () => {
    const sns = createFakeSns();
    sns.failNext('Publish', { code: 'ThrottledException', times: 2 });
    sns.failNext('Publish', { code: 'InternalErrorException', after: 'effect' });
    sns.failNext('Publish', { code: 'x', hang: true });
    await expect(publish({}, sns)).rejects.toMatchObject({
      name: 'ThrottledException',
      $metadata: { httpStatusCode: 429 },
    });
    await expect(publish({}, sns)).rejects.toMatchObject({ name: 'ThrottledException' });
    expect(sns.published).toHaveLength(0);
    await expect(publish({}, sns)).rejects.toMatchObject({ name: 'InternalErrorException' });
    expect(sns.published).toHaveLength(1);
    const abortSignal = AbortSignal.timeout(5);
    await expect(sns.send(new PublishCommand({ TopicArn, Message: 'x' }), { abortSignal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(sns.log).toHaveLength(4);
    expect(() => sns.failNext('Subscribe', { code: 'x' })).toThrow('Publish');
  });
});
