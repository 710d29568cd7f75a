import { beforeEach, describe, expect, it } from 'vitest';
import { readAsChatbot } from '../testing/chatbot-schema.ts';
import { createManualTime } from '../testing/manual-time.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { sampleMessages } from '../testing/sample-messages.ts';
import { createFakeSns, type FakeSns } from '../testing/sns-server.ts';
import { type ChatbotNotifierOptions, createChatbotNotifier } from './notifier.ts';

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:security-chat';

let time = createManualTime();
let sns: FakeSns;

beforeEach(() => {
  time = createManualTime();
  sns = createFakeSns();
});

const chatFor = (options: Partial<ChatbotNotifierOptions> = {}) =>
  createChatbotNotifier({ sns, topicArn, sleep: time.sleep, now: time.now, random: () => 0.5, ...options });

const threadIds = () =>
  sns.published.map((published) => {
    const reading = readAsChatbot(published);
    return reading.shown
      ? (reading.notification as { metadata: { threadId: string } }).metadata.threadId
      : reading.reason;
  });

describe('createChatbotNotifier', () => {
  it('serves people by mail and the service from one topic', async () => {
    expect(await chatFor().notify(sampleMessage())).toEqual({
      status: 'delivered',
      channel: 'chatbot',
      messageId: sns.published[0]?.messageId,
    });
    const [published] = sns.published;
    expect(sns.log[0]?.input).toMatchObject({ MessageStructure: 'json' });
    expect(published?.subject).toBe('[MEDIUM] Blocked 198.51.100.7: UnauthorizedAccess:EC2/SSHBruteForce');
    expect(published?.text).toMatch(/^🟠 MEDIUM · Blocked 198\.51\.100\.7/);
    expect(readAsChatbot(published ?? { https: '' })).toMatchObject({
      shown: true,
      notification: { version: '1.0', source: 'custom', content: { textType: 'client-markdown' } },
    });
  });

  it('keeps the messages about one matter in one thread, and previews in another', async () => {
    const chat = chatFor();
    await chat.notify(sampleMessage());
    await chat.notify(sampleMessage({ severity: 'critical', status: 'resolved', title: 'Another' }));
    await chat.notify(sampleMessage({ key: 'other', subject: { matter: sampleMessage().key } }));
    await chat.notify(sampleMessage({ preview: true }));
    await chat.notify(sampleMessage({ key: 'other' }));
    const [first, ...others] = threadIds();
    expect(others.map((id) => id === first)).toEqual([true, true, false, false]);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['plain text', 'plain text'],
    ['a list', ['text']],
    ['no version', { source: 'custom', content: { description: 'x' } }],
    ['another version', { version: '0.9', source: 'custom', content: { description: 'x' } }],
    ['another source', { version: '1.0', source: 'aws.guardduty', content: { description: 'x' } }],
    ['no description', { version: '1.0', source: 'custom', content: { title: 'x' } }],
    ['a blank description', { version: '1.0', source: 'custom', content: { description: ' ' } }],
    ['another text type', { version: '1.0', source: 'custom', content: { description: 'x', textType: 'markdown' } }],
    ['steps that are no list', { version: '1.0', source: 'custom', content: { description: 'x', nextSteps: 'y' } }],
    ['a misspelt name', { version: '1.0', source: 'custom', content: { description: 'x', nextstep: ['y'] } }],
    ['an inherited name', { version: '1.0', source: 'custom', content: { description: 'x', toString: 'y' } }],
    [
      'context of numbers',
      { version: '1.0', source: 'custom', content: { description: 'x' }, metadata: { additionalContext: { a: 1 } } },
    ],
    ['a native event that was changed', { 'detail-type': 'GuardDuty Finding', detail: { title: 'x' } }],
  ])('N11: refuses %s, which the service would drop without a word', async (_what, notification) => {
    expect(await chatFor({ render: () => notification }).notify(sampleMessage())).toEqual({
      status: 'rejected',
      channel: 'chatbot',
      reason: expect.stringContaining('Amazon Q Developer would drop it: '),
    });
    expect(sns.published).toEqual([]);
  });

  it('takes a notification of its own making', async () => {
    const notification = { version: '1.0', source: 'custom', id: '1', content: { description: 'x' } };
    expect(await chatFor({ render: () => notification }).notify(sampleMessage())).toMatchObject({
      status: 'delivered',
    });
  });

  it('N2: throttling is tried again', async () => {
    sns.failNext('Publish', { code: 'ThrottledException' });
    expect(await chatFor().notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(time.waits).toEqual([500]);
  });

  it('fits an oversized message, with the greatest caps as well', async () => {
    const caps = { title: 1000, description: 10_000, nextSteps: 10, nextStep: 1000, keywords: 20, keyword: 100 };
    for (const options of [{}, { caps }, { client: 'slack' as const }]) {
      const chat = chatFor(options);
      expect(await chat.notify(sampleMessages.oversized)).toMatchObject({ status: 'delivered' });
    }
    expect(sns.published.map((published) => readAsChatbot(published).shown)).toEqual([true, true, true]);
  });

  it.each([
    [{ topicArn: 'x' }, 'SNS_TOPIC_INVALID'],
    [{ topicArn: `${topicArn}.fifo` }, 'SNS_TOPIC_INVALID'],
    [{ caps: { description: 0 } }, 'OPTION_INVALID'],
    [{ caps: { title: 1001 } }, 'OPTION_INVALID'],
  ])('refuses %j', (options, code) => {
    expect(() => chatFor(options)).toThrow(expect.objectContaining({ code }));
  });

  it('shows no steps and no keywords where the caps say none', async () => {
    await chatFor({ caps: { nextSteps: 0, keywords: 0 } }).notify(sampleMessages.blocked);
    const reading = readAsChatbot(sns.published[0] ?? { https: '' });
    expect(JSON.stringify(reading)).not.toMatch(/nextSteps|keywords/);
    expect(JSON.stringify(reading)).toContain('… 2 steps omitted');
  });
});
