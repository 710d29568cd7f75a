import type { Clock, Duration, StateStore } from '@remedykit/core';
import { isRemediationError, seconds } from '@remedykit/core';
import { isClaimed } from '../store/change-document.ts';
import { type LiveDocument, parseLiveDocument } from './document.ts';

/** Options of a sweep. */
export interface SweepLiveOptions {
  /** Milliseconds left to the caller; the sweep stops cleanly before that. */
  readonly remainingTimeMs?: () => number;
}

/** What a sweep came to. */
export interface SweptLive {
  readonly removed: number;
  /** False when time ran out; the next sweep goes on. */
  readonly done: boolean;
}

interface SweepContext {
  readonly store: StateStore;
  readonly prefix: string;
  readonly keepForMs: Duration;
  readonly now: Clock;
}

const reserveMs = seconds(2);

/** Forgets what has not changed for long. What this version cannot read is left alone. */
export const sweepLive = async (
  { store, prefix, keepForMs, now }: SweepContext,
  { remainingTimeMs }: SweepLiveOptions,
): Promise<SweptLive> => {
  const isOld = (document: LiveDocument): boolean =>
    !isClaimed(document.claim, '', now()) && now().getTime() - Date.parse(document.changedAt) >= keepForMs;
  const parse = (key: string, value: Parameters<typeof parseLiveDocument>[1]): LiveDocument | undefined => {
    try {
      return parseLiveDocument(key, value);
    } catch (error) {
      if (isRemediationError(error)) return undefined;
      throw error;
    }
  };
  let removed = 0;
  let token: string | undefined;
  for (;;) {
    if (remainingTimeMs !== undefined && remainingTimeMs() < reserveMs) return { removed, done: false };
    const page = await store.list(prefix, { limit: 25, ...(token === undefined ? {} : { token }) });
    for (const { key, value, version } of page.documents) {
      const document = parse(key, value);
      if (document === undefined || !isOld(document)) continue;
      if ((await store.delete(key, version)).ok) removed += 1;
    }
    token = page.nextToken;
    if (token === undefined) return { removed, done: true };
  }
};
