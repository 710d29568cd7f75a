import { isIP } from 'node:net';
import { RemediationError } from '../errors.ts';
import { type Json, toJson } from '../json.ts';
import { invalidOption } from '../options.ts';
import type { StateStore } from '../state/store.ts';
import { hours, type Instant } from '../time.ts';

/** What a pause stops: new denies alone, so that releases still work, or every write. */
export type PauseScope = 'new-denies' | 'all-writes';

/** A stop that a person asked for, with its end. */
export interface Pause {
  readonly scope: PauseScope;
  readonly reason: string;
  readonly requestedBy: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** A range that must not be blocked for a while, because a person said so. */
export interface Suppression {
  readonly cidr: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly until: Instant;
}

/** The control document of one account, at `control/<accountId>`, or of every account, at `control/all`. */
export interface ControlDocument {
  readonly schema: 1;
  /** At most two: what a wider and longer pause covers is not kept. */
  readonly pauses: readonly Pause[];
  readonly suppressions: readonly Suppression[];
  readonly lastResume?: { readonly reason: string; readonly requestedBy: string; readonly at: Instant };
}

/** The longest pause. */
export const maxPauseMs: number = hours(24);

/**
 * Key of the control document of one account; without an account: of every account.
 * @throws RemediationError `OPTION_INVALID` when the account is not 12 digits
 */
export const controlKey = (accountId?: string): string => {
  if (accountId === undefined) return 'control/all';
  if (/^\d{12}$/.test(accountId)) return `control/${accountId}`;
  throw invalidOption('control', `accountId must be 12 digits, it is ${JSON.stringify(accountId)}.`);
};

/**
 * True for an address with a prefix length, `198.51.100.0/24`, written so that every reader takes it for the same: no zone,
 * no leading zeros, dots in IPv6 for `::ffff:198.51.100.7` alone. A domain could not read anything else, and would stop.
 */
export const isCidr = (text: string): boolean => {
  const [, address = '', length = ''] = /^([^/%]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const family = isIP(address);
  if (family === 6 && address.includes('.') && !/^::ffff:[\d.]+$/i.test(address)) return false;
  return family !== 0 && Number(length) <= (family === 4 ? 32 : 128);
};

type Fields = { readonly [key: string]: Json | undefined };

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: Json | undefined): value is string => typeof value === 'string' && value.trim() !== '';
const isInstant = (value: Json | undefined): value is Instant =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value));
const hasAuthor = (value: Fields): boolean => isText(value.reason) && isText(value.requestedBy);

const isPause = (value: Json): boolean =>
  isFields(value) &&
  (value.scope === 'new-denies' || value.scope === 'all-writes') &&
  hasAuthor(value) &&
  isInstant(value.from) &&
  isInstant(value.until) &&
  Date.parse(value.until) - Date.parse(value.from) <= maxPauseMs;

const isSuppression = (value: Json): boolean =>
  isFields(value) && isText(value.cidr) && isCidr(value.cidr) && hasAuthor(value) && isInstant(value.until);

const malformed = (key: string, what: string): RemediationError =>
  new RemediationError({
    code: 'CONTROL_MALFORMED',
    message: `The control document ${key} ${what}. All writes are paused until it is put right or deleted.`,
  });

/**
 * Reads a stored control document; an absent one pauses and suppresses nothing.
 * @throws RemediationError `CONTROL_MALFORMED`, `SCHEMA_NEWER`
 */
export const parseControlDocument = (key: string, value: Json | undefined): ControlDocument => {
  if (value === undefined) return { schema: 1, pauses: [], suppressions: [] };
  if (!isFields(value)) throw malformed(key, 'is no object');
  if (typeof value.schema === 'number' && value.schema > 1)
    throw new RemediationError({
      code: 'SCHEMA_NEWER',
      message: `The document ${key} has schema ${value.schema}, this version knows 1. Update this function; it writes nothing until then.`,
    });
  if (value.schema !== 1) throw malformed(key, 'has no schema');
  if (!Array.isArray(value.pauses) || !value.pauses.every(isPause)) throw malformed(key, 'has a malformed pause');
  if (!Array.isArray(value.suppressions) || !value.suppressions.every(isSuppression))
    throw malformed(key, 'has a malformed suppression');
  // Every field that is read was checked above.
  return value as unknown as ControlDocument;
};

const attempts = 10;

/**
 * Changes a control document by compare-and-set, again when somebody else was faster.
 * @throws RemediationError `STATE_CONFLICT` (retryable) after ten conflicts, and what `parseControlDocument` throws: a
 * document that this version cannot read is never overwritten
 */
export const changeControl = async (
  store: StateStore,
  key: string,
  change: (document: ControlDocument) => ControlDocument,
): Promise<void> => {
  let stored = await store.get(key);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const value = toJson(change(parseControlDocument(key, stored?.value)));
    const result = await (stored === undefined
      ? store.putIfAbsent(key, value)
      : store.compareAndSet(key, value, stored.version));
    if (result.ok) return;
    stored = result.current;
  }
  throw new RemediationError({
    code: 'STATE_CONFLICT',
    message: `The document ${key} was changed by others ${attempts} times in a row. Try again.`,
    retryable: true,
  });
};
