import { addTo, type Duration, days, mapConcurrent, type StateStore } from '@remedykit/core';
import type { MailRecord } from '../model/case.ts';
import type { OldMail } from '../warnings/mail-store.ts';
import { type Held, type UserDocument, userKey } from './documents.ts';

/** How long a mail is kept, and with it what is known of its user: longer than any notice, and than an auditor's year. */
export const keptFor: Duration = days(400);

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
}

/** A document to delete, if nobody has changed it. */
export interface ForgottenDocument {
  readonly key: string;
  readonly version: string;
}

/**
 * Mails older than 400 days whose case is not open, and what is known of users whom the account does not have any more and
 * who got no mail in that time; at most 200. Pure.
 */
export const decideForget = (
  { accountId, oldMails, documents, mails, users, unread, open }: ForgetFacts,
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
  return [...old.map(({ key, version }) => ({ key, version })), ...gone].slice(0, mostPerRun);
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
