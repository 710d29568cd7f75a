import {
  type Duration,
  hours,
  type Instant,
  RemediationError,
  type StateStore,
  toInstant,
  toJson,
} from '@remedykit/core';
import * as z from 'zod/mini';
import { storedInstant } from '../state/fields.ts';
import { sha256 } from '../warnings/mail-key.ts';

/** How far a run came in one account. */
export interface AccountProgress {
  readonly done: boolean;
  /** The name of the user up to whom everything was done, in the order of names. */
  readonly after?: string;
}

/** How far a run came that ended for want of time: the next call goes on with it. */
export interface Progress {
  readonly schema: 1;
  readonly runId: string;
  readonly startedAt: Instant;
  readonly accounts: Readonly<Record<string, AccountProgress>>;
}

/** After this long a run is not gone on with: what it found is too old. */
const goesOnFor: Duration = hours(1);

const schema: z.ZodMiniType<Progress> = z.strictObject({
  schema: z.literal(1),
  runId: z.string().check(z.regex(/^[\w.:-]{1,128}$/)),
  startedAt: storedInstant,
  accounts: z.record(z.string(), z.strictObject({ done: z.boolean(), after: z.exactOptional(z.string()) })),
});

/** Enforcers of other accounts may share the store. */
const keyOf = (accounts: readonly string[]): string => `iam/run/${sha256([...accounts].sort().join(','))}`;

/**
 * The run to go on with, if one ended for want of time within the last hour. What cannot be read is not gone on with, for
 * nothing is lost by it: every step is idempotent.
 * @throws what the store throws
 */
export const readProgress = async (
  store: StateStore,
  accounts: readonly string[],
  now: Date,
): Promise<Progress | undefined> => {
  const stored = await store.get(keyOf(accounts));
  const parsed = stored === undefined ? undefined : z.safeParse(schema, stored.value);
  if (parsed === undefined || !parsed.success) return undefined;
  const age = now.getTime() - Date.parse(parsed.data.startedAt);
  // One that came to its end in all of them would keep the next from looking at any.
  const isOver = accounts.every((accountId) => parsed.data.accounts[accountId]?.done === true);
  return age >= 0 && age < goesOnFor && !isOver ? parsed.data : undefined;
};

const attempts = 5;

/** Keeps how far a run came; `undefined`: it has come to its end. Of runs that fall together the last word stands. */
export const keepProgress = async (
  store: StateStore,
  accounts: readonly string[],
  progress: Progress | undefined,
): Promise<void> => {
  const key = keyOf(accounts);
  let stored = await store.get(key);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (progress === undefined) {
      if (stored === undefined) return;
      const deleted = await store.delete(key, stored.version);
      if (deleted.ok) return;
      stored = deleted.current;
      continue;
    }
    const value = toJson(progress);
    const written = await (stored === undefined
      ? store.putIfAbsent(key, value)
      : store.compareAndSet(key, value, stored.version));
    if (written.ok) return;
    stored = written.current;
  }
  throw new RemediationError({
    code: 'STATE_CONFLICT',
    message: `The document ${key} was changed by others ${attempts} times in a row.`,
    retryable: true,
  });
};

/** A run that has just begun. */
export const beginProgress = (runId: string, startedAt: Date): Progress => ({
  schema: 1,
  runId,
  startedAt: toInstant(startedAt),
  accounts: {},
});
