import { addTo, type Duration, minutes, type StateStore, toInstant, toJson } from '@remedykit/core';
import type { MailRecord } from '../model/case.ts';
import { listDocuments } from '../state/list-documents.ts';
import { changeMail } from './change-mail.ts';
import { type MailDocument, parseMail } from './mail-document.ts';
import { learn, type MailFact } from './mail-facts.ts';
import { type MailIdentity, mailPrefix, mailStoreKey } from './mail-key.ts';

/** After this a claim that neither came to a mail nor to a refusal is taken over: its worker is gone. */
export const claimLapsesAfter: Duration = minutes(15);

/** A document that is none of ours, or is broken. */
export interface SetAside {
  readonly key: string;
  readonly because: string;
}

/** The mails of an account. */
export interface StoredMails {
  readonly mails: readonly MailRecord[];
  /** Never counted, to be reported. */
  readonly setAside: readonly SetAside[];
  /** Those that were claimed before `oldBefore`, given back or not. */
  readonly old: readonly OldMail[];
}

/** A mail of long ago, as it is stored. */
export interface OldMail extends Pick<MailRecord, 'userId' | 'caseId'> {
  readonly key: string;
  readonly version: string;
}

const recordOf = ({ releasedAt: _, ...record }: MailDocument): MailRecord => record;

/**
 * All mails of an account that were sent, refused, or are being sent, however many pages they fill. What fails its schema
 * is set aside.
 * @throws RemediationError `MAIL_NEWER` (retryable, by an updated function), and what the store throws
 */
export const listMails = async (
  store: StateStore,
  accountId: string,
  { oldBefore }: { readonly oldBefore?: Date } = {},
): Promise<StoredMails> => {
  const { held, broken } = await listDocuments(store, mailPrefix(accountId), {
    parse: parseMail,
    brokenCode: 'MAIL_INVALID',
  });
  const isOld = ({ claimedAt }: MailDocument): boolean =>
    oldBefore !== undefined && Date.parse(claimedAt) < oldBefore.getTime();
  return {
    mails: held.flatMap(({ document }) => (document.releasedAt === undefined ? [recordOf(document)] : [])),
    setAside: broken.map(({ key, error }) => ({ key, because: error.message })),
    old: held.flatMap(({ key, version, document }) => {
      const { userId, caseId } = document;
      return isOld(document) ? [{ key, version, userId, caseId }] : [];
    }),
  };
};

/**
 * These mails as the store has them now: a bounce may have come back meanwhile. What is not there any more is left out.
 * @throws RemediationError `MAIL_INVALID`, `MAIL_NEWER` (retryable), and what the store throws
 */
export const readMailsAgain = async (
  store: StateStore,
  mails: readonly MailRecord[],
): Promise<readonly MailRecord[]> => {
  const read = await Promise.all(
    mails.map(async (mail) => {
      const key = mailStoreKey(mail);
      const stored = await store.get(key);
      const document = stored === undefined ? undefined : parseMail(key, stored.value);
      return document === undefined || document.releasedAt !== undefined ? [] : [recordOf(document)];
    }),
  );
  return read.flat();
};

/** Who wants to send a mail, and when. */
export interface Claimant {
  readonly now: Date;
  /** A token of its own for each attempt. */
  readonly claim: string;
}

/** Whether the mail is ours to send. */
export interface MailClaim {
  /**
   * - `claimed`: ours
   * - `already-sent`: SES took it, by a mark or by an event
   * - `rejected`: SES refused it for good
   * - `in-progress`: somebody claimed it less than 15 minutes ago
   */
  readonly status: 'claimed' | 'already-sent' | 'rejected' | 'in-progress';
  readonly record: MailRecord;
}

const isLapsed = ({ claimedAt, releasedAt }: MailDocument, now: Date): boolean =>
  releasedAt !== undefined || Date.parse(addTo(claimedAt, claimLapsesAfter)) < now.getTime();

const isSettled = ({ acceptedAt, rejectedAt, events }: MailDocument): boolean =>
  acceptedAt !== undefined || rejectedAt !== undefined || events.failedAt !== undefined;

/**
 * Claims a mail: the document is created, and only who created it sends. A claim older than 15 minutes of which nothing
 * was heard is taken over by compare-and-set, so the mail may go twice if its worker died between SES's acceptance and the
 * mark; one that was given back is free at once.
 * @throws RemediationError `MAIL_INVALID`, `MAIL_NEWER`, `STATE_CONFLICT` (retryable), and what the store throws
 */
export const claimMail = async (
  store: StateStore,
  mail: MailIdentity,
  { now, claim }: Claimant,
): Promise<MailClaim> => {
  const { accountId, userId, caseId, stage, role, address } = mail;
  const deadline = toInstant(new Date(mail.deadline));
  const claimedAt = toInstant(now);
  const fresh: MailDocument = {
    schema: 1,
    ...{ accountId, userId, caseId, stage, deadline, role, address },
    ...{ claimedAt, claim, events: {} },
  };
  const after = await changeMail(store, mailStoreKey(mail), (held) => {
    if (held === undefined) return fresh;
    return isSettled(held) || !isLapsed(held, now) ? undefined : { ...fresh, events: held.events };
  });
  const record = recordOf(after ?? fresh);
  // A token is used once: a claim under ours is ours, also where the answer to the write was lost.
  if (record.rejectedAt !== undefined && record.acceptedAt === undefined) return { status: 'rejected', record };
  if (after !== undefined && isSettled(after)) return { status: 'already-sent', record };
  return { status: record.claim === claim ? 'claimed' : 'in-progress', record };
};

/**
 * Adds what was learned of a mail. Idempotent, and the order does not matter.
 * @returns the mail as it is then; `undefined` when there is none under this key
 * @throws RemediationError `MAIL_INVALID`, `MAIL_NEWER`, `STATE_CONFLICT` (retryable), and what the store throws
 */
export const addMailFacts = async (
  store: StateStore,
  key: string,
  facts: readonly MailFact[],
  belongs: (mail: MailRecord) => boolean = () => true,
): Promise<{ readonly mail?: MailRecord; readonly changed: boolean }> => {
  let changed = false;
  const after = await changeMail(store, key, (held) => {
    changed = false;
    if (held === undefined || !belongs(held)) return undefined;
    const told = facts.reduce(learn, held);
    changed = JSON.stringify(toJson(told)) !== JSON.stringify(toJson(held));
    return changed ? told : undefined;
  });
  return { ...(after === undefined ? {} : { mail: recordOf(after) }), changed };
};

/** Adds facts about a mail that we hold; if its document is gone, it is made again. */
const mark = async (store: StateStore, record: MailRecord, facts: readonly MailFact[]): Promise<MailRecord> => {
  const after = await changeMail(store, mailStoreKey(record), (held) => facts.reduce(learn, held ?? record));
  return recordOf(after ?? record);
};

/**
 * Marks a mail as accepted by SES.
 * @throws RemediationError as `claimMail`
 */
export const markAccepted = (
  store: StateStore,
  record: MailRecord,
  { now, messageId }: { readonly now: Date; readonly messageId?: string },
): Promise<MailRecord> =>
  mark(store, record, [{ kind: 'accepted', at: toInstant(now), ...(messageId === undefined ? {} : { messageId }) }]);

/**
 * Marks a mail as refused by SES for good.
 * @throws RemediationError as `claimMail`
 */
export const markRejected = (
  store: StateStore,
  record: MailRecord,
  { now, reason }: { readonly now: Date; readonly reason: string },
): Promise<MailRecord> => mark(store, record, [{ kind: 'rejected', at: toInstant(now), reason }]);

/**
 * Gives a claim back, so that the next run sends the mail. Not where SES is known to have taken or refused it, and not
 * where somebody else holds the claim by now.
 * @returns the mail as it is then; `undefined` when it is free
 * @throws RemediationError as `claimMail`
 */
export const releaseClaim = async (
  store: StateStore,
  record: MailRecord,
  { now }: { readonly now: Date },
): Promise<MailRecord | undefined> => {
  const after = await changeMail(store, mailStoreKey(record), (held) =>
    held === undefined || held.claim !== record.claim || isSettled(held) || held.releasedAt !== undefined
      ? undefined
      : { ...held, releasedAt: toInstant(now) },
  );
  return after === undefined || after.releasedAt !== undefined ? undefined : recordOf(after);
};
