import { assertComplete, createMemoryStore, type Message, minutes, untrusted } from '@remedykit/core';
import { createFaultyStore, createTestClock, type FaultyStore, type TestClock } from '@remedykit/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOutbox } from '../outbox/outbox.ts';
import { createRecordingNotifier, type RecordingNotifier } from '../testing/recording-notifier.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { createFloodControl, type FloodControl, type FloodControlOptions } from './flood-control.ts';

let clock: TestClock;
let store: FaultyStore;
let channel: RecordingNotifier;
let flood: FloodControl;

const floodFor = (options: Partial<FloodControlOptions> = {}): FloodControl =>
  createFloodControl({
    store,
    notifier: channel,
    max: 3,
    maxUrgent: 2,
    now: clock.now,
    random: () => 0,
    sleep: async () => {},
    ...options,
  });

beforeEach(() => {
  clock = createTestClock(new Date('2026-11-24T10:00:00Z'));
  store = createFaultyStore(createMemoryStore());
  channel = createRecordingNotifier('chat');
  flood = floodFor();
});

const send = async (count: number, changes: Partial<Message> = {}): Promise<void> => {
  for (let index = 0; index < count; index += 1)
    await flood.notify(sampleMessage({ title: `m${index}`, subject: { type: 'Recon' }, ...changes }));
};

describe('createFloodControl', () => {
  it('lets so many through, counts the rest, and summarises it when the window is over', async () => {
    await send(3);
    const counted = await flood.notify(sampleMessage({ severity: 'high', subject: { type: 'Recon' } }));
    expect(counted).toEqual({
      status: 'deferred',
      channel: 'flood-control',
      reason: 'too many messages; it is counted in a summary',
      retryAfterMs: minutes(10),
      kept: true,
    });
    assertComplete(counted);
    await send(4, { subject: { type: 'Trojan' } });
    expect(await flood.flush()).toMatchObject({ status: 'nothing' });
    clock.advance(minutes(10));
    expect(await flood.flush()).toMatchObject({ status: 'delivered' });
    expect(channel.said).toEqual(['m0', 'm1', 'm2', '5 more messages, summarised']);
    const summary = channel.messages().at(-1)?.message;
    expect(summary).toMatchObject({
      severity: 'high',
      undone: false,
      facts: [
        { label: '4 times', value: untrusted('Trojan') },
        { label: '1 times', value: untrusted('Recon') },
      ],
    });
    expect(JSON.stringify(summary?.body)).toContain('1 high, 4 medium');
    expect(await flood.flush()).toMatchObject({ status: 'nothing' });
  });

  it('sends the summary with the next message too, and begins anew', async () => {
    await send(5);
    clock.advance(minutes(10));
    await send(3);
    expect(channel.said).toEqual(['m0', 'm1', 'm2', '2 more messages, summarised', 'm0', 'm1', 'm2']);
  });

  it('does not let noise drown what is critical or was not done', async () => {
    await send(10);
    await flood.notify(sampleMessage({ title: 'critical', severity: 'critical' }));
    await flood.notify(sampleMessage({ title: 'not done', undone: true }));
    await flood.notify(sampleMessage({ title: ['not done ', untrusted('<!here>')], undone: true }));
    expect(channel.said.slice(3)).toEqual(['critical', 'not done']);
    clock.advance(minutes(10));
    await flood.flush();
    const summary = channel.messages().at(-1)?.message;
    expect(summary).toMatchObject({ undone: true });
    expect(summary?.facts[0]).toEqual({ label: 'Not done 1', value: ['not done ', untrusted('<!here>')] });
    expect(summary?.body).toContain('1 of them say that something was not done.');
  });

  it('zero is none', async () => {
    flood = floodFor({ max: 0, maxUrgent: 0 });
    await send(2);
    await send(1, { severity: 'critical' });
    expect(channel.said).toEqual([]);
    clock.advance(minutes(10));
    await flood.flush();
    expect(channel.said).toEqual(['3 more messages, summarised']);
  });

  it('counts for all workers together, and sends one summary', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => floodFor().notify(sampleMessage({ title: `x${index}` }))),
    );
    expect(channel.said).toHaveLength(3);
    clock.advance(minutes(10));
    await Promise.all(Array.from({ length: 5 }, () => floodFor().flush()));
    expect(channel.said.slice(3)).toEqual(['7 more messages, summarised']);
  });

  it('counts the same message once, however often its event is retried, and sends it again where it was let through', async () => {
    const event = sampleMessage({ title: 'retried' });
    channel.failNext({ status: 'deferred' }, { status: 'deferred' });
    for (const status of ['deferred', 'deferred', 'delivered'])
      expect(await flood.notify(event)).toMatchObject({ status });
    await send(2);
    expect(channel.said).toEqual(['retried', 'm0', 'm1']);
    const late = sampleMessage({ title: 'too much' });
    for (let retries = 0; retries < 3; retries += 1) expect(await flood.notify(late)).toMatchObject({ kept: true });
    clock.advance(minutes(10));
    await flood.flush();
    expect(channel.said.at(-1)).toBe('1 more message, summarised');
  });

  it('lets the same message through for ever neither: repetitions beyond its retries count', async () => {
    for (let index = 0; index < 30; index += 1) await flood.notify(sampleMessage({ title: 'loop' }));
    expect(channel.said).toHaveLength(9);
  });

  it('begins anew with a window: what was counted in the last is news in the next', async () => {
    await send(4);
    clock.advance(minutes(10));
    await send(4);
    expect(channel.said).toEqual(['m0', 'm1', 'm2', '1 more message, summarised', 'm0', 'm1', 'm2']);
  });

  it('summaries have a key and a kind of their own, so that none takes the place of another, nor is counted away', async () => {
    const outbox = createOutbox({ store, notifier: flood, maxMessages: 16, now: clock.now, random: () => 0 });
    const overflow = async (): Promise<void> => {
      channel.failAll({ status: 'deferred', retryAfterMs: 0 });
      for (let index = 0; index < 3; index += 1) await outbox.notify(sampleMessage({ title: `o${index}`, key: 'one' }));
      channel.failAll(undefined);
      await outbox.drain();
    };
    await overflow();
    await overflow();
    await send(5);
    clock.advance(minutes(10));
    await flood.flush();
    const summaries = channel
      .messages()
      .map(({ message }) => message)
      .filter(({ subject }) => subject?.type === 'outbox-overflow' || subject?.type === 'flood-summary');
    expect(summaries.map(({ subject }) => subject?.type)).toEqual([
      'outbox-overflow',
      'outbox-overflow',
      'flood-summary',
    ]);
    expect(new Set(summaries.map(({ key }) => key)).size).toBe(3);
  });

  it('keeps a summary that the channel does not take, and what is counted meanwhile', async () => {
    await send(5);
    clock.advance(minutes(10));
    channel.failAll({ status: 'deferred' });
    expect(await flood.flush()).toMatchObject({ status: 'deferred' });
    await send(5);
    channel.failAll(undefined);
    await flood.flush();
    clock.advance(minutes(10));
    await flood.flush();
    expect(channel.said).toEqual(['m0', 'm1', 'm2', '2 more messages, summarised', '2 more messages, summarised']);
  });

  it.each(['before', 'effect'] as const)('a crash at any call of a flush (%s) loses no summary', async (moment) => {
    for (let crashAt = 1; crashAt <= 5; crashAt += 1) {
      store = createFaultyStore(createMemoryStore());
      channel = createRecordingNotifier();
      flood = floodFor();
      await send(5);
      clock.advance(minutes(10));
      let calls = 0;
      const die = (): void => {
        calls += 1;
        if (calls >= crashAt) throw new Error('crashed');
      };
      if (moment === 'before') store.hooks.beforeEach = die;
      else store.hooks.afterEach = die;
      await flood.flush().catch(() => {});
      delete store.hooks.beforeEach;
      delete store.hooks.afterEach;
      clock.advance(30_000);
      await floodFor().flush();
      const summaries = channel.said.filter((title) => title.includes('summarised'));
      expect(summaries.length).toBeGreaterThanOrEqual(1);
      expect(summaries.length).toBeLessThanOrEqual(2);
      expect(
        new Set(
          channel
            .messages()
            .slice(3)
            .map(({ message }) => message.key),
        ).size,
      ).toBe(1);
    }
  });

  it('lets everything through when the store fails', async () => {
    store.failNext('get', { times: 1000 });
    await send(10);
    expect(channel.said).toHaveLength(10);
  });

  it('stays small however long the flood and however many its kinds', async () => {
    for (let index = 0; index < 300; index += 1)
      await flood.notify(
        sampleMessage({ title: untrusted('t'.repeat(9000)), undone: true, subject: { type: `${index}`.repeat(500) } }),
      );
    const stored = await store.get('notify-flood/default');
    expect(JSON.stringify(stored?.value).length).toBeLessThan(6000);
    clock.advance(minutes(10));
    await flood.flush();
    expect(channel.said.at(-1)).toBe('298 more messages, summarised');
  });

  it.each([{ max: -1 }, { max: 1.5 }, { maxUrgent: Number.NaN }, { windowMs: 0 }, { name: '' }])(
    'refuses %j',
    (options) => {
      expect(() => floodFor(options)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    },
  );
});
