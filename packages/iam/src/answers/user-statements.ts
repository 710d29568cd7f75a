import {
  collectPages,
  isRemediationError,
  type Json,
  RemediationError,
  type StateStore,
  type Stored,
  toJson,
} from '@remedykit/core';
import * as z from 'zod/mini';

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

/** A document as it is stored, and the version that deleting it needs. */
export interface HeldStatement<T> {
  readonly key: string;
  readonly version: string;
  readonly document: T;
}

/** All of one kind in an account. */
export interface ListedStatements<T> {
  readonly held: readonly HeldStatement<T>[];
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

/** An instant as it is stored. */
export const storedInstant: z.ZodMiniType<string> = z
  .string()
  .check(z.refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text));

/** A text as it is stored. */
export const storedText: z.ZodMiniType<string> = z.string().check(z.minLength(1), z.maxLength(1024));

/** An account id as it is stored. */
export const storedAccount: z.ZodMiniType<string> = z.string().check(z.regex(/^\d{12}$/));

const attempts = 10;

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
      const documents = await collectPages<Stored>(
        async (token) => {
          const page = await store.list(prefix, { limit: 1000, ...(token === undefined ? {} : { token }) });
          return { items: page.documents, nextToken: page.nextToken };
        },
        { maxPages: 100_000 },
      );
      const held: HeldStatement<T>[] = [];
      const unread = new Map<string, RemediationError>();
      for (const { key, value, version } of documents) {
        try {
          held.push({ key, version, document: parse(key, value) });
        } catch (error) {
          if (!isRemediationError(error) || error.code !== broken.code) throw error;
          unread.set(key.slice(prefix.length), error);
        }
      }
      return { held, broken: unread };
    },
    get: async (store, user) => {
      const key = keyOf(user);
      const stored = await store.get(key);
      return stored === undefined ? undefined : parse(key, stored.value);
    },
    change: async (store, user, change) => {
      const key = keyOf(user);
      let stored = await store.get(key);
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const held = stored === undefined ? undefined : parse(key, stored.value);
        const next = change(held);
        if (next === held) return next;
        const value = toJson(next);
        const written = await (stored === undefined
          ? store.putIfAbsent(key, value)
          : store.compareAndSet(key, value, stored.version));
        if (written.ok) return next;
        stored = written.current;
      }
      throw new RemediationError({
        code: 'STATE_CONFLICT',
        message: `The ${name} ${key} was changed by others ${attempts} times in a row. Try again.`,
        retryable: true,
      });
    },
  };
};
