import { createMemoryStore, minutes, type Notifier } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRecordingNotifier } from '../testing/recording-notifier.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { createLiveNotifier } from './live-notifier.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const start = Date.parse('2026-11-24T10:00:00Z');

const event = fc.record({
  copy: fc.integer({ min: 0, max: 2 }),
  severity: fc.constantFrom('low', 'high'),
  resolved: fc.boolean(),
  undone: fc.boolean(),
  failure: fc.option(fc.constantFrom('deferred', 'rejected', 'throws'), { nil: undefined }),
});

it('N21: a pager, which opens and closes by what it is told, is closed only when every copy is, and then it is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 1, maxLength: 12 }).chain((events) =>
        fc.record({
          events: fc.constant(events),
          order: fc.shuffledSubarray([...events.keys()], { minLength: events.length }),
        }),
      ),
      fc.constantFrom('significant' as const, 'every' as const, 'none' as const),
      async ({ events, order }, replies) => {
        const clock = createTestClock(new Date(start));
        const channel = createRecordingNotifier();
        const pager: Notifier = { notify: channel.notify };
        const live = createLiveNotifier({
          store: createMemoryStore(),
          notifier: pager,
          replies,
          now: clock.now,
          random: () => 0,
          sleep: async (ms) => clock.advance(ms),
        });
        for (const index of order) {
          const { copy, severity, resolved, undone, failure } = events[index] ?? {};
          if (failure !== undefined) channel.failNext({ status: failure });
          const message = sampleMessage({
            key: `copy-${copy}`,
            title: `event ${index}`,
            severity: severity ?? 'low',
            status: resolved === true ? 'resolved' : 'open',
            undone: undone === true,
            at: new Date(start - minutes(60) + index * 1000).toISOString(),
            subject: { matter: 'one' },
          });
          for (let attempts = 0; attempts < 20; attempts += 1) {
            const { status } = await live.notify(message);
            if (status === 'delivered' || status === 'nothing') break;
          }
        }
        const newest = new Map(events.map(({ copy, resolved }) => [copy, resolved]));
        const isOver = [...newest.values()].every((resolved) => resolved);
        const said = channel.messages().map(({ message }) => message);
        expect(new Set(said.map(({ key }) => key))).toEqual(new Set(['one']));
        const isClosed = said.at(-1)?.status === 'resolved';
        if (isClosed) expect(isOver).toBe(true);
        // What was not done may come late, and open the alert of what is over: somebody should look.
        if (!events.some(({ undone }) => undone)) expect(isClosed).toBe(isOver);
      },
    ),
    { numRuns },
  );
}, 60_000);
