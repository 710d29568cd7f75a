import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { STSClient } from '@aws-sdk/client-sts';
import type { Notifier } from '@remedykit/core';
import { createDynamoDbStore } from '@remedykit/core/dynamodb';
import { createAccountCredentials } from '@remedykit/core/sts';
import type { AccountTarget, CredentialEnforcerOptions, CredentialRun } from '@remedykit/iam';
import { createSesNotifier } from '@remedykit/notify/ses';
import { createSlackNotifier } from '@remedykit/notify/slack';
import type { Settings } from './settings.ts';

/** What the handlers work with; a test or the demo passes its own. */
export interface Parts
  extends Pick<CredentialEnforcerOptions, 'iam' | 'store' | 'mailer' | 'audit' | 'now' | 'sleep' | 'random' | 'newId'> {
  /** Where the team reads of each run. */
  readonly notifier: Notifier;
  /** Sees each run before people are told, for metrics. */
  readonly onRun?: (run: CredentialRun) => void;
}

/** The part of Lambda's context that the handlers use. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** The client of the function's own account, or with a role one for each account, so that its connections are used again. */
const createIam = ({ role }: Settings): Parts['iam'] => {
  if (role === undefined) return new IAMClient();
  const { name, externalId, region } = role;
  const credentials = createAccountCredentials({ sts: new STSClient({ region }), roleName: name, externalId });
  const clients = new Map<string, IAMClient>();
  return ({ accountId }: AccountTarget): IAMClient => {
    const client = clients.get(accountId) ?? new IAMClient({ region, credentials: credentials({ accountId, region }) });
    clients.set(accountId, client);
    return client;
  };
};

/** The real parts. */
export const createParts = (settings: Settings): Parts => ({
  iam: createIam(settings),
  store: createDynamoDbStore({ client: new DynamoDBClient(), tableName: settings.tableName }),
  mailer: createSesNotifier({
    client: new SESv2Client(),
    from: settings.mailFrom,
    configurationSet: settings.configurationSet,
    // Whoever answers a warning should reach people.
    replyTo: settings.fallbackRecipient,
  }),
  notifier: createSlackNotifier({ webhookUrl: settings.slackWebhookUrl }),
});
