import type { Message, Text } from '@remedykit/core';
import { lookOf, previewMark } from './bands.ts';
import { oneLine } from './flatten.ts';
import { formatInstant } from './format-instant.ts';
import { keepLiteral, literalOf } from './literal.ts';
import { makeVisible } from './visible.ts';
import { webUrl } from './web-url.ts';

export { keepLiteral };

/**
 * A message with every text flattened: nothing hidden in it, nothing of somebody else's that a client could make a link
 * or a mention. Not yet escaped for a target, nor cut.
 */
export interface MessageView {
  /** `HIGH`, or `RESOLVED` when the matter is over. */
  readonly word: string;
  readonly sign: string;
  /** `#rrggbb`. */
  readonly colour: string;
  /** One line; may be empty. */
  readonly title: string;
  /** `[PREVIEW] 🔴 HIGH · title`, one line. */
  readonly heading: string;
  /** Said above the body of a preview. */
  readonly banner: string | undefined;
  /** None is blank; the most important first. */
  readonly paragraphs: readonly string[];
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly actions: readonly { readonly text: string; readonly url?: string }[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** Links that are not https, or hold credentials, and are not shown. */
  readonly refusedLinks: number;
  /** `As of 24 November 2026, 10:00 UTC`. */
  readonly time: string | undefined;
}

const placeholder = '–';

/** Longer than what any page needs, short enough to leave room for the rest. */
const longestUrl = 2000;

/** A URL that may be linked, with nothing in it that ends a link early in HTML, Markdown or Slack's markup. */
export const linkableUrl = (input: string): string | undefined => {
  const href = webUrl(input)?.href.replace(
    /[|<>"'`()[\]\\^{}\s]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return href === undefined || href.length > longestUrl ? undefined : href;
};

const lineOf = (text: Text): string => oneLine(literalOf(text)) || placeholder;

const labelOf = (label: string): string => oneLine(keepLiteral(makeVisible(label))) || placeholder;

/** Flattens a message for a target; escaping, cutting and leaving out come after. */
export const viewMessage = (message: Message): MessageView => {
  const { preview, facts, links, actions = [], at } = message;
  const look = lookOf(message);
  const title = oneLine(literalOf(message.title));
  const shownLinks = links.flatMap(({ label, url: input }) => {
    const url = linkableUrl(input);
    return url === undefined ? [] : [{ label: labelOf(label), url }];
  });
  const time = at === undefined ? undefined : formatInstant(at);
  return {
    ...look,
    title,
    heading: `${preview ? '[PREVIEW] ' : ''}${look.sign} ${look.word}${title === '' ? '' : ` · ${title}`}`,
    banner: preview ? previewMark : undefined,
    paragraphs: message.body.map(literalOf).filter((text) => text.trim() !== ''),
    facts: facts.map(({ label, value }) => {
      const text = literalOf(value);
      return { label: labelOf(label), value: text.trim() === '' ? placeholder : text };
    }),
    actions: actions.map(({ text, url: input }) => {
      const url = input === undefined ? undefined : linkableUrl(input);
      return url === undefined ? { text: lineOf(text) } : { text: lineOf(text), url };
    }),
    links: shownLinks,
    refusedLinks: links.length - shownLinks.length,
    time: time === undefined ? undefined : `As of ${time}`,
  };
};
