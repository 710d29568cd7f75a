import type { Delivery } from '@remedykit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleMessage } from '../testing/sample-message.ts';
import { type SlackApiServer, startSlackApiServer } from '../testing/slack-api-server.ts';
import { createSlackApiNotifier, type SlackApiNotifierOptions } from './api-notifier.ts';

let ms: number;
let waits: number[];
let server: SlackApiServer;

beforeEach(async () => {
  ms = Date.parse('2026-11-24T10:00:00Z');
  waits = [];
  server = await startSlackApiServer({
    channelIds: ['C024BE91L', 'C0OTHER'],
    ratePerSecond: 1000,
    now: () => new Date(ms),
  });
});
afterEach(() => server.close());

const slackFor = (options: Partial<SlackApiNotifierOptions> = {}) =>
  createSlackApiNotifier({
    token: server.token,
    channelId: 'C024BE91L',
    apiUrl: server.url,
    allowedHosts: [server.host],
    now: () => new Date(ms),
    random: () => 0.5,
    sleep: async (duration) => {
      waits.push(duration);
      ms += duration;
    },
    ...options,
  });

const idOf = (delivery: Delivery): string =>
  delivery.status === 'delivered' ? (delivery.messageId ?? 'none') : delivery.status;

describe('createSlackApiNotifier', () => {
  it('posts, and names the message', async () => {
    const delivery = await slackFor().notify(sampleMessage());
    expect(delivery).toMatchObject({ status: 'delivered', channel: 'slack' });
    expect(idOf(delivery)).toMatch(/^C024BE91L\/\d+\.\d+$/);
    expect(server.messages()).toMatchObject([{ channel: 'C024BE91L', edits: 0, payload: { unfurl_links: false } }]);
  });

  it('updates a message in its place, and replies below it', async () => {
    const slack = slackFor();
    const id = idOf(await slack.notify(sampleMessage()));
    ms += 10;
    const updated = await slack.update(id, sampleMessage({ title: 'Resolved', status: 'resolved' }));
    expect(idOf(updated)).toBe(id);
    ms += 10;
    await slack.reply(id, sampleMessage({ title: 'A reply' }));
    const [parent, reply] = server.messages();
    expect(parent).toMatchObject({ edits: 1, payload: { text: expect.stringContaining('✅ RESOLVED · Resolved') } });
    expect(reply).toMatchObject({ threadTs: parent?.ts });
    expect(JSON.stringify(reply?.payload)).not.toContain('reply_broadcast');
  });

  it('takes the colour away with the time when an update has none', async () => {
    const slack = slackFor();
    const id = idOf(await slack.notify(sampleMessage({ at: '2026-11-24T10:00:00Z' })));
    expect(server.messages()[0]?.payload.attachments).toMatchObject([{ color: '#e07b00' }]);
    ms += 10;
    await slack.update(id, sampleMessage());
    expect(server.messages()[0]?.payload.attachments).toEqual([]);
  });

  it('shows replies in the conversation where asked to', async () => {
    const slack = slackFor({ broadcastReplies: true });
    const id = idOf(await slack.notify(sampleMessage()));
    ms += 10;
    await slack.reply(id, sampleMessage());
    expect(server.messages()[1]?.payload).toMatchObject({ reply_broadcast: true });
  });

  it('sends each message to its own conversation', async () => {
    const slack = slackFor({ channelId: ({ severity }) => (severity === 'critical' ? 'C0OTHER' : 'C024BE91L') });
    await slack.notify(sampleMessage({ severity: 'critical' }));
    await slack.notify(sampleMessage());
    expect(server.messages().map(({ channel }) => channel)).toEqual(['C0OTHER', 'C024BE91L']);
  });

  it.each([
    () => '#general',
    () => '',
    () => {
      throw new Error('no');
    },
  ])('is rejected, not thrown, when no conversation can be told', async (channelId) => {
    expect(await slackFor({ channelId }).notify(sampleMessage())).toMatchObject({
      status: 'rejected',
      reason: 'channelId gave no id of a conversation',
    });
  });

  it('N20: says that a message is gone, so that a new one can be posted', async () => {
    const slack = slackFor();
    const id = idOf(await slack.notify(sampleMessage()));
    server.deleteMessage(id.split('/')[1] ?? '');
    ms += 10;
    const rejection = { status: 'rejected', channel: 'slack', gone: true };
    expect(await slack.update(id, sampleMessage())).toEqual({ ...rejection, reason: 'Slack: message_not_found' });
    expect(await slack.reply(id, sampleMessage())).toEqual({ ...rejection, reason: 'Slack: thread_not_found' });
    expect(await slack.update('nonsense', sampleMessage())).toMatchObject(rejection);
    expect(await slack.reply('nonsense', sampleMessage())).toMatchObject(rejection);
  });

  it('N3: ok:false with HTTP 200 is no success', async () => {
    expect(await slackFor({ channelId: 'C0UNKNOWN' }).notify(sampleMessage())).toEqual({
      status: 'rejected',
      channel: 'slack',
      reason: 'Slack: channel_not_found',
    });
  });

  it.each(['internal_error', 'fatal_error', 'service_unavailable'])(
    '%s is Slack’s own trouble, and tried again',
    async (error) => {
      server.failNext({ status: 200, body: JSON.stringify({ ok: false, error }) });
      expect(await slackFor().notify(sampleMessage())).toMatchObject({ status: 'delivered' });
      expect(waits).toEqual([500]);
    },
  );

  it.each([
    { status: 429, body: '{"ok":false,"error":"ratelimited"}' },
    { status: 200, body: '{"ok":false,"error":"ratelimited"}' },
  ])('N2: a rate limit (%j) is waited for', async (failure) => {
    server.failNext({ ...failure, headers: { 'retry-after': '7' } });
    expect(await slackFor().notify(sampleMessage(), { remainingTimeMs: () => 20_000 })).toMatchObject({
      status: 'delivered',
    });
    expect(waits).toEqual([7000]);
  });

  it('N2: a rate limit of one conversation holds no other back', async () => {
    const slack = slackFor({ channelId: ({ severity }) => (severity === 'critical' ? 'C0OTHER' : 'C024BE91L') });
    server.failNext({ status: 429, headers: { 'retry-after': '60' }, body: '{"ok":false,"error":"ratelimited"}' });
    expect(await slack.notify(sampleMessage())).toMatchObject({ status: 'deferred', retryAfterMs: 60_000 });
    expect(await slack.notify(sampleMessage())).toMatchObject({ status: 'deferred' });
    expect(await slack.notify(sampleMessage({ severity: 'critical' }))).toMatchObject({ status: 'delivered' });
    expect(server.requests).toHaveLength(2);
  });

  it.each(['', '<html>', '[]', '{"error":"x"}', '"ok"'])(
    'N3: 200 with the body "%s" is not delivered',
    async (body) => {
      server.failNext({ status: 200, body });
      expect(await slackFor().notify(sampleMessage())).toMatchObject({ status: 'rejected' });
    },
  );

  it('reads the token anew once when Slack does not know it any more', async () => {
    const tokens = ['xoxb-not-a-secret', 'xoxb-rotated'];
    const reads: boolean[] = [];
    const token = {
      read: async ({ refresh = false } = {}) => {
        reads.push(refresh);
        return tokens[refresh ? 1 : 0] ?? '';
      },
    };
    const slack = slackFor({ token });
    server.changeToken('xoxb-rotated');
    expect(await slack.notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    server.changeToken('xoxb-third');
    ms += 10;
    expect(await slack.notify(sampleMessage())).toMatchObject({ status: 'rejected', reason: 'Slack: invalid_auth' });
    expect(reads).toEqual([false, true, false, true]);
  });

  it('preflight: asks Slack whether it knows the token', async () => {
    await slackFor().preflight?.();
    await expect(slackFor({ token: 'xoxb-wrong' }).preflight?.()).rejects.toMatchObject({
      code: 'SLACK_PREFLIGHT_FAILED',
      retryable: false,
      message: 'Slack did not accept the token: Slack: invalid_auth.',
    });
  });

  it('N9: the token is in no result and no error', async () => {
    const token = 'xoxb-secret-token';
    const results: unknown[] = [];
    server.changeToken(token);
    for (const failure of [
      { status: 200, body: `{"ok":false,"error":"${token}"}` },
      { status: 200, body: '{"ok":false,"error":"secret"}' },
      { status: 500, body: token },
      { status: 403, body: '{"error":"token"}' },
      { hang: 'reset' as const },
    ]) {
      server.failNext(failure);
      results.push(await slackFor({ token, attempts: 1 }).notify(sampleMessage()));
    }
    expect(results).toHaveLength(5);
    expect(JSON.stringify([results, slackFor({ token })])).not.toMatch(/secret|token/);
    for (const bad of ['secret-token', 'xoxb-secret token', `xoxb-secret\r\nhost: x`])
      expect(() => slackFor({ token: bad })).toThrow(
        expect.objectContaining({ code: 'SLACK_TOKEN_INVALID', message: expect.not.stringContaining('secret-') }),
      );
  });

  it('N6: the configured API is the one used, GovSlack included, and no other host', () => {
    for (const apiUrl of ['https://slack.com/api', 'https://slack-gov.com/api/']) slackFor({ apiUrl });
    for (const apiUrl of ['https://slack.com.evil.example/api', 'http://slack.com/api', 'https://slack.com/other'])
      expect(() => slackFor({ apiUrl })).toThrow(expect.objectContaining({ code: 'SLACK_URL_INVALID' }));
  });

  it.each(['#general', 'general', ''])('refuses "%s" as the id of a conversation', (channelId) => {
    expect(() => slackFor({ channelId })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it('sends nothing when there is nothing to say', async () => {
    expect(await slackFor().notify(undefined)).toEqual({ status: 'nothing', channel: 'slack' });
    expect(server.requests).toHaveLength(0);
  });
});
