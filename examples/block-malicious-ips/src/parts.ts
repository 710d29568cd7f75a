import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { STSClient } from '@aws-sdk/client-sts';
import type { Notifier } from '@remedykit/core';
import { createDynamoDbStore } from '@remedykit/core/dynamodb';
import { createAccountCredentials } from '@remedykit/core/sts';
import type { BlockerOptions, BlockOutcome, ClientOption, Target } from '@remedykit/guardduty';
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

/** One client for each account and Region, so that its connections are used again. */
const perTarget = <Client>(create: (target: Target) => Client): ((target: Target) => Client) => {
  const clients = new Map<string, Client>();
  return (target) => {
    const key = `${target.accountId}/${target.region}`;
    const client = clients.get(key) ?? create(target);
    clients.set(key, client);
    return client;
  };
};

/**
 * The clients for the account and Region of the function, or with a role for those of each finding. A detector that the
 * settings name is the administrator's: the function runs in that account.
 */
const createClients = ({ role, detectorId }: Settings): Pick<Parts, 'ec2' | 'guardDuty'> => {
  if (role === undefined) return { ec2: new EC2Client(), guardDuty: new GuardDutyClient() };
  const { name, externalId } = role;
  const credentials = createAccountCredentials({ sts: new STSClient(), roleName: name, externalId });
  const inAccount = (target: Target) => ({ region: target.region, credentials: credentials(target) });
  return {
    ec2: perTarget((target) => new EC2Client(inAccount(target))),
    guardDuty: perTarget(
      (target) => new GuardDutyClient(detectorId === undefined ? inAccount(target) : { region: target.region }),
    ),
  };
};

/** The real parts. */
export const createParts = (settings: Settings): Parts => ({
  ...createClients(settings),
  store: createDynamoDbStore({ client: new DynamoDBClient(), tableName: settings.tableName }),
  notifier: createSlackNotifier({ webhookUrl: settings.slackWebhookUrl }),
});
