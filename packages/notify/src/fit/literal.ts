import type { Text, Untrusted } from '@remedykit/core';
import { defang } from '../slack/escape.ts';
import { flatten } from './flatten.ts';

/** Breaks what a client could turn into a link or a mention, full stops of other scripts included. */
export const keepLiteral = (text: string): string =>
  defang(text).replace(/[\u3002\uff0e\uff61](?=[\p{L}\p{N}])/gu, (dot) => `${dot}\u2060`);

const endsOpen = /[.:@#/\u3002\uff0e\uff61]$/;
const continues = /^[\p{L}\p{N}_/]/u;

/**
 * A text flattened, with nothing of somebody else's in it that a client could make a link or a mention. Parts that are
 * harmless apart could make one together, `evil.` and `example`, `https:` and `//evil`: they are kept apart.
 */
export const literalOf = (text: Text): string => {
  if (typeof text === 'string' || 'untrusted' in text) return flatten(text, keepLiteral);
  const parts: readonly (string | Untrusted)[] = text;
  return parts.reduce<string>((done, part, index) => {
    const next = flatten(part, keepLiteral);
    const isOurs = typeof part === 'string' && typeof parts[index - 1] === 'string';
    return !isOurs && endsOpen.test(done) && continues.test(next) ? `${done}\u2060${next}` : `${done}${next}`;
  }, '');
};
