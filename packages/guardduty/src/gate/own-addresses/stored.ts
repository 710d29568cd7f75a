import { RemediationError, type StateStore, type Stored, toInstant } from '@remedykit/core';
import * as z from 'zod/mini';
import type { OwnAddresses } from '../../nacl/options.ts';
import type { Target } from '../../nacl/outcome.ts';
import { parseCidr } from '../cidr.ts';

/** Own addresses of one account and Region as they are stored. */
export interface StoredOwnAddresses {
  readonly schema: 1;
  readonly accountId: string;
  readonly region: string;
  /** ISO 8601. */
  readonly asOf: string;
  readonly cidrs: readonly string[];
}

/** Above this many characters of addresses a document is refused; the store takes 256 KB. About 11,000 IPv4 addresses. */
export const maxStoredCharacters = 200_000;

export const ownAddressesPrefix = 'own-addresses/';

export const ownAddressesKey = ({ accountId, region }: Target): string => `${ownAddressesPrefix}${accountId}/${region}`;

const isCidr = (text: string): boolean => {
  try {
    parseCidr(text);
    return true;
  } catch {
    return false;
  }
};

const documentSchema = z.strictObject({
  schema: z.literal(1),
  accountId: z.string(),
  region: z.string(),
  asOf: z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)))),
  cidrs: z.array(z.string().check(z.refine(isCidr))),
});

/** @throws RemediationError `OWN_ADDRESSES_NEWER` (retryable), `OWN_ADDRESSES_INVALID` */
export const parseStoredOwnAddresses = ({ key, value }: Pick<Stored, 'key' | 'value'>): StoredOwnAddresses => {
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (typeof schema === 'number' && schema > 1) {
    throw new RemediationError({
      code: 'OWN_ADDRESSES_NEWER',
      message: `The document ${key} has schema ${schema}, written by a newer remedykit. Update this function; it does not write to what it cannot read.`,
      retryable: true,
    });
  }
  const parsed = z.safeParse(documentSchema, value);
  if (parsed.success && ownAddressesKey(parsed.data) === key) return parsed.data;
  const where = parsed.success
    ? 'is about another account or Region'
    : `does not fit its schema at ${parsed.error.issues[0]?.path.join('.') || '(root)'}`;
  throw new RemediationError({
    code: 'OWN_ADDRESSES_INVALID',
    message: `The own addresses in ${key} cannot be relied on: the document ${where}. Delete it and refresh.`,
  });
};

/** The document for what was read. Throws `OWN_ADDRESSES_TOO_MANY`: a part of them would say that the rest is nobody's. */
export const ownAddressesDocument = (target: Target, { cidrs, asOf }: OwnAddresses): StoredOwnAddresses => {
  const own = [...new Set(cidrs)].toSorted();
  const characters = own.reduce((sum, cidr) => sum + cidr.length + 3, 0);
  if (characters > maxStoredCharacters) {
    throw new RemediationError({
      code: 'OWN_ADDRESSES_TOO_MANY',
      message: `${target.accountId}, ${target.region} has ${own.length} own addresses, which are ${characters} characters; at most ${maxStoredCharacters} are stored in one document. Store the pools that they are from instead (read: …), or use IPAM.`,
    });
  }
  return { schema: 1, accountId: target.accountId, region: target.region, asOf: toInstant(asOf), cidrs: own };
};

/** What is read of the store. */
export interface StoredOwnAddressesOptions {
  readonly store: StateStore;
  /** The accounts and Regions whose addresses are ours, each refreshed by itself. Default: the finding's alone. */
  readonly targets?: readonly Target[];
}

/**
 * An `ownAddresses` that reads what `refreshOwnAddresses` stored: of the finding's account and Region, or of all `targets`
 * together. They are as old as the oldest document, so an account that is no longer refreshed ends blocking until it is
 * taken off the list; it is never left out in silence.
 * @throws RemediationError at each call: `OWN_ADDRESSES_MISSING` (retryable) where a document is not there, with
 * `OWN_ADDRESSES_INVALID`, `OWN_ADDRESSES_NEWER`, and what the store throws
 * @example
 * ```ts
 * import { createMemoryStore } from '@remedykit/core';
 * import { createStoredOwnAddresses } from '@remedykit/guardduty';
 * const ownAddresses = createStoredOwnAddresses({
 *   store: createMemoryStore(),
 *   targets: ['111122223333', '444455556666'].map((accountId) => ({ accountId, region: 'eu-west-1' })),
 * });
 * ```
 */
export const createStoredOwnAddresses =
  ({ store, targets = [] }: StoredOwnAddressesOptions): ((target: Target) => Promise<OwnAddresses>) =>
  async (target) => {
    const keys = [...new Set([...targets, target].map(ownAddressesKey))];
    const documents = keys.length === 1 ? await readOne(store, keys[0] ?? '') : await readAll(store, new Set(keys));
    const missing = keys.filter((key) => !documents.has(key));
    if (missing.length > 0) {
      throw new RemediationError({
        code: 'OWN_ADDRESSES_MISSING',
        message: `${missing.length} of ${keys.length} documents of own addresses are not in the store (${missing.slice(0, 5).join(', ')}). Run refreshOwnAddresses for them.`,
        retryable: true,
      });
    }
    const read = keys.flatMap((key) => documents.get(key) ?? []).map(parseStoredOwnAddresses);
    return {
      cidrs: [...new Set(read.flatMap(({ cidrs }) => cidrs))],
      asOf: new Date(Math.min(...read.map(({ asOf }) => Date.parse(asOf)))),
    };
  };

const readOne = async (store: StateStore, key: string): Promise<ReadonlyMap<string, Stored>> => {
  const stored = await store.get(key);
  return new Map(stored === undefined ? [] : [[key, stored]]);
};

const readAll = async (store: StateStore, keys: ReadonlySet<string>): Promise<ReadonlyMap<string, Stored>> => {
  const documents = new Map<string, Stored>();
  let token: string | undefined;
  do {
    const page = await store.list(ownAddressesPrefix, token === undefined ? {} : { token });
    for (const stored of page.documents) if (keys.has(stored.key)) documents.set(stored.key, stored);
    token = page.nextToken;
  } while (token !== undefined);
  return documents;
};
