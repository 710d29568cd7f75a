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
import type { ListedExemption } from '../exemptions/exemption.ts';

/** An exemption of one user that a person asked for, by a restore or an answer: kept until it is over. */
export interface ExemptionDocument {
  readonly schema: 1;
  readonly accountId: string;
  readonly userId: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly expires: Instant;
  readonly writtenAt: Instant;
  /** The run that was undone, where it comes from that. */
  readonly runId?: string;
}

const instant = z
  .string()
  .check(z.refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text));
const text = z.string().check(z.minLength(1), z.maxLength(1024));

const schema: z.ZodMiniType<ExemptionDocument> = z.strictObject({
  schema: z.literal(1),
  accountId: z.string().check(z.regex(/^\d{12}$/)),
  userId: text,
  reason: text,
  requestedBy: text,
  expires: instant,
  writtenAt: instant,
  runId: z.exactOptional(text),
});

const prefixOf = (accountId: string): string => `iam/${accountId}/exemption/`;
const keyOf = (accountId: string, userId: string): string => `${prefixOf(accountId)}${userId}`;

const parse = (key: string, value: Json): ExemptionDocument => {
  const version = (value as { schema?: unknown } | null)?.schema;
  if (typeof version === 'number' && version > 1)
    throw new RemediationError({
      code: 'EXEMPTION_NEWER',
      message: `The exemption ${key} has schema ${version}, written by a newer remedykit. Update this function; it acts on nobody whom it may not understand to be exempt.`,
      retryable: true,
    });
  const parsed = z.safeParse(schema, value);
  if (parsed.success && keyOf(parsed.data.accountId, parsed.data.userId) === key) return parsed.data;
  throw new RemediationError({
    code: 'EXEMPTION_BROKEN',
    message: `The exemption ${key} does not fit its schema or its key. Nothing is done about that user until it is mended or deleted.`,
  });
};

const listed = ({ userId, reason, requestedBy, expires }: ExemptionDocument): ListedExemption => ({
  kind: 'user-id',
  value: userId,
  reason: `${reason} (${requestedBy})`,
  expires,
});

/** The exemptions that people asked for. */
export interface StoredExemptions {
  /** Those that are over among them: they are reported. */
  readonly exemptions: readonly ListedExemption[];
  /** Documents that cannot be read, by user id: nothing may be done about these users. */
  readonly broken: ReadonlyMap<string, RemediationError>;
}

/**
 * All exemptions of an account that people asked for, however many pages they fill.
 * @throws RemediationError `EXEMPTION_NEWER` (retryable), and what the store throws; nobody may be acted on then
 */
export const readExemptionDocuments = async (store: StateStore, accountId: string): Promise<StoredExemptions> => {
  const prefix = prefixOf(accountId);
  const documents = await collectPages<Stored>(
    async (token) => {
      const page = await store.list(prefix, { limit: 1000, ...(token === undefined ? {} : { token }) });
      return { items: page.documents, nextToken: page.nextToken };
    },
    { maxPages: 100_000 },
  );
  const exemptions: ListedExemption[] = [];
  const broken = new Map<string, RemediationError>();
  for (const { key, value } of documents) {
    try {
      exemptions.push(listed(parse(key, value)));
    } catch (error) {
      if (!isRemediationError(error) || error.code !== 'EXEMPTION_BROKEN') throw error;
      broken.set(key.slice(prefix.length), error);
    }
  }
  return { exemptions, broken };
};

/**
 * The exemption of one user, read right before something is done about the user.
 * @throws RemediationError `EXEMPTION_NEWER` (retryable), `EXEMPTION_BROKEN`, and what the store throws
 */
export const readExemptionOf = async (
  store: StateStore,
  { accountId, userId }: { readonly accountId: string; readonly userId: string },
): Promise<ListedExemption | undefined> => {
  const key = keyOf(accountId, userId);
  const stored = await store.get(key);
  return stored === undefined ? undefined : listed(parse(key, stored.value));
};

const attempts = 10;

/**
 * Exempts a user; workers notice right before they act. Idempotent, and never shortens an exemption that lasts longer.
 * @returns the exemption that then holds
 * @throws RemediationError `EXEMPTION_NEWER` and `STATE_CONFLICT` (retryable), `EXEMPTION_BROKEN`, and what the store throws
 */
export const writeExemption = async (store: StateStore, exemption: ExemptionDocument): Promise<ExemptionDocument> => {
  const key = keyOf(exemption.accountId, exemption.userId);
  let stored = await store.get(key);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const held = stored === undefined ? undefined : parse(key, stored.value);
    if (held !== undefined && Date.parse(held.expires) >= Date.parse(exemption.expires)) return held;
    const value = toJson(exemption);
    const written = await (stored === undefined
      ? store.putIfAbsent(key, value)
      : store.compareAndSet(key, value, stored.version));
    if (written.ok) return exemption;
    stored = written.current;
  }
  throw new RemediationError({
    code: 'STATE_CONFLICT',
    message: `The exemption ${key} was changed by others ${attempts} times in a row. Try again.`,
    retryable: true,
  });
};
