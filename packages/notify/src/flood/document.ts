import type { Json, Message, SeverityBand, Text } from '@remedykit/core';
import { cutText } from '../fit/bound-message.ts';
import { worse } from '../fit/worse.ts';
import { type Claim, documentFields } from '../store/change-document.ts';

/** Messages that were counted instead of being sent. */
export interface FloodSummary {
  readonly id: string;
  readonly count: number;
  readonly undone: number;
  readonly severities: Readonly<Record<SeverityBand, number>>;
  /** The most frequent kinds, by type or else title; what is beyond them is `other`. */
  readonly kinds: readonly { readonly kind: string; readonly count: number }[];
  readonly other: number;
  /** Titles of what was not done, the first few. */
  readonly titles: readonly Text[];
  readonly from: string;
  readonly to: string;
}

/** One message that was let through or counted. */
export interface Seen {
  readonly digest: string;
  /** How often it was let through for one count; 0: it is in the summary. */
  readonly sends: number;
}

/** How much was sent in the current window, and what was counted instead. */
export interface FloodDocument {
  readonly schema: 1;
  readonly windowStart: string;
  readonly sent: number;
  /** Of those that are urgent: critical, or telling that something was not done. */
  readonly sentUrgent: number;
  /** The last messages of this window, so that a retry of one is not counted again. */
  readonly seen?: readonly Seen[];
  readonly summary?: FloodSummary;
  /** A summary that is being sent. */
  readonly sending?: FloodSummary;
  readonly claim?: Claim;
}

const maxKinds = 12;
const maxTitles = 8;

/**
 * Reads a stored document.
 * @throws RemediationError `SCHEMA_NEWER`, `NOTIFY_STATE_MALFORMED`
 */
export const parseFloodDocument = (key: string, value: Json | undefined): FloodDocument => {
  const fields = documentFields(key, value);
  if (fields === undefined) return { schema: 1, windowStart: new Date(0).toISOString(), sent: 0, sentUrgent: 0 };
  // Written by this package alone, and of schema 1.
  return fields as unknown as FloodDocument;
};

const maxSeen = 60;

/** What was seen, with this as the newest. Pure. */
export const addSeen = (seen: readonly Seen[], one: Seen): readonly Seen[] =>
  [...seen.filter(({ digest }) => digest !== one.digest), one].slice(-maxSeen);

const none: Readonly<Record<SeverityBand, number>> = { critical: 0, high: 0, medium: 0, low: 0 };

const plainWords = (text: Text): string =>
  typeof text === 'string' ? text : 'untrusted' in text ? text.untrusted : text.map(plainWords).join('');

/** The summary with one message more. Pure. */
export const addToSummary = (
  summary: FloodSummary | undefined,
  message: Message,
  at: string,
  id: string,
): FloodSummary => {
  const kind = (message.subject?.type ?? plainWords(message.title)).slice(0, 100);
  const kinds = summary?.kinds ?? [];
  const known = kinds.some((one) => one.kind === kind);
  const fits = known || kinds.length < maxKinds;
  const undone = message.undone === true;
  const severities = summary?.severities ?? none;
  return {
    id: summary?.id ?? id,
    count: (summary?.count ?? 0) + 1,
    undone: (summary?.undone ?? 0) + (undone ? 1 : 0),
    severities: { ...severities, [message.severity]: severities[message.severity] + 1 },
    kinds: known
      ? kinds.map((one) => (one.kind === kind ? { kind, count: one.count + 1 } : one))
      : fits
        ? [...kinds, { kind, count: 1 }]
        : kinds,
    other: (summary?.other ?? 0) + (fits ? 0 : 1),
    titles: [...(summary?.titles ?? []), ...(undone ? [cutText(message.title, 200)] : [])].slice(0, maxTitles),
    from: summary?.from ?? at,
    to: at,
  };
};

const bandNames: readonly SeverityBand[] = ['critical', 'high', 'medium', 'low'];

/** What a summary says. Pure. */
export const summaryMessage = (key: string, summary: FloodSummary): Message => {
  const { count, undone, severities, kinds, other, titles, from, to, id } = summary;
  const bands = bandNames.filter((band) => severities[band] > 0);
  const worst = bands.reduce<SeverityBand>(worse, 'low');
  return {
    key: `${key}/${id}`,
    severity: worst,
    preview: false,
    title: `${count} more ${count === 1 ? 'message' : 'messages'}, summarised`,
    body: [
      `Between ${from} and ${to} there were more messages than this channel is to get; these were counted: ${bands
        .map((band) => `${severities[band]} ${band}`)
        .join(', ')}.`,
      ...(undone > 0 ? [`${undone} of them say that something was not done.`] : []),
      'The audit records have every decision.',
    ],
    facts: [
      ...titles.map((title, index) => ({ label: `Not done ${index + 1}`, value: title })),
      ...kinds
        .toSorted((one, next) => next.count - one.count)
        .map(({ kind, count: times }) => ({ label: `${times} times`, value: { untrusted: kind } })),
      ...(other > 0 ? [{ label: `${other} times`, value: 'others' }] : []),
    ],
    links: [],
    subject: { type: 'flood-summary' },
    undone: undone > 0,
    at: to,
  };
};
