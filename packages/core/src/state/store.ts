import type { Json } from '../json.ts';

/** A document with the version that a compare-and-set needs. */
export interface Stored<T extends Json = Json> {
  readonly key: string;
  readonly value: T;
  /** Opaque; equal only to itself. */
  readonly version: string;
}

/** The result of a conditional write: done, or the document as it is instead (absent: there is none). */
export type WriteResult =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly current?: Stored };

/** One page of a listing; `nextToken` is absent on the last page. */
export interface StoredPage {
  readonly documents: readonly Stored[];
  readonly nextToken?: string;
}

/**
 * The port to the state store: small JSON documents under slash-separated keys (`nacl/111122223333/eu-west-1/acl-1/ingress`),
 * read consistently and changed by single-document conditional writes only, so that any store can serve.
 *
 * A conditional write whose answer was lost and which is sent again reports success if it had taken place; if somebody
 * changed the document again meanwhile, a conflict.
 * Every method throws RemediationError `STATE_UNAVAILABLE` (retryable) when the store cannot be reached,
 * `STATE_ACCESS_DENIED` or `STATE_TABLE_MISSING`, and for misuse `STATE_KEY_INVALID`, `STATE_TOO_LARGE` (over 256 KB),
 * `JSON_INVALID` (the value is no plain JSON) or `OPTION_INVALID` (the limit or token of a listing).
 * `storeContract` in `@remedykit/core/testing` is the executable form of this description.
 */
export interface StateStore {
  get(key: string): Promise<Stored | undefined>;
  putIfAbsent(key: string, value: Json): Promise<WriteResult>;
  compareAndSet(key: string, value: Json, version: string): Promise<WriteResult>;
  /** Deletes the document if it still has `version`; deleting what is absent is a success. */
  delete(key: string, version: string): Promise<WriteResult>;
  /** Documents whose key begins with `prefix`, in order of their keys. The prefix holds at least the first segment and its slash. */
  list(prefix: string, options?: { readonly token?: string; readonly limit?: number }): Promise<StoredPage>;
}
