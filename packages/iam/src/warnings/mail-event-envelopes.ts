import { RemediationError } from '@remedykit/core';

/**
 * Why an event about a mail is not read.
 * - `MAIL_EVENT_MALFORMED`: a field that every such event has is missing or of the wrong kind; the message names it
 * - `MAIL_EVENT_FOREIGN`: something else than an event of SES about a mail, or of a service that nobody trusts here
 * - `MAIL_EVENT_UNTRUSTED`: it came through a topic or queue that is not among the trusted ones
 * - `MAIL_EVENTS_SEVERAL`: several events where one is read; `parseMailEvents` reads them all
 */
export type MailEventErrorCode =
  | 'MAIL_EVENT_MALFORMED'
  | 'MAIL_EVENT_FOREIGN'
  | 'MAIL_EVENT_UNTRUSTED'
  | 'MAIL_EVENTS_SEVERAL';

/** An error that no retry mends; it never repeats what the event holds. */
export const eventError = (code: MailEventErrorCode, message: string, cause?: unknown): RemediationError =>
  new RemediationError({ code, message, cause });

/** True for what JSON calls an object. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Which ways an event may come. A warning counts by what is read here, so nobody else may speak on them. */
export interface MailEventTrust {
  /** EventBridge invokes the function: only AWS writes events with a source that begins with `aws.`. Default true. */
  readonly eventBridge?: boolean;
  /** ARNs of SNS topics on which only SES, or an EventBridge rule of ours, may publish. Default none. */
  readonly topics?: readonly string[];
  /** ARNs of SQS queues to which only such a topic or rule may send. Default none. */
  readonly queues?: readonly string[];
}

/** An event of SES as it is published, with what is around it. */
export interface CarriedEvent {
  readonly recordId?: string;
  /** Reads the event; throws what is wrong with it. */
  readonly read: () => Readonly<Record<string, unknown>>;
}

const parseJson = (text: unknown, where: string): Readonly<Record<string, unknown>> => {
  if (typeof text !== 'string') throw eventError('MAIL_EVENT_MALFORMED', `${where} is no text.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw eventError('MAIL_EVENT_MALFORMED', `${where} is not JSON.`, error);
  }
  if (isObject(value)) return value;
  throw eventError('MAIL_EVENT_MALFORMED', `${where} holds no object.`);
};

const trusted = (arn: unknown, list: readonly string[] | undefined, what: string): void => {
  if (typeof arn === 'string' && list?.includes(arn)) return;
  throw eventError(
    'MAIL_EVENT_UNTRUSTED',
    `The event came through ${what} that is not trusted. Name its ARN in trust.`,
  );
};

/** The notification of a topic within a queue's message, as SNS writes it without raw delivery. */
const unwrapNotification = (event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  event.Type === 'Notification' && 'Message' in event
    ? parseJson(event.Message, 'The Message of a notification')
    : event;

const readRecord = (record: unknown, trust: MailEventTrust): Readonly<Record<string, unknown>> => {
  if (isObject(record) && record.eventSource === 'aws:sqs') {
    trusted(record.eventSourceARN, trust.queues, 'a queue');
    return unwrapNotification(parseJson(record.body, 'The body of a record'));
  }
  if (isObject(record) && record.EventSource === 'aws:sns' && isObject(record.Sns)) {
    trusted(record.Sns.TopicArn, trust.topics, 'a topic');
    return parseJson(record.Sns.Message, 'The Message of a record');
  }
  throw eventError('MAIL_EVENT_FOREIGN', 'A record is neither of SQS nor of SNS.');
};

const idOf = (record: unknown): string | undefined => {
  if (!isObject(record)) return undefined;
  const id = isObject(record.Sns) ? record.Sns.MessageId : record.messageId;
  return typeof id === 'string' ? id : undefined;
};

/**
 * Takes what invokes a function apart: one EventBridge event, or the records of SQS or SNS, one result each.
 * @throws RemediationError `MAIL_EVENT_FOREIGN`, `MAIL_EVENT_UNTRUSTED`; what is wrong with one record, its `read` throws
 */
export const carriedEvents = (input: unknown, trust: MailEventTrust): readonly CarriedEvent[] => {
  if (isObject(input) && Array.isArray(input.Records))
    return input.Records.map((record: unknown) => {
      const recordId = idOf(record);
      return { ...(recordId === undefined ? {} : { recordId }), read: () => readRecord(record, trust) };
    });
  if (!isObject(input) || !('detail-type' in input))
    throw eventError('MAIL_EVENT_FOREIGN', 'This is neither an EventBridge event nor an event of SQS or SNS.');
  if (trust.eventBridge === false)
    throw eventError('MAIL_EVENT_UNTRUSTED', 'The event came from EventBridge, which is not trusted here.');
  return [{ read: () => input }];
};
