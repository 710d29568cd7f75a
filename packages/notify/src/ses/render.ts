import type { Message } from '@remedykit/core';
import { cut } from '../fit/cut.ts';
import { fitView, type PieceRenderer } from '../fit/fit-view.ts';
import { oneLine } from '../fit/flatten.ts';
import { byteLength } from '../fit/measure.ts';
import { type MessageView, viewMessage } from '../fit/message-view.ts';
import { longestNote } from '../fit/omitted.ts';
import { renderPlainText } from '../fit/plain-text.ts';
import { escapeLines, factHtml, linkHtml, paragraphHtml, renderPage, stepHtml } from './html.ts';
import { mailBudget } from './limits.ts';

/** A mail, without sender and recipient. */
export interface Mail {
  /** One line; SES encodes it. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** How a message becomes a mail. */
export interface MailRendering {
  /** Last line of every mail: whom to ask, why one gets it. Ours, plain text. */
  readonly footer?: string;
}

const shortest = 80;

/** Bytes as sent, escaped. */
const htmlBytes = (text: string): number => byteLength(escapeLines(text));

/** Puts as much of a text as fits into the HTML that `build` makes of it. */
const within = (text: string, room: number, build: (text: string) => string): string | undefined => {
  const left = room - byteLength(build(''));
  if (htmlBytes(text) <= left) return build(text);
  return left < shortest ? undefined : build(cut(text, Math.floor(left), htmlBytes));
};

const renderer: PieceRenderer<string> = {
  paragraph: (text, room) => within(text, room, paragraphHtml),
  fact: ({ label, value }, room) => within(value, room, (shown) => factHtml(cut(label, 75), shown)),
  action: ({ text, url }, room) => within(text, room, (shown) => stepHtml(shown, url)),
  link: ({ label, url }) => linkHtml(cut(label, 75), url),
  size: byteLength,
};

/**
 * The subject: one line without any control character, whatever the title, so that no header can be added. A mail to the
 * person that the message names says what it is about and nothing else; one to a team begins with the severity.
 */
const subjectOf = (view: MessageView, isPersonal: boolean): string => {
  const marks = [view.banner === undefined ? '' : '[PREVIEW]', isPersonal && view.title !== '' ? '' : `[${view.word}]`];
  return cut(oneLine([...marks, view.title].filter(Boolean).join(' ')), mailBudget.subject);
};

/**
 * A message as a mail with a text part for people and an HTML part that loads nothing, for any strings whatever, within
 * `mailBudget`. What does not fit is left out, last first, and counted.
 */
export const renderMail = (message: Message, { footer = '' }: MailRendering = {}): Mail => {
  const view = viewMessage(message);
  const isPersonal = message.recipient !== undefined;
  const title = view.title === '' ? view.word : view.title;
  const note = footer.trim();

  const personal = { ...view, heading: view.banner === undefined ? title : `[PREVIEW] ${title}` };
  const end = note === '' ? '' : `\n\n${note}`;
  const text = renderPlainText(isPersonal ? personal : view, mailBudget.textBytes - byteLength(end)) + end;

  const page = {
    title: cut(title, 500),
    preheader: cut(oneLine(view.paragraphs[0] ?? ''), mailBudget.preheader),
    colour: view.colour,
    band: isPersonal ? undefined : `${view.sign} ${view.word}`,
    banner: view.banner,
  };
  const notes = [view.time ?? '', note].filter((line) => line !== '');
  const empty = { paragraphs: [], facts: [], steps: [], links: [] };
  const frame = renderPage({
    ...page,
    ...empty,
    facts: [''],
    steps: [''],
    links: [''],
    notes: ['n'.repeat(longestNote), ...notes],
  });
  const fitted = fitView(view, mailBudget.htmlBytes - byteLength(frame), renderer);
  const html = renderPage({
    ...page,
    paragraphs: fitted.paragraphs,
    facts: fitted.facts,
    steps: fitted.actions,
    links: fitted.links,
    notes: [fitted.note ?? '', ...notes].filter((line) => line !== ''),
  });
  return { subject: subjectOf(view, isPersonal), text, html };
};
