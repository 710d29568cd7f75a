import { utf8Bytes } from './bytes.ts';
import { cut, type Measure } from './cut.ts';
import { fitView, noteLength, type PieceRenderer } from './fit-view.ts';
import type { MessageView } from './message-view.ts';

/** A shorter piece than this says less than the note that it was left out. */
const shortest = 80;

/** The longest heading; the rest of a title is cut. */
const headingBytes = 1000;

const indent = '   ';

/**
 * A message as plain text for people, within `maxBytes` as `measure` counts (default: bytes in UTF-8). For SNS
 * subscribers by mail and the text part of a mail.
 */
export const renderPlainText = (view: MessageView, maxBytes: number, measure: Measure = utf8Bytes): string => {
  const within = (text: string, room: number): string | undefined =>
    measure(text) <= room ? text : room < shortest ? undefined : cut(text, Math.floor(room), measure);
  const renderer: PieceRenderer<string> = {
    paragraph: (text, room) => within(text, room - 4),
    fact: ({ label, value }, room) => {
      const start = `${cut(label, 75)}: `;
      const shown = within(value, room - measure(start) - 4);
      return shown === undefined ? undefined : `${start}${shown}`;
    },
    action: ({ text, url }, room) => {
      const target = url === undefined ? '' : `\n${indent}${url}`;
      const shown = within(text, room - measure(target) - 12);
      return shown === undefined ? undefined : `${shown}${target}`;
    },
    link: ({ label, url }) => `${cut(label, 75)}: ${url}`,
    // The line breaks between pieces, and the number of a step.
    size: (piece) => measure(piece) + 12,
  };
  const heading = cut(view.heading, Math.min(headingBytes, maxBytes), measure);
  const top = [heading, ...(view.banner === undefined ? [] : [`${view.banner}.`])].join('\n\n');
  const titles = 100;
  const room = maxBytes - measure(top) - titles - noteLength;
  const fitted = fitView(view, room, renderer);
  const sections = [
    top,
    ...fitted.paragraphs,
    fitted.facts.join('\n'),
    fitted.actions.length === 0
      ? ''
      : ['Next steps', ...fitted.actions.map((step, index) => `${index + 1}. ${step}`)].join('\n'),
    fitted.links.join('\n'),
    fitted.note ?? '',
  ];
  const whole = sections.filter((section) => section !== '').join('\n\n');
  // Where there is no room but for the heading (a limit of a few hundred bytes), the note and the titles may not fit.
  return measure(whole) <= maxBytes ? whole : heading;
};
