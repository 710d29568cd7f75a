import { createMemoryStore, type Message, minutes, seconds } from '@remedykit/core';
import { createFaultyStore, createTestClock } from '@remedykit/core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRecordingNotifier } from '../testing/recording-notifier.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { createOutbox } from './outbox.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const key = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('notify' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('burst' as const),
      key,
      fails: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drain' as const), workers: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('channel' as const), takes: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('time' as const), ms: fc.integer({ min: 0, max: 60_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      operation: fc.constantFrom('get' as const, 'putIfAbsent' as const, 'compareAndSet' as const),
      after: fc.constantFrom('before' as const, 'effect' as const),
    }),
  },
);

it('any story of messages, outages and faults: what was kept or delivered arrives, in order, and the rest was said to be deferred', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = createTestClock(new Date('2026-11-24T10:00:00Z'));
      const store = createFaultyStore(createMemoryStore());
      const channel = createRecordingNotifier();
      const create = () =>
        createOutbox({ store, notifier: channel, now: clock.now, random: () => 0, sleep: async () => {} });
      const promised: { key: string; number: number }[] = [];
      let faults = 0;
      let number = 0;

      for (const one of steps) {
        if (one.do === 'channel') channel.failAll(one.takes ? undefined : { status: 'deferred', retryAfterMs: 1000 });
        if (one.do === 'time') clock.advance(one.ms);
        if (one.do === 'drain') await Promise.all(Array.from({ length: one.workers }, () => create().drain()));
        if (one.do === 'fault') {
          store.failNext(one.operation, { after: one.after });
          faults += 1;
        }
        if (one.do === 'notify' || one.do === 'burst') {
          const outbox = create();
          const fails = one.do === 'burst' ? one.fails : [false];
          // Those of a burst are given at once, and each ends when it likes.
          let asked = 0;
          channel.before = async () => {
            const mine = asked;
            asked += 1;
            for (let turns = fails.length - mine; turns > 0; turns -= 1) await Promise.resolve();
            if (fails[mine] === true) channel.failNext({ status: 'deferred', retryAfterMs: 0 });
          };
          const given = fails.map(async () => {
            number += 1;
            const own = number;
            const message: Message = sampleMessage({ key: one.key, title: `${one.key}${own}` });
            const delivery = await outbox.notify(message);
            const isKept = delivery.status === 'deferred' && delivery.kept === true;
            if (isKept || delivery.status === 'delivered') promised.push({ key: one.key, number: own });
          });
          await Promise.all(given);
          channel.before = undefined;
        }
      }
      // Faults that are still to come would hit the end of the story.
      for (const operation of ['get', 'putIfAbsent', 'compareAndSet'] as const)
        for (let left = 0; left < faults; left += 1)
          await (operation === 'get' ? store.get('test/x') : store[operation]('test/x', {}, '0')).catch(() => {});
      channel.failAll(undefined);
      for (let round = 0; round < 10; round += 1) {
        clock.advance(minutes(1) + seconds(31));
        await create().drain();
      }
      expect(await create().status()).toEqual({ waiting: 0, oldestAgeMs: 0 });
      for (const { key: ofKey, number: ofNumber } of promised) expect(channel.said).toContain(`${ofKey}${ofNumber}`);
      if (faults > 0) return;
      for (const ofKey of ['a', 'b', 'c']) {
        const own = channel.said.filter((title) => title.startsWith(ofKey)).map((title) => Number(title.slice(1)));
        expect(own).toEqual(own.toSorted((one, other) => one - other));
      }
      expect(channel.said).toHaveLength(promised.length);
    }),
    { numRuns },
  );
}, 60_000);
