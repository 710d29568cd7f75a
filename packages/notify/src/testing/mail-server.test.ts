import { GetAccountCommand, SendBulkEmailCommand, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { describe, expect, it } from 'vitest';
import { createFakeSes, type FakeSes } from './mail-server.ts';

interface Changes {
  readonly to?: readonly string[];
  readonly subject?: string;
  readonly text?: string;
  readonly tag?: string;
}

const sendEmail = (ses: FakeSes, { to = ['a@example.com'], subject = 's', text = 't', tag = 'v' }: Changes = {}) =>
  ses.send(
    new SendEmailCommand({
      FromEmailAddress: 'f@example.com',
      Destination: { ToAddresses: [...to] },
      EmailTags: [{ Name: 'n', Value: tag }],
      Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
    }),
  );

const sendBulk = async (ses: FakeSes, addresses: readonly string[], Text = '{{t}}') => {
  const { BulkEmailEntryResults = [] } = await ses.send(
    new SendBulkEmailCommand({
      FromEmailAddress: 'f@example.com',
      DefaultContent: { Template: { TemplateContent: { Subject: 's', Text }, TemplateData: '{"t":"<b>"}' } },
      BulkEmailEntries: addresses.map((address) => ({ Destination: { ToAddresses: [address] } })),
    }),
  );
  return BulkEmailEntryResults.map(({ Status }) => Status);
};

const addresses = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index}@example.com`);

describe('createFakeSes', () => {
  it.each([
    ['no recipient', { to: [] }],
    ['51 recipients', { to: addresses(51) }],
    ['an address that is none', { to: ['a@example.com', 'nobody'] }],
    ['an empty subject', { subject: '' }],
    ['a subject of two lines', { subject: 'a\r\nBcc: b@example.com' }],
    ['no body', { text: '' }],
    ['a tag that is none', { tag: 'a b' }],
  ])('refuses %s', async (_what, changes) => {
    await expect(sendEmail(createFakeSes(), changes)).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  it('in the sandbox writes to verified addresses alone, one a second, 200 a day', async () => {
    let ms = 0;
    const ses = createFakeSes({ sandbox: true, verified: ['a@example.com'], now: () => new Date(ms) });
    await sendEmail(ses);
    await expect(sendEmail(ses)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    ms += 1000;
    await expect(sendEmail(ses, { to: ['b@example.com'] })).rejects.toMatchObject({ name: 'MessageRejected' });
    const account = await ses.send(new GetAccountCommand({}));
    expect(account).toMatchObject({
      ProductionAccessEnabled: false,
      SendQuota: { Max24HourSend: 200, MaxSendRate: 1, SentLast24Hours: 1 },
    });
  });

  it('keeps to the quota, and to what is switched off', async () => {
    const ses = createFakeSes({ maxPerDay: 1 });
    await sendEmail(ses);
    await expect(sendEmail(ses)).rejects.toMatchObject({ name: 'LimitExceededException' });
    expect(await sendBulk(ses, addresses(1))).toEqual(['ACCOUNT_DAILY_QUOTA_EXCEEDED']);
    await expect(sendEmail(createFakeSes({ sendingEnabled: false }))).rejects.toMatchObject({
      name: 'SendingPausedException',
    });
  });

  it('takes no more destinations in a bulk request than it may send in a second, and no template that computes', async () => {
    await expect(sendBulk(createFakeSes({ ratePerSecond: 2 }), addresses(3))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
    await expect(sendBulk(createFakeSes({ ratePerSecond: 100 }), addresses(51))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
    await expect(sendBulk(createFakeSes(), addresses(1), '{{#if t}}x{{/if}}')).rejects.toMatchObject({
      name: 'BadRequestException',
    });
  });

  it('substitutes without escaping, and gives every entry its status', async () => {
    const ses = createFakeSes({ ratePerSecond: 10 });
    ses.failAddress('u1@example.com', 'TRANSIENT_FAILURE');
    expect(await sendBulk(ses, addresses(3))).toEqual(['SUCCESS', 'TRANSIENT_FAILURE', 'SUCCESS']);
    expect(ses.mails.map(({ text }) => text)).toEqual(['<b>', '<b>']);
    ses.reset();
    expect(await sendBulk(ses, addresses(2))).toEqual(['SUCCESS', 'SUCCESS']);
    expect(ses.log).toHaveLength(1);
  });
});
