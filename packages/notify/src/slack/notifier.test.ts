import type { Delivery } from '@remedykit/core';
import { untrusted } from '@remedykit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleMessage } from '../testing/sample-message.ts';
import type { SlackServer } from '../testing/slack-server.ts';
import { startSlackServer } from '../testing/slack-server.ts';
import type { SlackNotifierOptions } from './notifier.ts';
import { createSlackNotifier } from './notifier.ts';

/** Time that only passes when somebody sleeps. */
const createTime = () => {
  let ms = Date.parse('2026-11-24T10:00:00Z');
  const waits: number[] = [];
  return {
    waits,
    now: () => new Date(ms),
    sleep: async (duration: number) => {
      waits.push(duration);
      ms += duration;
    },
  };
};

let time = createTime();
let server: SlackServer;

beforeEach(async () => {
  time = createTime();
  server = await startSlackServer({ now: time.now });
});

afterEach(() => server.close());

const slackFor = (options: Partial<SlackNotifierOptions> = {}) =>
  createSlackNotifier({
    webhookUrl: server.url,
    allowedHosts: [server.host],
    sleep: time.sleep,
    now: time.now,
    random: () => 0.5,
    ...options,
  });

describe('createSlackNotifier', () => {
  it('delivers to the webhook, as JSON', async () => {
    expect(await slackFor().notify(sampleMessage())).toEqual({ status: 'delivered', channel: 'slack' });
    expect(server.messages).toHaveLength(1);
    expect(server.requests).toMatchObject([
      { method: 'POST', contentType: 'application/json; charset=utf-8', status: 200 },
    ]);
  });

  it('sends nothing when there is nothing to say', async () => {
    expect(await slackFor().notify(undefined)).toEqual({ status: 'nothing', channel: 'slack' });
    expect(server.requests).toHaveLength(0);
  });

  it.each(['answer', 'body'] as const)(
    'N1: a server that never ends its %s is a timeout, never a success',
    async (hang) => {
      server.failNext({ hang, status: 200, body: 'ok' }, { hang, status: 200, body: 'ok' });
      const delivery = await slackFor({ timeoutMs: 50, attempts: 2 }).notify(sampleMessage());
      expect(delivery).toEqual({ status: 'deferred', channel: 'slack', reason: 'timeout', retryAfterMs: 30_000 });
      expect(time.waits).toEqual([500]);
    },
  );

  it('N1: a request may not take longer than the caller has', async () => {
    server.failNext({ hang: 'answer' });
    const delivery = await slackFor({ timeoutMs: 600_000, attempts: 1 }).notify(sampleMessage(), {
      remainingTimeMs: () => 300,
    });
    expect(delivery).toMatchObject({ status: 'deferred', reason: 'timeout' });
  });

  it('N1: without time left nothing is sent', async () => {
    const delivery = await slackFor().notify(sampleMessage(), { remainingTimeMs: () => 250 });
    expect(delivery).toMatchObject({ status: 'deferred', reason: 'no time left to send' });
    expect(server.requests).toHaveLength(0);
  });

  it('N1: each message has its own result', async () => {
    const slack = slackFor();
    server.failNext({ status: 400, body: 'invalid_payload' });
    const deliveries = await Promise.all([slack.notify(sampleMessage()), slack.notify(sampleMessage())]);
    expect(deliveries.map(({ status }) => status)).toEqual(['rejected', 'delivered']);
  });

  it('N2: 429 is tried again after Retry-After, not before', async () => {
    server.failNext({ status: 429, headers: { 'retry-after': '7' }, body: 'rate_limited' });
    expect(await slackFor().notify(sampleMessage(), { remainingTimeMs: () => 20_000 })).toMatchObject({
      status: 'delivered',
    });
    expect(time.waits).toEqual([7000]);
  });

  it('N2, N10: Retry-After may be a date, on 503 as well', async () => {
    server.failNext({ status: 503, headers: { 'retry-after': 'Tue, 24 Nov 2026 10:00:09 GMT' } });
    expect(await slackFor().notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(time.waits).toEqual([9000]);
  });

  it('N2: a Retry-After that does not fit into the remaining time is deferred at once, with it', async () => {
    server.failNext({ status: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' });
    expect(await slackFor().notify(sampleMessage(), { remainingTimeMs: () => 20_000 })).toEqual({
      status: 'deferred',
      channel: 'slack',
      reason: 'HTTP 429: rate_limited',
      retryAfterMs: 30_000,
    });
    expect(time.waits).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it('N2: without a remaining time the wait has a bound of its own', async () => {
    server.failNext({ status: 429, headers: { 'retry-after': '3600' }, body: 'rate_limited' });
    expect(await slackFor().notify(sampleMessage())).toMatchObject({ status: 'deferred', retryAfterMs: 3_600_000 });
    expect(time.waits).toEqual([]);
  });

  it('N2: a rate limit holds back the messages behind it, without asking Slack again', async () => {
    const slack = slackFor();
    server.failNext({ status: 429, headers: { 'retry-after': '60' }, body: 'rate_limited' });
    const deliveries = await Promise.all([slack.notify(sampleMessage()), slack.notify(sampleMessage())]);
    expect(deliveries).toMatchObject([{ retryAfterMs: 60_000 }, { status: 'deferred', retryAfterMs: 60_000 }]);
    expect(server.requests).toHaveLength(1);
  });

  it('N2: one answer silences a notifier for five minutes at most', async () => {
    const slack = slackFor();
    server.failNext({ status: 429, headers: { 'retry-after': '86400' }, body: 'rate_limited' });
    expect(await slack.notify(sampleMessage())).toMatchObject({ retryAfterMs: 86_400_000 });
    expect(await slack.notify(sampleMessage())).toMatchObject({ status: 'deferred', retryAfterMs: 300_000 });
    await time.sleep(300_000);
    expect(await slack.notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(server.requests).toHaveLength(2);
  });

  it('N2: ten messages at once arrive one after another within the rate', async () => {
    const limited = await startSlackServer({ ratePerSecond: 1, now: time.now });
    const slack = slackFor({ webhookUrl: limited.url, allowedHosts: [limited.host] });
    const deliveries = await Promise.all(
      Array.from({ length: 10 }, (_, index) => slack.notify(sampleMessage({ title: `message ${index}` }))),
    );
    expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set(['delivered']));
    expect(limited.messages.map((message) => /message \d/.exec(JSON.stringify(message))?.[0])).toEqual(
      Array.from({ length: 10 }, (_, index) => `message ${index}`),
    );
    await limited.close();
  });

  it.each(['answer', 'reset'] as const)('tries again after a request without an %s', async (hang) => {
    server.failNext({ hang });
    expect(await slackFor({ timeoutMs: 1500 }).notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(time.waits).toEqual([500]);
  });

  it('tries again after 5xx with growing waits, then defers', async () => {
    server.failNext({ status: 500 }, { status: 502, body: '<html>' }, { status: 500 });
    expect(await slackFor().notify(sampleMessage())).toEqual({
      status: 'deferred',
      channel: 'slack',
      reason: 'HTTP 500: rollup_error',
      retryAfterMs: 30_000,
    });
    expect(time.waits).toEqual([500, 1000]);
  });

  it.each(['invalid_blocks', '', '<html>proxy</html>', '{"ok":false}'])(
    'N3: 200 with the body "%s" is not delivered',
    async (body) => {
      server.failNext({ status: 200, body });
      const delivery = await slackFor().notify(sampleMessage());
      expect(delivery).toEqual({
        status: 'rejected',
        channel: 'slack',
        reason: `HTTP 200: ${body === 'invalid_blocks' ? body : 'unexpected answer'}`,
      });
      expect(server.requests).toHaveLength(1);
    },
  );

  it.each([
    [400, 'invalid_payload'],
    [403, 'action_prohibited'],
    [404, 'no_service'],
    [410, 'channel_is_archived'],
  ])('rejects %d with Slack’s code, without another attempt', async (status, body) => {
    server.failNext({ status, body });
    expect(await slackFor().notify(sampleMessage())).toEqual({
      status: 'rejected',
      channel: 'slack',
      reason: `HTTP ${status}: ${body}`,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('reads only the beginning of an answer that never ends', async () => {
    server.failNext({ status: 400, body: `invalid_payload: ${'x'.repeat(2000)}`, hang: 'body' });
    expect(await slackFor().notify(sampleMessage())).toMatchObject({ reason: 'HTTP 400: invalid_payload' });
  });

  it('follows no redirect', async () => {
    server.failNext({ status: 307, headers: { location: server.url } });
    expect(await slackFor().notify(sampleMessage())).toMatchObject({ status: 'rejected', reason: 'redirect refused' });
    expect(server.requests).toHaveLength(1);
  });

  it('is rejected, not thrown, when the message is not one', async () => {
    const broken = { ...sampleMessage(), body: undefined } as unknown as ReturnType<typeof sampleMessage>; // what untyped callers pass
    expect(await slackFor().notify(broken)).toMatchObject({
      status: 'rejected',
      reason: 'the message could not be rendered',
    });
  });

  it.each([
    ['timeoutMs', 0],
    ['timeoutMs', Number.NaN],
    ['attempts', 0],
    ['attempts', 1.5],
  ])('refuses %s of %d', (option, value) => {
    expect(() => slackFor({ [option]: value })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('the webhook URL is a secret', () => {
  const secret = '/services/T0SECRET/B0SECRET/secretsecretsecret';

  it('N9: no result holds it, whatever fails', async () => {
    const proxy = { webhookUrl: `http://${server.host}${secret}`, attempts: 1, timeoutMs: 100 };
    const results: Delivery[] = [];
    for (const failure of [
      { hang: 'answer' as const },
      { hang: 'reset' as const },
      { status: 307, headers: { location: `http://${server.host}${secret}` } },
      { status: 502, body: `cannot reach ${secret}` },
      { status: 400, body: secret },
      { status: 403, body: 'secretsecretsecret' },
      { status: 200, body: `http://${server.host}${secret}` },
    ]) {
      server.failNext(failure);
      results.push(await slackFor(proxy).notify(sampleMessage()));
    }
    expect(results.map(({ status }) => status)).not.toContain('delivered');
    expect(JSON.stringify(results)).not.toMatch(/secret|services/i);
  });

  it('N9: not even when the host cannot be found or refuses', async () => {
    for (const host of ['no-such-host.invalid', 'no-such-host.invalid:8443'])
      expect(
        await slackFor({ webhookUrl: `https://${host}${secret}`, allowedHosts: [host], attempts: 1 }).notify(
          sampleMessage(),
        ),
      ).toEqual({
        status: 'deferred',
        channel: 'slack',
        reason: expect.stringMatching(/^network error( [A-Z_]+)?$/),
        retryAfterMs: 30_000,
      });
  });

  it('N9: nor does the notifier itself', () => {
    const slack = slackFor({ webhookUrl: `http://${server.host}${secret}` });
    expect(JSON.stringify(slack)).not.toContain('secret');
  });
});

describe('N11: strings that break other notifiers', () => {
  it.each(['Some text here', 'hello AlarmName x', '123', '["text"]', '{"text":"x","channel":"#other"}'])(
    '%s is delivered',
    async (text) => {
      expect(await slackFor().notify(sampleMessage({ title: text, body: [untrusted(text)] }))).toMatchObject({
        status: 'delivered',
      });
      expect(server.messages[0]).not.toHaveProperty('channel');
    },
  );
});
