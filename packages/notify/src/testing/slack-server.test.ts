import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slackLimits } from '../slack/limits.ts';
import { renderSlackMessage } from '../slack/render.ts';
import { checkSlackPayload } from './check-slack-payload.ts';
import { sampleMessage } from './sample-message.ts';
import { type SlackApiServer, startSlackApiServer } from './slack-api-server.ts';
import { type SlackServer, startSlackServer } from './slack-server.ts';

const good = renderSlackMessage(sampleMessage({ at: '2026-11-24T10:00:00Z' }));
const header = (length: number) => ({
  type: 'header',
  text: { type: 'plain_text', text: 'h'.repeat(length), emoji: false },
});
const section = (text: object) => ({ type: 'section', text });
const words = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });

describe('checkSlackPayload', () => {
  it.each<[string, unknown, string | undefined]>([
    ['what we send', good, undefined],
    ['text alone', { text: 'x' }, undefined],
    ['nothing', {}, 'no_text'],
    ['a list', [], 'invalid_payload'],
    ['a text that is none', { text: 7 }, 'invalid_payload'],
    ['a header of 150', { blocks: [header(slackLimits.header)] }, undefined],
    ['a header of 151', { blocks: [header(slackLimits.header + 1)] }, 'invalid_blocks'],
    ['an empty text', { blocks: [section(words(0))] }, 'invalid_blocks'],
    ['a section of 3,000', { blocks: [section(words(3000))] }, undefined],
    ['a section of 3,001', { blocks: [section(words(3001))] }, 'invalid_blocks'],
    ['a block that is not known', { blocks: [{ type: 'toString' }] }, 'invalid_blocks'],
    ['50 blocks', { blocks: Array.from({ length: 50 }, () => ({ type: 'divider' })) }, undefined],
    ['51 blocks', { blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }, 'invalid_blocks'],
    ['10 fields', { blocks: [{ type: 'section', fields: Array.from({ length: 10 }, () => words(1)) }] }, undefined],
    [
      '11 fields',
      { blocks: [{ type: 'section', fields: Array.from({ length: 11 }, () => words(1)) }] },
      'invalid_blocks',
    ],
    ['a field of 2,001', { blocks: [{ type: 'section', fields: [words(2001)] }] }, 'invalid_blocks'],
    [
      'more than about 13,200 in all',
      { blocks: Array.from({ length: 5 }, () => section(words(3000))) },
      'msg_blocks_too_long',
    ],
    ['a colour that is none', { ...good, attachments: [{ color: 'reddish' }] }, 'invalid_attachments'],
    ['attachments that are none', { ...good, attachments: [] }, 'invalid_attachments'],
  ])('%s', (_what, payload, error) => expect(checkSlackPayload(payload)).toBe(error));
});

const post = async (
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<[number, string, string | null]> => {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), headers });
  return [response.status, await response.text(), response.headers.get('retry-after')];
};

describe('startSlackServer', () => {
  let server: SlackServer;
  let ms = 0;
  beforeEach(async () => {
    ms = 0;
    server = await startSlackServer({ ratePerSecond: 1, now: () => new Date(ms) });
  });
  afterEach(() => server.close());

  it('answers with Slack’s words, and 429 beyond the rate', async () => {
    expect(await post(server.url, good)).toEqual([200, 'ok', null]);
    expect(await post(server.url, good)).toEqual([429, 'rate_limited', '1']);
    ms = 1000;
    expect(await post(server.url, { blocks: [header(151)] })).toEqual([400, 'invalid_blocks', null]);
    expect(await post(server.url, good)).toEqual([200, 'ok', null]);
    expect(await post(`${server.url}x`, good)).toEqual([404, 'no_service', null]);
    expect(server.messages).toHaveLength(2);
    expect((await fetch(server.url)).status).toBe(405);
  });

  it('fails on demand, before the effect or after it, and forgets when told to', async () => {
    server.failNext({ status: 500 }, { status: 503, body: 'x', after: 'effect' });
    expect(await post(server.url, good)).toEqual([500, 'rollup_error', null]);
    expect(server.messages).toHaveLength(0);
    expect(await post(server.url, good)).toEqual([503, 'x', null]);
    expect(server.messages).toHaveLength(1);
    server.failNext({ status: 500 });
    server.reset();
    expect(await post(server.url, good)).toEqual([200, 'ok', null]);
    expect(server.requests).toHaveLength(1);
  });
});

describe('startSlackApiServer', () => {
  let server: SlackApiServer;
  let ms = 0;
  beforeEach(async () => {
    ms = 0;
    server = await startSlackApiServer({ ratePerSecond: 1, now: () => new Date(ms) });
  });
  afterEach(() => server.close());

  const call = async (method: string, fields: object, token = server.token): Promise<unknown> => {
    ms += 1000;
    const authorization = token === '' ? {} : { authorization: `Bearer ${token}` };
    return JSON.parse((await post(`${server.url}/${method}`, fields, authorization as Record<string, string>))[1]);
  };
  const channel = 'C024BE91L';

  it.each<[string, string, object, string | undefined]>([
    ['chat.other', 'unknown_method', { channel, ...good }, undefined],
    ['chat.postMessage', 'not_authed', { channel, ...good }, ''],
    ['chat.postMessage', 'invalid_auth', { channel, ...good }, 'xoxb-wrong'],
    ['chat.postMessage', 'channel_not_found', { channel: '#general', ...good }, undefined],
    ['chat.postMessage', 'invalid_blocks', { channel, blocks: [header(151)] }, undefined],
    ['chat.postMessage', 'thread_not_found', { channel, thread_ts: '1.1', ...good }, undefined],
    ['chat.update', 'message_not_found', { channel, ts: '1.1', ...good }, undefined],
  ])('%s: %s', async (method, error, fields, token) => {
    expect(await call(method, fields, token)).toEqual({ ok: false, error });
    expect(server.messages()).toEqual([]);
  });

  it('keeps messages, their threads and their edits', async () => {
    const first = await call('chat.postMessage', { channel, ...good });
    expect(first).toMatchObject({ ok: true, channel, ts: expect.stringMatching(/^\d+\.\d{6}$/) });
    const ts = server.messages()[0]?.ts ?? '';
    await call('chat.postMessage', { channel, thread_ts: ts, ...good });
    expect(await call('chat.update', { channel, ts, text: 'changed' })).toMatchObject({ ok: true, ts });
    expect(server.messages()).toMatchObject([
      { ts, edits: 1, payload: { text: 'changed' } },
      { threadTs: ts, edits: 0 },
    ]);
    expect(await call('auth.test', {})).toMatchObject({ ok: true });
  });

  it('answers 429 with Retry-After beyond the rate of a conversation', async () => {
    const headers = { authorization: `Bearer ${server.token}` };
    await post(`${server.url}/chat.postMessage`, { channel, ...good }, headers);
    expect(await post(`${server.url}/chat.postMessage`, { channel, ...good }, headers)).toEqual([
      429,
      '{"ok":false,"error":"ratelimited"}',
      '1',
    ]);
  });
});
