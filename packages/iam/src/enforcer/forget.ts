import { addTo, type Duration, days, type Instant, mapConcurrent, type StateStore } from '@remedykit/core';
import { statusOf } from '../actions/journal.ts';
import type { AnswerDocument } from '../answers/answer-documents.ts';
import type { ExemptionDocument } from '../exemptions/stored-exemptions.ts';
import type { JournalEntry } from '../model/action.ts';
import type { MailRecord } from '../model/case.ts';
import type { Held } from '../state/change-document.ts';
import type { Listed } from '../state/list-documents.ts';
import type { OldMail } from '../warnings/mail-store.ts';
import { type UserDocument, userKey } from './documents.ts';

/**
 * How long a mail is kept, and with it what is known of its user, and what was done to whom: longer than any notice, and than
 * an auditor's year.
 */
export const keptFor: Duration = days(400);

/** How long an exemption or an answer that is over is kept: people are told by then. */
const keptWhenOver: Duration = days(30);

/** No run deletes more: it is there for warnings. */
const mostPerRun = 200;

/** The instant before which what is stored is old. */
export const oldBefore = (now: Date): Date => new Date(addTo(now, -keptFor));

/** What decides which documents nobody needs any more. */
export interface ForgetFacts {
  readonly accountId: string;
  readonly oldMails: readonly OldMail[];
  /** By user id. */
  readonly documents: ReadonlyMap<string, Held<UserDocument>>;
  /** By user id. */
  readonly mails: ReadonlyMap<string, readonly Pick<MailRecord, 'claimedAt'>[]>;
  /** Ids of the users whom the account has. */
  readonly users: ReadonlySet<string>;
  /** Ids of users of whom nobody knows which of their cases are open. */
  readonly unread: ReadonlySet<string>;
  readonly open: readonly { readonly userId: string; readonly caseId: string }[];
  /** All that was ever done in the account. */
  readonly journal: readonly Listed<JournalEntry>[];
  /** The exemptions that people asked for. */
  readonly exemptions: readonly Listed<ExemptionDocument>[];
  readonly answers: readonly Listed<AnswerDocument>[];
}

/** A document to delete, if nobody has changed it. */
export interface ForgottenDocument {
  readonly key: string;
  readonly version: string;
}

/** Old, by the last that was written of it. What a restore had begun to undo is never forgotten. */
const isOldEntry = ({ document: entry }: Listed<JournalEntry>, before: number): boolean => {
  const { intendedAt, completedAt, failedAt, settledAt, restored } = entry;
  const last = [intendedAt, completedAt, failedAt, settledAt, restored?.at].filter((at) => at !== undefined);
  return statusOf(entry) !== 'restoring' && last.every((at) => Date.parse(at) < before);
};

/**
 * What nobody needs any more, at most 200 documents: mails older than 400 days whose case is not open; what is known of users
 * whom the account does not have any more and who got no mail in that time; changes older than that; exemptions and answers
 * that have been over for 30 days. A confirmation is kept while its user may still be without MFA: the hold that it ended
 * returns by it. Pure.
 */
export const decideForget = (
  { accountId, oldMails, documents, mails, users, unread, open, journal, exemptions, answers }: ForgetFacts,
  now: Date,
): readonly ForgottenDocument[] => {
  const isOpen = new Set(open.map(({ userId, caseId }) => `${userId}/${caseId}`));
  const before = oldBefore(now).getTime();
  const isRecent = ({ claimedAt }: Pick<MailRecord, 'claimedAt'>): boolean => Date.parse(claimedAt) >= before;
  const gone = [...documents].flatMap(([userId, { version }]) =>
    version === undefined || users.has(userId) || mails.get(userId)?.some(isRecent)
      ? []
      : [{ key: userKey(accountId, userId), version }],
  );
  const old = oldMails.filter(({ userId, caseId }) => !unread.has(userId) && !isOpen.has(`${userId}/${caseId}`));
  const isLongOver = (end: Instant): boolean => Date.parse(end) + keptWhenOver < now.getTime();
  const isNeeded = ({ userId, decision }: AnswerDocument): boolean =>
    decision === 'confirm' && (unread.has(userId) || isOpen.has(`${userId}/mfa/password`));
  return [
    ...old,
    ...gone,
    ...journal.filter((held) => isOldEntry(held, before)),
    ...exemptions.filter(({ document }) => isLongOver(document.expires)),
    ...answers.filter(({ document }) => isLongOver(document.until) && !isNeeded(document)),
  ]
    .slice(0, mostPerRun)
    .map(({ key, version }) => ({ key, version }));
};

/** Deletes documents, each if it is as it was read; throws what the store threw first, after all were tried. */
export const executeForget = async (
  store: StateStore,
  forgotten: readonly ForgottenDocument[],
  concurrency: number,
): Promise<void> => {
  const results = await mapConcurrent(forgotten, concurrency, ({ key, version }) => store.delete(key, version));
  for (const result of results) if (!result.ok) throw result.error;
};
