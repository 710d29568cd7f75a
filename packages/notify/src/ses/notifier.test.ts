import type { Message } from '@remedykit/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeSes, type FakeSes, type FakeSesOptions } from '../testing/mail-server.ts';
import { createManualTime } from '../testing/manual-time.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { createSesNotifier, type SesNotifierOptions } from './notifier.ts';
import { mailKeyHash } from './tags.ts';

let time = createManualTime();
let client: FakeSes;

beforeEach(() => {
  time = createManualTime();
  client = createFakeSes();
});

const sesFor = (options: Partial<SesNotifierOptions> = {}) =>
  createSesNotifier({
    client,
    from: 'Security team <security@example.com>',
    to: 'soc@example.com',
    sleep: time.sleep,
    now: time.now,
    random: () => 0.5,
    ...options,
  });

const account = (options: FakeSesOptions) => sesFor({ client: createFakeSes(options) });

const messagesTo = (count: number): Message[] =>
  Array.from({ length: count }, (_, index) =>
    sampleMessage({ key: `k${index}`, title: `Mail ${index}`, recipient: `user${index}@example.com` }),
  );

const operations = () => client.log.map(({ operation }) => operation);

describe('notify', () => {
  it('N24: sends one mail to the person that the message names, with a real text part and what events need', async () => {
    const ses = sesFor({ replyTo: 'help@example.com', configurationSet: 'remedykit', tags: { stage: 'day-80' } });
    const delivery = await ses.notify(sampleMessage({ recipient: 'alice@example.com' }));
    expect(delivery).toEqual({ status: 'delivered', channel: 'ses', messageId: client.mails[0]?.messageId });
    expect(client.mails).toMatchObject([
      {
        from: '"Security team" <security@example.com>',
        to: 'alice@example.com',
        replyTo: ['help@example.com'],
        configurationSet: 'remedykit',
        tags: { 'remedykit-key': mailKeyHash(sampleMessage().key), stage: 'day-80' },
      },
    ]);
    expect(client.mails[0]?.text).not.toMatch(/<[a-z]/);
    expect(client.mails[0]?.text).toContain('Account: 111122223333');
    expect(client.mails[0]?.html).toContain('<table');
  });

  it('tags a mail about one account with it, and with nothing that is no account', async () => {
    await sesFor().notify(sampleMessage({ subject: { accountId: '111122223333' } }));
    await sesFor().notify(sampleMessage({ subject: { accountId: 'a\r\nb' } }));
    const key = { 'remedykit-key': mailKeyHash(sampleMessage().key) };
    expect(client.mails.map(({ tags }) => tags)).toEqual([{ ...key, 'remedykit-account': '111122223333' }, key]);
  });

  it('writes to the address of the option where the message names none', async () => {
    await sesFor().notify(sampleMessage());
    expect(client.mails[0]?.to).toBe('soc@example.com');
  });

  it('N25: a mail that reaches nobody is rejected, never a success', async () => {
    const { to: _, ...nobody } = { client, from: 'security@example.com', to: '' };
    expect(await createSesNotifier(nobody).notify(sampleMessage())).toMatchObject({
      status: 'rejected',
      reason: expect.stringContaining('nobody to write to'),
    });
    expect(client.log).toEqual([]);
  });

  it.each([
    'alice',
    'alice@localhost',
    'alice@example.com\r\nBcc: x@evil.example',
    'alice@example.com, x@evil.example',
    'alice@example.com x@evil.example',
    '<alice@example.com>',
    'älice@example.com',
    'alice@198.51.100.7',
    '',
  ])('N15: writes to no recipient like %j, and does not repeat it', async (recipient) => {
    const delivery = await sesFor().notify(sampleMessage({ recipient }));
    expect(delivery).toEqual({ status: 'rejected', channel: 'ses', reason: 'the recipient is not a mail address' });
    expect(client.log).toEqual([]);
  });

  it('writes to a domain of any script in Punycode', async () => {
    await sesFor().notify(sampleMessage({ recipient: 'alice@bücher.example' }));
    expect(client.mails[0]?.to).toBe('alice@xn--bcher-kva.example');
  });

  it('sends nothing when there is nothing to say', async () => {
    expect(await sesFor().notify(undefined)).toEqual({ status: 'nothing', channel: 'ses' });
    expect(client.log).toEqual([]);
  });

  it('N2: throttling is tried again; the quota of the day is deferred without knocking on', async () => {
    client.failNext('SendEmail', { code: 'TooManyRequestsException' });
    client.failNext('SendEmail', { code: 'LimitExceededException' });
    expect(await sesFor().notify(sampleMessage())).toEqual({
      status: 'deferred',
      channel: 'ses',
      reason: 'LimitExceededException',
      retryAfterMs: 900_000,
    });
    expect(operations()).toEqual(['SendEmail', 'SendEmail']);
  });

  it('N1: what SES refuses is rejected with the name of its error', async () => {
    const sandboxed = account({ sandbox: true });
    expect(await sandboxed.notify(sampleMessage())).toEqual({
      status: 'rejected',
      channel: 'ses',
      reason: 'MessageRejected',
    });
    expect(await account({ sendingEnabled: false }).notify(sampleMessage())).toMatchObject({ status: 'rejected' });
  });

  it('N1: a request that never ends is given up', async () => {
    client.failNext('SendEmail', { code: 'x', hang: true });
    const delivery = await sesFor({ timeoutMs: 30, attempts: 1 }).notify(sampleMessage());
    expect(delivery).toMatchObject({ status: 'deferred', reason: 'timeout' });
  });

  it('after a 5xx sends again, or gives up where a mail must not come twice', async () => {
    client.failNext('SendEmail', { code: 'InternalServiceErrorException', after: 'effect' });
    expect(await sesFor().notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(client.mails).toHaveLength(2);
    client.failNext('SendEmail', { code: 'InternalServiceErrorException', after: 'effect' });
    expect(await sesFor({ whenUnsure: 'give-up' }).notify(sampleMessage())).toMatchObject({
      status: 'rejected',
      reason: expect.stringContaining('it may have arrived'),
    });
    expect(client.mails).toHaveLength(3);
  });

  it.each([
    ['one mail a second until it knows better', {}, false, [1000, 1000]],
    ['the rate of the account once it has read it', {}, true, [100, 100]],
    ['the rate of its option', { ratePerSecond: 5 }, true, [200, 200]],
  ])('keeps to %s', async (_what, options, reads, waits) => {
    client = createFakeSes({ ratePerSecond: 10, now: time.now });
    const ses = sesFor(options);
    if (reads) await ses.preflight();
    for (let index = 0; index < 3; index += 1) await ses.notify(sampleMessage());
    expect(time.waits).toEqual(waits);
    expect(client.mails).toHaveLength(3);
  });
});

describe('preflight', () => {
  it('passes where mails reach people', async () => {
    await expect(account({}).preflight()).resolves.toBeUndefined();
    await expect(account({ maxPerDay: -1 }).preflight()).resolves.toBeUndefined();
  });

  it.each([
    [{ sandbox: true }, 'SES_SANDBOX', false],
    [{ sendingEnabled: false }, 'SES_SENDING_PAUSED', false],
    [{ maxPerDay: 0 }, 'SES_QUOTA_NONE', false],
  ])('refuses an account like %j', async (options, code, retryable) => {
    await expect(account(options).preflight()).rejects.toMatchObject({ code, retryable });
  });

  it('says that the mails of the day are used up, which passes', async () => {
    const ses = account({ maxPerDay: 1 });
    await ses.notify(sampleMessage());
    await expect(ses.preflight()).rejects.toMatchObject({ code: 'SES_QUOTA_EXHAUSTED', retryable: true });
  });

  it('lets a trial in the sandbox pass where that was asked for', async () => {
    const ses = sesFor({ client: createFakeSes({ sandbox: true }), allowSandbox: true });
    await expect(ses.preflight()).resolves.toBeUndefined();
  });

  it.each([
    ['AccessDeniedException', false],
    ['TooManyRequestsException', true],
    ['TimeoutError', true],
  ])('says what is missing when the account cannot be read: %s', async (code, retryable) => {
    client.failNext('GetAccount', { code });
    await expect(sesFor().preflight()).rejects.toMatchObject({
      code: 'SES_ACCOUNT_UNREADABLE',
      message: expect.stringContaining('ses:GetAccount'),
      retryable,
    });
  });
});

describe('notifyAll', () => {
  it('sends each message to its own recipient, in as few requests as the rate allows, at that rate', async () => {
    client = createFakeSes({ ratePerSecond: 20 });
    const deliveries = await sesFor().notifyAll(messagesTo(50));
    expect(operations()).toEqual(['GetAccount', 'SendBulkEmail', 'SendBulkEmail', 'SendBulkEmail']);
    expect(time.waits).toEqual([1000, 1000]);
    expect(client.mails.map(({ to, subject }) => [to, subject])).toEqual(
      messagesTo(50).map((_, index) => [`user${index}@example.com`, `Mail ${index}`]),
    );
    expect(deliveries.map((delivery) => 'messageId' in delivery && delivery.messageId)).toEqual(
      client.mails.map(({ messageId }) => messageId),
    );
    expect(client.mails[7]?.tags).toEqual({ 'remedykit-key': mailKeyHash('k7') });
  });

  it('N1: each entry has its own delivery', async () => {
    client.failAddress('user1@example.com', 'MESSAGE_REJECTED');
    client.failAddress('user2@example.com', 'ACCOUNT_THROTTLED');
    client.failAddress('user3@example.com', 'ACCOUNT_DAILY_QUOTA_EXCEEDED');
    const [first, ...others] = messagesTo(5);
    const deliveries = await sesFor().notifyAll([first, undefined, ...others, sampleMessage({ recipient: 'nobody' })]);
    expect(deliveries).toMatchObject([
      { status: 'delivered' },
      { status: 'nothing' },
      { status: 'rejected', reason: 'MESSAGE_REJECTED' },
      { status: 'deferred', retryAfterMs: 30_000 },
      { status: 'deferred', retryAfterMs: 900_000 },
      { status: 'delivered' },
      { status: 'rejected', reason: 'the recipient is not a mail address' },
    ]);
  });

  it('N1: one mail that SES does not take costs the others nothing', async () => {
    client.failNext('SendBulkEmail', { code: 'BadRequestException' });
    client.failAddress('user1@example.com', 'FAILED');
    const deliveries = await sesFor().notifyAll(messagesTo(3));
    expect(deliveries.map(({ status }) => status)).toEqual(['delivered', 'rejected', 'delivered']);
  });

  it('sends mails alone where bulk requests are not allowed', async () => {
    client.failNext('SendBulkEmail', { code: 'AccessDeniedException', times: Number.POSITIVE_INFINITY });
    const deliveries = await sesFor().notifyAll(messagesTo(3));
    expect(deliveries.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('keeps to one mail a second where the account cannot be read', async () => {
    client.failNext('GetAccount', { code: 'AccessDeniedException' });
    const deliveries = await sesFor().notifyAll(messagesTo(3));
    expect(deliveries.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(operations()).toEqual(['GetAccount', 'SendEmail', 'SendEmail', 'SendEmail']);
    expect(time.waits).toEqual([1000, 1000]);
  });

  it('N1: when the time is over the rest is deferred, and the account not asked for more', async () => {
    client = createFakeSes({ ratePerSecond: 2 });
    let left = 2000;
    const ses = sesFor({
      sleep: async (ms) => {
        left -= ms;
      },
    });
    const deliveries = await ses.notifyAll(messagesTo(6), { remainingTimeMs: () => left });
    expect(deliveries.map(({ status }) => status)).toEqual([
      'delivered',
      'delivered',
      'delivered',
      'delivered',
      'deferred',
      'deferred',
    ]);
    expect(client.mails).toHaveLength(4);
  });

  it('a lost answer is an unsure one for every mail of the request', async () => {
    client.failNext('SendBulkEmail', { code: 'TimeoutError', after: 'effect' });
    const deliveries = await sesFor({ whenUnsure: 'give-up' }).notifyAll(messagesTo(2));
    expect(deliveries).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(client.mails).toHaveLength(2);
  });

  it('renders no more mails than the request at hand needs', async () => {
    client = createFakeSes({ ratePerSecond: 10 });
    const rendered: number[] = [];
    const messages = messagesTo(40).map((message) => ({
      ...message,
      get title() {
        rendered.push(client.mails.length);
        return 't';
      },
    }));
    await sesFor().notifyAll(messages);
    // Ten are rendered before the first is sent, and the last ten when thirty have gone.
    expect(rendered.filter((sent) => sent === 0)).toHaveLength(rendered.length / 4);
    expect(rendered.at(-1)).toBe(30);
  });

  it('splits by bytes what does not fit into one request', async () => {
    client = createFakeSes({ ratePerSecond: 50 });
    const body = Array.from({ length: 40 }, () => 'é"'.repeat(2000));
    const deliveries = await sesFor().notifyAll(messagesTo(10).map((message) => ({ ...message, body })));
    expect(deliveries.every(({ status }) => status === 'delivered')).toBe(true);
    expect(operations().filter((name) => name === 'SendBulkEmail').length).toBeGreaterThan(1);
  });
});

describe('createSesNotifier', () => {
  it.each([
    { from: 'security' },
    { from: 'Security\r\nBcc: x@evil.example <security@example.com>' },
    { from: `${'é'.repeat(30)} <security@example.com>` },
    { to: 'soc@example.com, x@example.com' },
    { replyTo: 'x' },
    { configurationSet: 'a b' },
    { tags: { 'a b': 'c' } },
    { tags: { a: '' } },
    { tags: { 'remedykit-key': 'c' } },
    { tags: { 'remedykit-account': '111122223333' } },
    { ratePerSecond: 0 },
    { attempts: 0 },
  ])('N15: refuses %j', (options) => {
    expect(() => sesFor(options)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it('encodes a name of the sender that is not ASCII', async () => {
    await sesFor({ from: 'Sécurité <security@example.com>' }).notify(sampleMessage());
    expect(client.mails[0]?.from).toBe('=?UTF-8?B?U8OpY3VyaXTDqQ==?= <security@example.com>');
  });
});
