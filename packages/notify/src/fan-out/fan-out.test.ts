import { assertComplete, createMemoryStore, type Notifier, type SeverityBand } from '@remedykit/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOutbox } from '../outbox/outbox.ts';
import { createRecordingNotifier, type RecordingNotifier } from '../testing/recording-notifier.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { fanOut } from './fan-out.ts';
import type { Route } from './route.ts';

let chat: RecordingNotifier;
let pager: RecordingNotifier;
beforeEach(() => {
  chat = createRecordingNotifier('chat');
  pager = createRecordingNotifier('pager');
});

describe('fanOut', () => {
  it('N1, N7: keeps an outcome per channel, and one failure hides no other', async () => {
    const mail = createRecordingNotifier('mail');
    chat.failNext({ status: 'deferred', reason: 'HTTP 429', retryAfterMs: 7000 });
    pager.failNext({ status: 'rejected', reason: 'HTTP 400' });
    const delivery = await fanOut([chat, pager, mail]).notify(sampleMessage());
    expect(delivery).toEqual({
      status: 'deferred',
      channel: 'fan-out',
      reason: 'chat: HTTP 429; pager: HTTP 400',
      retryAfterMs: 7000,
      deliveries: [
        { status: 'deferred', channel: 'chat', reason: 'HTTP 429', retryAfterMs: 7000 },
        { status: 'rejected', channel: 'pager', reason: 'HTTP 400' },
        { status: 'delivered', channel: 'mail', messageId: '1' },
      ],
    });
    expect(() => assertComplete(delivery)).toThrow('HTTP 429');
  });

  it('is rejected when a channel rejected it, delivered when all took it', async () => {
    const both = fanOut([chat, pager]);
    pager.failNext({ status: 'rejected', reason: 'HTTP 400' });
    expect(await both.notify(sampleMessage())).toMatchObject({ status: 'rejected', reason: 'pager: HTTP 400' });
    expect(await both.notify(sampleMessage())).toMatchObject({ status: 'delivered', channel: 'fan-out' });
    expect(await fanOut([chat]).notify(sampleMessage())).toMatchObject({ status: 'delivered', channel: 'chat' });
    expect(await both.notify(undefined)).toEqual({ status: 'nothing', channel: 'fan-out', deliveries: [] });
  });

  it('N8: a channel that throws is a deferral of its own', async () => {
    const broken: Notifier = {
      notify: () => {
        throw new Error('https://secret.example');
      },
    };
    const delivery = await fanOut([broken, chat]).notify(sampleMessage());
    expect(delivery).toMatchObject({ status: 'deferred', reason: 'route 0: the notifier failed' });
    expect(JSON.stringify(delivery)).not.toContain('secret');
    expect(chat.said).toHaveLength(1);
  });

  it('N1: a channel that never ends holds no other up beyond the time that is left', async () => {
    const endless: Notifier = { notify: () => new Promise(() => {}) };
    const delivery = await fanOut([endless, chat]).notify(sampleMessage(), { remainingTimeMs: () => 120 });
    expect(delivery.deliveries).toMatchObject([{ status: 'deferred' }, { status: 'delivered' }]);
  });

  it('asks for no retry when the deferred channel keeps the message itself', async () => {
    const store = createMemoryStore();
    chat.failNext({ status: 'deferred' });
    const delivery = await fanOut([createOutbox({ store, notifier: chat }), pager]).notify(sampleMessage());
    expect(delivery).toMatchObject({ status: 'deferred', kept: true });
    assertComplete(delivery);
  });

  it('checks every channel before the first message', async () => {
    const checked: string[] = [];
    const checking = (name: string): Notifier => ({
      notify: chat.notify,
      preflight: async () => void checked.push(name),
    });
    await fanOut([checking('a'), chat, checking('b')]).preflight?.();
    expect(checked).toEqual(['a', 'b']);
  });
});

describe('routes', () => {
  const goes = async (route: Omit<Route, 'notifier'>, message = sampleMessage()): Promise<boolean> =>
    (await fanOut([{ notifier: chat, ...route }]).notify(message)).status === 'delivered';
  const about = (accountId: string, type: string) => sampleMessage({ subject: { accountId, type } });

  it.each<[SeverityBand, SeverityBand, boolean]>([
    ['high', 'critical', true],
    ['high', 'high', true],
    ['high', 'medium', false],
    ['low', 'low', true],
  ])('from %s on, a %s message goes: %s', async (minSeverity, severity, expected) => {
    expect(await goes({ minSeverity }, sampleMessage({ severity }))).toBe(expected);
  });

  it('by account', async () => {
    const accounts = ['111122223333'];
    expect(await goes({ accounts }, about('111122223333', 'x'))).toBe(true);
    expect(await goes({ accounts }, about('444455556666', 'x'))).toBe(false);
    expect(await goes({ accounts: [] }, about('111122223333', 'x'))).toBe(false);
    expect(await goes({ accounts }, sampleMessage())).toBe(true);
  });

  it('by type, whole or by its beginning', async () => {
    const types = ['Recon:EC2/Portscan', 'UnauthorizedAccess:*'];
    expect(await goes({ types }, about('1', 'UnauthorizedAccess:EC2/SSHBruteForce'))).toBe(true);
    expect(await goes({ types }, about('1', 'Recon:EC2/Portscan'))).toBe(true);
    expect(await goes({ types }, about('1', 'Recon:EC2/PortscanX'))).toBe(false);
    expect(await goes({ types: [] }, about('1', 'Recon:EC2/Portscan'))).toBe(false);
  });

  it('by a condition of your own, and to be safe when it throws', async () => {
    expect(await goes({ when: ({ preview }) => preview })).toBe(false);
    expect(
      await goes({
        when: () => {
          throw new Error('no');
        },
      }),
    ).toBe(true);
  });

  it('what was not done and no route takes goes to all of them; anything else to none', async () => {
    const routes = fanOut([
      { notifier: chat, accounts: [] },
      { notifier: pager, minSeverity: 'critical' },
    ]);
    expect(await routes.notify(sampleMessage())).toEqual({ status: 'nothing', channel: 'fan-out', deliveries: [] });
    expect((await routes.notify(sampleMessage({ undone: true }))).deliveries).toHaveLength(2);
  });

  it.each<readonly (Notifier | Route)[]>([
    [],
    [{ notifier: { notify: async () => ({ status: 'nothing', channel: 'x' }) }, accounts: ['12'] }],
    [{ notifier: { notify: async () => ({ status: 'nothing', channel: 'x' }) }, types: ['*:EC2/*'] }],
  ])('refuses routes that cannot be meant', (...routes) => {
    expect(() => fanOut(routes)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
