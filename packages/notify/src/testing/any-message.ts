import type { Message, Text } from '@remedykit/core';
import { untrusted } from '@remedykit/core';
import fc from 'fast-check';

/** What somebody would write to ping a channel, fake a link, or break out of where the text stands. */
const attacks = [
  '<!channel>',
  '<@U012AB3CD>',
  '@everyone',
  '<at>Everyone</at>',
  '<http://evil.example|x>',
  'https://evil.example',
  'evil.example',
  'www.evil.example',
  'x@evil.example',
  'mailto:x@evil.example',
  '[click](https://evil.example)',
  '&lt;!here&gt;',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><a href="https://evil.example">',
  '{{DATE(2026-11-24T10:00:00Z)}}',
  '{{html}}',
  `$\{x}`,
  '@{triggerBody()}',
  '*b*',
  '_i_',
  '~s~',
  '`',
  '\r\nBcc: x@evil.example\r\n\r\n',
  '\u202e',
  '\u0000',
  '\ud83d',
  '😀',
  '"\\',
];

const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom(...attacks));

/** Short, or repeated beyond every limit. */
export const anyString: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(piece, { maxLength: 5 }),
    fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 1500 }) }),
  )
  .map(([pieces, times]) => pieces.join('').repeat(times).slice(0, 20_000));

const hostile = anyString.map(untrusted);
const text: fc.Arbitrary<Text> = fc.oneof(hostile, fc.array(fc.oneof(fc.constant('ours '), hostile), { maxLength: 4 }));

const url = fc.oneof(
  fc.webUrl(),
  anyString,
  anyString.map((path) => `https://example.com/${path}`),
);

/** Any message: hostile text of any Unicode wherever somebody else's text may stand, in any amount. For property tests. */
export const anyMessage: fc.Arbitrary<Message> = fc.record(
  {
    key: fc.string({ maxLength: 255 }),
    severity: fc.constantFrom('low', 'medium', 'high', 'critical'),
    preview: fc.boolean(),
    title: text,
    body: fc.array(text, { maxLength: 60 }),
    facts: fc.array(fc.record({ label: anyString, value: text }), { maxLength: 80 }),
    actions: fc.array(fc.record({ text, url }), { maxLength: 20 }),
    links: fc.array(fc.record({ label: anyString, url }), { maxLength: 20 }),
    subject: fc.record({ accountId: fc.constant('111122223333'), type: anyString }),
    status: fc.constantFrom('open', 'resolved'),
    at: fc.constantFrom('2026-11-24T10:00:00.000Z', 'no instant'),
  },
  { requiredKeys: ['key', 'severity', 'preview', 'title', 'body', 'facts', 'links'] },
);
