import { RemediationError } from '../errors.ts';
import type { StateStore } from '../state/store.ts';
import { type Clock, type Duration, systemClock, toInstant } from '../time.ts';
import { changeControl, controlKey, maxPauseMs, type Pause, type PauseScope } from './control-document.ts';
import { type Author, authorFault } from './request.ts';

/** A pause as it is asked for. */
export interface PauseRequest extends Author {
  /** Default `new-denies`: releases still work. */
  readonly scope?: PauseScope;
  /** An instant, or a length in ms from now (`hours(2)`); in the future and at most 24 hours ahead. */
  readonly until: Date | Duration;
  /** 12 digits; absent: every account. */
  readonly accountId?: string;
}

/** The end of a pause as it is asked for. */
export interface ResumeRequest extends Author {
  /** 12 digits; absent: the pause of every account. A pause of one account is ended by naming it. */
  readonly accountId?: string;
}

const refuse = (fault: string | undefined): void => {
  if (fault !== undefined) throw new RemediationError({ code: 'PAUSE_INVALID', message: fault });
};

const isActive = ({ until }: Pause, now: Date): boolean => now.getTime() < Date.parse(until);

const covers = (one: Pause, other: Pause): boolean =>
  (one.scope === 'all-writes' || other.scope === 'new-denies') && Date.parse(one.until) >= Date.parse(other.until);

/**
 * Pauses writes; workers notice within 15 seconds. A pause never shortens or narrows another one that is in force.
 * Returns the pauses in force for the account, or for every account. IAM actions: those of the store's `get` and writes.
 * @throws RemediationError `PAUSE_INVALID`, `OPTION_INVALID` (account), `CONTROL_MALFORMED`, `SCHEMA_NEWER`,
 * `STATE_CONFLICT` (retryable)
 * @example
 * ```ts
 * import { createMemoryStore, hours, pause } from '@remedykit/core';
 * const store = createMemoryStore();
 * await pause(store, { reason: 'network change window', requestedBy: 'a.smith', until: hours(2) });
 * ```
 */
export const pause = async (
  store: StateStore,
  request: PauseRequest,
  { now = systemClock }: { readonly now?: Clock } = {},
): Promise<readonly Pause[]> => {
  const { scope = 'new-denies', reason, requestedBy, until, accountId } = request;
  refuse(authorFault(request));
  if (scope !== 'new-denies' && scope !== 'all-writes')
    refuse(`scope must be 'new-denies' or 'all-writes', it is ${JSON.stringify(scope)}.`);
  const from = now();
  const end = until instanceof Date ? until.getTime() : from.getTime() + until;
  if (!(end > from.getTime() && end <= from.getTime() + maxPauseMs))
    refuse('until must lie in the future and at most 24 hours ahead; a longer pause is asked for again.');
  const asked: Pause = { scope, reason, requestedBy, from: toInstant(from), until: toInstant(new Date(end)) };
  let inForce: readonly Pause[] = [];
  await changeControl(store, controlKey(accountId), (document) => {
    const active = document.pauses.filter((other) => isActive(other, from));
    inForce = active.some((other) => covers(other, asked))
      ? active
      : [...active.filter((other) => !covers(asked, other)), asked];
    return { ...document, pauses: inForce };
  });
  return inForce;
};

/**
 * Ends the pauses of one account, or those of every account; they are independent. Returns what was ended. Who asked and
 * why is kept in the control document. IAM actions: those of the store's `get` and writes.
 * @throws RemediationError `PAUSE_INVALID`, `OPTION_INVALID` (account), `CONTROL_MALFORMED`, `SCHEMA_NEWER`,
 * `STATE_CONFLICT` (retryable)
 */
export const resume = async (
  store: StateStore,
  request: ResumeRequest,
  { now = systemClock }: { readonly now?: Clock } = {},
): Promise<readonly Pause[]> => {
  const { reason, requestedBy, accountId } = request;
  refuse(authorFault(request));
  const at = now();
  let ended: readonly Pause[] = [];
  await changeControl(store, controlKey(accountId), (document) => {
    ended = document.pauses.filter((other) => isActive(other, at));
    return { ...document, pauses: [], lastResume: { reason, requestedBy, at: toInstant(at) } };
  });
  return ended;
};
