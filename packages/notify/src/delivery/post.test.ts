import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StartedServer, startFakeServer } from '../testing/fake-server.ts';
import { attemptOfStatus, errorWord, postOnce } from './post.ts';

let server: StartedServer;
beforeEach(async () => {
  server = await startFakeServer(() => ({ status: 200, body: 'fine' }));
});
afterEach(() => server.close());

const post = (changes: Partial<Parameters<typeof postOnce>[0]> = {}) =>
  postOnce({
    url: new URL(`http://${server.host}/secret`),
    body: '{}',
    signal: AbortSignal.timeout(500),
    fetch,
    now: () => new Date('2026-11-24T10:00:00Z'),
    read: (answer) =>
      answer.status === 200 ? { result: 'delivered', messageId: answer.body } : attemptOfStatus(answer, 'said no'),
    ...changes,
  });

describe('postOnce', () => {
  it('posts JSON and hands over the answer', async () => {
    expect(await post()).toEqual({ result: 'delivered', messageId: 'fine' });
    expect(server.requests).toMatchObject([{ method: 'POST', contentType: 'application/json; charset=utf-8' }]);
  });

  it('refuses redirects, which would carry the message to where somebody else says', async () => {
    server.failNext({ status: 307, headers: { location: `http://${server.host}/elsewhere` } });
    expect(await post()).toEqual({ result: 'rejected', reason: 'redirect refused' });
    expect(server.requests).toHaveLength(1);
  });

  it('reads no more of an answer than it may', async () => {
    server.failNext({ status: 200, body: 'x'.repeat(5000), hang: 'body' });
    expect(await post({ maxAnswerBytes: 10 })).toEqual({ result: 'delivered', messageId: 'x'.repeat(10) });
  });

  it.each(['answer', 'body'] as const)('N1: an %s that does not end is a timeout, and unsure', async (hang) => {
    server.failNext({ hang, status: 200, body: 'x' });
    expect(await post({ signal: AbortSignal.timeout(30) })).toEqual({
      result: 'unavailable',
      reason: 'timeout',
      unsure: true,
    });
  });

  it('knows what never connected from what was cut off', async () => {
    server.failNext({ hang: 'reset' });
    expect(await post()).toMatchObject({ result: 'unavailable', unsure: true });
    const closed = server.host;
    await server.close();
    expect(await post({ url: new URL(`http://${closed}/secret`) })).toEqual({
      result: 'unavailable',
      reason: 'network error ECONNREFUSED',
      unsure: false,
    });
    server = await startFakeServer(() => ({ status: 200, body: '' }));
  });
});

describe('attemptOfStatus', () => {
  it.each([
    [
      { status: 429, retryAfterMs: 1000 },
      { result: 'unavailable', unsure: false, retryAfterMs: 1000 },
    ],
    [{ status: 408 }, { result: 'unavailable', unsure: false }],
    [
      { status: 503, retryAfterMs: 1000 },
      { result: 'unavailable', unsure: false, retryAfterMs: 1000 },
    ],
    [{ status: 503 }, { result: 'unavailable', unsure: true }],
    [{ status: 500 }, { result: 'unavailable', unsure: true }],
    [{ status: 400 }, { result: 'rejected', staleSecret: false }],
    [{ status: 403 }, { result: 'rejected', staleSecret: true }],
    [{ status: 404 }, { result: 'rejected', staleSecret: true }],
    [{ status: 302 }, { result: 'rejected', staleSecret: false }],
  ])('%j is %j', (answer, expected) => {
    expect(attemptOfStatus({ body: '', ...answer }, 'why')).toEqual({ reason: 'why', ...expected });
  });
});

describe('errorWord', () => {
  it('N9: repeats the word of an API, never a part of a secret, never anything else', () => {
    expect(errorWord('invalid_payload', [])).toBe('invalid_payload');
    expect(errorWord('invalid_blocks: at 3', [])).toBe('invalid_blocks');
    expect(errorWord('sEcReT'.toLowerCase(), ['https://x.example/SECRET'])).toBeUndefined();
    for (const body of ['', '<html>', 'Cannot reach https://x', 'a'.repeat(65), '{"error":"x"}'])
      expect(errorWord(body, [])).toBeUndefined();
  });
});
