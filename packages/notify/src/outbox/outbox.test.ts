import { assertComplete, createMemoryStore, type Message, minutes, type Notifier, untrusted } from '@remedykit/core';
import { createFaultyStore, createTestClock, type FaultyStore, type TestClock } from '@remedykit/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createRecordingNotifier, type RecordingNotifier } from '../testing/recording-notifier.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { createOutbox, type Outbox, type OutboxOptions } from './outbox.ts';

let clock: TestClock;
let store: FaultyStore;
let channel: RecordingNotifier;
let second: RecordingNotifier;
let outbox: Outbox;

const outboxFor = (options: Partial<OutboxOptions> = {}): Outbox =>
  createOutbox({ store, notifier: channel, now: clock.now, random: () => 0, sleep: async () => {}, ...options });

beforeEach(() => {
  clock = createTestClock(new Date('2026-11-24T10:00:00Z'));
  store = createFaultyStore(createMemoryStore());
  channel = createRecordingNotifier('slack');
  second = createRecordingNotifier('pagerduty');
  outbox = outboxFor();
});

const message = (title: string, changes: Partial<Message> = {}): Message => sampleMessage({ title, ...changes });

describe('createOutbox', () => {
  it('delivers directly what the channel takes, and keeps nothing', async () => {
    expect(await outbox.notify(message('one'))).toMatchObject({ status: 'delivered', channel: 'slack' });
    expect(await outbox.notify(undefined)).toMatchObject({ status: 'nothing' });
    expect(await outbox.status()).toEqual({ waiting: 0, oldestAgeMs: 0 });
    expect(store.calls.putIfAbsent + store.calls.compareAndSet).toBe(0);
  });

  it('N18: keeps what is deferred, says so, and asks for no retry of the event', async () => {
    channel.failNext({ status: 'deferred', reason: 'HTTP 429', retryAfterMs: 5000 });
    const delivery = await outbox.notify(message('one'));
    expect(delivery).toEqual({
      status: 'deferred',
      channel: 'slack',
      reason: 'HTTP 429; kept in the outbox',
      retryAfterMs: 5000,
      kept: true,
    });
    assertComplete(delivery);
    clock.advance(minutes(3));
    expect(await outbox.status()).toEqual({ waiting: 1, oldestAgeMs: minutes(3) });
    expect(await outbox.drain()).toMatchObject({ delivered: 1, waiting: 0, oldestAgeMs: 0, done: true });
    expect(channel.said).toEqual(['one']);
    expect(await outbox.drain()).toMatchObject({ delivered: 0, steps: [] });
  });

  it('does not ask before the channel said to come back', async () => {
    channel.failNext({ status: 'deferred', retryAfterMs: minutes(2) });
    await outbox.notify(message('one'));
    clock.advance(minutes(2) - 1);
    expect(await outbox.drain()).toMatchObject({ delivered: 0, waiting: 1, steps: [] });
    clock.advance(1);
    expect(await outbox.drain()).toMatchObject({ delivered: 1 });
  });

  it('lets no message of a key overtake an older one, neither directly nor in a drain', async () => {
    channel.failNext({ status: 'deferred', retryAfterMs: 0 });
    await outbox.notify(message('1'));
    expect(await outbox.notify(message('2'))).toMatchObject({ status: 'deferred', kept: true });
    expect(await outbox.notify(message('other', { key: 'other' }))).toMatchObject({ status: 'delivered' });
    channel.failNext({ status: 'deferred', retryAfterMs: 0 });
    expect(await outbox.drain()).toMatchObject({ delivered: 0, waiting: 2 });
    expect(await outbox.drain()).toMatchObject({ delivered: 2, waiting: 0 });
    expect(channel.said).toEqual(['other', '1', '2']);
  });

  it('lets no message overtake an older one of its key that is under way and comes to wait', async () => {
    let finish = (): void => {};
    channel.before = () => new Promise((resolve) => (finish = resolve));
    const older = outbox.notify(message('1'));
    const newer = outbox.notify(message('2'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    channel.before = undefined;
    expect(await outbox.notify(message('other', { key: 'other' }))).toMatchObject({ status: 'delivered' });
    channel.failNext({ status: 'deferred', retryAfterMs: 0 });
    finish();
    expect(await older).toMatchObject({ status: 'deferred', kept: true });
    expect(await newer).toMatchObject({ status: 'deferred', kept: true });
    await outbox.drain();
    expect(channel.said).toEqual(['other', '1', '2']);
  });

  it('puts a message behind an older one of its key that never comes to an end', async () => {
    channel.before = (_operation, { title }) => (title === '1' ? new Promise(() => {}) : Promise.resolve());
    void outbox.notify(message('1'));
    expect(await outbox.notify(message('2'), { remainingTimeMs: () => 520 })).toMatchObject({ kept: true });
    expect(channel.said).toEqual([]);
  });

  it('puts a message behind an older one of its key that a drain is delivering', async () => {
    channel.failNext({ status: 'deferred', retryAfterMs: 0 });
    await outbox.notify(message('1'));
    let finish = (): void => {};
    channel.before = () => new Promise((resolve) => (finish = resolve));
    const drained = outbox.drain();
    await new Promise((resolve) => setTimeout(resolve, 5));
    channel.before = undefined;
    expect(await outboxFor().notify(message('2'))).toMatchObject({ status: 'deferred', kept: true });
    finish();
    await drained;
    await outbox.drain();
    expect(channel.said).toEqual(['1', '2']);
  });

  it('keeps the same message once, however often its event is retried', async () => {
    channel.failAll({ status: 'deferred' });
    for (let retries = 0; retries < 3; retries += 1) await outbox.notify(message('same'));
    expect(await outbox.status()).toMatchObject({ waiting: 1 });
  });

  it('untrusted text comes out as untrusted text', async () => {
    channel.failNext({ status: 'deferred', retryAfterMs: 0 });
    const hostile = message('', { title: ['x ', untrusted('<!channel>\ud800')] });
    await outbox.notify(hostile);
    await outbox.drain();
    expect(channel.messages().map(({ message: sent }) => sent)).toEqual([hostile]);
  });

  it('what is rejected is not kept, unless it says that something was not done', async () => {
    channel.failAll({ status: 'rejected', reason: 'HTTP 404' });
    expect(await outbox.notify(message('one'))).toEqual({ status: 'rejected', channel: 'slack', reason: 'HTTP 404' });
    expect(await outbox.notify(message('not blocked', { undone: true }))).toMatchObject({ kept: true });
    clock.advance(minutes(14));
    expect(await outbox.drain()).toMatchObject({ steps: [] });
    clock.advance(minutes(1));
    expect(await outbox.drain()).toMatchObject({ waiting: 1, steps: [{ status: 'failed', reason: 'rejected' }] });
    channel.failAll(undefined);
    clock.advance(minutes(15));
    expect(await outbox.drain()).toMatchObject({ waiting: 0, delivered: 1 });
    expect(channel.said).toEqual(['not blocked']);
  });

  it('what was deferred and is rejected later is over, and said', async () => {
    channel.failNext({ status: 'deferred', retryAfterMs: 0 }, { status: 'rejected', reason: 'HTTP 410' });
    await outbox.notify(message('one'));
    expect(await outbox.drain()).toMatchObject({
      waiting: 0,
      steps: [{ status: 'failed', reason: 'rejected', because: 'slack: HTTP 410' }],
    });
  });

  it('gives up what waited too long, after one more attempt, and says so', async () => {
    channel.failAll({ status: 'deferred', retryAfterMs: 0 });
    outbox = outboxFor({ maxAgeMs: minutes(60) });
    await outbox.notify(message('one'));
    clock.advance(minutes(59));
    expect(await outbox.drain()).toMatchObject({ waiting: 1, steps: [{ status: 'skipped', reason: 'deferred' }] });
    clock.advance(minutes(1));
    expect(await outbox.drain()).toMatchObject({ waiting: 0, steps: [{ status: 'failed', reason: 'expired' }] });
  });

  it('N8: a notifier that throws is deferred and kept', async () => {
    channel.failNext({ status: 'throws' });
    expect(await outbox.notify(message('one'))).toMatchObject({ status: 'deferred', kept: true });
  });

  it('N1: a notifier that never comes to an end is given up when the time is over', async () => {
    const silent: Notifier = { notify: () => new Promise(() => {}) };
    outbox = outboxFor({ notifier: silent });
    const delivery = await outbox.notify(message('one'), { remainingTimeMs: () => 150 });
    expect(delivery).toMatchObject({ status: 'deferred', kept: true });
  });
});

describe('the second channel', () => {
  const undone = message('not blocked', { undone: true });

  beforeEach(() => {
    outbox = outboxFor({ second });
  });

  it('takes what says that something was not done when the first rejects it, and nothing else', async () => {
    channel.failAll({ status: 'rejected' });
    expect(await outbox.notify(undone)).toMatchObject({ status: 'delivered', channel: 'pagerduty' });
    expect(await outbox.notify(message('blocked'))).toMatchObject({ status: 'rejected', channel: 'slack' });
    expect(second.said).toEqual(['not blocked']);
  });

  it('is where it waits for when the second is busy', async () => {
    channel.failAll({ status: 'rejected' });
    second.failNext({ status: 'deferred', retryAfterMs: 0 });
    expect(await outbox.notify(undone)).toMatchObject({ status: 'deferred', channel: 'pagerduty', kept: true });
    expect(await outbox.drain()).toMatchObject({ delivered: 1 });
    expect(second.said).toEqual(['not blocked']);
  });

  it('takes it in a drain too', async () => {
    channel.failNext({ status: 'deferred', retryAfterMs: 0 }, { status: 'rejected' });
    await outbox.notify(undone);
    expect(await outbox.drain()).toMatchObject({ delivered: 1, waiting: 0 });
    expect(second.said).toEqual(['not blocked']);
  });

  it('takes it when the first has been busy for long', async () => {
    channel.failAll({ status: 'deferred', retryAfterMs: 0 });
    await outbox.notify(undone);
    clock.advance(minutes(15) - 1);
    await outbox.drain();
    expect(second.said).toEqual([]);
    clock.advance(1);
    expect(await outbox.drain()).toMatchObject({ delivered: 1, waiting: 0 });
    expect(second.said).toEqual(['not blocked']);
  });

  it('takes it on time, however long the first asks to be left alone', async () => {
    channel.failAll({ status: 'deferred', retryAfterMs: minutes(600) });
    await outbox.notify(undone);
    clock.advance(minutes(15));
    expect(await outbox.drain()).toMatchObject({ delivered: 1, waiting: 0 });
    expect(second.said).toEqual(['not blocked']);
  });

  it('takes it past an older message of its key that the first does not take', async () => {
    channel.failAll({ status: 'deferred', retryAfterMs: minutes(600) });
    await outbox.notify(message('blocked', { key: undone.key }));
    await outbox.notify(undone);
    clock.advance(minutes(15));
    expect(await outbox.drain()).toMatchObject({ delivered: 1, waiting: 1 });
    expect(second.said).toEqual(['not blocked']);
  });

  it('takes it past any number of others in an outage, and is left alone in its own', async () => {
    channel.failAll({ status: 'deferred', retryAfterMs: 0 });
    second.failAll({ status: 'deferred', retryAfterMs: 0 });
    for (let index = 0; index < 20; index += 1) await outbox.notify(message('x', { key: `${index}` }));
    for (let index = 0; index < 20; index += 1) await outbox.notify({ ...undone, key: `${index}` });
    clock.advance(minutes(15));
    expect((await outbox.drain()).steps).toHaveLength(6);
    expect(await outbox.status()).toMatchObject({ waiting: 40 });
    second.failAll(undefined);
    expect(await outbox.drain()).toMatchObject({ delivered: 20, waiting: 20 });
    channel.failAll(undefined);
    expect(await outbox.drain()).toMatchObject({ delivered: 20, waiting: 0 });
    expect(second.said).toHaveLength(20);
  });

  it('takes it in time when the first hangs', async () => {
    channel.failNext({ status: 'deferred', retryAfterMs: 0 });
    await outbox.notify(undone);
    clock.advance(minutes(15));
    vi.useFakeTimers();
    try {
      outbox = outboxFor({ notifier: { notify: () => new Promise(() => {}) }, second });
      const drained = outbox.drain();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(second.said).toEqual(['not blocked']);
      expect(await drained).toMatchObject({ delivered: 1, waiting: 0 });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes all of it in a drain, however many the first has been asked in vain for', async () => {
    let asked = 0;
    const notify: Notifier['notify'] = async () => {
      asked += 1;
      return { status: 'deferred', channel: 'slack', reason: 'down', retryAfterMs: 0 };
    };
    outbox = outboxFor({ notifier: { notify }, second });
    for (let index = 0; index < 20; index += 1) await outbox.notify({ ...undone, key: `${index}` });
    clock.advance(minutes(15));
    asked = 0;
    expect(await outbox.drain()).toMatchObject({ delivered: 20, waiting: 0 });
    expect(asked).toBe(3);
    expect(second.said).toHaveLength(20);
  });

  it('rejected by both, it waits, and its age can be alarmed', async () => {
    channel.failAll({ status: 'rejected', reason: 'HTTP 404' });
    second.failAll({ status: 'rejected', reason: 'HTTP 400' });
    expect(await outbox.notify(undone)).toMatchObject({
      status: 'deferred',
      kept: true,
      reason: 'slack: HTTP 404; pagerduty: HTTP 400; kept in the outbox',
    });
    clock.advance(minutes(30));
    expect(await outbox.drain()).toMatchObject({ waiting: 1, oldestAgeMs: minutes(30) });
    second.failAll(undefined);
    clock.advance(minutes(15));
    expect(await outbox.drain()).toMatchObject({ waiting: 0 });
    expect(second.said).toEqual(['not blocked']);
  });
});

describe('bounds', () => {
  it('summarises what there is no room for, what was not done last of all', async () => {
    channel.failAll({ status: 'deferred', retryAfterMs: 0 });
    outbox = outboxFor({ maxMessages: 16 });
    const titles = Array.from({ length: 60 }, (_, index) => `${index}`);
    for (const title of titles)
      await outbox.notify(message(title, { key: `key-${title}`, undone: title === '0', severity: 'critical' }));
    const { waiting } = await outbox.status();
    expect(waiting).toBe(60);
    channel.failAll(undefined);
    let drained = await outbox.drain();
    for (let rounds = 0; drained.waiting > 0 && rounds < 5; rounds += 1) drained = await outbox.drain();
    const summaries = channel.said.filter((title) => title.includes('could not be kept'));
    const counted = summaries.reduce((sum, title) => sum + Number.parseInt(title, 10), 0);
    expect(summaries.length).toBeGreaterThan(0);
    expect(counted + channel.said.length - summaries.length).toBe(60);
    expect(channel.said).toContain('0');
    expect(channel.messages().find(({ message: sent }) => sent.key.includes('/overflow/'))?.message.severity).toBe(
      'critical',
    );
  });

  it('keeps every document within what a store takes, whatever waits', async () => {
    channel.failAll({ status: 'deferred', retryAfterMs: 0 });
    const huge = 'é"\n'.repeat(4000);
    for (let index = 0; index < 60; index += 1)
      expect(
        await outbox.notify(
          message(huge, { key: 'one', body: [untrusted(`${index} ${huge}`)], facts: [{ label: huge, value: huge }] }),
        ),
      ).toMatchObject({ kept: true });
    const { documents } = await store.list('notify-outbox/');
    for (const { value } of documents) expect(Buffer.byteLength(JSON.stringify(value))).toBeLessThanOrEqual(230 * 1024);
    expect((await outbox.status()).waiting).toBe(60);
  });

  it.each([{ maxMessages: 15 }, { maxMessages: 0 }, { maxAgeMs: 0 }, { secondAfterMs: -1 }, { name: 'Not/valid' }])(
    'refuses %j',
    (options) => {
      expect(() => outboxFor(options)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    },
  );

  it('two outboxes of other names share nothing', async () => {
    channel.failNext({ status: 'deferred', retryAfterMs: 0 });
    await outbox.notify(message('one'));
    expect(await outboxFor({ name: 'other' }).drain()).toMatchObject({ waiting: 0, delivered: 0 });
  });
});

describe('a drain', () => {
  it('stops before the time is over, and says what is left', async () => {
    channel.failAll({ status: 'deferred', retryAfterMs: 0 });
    for (const key of ['a', 'b', 'c']) await outbox.notify(message(key, { key }));
    channel.failAll(undefined);
    expect(await outbox.drain({ remainingTimeMs: () => 1999 })).toMatchObject({
      done: false,
      waiting: 3,
      delivered: 0,
    });
    expect(await outbox.drain({ remainingTimeMs: () => 5000 })).toMatchObject({ done: true, waiting: 0, delivered: 3 });
  });

  it('leaves a channel alone that takes nothing', async () => {
    channel.failAll({ status: 'deferred', retryAfterMs: 0 });
    for (let index = 0; index < 20; index += 1) await outbox.notify(message('x', { key: `${index}` }));
    expect((await outbox.drain()).steps).toHaveLength(3);
  });

  it('two at once deliver each message once', async () => {
    channel.failAll({ status: 'deferred', retryAfterMs: 0 });
    for (let index = 0; index < 20; index += 1) await outbox.notify(message(`${index}`, { key: `${index}` }));
    channel.failAll(undefined);
    await Promise.all([outbox.drain(), outboxFor().drain(), outboxFor().drain()]);
    expect(channel.said.toSorted()).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`).toSorted());
  });

  it('leaves alone what another worker delivers, until its lease is over', async () => {
    channel.failNext({ status: 'deferred', retryAfterMs: 0 });
    await outbox.notify(message('one'));
    let release = (): void => {};
    channel.before = () => new Promise((resolve) => (release = resolve));
    const slow = outbox.drain();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const finish = release;
    channel.before = undefined;
    expect(await outboxFor().drain()).toMatchObject({ delivered: 0, waiting: 1, steps: [] });
    clock.advance(30_000);
    expect(await outboxFor().drain()).toMatchObject({ delivered: 1, waiting: 0 });
    finish();
    await slow;
    expect(await outbox.status()).toMatchObject({ waiting: 0 });
  });

  it('a store that is down is a failed step, to be retried', async () => {
    store.failNext('get', { times: 100 });
    const drained = await outbox.drain();
    expect(drained.steps).toMatchObject([{ status: 'failed', reason: 'store-failed', retryable: true }]);
    expect(() => assertComplete(drained)).toThrow(expect.objectContaining({ code: 'INCOMPLETE' }));
  });

  it('a document of a newer version is left as it is, and keeps back no other', async () => {
    channel.failNext({ status: 'deferred', retryAfterMs: 0 });
    await outbox.notify(message('one'));
    const newer = { schema: 2, entries: 'otherwise' };
    for (const shard of '0123456789abcdef') await store.putIfAbsent(`notify-outbox/default/${shard}`, newer);
    const drained = await outbox.drain();
    expect(drained.delivered).toBe(1);
    expect(drained.steps.filter(({ reason }) => reason === 'store-failed')).toHaveLength(15);
    channel.failAll({ status: 'deferred' });
    const refused = await outbox.notify(message('two', { key: 'another key' }));
    expect(refused).toEqual({ status: 'deferred', channel: 'slack', reason: 'busy', retryAfterMs: 1000 });
    expect(() => assertComplete(refused)).toThrow();
  });
});

describe('a store that fails', () => {
  it('silences nobody: the message is sent', async () => {
    store.failNext('get', { times: 100 });
    expect(await outbox.notify(message('one'))).toMatchObject({ status: 'delivered' });
  });

  it('leaves the delivery deferred, so that the event is retried', async () => {
    channel.failNext({ status: 'deferred' });
    store.failNext('putIfAbsent');
    const delivery = await outbox.notify(message('one'));
    expect(delivery).toEqual({ status: 'deferred', channel: 'slack', reason: 'busy', retryAfterMs: 1000 });
    expect(() => assertComplete(delivery)).toThrow();
  });
});

describe('crashes', () => {
  const titles = ['a1', 'b1', 'a2', 'a3', 'b2', 'c1'];
  const toMessage = (title: string): Message => message(title, { key: title.slice(0, 1), undone: title === 'a2' });

  /** Every title at least once, those of one key in order, repetitions of the last one aside. */
  const check = (said: readonly string[]): void => {
    for (const title of titles) expect(said).toContain(title);
    for (const key of ['a', 'b', 'c']) {
      const own = said.filter((title) => title.startsWith(key));
      expect(own).toEqual(own.toSorted());
    }
  };

  it.each(['before', 'effect'] as const)(
    'at every call to the store (%s) lose nothing and change no order',
    async (moment) => {
      let crashedAll = false;
      for (let crashAt = 1; !crashedAll; crashAt += 1) {
        expect(crashAt).toBeLessThan(200);
        clock = createTestClock(new Date('2026-11-24T10:00:00Z'));
        store = createFaultyStore(createMemoryStore());
        channel = createRecordingNotifier('slack');
        let calls = 0;
        const die = (): void => {
          calls += 1;
          if (calls >= crashAt) throw new Error('crashed');
        };
        if (moment === 'before') store.hooks.beforeEach = die;
        else store.hooks.afterEach = die;

        const first = outboxFor();
        channel.failAll({ status: 'deferred', retryAfterMs: 0 });
        const kept = new Set<string>();
        for (const title of titles) {
          const delivery = await first.notify(toMessage(title));
          if (delivery.status === 'deferred' && delivery.kept === true) kept.add(title);
        }
        channel.failAll(undefined);
        await first.drain();
        crashedAll = calls < crashAt;

        delete store.hooks.beforeEach;
        delete store.hooks.afterEach;
        clock.advance(30_000);
        const next = outboxFor();
        await next.drain();
        // What was not kept is asked for again by its event, in order.
        for (const title of titles) if (!kept.has(title)) await next.notify(toMessage(title));
        await next.drain();
        expect(await next.status()).toEqual({ waiting: 0, oldestAgeMs: 0 });
        if (kept.size === titles.length) check(channel.said);
        else for (const title of titles) expect(channel.said).toContain(title);
        const times = channel.said.length - titles.length;
        // One message is repeated at most, for one was under way; those whose answer was lost were asked for again.
        expect(times).toBeLessThanOrEqual(1 + titles.length - kept.size);
      }
    },
  );
});
