import { type Instant, toInstant } from '@remedykit/core';
import type { Exempt } from '../model/case.ts';
import type { UserDocument } from './documents.ts';
import type { Look } from './look.ts';

/** The exemption as it is remembered: while it holds its end, after it when it was over. */
export const rememberExemption = (document: UserDocument, exempt: Exempt | undefined, now: Date): UserDocument => {
  const { exemptUntil, ...rest } = document;
  if (exempt !== undefined)
    return exempt.expires === exemptUntil ? document : { ...document, exemptUntil: exempt.expires };
  if (exemptUntil === undefined) return document;
  return { ...rest, lastExemptAt: toInstant(new Date(Math.min(now.getTime(), Date.parse(exemptUntil)))) };
};

/** By what a look was made. */
export interface LookedBy {
  readonly row: string;
  /** When the report was made, where it says otherwise than the look. */
  readonly report?: Instant;
}

/** What a look found, as it is remembered; the document itself where that changes nothing. */
export const rememberLook = (document: UserDocument, found: Look, by: LookedBy | undefined): UserDocument => {
  const { seen: _, ...rest } = document;
  const next: UserDocument = {
    ...rest,
    memory: found.memory,
    // What could not be judged is looked at again.
    ...(by === undefined || found.skipped.length > 0 ? {} : { seen: { ...by, cases: found.cases } }),
  };
  return JSON.stringify(next) === JSON.stringify(document) ? document : next;
};

/**
 * Cases that are no more, for we acted on their credential. A later report that still shows it active means that somebody
 * made it so.
 */
export const rememberActed = (document: UserDocument, caseIds: readonly string[], report: Instant): UserDocument => {
  const { seen } = document;
  if (seen === undefined || !seen.cases.some(({ id }) => caseIds.includes(id))) return document;
  const cases = seen.cases.filter(({ id }) => !caseIds.includes(id));
  return { ...document, seen: { row: seen.row, report, cases } };
};
