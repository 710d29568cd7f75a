import {
  collectPages,
  type Instant,
  isRemediationError,
  type Json,
  RemediationError,
  type StateStore,
  type Stored,
  toJson,
} from '@remedykit/core';
import * as z from 'zod/mini';
import type { CredentialCase, StoppedClock } from '../model/case.ts';
import type { UserMemory } from '../rules/memory.ts';

/** What is kept of an account from run to run. */
export interface AccountDocument {
  readonly schema: 1;
  /** Times in which no clock runs. */
  readonly stopped: readonly StoppedClock[];
  /** When the last mail was sent only to find out whether events come back. */
  readonly lastProbeAt?: Instant;
  /** When the last run came to its end. */
  readonly lastDoneAt?: Instant;
  /** What people were told, by a short hash, and on which day first: it is told anew within that day alone. */
  readonly told: Readonly<Record<string, Instant>>;
}

/** What is kept of a user from run to run. */
export interface UserDocument {
  readonly schema: 1;
  readonly userId: string;
  readonly memory: UserMemory;
  /** Until when an exemption holds that a run found. */
  readonly exemptUntil?: Instant;
  /** When the last exemption was over. */
  readonly lastExemptAt?: Instant;
  /** What the last live reads found, and by which row of the report they were made. */
  readonly seen?: {
    readonly row: string;
    /** When that report was made, where a later one that says the same would mean that something was changed back. */
    readonly report?: Instant;
    readonly cases: readonly CredentialCase[];
  };
}

const instant = z
  .string()
  .check(z.refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text));
const text = z.string().check(z.maxLength(1024));
const rule = z.enum(['mfa', 'key-age', 'key-unused', 'service-specific-age', 'certificate-age', 'ssh-key-age']);

const accountSchema: z.ZodMiniType<AccountDocument> = z.strictObject({
  schema: z.literal(1),
  stopped: z.array(z.strictObject({ from: instant, until: z.exactOptional(instant), reason: text })),
  lastProbeAt: z.exactOptional(instant),
  lastDoneAt: z.exactOptional(instant),
  told: z.record(text, instant),
});

const userSchema: z.ZodMiniType<UserDocument> = z.strictObject({
  schema: z.literal(1),
  userId: text,
  memory: z.strictObject({
    firstSeenAt: z.record(text, instant),
    password: z.exactOptional(z.strictObject({ since: instant, moved: z.boolean() })),
  }),
  exemptUntil: z.exactOptional(instant),
  lastExemptAt: z.exactOptional(instant),
  seen: z.exactOptional(
    z.strictObject({
      row: text,
      report: z.exactOptional(instant),
      cases: z.array(z.strictObject({ id: text, rule, credentialId: text, since: instant, firstSeenAt: instant })),
    }),
  ),
});

const parse = <T>(schema: z.ZodMiniType<T>, key: string, value: Json): T => {
  const version = (value as { schema?: unknown } | null)?.schema;
  if (typeof version === 'number' && version > 1)
    throw new RemediationError({
      code: 'IAM_STATE_NEWER',
      message: `The document ${key} has schema ${version}, written by a newer remedykit. Update this function; it does not write to what it cannot read.`,
      retryable: true,
    });
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new RemediationError({
    code: 'IAM_STATE_INVALID',
    message: `The document ${key} does not fit its schema at ${parsed.error.issues[0]?.path.join('.') || '(root)'}. Nothing is done about what it is of until it is mended or deleted.`,
  });
};

const accountKey = (accountId: string): string => `iam/${accountId}/account`;
const userPrefix = (accountId: string): string => `iam/${accountId}/user/`;

/** Where what is known of a user is kept. */
export const userKey = (accountId: string, userId: string): string => `${userPrefix(accountId)}${userId}`;

/** A document, and the version that a change of it needs; none was stored yet without a version. */
export interface Held<T> {
  readonly document: T;
  readonly version?: string;
}

/** What is known of an account. */
export const readAccount = async (store: StateStore, accountId: string): Promise<Held<AccountDocument>> => {
  const key = accountKey(accountId);
  const stored = await store.get(key);
  if (stored === undefined) return { document: { schema: 1, stopped: [], told: {} } };
  return { document: parse(accountSchema, key, stored.value), version: stored.version };
};

/** What is known of the users of an account. */
export interface KnownUsers {
  /** By user id. */
  readonly users: ReadonlyMap<string, Held<UserDocument>>;
  /** Documents that are broken, by user id: nothing is done about these users. */
  readonly broken: ReadonlyMap<string, RemediationError>;
}

/** What is known of the users of an account, however many pages it fills. */
export const readUsers = async (store: StateStore, accountId: string): Promise<KnownUsers> => {
  const documents = await collectPages<Stored>(
    async (token) => {
      const page = await store.list(userPrefix(accountId), { limit: 1000, ...(token === undefined ? {} : { token }) });
      return { items: page.documents, nextToken: page.nextToken };
    },
    { maxPages: 100_000 },
  );
  const users = new Map<string, Held<UserDocument>>();
  const broken = new Map<string, RemediationError>();
  for (const { key, value, version } of documents) {
    const userId = key.slice(userPrefix(accountId).length);
    try {
      users.set(userId, { document: parse(userSchema, key, value), version });
    } catch (error) {
      if (!isRemediationError(error) || error.code !== 'IAM_STATE_INVALID') throw error;
      broken.set(userId, error);
    }
  }
  return { users, broken };
};

const attempts = 10;

/** Changes a document by compare-and-set, again on what another run left. `change` gives the document itself to keep it. */
const changeDocument = async <T extends object>(
  store: StateStore,
  key: string,
  schema: z.ZodMiniType<T>,
  held: Held<T>,
  change: (document: T) => T,
): Promise<Held<T>> => {
  let { document, version } = held;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const next = change(document);
    if (next === document) return { document, ...(version === undefined ? {} : { version }) };
    const value = toJson(next);
    const written = await (version === undefined
      ? store.putIfAbsent(key, value)
      : store.compareAndSet(key, value, version));
    if (written.ok) return { document: next, version: written.version };
    if (written.current === undefined) version = undefined;
    else {
      document = parse(schema, key, written.current.value);
      version = written.current.version;
    }
  }
  throw new RemediationError({
    code: 'STATE_CONFLICT',
    message: `The document ${key} was changed by others ${attempts} times in a row.`,
    retryable: true,
  });
};

/** Changes what is known of an account. */
export const changeAccount = (
  store: StateStore,
  accountId: string,
  held: Held<AccountDocument>,
  change: (document: AccountDocument) => AccountDocument,
): Promise<Held<AccountDocument>> => changeDocument(store, accountKey(accountId), accountSchema, held, change);

/** Changes what is known of a user. */
export const changeUser = (
  store: StateStore,
  accountId: string,
  held: Held<UserDocument>,
  change: (document: UserDocument) => UserDocument,
): Promise<Held<UserDocument>> =>
  changeDocument(store, userKey(accountId, held.document.userId), userSchema, held, change);
