import { dynamoDbPermissions, recommendedTableSettings, tableSchema } from '@remedykit/core/dynamodb';
import { enforcerPermissions, type PermissionDocument } from '@remedykit/iam';
import { sesPermissions } from '@remedykit/notify/ses';

/** Where it is deployed. */
export interface Place {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly tableName: string;
  /** The verified domain or address of SES that mails come from. */
  readonly mailIdentity: string;
  readonly configurationSet: string;
  /** The rule that hands over what SES tells of mails. */
  readonly ruleName: string;
  /** Failure destination of the functions. */
  readonly deadLetterQueueName: string;
  /** One deployment for several accounts, by a role of one name in each; absent: it works in its own account alone. */
  readonly members?: Members;
}

/** The accounts that one deployment serves. */
export interface Members {
  /** 12 digits each, its own among them if its own users count. */
  readonly accountIds: readonly string[];
  /** A path may stand before the name, as in `REMEDYKIT_ROLE_NAME`. */
  readonly roleName: string;
  readonly externalId: string;
  /** The role of the scheduled function, which the trust policies name; a path may stand before the name. */
  readonly functionRoleName: string;
}

/** The role in one account that the scheduled function assumes. */
export interface AccountRole {
  readonly accountId: string;
  readonly path: string;
  readonly roleName: string;
  /** Names the function's role and demands the external id. */
  readonly trustPolicy: object;
  readonly policy: PermissionDocument;
}

/** Everything about a deployment that the packages know, each part as AWS takes it. */
export interface Deployment {
  readonly table: object;
  /** Input of SES v2 CreateConfigurationSet. */
  readonly configurationSet: object;
  /** Input of SES v2 CreateConfigurationSetEventDestination. */
  readonly eventDestination: object;
  readonly rule: { readonly name: string; readonly eventPattern: object };
  /** Of the scheduled function and of the plan function; beside the managed policy AWSLambdaBasicExecutionRole. */
  readonly scheduledFunctionPolicy: object;
  /** Of the function that hears of mails: it needs the table alone. */
  readonly mailEventFunctionPolicy: object;
  /** For several accounts: the role in each of them. */
  readonly accountRoles?: readonly AccountRole[];
  /** Who may invoke the function that hears of mails: the rule alone. */
  readonly mailEventFunctionPermission: object;
  readonly schedule: object;
  readonly scheduledFunctionTimeoutSeconds: number;
  readonly mailEventFunctionTimeoutSeconds: number;
}

/** What SES is to tell, and what EventBridge calls it. Source: SES developer guide, monitoring events with EventBridge. */
const mailEvents: Readonly<Record<string, string>> = {
  SEND: 'Email Sent',
  DELIVERY: 'Email Delivered',
  BOUNCE: 'Email Bounced',
  COMPLAINT: 'Email Complaint Received',
  REJECT: 'Email Rejected',
  RENDERING_FAILURE: 'Email Rendering Failed',
};

const allow = (Sid: string, Action: readonly string[], Resource: readonly string[]) =>
  ({ Sid, Effect: 'Allow', Action, Resource }) as const;

const roleArn = (partition: string, accountId: string, roleName: string): string =>
  `arn:${partition}:iam::${accountId}:role/${roleName}`;

/** What the enforcer of this example has rules for; the numbers in them change no permission. */
const permissionsIn = (accounts: readonly string[], partition: string): PermissionDocument =>
  enforcerPermissions({
    accounts,
    partition,
    mfa: { action: 'report', graceDays: 14 },
    accessKeys: { warnAtDays: [80], deactivateAtDays: 90 },
  });

/** The role in each account: what an enforcer needs there, for the scheduled function alone. */
const accountRoles = (
  { accountId: home, partition }: Place,
  { accountIds, roleName, externalId, functionRoleName }: Members,
): AccountRole[] => {
  const [name = '', ...parents] = roleName.split('/').toReversed();
  return accountIds.map((accountId) => ({
    accountId,
    path: `/${parents
      .toReversed()
      .map((parent) => `${parent}/`)
      .join('')}`,
    roleName: name,
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OnlyTheFunction',
          Effect: 'Allow',
          Principal: { AWS: roleArn(partition, home, functionRoleName) },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': externalId } },
        },
      ],
    },
    policy: permissionsIn([accountId], partition),
  }));
};

/** The deployment, from what the packages export. */
export const describeDeployment = (place: Place): Deployment => {
  const { accountId, region, partition, tableName, configurationSet, ruleName, members } = place;
  const arn = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const { actions, resources } = dynamoDbPermissions({ tableArn: arn('dynamodb', `table/${tableName}`) });
  const keepState = allow('KeepState', actions, resources);
  const sendFailures = allow('SendFailures', ['sqs:SendMessage'], [arn('sqs', place.deadLetterQueueName)]);
  const mails = sesPermissions({
    identityArn: arn('ses', `identity/${place.mailIdentity}`),
    configurationSetArn: arn('ses', `configuration-set/${configurationSet}`),
    bulk: false,
  });
  const work = members
    ? [
        allow(
          'AssumeAccountRoles',
          ['sts:AssumeRole'],
          members.accountIds.map((id) => roleArn(partition, id, members.roleName)),
        ),
      ]
    : permissionsIn([accountId], partition).Statement;
  return {
    table: { TableName: tableName, ...tableSchema, ...recommendedTableSettings },
    configurationSet: { ConfigurationSetName: configurationSet },
    eventDestination: {
      ConfigurationSetName: configurationSet,
      EventDestinationName: 'remedykit',
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: Object.keys(mailEvents),
        // SES knows no other bus.
        EventBridgeDestination: { EventBusArn: arn('events', 'event-bus/default') },
      },
    },
    rule: {
      name: ruleName,
      eventPattern: {
        source: ['aws.ses'],
        'detail-type': Object.values(mailEvents),
        detail: { mail: { tags: { 'ses:configuration-set': [configurationSet] } } },
      },
    },
    scheduledFunctionPolicy: {
      Version: '2012-10-17',
      Statement: [...work, ...mails.Statement, keepState, sendFailures],
    },
    mailEventFunctionPolicy: { Version: '2012-10-17', Statement: [keepState, sendFailures] },
    ...(members ? { accountRoles: accountRoles(place, members) } : {}),
    mailEventFunctionPermission: {
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: arn('events', `rule/${ruleName}`),
      SourceAccount: accountId,
    },
    // After midnight UTC, with which days begin, and when people are at work.
    schedule: { ScheduleExpression: 'cron(0 8 * * ? *)' },
    scheduledFunctionTimeoutSeconds: 900,
    mailEventFunctionTimeoutSeconds: 30,
  };
};
