import type { Message, MessageFact, MessageLink, SeverityBand, Text } from '@remedykit/core';
import { cut } from '../fit/cut.ts';
import { makeVisible, makeVisibleOnOneLine } from '../fit/visible.ts';
import type { Markup, PlainText, SlackBlock, SlackPayload } from './blocks.ts';
import { markup, plain } from './blocks.ts';
import { defang, escapeText, labelText, linkUrl, literalText } from './escape.ts';
import { slackBudget, slackLimits } from './limits.ts';

const bands: Readonly<Record<SeverityBand, string>> = {
  critical: '🚨 CRITICAL',
  high: '🔴 HIGH',
  medium: '🟠 MEDIUM',
  low: '🟡 LOW',
};

const previewMark = 'PREVIEW – nothing was changed';

/** A shorter piece than this says less than the note that it was left out. */
const shortest = 80;

const size = (value: unknown): number => JSON.stringify(value).length;

/** Length as sent: escaped, and as JSON, which counts at least as much as Slack does. */
const sentLength = (text: string): number => size(escapeText(text)) - 2;

const flatten = (text: Text): string => {
  if (typeof text === 'string') return makeVisible(text);
  if ('untrusted' in text) return defang(makeVisibleOnOneLine(text.untrusted));
  return text.map(flatten).join('');
};

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const plainWithin = (text: string, max: number): PlainText => plain(escapeText(cut(text, max, sentLength)));

/** What came of rendering one kind of part: the blocks, and how many parts were left out. */
interface Rendered {
  readonly blocks: SlackBlock[];
  readonly omitted: number;
}

const nothing: Rendered = { blocks: [], omitted: 0 };

const renderBody = (body: readonly Text[], room: number, maxBlocks: number): Rendered => {
  const paragraphs = body.map(flatten).filter((text) => text.trim() !== '');
  const overhead = size({ type: 'section', text: plain('') }) + 1;
  const blocks: SlackBlock[] = [];
  let left = room;
  for (const paragraph of paragraphs) {
    const max = Math.min(slackLimits.sectionText, left - overhead);
    if (blocks.length === maxBlocks || max < shortest) break;
    const block: SlackBlock = { type: 'section', text: plainWithin(paragraph, max) };
    blocks.push(block);
    left -= size(block) + 1;
  }
  return { blocks, omitted: paragraphs.length - blocks.length };
};

const factFields = (fact: MessageFact, room: number): readonly [Markup, PlainText] | undefined => {
  const label = markup(`*${labelText(cut(makeVisible(fact.label), slackBudget.label)) || '–'}*`);
  const flat = flatten(fact.value);
  const value = flat.trim() === '' ? '–' : flat;
  const max = Math.min(slackLimits.fieldText, room - size(label) - size(plain('')) - 2);
  if (max < Math.min(shortest, sentLength(value))) return undefined;
  return [label, plainWithin(value, max)];
};

/** A table of two columns: label and value side by side, since only the value must be free of markup. */
const renderFacts = (facts: readonly MessageFact[], room: number, maxBlocks: number): Rendered => {
  const overhead = size({ type: 'section', fields: [] }) + 1;
  const perBlock = slackLimits.fields / 2;
  const blocks: SlackBlock[] = [];
  let fields: (Markup | PlainText)[] = [];
  let left = room;
  let shown = 0;
  for (const fact of facts) {
    const opens = shown % perBlock === 0;
    if (opens && blocks.length === maxBlocks) break;
    const pair = factFields(fact, left - (opens ? overhead : 0));
    if (pair === undefined) break;
    if (opens) {
      fields = [];
      blocks.push({ type: 'section', fields });
      left -= overhead;
    }
    fields.push(...pair);
    left -= size(pair);
    shown += 1;
  }
  return { blocks, omitted: facts.length - shown };
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

const omissionNote = (counts: readonly (readonly [number, string])[]): Rendered => {
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`);
  if (parts.length === 0) return nothing;
  return { blocks: [{ type: 'context', elements: [plain(`… ${parts.join(', ')} omitted`)] }], omitted: 0 };
};

/** Room for `omissionNote` with any counts, and for the brackets around the blocks. */
const noteRoom = 200;

/**
 * A message as Block Kit, within every limit of `slackLimits` and within `slackBudget.total`, for any strings whatever.
 * What does not fit is left out from the end of the body and of the facts, and counted in a last line.
 */
export const renderSlackMessage = (message: Message): SlackPayload => {
  const title = oneLine(flatten(message.title));
  const heading = title === '' ? bands[message.severity] : `${bands[message.severity]} · ${title}`;

  const top: SlackBlock[] = [
    { type: 'header', text: plainWithin(`${message.preview ? '[PREVIEW] ' : ''}${heading}`, slackLimits.header) },
  ];
  if (message.preview) top.push({ type: 'section', text: markup(`*${previewMark}*`) });
  const links = renderLinks(message.links);

  const room = slackBudget.total - noteRoom - size(top) - size(links.blocks);
  const maxBlocks = slackLimits.blocks - top.length - links.blocks.length - 1;
  const wanted = renderFacts(message.facts, slackBudget.facts, maxBlocks);
  const body = renderBody(message.body, room - size(wanted.blocks), maxBlocks - wanted.blocks.length);
  const facts = renderFacts(message.facts, room - size(body.blocks), maxBlocks - body.blocks.length);
  const note = omissionNote([
    [body.omitted, 'paragraph'],
    [facts.omitted, 'fact'],
    [links.omitted, 'link'],
  ]);

  const first = oneLine(message.body[0] === undefined ? '' : flatten(message.body[0]));
  const fallback = [message.preview ? `${previewMark}.` : '', heading, first === '' ? '' : `– ${first}`]
    .filter(Boolean)
    .join(' ');
  return {
    text: literalText(cut(fallback, slackBudget.text, (text) => literalText(text).length)),
    blocks: [...top, ...body.blocks, ...facts.blocks, ...links.blocks, ...note.blocks],
    unfurl_links: false,
    unfurl_media: false,
  };
};
