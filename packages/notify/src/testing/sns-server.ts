import type { SNSClient } from '@aws-sdk/client-sns';
import { snsLimits } from '../sns/limits.ts';
import { createFakeTransport, type FakeAwsControls, fakeAwsError } from './fake-aws-client.ts';

/** A message as a topic took it. */
export interface PublishedMessage {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  /** What subscribers by mail get: the message, or the `default` of its JSON. */
  readonly text: string;
  /** What subscribers over https get, Amazon Q Developer among them: the `https` of the JSON, else the `default`. */
  readonly https: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Options of `createFakeSns`. */
export interface FakeSnsOptions {
  /** ARNs of the topics that there are; default: any. */
  readonly topics?: readonly string[];
  /** The topics' `MaximumMessageSize` in bytes; default 262,144. */
  readonly maxBytes?: number;
}

/** A fake SNS client: `send` takes `PublishCommand`. */
export interface FakeSns extends Pick<SNSClient, 'send'>, FakeAwsControls {
  readonly published: readonly PublishedMessage[];
  /** Forgets messages, the log and failures to come. */
  reset(): void;
}

type Fields = Readonly<Record<string, unknown>>;

const invalid = (what: string): Error => fakeAwsError('InvalidParameterException', `Invalid parameter: ${what}`);

const partsOf = (message: string): Readonly<Record<string, string>> => {
  let parts: unknown;
  try {
    parts = JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (typeof parts !== 'object' || parts === null || Array.isArray(parts))
    throw invalid('Message Structure - JSON message body failed to parse');
  if (!('default' in parts)) throw invalid('Message Structure - No default entry in JSON message body');
  for (const part of Object.values(parts))
    if (typeof part !== 'string') throw invalid('Message Structure - a value is not a string');
  return parts as Readonly<Record<string, string>>;
};

/** Rules that a subject breaks: at least one, fewer than 100 characters, no line breaks or control characters. */
const checkSubject = (subject: unknown): string | undefined => {
  if (subject === undefined) return undefined;
  if (typeof subject !== 'string' || subject.length > snsLimits.subject || !/^[\x21-\x7e][\x20-\x7e]*$/.test(subject))
    throw invalid('Subject');
  return subject;
};

const attributesOf = (attributes: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries((attributes ?? {}) as Record<string, { DataType?: unknown; StringValue?: unknown }>).map(
      ([name, { DataType, StringValue }]) => {
        if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name)) throw invalid('message attribute name');
        if (DataType !== 'String' || typeof StringValue !== 'string' || StringValue === '')
          throw invalid('message attribute value');
        return [name, StringValue];
      },
    ),
  );

/**
 * A fake SNS that takes messages as Publish does: it enforces subject, size in bytes (body and attributes), the JSON of
 * `MessageStructure`, and FIFO parameters, and fails on demand with SNS's error names.
 * @example
 * ```ts
 * import { createSnsNotifier } from '@remedykit/notify/sns';
 * import { createFakeSns } from '@remedykit/notify/testing';
 * const client = createFakeSns();
 * const sns = createSnsNotifier({ client, topicArn: 'arn:aws:sns:eu-west-1:111122223333:alerts' });
 * client.failNext('Publish', { code: 'ThrottledException' });
 * ```
 */
export const createFakeSns = (options: FakeSnsOptions = {}): FakeSns => {
  const { topics, maxBytes = snsLimits.bytes } = options;
  const published: PublishedMessage[] = [];
  const deduplicated = new Set<string>();

  const publish = (input: Fields): object => {
    const { TopicArn, Message, MessageStructure, MessageAttributes, MessageGroupId, MessageDeduplicationId } = input;
    if (typeof TopicArn !== 'string' || !/^arn:aws[a-z-]*:sns:[^:]+:\d{12}:[^:]+$/.test(TopicArn))
      throw invalid('TopicArn');
    if (topics !== undefined && !topics.includes(TopicArn)) throw fakeAwsError('NotFoundException', 'Topic not found');
    if (typeof Message !== 'string' || Message === '') throw invalid('Empty message');
    const subject = checkSubject(input.Subject);
    const attributes = attributesOf(MessageAttributes);
    const size = Object.entries(attributes).reduce(
      (sum, [name, value]) => sum + Buffer.byteLength(`${name}String${value}`),
      Buffer.byteLength(Message),
    );
    if (size > maxBytes) throw invalid('Message too long');
    const parts = MessageStructure === 'json' ? partsOf(Message) : { default: Message };
    if (TopicArn.endsWith('.fifo')) {
      if (typeof MessageGroupId !== 'string' || MessageGroupId.length > 128) throw invalid('MessageGroupId');
      if (typeof MessageDeduplicationId !== 'string' || MessageDeduplicationId.length > 128)
        throw invalid('MessageDeduplicationId');
    }
    const messageId = `00000000-0000-4000-8000-${String(published.length + 1).padStart(12, '0')}`;
    const seen = `${TopicArn} ${String(MessageDeduplicationId)}`;
    if (MessageDeduplicationId !== undefined && deduplicated.has(seen)) return { MessageId: messageId };
    deduplicated.add(seen);
    const text = parts.default ?? '';
    published.push({ messageId, topicArn: TopicArn, subject, text, https: parts.https ?? text, attributes });
    return { MessageId: messageId };
  };

  const { log, failNext, forget, send } = createFakeTransport(['Publish'], ({ input }) => publish(input));
  return {
    log,
    failNext,
    published,
    reset: () => {
      forget();
      published.length = 0;
      deduplicated.clear();
    },
    // The fake serves the one command that is sent; the client's overloads cannot be written out here.
    send: send as unknown as SNSClient['send'],
  };
};
