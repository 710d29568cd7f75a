import { createHash } from 'node:crypto';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { Notifier } from '@remedykit/core';
import { RemediationError } from '@remedykit/core';
import { createDeliverer, type DeliveryOptions } from '../delivery/deliver.ts';
import { threadKey } from '../fit/thread-key.ts';
import { snsBudget, snsLimits } from './limits.ts';
import { publishOnce } from './publish.ts';
import { renderSnsMessage } from './render.ts';
import { checkTopicArn, isFifo } from './topic.ts';

/** Options of `createSnsNotifier`. */
export interface SnsNotifierOptions extends DeliveryOptions {
  /** A client for the topic's Region. Its own retries happen within one attempt of ours. */
  readonly client: Pick<SNSClient, 'send'>;
  readonly topicArn: string;
  /** Bytes of body and attributes together, 1,024 to 262,144; default 65,536, which is what SNS bills as one request. */
  readonly maxBytes?: number;
}

const channel = 'sns';
const where = 'createSnsNotifier';

/**
 * A notifier that publishes plain text for people to an SNS topic (mail, SMS, or whatever subscribes), with a subject and
 * with attributes to filter by: `severity`, `status`, `preview`, `undone`, `accountId`, `region`, `type`. For a chat
 * channel of Amazon Q Developer use `createChatbotNotifier`, for it drops plain text. On a FIFO topic the messages about
 * one matter stay in order, and one that is published again within five minutes is dropped by SNS.
 *
 * `notify` never throws. Throttling, 5xx, timeouts and network errors are tried again within the time that is left, then
 * `deferred`; on a standard topic SNS may have taken the message after a 5xx or a timeout, see `whenUnsure`. Everything
 * else is `rejected`, with the name of SNS's error. `messageId` is SNS's.
 *
 * IAM: `sns:Publish` on the topic; for an encrypted topic also `kms:GenerateDataKey` and `kms:Decrypt` on its key.
 * @throws RemediationError `SNS_TOPIC_INVALID`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { SNSClient } from '@aws-sdk/client-sns';
 * import { createSnsNotifier } from '@remedykit/notify/sns';
 * const sns = createSnsNotifier({
 *   client: new SNSClient(),
 *   topicArn: 'arn:aws:sns:eu-west-1:111122223333:security-alerts',
 * });
 * ```
 */
export const createSnsNotifier = (options: SnsNotifierOptions): Notifier => {
  const { client, maxBytes = snsBudget.bytes } = options;
  const topicArn = checkTopicArn(where, options.topicArn);
  if (!(Number.isInteger(maxBytes) && maxBytes >= 1024 && maxBytes <= snsLimits.bytes))
    throw new RemediationError({
      code: 'OPTION_INVALID',
      message: `${where}: maxBytes must be a whole number from 1,024 to ${snsLimits.bytes}, it is ${maxBytes}.`,
    });
  const deliver = createDeliverer({ where, channel, options });

  return {
    notify: async (message, notifyOptions) => {
      if (message === undefined) return { status: 'nothing', channel };
      return deliver(() => {
        const payload = renderSnsMessage(message, maxBytes);
        const order = isFifo(topicArn)
          ? {
              MessageGroupId: threadKey(message),
              MessageDeduplicationId: createHash('sha256')
                .update(JSON.stringify([message.key, payload]))
                .digest('hex'),
            }
          : {};
        return publishOnce(client, { TopicArn: topicArn, ...payload, ...order });
      }, notifyOptions);
    },
  };
};
