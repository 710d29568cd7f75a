import { RemediationError, type StateStore, toJson } from '@remedykit/core';
import { type MailDocument, parseMail } from './mail-document.ts';

const attempts = 10;

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
): Promise<MailDocument | undefined> => {
  let stored = await store.get(key);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const before = stored === undefined ? undefined : parseMail(key, stored.value);
    const after = change(before);
    if (after === undefined) return before;
    const value = toJson(after);
    const written = await (stored === undefined
      ? store.putIfAbsent(key, value)
      : store.compareAndSet(key, value, stored.version));
    if (written.ok) return after;
    stored = written.current;
  }
  throw new RemediationError({
    code: 'STATE_CONFLICT',
    message: `The mail ${key} was changed by others ${attempts} times in a row. Try again.`,
    retryable: true,
  });
};
