import { type Instant, type StateStore, toJson } from '@remedykit/core';
import type { JournalEntry, Restoration } from '../model/action.ts';
import { changeDocument } from '../state/change-document.ts';
import { type Listed, listDocuments } from '../state/list-documents.ts';
import type { SetAside } from '../warnings/mail-store.ts';
import { type EntryIdentity, journalKey, journalPrefix, parseEntry, runPrefix } from './journal-document.ts';

/** Entries of a journal. */
export interface StoredEntries {
  /** In the order in which they were intended. */
  readonly entries: readonly JournalEntry[];
  /** The same, as they are stored. */
  readonly held: readonly Listed<JournalEntry>[];
  /** Documents that are broken, to be reported: whoever counts what was done must count them too. */
  readonly setAside: readonly SetAside[];
}

/** Where an entry stands, by what was written of it. */
export type EntryStatus = 'intended' | 'completed' | 'failed' | 'restoring' | 'restored';

/** Where an entry stands. Pure. */
export const statusOf = ({ completedAt, failedAt, restoring, restored }: JournalEntry): EntryStatus => {
  if (restored !== undefined) return 'restored';
  if (restoring !== undefined) return 'restoring';
  if (completedAt !== undefined) return 'completed';
  return failedAt === undefined ? 'intended' : 'failed';
};

const listEntries = async (store: StateStore, prefix: string): Promise<StoredEntries> => {
  const { held, broken } = await listDocuments(store, prefix, { parse: parseEntry, brokenCode: 'JOURNAL_INVALID' });
  const inOrder = [...held].sort((one, other) => one.document.intendedAt.localeCompare(other.document.intendedAt));
  return {
    entries: inOrder.map(({ document }) => document),
    held: inOrder,
    setAside: broken.map(({ key, error }) => ({ key, because: error.message })),
  };
};

/**
 * All that a run intended in one account, however many pages it fills.
 * @throws RemediationError `RUN_ID_INVALID`, `JOURNAL_NEWER` (retryable), and what the store throws
 */
export const listRun = async (store: StateStore, accountId: string, runId: string): Promise<StoredEntries> =>
  listEntries(store, runPrefix(accountId, runId));

/**
 * All that was ever intended in one account, however many pages it fills.
 * @throws RemediationError `JOURNAL_NEWER` (retryable), and what the store throws
 */
export const listAccount = (store: StateStore, accountId: string): Promise<StoredEntries> =>
  listEntries(store, journalPrefix(accountId));

/** An entry as it shall be; `undefined`: as it is. */
type EntryChange = (entry: JournalEntry | undefined) => JournalEntry | undefined;

/** Changes an entry by compare-and-set, again when somebody else was faster; gives it as it then is. */
const changeEntry = async (
  store: StateStore,
  identity: EntryIdentity,
  change: EntryChange,
): Promise<JournalEntry | undefined> =>
  (await changeDocument(store, { key: journalKey(identity), parse: parseEntry }, change))?.document;

/** The entry as it is stored, and whether this call may go on to the effect. */
export interface Intent {
  readonly entry: JournalEntry;
  /**
   * - `intended`: written now
   * - `again`: an earlier attempt of the same step left no trace of its effect, or failed
   * - `settled`: the step of this run took effect, or was undone, before
   */
  readonly status: 'intended' | 'again' | 'settled';
}

/**
 * Stores what is about to change, before it does. A step that an earlier attempt intended keeps what that one found: it
 * was there first.
 * @throws RemediationError `RUN_ID_INVALID`, `JOURNAL_INVALID`, `JOURNAL_NEWER` and `STATE_CONFLICT` (retryable), and what
 * the store throws; without an intent nothing may take effect
 */
export const intend = async (store: StateStore, entry: JournalEntry): Promise<Intent> => {
  const key = journalKey(entry);
  // The usual case costs one write and no read.
  const written = await store.putIfAbsent(key, toJson(entry));
  if (written.ok) return { entry, status: 'intended' };
  let status: Intent['status'] = 'settled';
  const held = await changeEntry(store, entry, (there) => {
    if (there === undefined) {
      status = 'intended';
      return entry;
    }
    const is = statusOf(there);
    status = is === 'intended' || is === 'failed' ? 'again' : 'settled';
    // What failed had no effect: it begins anew, with what is found now.
    return is === 'failed' ? { ...entry, requestIds: there.requestIds } : undefined;
  });
  return { entry: held ?? entry, status };
};

/** What is learned of an effect. */
export interface EffectSeen {
  readonly at: Instant;
  readonly requestIds?: readonly string[];
  /** True where it was seen by looking, and not from the answer of the write. */
  readonly settled?: boolean;
}

const seen = (entry: JournalEntry, { at, requestIds = [], settled = false }: EffectSeen): JournalEntry => ({
  ...entry,
  requestIds: [...new Set([...entry.requestIds, ...requestIds])],
  ...(settled ? { settledAt: at } : {}),
});

/**
 * Marks that a change took effect; also where it was taken to have failed, for an effect that was seen is one. Idempotent.
 * @throws RemediationError as `intend`
 */
export const complete = async (store: StateStore, entry: JournalEntry, effect: EffectSeen): Promise<JournalEntry> => {
  const after = await changeEntry(store, entry, (there) => {
    const { failedAt: _failed, failure: _why, ...held } = there ?? entry;
    return held.completedAt === undefined ? { ...seen(held, effect), completedAt: effect.at } : undefined;
  });
  return after ?? entry;
};

/**
 * Marks that a change did not take effect, unless it is known that it did. Idempotent.
 * @throws RemediationError as `intend`
 */
export const fail = async (
  store: StateStore,
  entry: JournalEntry,
  { failure, ...effect }: EffectSeen & { readonly failure: string },
): Promise<JournalEntry> => {
  const after = await changeEntry(store, entry, (there) => {
    const held = there ?? entry;
    return statusOf(held) === 'intended' ? { ...seen(held, effect), failedAt: effect.at, failure } : undefined;
  });
  return after ?? entry;
};

/** Marks that a change is about to be undone; the first request stands. */
export const markRestoring = async (
  store: StateStore,
  entry: JournalEntry,
  restoring: Restoration,
): Promise<JournalEntry> => {
  const after = await changeEntry(store, entry, (there) => {
    const held = there ?? entry;
    return held.restoring === undefined && held.restored === undefined ? { ...held, restoring } : undefined;
  });
  return after ?? entry;
};

/** Marks that a change was undone; the request that was about to do so stands. */
export const markRestored = async (
  store: StateStore,
  entry: JournalEntry,
  restored: Restoration,
): Promise<JournalEntry> => {
  const after = await changeEntry(store, entry, (there) => {
    const { restoring, ...held } = there ?? entry;
    if (held.restored !== undefined) return undefined;
    return { ...held, restored: { ...(restoring ?? restored), at: restored.at } };
  });
  return after ?? entry;
};
