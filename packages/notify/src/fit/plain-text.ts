import { cut, type Measure } from './cut.ts';
import { fitView, type PieceRenderer } from './fit-view.ts';
import { byteLength } from './measure.ts';
import type { MessageView } from './message-view.ts';
import { longestNote } from './omitted.ts';

/** A shorter piece than this says less than the note that it was left out. */
const shortest = 80;

/** The longest heading; the rest of a title is cut. */
const longestHeading = 1000;

/** The line breaks around a piece, and the number of a step. */
const around = 12;

/** `Next steps`, the time, and the breaks between sections. */
const fixed = 120;

const indent = '   ';

/**
 * A message as plain text for people, within `max` as `measure` counts (default: bytes in UTF-8). For subscribers by mail
 * and the text part of a mail.
 */
export const renderPlainText = (view: MessageView, max: number, measure: Measure = byteLength): string => {
  const within = (text: string, room: number): string | undefined =>
    measure(text) <= room ? text : room < shortest ? undefined : cut(text, Math.floor(room), measure);
  const renderer: PieceRenderer<string> = {
    paragraph: (text, room) => within(text, room - around),
    fact: ({ label, value }, room) => {
      const start = `${cut(label, 75)}: `;
      const shown = within(value, room - measure(start) - around);
      return shown === undefined ? undefined : `${start}${shown}`;
    },
    action: ({ text, url }, room, index) => {
      const target = url === undefined ? '' : `\n${indent}${url}`;
      const shown = within(text, room - measure(target) - around);
      return shown === undefined ? undefined : `${index + 1}. ${shown}${target}`;
    },
    link: ({ label, url }) => `${cut(label, 75)}: ${url}`,
    size: (piece) => measure(piece) + around,
  };
  const heading = cut(view.heading, Math.min(longestHeading, max), measure);
  const top = view.banner === undefined ? [heading] : [heading, `${view.banner}.`];
  const room = max - measure(top.join('\n\n')) - fixed - longestNote;
  const fitted = fitView(view, room, renderer);
  const whole = [
    ...top,
    ...fitted.paragraphs,
    fitted.facts.join('\n'),
    fitted.actions.length === 0 ? '' : ['Next steps', ...fitted.actions].join('\n'),
    fitted.links.join('\n'),
    fitted.note ?? '',
    view.time ?? '',
  ]
    .filter((section) => section !== '')
    .join('\n\n');
  // A limit of a few hundred bytes may leave no room for more than the heading.
  return measure(whole) <= max ? whole : heading;
};
