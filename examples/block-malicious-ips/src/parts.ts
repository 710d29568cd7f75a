import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import type { Notifier } from '@remedykit/core';
import { createDynamoDbStore } from '@remedykit/core/dynamodb';
import type { BlockerOptions, BlockOutcome, ClientOption } from '@remedykit/guardduty';
import { createSlackNotifier } from '@remedykit/notify/slack';
import type { Settings } from './settings.ts';

/** What the handlers work with; a test or the demo passes its own. */
export interface Parts extends Pick<BlockerOptions, 'ec2' | 'store' | 'audit' | 'now' | 'sleep' | 'addressRanges'> {
  readonly guardDuty: ClientOption<Pick<GuardDutyClient, 'send'>>;
  readonly notifier: Notifier;
  /** Sees each outcome before people are told, for metrics. */
  readonly onOutcome?: (outcome: BlockOutcome) => void;
}

/** The part of Lambda's context that the handlers use. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** The real parts, in the account and Region of the function. */
export const createParts = ({ tableName, slackWebhookUrl }: Settings): Parts => ({
  ec2: new EC2Client(),
  guardDuty: new GuardDutyClient(),
  store: createDynamoDbStore({ client: new DynamoDBClient(), tableName }),
  notifier: createSlackNotifier({ webhookUrl: slackWebhookUrl }),
});
