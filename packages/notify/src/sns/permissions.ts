import { allow, checkKeyArn, type PolicyDocument } from '../permissions/policy.ts';
import { checkTopicArn } from './topic.ts';

/** What is published to. */
export interface TopicPermissionOptions {
  readonly topicArn: string;
  /** The customer-managed key that the topic is encrypted with, if it is; its key policy has to allow it as well. */
  readonly keyArn?: string;
}

/** The policy of whoever publishes to a topic. */
export const publishPermissions = (where: string, { topicArn, keyArn }: TopicPermissionOptions): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    ...allow('PublishAlerts', ['sns:Publish'], [checkTopicArn(where, topicArn)]),
    ...allow(
      'EncryptAlerts',
      ['kms:Decrypt', 'kms:GenerateDataKey'],
      keyArn === undefined ? [] : [checkKeyArn(where, keyArn)],
    ),
  ],
});

/**
 * The IAM policy that the client of `createSnsNotifier` needs: these actions and no others. Source: service authorization
 * reference, SNS; SNS developer guide, encryption at rest.
 * @throws RemediationError `SNS_TOPIC_INVALID`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { snsPermissions } from '@remedykit/notify/sns';
 * const policy = snsPermissions({ topicArn: 'arn:aws:sns:eu-west-1:111122223333:security-alerts' });
 * ```
 */
export const snsPermissions = (options: TopicPermissionOptions): PolicyDocument =>
  publishPermissions('snsPermissions', options);
