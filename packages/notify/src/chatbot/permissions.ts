import type { PolicyDocument } from '../permissions/policy.ts';
import { publishPermissions, type TopicPermissionOptions } from '../sns/permissions.ts';

/**
 * The IAM policy that the client of `createChatbotNotifier` needs: these actions and no others. Amazon Q reads the topic by
 * its own subscription; its channel role needs nothing to show notifications. Source: service authorization reference,
 * SNS; SNS developer guide, encryption at rest.
 * @throws RemediationError `SNS_TOPIC_INVALID`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { chatbotPermissions } from '@remedykit/notify/chatbot';
 * const policy = chatbotPermissions({ topicArn: 'arn:aws:sns:eu-west-1:111122223333:security-alerts' });
 * ```
 */
export const chatbotPermissions = (options: TopicPermissionOptions): PolicyDocument =>
  publishPermissions('chatbotPermissions', options);
