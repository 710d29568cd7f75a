/** HTML made by us, or text that was escaped. */
export interface Html {
  readonly html: string;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text as the content of an element or of an attribute in quotes. What shows as something else than it is, or as nothing
 * (control characters, overrides of the direction, lone surrogates), becomes a visible mark.
 */
export const escapeHtml = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu, '\u25a1')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');

/** What may stand in a gap. */
export type Gap = string | number | Html | readonly Html[];

const filled = (gap: Gap): string => {
  if (typeof gap === 'string') return escapeHtml(gap);
  if (typeof gap === 'number') return String(gap);
  return 'html' in gap ? gap.html : gap.map(({ html }) => html).join('');
};

/**
 * HTML with gaps: strings in them are escaped, what `html` made stands as it is.
 * @example
 * ```ts
 * import { html } from '@remedykit/core/html';
 * const row = html`<td>${'<script>'}</td>`;
 * ```
 */
export const html = (words: TemplateStringsArray, ...gaps: readonly Gap[]): Html => ({
  html: words.map((ours, index) => ours + (index < gaps.length ? filled(gaps[index] ?? '') : '')).join(''),
});

/** Nothing. */
export const nothing: Html = { html: '' };
