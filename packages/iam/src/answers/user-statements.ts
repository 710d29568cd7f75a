import { type Json, RemediationError, type StateStore } from '@remedykit/core';
import * as z from 'zod/mini';
import { changeDocument } from '../state/change-document.ts';
import { type Listed, listDocuments } from '../state/list-documents.ts';

/** What a person said about one user: one document per user and kind, kept until it is long over. */
export interface UserStatement {
  readonly schema: 1;
  readonly accountId: string;
  readonly userId: string;
}

/** A kind of statement: where it is kept, and what is said where it cannot be read. */
export interface StatementKind<T extends UserStatement> {
  /** The segment of its key and its name for people: `exemption`, `answer`. */
  readonly name: string;
  readonly schema: z.ZodMiniType<T>;
  readonly newer: { readonly code: string; readonly because: string };
  readonly broken: { readonly code: string; readonly because: string };
}

/** All of one kind in an account. */
export interface ListedStatements<T> {
  readonly held: readonly Listed<T>[];
  /** Documents that cannot be read, by user id: nothing may be done about these users. */
  readonly broken: ReadonlyMap<string, RemediationError>;
}

/** Whom a statement is about. */
export interface StatedUser {
  readonly accountId: string;
  readonly userId: string;
}

/** Reading and changing the statements of one kind. */
export interface UserStatements<T extends UserStatement> {
  /** However many pages they fill. Throws `newer` and what the store throws. */
  list(store: StateStore, accountId: string): Promise<ListedStatements<T>>;
  /** Throws `newer`, `broken` and what the store throws. */
  get(store: StateStore, user: StatedUser): Promise<T | undefined>;
  /** Changes by compare-and-set; `change` gives the document as it shall be, or the held one for as it is. */
  change(store: StateStore, user: StatedUser, change: (held: T | undefined) => T): Promise<T>;
}

/** The statements of one kind. */
export const createUserStatements = <T extends UserStatement>({
  name,
  schema,
  newer,
  broken,
}: StatementKind<T>): UserStatements<T> => {
  const prefixOf = (accountId: string): string => `iam/${accountId}/${name}/`;
  const keyOf = ({ accountId, userId }: StatedUser): string => `${prefixOf(accountId)}${userId}`;
  const parse = (key: string, value: Json): T => {
    const version = (value as { schema?: unknown } | null)?.schema;
    if (typeof version === 'number' && version > 1)
      throw new RemediationError({
        code: newer.code,
        message: `The ${name} ${key} has schema ${version}, written by a newer remedykit. Update this function; ${newer.because}.`,
        retryable: true,
      });
    const parsed = z.safeParse(schema, value);
    if (parsed.success && keyOf(parsed.data) === key) return parsed.data;
    throw new RemediationError({
      code: broken.code,
      message: `The ${name} ${key} does not fit its schema or its key. ${broken.because}`,
    });
  };
  return {
    list: async (store, accountId) => {
      const prefix = prefixOf(accountId);
      const { held, broken: unread } = await listDocuments(store, prefix, { parse, brokenCode: broken.code });
      return { held, broken: new Map(unread.map(({ key, error }) => [key.slice(prefix.length), error])) };
    },
    get: async (store, user) => {
      const key = keyOf(user);
      const stored = await store.get(key);
      return stored === undefined ? undefined : parse(key, stored.value);
    },
    change: async (store, user, change) => {
      const after = await changeDocument(store, { key: keyOf(user), parse }, change);
      // What a change gives is never nothing.
      if (after === undefined) throw new TypeError(`The ${name} was not given.`);
      return after.document;
    },
  };
};
