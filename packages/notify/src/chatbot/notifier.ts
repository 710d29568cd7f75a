import type { SNSClient } from '@aws-sdk/client-sns';
import type { Message, Notifier } from '@remedykit/core';
import { RemediationError } from '@remedykit/core';
import { rejected } from '../delivery/attempt.ts';
import { createDeliverer, type DeliveryOptions, type Send } from '../delivery/deliver.ts';
import { jsonBytes } from '../fit/measure.ts';
import { viewMessage } from '../fit/message-view.ts';
import { renderPlainText } from '../fit/plain-text.ts';
import { attributeBytes, attributesOf } from '../sns/attributes.ts';
import { snsLimits } from '../sns/limits.ts';
import { publishOnce } from '../sns/publish.ts';
import { renderSubject } from '../sns/subject.ts';
import { checkTopicArn, isFifo } from '../sns/topic.ts';
import { checkChatbotNotification } from './check-notification.ts';
import { type ChatbotCaps, chatbotPace, greatestCaps, plainTextBytes } from './limits.ts';
import type { ChatbotNotification } from './notification.ts';
import { type ChatbotRendering, renderChatbotNotification } from './render.ts';

/** Options of `createChatbotNotifier`. */
export interface ChatbotNotifierOptions extends DeliveryOptions, ChatbotRendering {
  /** A client for the topic's Region. Its own retries happen within one attempt of ours. */
  readonly sns: Pick<SNSClient, 'send'>;
  /** The topic that the channel configuration of Amazon Q Developer names; no FIFO topic, for these cannot feed it. */
  readonly topicArn: string;
  /** Makes the notification instead of `renderChatbotNotification`; what the service would drop is rejected. */
  readonly render?: (message: Message) => unknown;
}

const channel = 'chatbot';
const where = 'createChatbotNotifier';

const checkCaps = (caps: Partial<ChatbotCaps>): void => {
  for (const [name, greatest] of Object.entries(greatestCaps)) {
    const cap = caps[name as keyof ChatbotCaps];
    const least = name === 'description' ? 500 : name === 'nextSteps' || name === 'keywords' ? 0 : 20;
    if (cap === undefined || (Number.isInteger(cap) && cap >= least && cap <= greatest)) continue;
    throw new RemediationError({
      code: 'OPTION_INVALID',
      message: `${where}: caps.${name} must be a whole number from ${least} to ${greatest}, it is ${cap}.`,
    });
  }
};

/** The JSON of both readers of the topic: people by mail, and the service over https. */
const bodyOf = (message: Message, notification: unknown, attributes: number): string => {
  const https = JSON.stringify(notification);
  const room = snsLimits.bytes - attributes - jsonBytes({ default: '', https });
  const text = renderPlainText(viewMessage(message), Math.min(plainTextBytes, room), (part) => jsonBytes(part) - 2);
  return JSON.stringify({ default: text, https });
};

/**
 * A notifier for chat channels of Amazon Q Developer in chat applications (AWS Chatbot): publishes a custom notification
 * to the SNS topic that feeds the channel. `MessageStructure` is `json`, so the same topic serves people by mail, who get
 * plain text (`default`), and the service (`https`).
 *
 * Messages about one matter share a `threadId`; they appear in one thread where the channel's preferences allow it
 * (`@Amazon Q preferences`). What the service would drop in silence is checked before it is published, and `rejected`.
 * `delivered` means that SNS took the message (`messageId` is SNS's): alarm on the metric `UnsupportedEvents`.
 *
 * `notify` never throws. Throttling, 5xx, timeouts and network errors are tried again within the time that is left, then
 * `deferred`; SNS may have taken the message after a 5xx or a timeout, see `whenUnsure`.
 *
 * IAM: `sns:Publish` on the topic; for an encrypted topic also `kms:GenerateDataKey` and `kms:Decrypt` on its key.
 * @throws RemediationError `SNS_TOPIC_INVALID`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { SNSClient } from '@aws-sdk/client-sns';
 * import { createChatbotNotifier } from '@remedykit/notify/chatbot';
 * const chat = createChatbotNotifier({
 *   sns: new SNSClient(),
 *   topicArn: 'arn:aws:sns:eu-west-1:111122223333:security-chat',
 * });
 * ```
 */
export const createChatbotNotifier = (options: ChatbotNotifierOptions): Notifier => {
  const { sns, caps = {} } = options;
  const topicArn = checkTopicArn(where, options.topicArn);
  if (isFifo(topicArn))
    throw new RemediationError({
      code: 'SNS_TOPIC_INVALID',
      message: `${where}: ${topicArn} is a FIFO topic, which cannot feed Amazon Q Developer; use a standard topic.`,
    });
  checkCaps(caps);
  const render =
    options.render ?? ((message: Message): ChatbotNotification => renderChatbotNotification(message, options));
  const deliver = createDeliverer({ where, channel, options, pace: chatbotPace });

  return {
    notify: async (message, notifyOptions) => {
      if (message === undefined) return { status: 'nothing', channel };
      return deliver((): Send => {
        const notification = render(message);
        const fault = checkChatbotNotification(notification);
        if (fault !== undefined) return async () => rejected(`Amazon Q Developer would drop it: ${fault}`);
        const MessageAttributes = attributesOf(message);
        return publishOnce(sns, {
          TopicArn: topicArn,
          Subject: renderSubject(viewMessage(message)),
          MessageStructure: 'json',
          Message: bodyOf(message, notification, attributeBytes(MessageAttributes)),
          MessageAttributes,
        });
      }, notifyOptions);
    },
  };
};
