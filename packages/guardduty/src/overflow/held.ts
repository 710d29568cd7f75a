import { days, type Json, mapConcurrent, RemediationError, summarizeError, toJson } from '@remedykit/core';
import type { Run } from '../nacl/run.ts';

/** Under which it is kept what overflow blockers were asked to deny, and since when. */
export const overflowPrefix = 'overflow/';

/** What is known of one deny that was handed to an overflow blocker. */
export interface Held {
  /** When it was first handed over, ISO 8601. */
  readonly since: string;
  /** Until when it was asked for at the latest. */
  readonly until: string;
  /** Which event told people that it is at its longest. */
  readonly reviewBy?: string;
}

/** What was read of it: the document's version, where there is one. */
export interface ReadHeld {
  readonly held?: Held;
  readonly version?: string;
  /** Why it could not be read. */
  readonly problem?: string;
}

/** How long after its end a document is kept, ms. */
const keptFor = days(1);

const keyOf = (id: string): string => `${overflowPrefix}${id}`;

const isText = (value: unknown): value is string => typeof value === 'string';

const heldIn = (value: Json, key: string): Held => {
  const { schema, since, until, reviewBy } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isInstant = (text: unknown): text is string => isText(text) && !Number.isNaN(Date.parse(text));
  if (schema !== 1 || !isInstant(since) || !isInstant(until) || !(reviewBy === undefined || isText(reviewBy))) {
    throw new RemediationError({
      code: 'OVERFLOW_STATE_INVALID',
      message: `The document ${key} says since when an overflow blocker denies an address, and cannot be read. Delete it to begin anew; until then the address is handed over to nobody.`,
    });
  }
  return { since, until, ...(reviewBy === undefined ? {} : { reviewBy }) };
};

/** Reads since when these denies are held, by request id. What cannot be read is said, so that nothing is asked for on it. */
export const gatherHeld = async (
  { settings: { store } }: Run,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReadHeld>> => {
  const unique = [...new Set(ids)];
  const results = await mapConcurrent(unique, 4, async (id): Promise<ReadHeld> => {
    const stored = await store.get(keyOf(id));
    return stored === undefined ? {} : { held: heldIn(stored.value, stored.key), version: stored.version };
  });
  return new Map(
    unique.map((id, at) => {
      const result = results[at];
      return [id, result?.ok ? result.value : { problem: summarizeError(result?.error).message }];
    }),
  );
};

/**
 * Keeps what was asked for. Who else changed the document meanwhile asked for the same deny, so a conflict is left as it is;
 * a failure is observed: the next sighting asks again, from the since that is stored.
 */
export const keepHeld = async (
  { settings: { store, observe } }: Run,
  id: string,
  held: Held,
  version: string | undefined,
): Promise<void> => {
  const key = keyOf(id);
  const value = toJson({ schema: 1, ...held });
  try {
    await (version === undefined ? store.putIfAbsent(key, value) : store.compareAndSet(key, value, version));
  } catch (error) {
    observe({ event: 'overflow-not-kept', data: { key, error: String(error) } });
  }
};

/** Deletes what is over for a day, as far as there is time. What fails is left for the next time. */
export const forgetHeld = async (run: Run): Promise<void> => {
  const { settings, remainingTimeMs, now } = run;
  const before = now().getTime() - keptFor;
  try {
    let token: string | undefined;
    do {
      const page = await settings.store.list(overflowPrefix, token === undefined ? {} : { token });
      for (const { key, value, version } of page.documents) {
        if (remainingTimeMs() < settings.requestTimeoutMs) return;
        if (Date.parse(heldIn(value, key).until) < before) await settings.store.delete(key, version);
      }
      token = page.nextToken;
    } while (token !== undefined);
  } catch (error) {
    settings.observe({ event: 'overflow-not-forgotten', data: { error: String(error) } });
  }
};
