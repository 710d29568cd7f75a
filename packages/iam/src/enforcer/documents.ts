import { type Instant, type Json, RemediationError, type StateStore } from '@remedykit/core';
import * as z from 'zod/mini';
import type { CredentialCase, StoppedClock } from '../model/case.ts';
import type { UserMemory } from '../rules/memory.ts';
import { changeDocument, type Held } from '../state/change-document.ts';
import { storedInstant } from '../state/fields.ts';
import { listDocuments } from '../state/list-documents.ts';

/** What is kept of an account from run to run. */
export interface AccountDocument {
  readonly schema: 1;
  /** Times in which no clock runs. */
  readonly stopped: readonly StoppedClock[];
  /** When the last mail was sent only to find out whether events come back. */
  readonly lastProbeAt?: Instant;
  /** When the last run came to its end. */
  readonly lastDoneAt?: Instant;
  /** What people were told, by a short hash, and when first: it is told anew within the hour alone. */
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

const instant = storedInstant;
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
  const prefix = userPrefix(accountId);
  const parseUser = (key: string, value: Json): UserDocument => parse(userSchema, key, value);
  const listed = await listDocuments(store, prefix, { parse: parseUser, brokenCode: 'IAM_STATE_INVALID' });
  const userIdOf = (key: string): string => key.slice(prefix.length);
  return {
    users: new Map(listed.held.map(({ key, version, document }) => [userIdOf(key), { document, version }])),
    broken: new Map(listed.broken.map(({ key, error }) => [userIdOf(key), error])),
  };
};

/** Changes a document that was read before, again on what another run left. `change` gives the document itself to keep it. */
const changeHeld = async <T extends object>(
  store: StateStore,
  key: string,
  schema: z.ZodMiniType<T>,
  held: Held<T>,
  change: (document: T) => T,
): Promise<Held<T>> =>
  (await changeDocument(store, { key, parse: (at, value) => parse(schema, at, value), from: held }, (current) =>
    // What somebody deleted meanwhile is made again.
    change(current ?? held.document),
  )) ?? held;

/** Changes what is known of an account. */
export const changeAccount = (
  store: StateStore,
  accountId: string,
  held: Held<AccountDocument>,
  change: (document: AccountDocument) => AccountDocument,
): Promise<Held<AccountDocument>> => changeHeld(store, accountKey(accountId), accountSchema, held, change);

/** Changes what is known of a user. */
export const changeUser = (
  store: StateStore,
  accountId: string,
  held: Held<UserDocument>,
  change: (document: UserDocument) => UserDocument,
): Promise<Held<UserDocument>> => changeHeld(store, userKey(accountId, held.document.userId), userSchema, held, change);
