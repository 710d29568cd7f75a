import { type Instant, isRemediationError, type RemediationError } from '@remedykit/core';
import * as z from 'zod/mini';
import { type CarriedEvent, carriedEvents, eventError, isObject, type MailEventTrust } from './mail-event-envelopes.ts';

/** What SES tells of one mail. */
export interface MailEvent {
  /**
   * - `sent`: SES took the mail
   * - `delivered`: the recipient's server took it
   * - `failed`: bounce, complaint, reject, rendering failure or suppression; it does not count
   * - `other`: a delay, which changes nothing, or an open, a click, a change of a subscription, which prove nothing
   */
  readonly kind: 'sent' | 'delivered' | 'failed' | 'other';
  /** `Bounce/Permanent/OnAccountSuppressionList`, `Complaint/abuse`, `Reject`, … */
  readonly failure?: string;
  /** When it happened. */
  readonly at: Instant;
  /** When SES took the mail. */
  readonly mailAt: Instant;
  readonly messageId: string;
  /** The addresses that the mail went to. */
  readonly destinations: readonly string[];
  /** The account that sent it. */
  readonly sendingAccountId?: string;
  /** The tags `remedykit-key` and `remedykit-account`; absent on a mail that is none of ours. */
  readonly tags?: { readonly keyHash: string; readonly accountId: string };
}

/** One event of a batch: what it says, or why it cannot be read. */
export type ParsedMailEvent =
  | { readonly recordId?: string; readonly event: MailEvent; readonly error?: undefined }
  | { readonly recordId?: string; readonly event?: undefined; readonly error: RemediationError };

/**
 * Event types of SES by the detail types of EventBridge. Sources: SES developer guide, "Monitoring SES events using Amazon
 * EventBridge" and "Contents of event data that Amazon SES publishes to Amazon SNS".
 */
const typesByDetailType: ReadonlyMap<string, string> = new Map([
  ['Email Sent', 'Send'],
  ['Email Delivered', 'Delivery'],
  ['Email Bounced', 'Bounce'],
  ['Email Complaint Received', 'Complaint'],
  ['Email Rejected', 'Reject'],
  ['Email Rendering Failed', 'Rendering Failure'],
  ['Email Delivery Delayed', 'DeliveryDelay'],
  ['Email Opened', 'Open'],
  ['Email Clicked', 'Click'],
  ['Email Subscribed', 'Subscription'],
]);

const eventTypes: ReadonlySet<string> = new Set(typesByDetailType.values());

const instant = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text))));
const word = z.nullish(z.string());
const occurrence = z.optional(z.object({ timestamp: z.optional(instant) }));

/** The parts that are used; all else is tolerated. */
const detailSchema = z.object({
  mail: z.object({
    timestamp: instant,
    messageId: z.string().check(z.minLength(1), z.maxLength(1024)),
    sendingAccountId: z.optional(z.string()),
    destination: z.array(z.string()),
    tags: z.optional(z.record(z.string(), z.array(z.string()))),
  }),
  delivery: occurrence,
  bounce: z.optional(z.object({ bounceType: word, bounceSubType: word, timestamp: z.optional(instant) })),
  complaint: z.optional(
    z.object({ complaintSubType: word, complaintFeedbackType: word, timestamp: z.optional(instant) }),
  ),
});

type Detail = z.infer<typeof detailSchema>;

/** The type of the event and the record about the mail, whether EventBridge or SES itself wrote the envelope. */
const openEvent = (event: Readonly<Record<string, unknown>>): { readonly type: string; readonly detail: unknown } => {
  const detailType = event['detail-type'];
  if (detailType === undefined) {
    const type = event.eventType ?? event.notificationType;
    if (typeof type === 'string' && eventTypes.has(type) && isObject(event.mail)) return { type, detail: event };
    throw eventError('MAIL_EVENT_FOREIGN', 'This is no event of SES about a mail.');
  }
  const type = typeof detailType === 'string' ? typesByDetailType.get(detailType) : undefined;
  if (event.source !== 'aws.ses' || type === undefined)
    throw eventError('MAIL_EVENT_FOREIGN', 'This is no event of SES about a mail; narrow the pattern of the rule.');
  const { detail } = event;
  if (isObject(detail) && detail.eventType !== undefined && detail.eventType !== type)
    throw eventError('MAIL_EVENT_MALFORMED', 'The detail-type of the event and the eventType in it do not agree.');
  return { type, detail };
};

const only = (values: readonly string[] | undefined, pattern: RegExp): string | undefined => {
  const [value, ...others] = values ?? [];
  return value !== undefined && others.length === 0 && pattern.test(value) ? value : undefined;
};

const tagsOf = ({ mail }: Detail): MailEvent['tags'] => {
  const tags = new Map(Object.entries(mail.tags ?? {}));
  const keyHash = only(tags.get('remedykit-key'), /^[0-9a-f]{64}$/);
  const accountId = only(tags.get('remedykit-account'), /^\d{12}$/);
  return keyHash === undefined || accountId === undefined ? undefined : { keyHash, accountId };
};

/** A word of SES, safe to store and to show. */
const plain = (text: string | null | undefined): string | undefined =>
  text === null || text === undefined || text === '' ? undefined : text.replace(/[^\w -]/g, '').slice(0, 60);

const joined = (...words: readonly (string | null | undefined)[]): string =>
  words.flatMap((text) => plain(text) ?? []).join('/');

/** What the event means, and when it happened: SES gives a reject and a rendering failure no time of their own. */
const meaningOf = (type: string, { delivery, bounce, complaint, mail }: Detail) => {
  if (type === 'Send') return { kind: 'sent', at: mail.timestamp } as const;
  if (type === 'Delivery') return { kind: 'delivered', at: delivery?.timestamp ?? mail.timestamp } as const;
  if (type === 'Bounce') {
    const failure = joined('Bounce', bounce?.bounceType, bounce?.bounceSubType);
    return { kind: 'failed', at: bounce?.timestamp ?? mail.timestamp, failure } as const;
  }
  if (type === 'Complaint') {
    const failure = joined('Complaint', complaint?.complaintSubType ?? complaint?.complaintFeedbackType);
    return { kind: 'failed', at: complaint?.timestamp ?? mail.timestamp, failure } as const;
  }
  if (type === 'Reject' || type === 'Rendering Failure')
    return { kind: 'failed', at: mail.timestamp, failure: type } as const;
  return { kind: 'other', at: mail.timestamp } as const;
};

const toInstant = (text: string): Instant => new Date(text).toISOString();

const read = (event: Readonly<Record<string, unknown>>): MailEvent => {
  const { type, detail } = openEvent(event);
  const parsed = z.safeParse(detailSchema, detail);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') || 'detail';
    throw eventError('MAIL_EVENT_MALFORMED', `The event about a mail does not have what SES documents at ${where}.`);
  }
  const { mail } = parsed.data;
  const { at, ...meaning } = meaningOf(type, parsed.data);
  const tags = tagsOf(parsed.data);
  return {
    ...meaning,
    at: toInstant(at),
    mailAt: toInstant(mail.timestamp),
    messageId: mail.messageId,
    destinations: mail.destination,
    ...(mail.sendingAccountId === undefined ? {} : { sendingAccountId: mail.sendingAccountId }),
    ...(tags === undefined ? {} : { tags }),
  };
};

const readCarried = ({ recordId, read: open }: CarriedEvent): ParsedMailEvent => {
  const named = recordId === undefined ? {} : { recordId };
  try {
    return { ...named, event: read(open()) };
  } catch (error) {
    // Anything else is a defect of ours, and must not pass for an event that nobody needs.
    if (!isRemediationError(error)) throw error;
    return { ...named, error };
  }
};

/**
 * The events about mails that invoke a function: one from EventBridge, or the records of a trusted SQS queue or SNS topic,
 * one result each, in order. A record that cannot be read costs nobody else anything.
 * @throws RemediationError `MAIL_EVENT_FOREIGN`, `MAIL_EVENT_UNTRUSTED` for what is no such event at all; in results also
 * `MAIL_EVENT_MALFORMED`
 */
export const parseMailEvents = (input: unknown, trust: MailEventTrust = {}): ParsedMailEvent[] =>
  carriedEvents(input, trust).map(readCarried);

/**
 * The one event about a mail that invokes a function.
 * @throws RemediationError `MAIL_EVENT_MALFORMED`, `MAIL_EVENT_FOREIGN`, `MAIL_EVENT_UNTRUSTED`, `MAIL_EVENTS_SEVERAL`
 */
export const parseMailEvent = (input: unknown, trust: MailEventTrust = {}): MailEvent => {
  const [first, ...others] = parseMailEvents(input, trust);
  if (first === undefined || others.length > 0)
    throw eventError('MAIL_EVENTS_SEVERAL', 'One event is read here; parseMailEvents reads the records of a batch.');
  if (first.event === undefined) throw first.error;
  return first.event;
};
