import { type Json, RemediationError, type StateStore, toInstant } from '@remedykit/core';
import * as z from 'zod/mini';
import type { JournalEntry } from '../model/action.ts';
import { changeDocument } from '../state/change-document.ts';
import { storedInstant } from '../state/fields.ts';
import { countedUsers, isWithinWindow, type Reservations, reservationBucket } from './limits.ts';

interface LimitDocument extends Reservations {
  readonly schema: 1;
}

const schema: z.ZodMiniType<LimitDocument> = z.strictObject({
  schema: z.literal(1),
  buckets: z.array(
    z.strictObject({ start: storedInstant, users: z.array(z.string().check(z.minLength(1), z.maxLength(128))) }),
  ),
});

const keyOf = (accountId: string): string => `iam/${accountId}/limits`;

const parse = (key: string, value: Json): LimitDocument => {
  const version = (value as { schema?: unknown } | null)?.schema;
  if (typeof version === 'number' && version > 1)
    throw new RemediationError({
      code: 'LIMITS_NEWER',
      message: `The document ${key} has schema ${version}, written by a newer remedykit. Update this function; without it nobody is acted on.`,
      retryable: true,
    });
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new RemediationError({
    code: 'LIMITS_INVALID',
    message: `The document ${key} does not fit its schema at ${parsed.error.issues[0]?.path.join('.') || '(root)'}. Nobody is acted on until it is mended or deleted; the journal still counts whom runs acted on.`,
  });
};

/**
 * For whom room is reserved in an account.
 * @throws RemediationError `LIMITS_INVALID`, `LIMITS_NEWER` (retryable), and what the store throws
 */
export const readReservations = async (store: StateStore, accountId: string): Promise<Reservations> => {
  const key = keyOf(accountId);
  const stored = await store.get(key);
  return { buckets: stored === undefined ? [] : parse(key, stored.value).buckets };
};

/** Old hours go, and those of a clock that ran ahead move to this one, so that they are forgotten in time. */
const current = (buckets: Reservations['buckets'], now: Date): { start: string; users: string[] }[] => {
  const hour = Math.floor(now.getTime() / reservationBucket) * reservationBucket;
  const users = new Map<number, Set<string>>([[hour, new Set()]]);
  for (const { start, users: ids } of buckets) {
    if (!isWithinWindow(start, now)) continue;
    const at = Math.min(Date.parse(start), hour);
    users.set(at, new Set([...(users.get(at) ?? []), ...ids]));
  }
  return [...users]
    .sort(([one], [other]) => one - other)
    .map(([start, ids]) => ({ start: toInstant(new Date(start)), users: [...ids].sort() }));
};

const change = async (
  store: StateStore,
  accountId: string,
  to: (buckets: Reservations['buckets']) => Reservations['buckets'] | undefined,
): Promise<void> => {
  await changeDocument<LimitDocument>(store, { key: keyOf(accountId), parse }, (held) => {
    const buckets = to(held?.buckets ?? []);
    return buckets === undefined ? undefined : { schema: 1, buckets };
  });
};

/** What a reservation is made against. */
export interface ReserveRequest {
  readonly accountId: string;
  /** Whom the plan acts on, in its order. */
  readonly userIds: readonly string[];
  /** How many users 24 hours allow: `usersPerDay`. */
  readonly most: number;
  /** Entries of the account's journal. */
  readonly journal: readonly JournalEntry[];
  readonly now: Date;
}

/**
 * Reserves room within the day's limit before anybody is acted on, by compare-and-set: runs that are resumed or fall
 * together share one limit. A user who counts already needs none.
 * @returns ids of those who may be acted on; the others are beyond the limit
 * @throws RemediationError `LIMITS_INVALID`, `LIMITS_NEWER` and `STATE_CONFLICT` (retryable), and what the store throws:
 * nobody may be acted on then
 */
export const reserveUsers = async (
  store: StateStore,
  { accountId, userIds, most, journal, now }: ReserveRequest,
): Promise<ReadonlySet<string>> => {
  let allowed = new Set<string>();
  await change(store, accountId, (held) => {
    const counted = new Set(countedUsers(journal, { buckets: held }, now));
    allowed = new Set();
    for (const userId of userIds) {
      if (!counted.has(userId) && counted.size >= most) continue;
      counted.add(userId);
      allowed.add(userId);
    }
    const buckets = current(held, now);
    const [newest, ...older] = buckets.reverse();
    const isNew = [...allowed].some((userId) => newest?.users.includes(userId) !== true);
    if (newest === undefined || !isNew) return undefined;
    // Whoever is acted on again counts from then on.
    const kept = older.map(({ start, users }) => ({ start, users: users.filter((userId) => !allowed.has(userId)) }));
    return [
      ...kept.filter(({ users }) => users.length > 0).reverse(),
      { ...newest, users: [...new Set([...newest.users, ...allowed])].sort() },
    ];
  });
  return allowed;
};
