import {
  collectPages,
  isRemediationError,
  type Json,
  type RemediationError,
  type StateStore,
  type Stored,
} from '@remedykit/core';

/** A page of 100 of them stays well under what a store answers at once. */
const maxPages = 100_000;

/** A document as it is stored, with what deleting it needs. */
export interface Listed<T> {
  readonly key: string;
  readonly version: string;
  readonly document: T;
}

/** What stands under a prefix. */
export interface ListedDocuments<T> {
  readonly held: readonly Listed<T>[];
  /** Documents that are broken, to be reported. */
  readonly broken: readonly { readonly key: string; readonly error: RemediationError }[];
}

/**
 * Reads every document under a prefix, however many pages they fill. One that is broken, by the code that `parse` throws
 * then, hides no other.
 * @throws what the store throws, and `parse` with another code
 */
export const listDocuments = async <T>(
  store: StateStore,
  prefix: string,
  { parse, brokenCode }: { readonly parse: (key: string, value: Json) => T; readonly brokenCode: string },
): Promise<ListedDocuments<T>> => {
  const documents = await collectPages<Stored>(
    async (token) => {
      const page = await store.list(prefix, { limit: 1000, ...(token === undefined ? {} : { token }) });
      return { items: page.documents, nextToken: page.nextToken };
    },
    { maxPages },
  );
  const held: Listed<T>[] = [];
  const broken: { key: string; error: RemediationError }[] = [];
  for (const { key, value, version } of documents) {
    try {
      held.push({ key, version, document: parse(key, value) });
    } catch (error) {
      if (!isRemediationError(error) || error.code !== brokenCode) throw error;
      broken.push({ key, error });
    }
  }
  return { held, broken };
};
