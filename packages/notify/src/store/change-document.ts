import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Json, StateStore } from '@remedykit/core';
import { RemediationError, toJson } from '@remedykit/core';

/** A name without characters that a store's key cannot hold, the same for the same text. */
export const keyHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 40);

/** A digest of plain data, for telling whether two messages say the same. */
export const digestOf = (value: unknown): string => keyHash(JSON.stringify(toJson(value)));

/** What a change comes to: the document as it shall be (absent: as it is), and what to tell the caller. */
export interface Change<T, R> {
  readonly document?: T;
  readonly result: R;
}

const attempts = 25;

/** How documents of one kind are changed. */
export interface DocumentChanger<T> {
  readonly store: StateStore;
  /** Reads what is stored; `undefined`: nothing is. Throws for what this version cannot read, which is then left alone. */
  readonly parse: (key: string, value: Json | undefined) => T;
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined;
  readonly random?: (() => number) | undefined;
}

/**
 * Changes a document by compare-and-set, again when somebody else was faster, with short random waits between.
 * @throws RemediationError `STATE_CONFLICT` (retryable), and what the store and `parse` throw
 */
export const changeDocument = async <T, R>(
  { store, parse, sleep = wait, random = Math.random }: DocumentChanger<T>,
  key: string,
  change: (document: T) => Change<T, R>,
): Promise<R> => {
  let stored = await store.get(key);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { document, result } = change(parse(key, stored?.value));
    if (document === undefined) return result;
    const value = toJson(document);
    const written = await (stored === undefined
      ? store.putIfAbsent(key, value)
      : store.compareAndSet(key, value, stored.version));
    if (written.ok) return result;
    stored = written.current;
    await sleep(random() * Math.min(200, 5 * 2 ** attempt));
  }
  throw new RemediationError({
    code: 'STATE_CONFLICT',
    message: `The document ${key} was changed by others ${attempts} times in a row. Try again.`,
    retryable: true,
  });
};

/**
 * The fields of a stored document of schema 1; `undefined` where nothing is stored.
 * @throws RemediationError `SCHEMA_NEWER`, `NOTIFY_STATE_MALFORMED`
 */
export const documentFields = (
  key: string,
  value: Json | undefined,
): Readonly<Record<string, Json | undefined>> | undefined => {
  if (value === undefined) return undefined;
  const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  const schema = fields !== undefined && 'schema' in fields ? fields.schema : undefined;
  if (typeof schema === 'number' && schema > 1)
    throw new RemediationError({
      code: 'SCHEMA_NEWER',
      message: `The document ${key} has schema ${schema}, this version knows 1. Update this function; it writes nothing until then.`,
    });
  if (schema === 1 && fields !== undefined) return fields as Readonly<Record<string, Json | undefined>>;
  throw new RemediationError({
    code: 'NOTIFY_STATE_MALFORMED',
    message: `The document ${key} is none that this package wrote. Delete it; what it held is lost.`,
  });
};

/** A right to act for a while; whoever holds it says so before he acts. */
export interface Claim {
  readonly owner: string;
  readonly until: string;
}

/** True when somebody else holds the claim at `now`. */
export const isClaimed = (claim: Claim | undefined, owner: string, now: Date): boolean =>
  claim !== undefined && claim.owner !== owner && now.getTime() < Date.parse(claim.until);
