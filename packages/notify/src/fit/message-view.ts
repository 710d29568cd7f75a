import type { Message, SeverityBand, Text } from '@remedykit/core';
import { defang } from '../slack/escape.ts';
import { makeVisible, makeVisibleOnOneLine } from './visible.ts';

/** A message with every text flattened: nothing hidden in it, nothing of somebody else's that a client could make a link or a mention. Not yet escaped for a target. */
export interface MessageView {
  /** `HIGH`, or `RESOLVED` when the matter is over. */
  readonly label: string;
  readonly emoji: string;
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
}

const bands: Readonly<Record<SeverityBand, readonly [emoji: string, label: string]>> = {
  critical: ['🚨', 'CRITICAL'],
  high: ['🔴', 'HIGH'],
  medium: ['🟠', 'MEDIUM'],
  low: ['🟡', 'LOW'],
};

const resolvedBand = ['✅', 'RESOLVED'] as const;

const placeholder = '–';

export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Full stops of other scripts, which some clients take for the dot of a host name. */
const defangEverywhere = (text: string): string =>
  defang(text).replace(/[\u3002\uff0e\uff61](?=[\p{L}\p{N}])/gu, (dot) => `${dot}\u2060`);

/** A text as one string: ours as it is, somebody else's on one line and without links or mentions. */
export const flattenText = (text: Text): string => {
  if (typeof text === 'string') return makeVisible(text);
  if ('untrusted' in text) return defangEverywhere(makeVisibleOnOneLine(text.untrusted));
  return text.map(flattenText).join('');
};

/** A URL that may be linked: https, without credentials, percent-encoded; `undefined` for any other. */
export const linkableUrl = (input: string): string | undefined => {
  if (!URL.canParse(input)) return undefined;
  const url = new URL(input);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
  return url.href.replace(/[|<>"'`()[\]\\^{}\s]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
    return `%${code}`;
  });
};

const labelOf = (label: string): string => oneLine(defangEverywhere(makeVisible(label))) || placeholder;

const viewOfAction = (text: string, url: string | undefined): { readonly text: string; readonly url?: string } =>
  url === undefined ? { text } : { text, url };

/** Flattens a message for a target without markup of its own; escaping, cutting and leaving out come after. */
export const viewMessage = (message: Message): MessageView => {
  const { severity, preview, status, facts, links, actions = [] } = message;
  const [emoji, label] = status === 'resolved' ? resolvedBand : bands[severity];
  const title = oneLine(flattenText(message.title));
  const shownLinks = links.flatMap(({ label: text, url: input }) => {
    const url = linkableUrl(input);
    return url === undefined ? [] : [{ label: labelOf(text), url }];
  });
  return {
    label,
    emoji,
    title,
    heading: `${preview ? '[PREVIEW] ' : ''}${emoji} ${label}${title === '' ? '' : ` · ${title}`}`,
    banner: preview ? 'PREVIEW – nothing was changed' : undefined,
    paragraphs: message.body.map(flattenText).filter((text) => text.trim() !== ''),
    facts: facts.map(({ label: text, value }) => {
      const flat = flattenText(value);
      return { label: labelOf(text), value: flat.trim() === '' ? placeholder : flat };
    }),
    actions: actions.map(({ text, url }) =>
      viewOfAction(oneLine(flattenText(text)) || placeholder, url === undefined ? undefined : linkableUrl(url)),
    ),
    links: shownLinks,
    refusedLinks: links.length - shownLinks.length,
  };
};
