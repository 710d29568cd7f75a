import { createMemoryStore } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withAccountContext } from '../links/account-context.ts';
import { createOutbox } from '../outbox/outbox.ts';
import { createSlackApiNotifier } from '../slack/api-notifier.ts';
import { anyMessage } from '../testing/any-message.ts';
import { startSlackApiServer } from '../testing/slack-api-server.ts';
import { createLiveNotifier } from './live-notifier.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

/** Every string anywhere in a payload. */
const stringsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(stringsOf)
      : [];

it(
  'N12, N13, N14: any messages, stored, drained, composed, named and updated, are taken by Slack, with no mention and no link but ours',
  async () => {
    const server = await startSlackApiServer();
    try {
      await fc.assert(
        fc.asyncProperty(anyMessage, anyMessage, async (first, second) => {
          const clock = createTestClock(new Date('2026-11-24T10:00:00Z'));
          const time = { now: clock.now, random: () => 0, sleep: async (ms: number) => clock.advance(ms) };
          const store = createMemoryStore();
          const slack = createSlackApiNotifier({
            token: server.token,
            channelId: 'C024BE91L',
            apiUrl: server.url,
            allowedHosts: [server.host],
            attempts: 1,
            ...time,
          });
          const named = withAccountContext(slack, { accountName: () => '<!channel> https://evil.example' });
          const live = createLiveNotifier({ store, notifier: named, ...time });
          const outbox = createOutbox({ store, notifier: live, ...time });

          server.failNext({ status: 503 });
          const before = server.messages().length;
          await outbox.notify({
            ...first,
            preview: false,
            status: 'open',
            subject: { ...first.subject, matter: 'one' },
          });
          clock.advance(60_000);
          await outbox.drain();
          await outbox.notify({
            ...second,
            preview: false,
            status: 'open',
            subject: { ...second.subject, matter: 'one' },
          });
          expect(await outbox.status()).toEqual({ waiting: 0, oldestAgeMs: 0 });

          const messages = server.messages().slice(before);
          expect(messages.filter(({ threadTs }) => threadTs === undefined).length).toBe(1);
          for (const sent of messages.flatMap(({ payload }) => stringsOf(payload))) {
            const words = sent.replace(/<https:\/\/[^|<>]*\|[^|<>]+>/g, '');
            expect(words).not.toMatch(/[<>]|:\/\/|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/u);
          }
        }),
        { numRuns },
      );
    } finally {
      await server.close();
    }
  },
  10_000 + 300 * numRuns,
);
