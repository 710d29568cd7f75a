import { createMemoryStore } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { parseMailEvent, parseMailEvents } from './mail-events.ts';
import { mailStoreKey } from './mail-key.ts';
import { claimMail, listMails, markAccepted } from './mail-store.ts';
import { recordMailEvent } from './record-mail-event.ts';
import { type SampleEvent, sampleMail, sampleSesEvent, sampleSesRecord } from './sample-mail.ts';

const mail = sampleMail();
const topic = 'arn:aws:sns:eu-west-1:111122223333:mail-events';
const queue = 'arn:aws:sqs:eu-west-1:111122223333:mail-events';

const code = (expected: string) => expect.objectContaining({ code: expected });

const bounce = (bounceType: string, bounceSubType: string): SampleEvent => ({
  part: { bounce: { bounceType, bounceSubType, timestamp: '2026-11-24T10:00:03.000Z', bouncedRecipients: [] } },
});

const sns = (message: object | string, arn = topic): object => ({
  EventSource: 'aws:sns',
  EventVersion: '1.0',
  Sns: {
    Type: 'Notification',
    MessageId: 'sns-1',
    TopicArn: arn,
    Message: typeof message === 'string' ? message : JSON.stringify(message),
  },
});

const sqs = (body: object | string, arn = queue, messageId = 'sqs-1'): object => ({
  messageId,
  eventSource: 'aws:sqs',
  eventSourceARN: arn,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('parseMailEvent', () => {
  it.each([
    ['Email Sent', {}, { kind: 'sent', at: '2026-11-24T10:00:01.000Z' }],
    [
      'Email Delivered',
      { part: { delivery: { timestamp: '2026-11-24T10:00:02.000Z', recipients: [] } } },
      { kind: 'delivered', at: '2026-11-24T10:00:02.000Z' },
    ],
    ['Email Bounced', bounce('Permanent', 'General'), { kind: 'failed', failure: 'Bounce/Permanent/General' }],
    [
      'Email Bounced',
      bounce('Permanent', 'OnAccountSuppressionList'),
      { kind: 'failed', failure: 'Bounce/Permanent/OnAccountSuppressionList' },
    ],
    ['Email Bounced', bounce('Transient', 'MailboxFull'), { kind: 'failed', failure: 'Bounce/Transient/MailboxFull' }],
    [
      'Email Bounced',
      bounce('Undetermined', 'Undetermined'),
      { kind: 'failed', failure: 'Bounce/Undetermined/Undetermined', at: '2026-11-24T10:00:03.000Z' },
    ],
    [
      'Email Complaint Received',
      { part: { complaint: { complaintSubType: null, complaintFeedbackType: 'abuse' } } },
      { kind: 'failed', failure: 'Complaint/abuse' },
    ],
    [
      'Email Complaint Received',
      { part: { complaint: { complaintSubType: 'OnAccountSuppressionList' } } },
      { kind: 'failed', failure: 'Complaint/OnAccountSuppressionList' },
    ],
    ['Email Rejected', { part: { reject: { reason: 'Bad content' } } }, { kind: 'failed', failure: 'Reject' }],
    [
      'Email Rendering Failed',
      { part: { failure: { errorMessage: 'x', templateName: 'y' } } },
      { kind: 'failed', failure: 'Rendering Failure' },
    ],
    [
      'Email Delivery Delayed',
      { part: { deliveryDelay: { delayType: 'MailboxFull', timestamp: '2026-11-24T10:00:03.000Z' } } },
      { kind: 'other' },
    ],
    ['Email Opened', {}, { kind: 'other' }],
  ] as const)('reads %s', (detailType, event, expected) => {
    expect(parseMailEvent(sampleSesEvent(mail, detailType, event))).toMatchObject({
      ...expected,
      messageId: '0102018f-aaaa-000000',
      mailAt: '2026-11-24T10:00:01.000Z',
      destinations: [mail.address],
      sendingAccountId: '111122223333',
      tags: { accountId: '111122223333', keyHash: mailStoreKey(mail).split('/').at(-1) },
    });
  });

  it('reads the same through a trusted topic, a trusted queue, and a topic before a queue', () => {
    const direct = parseMailEvent(sampleSesEvent(mail, 'Email Bounced', bounce('Permanent', 'General')));
    const record = sampleSesRecord(mail, 'Email Bounced', bounce('Permanent', 'General'));
    const event = sampleSesEvent(mail, 'Email Bounced', bounce('Permanent', 'General'));
    const trust = { topics: [topic], queues: [queue] };
    const notification = { Type: 'Notification', TopicArn: topic, Message: JSON.stringify(record) };
    for (const carried of [sns(record), sns(event), sqs(record), sqs(event), sqs(notification)])
      expect(parseMailEvent({ Records: [carried] }, trust)).toEqual(direct);
  });

  it('trusts EventBridge alone unless told otherwise', () => {
    const record = sampleSesRecord(mail, 'Email Delivered');
    const untrusted = code('MAIL_EVENT_UNTRUSTED');
    expect(() => parseMailEvent({ Records: [sns(record)] })).toThrow(untrusted);
    expect(() => parseMailEvent({ Records: [sqs(record)] })).toThrow(untrusted);
    expect(() => parseMailEvent({ Records: [sns(record)] }, { topics: [`${topic}-2`], queues: [topic] })).toThrow(
      untrusted,
    );
    expect(() => parseMailEvent(sampleSesEvent(mail, 'Email Delivered'), { eventBridge: false })).toThrow(untrusted);
  });

  it.each([
    ['nothing', undefined, 'MAIL_EVENT_FOREIGN'],
    ['the bare record, which anybody can write', sampleSesRecord(mail, 'Email Delivered'), 'MAIL_EVENT_FOREIGN'],
    ['another source', { ...sampleSesEvent(mail, 'Email Delivered'), source: 'my.app' }, 'MAIL_EVENT_FOREIGN'],
    [
      'another type of SES',
      { ...sampleSesEvent(mail, 'Email Sent'), 'detail-type': 'Sending Status Disabled' },
      'MAIL_EVENT_FOREIGN',
    ],
    [
      'types that differ',
      { ...sampleSesEvent(mail, 'Email Bounced'), 'detail-type': 'Email Delivered' },
      'MAIL_EVENT_MALFORMED',
    ],
    ['no detail', { source: 'aws.ses', 'detail-type': 'Email Sent' }, 'MAIL_EVENT_MALFORMED'],
    ['a time that is none', sampleSesEvent(mail, 'Email Sent', { mailAt: 'now' }), 'MAIL_EVENT_MALFORMED'],
    ['a record of another service', { Records: [{ eventSource: 'aws:s3' }] }, 'MAIL_EVENT_FOREIGN'],
    ['no records', { Records: [] }, 'MAIL_EVENTS_SEVERAL'],
    ['two records', { Records: [sqs('{}'), sqs('{}')] }, 'MAIL_EVENTS_SEVERAL'],
  ])('refuses %s', (_, event, expected) => {
    expect(() => parseMailEvent(event)).toThrow(code(expected));
  });

  it('repeats nothing of an event in its errors', () => {
    const event = sampleSesEvent(mail, 'Email Sent', { mailAt: 'alice-secret' });
    expect(() => parseMailEvent(event)).toThrow(/does not have what SES documents at mail.timestamp/);
    expect(() => parseMailEvent(event)).not.toThrow(/alice/);
  });

  it('takes a mail without our two tags, or with ones that we do not write, for a foreign one', () => {
    const tagged = (tags: Readonly<Record<string, readonly string[]>>) =>
      parseMailEvent(sampleSesEvent(mail, 'Email Bounced', { tags })).tags;
    const hash = 'a'.repeat(64);
    expect(tagged({ 'remedykit-key': [hash], 'remedykit-account': ['111122223333'] })).toBeDefined();
    expect(tagged({})).toBeUndefined();
    expect(tagged({ 'remedykit-key': [hash] })).toBeUndefined();
    expect(tagged({ 'remedykit-key': [hash, hash], 'remedykit-account': ['111122223333'] })).toBeUndefined();
    expect(tagged({ 'remedykit-key': ['../x'], 'remedykit-account': ['111122223333'] })).toBeUndefined();
    expect(tagged({ 'remedykit-key': [hash], 'remedykit-account': ['*'] })).toBeUndefined();
  });
});

describe('parseMailEvents', () => {
  it('lets a broken record cost nobody else anything', () => {
    const record = sampleSesRecord(mail, 'Email Delivered');
    // The text that SES sends to a topic when it is set up.
    const hello = 'Successfully validated SNS topic for Amazon SES event publishing.';
    const parsed = parseMailEvents(
      {
        Records: [
          sqs(hello, queue, 'a'),
          sqs(record, queue, 'b'),
          sqs('[]', queue, 'c'),
          sqs(record, topic, 'd'),
          null,
        ],
      },
      { queues: [queue] },
    );
    expect(parsed.map(({ recordId, event, error }) => [recordId, event?.kind ?? error?.code])).toEqual([
      ['a', 'MAIL_EVENT_MALFORMED'],
      ['b', 'delivered'],
      ['c', 'MAIL_EVENT_MALFORMED'],
      ['d', 'MAIL_EVENT_UNTRUSTED'],
      [undefined, 'MAIL_EVENT_FOREIGN'],
    ]);
  });
});

describe('recordMailEvent', () => {
  const now = new Date('2026-11-24T10:00:00.000Z');
  const setUp = async () => {
    const store = createMemoryStore();
    const { record } = await claimMail(store, mail, { now, claim: 'a' });
    const tell = (detailType: string, event: SampleEvent = {}, options = {}) =>
      recordMailEvent(store, parseMailEvent(sampleSesEvent(mail, detailType, event)), options);
    const stored = async () => (await listMails(store, mail.accountId)).mails[0];
    return { store, record, tell, stored };
  };

  it('adds what an event says to the mail that its tags name, and says so once', async () => {
    const { tell, stored } = await setUp();
    expect((await tell('Email Delivered')).status).toBe('recorded');
    expect((await tell('Email Delivered')).status).toBe('unchanged');
    expect(await stored()).toMatchObject({
      acceptedAt: '2026-11-24T10:00:01.000Z',
      messageId: '0102018f-aaaa-000000',
      events: { deliveredAt: '2026-11-24T10:00:01.000Z' },
    });
  });

  it.each([
    ['Email Bounced', bounce('Permanent', 'General')],
    ['Email Bounced', bounce('Transient', 'General')],
    ['Email Bounced', bounce('Undetermined', 'Undetermined')],
    ['Email Bounced', bounce('Permanent', 'Suppressed')],
    ['Email Complaint Received', {}],
    ['Email Rejected', {}],
    ['Email Rendering Failed', {}],
  ])('I33: %s means that the warning does not count, also after a delivery and a mark', async (detailType, event) => {
    const { store, record, tell, stored } = await setUp();
    await markAccepted(store, record, { now });
    await tell('Email Delivered');
    await tell(detailType, event);
    await tell('Email Delivered');
    expect((await stored())?.events).toMatchObject({ failedAt: expect.any(String), failure: expect.any(String) });
  });

  it('is told by a delay, an open or a foreign mail of nothing', async () => {
    const { tell, stored, record } = await setUp();
    expect(await tell('Email Delivery Delayed')).toEqual({ status: 'ignored', reason: 'no-evidence' });
    expect(await tell('Email Opened')).toEqual({ status: 'ignored', reason: 'no-evidence' });
    expect(await tell('Email Bounced', { tags: {} })).toEqual({ status: 'ignored', reason: 'no-tags' });
    expect(await stored()).toEqual(record);
  });

  it('believes nobody who puts our tags on a mail to somebody else, or sends from elsewhere', async () => {
    const { tell, stored, record } = await setUp();
    expect(await tell('Email Delivered', { destination: ['mallory@example.com'] })).toEqual({
      status: 'ignored',
      reason: 'other-recipient',
    });
    const ours = { sendingAccounts: ['111122223333'] };
    expect(await tell('Email Delivered', { sendingAccountId: '444455556666' }, ours)).toEqual({
      status: 'ignored',
      reason: 'other-sender',
    });
    expect(await stored()).toEqual(record);
    expect((await tell('Email Delivered', { destination: ['Alice@Example.com'] }, ours)).status).toBe('recorded');
  });

  it('says when there is no such mail, and makes none up', async () => {
    const store = createMemoryStore();
    const event = parseMailEvent(sampleSesEvent(mail, 'Email Delivered'));
    expect(await recordMailEvent(store, event)).toEqual({ status: 'ignored', reason: 'unknown-mail' });
    expect((await store.list('iam/')).documents).toEqual([]);
  });
});
