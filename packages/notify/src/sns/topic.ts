import { RemediationError } from '@remedykit/core';

const arn = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/;

/**
 * Checks the ARN of a topic.
 * @throws RemediationError `SNS_TOPIC_INVALID`
 */
export const checkTopicArn = (where: string, topicArn: unknown): string => {
  if (typeof topicArn === 'string' && arn.test(topicArn)) return topicArn;
  throw new RemediationError({
    code: 'SNS_TOPIC_INVALID',
    message: `${where}: topicArn must be the ARN of a topic, arn:aws:sns:<region>:<account>:<name>; it was ${JSON.stringify(topicArn)}.`,
  });
};

export const isFifo = (topicArn: string): boolean => topicArn.endsWith('.fifo');
