import { webUrl } from '../fit/web-url.ts';

/**
 * How text that somebody else wrote is kept literal in Slack, in this order:
 *
 * 1. It only ever stands in `plain_text` objects with `emoji: false`, where Slack parses neither formatting nor mentions.
 *    The one exception is the fallback `text`, which takes `literalText`.
 * 2. `&`, `<` and `>` are escaped there too, and these three alone: they are all that Slack decodes.
 * 3. Slack's clients turn bare addresses into links even in plain text, so `defang` puts a word joiner (U+2060, no width)
 *    into what could become one.
 */
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Slack's own escaping: exactly `&`, `<` and `>`. Never applied twice, never undone. */
export const escapeText = (text: string): string => text.replace(/[&<>]/g, (character) => entities[character] ?? '');

const joiner = '\u2060';

/** Breaks what a client could turn into a link or a mention: `://`, `name.tld`, `@here`, `#channel`, `mailto:`. Looks the same. */
export const defang = (text: string): string =>
  text
    .replace(/:(?=\/\/)/g, `:${joiner}`)
    .replace(/\b(mailto|tel|slack):/giu, `$1${joiner}:`)
    .replace(/\.(?=[\p{L}])/gu, `.${joiner}`)
    .replace(/[@#](?=[\p{L}\p{N}_])/gu, (sign) => `${sign}${joiner}`);

/** Text for a place that Slack parses (the fallback): formatting characters are wrapped in word joiners, the rest escaped. */
export const literalText = (text: string): string => escapeText(text.replace(/[*_~`]/g, `${joiner}$&${joiner}`));

/** Short labels, which stand inside formatting or a link: formatting characters and `|` are dropped, the rest is defanged. */
export const labelText = (text: string): string => {
  const words = text
    .replace(/[*_~`|]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return escapeText(defang(words));
};

/** A URL for `<url|label>`: https, without credentials, and with nothing that ends the link early. `undefined`: not to be linked. */
export const linkUrl = (input: string, maxLength: number): string | undefined => {
  const url = webUrl(input);
  if (url === undefined) return undefined;
  const href = escapeText(url.href.replace(/[|<>]/g, encodeURIComponent));
  return href.length <= maxLength ? href : undefined;
};
