import { type Text, type Untrusted, untrusted } from '@remedykit/core';

type Part = string | Untrusted;

const partsOf = (text: Text): readonly Part[] => (typeof text === 'string' || 'untrusted' in text ? [text] : text);

/** Our own words for a gap of `say`; a bare string there counts as untrusted. */
export const ours = (words: string): Text => [words];

/**
 * A sentence of ours with what people or AWS wrote in its gaps. Strings in gaps are untrusted; counts are not, and neither
 * is what `say` or `ours` made.
 * @example
 * ```ts
 * say`User ${user.userName} has no MFA device.`; // ['User ', { untrusted: '…' }, ' has no MFA device.']
 * ```
 */
export const say = (words: TemplateStringsArray, ...gaps: readonly (string | number | Text)[]): Text => {
  const parts: Part[] = [];
  words.forEach((own, index) => {
    if (own !== '') parts.push(own);
    const gap = gaps[index];
    if (typeof gap === 'number') parts.push(String(gap));
    else if (typeof gap === 'string') parts.push(untrusted(gap));
    else if (gap !== undefined) parts.push(...partsOf(gap));
  });
  return parts;
};

/** Texts one after another, with `separator` between them. */
export const joinTexts = (texts: readonly Text[], separator: string): Text =>
  texts.flatMap((text, index) => (index === 0 ? partsOf(text) : [separator, ...partsOf(text)]));

/** A sentence with a list below it, of at most `maxLines`; what is behind them is counted. */
export const listBelow = (sentence: Text, lines: readonly Text[], maxLines = 15): Text => {
  const shown = lines.slice(0, maxLines).map((line) => say`• ${line}`);
  const more = lines.length > maxLines ? [`… and ${lines.length - maxLines} more`] : [];
  return joinTexts([sentence, ...shown, ...more], '\n');
};

/** `count` of something, `1 user`, `3 users`. */
export const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** A sentence of ours that begins a line or follows a mark. */
export const capitalised = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
