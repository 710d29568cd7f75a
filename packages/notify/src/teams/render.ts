import type { Message } from '@remedykit/core';
import { cut } from '../fit/cut.ts';
import { fitView } from '../fit/fit-view.ts';
import { jsonBytes } from '../fit/measure.ts';
import { type MessageView, viewMessage } from '../fit/message-view.ts';
import { longestNote } from '../fit/omitted.ts';
import type { AdaptiveCard, CardColor, CardElement, OpenUrl, TeamsMessage } from './card.ts';
import { richText, run } from './card.ts';
import { cardText } from './escape.ts';
import { teamsBudget, teamsLimits } from './limits.ts';

/** `message`: what "When a Teams webhook request is received" takes; `card`: the card alone, for flows that post their body as a card. */
export type TeamsEnvelope = 'message' | 'card';

const colors: Readonly<Record<Message['severity'], CardColor>> = {
  critical: 'attention',
  high: 'attention',
  medium: 'warning',
  low: 'accent',
};

/** A shorter piece than this says less than the note that it was left out. */
const shortest = 80;

/** Bytes as sent: the text without what a client could parse, as JSON, without its quotes. */
const sentBytes = (text: string): number => jsonBytes(cardText(text)) - 2;

const textWithin = (text: string, room: number): string | undefined => {
  if (sentBytes(text) <= room) return cardText(text);
  return room < shortest ? undefined : cardText(cut(text, Math.floor(room), sentBytes));
};

/** A piece of the body: one element or two. */
type Piece = readonly CardElement[];

/** Puts as much of a text as fits into the piece that `build` makes of it. */
const pieceWithin = (text: string, room: number, build: (text: string) => Piece): Piece | undefined => {
  const shown = textWithin(text, room - jsonBytes(build('')));
  return shown === undefined ? undefined : build(shown);
};

const paragraph = (text: string, room: number): Piece | undefined =>
  pieceWithin(text, room, (shown) => [richText(run(shown))]);

const column = (width: string, element: CardElement): { type: 'Column'; width: string; items: [CardElement] } => ({
  type: 'Column',
  width,
  items: [element],
});

const fact = ({ label, value }: MessageView['facts'][number], room: number): Piece | undefined =>
  pieceWithin(value, room, (shown) => [
    {
      type: 'ColumnSet',
      spacing: 'Small',
      columns: [
        column('120px', richText(run(cardText(cut(label, 75)), { weight: 'Bolder' }))),
        column('stretch', richText(run(shown))),
      ],
    },
  ]);

const action = ({ text, url }: MessageView['actions'][number], room: number, index: number): Piece | undefined =>
  pieceWithin(text, room, (shown) => [
    { type: 'RichTextBlock', spacing: 'Small', inlines: [run(`${index + 1}. ${shown}`)] },
    ...(url === undefined
      ? []
      : [{ type: 'TextBlock', spacing: 'None', wrap: true, text: `[Open](${url})` } satisfies CardElement]),
  ]);

const button = ({ label, url }: MessageView['links'][number]): OpenUrl => ({
  type: 'Action.OpenUrl',
  title: cardText(cut(label, teamsBudget.buttonText)),
  url,
});

const noButton: OpenUrl = { type: 'Action.OpenUrl', title: '', url: '' };

/** A link is fitted with the rest and shown as a button, at the foot of the card. */
const isButton = (piece: Piece | readonly [OpenUrl]): piece is readonly [OpenUrl] =>
  piece[0]?.type === 'Action.OpenUrl';

const wrap = (card: AdaptiveCard, envelope: TeamsEnvelope): AdaptiveCard | TeamsMessage =>
  envelope === 'card'
    ? card
    : {
        type: 'message',
        attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }],
      };

/**
 * A message as an Adaptive Card within `teamsBudget.bytes`, for any strings whatever. Every text stands in a `TextRun`,
 * which knows no Markdown; the one `TextBlock` is `[Open](…)` below a step. What does not fit is left out, last first,
 * and counted at the foot.
 */
export const renderTeamsMessage = (
  message: Message,
  envelope: TeamsEnvelope = 'message',
): AdaptiveCard | TeamsMessage => {
  const view = viewMessage(message);
  const color = message.status === 'resolved' ? 'good' : colors[message.severity];
  const heading = textWithin(view.heading, teamsBudget.headingBytes) ?? view.word;
  const top: CardElement[] = [
    {
      type: 'Container',
      style: color,
      bleed: true,
      items: [richText(run(heading, { weight: 'Bolder', size: 'Medium', color }))],
    },
  ];
  if (view.banner !== undefined) top.push(richText(run(view.banner, { weight: 'Bolder' })));

  const first = view.paragraphs[0];
  const fallback = `${view.heading}${first === undefined ? '' : ` – ${first}`}`;
  const card = (body: readonly CardElement[], actions: readonly OpenUrl[]): AdaptiveCard => ({
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    fallbackText: textWithin(fallback, teamsBudget.fallbackBytes) ?? view.word,
    body,
    ...(actions.length === 0 ? {} : { actions }),
  });
  const stepsTitle = richText(run('Next steps', { weight: 'Bolder' }));
  const quiet = (text: string): CardElement => richText(run(text, { isSubtle: true }));
  const foot = view.time === undefined ? [] : [quiet(view.time)];
  const fixed = [...top, stepsTitle, quiet('n'.repeat(longestNote)), ...foot];
  const room = teamsBudget.bytes - jsonBytes(wrap(card(fixed, [noButton]), envelope));

  const fitted = fitView<Piece | readonly [OpenUrl]>(
    view,
    room,
    {
      paragraph,
      fact,
      action,
      link: (link) => [button(link)],
      size: (piece) => jsonBytes(piece),
    },
    { links: teamsLimits.buttons },
  );
  const elements = (pieces: readonly (Piece | readonly [OpenUrl])[]): readonly CardElement[] =>
    pieces.flatMap((piece) => (isButton(piece) ? [] : piece));
  const steps = elements(fitted.actions);
  const body = [
    ...top,
    ...elements(fitted.paragraphs),
    ...elements(fitted.facts),
    ...(steps.length === 0 ? [] : [stepsTitle, ...steps]),
    ...(fitted.note === undefined ? [] : [quiet(fitted.note)]),
    ...foot,
  ];
  return wrap(card(body, fitted.links.filter(isButton).flat()), envelope);
};
