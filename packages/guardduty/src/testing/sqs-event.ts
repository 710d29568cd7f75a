import { createHash } from 'node:crypto';
import { uuidOf } from './digest.ts';

/** One record of an SQS event. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    readonly SentTimestamp: string;
    readonly SenderId: string;
    readonly ApproximateFirstReceiveTimestamp: string;
  };
  readonly messageAttributes: Record<string, never>;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** What Lambda hands to a function that an SQS queue feeds. */
export interface SqsEvent {
  readonly Records: SqsRecord[];
}

/** Through which queue the records came. */
export interface SqsEventOptions {
  readonly queueArn: string;
  /** When the messages were sent; now by default. */
  readonly at?: Date;
}

/**
 * An SQS event whose records hold these documents, one each, in order; a string is taken as it is, so that a record may
 * be malformed. Message ids depend on place and content alone.
 * @example
 * ```ts
 * import { sqsEvent, sshBruteForceEvent } from '@remedykit/guardduty/testing';
 * const event = sqsEvent([sshBruteForceEvent(), '{ broken'], {
 *   queueArn: 'arn:aws:sqs:eu-west-1:111122223333:findings',
 * });
 * ```
 */
export const sqsEvent = (
  documents: readonly (object | string)[],
  { queueArn, at = new Date() }: SqsEventOptions,
): SqsEvent => ({
  Records: documents.map((document, index): SqsRecord => {
    const body = typeof document === 'string' ? document : JSON.stringify(document);
    const sent = String(at.getTime());
    return {
      messageId: uuidOf('message', index, body),
      receiptHandle: uuidOf('receipt', index, body),
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: sent,
        SenderId: 'AIDAEXAMPLE0000000001',
        ApproximateFirstReceiveTimestamp: sent,
      },
      messageAttributes: {},
      md5OfBody: createHash('md5').update(body).digest('hex'),
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: queueArn.split(':')[3] ?? '',
    };
  }),
});
