import {
  type Clock,
  type Delivery,
  type Duration,
  type ErrorSummary,
  type Message,
  type Notifier,
  RemediationError,
  type StateStore,
  seconds,
  summarizeError,
  systemClock,
} from '@remedykit/core';
import type { MailRecord } from '../model/case.ts';
import { type MailIdentity, mailKey } from './mail-key.ts';
import { claimMail, markAccepted, markRejected, releaseClaim } from './mail-store.ts';

/** What became of one warning. */
export type SendResult =
  | {
      readonly status: 'sent';
      readonly record: MailRecord;
      /** False: SES took it and our mark failed. An event marks it; else it is sent once more. */
      readonly marked: boolean;
      readonly error?: ErrorSummary;
    }
  | { readonly status: 'already-sent'; readonly record: MailRecord }
  /** Another run claimed it less than 15 minutes ago. */
  | { readonly status: 'in-progress'; readonly record: MailRecord }
  | {
      readonly status: 'deferred';
      readonly reason: string;
      readonly retryAfterMs: Duration;
      /** True when no mail can be sent at all before a person changes something: an account of SES, an identity, a right. */
      readonly cannotWarn: boolean;
    }
  /** SES refused this mail for good. */
  | {
      readonly status: 'rejected';
      readonly reason: string;
      readonly record: MailRecord;
      /** False: our mark failed, and it is tried once more when the claim has lapsed. */
      readonly marked: boolean;
      readonly error?: ErrorSummary;
    }
  /** It was put right, or exempted, between the decision and the mail: nobody is mailed. */
  | { readonly status: 'no-longer-due' }
  | { readonly status: 'out-of-time' };

/** What `sendWarning` needs. */
export interface SendWarningOptions {
  readonly store: StateStore;
  /**
   * Sends the mail itself: not behind an outbox, which would send later what may be put right by then. A `delivered` that is
   * not SES's acceptance would make warnings count that nobody got.
   */
  readonly notifier: Notifier;
  /** A token of its own for each attempt. */
  readonly newId: () => string;
  /** Whether the case is open right now, read live. What it throws is thrown, after the claim was given back. */
  readonly isStillDue: () => boolean | Promise<boolean>;
  /** Milliseconds left to the caller. */
  readonly remainingTimeMs?: () => number;
  readonly now?: Clock;
}

/** Kept for the mark: a mail without it may go twice. */
const markReserveMs = seconds(2);

/** Less than this is not worth a claim: the check, one attempt at SES, and the mark. */
const leastMs = seconds(6);

/**
 * Errors of SES that say nothing about the one mail: the account, the identity, the configuration set or a right of ours
 * is in the way of all. To take them for a refusal would use up each stage of everybody. Source: SES v2 API, SendEmail.
 */
const hindersAll: ReadonlySet<string> = new Set([
  'AccountSuspendedException',
  'SendingPausedException',
  'MailFromDomainNotVerifiedException',
  'NotFoundException',
  'AccessDeniedException',
  'AccessDenied',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'ExpiredTokenException',
  'SignatureDoesNotMatch',
]);

const checkMessage = (mail: MailIdentity, message: Message): void => {
  const wrong =
    message.key !== mailKey(mail)
      ? 'key'
      : message.recipient !== mail.address
        ? 'recipient'
        : message.subject?.accountId !== mail.accountId
          ? 'subject.accountId'
          : undefined;
  if (wrong === undefined) return;
  throw new RemediationError({
    code: 'MAIL_MESSAGE_MISMATCH',
    message: `The ${wrong} of the message is not that of the mail ${mailKey(mail)}: events about it would not find it.`,
  });
};

/** Gives the claim back; a mail that an event proves to be sent meanwhile is. If this fails, the claim lapses by itself. */
const giveBack = async (
  { store, now = systemClock }: SendWarningOptions,
  record: MailRecord,
  otherwise: SendResult,
): Promise<SendResult> => {
  try {
    const held = await releaseClaim(store, record, { now: now() });
    if (held?.acceptedAt !== undefined) return { status: 'sent', record: held, marked: true };
  } catch {
    // Told by what led here; the next run takes the claim over after 15 minutes.
  }
  return otherwise;
};

const settle = async (options: SendWarningOptions, record: MailRecord, delivery: Delivery): Promise<SendResult> => {
  const { store, now = systemClock } = options;
  if (delivery.status === 'delivered') {
    const { messageId } = delivery;
    const acceptance = { now: now(), ...(messageId === undefined ? {} : { messageId }) };
    try {
      return { status: 'sent', record: await markAccepted(store, record, acceptance), marked: true };
    } catch (error) {
      return { status: 'sent', record, marked: false, error: summarizeError(error) };
    }
  }
  if (delivery.status === 'rejected' && !hindersAll.has(delivery.reason)) {
    const { reason } = delivery;
    try {
      const refused = await markRejected(store, record, { now: now(), reason });
      return { status: 'rejected', reason, record: refused, marked: true };
    } catch (error) {
      return { status: 'rejected', reason, record, marked: false, error: summarizeError(error) };
    }
  }
  const deferred: SendResult = {
    status: 'deferred',
    reason: delivery.status === 'nothing' ? 'the notifier sent nothing' : delivery.reason,
    retryAfterMs: delivery.status === 'deferred' ? delivery.retryAfterMs : 0,
    cannotWarn: delivery.status === 'rejected',
  };
  // What an outbox keeps it sends by itself.
  if (delivery.status === 'deferred' && delivery.kept === true) return deferred;
  return giveBack(options, record, deferred);
};

/**
 * Sends one warning once: claims it in the store, asks once more whether it is due, hands it to SES, and marks what SES
 * said. A crash after any step is made up for: before SES's acceptance the claim lapses and the mail goes out later, after
 * it an event about the mail marks it; only where neither mark nor event came within 15 minutes it may go twice.
 * @throws RemediationError `MAIL_MESSAGE_MISMATCH`, and as `claimMail`; what `isStillDue` throws
 */
export const sendWarning = async (
  mail: MailIdentity,
  message: Message,
  options: SendWarningOptions,
): Promise<SendResult> => {
  const { store, notifier, newId, isStillDue, remainingTimeMs, now = systemClock } = options;
  checkMessage(mail, message);
  const isOutOfTime = (): boolean => remainingTimeMs !== undefined && remainingTimeMs() < leastMs;
  if (isOutOfTime()) return { status: 'out-of-time' };

  const claim = await claimMail(store, mail, { now: now(), claim: newId() });
  const { record } = claim;
  if (claim.status === 'rejected')
    return { status: 'rejected', reason: record.rejection ?? 'refused before', record, marked: true };
  if (claim.status !== 'claimed') return { status: claim.status, record };

  let isDue: boolean;
  try {
    isDue = await isStillDue();
  } catch (error) {
    await giveBack(options, record, { status: 'no-longer-due' });
    throw error;
  }
  if (!isDue) return giveBack(options, record, { status: 'no-longer-due' });
  if (isOutOfTime()) return giveBack(options, record, { status: 'out-of-time' });

  let delivery: Delivery;
  try {
    delivery = await notifier.notify(
      message,
      remainingTimeMs === undefined ? {} : { remainingTimeMs: () => remainingTimeMs() - markReserveMs },
    );
  } catch (error) {
    // No notifier should throw; whether SES has the mail nobody knows, so the claim stays until it lapses.
    const { code } = summarizeError(error);
    return { status: 'deferred', reason: `the notifier threw ${code}`, retryAfterMs: 0, cannotWarn: false };
  }
  return settle(options, record, delivery);
};
