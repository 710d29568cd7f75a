import type { Message, Text } from '@remedykit/core';
import { untrusted } from '@remedykit/core';
import fc from 'fast-check';

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

/** Any message, hostile in every part that somebody else may have written, and in those that only we should write. */
export const anyMessage: fc.Arbitrary<Message> = fc.record({
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
  actions: fc.array(fc.record({ text, url: fc.oneof(fc.webUrl(), string) }), { maxLength: 30 }),
  subject: fc.record({ accountId: string, region: string, type: string }),
  status: fc.constantFrom('open', 'resolved'),
  undone: fc.boolean(),
  at: fc.oneof(fc.constant('2026-11-24T10:00:00.000Z'), string),
});
