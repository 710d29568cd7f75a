import type { Text } from '@remedykit/core';
import { makeVisible, makeVisibleOnOneLine } from './visible.ts';

/**
 * A text as one string: our own words, and what somebody else wrote, with what is hidden shown and on one line.
 * `keepLiteral` is the target's own care for the latter (breaking what its clients would turn into links or mentions). It is
 * no escaping: that comes last, after the cut, over the whole, so that neither entities nor escapes are split.
 */
export const flatten = (text: Text, keepLiteral: (untrusted: string) => string = (same) => same): string => {
  if (typeof text === 'string') return makeVisible(text);
  if ('untrusted' in text) return keepLiteral(makeVisibleOnOneLine(text.untrusted));
  return text.map((part) => flatten(part, keepLiteral)).join('');
};

/** Any white space as one blank. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
