import { createMemoryStore, type Message, minutes, seconds } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRecordingNotifier, wordsOf } from '../testing/recording-notifier.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { parseLiveDocument } from './document.ts';
import { createLiveNotifier } from './live-notifier.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const start = Date.parse('2026-11-24T10:00:00Z');

/** One event, delivered once or several times, with what goes wrong while it is handled. */
const event = fc.record({
  copy: fc.integer({ min: 0, max: 2 }),
  severity: fc.constantFrom('low', 'medium', 'high', 'critical'),
  resolved: fc.boolean(),
  undone: fc.boolean(),
  deliveries: fc.integer({ min: 1, max: 3 }),
  failure: fc.option(fc.constantFrom('deferred', 'rejected', 'throws', 'gone'), { nil: undefined }),
});

it('any events in any order, repeated and disturbed: one live message that shows the newest, and nothing undone is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 1, maxLength: 12 }).chain((events) =>
        fc.record({
          events: fc.constant(events),
          order: fc.shuffledSubarray([...events.keys()], { minLength: events.length }),
        }),
      ),
      async ({ events, order }) => {
        const clock = createTestClock(new Date(start));
        const store = createMemoryStore();
        const channel = createRecordingNotifier();
        const live = createLiveNotifier({
          store,
          notifier: channel,
          now: clock.now,
          random: () => 0,
          sleep: async (ms) => clock.advance(ms),
        });
        const messages = events.map(
          ({ copy, severity, resolved, undone }, index): Message =>
            sampleMessage({
              key: `copy-${copy}`,
              title: `event ${index}`,
              severity,
              status: resolved ? 'resolved' : 'open',
              undone,
              at: new Date(start - minutes(60) + index * 1000).toISOString(),
              subject: { matter: 'one', region: `region-${copy}` },
            }),
        );
        let removed = 0;
        for (const index of order) {
          const message = messages[index];
          const { deliveries = 1, failure } = events[index] ?? {};
          if (message === undefined) continue;
          if (failure === 'deferred' || failure === 'rejected' || failure === 'throws')
            channel.failNext({ status: failure });
          if (failure === 'gone' && channel.messages().length > 0) {
            for (const { id, repliesTo } of channel.messages()) if (repliesTo === undefined) channel.remove(id);
            removed += 1;
          }
          for (let delivery = 0; delivery < deliveries; delivery += 1) await live.notify(message);
          // A failed delivery is retried, as an outbox or the event's source would. What fails may be left from an event
          // that asked nothing of the channel.
          for (let retries = 0; retries <= events.length; retries += 1) {
            const { status } = await live.notify(message);
            if (status === 'delivered' || status === 'nothing') break;
          }
        }
        clock.advance(seconds(60));

        const { documents } = await store.list('notify-live/');
        expect(documents).toHaveLength(1);
        const { posted } = parseLiveDocument('', documents[0]?.value);
        const shown = channel.messages().find(({ id }) => id === posted?.messageId)?.message;
        const newest = new Map<number, number>();
        for (const [index, { copy }] of events.entries()) newest.set(copy, index);
        const isOver = [...newest.values()].every((index) => events[index]?.resolved === true);
        // Where a live message was removed after the last change, nobody had a reason to post it again.
        if (removed === 0) {
          expect(shown?.status).toBe(isOver ? 'resolved' : 'open');
          const told = events[Number.parseInt(wordsOf(shown?.title ?? '').slice(6), 10)];
          expect(told?.resolved).toBe(isOver);
          expect(channel.said.length).toBeLessThanOrEqual(events.length * 2 + 2);
        }
        for (const [index, { undone }] of events.entries())
          if (undone) expect(channel.said).toContain(`event ${index}`);
      },
    ),
    { numRuns },
  );
}, 60_000);
