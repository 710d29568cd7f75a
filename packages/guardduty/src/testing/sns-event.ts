import { uuidOf } from './digest.ts';
import { type SqsEvent, type SqsEventOptions, sqsEvent } from './sqs-event.ts';

/** Through which topic the messages came. */
export interface SnsEventOptions {
  readonly topicArn: string;
  /** When they were published; now by default. */
  readonly at?: Date;
}

/** A message as Lambda gets it from SNS. */
export interface SnsMessage {
  readonly Type: 'Notification';
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Subject: string | null;
  readonly Message: string;
  readonly Timestamp: string;
  readonly SignatureVersion: '1';
  readonly Signature: string;
  readonly SigningCertUrl: string;
  readonly UnsubscribeUrl: string;
  readonly MessageAttributes: Record<string, never>;
}

/** What Lambda hands to a function that an SNS topic invokes. */
export interface SnsEvent {
  readonly Records: readonly {
    readonly EventSource: 'aws:sns';
    readonly EventVersion: '1.0';
    readonly EventSubscriptionArn: string;
    readonly Sns: SnsMessage;
  }[];
}

const messageOf = (document: object | string, index: number, { topicArn, at = new Date() }: SnsEventOptions) => {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const host = `sns.${topicArn.split(':')[3] ?? ''}.amazonaws.com`;
  const id = uuidOf('notification', index, text);
  return {
    id,
    text,
    at: at.toISOString(),
    signature: 'RXhhbXBsZQ==',
    certificateUrl: `https://${host}/SimpleNotificationService-example.pem`,
    unsubscribeUrl: `https://${host}/?Action=Unsubscribe&SubscriptionArn=${topicArn}:${id}`,
  };
};

/**
 * An SNS event with these messages, one record each, in order (SNS itself sends one at a time); a string is taken as it
 * is, so that a message may be malformed. Message ids depend on place and content alone.
 * @example
 * ```ts
 * import { snsEvent, sshBruteForceEvent } from '@remedykit/guardduty/testing';
 * const event = snsEvent([sshBruteForceEvent()], { topicArn: 'arn:aws:sns:eu-west-1:111122223333:findings' });
 * ```
 */
export const snsEvent = (messages: readonly (object | string)[], options: SnsEventOptions): SnsEvent => ({
  Records: messages.map((document, index) => {
    const message = messageOf(document, index, options);
    return {
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: `${options.topicArn}:${message.id}`,
      Sns: {
        Type: 'Notification',
        MessageId: message.id,
        TopicArn: options.topicArn,
        Subject: null,
        Message: message.text,
        Timestamp: message.at,
        SignatureVersion: '1',
        Signature: message.signature,
        SigningCertUrl: message.certificateUrl,
        UnsubscribeUrl: message.unsubscribeUrl,
        MessageAttributes: {},
      },
    };
  }),
});

/** Through which topic and queue the messages came. */
export interface SnsInSqsEventOptions extends SnsEventOptions, SqsEventOptions {}

/**
 * An SQS event from a queue that subscribes to an SNS topic, without raw message delivery: each body is SNS's notification.
 * With raw delivery the body is the message itself: `sqsEvent`.
 * @example
 * ```ts
 * import { snsInSqsEvent, sshBruteForceEvent } from '@remedykit/guardduty/testing';
 * const event = snsInSqsEvent([sshBruteForceEvent()], {
 *   topicArn: 'arn:aws:sns:eu-west-1:111122223333:findings',
 *   queueArn: 'arn:aws:sqs:eu-west-1:111122223333:findings',
 * });
 * ```
 */
export const snsInSqsEvent = (messages: readonly (object | string)[], options: SnsInSqsEventOptions): SqsEvent =>
  sqsEvent(
    messages.map((document, index) => {
      const message = messageOf(document, index, options);
      return {
        Type: 'Notification',
        MessageId: message.id,
        TopicArn: options.topicArn,
        Message: message.text,
        Timestamp: message.at,
        SignatureVersion: '1',
        Signature: message.signature,
        SigningCertURL: message.certificateUrl,
        UnsubscribeURL: message.unsubscribeUrl,
      };
    }),
    options,
  );
