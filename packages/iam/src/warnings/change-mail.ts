import type { StateStore } from '@remedykit/core';
import { changeDocument } from '../state/change-document.ts';
import { type MailDocument, parseMail } from './mail-document.ts';

/** A document as it shall be; `undefined`: as it is. */
export type MailChange = (mail: MailDocument | undefined) => MailDocument | undefined;

/**
 * Changes a mail by compare-and-set, again when somebody else was faster; resolves with the document as it then is.
 * @throws RemediationError `STATE_CONFLICT` (retryable), `MAIL_INVALID`, `MAIL_NEWER`, and what the store throws
 */
export const changeMail = async (
  store: StateStore,
  key: string,
  change: MailChange,
): Promise<MailDocument | undefined> => (await changeDocument(store, { key, parse: parseMail }, change))?.document;
