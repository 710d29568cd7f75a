import type { Message, StepOutcome, StepResult } from '@remedykit/core';
import type { Day } from '../days.ts';
import { clockReasons } from '../lifecycle/decide-clock.ts';
import { type MailIdentity, mailKey } from '../warnings/mail-key.ts';
import { sendWarning } from '../warnings/send-warning.ts';
import type { Run } from './run.ts';
import { resultOf, thrownResult } from './warn.ts';

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
 * back. What becomes of it shows in the events about it; what became of the sending is the outcome.
 */
export const sendProbe = async (
  { settings, remainingTimeMs }: Run,
  accountId: string,
  day: Day,
): Promise<StepOutcome> => {
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
  const send = async (): Promise<StepResult> => {
    try {
      return resultOf(
        await sendWarning(mail, probeMessage(mail), {
          store,
          notifier: mailer,
          newId,
          now,
          isStillDue: () => true,
          ...(Number.isFinite(remainingTimeMs()) ? { remainingTimeMs } : {}),
        }),
      );
    } catch (error) {
      return thrownResult(error);
    }
  };
  const { status, reason, because, retryable = false, error } = await send();
  return {
    stepId: `${accountId}/probe`,
    action: 'probe',
    status,
    retryable,
    reason: reason ?? 'events-silent',
    because: because ?? clockReasons['events-silent'],
    ...(error === undefined ? {} : { error }),
  };
};
