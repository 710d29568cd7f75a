import type { Provenance } from '../finding.ts';
import { isRecord, kindOf, parseError } from './parse-error.ts';

/** What a record of an SQS or SNS event carries, and who says so. */
export interface Carried {
  readonly provenance: Provenance;
  readonly text: string;
  /** Where in the record the text stands. */
  readonly path: readonly string[];
  /** The same for people. */
  readonly within: string;
}

const queueArn = /^arn:aws[a-z-]*:sqs:[a-z0-9-]{1,40}:\d{12}:[\w.-]{1,80}$/;
const topicArn = /^arn:aws[a-z-]*:sns:[a-z0-9-]{1,40}:\d{12}:[\w.-]{1,256}$/;

const arnLike = (arn: unknown, pattern: RegExp, field: string, expected: string): string => {
  // No ARN is longer, and a long text is not worth matching.
  if (typeof arn === 'string' && arn.length <= 400 && pattern.test(arn)) return arn;
  throw parseError('RECORDS_MALFORMED', `${field} of a record is ${kindOf(arn)}, expected the ARN of ${expected}.`);
};

const textOf = (text: unknown, field: string): string => {
  if (typeof text === 'string') return text;
  throw parseError('RECORDS_MALFORMED', `${field} of a record is ${kindOf(text)}, expected a string.`);
};

/**
 * Takes a record of an SQS or SNS event apart. The provenance is the queue or topic that the record itself names: it counts
 * only where nobody but that service invokes the function.
 * @throws RemediationError `RECORDS_MALFORMED`
 */
export const readRecord = (record: unknown): Carried => {
  if (!isRecord(record)) throw parseError('RECORDS_MALFORMED', `A record is ${kindOf(record)}, expected an object.`);
  const { eventSource, EventSource: source = eventSource } = record;
  if (source === 'aws:sqs') {
    return {
      provenance: { channel: 'sqs', arn: arnLike(record.eventSourceARN, queueArn, 'eventSourceARN', 'a queue') },
      text: textOf(record.body, 'body'),
      path: ['body'],
      within: 'the body of an SQS record',
    };
  }
  if (source === 'aws:sns') {
    const message = isRecord(record.Sns) ? record.Sns : {};
    return {
      provenance: { channel: 'sns', arn: arnLike(message.TopicArn, topicArn, 'Sns.TopicArn', 'a topic') },
      text: textOf(message.Message, 'Sns.Message'),
      path: ['Sns', 'Message'],
      within: 'the message of an SNS record',
    };
  }
  throw parseError(
    'RECORDS_MALFORMED',
    `eventSource of a record is ${kindOf(source)}, expected the string aws:sqs or aws:sns.`,
  );
};
