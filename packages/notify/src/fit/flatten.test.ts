import { untrusted } from '@remedykit/core';
import { expect, it } from 'vitest';
import { flatten, oneLine } from './flatten.ts';
import { formatInstant } from './format-instant.ts';
import { webUrl } from './web-url.ts';

it('flatten: only what somebody else wrote goes through the care of the target, and stays on its line', () => {
  const text = ['ours\n', untrusted('theirs\n\u202e'), ' ours'];
  expect(flatten(text, (theirs) => `<${theirs}>`)).toBe('ours\n<theirs ⏎ [U+202E]> ours');
});

it('oneLine: any white space is one blank', () => expect(oneLine(' a\n\n b\t')).toBe('a b'));

it.each([
  ['2026-11-24T10:00:00.000Z', '24 November 2026, 10:00 UTC'],
  ['2026-01-01T00:05:00+02:00', '31 December 2025, 22:05 UTC'],
  ['soon', undefined],
])('formatInstant: %s is %s', (instant, expected) => expect(formatInstant(instant)).toBe(expected));

it.each([
  ['https://example.com/a', true],
  ['http://example.com', false],
  ['javascript:alert(1)', false],
  ['https://user:secret@example.com', false],
  ['nonsense', false],
])('webUrl: %s may be linked: %s', (input, expected) => expect(webUrl(input) !== undefined).toBe(expected));
