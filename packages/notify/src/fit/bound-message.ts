import type { Message, Text, Untrusted } from '@remedykit/core';
import { cut } from './cut.ts';
import { omittedNote } from './omitted.ts';

type Piece = string | Untrusted;

const wordsOf = (piece: Piece): string => (typeof piece === 'string' ? piece : piece.untrusted);

/** A text cut to `max` characters in all; what somebody else wrote stays marked as that. */
export const cutText = (text: Text, max: number): Text => {
  const pieces: readonly Piece[] = typeof text === 'string' || 'untrusted' in text ? [text] : text;
  let left = max;
  const kept: Piece[] = [];
  for (const piece of pieces) {
    if (left <= 0) break;
    const words = cut(wordsOf(piece), left);
    left -= words.length;
    kept.push(typeof piece === 'string' ? words : { untrusted: words });
  }
  const [only] = kept;
  return kept.length === 1 && only !== undefined ? only : kept;
};

const sizeOf = (message: Message): number => Buffer.byteLength(JSON.stringify(message));

const shrink = (message: Message, scale: number): Message => {
  const limit = (count: number): number => Math.max(1, Math.floor(count * scale));
  const body = message.body.slice(0, limit(24)).map((text) => cutText(text, limit(2000)));
  const facts = message.facts
    .slice(0, limit(32))
    .map(({ label, value }) => ({ label: cut(label, limit(100)), value: cutText(value, limit(1000)) }));
  const links = message.links.slice(0, limit(8)).filter(({ url }) => url.length <= limit(3000));
  const actions = (message.actions ?? []).slice(0, limit(8)).map(({ text, url }) => ({
    text: cutText(text, limit(700)),
    ...(url === undefined || url.length > limit(1500) ? {} : { url }),
  }));
  const note = omittedNote([
    [message.body.length - body.length, 'paragraph'],
    [message.facts.length - facts.length, 'fact'],
    [(message.actions ?? []).length - actions.length, 'step'],
    [message.links.length - links.length, 'link'],
  ]);
  return {
    ...message,
    title: cutText(message.title, limit(500)),
    body,
    facts: note === undefined ? facts : [...facts, { label: 'Omitted', value: note }],
    links: links.map(({ label, url }) => ({ label: cut(label, limit(100)), url })),
    ...(message.actions === undefined ? {} : { actions }),
  };
};

/**
 * The message in at most `maxBytes` of JSON, for a place where it waits: long texts are cut, the last parts left out and
 * counted, no more than is needed. `maxBytes` of 2,000 and more are kept to for every message whose key, subject and
 * recipient are of sane length.
 */
export const boundMessage = (message: Message, maxBytes: number): Message => {
  let bounded = message;
  for (let scale = 1; sizeOf(bounded) > maxBytes && scale > 1 / 1024; scale /= 2) bounded = shrink(message, scale);
  return bounded;
};
