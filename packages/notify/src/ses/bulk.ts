import type {
  BulkEmailEntryResult,
  BulkEmailStatus,
  SESv2Client,
  SendBulkEmailCommandInput,
} from '@aws-sdk/client-sesv2';
import { SendBulkEmailCommand } from '@aws-sdk/client-sesv2';
import { type Attempt, rejected, unavailable } from '../delivery/attempt.ts';
import type { Send } from '../delivery/deliver.ts';
import { jsonBytes } from '../fit/measure.ts';
import { mailBudget, sesLimits } from './limits.ts';
import type { OutgoingMail, Sender } from './outgoing.ts';
import { attemptOfSesError, quotaWaitMs } from './send.ts';

/** Whole mails are put into an inline template of three names: SES substitutes them as they are, and does not escape. */
const template = { Subject: '{{subject}}', Text: '{{text}}', Html: '{{html}}' };

const blank = JSON.stringify({ subject: '', text: '', html: '' });

const dataOf = ({ subject, text, html }: OutgoingMail): string => JSON.stringify({ subject, text, html });

/** The request for many mails, each its own and to its own recipient. */
export const bulkInput = (
  mails: readonly OutgoingMail[],
  { from, replyTo, configurationSet }: Sender,
): SendBulkEmailCommandInput => ({
  FromEmailAddress: from,
  ...(replyTo.length === 0 ? {} : { ReplyToAddresses: [...replyTo] }),
  ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
  DefaultContent: { Template: { TemplateContent: template, TemplateData: blank } },
  BulkEmailEntries: mails.map((mail) => ({
    Destination: { ToAddresses: [mail.to] },
    ReplacementTags: [...mail.tags],
    ReplacementEmailContent: { ReplacementTemplate: { ReplacementTemplateData: dataOf(mail) } },
  })),
});

/**
 * Mails by request: at most as many as SES takes in one, as the account may send in a second, and as their bytes allow.
 * Takes no more mails than the request at hand needs, so that not all of them are in memory at once.
 */
export function* toBatches<T extends { readonly mail: OutgoingMail }>(
  items: Iterable<T>,
  ratePerSecond: number,
): Generator<readonly T[]> {
  const most = Math.max(1, Math.min(sesLimits.bulkEntries, Math.floor(ratePerSecond)));
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    // Twice as JSON, as it will be sent, and its address and tags.
    const size = jsonBytes(dataOf(item.mail)) + jsonBytes(item.mail.tags) + 400;
    if (batch.length > 0 && bytes + size > mailBudget.bulkBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
    if (batch.length >= most) {
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

/** Statuses that time mends; everything else but SUCCESS is final. */
const later: ReadonlySet<BulkEmailStatus> = new Set(['ACCOUNT_THROTTLED', 'TRANSIENT_FAILURE']);

/** What became of one entry. One that SES said nothing of may have been taken. */
export const attemptOfEntry = (result: BulkEmailEntryResult | undefined): Attempt => {
  const status = result?.Status;
  if (status === undefined) return unavailable('SES said nothing of this mail', true);
  if (status === 'SUCCESS')
    return { result: 'delivered', ...(result?.MessageId === undefined ? {} : { messageId: result.MessageId }) };
  if (status === 'ACCOUNT_DAILY_QUOTA_EXCEEDED') return unavailable(status, false, quotaWaitMs);
  return later.has(status) ? unavailable(status, false) : rejected(status);
};

/** What a bulk request came to, beside its attempt. */
export interface BulkReport {
  /** By entry, once SES answered. */
  entries?: readonly Attempt[];
  /** True when SES refused the request as a whole, so that each mail may be sent alone. */
  refused?: boolean;
}

/** Refusals that may be about one mail, or about the bulk request alone. */
const worthAlone: ReadonlySet<string> = new Set(['BadRequestException', 'MessageRejected', 'AccessDeniedException']);

/** Sends many mails once, and tells by entry in `report`. */
export const sendBulkOnce =
  (client: Pick<SESv2Client, 'send'>, mails: readonly OutgoingMail[], sender: Sender, report: BulkReport): Send =>
  async ({ signal }) => {
    try {
      const { BulkEmailEntryResults: results = [] } = await client.send(
        new SendBulkEmailCommand(bulkInput(mails, sender)),
        { abortSignal: signal },
      );
      report.entries = mails.map((_, index) => attemptOfEntry(results[index]));
      return { result: 'delivered' };
    } catch (error) {
      const attempt = attemptOfSesError(error);
      report.refused = attempt.result === 'rejected' && worthAlone.has(attempt.reason);
      return attempt;
    }
  };
