import type { Json, Message, SeverityBand, Text } from '@remedykit/core';
import { boundMessage, cutText } from '../fit/bound-message.ts';
import { worse } from '../fit/worse.ts';
import { type Claim, digestOf, documentFields } from '../store/change-document.ts';

/** A message that waits. */
export interface OutboxEntry {
  readonly id: string;
  readonly message: Message;
  readonly digest: string;
  /** When it began to wait. */
  readonly since: string;
  /** Not to be tried before. */
  readonly notBefore: string;
  /** Where it goes next. */
  readonly target: 'first' | 'second';
}

/** What there was no room for. */
export interface Overflow {
  readonly count: number;
  readonly undone: number;
  readonly worst: SeverityBand;
  readonly since: string;
  /** Of the last few. */
  readonly titles: readonly Text[];
}

/** Some of the messages that wait: those of the keys with one hash, so that one document has the order of each key. */
export interface OutboxDocument {
  readonly schema: 1;
  readonly entries: readonly OutboxEntry[];
  readonly overflow?: Overflow;
  readonly claim?: Claim;
}

/** How much one document may hold. */
export interface OutboxRoom {
  readonly entries: number;
  readonly bytes: number;
}

/** A message that waits takes no more than this, in bytes. */
export const maxMessageBytes: number = 12 * 1024;

const maxTitles = 5;

/**
 * Reads a stored document.
 * @throws RemediationError `SCHEMA_NEWER`, `NOTIFY_STATE_MALFORMED`
 */
export const parseOutboxDocument = (key: string, value: Json | undefined): OutboxDocument => {
  const fields = documentFields(key, value);
  if (fields === undefined) return { schema: 1, entries: [] };
  // Written by this package alone, and of schema 1.
  return fields as unknown as OutboxDocument;
};

const addToOverflow = (overflow: Overflow | undefined, { message, since }: OutboxEntry): Overflow => ({
  count: (overflow?.count ?? 0) + 1,
  undone: (overflow?.undone ?? 0) + (message.undone === true ? 1 : 0),
  worst: worse(overflow?.worst ?? 'low', message.severity),
  since: overflow === undefined || since < overflow.since ? since : overflow.since,
  titles: [...(overflow?.titles ?? []), cutText(message.title, 200)].slice(-maxTitles),
});

const sizeOf = (document: OutboxDocument): number => Buffer.byteLength(JSON.stringify(document));

/** Makes room: the oldest entries that do not say that something was not done, then the oldest, become a number in a summary. */
const makeRoom = (document: OutboxDocument, room: OutboxRoom): OutboxDocument => {
  let made = document;
  while (made.entries.length > 0 && (made.entries.length > room.entries || sizeOf(made) > room.bytes)) {
    const victim = made.entries.find(({ message }) => message.undone !== true) ?? made.entries[0];
    if (victim === undefined) break;
    made = {
      ...made,
      entries: made.entries.filter((entry) => entry !== victim),
      overflow: addToOverflow(made.overflow, victim),
    };
  }
  return made;
};

/** The document with one more message behind those of its key; the same message does not wait twice. Pure. */
export const addEntry = (
  document: OutboxDocument,
  entry: Omit<OutboxEntry, 'digest'>,
  room: OutboxRoom,
): OutboxDocument => {
  const message = boundMessage(entry.message, maxMessageBytes);
  const digest = digestOf(message);
  const last = document.entries.findLast((other) => other.message.key === message.key);
  if (last?.digest === digest) return document;
  return makeRoom({ ...document, entries: [...document.entries, { ...entry, message, digest }] }, room);
};

/** The kind of that summary, in `subject.type`. */
export const overflowType = 'outbox-overflow';

/** What a summary of messages says that there was no room for. Pure. */
export const overflowMessage = (key: string, { count, undone, worst, since, titles }: Overflow): Message => ({
  key,
  severity: worst,
  preview: false,
  title: `${count} ${count === 1 ? 'message was' : 'messages were'} not delivered and could not be kept`,
  body: [
    `The channel took no messages for so long that the outbox was full. Since ${since} ${count} could only be counted${
      undone === 0 ? '.' : `; ${undone} of them said that something was not done.`
    }`,
    'The audit records have every decision.',
  ],
  facts: titles.map((title, index) => ({ label: `Title ${index + 1}`, value: title })),
  links: [],
  subject: { type: overflowType },
  undone: undone > 0,
});
