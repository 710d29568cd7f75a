import type { Message, SeverityBand } from '@remedykit/core';
import { cut } from '../fit/cut.ts';
import { fitView, type PieceRenderer } from '../fit/fit-view.ts';
import { oneLine } from '../fit/flatten.ts';
import { jsonBytes } from '../fit/measure.ts';
import { keepLiteral, type MessageView, viewMessage } from '../fit/message-view.ts';
import { longestNote } from '../fit/omitted.ts';
import { threadKey } from '../fit/thread-key.ts';
import { makeVisible } from '../fit/visible.ts';
import type { PagerDutyAction, PagerDutyEvent, PagerDutySeverity } from './event.ts';
import { pagerDutyBudget, pagerDutyLimits } from './limits.ts';

/** How PagerDuty's severities are chosen, unless `severities` says otherwise. */
export const pagerDutySeverities: Readonly<Record<SeverityBand, PagerDutySeverity>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
};

/** How a message becomes an event. */
export interface PagerDutyRendering {
  /** Default: `resolve` for a message whose status is `resolved`, else `trigger`. */
  readonly action?: PagerDutyAction;
  readonly severities?: Readonly<Partial<Record<SeverityBand, PagerDutySeverity>>>;
}

const shortest = 80;

const stringBytes = (text: string): number => jsonBytes(text) - 2;

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fact'; readonly label: string; readonly value: string }
  | { readonly kind: 'link'; readonly href: string; readonly text: string };

const within = (text: string, room: number): string | undefined =>
  stringBytes(text) <= room ? text : room < shortest ? undefined : cut(text, Math.floor(room), stringBytes);

const textPiece = (text: string, room: number): Piece | undefined => {
  const shown = within(text, room - jsonBytes({ kind: 'text', text: '' }));
  return shown === undefined ? undefined : { kind: 'text', text: shown };
};

/** Pieces are measured as JSON, which is more than what becomes of them. */
const renderer: PieceRenderer<Piece> = {
  paragraph: textPiece,
  action: ({ text, url }, room) => textPiece(url === undefined ? text : `${text} – ${url}`, room),
  fact: ({ label, value }, room) => {
    const name = cut(label, 75);
    const shown = within(value, room - jsonBytes({ kind: 'fact', label: name, value: '' }));
    return shown === undefined ? undefined : { kind: 'fact', label: name, value: shown };
  },
  link: ({ label, url }) => ({ kind: 'link', href: url, text: cut(label, 75) }),
  size: jsonBytes,
};

const textsOf = (pieces: readonly Piece[]): string[] =>
  pieces.flatMap((piece) => (piece.kind === 'text' ? [piece.text] : []));

/** One row per label, in order; a label that comes twice is numbered, so that no fact takes the place of another. */
const detailsOf = (
  rows: readonly (readonly [label: string, value: string | readonly string[]])[],
): Readonly<Record<string, string | readonly string[]>> => {
  const seen = new Set<string>();
  const unique = (label: string): string => {
    let name = label;
    for (let count = 2; seen.has(name); count += 1) name = `${label} (${count})`;
    seen.add(name);
    return name;
  };
  return Object.fromEntries(rows.map(([label, value]) => [unique(label), value]));
};

const field = (text: string | undefined): string | undefined => {
  const line = oneLine(keepLiteral(makeVisible(text ?? '')));
  return line === '' ? undefined : cut(line, pagerDutyBudget.field);
};

/** Without the sign: summaries are read aloud, and sent as short messages. */
const summaryOf = ({ banner, word, title }: MessageView): string => {
  const summary = `${banner === undefined ? '' : '[PREVIEW] '}${word}${title === '' ? '' : `: ${title}`}`;
  return cut(summary, pagerDutyLimits.summary);
};

/** An instant as PagerDuty takes it; what is no instant is left out, for it would cost the alert. */
const timestampOf = (at: string | undefined): string | undefined => {
  const date = new Date(at ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

/**
 * A message as an event of the Events API v2, without the routing key, within `pagerDutyBudget`, for any strings
 * whatever. The alert is found again by the hash of the message's key; a preview is `info` and has a hash of its
 * own, so it wakes nobody and resolves nothing.
 */
export const renderPagerDutyEvent = (message: Message, rendering: PagerDutyRendering = {}): PagerDutyEvent => {
  const { action = message.status === 'resolved' ? 'resolve' : 'trigger', severities } = rendering;
  // By key, not by matter: one copy's end must not resolve the alert of the others. A live notifier, which knows them all,
  // gives all of them the key of their matter.
  const dedup_key = threadKey({ key: message.key, preview: message.preview });
  if (action !== 'trigger') return { event_action: action, dedup_key };

  const { subject } = message;
  const view = viewMessage(message);
  const timestamp = timestampOf(message.at);
  const group = field(subject?.accountId);
  const kind = field(subject?.type);
  const event = (
    links: readonly { readonly href: string; readonly text: string }[],
    custom_details: Readonly<Record<string, string | readonly string[]>>,
  ): PagerDutyEvent => ({
    event_action: 'trigger',
    dedup_key,
    client: 'remedykit',
    links,
    payload: {
      summary: summaryOf(view),
      source: field([subject?.accountId, subject?.region].filter(Boolean).join('/')) ?? 'remedykit',
      severity: message.preview ? 'info' : (severities?.[message.severity] ?? pagerDutySeverities[message.severity]),
      ...(timestamp === undefined ? {} : { timestamp }),
      ...(group === undefined ? {} : { group }),
      ...(kind === undefined ? {} : { class: kind }),
      custom_details,
    },
  });
  const frame = event([], {
    Message: '',
    'Next steps': [],
    Omitted: 'n'.repeat(longestNote),
    Preview: view.banner ?? '',
  });
  const room = pagerDutyBudget.bytes - pagerDutyLimits.routingKey * 2 - jsonBytes(frame);
  const { paragraphs, facts, actions, links, note } = fitView(view, room, renderer);
  const steps = textsOf(actions);
  return event(
    links.flatMap((piece) => (piece.kind === 'link' ? [{ href: piece.href, text: piece.text }] : [])),
    detailsOf([
      ...(view.banner === undefined ? [] : [['Preview', view.banner] as const]),
      ...(paragraphs.length === 0 ? [] : [['Message', textsOf(paragraphs).join('\n\n')] as const]),
      ...facts.flatMap((piece) => (piece.kind === 'fact' ? [[piece.label, piece.value] as const] : [])),
      ...(steps.length === 0 ? [] : [['Next steps', steps] as const]),
      ...(note === undefined ? [] : [['Omitted', note] as const]),
    ]),
  );
};
