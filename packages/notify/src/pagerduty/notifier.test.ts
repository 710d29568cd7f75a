import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { untrusted } from '@remedykit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualTime } from '../testing/manual-time.ts';
import { type PagerDutyServer, startPagerDutyServer } from '../testing/pagerduty-server.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { createPagerDutyNotifier, type PagerDutyNotifierOptions } from './notifier.ts';

let time = createManualTime();
let server: PagerDutyServer;

beforeEach(async () => {
  time = createManualTime();
  server = await startPagerDutyServer({ now: time.now });
});

afterEach(() => server.close());

const pagerDutyFor = (options: Partial<PagerDutyNotifierOptions> = {}) =>
  createPagerDutyNotifier({
    routingKey: server.routingKey,
    endpoint: server.endpoint,
    allowedHosts: [server.host],
    sleep: time.sleep,
    now: time.now,
    random: () => 0.5,
    ...options,
  });

const statuses = () => [...server.alerts.values()].map(({ status }) => status);

/** Where a notifier with these options posts. */
const postedTo = async (options: Partial<PagerDutyNotifierOptions>): Promise<string> => {
  let asked = '';
  const pagerDuty = createPagerDutyNotifier({
    routingKey: 'a'.repeat(32),
    ...options,
    fetch: async (input) => {
      asked = String(input);
      return Response.json({ status: 'success' }, { status: 202 });
    },
  });
  await pagerDuty.notify(sampleMessage());
  return asked;
};

describe('createPagerDutyNotifier', () => {
  it('N21: one alert per matter: the dedup key is the hash of the key, and details are sent', async () => {
    const pagerDuty = pagerDutyFor();
    const first = await pagerDuty.notify(sampleMessage());
    expect(first).toEqual({
      status: 'delivered',
      channel: 'pagerduty',
      messageId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await pagerDuty.notify(sampleMessage({ severity: 'high' }));
    await pagerDuty.notify(sampleMessage({ key: 'another' }));
    expect(server.alerts.size).toBe(2);
    expect(server.events[0]).toMatchObject({ payload: { custom_details: { Account: '111122223333' } } });
  });

  it('N21: the message is not changed', async () => {
    const message = sampleMessage();
    const before = structuredClone(message);
    await pagerDutyFor().notify(message);
    expect(message).toEqual(before);
  });

  it('triggers, acknowledges and resolves the same alert', async () => {
    const pagerDuty = pagerDutyFor({
      action: ({ body, status }) =>
        status === 'resolved' ? 'resolve' : body[0] === 'seen' ? 'acknowledge' : 'trigger',
    });
    await pagerDuty.notify(sampleMessage());
    expect(statuses()).toEqual(['triggered']);
    await pagerDuty.notify(sampleMessage({ body: ['seen'] }));
    expect(statuses()).toEqual(['acknowledged']);
    await pagerDuty.notify(sampleMessage({ status: 'resolved' }));
    expect(statuses()).toEqual(['resolved']);
  });

  it('a preview opens an alert of its own that wakes nobody, and resolves no other', async () => {
    const pagerDuty = pagerDutyFor();
    await pagerDuty.notify(sampleMessage({ severity: 'critical' }));
    await pagerDuty.notify(sampleMessage({ severity: 'critical', preview: true, status: 'resolved' }));
    await pagerDuty.notify(sampleMessage({ severity: 'critical', preview: true }));
    expect([...server.alerts.values()].map(({ status, severity }) => [status, severity])).toEqual([
      ['triggered', 'critical'],
      ['triggered', 'info'],
    ]);
  });

  it.each([
    ['critical', 'critical'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['low', 'info'],
  ] as const)('N17: a %s message is of severity %s', async (severity, expected) => {
    await pagerDutyFor().notify(sampleMessage({ severity }));
    expect([...server.alerts.values()][0]?.severity).toBe(expected);
  });

  it('takes another severity for a band', async () => {
    await pagerDutyFor({ severities: { high: 'critical' } }).notify(sampleMessage({ severity: 'high' }));
    expect([...server.alerts.values()][0]?.severity).toBe('critical');
  });

  it('N6: the region that is configured is the one that is used', async () => {
    expect(await postedTo({})).toBe('https://events.pagerduty.com/v2/enqueue');
    expect(await postedTo({ region: 'us' })).toBe('https://events.pagerduty.com/v2/enqueue');
    expect(await postedTo({ region: 'eu' })).toBe('https://events.eu.pagerduty.com/v2/enqueue');
  });

  it.each(['answer', 'body'] as const)('N5: an endpoint that never ends its %s is given up', async (hang) => {
    server.failNext({ hang, status: 202 });
    const delivery = await pagerDutyFor({ timeoutMs: 50, attempts: 1 }).notify(sampleMessage());
    expect(delivery).toMatchObject({ status: 'deferred', reason: 'timeout' });
  });

  it('N5: 5xx and lost connections are tried again, without a second alert', async () => {
    server.failNext({ status: 500, after: 'effect' }, { hang: 'reset', after: 'effect' });
    expect(await pagerDutyFor().notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(server.requests).toHaveLength(3);
    expect(server.alerts.size).toBe(1);
  });

  it('N2, N5: 429 waits for Retry-After, and without one as long as the backoff says', async () => {
    server.failNext({ status: 429, headers: { 'retry-after': '5' } }, { status: 429 });
    expect(await pagerDutyFor().notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(time.waits).toEqual([5000, 1000]);
  });

  it('N5: what is not 2xx is no success', async () => {
    server.failNext({ status: 400, body: '{"status":"invalid event","message":"…","errors":["x"]}' });
    expect(await pagerDutyFor().notify(sampleMessage())).toEqual({
      status: 'rejected',
      channel: 'pagerduty',
      reason: 'HTTP 400: invalid event',
    });
  });

  it('N5: an answer that is not JSON is handled, whatever its status', async () => {
    const html = '<html>proxy</html>';
    server.failNext({ status: 403, body: html }, { status: 502, body: html }, { status: 202, body: html });
    const pagerDuty = pagerDutyFor({ attempts: 1 });
    expect(await pagerDuty.notify(sampleMessage())).toMatchObject({
      status: 'rejected',
      reason: 'HTTP 403: unexpected answer',
    });
    expect(await pagerDuty.notify(sampleMessage())).toMatchObject({ status: 'deferred' });
    expect(await pagerDuty.notify(sampleMessage())).toMatchObject({
      status: 'deferred',
      reason: 'HTTP 202: unexpected answer',
    });
  });

  it('N5: after a timeout the process can end', async () => {
    server.failNext({ hang: 'answer' });
    const source = fileURLToPath(new URL('./notifier.ts', import.meta.url));
    const script = `
      import { createPagerDutyNotifier } from ${JSON.stringify(source)};
      const options = { routingKey: ${JSON.stringify(server.routingKey)}, endpoint: ${JSON.stringify(server.endpoint)} };
      const pagerDuty = createPagerDutyNotifier({ ...options, allowedHosts: [${JSON.stringify(server.host)}], timeoutMs: 50, attempts: 1 });
      const message = { key: 'k', severity: 'low', preview: false, title: 't', body: [], facts: [], links: [] };
      console.log((await pagerDuty.notify(message)).status);
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', script],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)) },
    );
    expect(stdout.trim()).toBe('deferred');
  }, 30_000);

  it('reads a rotated key again when PagerDuty does not know the old one', async () => {
    const keys = ['0'.repeat(32), server.routingKey];
    const reads: boolean[] = [];
    const routingKey = {
      read: async ({ refresh = false } = {}) => {
        reads.push(refresh);
        return keys[refresh ? 1 : 0] ?? '';
      },
    };
    expect(await pagerDutyFor({ routingKey }).notify(sampleMessage())).toMatchObject({ status: 'delivered' });
    expect(reads).toEqual([false, true]);
  });

  it('N9: no result or error holds the key', async () => {
    server.failNext({ status: 403, body: `{"status":"${server.routingKey}"}` });
    expect(JSON.stringify(await pagerDutyFor().notify(sampleMessage()))).not.toContain(server.routingKey);
    const bad = 'not a key but secret';
    expect(() => pagerDutyFor({ routingKey: bad })).toThrow(expect.objectContaining({ code: 'PAGERDUTY_KEY_INVALID' }));
    expect(() => pagerDutyFor({ routingKey: bad })).not.toThrow(bad);
  });

  it('refuses a region that there is not, two endpoints at once, and hosts that are not listed', () => {
    const coded = expect.objectContaining({ code: 'OPTION_INVALID' });
    const { routingKey, endpoint } = server;
    expect(() => createPagerDutyNotifier({ routingKey, region: 'apac' as 'eu' })).toThrow(coded);
    expect(() => pagerDutyFor({ region: 'eu' })).toThrow(coded);
    expect(() => createPagerDutyNotifier({ routingKey, endpoint })).toThrow(coded);
  });

  it('fits an oversized message into an event', async () => {
    const body = Array.from({ length: 100 }, () => untrusted('é😀"\\'.repeat(2000)));
    expect(await pagerDutyFor().notify(sampleMessage({ title: untrusted('t'.repeat(5000)), body }))).toMatchObject({
      status: 'delivered',
    });
  });
});
