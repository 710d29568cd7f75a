import { RemediationError } from '@remedykit/core';
import { isFuture, isRequestText, longestText } from '../answers/request-text.ts';
import type { JournalEntry } from '../model/action.ts';

/** What `restore` is asked for. */
export interface RestoreRequest {
  readonly reason: string;
  readonly requestedBy: string;
  /** Until when the users whose access is given back are left alone. */
  readonly exemptUntil: Date;
  /** Names of users or ids of cases; absent: all of the run. */
  readonly only?: readonly string[];
}

const invalid = (what: string): RemediationError =>
  new RemediationError({ code: 'RESTORE_INVALID', message: `restore: ${what}.` });

/**
 * Checks what a person asks for: nothing is undone without a reason, a name, and an end of the exemption.
 * @throws RemediationError `RESTORE_INVALID`
 */
export const checkRestoreRequest = (request: RestoreRequest, now: Date): void => {
  const { reason, requestedBy, exemptUntil, only } = request;
  if (!isRequestText(reason))
    throw invalid(`reason must have 1 to ${longestText} characters; it is kept with what is undone`);
  if (!isRequestText(requestedBy))
    throw invalid(`requestedBy must have 1 to ${longestText} characters; it is kept with what is undone`);
  if (!isFuture(exemptUntil, now))
    throw invalid('exemptUntil must be a Date in the future; without it the next run acts again');
  if (only !== undefined && (!Array.isArray(only) || only.length === 0 || !only.every(isRequestText)))
    throw invalid('only must name at least one user or case; leave it out to undo the whole run');
};

const isMeant = ({ subject, caseId }: JournalEntry, name: string): boolean =>
  subject.userName.toLowerCase() === name.toLowerCase() || caseId === name || `${subject.userName}/${caseId}` === name;

/** Those of the names that an entry has. Pure. */
export const knownNames = (entries: readonly JournalEntry[], names: readonly string[]): readonly string[] =>
  names.filter((name) => entries.some((entry) => isMeant(entry, name)));

/**
 * Refuses names that no entry has: a slip must not look like a success.
 * @throws RemediationError `RESTORE_INVALID`
 */
export const checkNames = (entries: readonly JournalEntry[], names: readonly string[]): void => {
  const known = new Set(knownNames(entries, names));
  const stray = names.filter((name) => !known.has(name));
  if (stray.length > 0) throw invalid(`only names what this run did nothing about: ${stray.join(', ')}`);
};

/**
 * The entries that are meant. A case of `only` may go with its user, `ada/key-age/AKIA…`, for `mfa/password` is the case of
 * many.
 * @throws RemediationError `RESTORE_INVALID` for a name that no entry has
 */
export const selectEntries = (
  entries: readonly JournalEntry[],
  { only }: Pick<RestoreRequest, 'only'>,
): readonly JournalEntry[] => {
  if (only === undefined) return entries;
  checkNames(entries, only);
  return entries.filter((entry) => only.some((name) => isMeant(entry, name)));
};
