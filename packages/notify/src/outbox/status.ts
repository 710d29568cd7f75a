import type { Duration } from '@remedykit/core';
import type { OutboxDocument } from './document.ts';
import type { OutboxContext } from './outbox.ts';

/** What waits in an outbox. */
export interface OutboxStatus {
  /** Messages that wait, those that are only counted included. */
  readonly waiting: number;
  /** Age of the oldest, in ms; 0 where none waits. */
  readonly oldestAgeMs: Duration;
}

/** What waits in one document. Pure. */
export const statusOf = ({ entries, overflow }: OutboxDocument, now: Date): OutboxStatus => {
  const times = [...entries.map(({ since }) => since), ...(overflow === undefined ? [] : [overflow.since])];
  return {
    waiting: entries.length + (overflow?.count ?? 0),
    oldestAgeMs: times.reduce((oldest, since) => Math.max(oldest, now.getTime() - Date.parse(since)), 0),
  };
};

/** What waits in several. Pure. */
export const addStatus = (one: OutboxStatus, other: OutboxStatus): OutboxStatus => ({
  waiting: one.waiting + other.waiting,
  oldestAgeMs: Math.max(one.oldestAgeMs, other.oldestAgeMs),
});

export const emptyStatus: OutboxStatus = { waiting: 0, oldestAgeMs: 0 };

/** What waits in all documents of an outbox. */
export const readStatus = async ({ store, parse, now, keys }: OutboxContext): Promise<OutboxStatus> => {
  let status = emptyStatus;
  for (const key of keys) {
    const stored = await store.get(key);
    status = addStatus(status, statusOf(parse(key, stored?.value), now()));
  }
  return status;
};
