import type { SESv2Client, SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { SendEmailCommand } from '@aws-sdk/client-sesv2';
import { minutes } from '@remedykit/core';
import { type Attempt, unavailable } from '../delivery/attempt.ts';
import { attemptOfAwsError } from '../delivery/aws-error.ts';
import type { Send } from '../delivery/deliver.ts';
import type { OutgoingMail, Sender } from './outgoing.ts';

/** What time mends, but not within one invocation: the quota of 24 hours. */
export const quotaWaitMs: number = minutes(15);

/** What an error of SES means: its quotas are no refusal. */
export const attemptOfSesError = (error: unknown): Attempt =>
  error instanceof Error && error.name === 'LimitExceededException'
    ? unavailable(error.name, false, quotaWaitMs)
    : attemptOfAwsError(error);

const data = (Data: string) => ({ Data, Charset: 'UTF-8' });

/** The request for one mail. */
export const sendEmailInput = (
  mail: OutgoingMail,
  { from, replyTo, configurationSet }: Sender,
): SendEmailCommandInput => ({
  FromEmailAddress: from,
  Destination: { ToAddresses: [mail.to] },
  ...(replyTo.length === 0 ? {} : { ReplyToAddresses: [...replyTo] }),
  ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
  EmailTags: [...mail.tags],
  Content: {
    Simple: { Subject: data(mail.subject), Body: { Text: data(mail.text), Html: data(mail.html) } },
  },
});

/** Sends one mail once; retries of the client itself are within it. */
export const sendOnce =
  (client: Pick<SESv2Client, 'send'>, mail: OutgoingMail, sender: Sender): Send =>
  async ({ signal }) => {
    try {
      const { MessageId } = await client.send(new SendEmailCommand(sendEmailInput(mail, sender)), {
        abortSignal: signal,
      });
      return { result: 'delivered', ...(MessageId === undefined ? {} : { messageId: MessageId }) };
    } catch (error) {
      return attemptOfSesError(error);
    }
  };
