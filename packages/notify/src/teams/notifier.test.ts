import { untrusted } from '@remedykit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleMessage } from '../testing/sample-message.ts';
import { startTeamsServer, type TeamsServer } from '../testing/teams-server.ts';
import { createTeamsNotifier, type TeamsNotifierOptions } from './notifier.ts';

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
let server: TeamsServer;

beforeEach(async () => {
  time = createTime();
  server = await startTeamsServer({ now: time.now });
});

afterEach(() => server.close());

const teamsFor = (options: Partial<TeamsNotifierOptions> = {}) =>
  createTeamsNotifier({
    webhookUrl: server.url,
    allowedHosts: [server.host],
    sleep: time.sleep,
    now: time.now,
    random: () => 0.5,
    ...options,
  });

describe('createTeamsNotifier', () => {
  it('N22: posts an Adaptive Card in a message whose attachments are an array, and tells the run of the workflow', async () => {
    expect(await teamsFor().notify(sampleMessage())).toEqual({
      status: 'delivered',
      channel: 'teams',
      messageId: '08584000000000000000000000CU1',
    });
    expect(server.posted).toMatchObject([{ type: 'message', attachments: [{ content: { type: 'AdaptiveCard' } }] }]);
    expect(server.dropped).toEqual([]);
  });

  it('N22: posts the bare card where the flow posts its body as a card', async () => {
    const flow = await startTeamsServer({ envelope: 'card' });
    try {
      const teams = teamsFor({ webhookUrl: flow.url, allowedHosts: [flow.host], envelope: 'card' });
      expect(await teams.notify(sampleMessage())).toMatchObject({ status: 'delivered' });
      expect(flow.posted).toMatchObject([{ type: 'AdaptiveCard', version: '1.4' }]);
      expect(flow.dropped).toEqual([]);
    } finally {
      await flow.close();
    }
  });

  it('sends nothing when there is nothing to say', async () => {
    expect(await teamsFor().notify(undefined)).toEqual({ status: 'nothing', channel: 'teams' });
    expect(server.requests).toHaveLength(0);
  });

  it('sends the signature of the URL as it was given, percent signs included', async () => {
    await teamsFor().notify(sampleMessage());
    expect(server.requests.map(({ path }) => path)).toEqual([
      new URL(server.url).pathname + new URL(server.url).search,
    ]);
    expect(server.requests[0]?.path).toContain('sig=not-a%2Fsecret%2Bat-all');
  });

  it('N2: 429 is tried again after Retry-After, not before', async () => {
    server.failNext({ status: 429, headers: { 'retry-after': '7' } });
    expect(await teamsFor().notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(time.waits).toEqual([7000]);
  });

  it('N2: stays below four requests a second', async () => {
    const teams = teamsFor();
    for (let index = 0; index < 5; index += 1) await teams.notify(sampleMessage());
    expect(time.waits).toEqual([250, 250, 250, 250]);
  });

  it('N1, N7: a refusal is rejected with the error code of the workflow, never a success', async () => {
    server.failNext({ status: 401, body: '{"error":{"code":"DirectApiAuthorizationRequired","message":"no sig"}}' });
    expect(await teamsFor().notify(sampleMessage())).toEqual({
      status: 'rejected',
      channel: 'teams',
      reason: 'HTTP 401: DirectApiAuthorizationRequired',
    });
  });

  it('N1: HTTP 200 that reports a failure in its body is none', async () => {
    const body = 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error';
    server.failNext({ status: 200, body: `${body} 413` }, { status: 200, body: `${body} 429` });
    const teams = teamsFor({ attempts: 1 });
    expect(await teams.notify(sampleMessage())).toMatchObject({ status: 'rejected' });
    expect(await teams.notify(sampleMessage())).toMatchObject({ status: 'deferred' });
  });

  it('N1: a flow with a response step of its own may answer 200', async () => {
    server.failNext({ status: 200, body: 'thanks' });
    expect(await teamsFor().notify(sampleMessage())).toEqual({ status: 'delivered', channel: 'teams' });
  });

  it.each(['answer', 'body'] as const)('N1: a workflow that never ends its %s is a timeout', async (hang) => {
    server.failNext({ hang, status: 202 }, { hang, status: 202 });
    const delivery = await teamsFor({ timeoutMs: 50, attempts: 2 }).notify(sampleMessage());
    expect(delivery).toMatchObject({ status: 'deferred', reason: 'timeout' });
  });

  it('after a 5xx sends again, or gives up where a message must not appear twice', async () => {
    server.failNext({ status: 502, after: 'effect' });
    expect(await teamsFor().notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(server.posted).toHaveLength(2);

    server.failNext({ status: 502, after: 'effect' });
    const delivery = await teamsFor({ whenUnsure: 'give-up' }).notify(sampleMessage());
    expect(delivery).toMatchObject({ status: 'rejected', reason: expect.stringContaining('it may have arrived') });
    expect(server.posted).toHaveLength(3);
  });

  it('N9: neither results nor errors hold the URL or what the server said', async () => {
    server.failNext({ status: 403, body: `{"error":{"code":"secret","message":"${server.url}"}}` });
    const delivery = await teamsFor().notify(sampleMessage());
    expect(JSON.stringify(delivery)).not.toMatch(/sig=|secret|workflows/);
    server.failNext({ hang: 'reset' });
    expect(JSON.stringify(await teamsFor({ attempts: 1 }).notify(sampleMessage()))).not.toMatch(/sig=|127\.0/);
  });

  it('N23: reads a URL that was changed again, once, and says when it cannot be read', async () => {
    const old = server.url.replace('sig=not', 'sig=old');
    const reads: boolean[] = [];
    const webhookUrl = {
      read: async ({ refresh = false } = {}) => {
        reads.push(refresh);
        return refresh ? server.url : old;
      },
    };
    expect(await teamsFor({ webhookUrl }).notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(reads).toEqual([false, true]);
    const broken = { read: async () => Promise.reject(new Error(server.url)) };
    const delivery = await teamsFor({ webhookUrl: broken, attempts: 1 }).notify(sampleMessage());
    expect(delivery).toMatchObject({ status: 'deferred', reason: expect.stringContaining('secret') });
    expect(JSON.stringify(delivery)).not.toContain('sig=');
  });

  it('N14: crafted text costs no more than other text', async () => {
    // Going back one by one where `{{` is broken would take 17 seconds, and the test its time-out.
    const message = sampleMessage({ title: untrusted('{{'.repeat(10_000)), body: [untrusted('<at>'.repeat(10_000))] });
    expect(await teamsFor().notify(message)).toMatchObject({ status: 'delivered' });
    expect(server.dropped).toEqual([]);
  });

  it('refuses redirects', async () => {
    server.failNext({ status: 307, headers: { location: 'http://127.0.0.1:1/' } });
    expect(await teamsFor().notify(sampleMessage())).toMatchObject({ status: 'rejected', reason: 'redirect refused' });
  });

  it('keeps the card of an oversized message within what workflows post', async () => {
    const message = sampleMessage({ body: Array.from({ length: 60 }, () => untrusted('é😀'.repeat(2000))) });
    expect(await teamsFor().notify(message)).toMatchObject({ status: 'delivered' });
    expect(server.dropped).toEqual([]);
    expect(Buffer.byteLength(server.requests[0]?.body ?? '')).toBeLessThanOrEqual(20_480);
  });

  it('refuses an envelope that there is not', () => {
    const envelope = 'connector' as 'card';
    expect(() => teamsFor({ envelope })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
