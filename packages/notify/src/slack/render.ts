import type { Message, MessageAction, MessageFact, MessageLink, Text } from '@remedykit/core';
import { lookOf, previewMark } from '../fit/bands.ts';
import { cut } from '../fit/cut.ts';
import { oneLine } from '../fit/flatten.ts';
import { formatInstant } from '../fit/format-instant.ts';
import { literalOf } from '../fit/literal.ts';
import { longestNote, omittedNote } from '../fit/omitted.ts';
import { takeWhileFits } from '../fit/take.ts';
import { makeVisible } from '../fit/visible.ts';
import { type Markup, markup, type PlainText, plain, type SlackBlock, type SlackPayload } from './blocks.ts';
import { escapeText, labelText, linkUrl, literalText } from './escape.ts';
import { slackBudget, slackLimits } from './limits.ts';

/** A shorter piece than this says less than the note that it was left out. */
const shortest = 80;

const size = (value: unknown): number => JSON.stringify(value).length;

/** As one of several: with its comma. */
const sizeInList = (value: unknown): number => size(value) + 1;

/** Length as sent: escaped, and as JSON, which counts at least as much as Slack does. */
const sentLength = (text: string): number => size(escapeText(text)) - 2;

const plainWithin = (text: string, max: number): PlainText => plain(escapeText(cut(text, max, sentLength)));

/** What came of rendering one kind of part: the blocks, and how many parts were left out. */
interface Rendered {
  readonly blocks: readonly SlackBlock[];
  readonly omitted: number;
}

const isBlank = (text: string): boolean => text.trim() === '';

const renderBody = (body: readonly Text[], room: number, maxBlocks: number): Rendered => {
  const paragraphs = body.map(literalOf).filter((text) => !isBlank(text));
  const overhead = size({ type: 'section', text: plain('') }) + 1;
  const { shown, omitted } = takeWhileFits<string, SlackBlock>(
    paragraphs,
    { size: room, parts: maxBlocks },
    (paragraph, left) => {
      const max = Math.min(slackLimits.sectionText, left - overhead);
      return max < shortest ? undefined : { type: 'section', text: plainWithin(paragraph, max) };
    },
    sizeInList,
  );
  return { blocks: shown, omitted };
};

/** Two fields side by side; the second is cut to what the first leaves. */
const pairWithin = (first: Markup, text: string, room: number): readonly [Markup, PlainText] | undefined => {
  const value = isBlank(text) ? '–' : text;
  const max = Math.min(slackLimits.fieldText, room - size(first) - size(plain('')) - 2);
  return max < Math.min(shortest, sentLength(value)) ? undefined : [first, plainWithin(value, max)];
};

/** A table of two columns: label and value side by side, since only the value must be free of markup. */
const renderFacts = (facts: readonly MessageFact[], room: number, maxBlocks: number): Rendered => {
  const perBlock = slackLimits.fields / 2;
  const overhead = (index: number): number =>
    index % perBlock === 0 ? sizeInList({ type: 'section', fields: [] }) : 0;
  const { shown, omitted } = takeWhileFits(
    facts,
    { size: room, parts: maxBlocks * perBlock },
    ({ label, value }, left, index) => {
      const name = markup(`*${labelText(cut(makeVisible(label), slackBudget.label)) || '–'}*`);
      return pairWithin(name, literalOf(value), left - overhead(index));
    },
    (pair, index) => size(pair) + overhead(index),
  );
  const blocks = Array.from(
    { length: Math.ceil(shown.length / perBlock) },
    (_, block): SlackBlock => ({
      type: 'section',
      fields: shown.slice(block * perBlock, (block + 1) * perBlock).flat(),
    }),
  );
  return { blocks, omitted };
};

/** One next step, with the page where it is done beside it. */
const renderAction = ({ text, url }: MessageAction, number: number, room: number): SlackBlock | undefined => {
  const href = url === undefined ? undefined : linkUrl(url, slackBudget.actionUrl);
  const words = `${number}. ${oneLine(literalOf(text)) || 'See the link'}`;
  const around = (words: PlainText): SlackBlock =>
    href === undefined
      ? { type: 'section', text: words }
      : { type: 'section', fields: [words, markup(`<${href}|Open>`)] };
  const max = Math.min(slackBudget.actionText, room - sizeInList(around(plain(''))));
  return max < Math.min(shortest, sentLength(words)) ? undefined : around(plainWithin(words, max));
};

/** How many next steps have an address that is not linked. */
const unlinked = (actions: readonly MessageAction[]): number =>
  actions.filter(({ url }) => url !== undefined && linkUrl(url, slackBudget.actionUrl) === undefined).length;

const renderActions = (actions: readonly MessageAction[], room: number, maxBlocks: number): Rendered => {
  const heading: SlackBlock = { type: 'section', text: markup('*Next steps*') };
  const { shown, omitted } = takeWhileFits(
    actions,
    { size: room - sizeInList(heading), parts: maxBlocks - 1 },
    (action, left, index) => renderAction(action, index + 1, left),
    sizeInList,
  );
  return { blocks: shown.length === 0 ? [] : [heading, ...shown], omitted };
};

/**
 * Links in one line of markup. Not as buttons: an app that only has an incoming webhook does not answer the interaction
 * that a button sends, and Slack shows people a warning for it.
 */
const renderLinks = (links: readonly MessageLink[]): Rendered => {
  let line = '';
  let shown = 0;
  for (const { label, url } of links) {
    const href = linkUrl(url, slackLimits.url);
    if (href === undefined) continue;
    const link = `<${href}|${labelText(cut(makeVisible(label), slackBudget.label)) || 'Open'}>`;
    const longer = line === '' ? link : `${line}  ·  ${link}`;
    if (longer.length > slackLimits.sectionText) continue;
    line = longer;
    shown += 1;
  }
  const blocks: SlackBlock[] = line === '' ? [] : [{ type: 'section', text: markup(line) }];
  return { blocks, omitted: links.length - shown };
};

/** Room for the note of what was omitted, and for the brackets around the blocks. */
const noteRoom = longestNote + 80;

/**
 * A message as Block Kit, within every limit of `slackLimits` and within `slackBudget.total`, for any strings whatever.
 * What does not fit is left out from the end of the body, of the facts and of the next steps, and counted in a last line.
 * The bar in the colour of the severity stands beside the time of the message: Slack colours attachments only, and folds
 * what is long in them.
 */
export const renderSlackMessage = (message: Message): SlackPayload => {
  const { sign, word, colour } = lookOf(message);
  const title = oneLine(literalOf(message.title));
  const heading = title === '' ? `${sign} ${word}` : `${sign} ${word} · ${title}`;

  const top: SlackBlock[] = [
    { type: 'header', text: plainWithin(`${message.preview ? '[PREVIEW] ' : ''}${heading}`, slackLimits.header) },
  ];
  if (message.preview) top.push({ type: 'section', text: markup(`*${previewMark}*`) });
  const links = renderLinks(message.links);

  const room = slackBudget.total - noteRoom - size(top) - size(links.blocks);
  const maxBlocks = slackLimits.blocks - top.length - links.blocks.length - 1;
  const actions = renderActions(
    message.actions ?? [],
    slackBudget.actions,
    Math.min(maxBlocks, slackBudget.actionBlocks),
  );
  const roomBeside = room - size(actions.blocks);
  const blocksBeside = maxBlocks - actions.blocks.length;
  const wanted = renderFacts(message.facts, slackBudget.facts, blocksBeside);
  const body = renderBody(message.body, roomBeside - size(wanted.blocks), blocksBeside - wanted.blocks.length);
  const facts = renderFacts(message.facts, roomBeside - size(body.blocks), blocksBeside - body.blocks.length);
  const note = omittedNote([
    [body.omitted, 'paragraph'],
    [facts.omitted, 'fact'],
    [actions.omitted, 'step'],
    [links.omitted + unlinked(message.actions ?? []), 'link'],
  ]);

  const first = oneLine(message.body[0] === undefined ? '' : literalOf(message.body[0]));
  const fallback = [message.preview ? `${previewMark}.` : '', heading, first === '' ? '' : `– ${first}`]
    .filter(Boolean)
    .join(' ');
  const time = message.at === undefined ? undefined : formatInstant(message.at);
  return {
    text: literalText(cut(fallback, slackBudget.text, (text) => literalText(text).length)),
    blocks: [
      ...top,
      ...body.blocks,
      ...facts.blocks,
      ...actions.blocks,
      ...links.blocks,
      ...(note === undefined ? [] : [{ type: 'context' as const, elements: [plain(note)] }]),
    ],
    ...(time === undefined
      ? {}
      : { attachments: [{ color: colour, blocks: [{ type: 'context', elements: [plain(`As of ${time}`)] }] }] }),
    unfurl_links: false,
    unfurl_media: false,
  };
};
