import type { Message } from '@remedykit/core';
import type { Day } from '../days.ts';
import { type MailIdentity, mailKey } from '../warnings/mail-key.ts';
import { sendWarning } from '../warnings/send-warning.ts';
import type { Run } from './run.ts';

const probeMessage = (mail: MailIdentity): Message => ({
  key: mailKey(mail),
  severity: 'low',
  preview: false,
  title: 'Test of the events about mails',
  body: [
    'No event came back for warnings that were sent more than a day ago, deliveries included. Until one does, nobody is warned and no deadline runs.',
    'This mail finds out whether events come back. Nothing is to be done about it.',
  ],
  facts: [{ label: 'Account', value: mail.accountId }],
  links: [],
  subject: { accountId: mail.accountId, type: 'mail-probe' },
  recipient: mail.address,
});

/**
 * One mail a day to the fallback recipient while events are silent: no warning goes out then, so none would ever come
 * back. What becomes of it shows in the events about it.
 */
export const sendProbe = async ({ settings, remainingTimeMs }: Run, accountId: string, day: Day): Promise<void> => {
  const mail: MailIdentity = {
    accountId,
    userId: 'account',
    caseId: 'probe',
    stage: 0,
    deadline: day,
    role: 'fallback',
    address: settings.contact,
  };
  const { store, mailer, newId, now } = settings;
  await sendWarning(mail, probeMessage(mail), {
    store,
    notifier: mailer,
    newId,
    now,
    isStillDue: () => true,
    ...(Number.isFinite(remainingTimeMs()) ? { remainingTimeMs } : {}),
  });
};
