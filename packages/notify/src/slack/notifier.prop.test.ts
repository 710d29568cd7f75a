import type { Message, Text } from '@remedykit/core';
import { untrusted } from '@remedykit/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackServer } from '../testing/slack-server.ts';
import { startSlackServer } from '../testing/slack-server.ts';
import { createSlackNotifier } from './notifier.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
/** Each run is a request. */
const patience = 10_000 + 100 * numRuns;

const piece = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    '<!channel>',
    '<@U012AB3CD>',
    '<http://evil.example|x>',
    '<https://evil.example>',
    '&lt;!here&gt;',
    '*b*',
    '`',
    '\u202e',
    '😀',
    '\n',
    '"\\',
  ),
);
/** Short, or repeated beyond every limit. */
const string = fc
  .tuple(
    fc.array(piece, { maxLength: 5 }),
    fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 1500 }) }),
  )
  .map(([pieces, times]) => pieces.join('').repeat(times).slice(0, 20_000));
const hostile = string.map(untrusted);
const text: fc.Arbitrary<Text> = fc.oneof(hostile, fc.array(fc.oneof(fc.constant('ours '), hostile), { maxLength: 4 }));

const message: fc.Arbitrary<Message> = fc.record({
  key: fc.string(),
  severity: fc.constantFrom('low', 'medium', 'high', 'critical'),
  preview: fc.boolean(),
  title: text,
  body: fc.array(text, { maxLength: 60 }),
  facts: fc.array(fc.record({ label: string, value: text }), { maxLength: 120 }),
  links: fc.array(
    fc.record({
      label: string,
      url: fc.oneof(
        fc.webUrl(),
        string,
        string.map((path) => `https://example.com/${path}`),
      ),
    }),
    { maxLength: 30 },
  ),
});

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
        fc.asyncProperty(message, async (any) => {
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
        fc.asyncProperty(message, async (any) => {
          const sent = await deliver({ ...any, links: [] });
          expect(sent.join('\n')).not.toMatch(/<!|<@|<http|:\/\/|evil\.example/);
        }),
        { numRuns },
      );
    },
    patience,
  );
});
