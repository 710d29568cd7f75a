import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Notifier, StateStore, UpdatableNotifier } from '@remedykit/core';
import { createDynamoDbStore } from '@remedykit/core/dynamodb';
import { createLiveNotifier, createOutbox, fanOut, type LiveNotifier, type Outbox } from '@remedykit/notify';
import { createChatbotNotifier } from '@remedykit/notify/chatbot';
import { secretFromSecretsManager } from '@remedykit/notify/secrets';
import { createSlackApiNotifier } from '@remedykit/notify/slack';
import type { AmazonQSettings, Settings, SlackSettings } from './settings.ts';

/** What the handlers work with; a test or the demo passes its own. */
export interface Parts {
  readonly notifier: Notifier;
  /** What waits, for the upkeep function; absent where nothing is kept (Amazon Q). */
  readonly outbox?: Outbox;
  readonly live?: LiveNotifier;
}

/** The part of Lambda's context that the handlers use. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** To Amazon Q: no state. What SNS does not take, Lambda tries again. */
export const createAmazonQParts = (
  { topicArn, chatClient, minSeverity }: AmazonQSettings,
  sns: Pick<SNSClient, 'send'>,
): Parts => {
  const chat = createChatbotNotifier({ sns, topicArn, ...(chatClient === undefined ? {} : { client: chatClient }) });
  return { notifier: fanOut([{ notifier: chat, minSeverity }]) };
};

/** To Slack: one live message per finding, and what Slack does not take now is kept in the table and drained by upkeep. */
export const createSlackParts = (
  { minSeverity }: Pick<SlackSettings, 'minSeverity'>,
  { slack, store, now }: { readonly slack: UpdatableNotifier; readonly store: StateStore; readonly now?: () => Date },
): Parts => {
  const time = now === undefined ? {} : { now };
  const live = createLiveNotifier({ store, notifier: slack, ...time });
  const outbox = createOutbox({ store, notifier: live, ...time });
  return { notifier: fanOut([{ notifier: outbox, minSeverity }]), outbox, live };
};

/** The real parts, in the account and Region of the function. */
export const createParts = (settings: Settings): Parts => {
  if (settings.chat === 'amazon-q') return createAmazonQParts(settings, new SNSClient());
  const { slackChannelId, slackTokenSecretId, tableName } = settings;
  return createSlackParts(settings, {
    store: createDynamoDbStore({ client: new DynamoDBClient(), tableName }),
    slack: createSlackApiNotifier({
      token: secretFromSecretsManager({ client: new SecretsManagerClient(), secretId: slackTokenSecretId }),
      channelId: slackChannelId,
    }),
  });
};
