import type { Message, Text } from '@remedykit/core';
import { oneLine } from '../../../packages/notify/src/fit/flatten.ts';
import { literalOf } from '../../../packages/notify/src/fit/literal.ts';
import { keepLiteral, viewMessage } from '../../../packages/notify/src/fit/message-view.ts';
import { makeVisible } from '../../../packages/notify/src/fit/visible.ts';
import type { TakenText, TextMarkup } from './channels.ts';

const decoded: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const known: Readonly<Record<TextMarkup, RegExp | undefined>> = {
  slack: /&(amp|lt|gt);/g,
  html: /&(amp|lt|gt|quot|#39);/g,
  none: undefined,
};

/** What is left of markup once every whole entity and link of ours is taken out; an entity that was split leaves something. */
const brokenMarkup = ({ text, markup }: TakenText): string | undefined => {
  const entity = known[markup];
  if (entity === undefined) return undefined;
  const bare = text.replace(markup === 'slack' ? /<https:[^|<>]*\|[^<>|]*>/g : /$^/, '').replace(entity, '');
  return /[&<>]/.exec(bare)?.[0];
};

const decode = ({ text, markup }: TakenText): string => {
  const entity = known[markup];
  return entity === undefined ? text : text.replace(entity, (_, name: string) => decoded[name] ?? '');
};

/** Alike for both sides: without the joiners, blanks and formatting characters that escaping adds or takes. */
const loose = (text: string): string =>
  text
    .replaceAll('‹', '<')
    .replaceAll('›', '>')
    .replace(/[\u2060\s*_~`|¦[\]]/g, '');

/** Every text that a channel may cut: the parts of a message as they are before escaping, and how some are joined. */
const sourcesOf = (message: Message): readonly string[] => {
  const view = viewMessage(message);
  const { accountId = '', region = '', type = '' } = message.subject ?? {};
  const first = view.paragraphs[0] ?? '';
  const firstLine = oneLine(message.body[0] === undefined ? '' : literalOf(message.body[0]));
  const { title, sign, word, heading } = view;
  const named = (text: Text): string => oneLine(literalOf(text));
  return [
    ...[title, heading, `${word}: ${title}`, `[${word}] ${title}`, oneLine(first)],
    ...[`${heading} – ${first}`, `${heading} – ${firstLine}`, `${sign} ${word} · ${title} – ${firstLine}`],
    ...view.paragraphs,
    ...message.body.map(literalOf),
    ...view.facts.flatMap(({ label, value }) => [label, value]),
    ...message.facts.flatMap(({ label, value }) => [makeVisible(label), literalOf(value)]),
    ...view.actions.flatMap(({ text, url }) => (url === undefined ? [text] : [text, `${text} – ${url}`])),
    ...(message.actions ?? []).map(({ text }) => named(text)),
    ...view.links.map(({ label }) => label),
    ...message.links.map(({ label }) => makeVisible(label)),
    ...[type, accountId, region, `${accountId}/${region}`].map((text) => oneLine(keepLiteral(makeVisible(text)))),
  ];
};

/** A text that may have been cut, with the place where each of its characters begins, and its end. */
interface Source {
  readonly text: string;
  readonly places: readonly number[];
}

const sourceOf = (text: string): Source => {
  const places = [0];
  for (const character of text) places.push((places.at(-1) ?? 0) + character.length);
  return { text, places };
};

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** A cluster may be cut when it alone is longer: nobody sees it as one character. */
const longestCluster = 32;

const isBetweenCharacters = (text: string, end: number): boolean => {
  const segment = graphemes.segment(text).containing(end);
  return segment === undefined || segment.index === end || segment.segment.length > longestCluster;
};

/** Characters before a cut that are compared: enough to tell texts apart, few enough to compare thousands. */
const compared = 400;

/** What is wrong with one cut, or `undefined`: `kept` must be the beginning of a source that lacks exactly `omitted` characters. */
const faultOfCut = (kept: string, omitted: number, sources: readonly Source[]): string | undefined => {
  // Thrice as much, for escaping adds characters; and a label or number may stand before what is kept.
  const shown = loose(kept.slice(-3 * compared));
  let split = false;
  for (const { text, places } of sources) {
    const end = places[places.length - 1 - omitted];
    if (end === undefined) continue;
    const beginning = text.slice(Math.max(0, end - compared), end);
    // Where nothing is kept, at most a label or number stands before the note, and a blank.
    if (beginning.trim() === '' ? !/(?:^|\s)$/.test(kept) : !shown.endsWith(loose(beginning))) continue;
    if (isBetweenCharacters(text, end)) return undefined;
    split = true;
  }
  return split ? 'a character was split' : 'what is kept is no beginning of its text';
};

const note = / … (\d+) characters omitted/g;

/**
 * What is wrong with what a target was given of a message, or `undefined`: no half of a surrogate pair, no part of an
 * entity, no part of a character, and every note of what was omitted counts what is missing, no more and no less.
 */
export const faultOfTexts = (message: Message, texts: readonly TakenText[]): string | undefined => {
  let sources: readonly Source[] | undefined;
  for (const taken of texts) {
    if (/\p{Cs}/u.test(taken.text)) return `half of a surrogate pair in ${JSON.stringify(taken.text.slice(0, 80))}`;
    const broken = brokenMarkup(taken);
    if (broken !== undefined) return `a bare ${broken} in ${JSON.stringify(taken.text.slice(0, 80))}`;
    const text = decode(taken);
    for (const match of text.matchAll(note)) {
      sources ??= [...new Set(sourcesOf(message))].map(sourceOf);
      const kept = text.slice(0, match.index);
      const fault = faultOfCut(kept, Number(match[1]), sources);
      if (fault !== undefined) return `${fault}: ${JSON.stringify(text.slice(0, match.index + 40).slice(-160))}`;
    }
  }
  return undefined;
};

/** Whether something says that not everything is there. */
export const saysOmitted = (texts: readonly TakenText[]): boolean => texts.some(({ text }) => / omitted\b/.test(text));
