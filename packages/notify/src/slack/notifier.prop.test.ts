import type { Message } from '@remedykit/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyMessage } from '../testing/any-message.ts';
import type { SlackServer } from '../testing/slack-server.ts';
import { startSlackServer } from '../testing/slack-server.ts';
import { createSlackNotifier } from './notifier.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
/** Each run is a request. */
const patience = 10_000 + 100 * numRuns;

let server: SlackServer;
beforeAll(async () => {
  server = await startSlackServer();
});
afterAll(() => server.close());

/** Every string anywhere in a payload. */
const stringsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(stringsOf)
      : [];

const deliver = async (any: Message): Promise<string[]> => {
  server.reset();
  const slack = createSlackNotifier({ webhookUrl: server.url, allowedHosts: [server.host] });
  expect(await slack.notify(any)).toEqual({ status: 'delivered', channel: 'slack' });
  return stringsOf(server.messages);
};

describe('any message', () => {
  it(
    'N12, N13, N14: is taken by Slack, and nothing untrusted becomes a mention, a link or half an entity',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyMessage, async (any) => {
          for (const sent of await deliver(any)) {
            const withoutLinks = sent.replace(/<https:\/\/[^|<>]*\|[^|<>]+>/g, '');
            expect(withoutLinks).not.toMatch(/[<>]/);
            expect(withoutLinks.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&');
            expect(sent).not.toMatch(/\p{Cs}|[\u202a-\u202e\u2066-\u2069]/u);
          }
        }),
        { numRuns },
      );
    },
    patience,
  );

  it(
    'N12: without links of its own has none at all',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyMessage, async (any) => {
          const sent = await deliver({ ...any, links: [], actions: [] });
          const words = sent.filter((text) => !/^#[\da-f]{6}$/.test(text)).join('\n');
          expect(words).not.toMatch(/<!|<@|<http|:\/\/|[@#][\p{L}\p{N}_]|\.\p{L}|\bmailto:/iu);
        }),
        { numRuns },
      );
    },
    patience,
  );
});
