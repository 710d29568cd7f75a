import { type ErrorSummary, summarizeError } from '../errors.ts';
import { invalidOption, nonNegative } from '../options.ts';
import type { Reason } from '../plan.ts';
import type { StateStore } from '../state/store.ts';
import { type Clock, type Duration, seconds, systemClock } from '../time.ts';
import {
  type ControlDocument,
  controlKey,
  type Pause,
  parseControlDocument,
  type Suppression,
} from './control-document.ts';

/** What people have said about one account, merged from its own control document and that of every account. Plain JSON. */
export type ControlState =
  | { readonly readable: true; readonly pauses: readonly Pause[]; readonly suppressions: readonly Suppression[] }
  /** The store or a document could not be read: everything is paused. */
  | { readonly readable: false; readonly error: ErrorSummary };

/** Reads control documents, each at most `maxAgeMs` old. */
export interface ControlReader {
  /** Never rejects for a store that fails: `readable: false` says so. */
  read(accountId: string): Promise<ControlState>;
}

/** Options of a control reader. */
export interface ControlReaderOptions {
  readonly now?: Clock;
  /** How old an answer may be, in ms; default and at most 15 seconds. */
  readonly maxAgeMs?: Duration;
}

const longestAge = seconds(15);

/**
 * Reads the control documents of accounts. Answers are kept for `maxAgeMs`, counted from the start of the read, and
 * concurrent reads share one request; a failure is not kept. IAM actions: those of the store's `get`.
 * @throws RemediationError `OPTION_INVALID` when `maxAgeMs` is over 15 seconds
 */
export const createControlReader = (
  store: Pick<StateStore, 'get'>,
  { now = systemClock, maxAgeMs = longestAge }: ControlReaderOptions = {},
): ControlReader => {
  nonNegative('createControlReader', 'maxAgeMs', maxAgeMs);
  if (maxAgeMs > longestAge)
    throw invalidOption('createControlReader', `maxAgeMs is at most ${longestAge}: a pause must be noticed in time.`);

  const cache = new Map<string, { readonly at: number; readonly document: Promise<ControlDocument> }>();
  const load = (key: string): Promise<ControlDocument> => {
    const at = now().getTime();
    const kept = cache.get(key);
    // A clock that was set back makes the age negative: read again.
    if (kept && at >= kept.at && at - kept.at < maxAgeMs) return kept.document;
    const document = store.get(key).then((stored) => parseControlDocument(key, stored?.value));
    const entry = { at, document };
    cache.set(key, entry);
    document.catch(() => {
      if (cache.get(key) === entry) cache.delete(key);
    });
    return document;
  };

  return {
    async read(accountId) {
      const own = controlKey(accountId);
      try {
        const documents = await Promise.all([load(own), load(controlKey())]);
        return {
          readable: true,
          pauses: documents.flatMap(({ pauses }) => pauses),
          suppressions: documents.flatMap(({ suppressions }) => suppressions),
        };
      } catch (error) {
        return { readable: false, error: summarizeError(error) };
      }
    },
  };
};

/** What a write does: `new-deny` blocks something, `release` lets something through again. */
export type WriteKind = 'new-deny' | 'release';

/**
 * Why a write must not take place now, if it must not: `paused`, or `control-unreadable` (which stops every write, for
 * nobody knows whether they are paused). Pure.
 */
export const pausedFor = (control: ControlState, kind: WriteKind, now: Date): Reason | undefined => {
  if (!control.readable)
    return {
      reason: 'control-unreadable',
      because: `Whether writes are paused could not be read (${control.error.code}: ${control.error.message}), so nothing is written.`,
    };
  const [pause] = control.pauses
    .filter(({ scope, until }) => now.getTime() < Date.parse(until) && (kind === 'new-deny' || scope === 'all-writes'))
    .sort((left, right) => Date.parse(right.until) - Date.parse(left.until));
  return (
    pause && {
      reason: 'paused',
      because: `${pause.requestedBy} paused ${pause.scope === 'all-writes' ? 'all writes' : 'new denies'} until ${pause.until}: ${pause.reason}`,
    }
  );
};

/** The suppressions that hold at `now`; none when the control state could not be read, for then nothing is blocked. Pure. */
export const suppressionsAt = (control: ControlState, now: Date): readonly Suppression[] =>
  control.readable ? control.suppressions.filter(({ until }) => now.getTime() < Date.parse(until)) : [];
