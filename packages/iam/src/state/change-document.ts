import { type Json, RemediationError, type StateStore, toJson } from '@remedykit/core';

/** A document, and the version that a change of it needs; none was stored yet without a version. */
export interface Held<T> {
  readonly document: T;
  readonly version?: string;
}

/** Which document is changed, and how it is read. */
export interface ChangeOptions<T> {
  readonly key: string;
  /** Throws for what this version cannot read, which is then left alone. */
  readonly parse: (key: string, value: Json) => T;
  /** As it was read before; absent: it is read first. */
  readonly from?: { readonly document?: T; readonly version?: string };
}

const attempts = 10;

/**
 * Changes a document by compare-and-set, again on what somebody else left. `change` gets what is stored, `undefined` where
 * nothing is, and gives what shall be; the same, or `undefined`, to keep it.
 * @returns the document as it then is; `undefined` where there is none
 * @throws RemediationError `STATE_CONFLICT` (retryable), and what `parse` and the store throw
 */
export const changeDocument = async <T extends object>(
  store: StateStore,
  { key, parse, from }: ChangeOptions<T>,
  change: (held: T | undefined) => T | undefined,
): Promise<Held<T> | undefined> => {
  let held = from?.document;
  let version = from?.version;
  const take = (stored: { readonly value: Json; readonly version: string } | undefined): void => {
    held = stored === undefined ? undefined : parse(key, stored.value);
    version = stored?.version;
  };
  if (from === undefined) take(await store.get(key));
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const next = change(held);
    if (next === undefined || next === held)
      return held === undefined ? undefined : { document: held, ...(version === undefined ? {} : { version }) };
    const value = toJson(next);
    const written = await (version === undefined
      ? store.putIfAbsent(key, value)
      : store.compareAndSet(key, value, version));
    if (written.ok) return { document: next, version: written.version };
    take(written.current);
  }
  throw new RemediationError({
    code: 'STATE_CONFLICT',
    message: `The document ${key} was changed by others ${attempts} times in a row. Try again.`,
    retryable: true,
  });
};
