import { parseError, withoutStack } from './parse-error.ts';

const tokens = {
  blank: /[ \t\n\r]+/y,
  scalar: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y,
  characters: /[^"\\\p{Cc}]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|[\x7f-\x9f]+/uy,
};

const endOf = (token: RegExp, text: string, from: number): number => {
  token.lastIndex = from;
  return token.test(text) ? token.lastIndex : from;
};

const endOfCharacters = (text: string, from: number): number => {
  let at = from;
  for (let next = endOf(tokens.characters, text, at); next > at; next = endOf(tokens.characters, text, at)) at = next;
  return at;
};

/** What may come next: a value, a key, the end of a container that is still empty, or what follows a value. */
type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

const opening = { '{': 'key-or-end', '[': 'value-or-end' } as const;

/** How many characters of `text` are JSON so far: the place of the first character that cannot be. */
const validLength = (text: string): number => {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    at = endOf(tokens.blank, text, at);
    const character = text[at];
    const container = open.at(-1);
    const closes = character !== undefined && character === (container === '{' ? '}' : container && ']');
    if (closes && (expected === 'comma-or-end' || expected.endsWith('-or-end'))) {
      open.pop();
      expected = 'comma-or-end';
      at += 1;
    } else if (expected === 'comma-or-end') {
      if (character !== ',' || container === undefined) return at;
      expected = container === '{' ? 'key' : 'value';
      at += 1;
    } else if (expected === 'colon') {
      if (character !== ':') return at;
      expected = 'value';
      at += 1;
    } else if (character === '"') {
      const end = endOfCharacters(text, at + 1);
      if (text[end] !== '"') return end;
      expected = expected.startsWith('key') ? 'colon' : 'comma-or-end';
      at = end + 1;
    } else if (expected.startsWith('key')) {
      return at;
    } else if (character === '{' || character === '[') {
      open.push(character);
      expected = opening[character];
      at += 1;
    } else {
      const end = endOf(tokens.scalar, text, at);
      if (end === at) return at;
      expected = 'comma-or-end';
      at = end;
    }
  }
};

/** Looking for the fault costs more than parsing did; a finding is far shorter than this. */
const searched = 16_384;

/** Where the text stops being JSON, from 0. */
const faultOf = (text: string): string => {
  const position = validLength(text.slice(0, searched));
  if (position >= text.length) return `the text ends too early at position ${position}`;
  if (position >= searched) return `the fault is at or after position ${searched}`;
  return `a character that is not JSON at position ${position}`;
};

/**
 * JSON text as a value.
 * @throws RemediationError `FINDING_NOT_JSON`, with the position (from 0) of the first character that is not JSON, searched
 * in the first 16,384 characters. The engine's own message is not passed on: it quotes the text.
 */
export const parseJsonText = (text: string, place: string): unknown => {
  try {
    return withoutStack((): unknown => JSON.parse(text));
  } catch {
    throw parseError('FINDING_NOT_JSON', `${place} is not JSON: ${faultOf(text)} of ${text.length}.`);
  }
};
