import { untrusted } from '@remedykit/core';
import { slackLimits } from '@remedykit/notify/slack';
import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../../packages/notify/src/testing/sample-message.ts';
import type { TextMarkup } from './notify/channels.ts';
import { benchMessages, oversizedMessage, units, wordsOf } from './notify/messages.ts';
import { faultOfTexts, saysOmitted } from './notify/safe-cuts.ts';
import { benchNotify } from './notify.ts';

it('N14: no channel refuses a message, and all that is too long is cut safely', async () => {
  const lines: string[] = [];
  const figures = await benchNotify((line) => void lines.push(line), { scale: 0.05 });
  expect(lines).toEqual([expect.stringMatching(/^\d+ messages to 8 channels$/), expect.stringMatching(/renderings$/)]);
  expect(Object.keys(figures)).toEqual(['messages', 'oversizedInputs', 'rejected', 'truncatedSafely', 'perSec']);
  expect(figures.rejected).toBe(0);
  expect(figures.oversizedInputs).toBeGreaterThanOrEqual(16);
  expect(figures.truncatedSafely).toBe(figures.oversizedInputs);
});

it('the whole run has at least 1,000 different messages, of which at least 100 are longer than Slack takes', () => {
  const messages = benchMessages();
  expect(new Set(messages.map((message) => JSON.stringify(message))).size).toBeGreaterThanOrEqual(1000);
  expect(messages.filter((message) => wordsOf(message) > slackLimits.total).length).toBeGreaterThanOrEqual(300);
});

it.each(units)('is longer than any chat takes when made of %j', (unit) => {
  expect(wordsOf(oversizedMessage(unit, 0))).toBeGreaterThan(slackLimits.total);
});

describe('faultOfTexts', () => {
  const family = '👨‍👩‍👧‍👦';
  const flag = '🇮🇸';
  const of = (source: string, shown: string, markup: TextMarkup = 'none') =>
    faultOfTexts(sampleMessage({ body: [untrusted(source)] }), [{ text: shown, markup }]);
  /** What a cut says that leaves out `omitted` characters (code points). */
  const cutAfter = (kept: string, omitted: number): string => `${kept} … ${omitted} characters omitted`;

  it.each([
    ['between letters', of('abcdef', cutAfter('abc', 3))],
    ['behind a number', of('abcdef', `1. ${cutAfter('abc', 3)}`)],
    ['between entities', of('a<b<c', cutAfter('a&lt;b', 2), 'slack')],
    ['before blanks', of('ab  cdef', cutAfter('ab', 4))],
    ['between families', of(family.repeat(3), cutAfter(family, 14))],
    ['before everything', of('abc', cutAfter('', 3))],
    ['between signs that escaping takes away', of('``````', cutAfter('```', 3))],
    ['in what nobody reads as one letter', of(`z${'\u0301'.repeat(90)}`, cutAfter(`z${'\u0301'.repeat(10)}`, 80))],
  ])('takes a cut %s', (_where, fault) => {
    expect(fault).toBeUndefined();
  });

  it.each([
    ['inside a family', of(family.repeat(3), cutAfter(`${family}👨`, 13)), 'a character was split'],
    ['inside a flag', of(flag.repeat(3), cutAfter(flag.slice(0, 2), 5)), 'a character was split'],
    ['before an accent', of('e\u0301e\u0301', cutAfter('e\u0301e', 1)), 'a character was split'],
    ['inside a pair', of('😀😀', cutAfter('😀\ud83d', 1)), 'half of a surrogate pair'],
    ['inside an entity', of('a<b', 'a&l … 2 characters omitted', 'slack'), 'a bare &'],
    ['inside an entity of HTML', of('a"b', 'a&quo', 'html'), 'a bare &'],
    ['of a mention that lives', of('<!channel>', '<!channel>', 'slack'), 'a bare <'],
    ['that counts too few', of('abcdef', cutAfter('abc', 2)), 'no beginning of its text'],
    ['that counts too many', of('abcdef', cutAfter('abc', 4)), 'no beginning of its text'],
    ['of words that nobody said', of('abcdef', cutAfter('xyz', 3)), 'no beginning of its text'],
  ])('finds a cut %s', (_where, fault, what) => {
    expect(fault).toContain(what);
  });

  it('knows what says that something is missing', () => {
    const text = (one: string) => [{ text: one, markup: 'none' as const }];
    expect(saysOmitted(text('… 3 paragraphs, 1 fact omitted'))).toBe(true);
    expect(saysOmitted(text(cutAfter('abc', 3)))).toBe(true);
    expect(saysOmitted(text('All of it.'))).toBe(false);
  });
});
