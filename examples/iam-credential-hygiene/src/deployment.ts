import { dynamoDbPermissions, recommendedTableSettings, tableSchema } from '@remedykit/core/dynamodb';
import type { MfaOptions } from '@remedykit/iam';
import { sesPermissions } from '@remedykit/notify/ses';
import { describeAccountTemplate, permissionsIn, type Template } from './account-template.ts';

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
  /** `REMEDYKIT_MFA_ACTION`: it decides what may be written. */
  readonly mfaAction: MfaOptions['action'];
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
  /** The role of the functions, which the trust policies name; a path may stand before the name. */
  readonly functionRoleName: string;
}

/** Everything about a deployment that the packages know, each part as AWS takes it. */
export interface Deployment {
  readonly table: object;
  /** Input of SES v2 CreateConfigurationSet. */
  readonly configurationSet: object;
  /** Input of SES v2 CreateConfigurationSetEventDestination. */
  readonly eventDestination: object;
  readonly rule: { readonly name: string; readonly eventPattern: object };
  /** Of the functions that reach IAM: the scheduled one, plan, restore and resolve; beside the managed policy AWSLambdaBasicExecutionRole. */
  readonly functionPolicy: object;
  /** Of the function that hears of mails: it needs the table alone. */
  readonly mailEventFunctionPolicy: object;
  /** For every account that is looked at: its two MFA policies, and of several accounts the role. Absent: nothing. */
  readonly accountTemplate?: Template;
  /** Who may invoke the function that hears of mails: the rule alone. */
  readonly mailEventFunctionPermission: object;
  readonly schedule: object;
  readonly functionTimeoutSeconds: number;
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
    : permissionsIn([accountId], place).Statement;
  const accountTemplate = describeAccountTemplate({
    partition,
    mfaAction: place.mfaAction,
    ...(members
      ? {
          role: {
            name: members.roleName,
            externalId: members.externalId,
            assumedBy: roleArn(partition, accountId, members.functionRoleName),
          },
        }
      : {}),
  });
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
    functionPolicy: {
      Version: '2012-10-17',
      Statement: [...work, ...mails.Statement, keepState, sendFailures],
    },
    mailEventFunctionPolicy: { Version: '2012-10-17', Statement: [keepState, sendFailures] },
    ...(accountTemplate ? { accountTemplate } : {}),
    mailEventFunctionPermission: {
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: arn('events', `rule/${ruleName}`),
      SourceAccount: accountId,
    },
    // After midnight UTC, with which days begin, and when people are at work. Later runs of the day mail nobody twice: they do
    // what the day's limit had no room for at the same hour, and what had failed.
    schedule: { ScheduleExpression: 'cron(0 8,11,14 * * ? *)' },
    functionTimeoutSeconds: 900,
    mailEventFunctionTimeoutSeconds: 30,
  };
};
