import { setTimeout as wait } from 'node:timers/promises';
import type { SESv2Client } from '@aws-sdk/client-sesv2';
import type { Delivery, Duration, Message, Notifier, NotifyOptions } from '@remedykit/core';
import { RemediationError, seconds, systemClock } from '@remedykit/core';
import { type Attempt, rejected } from '../delivery/attempt.ts';
import { createDeliverer, type Deliver, type DeliveryOptions, type Send } from '../delivery/deliver.ts';
import { faultOfAccount, gatherSesAccount, type SesAccount } from './account.ts';
import { parseMailAddress, parseSender } from './address.ts';
import { type BulkReport, sendBulkOnce, toBatches } from './bulk.ts';
import { sesLimits } from './limits.ts';
import type { OutgoingMail, Sender } from './outgoing.ts';
import { type MailRendering, renderMail } from './render.ts';
import { sendOnce } from './send.ts';
import { checkTags, tagsOf } from './tags.ts';

/** Options of `createSesNotifier`. */
export interface SesNotifierOptions extends DeliveryOptions, MailRendering {
  /** A client for the Region of the verified identity. Its own retries happen within one attempt of ours. */
  readonly client: Pick<SESv2Client, 'send'>;
  /** A verified address or one of a verified domain: `security@example.com`, `Security team <security@example.com>`. */
  readonly from: string;
  /** Who gets the messages that name no recipient of their own. */
  readonly to?: string;
  readonly replyTo?: string;
  /** The configuration set whose events tell of bounces and complaints. */
  readonly configurationSet?: string;
  /** Further message tags; `remedykit-key` and, for a message about one account, `remedykit-account` are always there. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Mails a second; default: what `preflight` or `notifyAll` reads of the account, and one until then. */
  readonly ratePerSecond?: number;
  /** Lets `preflight` pass in the sandbox, for a trial with verified addresses. */
  readonly allowSandbox?: boolean;
}

/** A notifier of mails. */
export interface SesNotifier extends Notifier {
  /**
   * Reads the account and takes over its sending rate. IAM: `ses:GetAccount`.
   * @throws RemediationError `SES_SENDING_PAUSED`, `SES_SANDBOX`, `SES_QUOTA_NONE`; retryable: `SES_QUOTA_EXHAUSTED`, and `SES_ACCOUNT_UNREADABLE` by its cause
   */
  preflight(): Promise<void>;
  /** Sends many messages in as few requests as SES takes, at the account's rate; the deliveries are in their order. */
  notifyAll(messages: readonly (Message | undefined)[], options?: NotifyOptions): Promise<Delivery[]>;
}

const channel = 'ses';
const where = 'createSesNotifier';
const nothing: Delivery = { status: 'nothing', channel };
const notSent: Delivery = { status: 'deferred', channel, reason: 'not sent', retryAfterMs: seconds(30) };

/** Left to the caller, as with single mails. */
const reserveMs = 250;

const invalid = (what: string): RemediationError =>
  new RemediationError({ code: 'OPTION_INVALID', message: `${where}: ${what}` });

const senderOf = ({ from, to, replyTo, configurationSet }: SesNotifierOptions): Sender => {
  const sender = parseSender(from);
  if (sender === undefined) throw invalid('from must be an address, or a short name and <address>.');
  if (to !== undefined && parseMailAddress(to) === undefined) throw invalid('to must be one mail address.');
  const reply = replyTo === undefined ? undefined : parseSender(replyTo);
  if (replyTo !== undefined && reply === undefined) throw invalid('replyTo must be one mail address.');
  if (configurationSet !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(configurationSet))
    throw invalid('configurationSet must be letters, digits, _ and -, at most 64.');
  return { from: sender, replyTo: reply === undefined ? [] : [reply], configurationSet };
};

/** The delivery of one entry of a bulk request. */
const toDelivery = (attempt: Attempt, whenUnsure: DeliveryOptions['whenUnsure']): Delivery => {
  if (attempt.result === 'delivered')
    return {
      status: 'delivered',
      channel,
      ...(attempt.messageId === undefined ? {} : { messageId: attempt.messageId }),
    };
  const { reason } = attempt;
  if (attempt.result === 'rejected') return { status: 'rejected', channel, reason };
  if (attempt.unsure && whenUnsure === 'give-up')
    return { status: 'rejected', channel, reason: `${reason}; not sent again, for it may have arrived` };
  return { status: 'deferred', channel, reason, retryAfterMs: attempt.retryAfterMs ?? seconds(30) };
};

interface Prepared {
  readonly index: number;
  readonly message: Message;
  readonly mail: OutgoingMail;
}

/**
 * A notifier that sends each message as one mail to one recipient through SES v2: `Message.recipient`, else `to`. A mail
 * has a text part for people and an HTML part that loads nothing; its tag `remedykit-key` holds `mailKeyHash(message.key)`, and
 * `remedykit-account` the account that it is about, by which events of the configuration set (bounce, complaint, delivery) are attributed. `messageId` is SES's, and
 * `delivered` means that SES took the mail, not that a mailbox did.
 *
 * `notify` and `notifyAll` never throw. Throttling, quotas, 5xx, timeouts and network errors are tried again within the
 * time that is left, then `deferred`; what SES refuses is `rejected`, with the name of its error (`MessageRejected` in the
 * sandbox, for an address that is not verified). SES knows no idempotency token: after a 5xx or a timeout it may have taken
 * the mail, and it is sent again unless `whenUnsure` is `give-up`.
 *
 * IAM: `ses:SendEmail` on the identity and the configuration set, `ses:SendBulkEmail` on the same and on `template/*` for
 * `notifyAll` (without it every mail is sent alone), `ses:GetAccount` on `*` for `preflight` and the sending rate.
 * @throws RemediationError `OPTION_INVALID`
 * @example
 * ```ts
 * import { SESv2Client } from '@aws-sdk/client-sesv2';
 * import { createSesNotifier } from '@remedykit/notify/ses';
 * const mail = createSesNotifier({ client: new SESv2Client(), from: 'security@example.com', to: 'soc@example.com' });
 * ```
 */
export const createSesNotifier = (options: SesNotifierOptions): SesNotifier => {
  const { client, to, ratePerSecond, allowSandbox = false, whenUnsure, timeoutMs = seconds(5) } = options;
  const { sleep = wait, now = systemClock } = options;
  const sender = senderOf(options);
  const tags = checkTags(where, options.tags);
  if (ratePerSecond !== undefined && !(Number.isFinite(ratePerSecond) && ratePerSecond > 0))
    throw invalid('ratePerSecond must be a number above 0.');

  const delivererAt = (rate: number): Deliver =>
    createDeliverer({ where, channel, options, pace: { everyMs: 1000 / rate, burst: 1 } });
  const deliverBatch = createDeliverer({ where, channel, options });

  let rate = ratePerSecond ?? sesLimits.sandboxRate;
  let deliver = delivererAt(rate);
  let known = ratePerSecond !== undefined;
  /** Until then the mails of the last batch use up the account's rate. */
  let freeAt = 0;

  const readAccount = async (): Promise<SesAccount> => {
    const account = await gatherSesAccount(client, AbortSignal.timeout(Math.ceil(timeoutMs)));
    if (ratePerSecond === undefined && account.ratePerSecond !== rate) {
      rate = account.ratePerSecond;
      deliver = delivererAt(rate);
    }
    known = true;
    return account;
  };

  const mailOf = (message: Message): OutgoingMail | undefined => {
    const recipient = parseMailAddress(message.recipient ?? to);
    if (recipient === undefined) return undefined;
    return { to: recipient, ...renderMail(message, options), tags: [...tagsOf(message), ...tags] };
  };

  const unaddressed = ({ recipient }: Message): string =>
    (recipient ?? to) === undefined
      ? 'nobody to write to: no recipient, and no option to'
      : 'the recipient is not a mail address';

  const notify = (message: Message, notifyOptions: NotifyOptions | undefined): Promise<Delivery> =>
    deliver((): Send => {
      const mail = mailOf(message);
      return mail === undefined ? async () => rejected(unaddressed(message)) : sendOnce(client, mail, sender);
    }, notifyOptions);

  const waitForRate = async ({ remainingTimeMs }: NotifyOptions): Promise<Duration> => {
    const waitMs = freeAt - now().getTime();
    if (waitMs <= 0) return 0;
    if (remainingTimeMs !== undefined && waitMs >= remainingTimeMs() - reserveMs) return waitMs;
    await sleep(waitMs);
    return 0;
  };

  const sendBatch = async (batch: readonly Prepared[], notifyOptions: NotifyOptions): Promise<Delivery[]> => {
    const heldMs = await waitForRate(notifyOptions);
    if (heldMs > 0)
      return batch.map(() => ({ status: 'deferred', channel, reason: 'rate limited', retryAfterMs: heldMs }));
    const report: BulkReport = {};
    const mails = batch.map(({ mail }) => mail);
    const whole = await deliverBatch(() => sendBulkOnce(client, mails, sender, report), notifyOptions);
    freeAt = now().getTime() + (1000 * batch.length) / rate;
    if (whole.status === 'delivered') return (report.entries ?? []).map((entry) => toDelivery(entry, whenUnsure));
    if (!report.refused) return batch.map(() => whole);
    // One mail that SES does not take must not cost the others: nothing was sent yet.
    return Promise.all(batch.map(({ message }) => notify(message, notifyOptions)));
  };

  /** Renders one mail after another, as they are needed; what cannot be sent gets its delivery at once. */
  function* prepare(messages: readonly (Message | undefined)[], deliveries: Delivery[]): Generator<Prepared> {
    for (const [index, message] of messages.entries()) {
      if (message === undefined) continue;
      let reason = unaddressed(message);
      let mail: OutgoingMail | undefined;
      try {
        mail = mailOf(message);
      } catch {
        reason = 'the message could not be rendered';
      }
      if (mail === undefined) deliveries[index] = { status: 'rejected', channel, reason };
      else yield { index, message, mail };
    }
  }

  return {
    preflight: async () => {
      const fault = faultOfAccount(await readAccount(), allowSandbox);
      if (fault !== undefined) throw fault;
    },
    notify: async (message, notifyOptions) => (message === undefined ? nothing : notify(message, notifyOptions)),
    notifyAll: async (messages, notifyOptions = {}) => {
      const deliveries: Delivery[] = messages.map((message) => (message === undefined ? nothing : notSent));
      // Without the right to read the account the pace stays that of the sandbox.
      if (!known && messages.length > 1) await readAccount().catch(() => undefined);
      for (const batch of toBatches(prepare(messages, deliveries), rate)) {
        const [only] = batch;
        const results =
          batch.length === 1 && only !== undefined
            ? [await notify(only.message, notifyOptions)]
            : await sendBatch(batch, notifyOptions);
        for (const [position, { index }] of batch.entries()) {
          const delivery = results[position];
          if (delivery !== undefined) deliveries[index] = delivery;
        }
      }
      return deliveries;
    },
  };
};
