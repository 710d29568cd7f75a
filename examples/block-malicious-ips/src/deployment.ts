import { dynamoDbPermissions, recommendedTableSettings, tableSchema } from '@remedykit/core/dynamodb';
import { blockerPermissions, type EventPattern, eventPattern, type PolicyDocument } from '@remedykit/guardduty';

/** Where it is deployed. */
export interface Place {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly tableName: string;
  readonly queueName: string;
  /** The dead-letter queue, also the failure destination of the functions. */
  readonly deadLetterQueueName: string;
  readonly ruleName: string;
  /** One deployment for several accounts, by a role of one name in each; absent: it works in its own account alone. */
  readonly members?: Members;
}

/** The accounts that one deployment serves. */
export interface Members {
  /** 12 digits each, its own among them if its own findings count. */
  readonly accountIds: readonly string[];
  /** A path may stand before the name, as in `REMEDYKIT_ROLE_NAME`. */
  readonly roleName: string;
  readonly externalId: string;
  /** The role of the functions, which the trust policies name; a path may stand before the name. */
  readonly functionRoleName: string;
  /** The administrator's detector (`REMEDYKIT_DETECTOR_ID`), which the functions ask themselves; absent: each account's own. */
  readonly detectorId?: string;
}

/** The role in one account that the functions assume. */
export interface AccountRole {
  readonly accountId: string;
  readonly path: string;
  readonly roleName: string;
  /** Names the functions' role and demands the external id. */
  readonly trustPolicy: object;
  readonly policy: PolicyDocument;
}

/** Everything about a deployment that the packages know, each part as AWS takes it. */
export interface Deployment {
  readonly rule: { readonly name: string; readonly eventPattern: EventPattern };
  readonly table: object;
  /** Beside the managed policy AWSLambdaBasicExecutionRole. */
  readonly functionPolicy: object;
  /** For several accounts: the role in each of them. */
  readonly accountRoles?: readonly AccountRole[];
  /** Who may invoke the event function: the rule alone. */
  readonly eventFunctionPermission: object;
  /** Who may put on the queue: the rule alone. */
  readonly queuePolicy: object;
  readonly eventSourceMapping: object;
  readonly schedule: object;
  readonly functionTimeoutSeconds: number;
}

/** Seconds that a function may take at most; the queue hides a record for six times as long, as AWS advises. */
const timeoutSeconds = 30;

const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
): PolicyDocument['Statement'][number] => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
});

const roleArn = (partition: string, accountId: string, roleName: string): string =>
  `arn:${partition}:iam::${accountId}:role/${roleName}`;

/** With a role in each account the functions themselves touch no network; they may ask the administrator's detector. */
const memberStatements = (
  { accountId, region, partition }: Place,
  { accountIds, roleName, detectorId }: Members,
): PolicyDocument['Statement'] => [
  allow(
    'AssumeAccountRoles',
    ['sts:AssumeRole'],
    accountIds.map((id) => roleArn(partition, id, roleName)),
  ),
  ...(detectorId === undefined
    ? []
    : [
        allow(
          'ReadFindingsBack',
          ['guardduty:GetFindings'],
          [`arn:${partition}:guardduty:${region}:${accountId}:detector/${detectorId}`],
        ),
      ]),
];

/** The role in each account: what a blocker needs there, for the functions alone. */
const accountRoles = (
  { accountId: home, region, partition }: Place,
  { accountIds, roleName, externalId, functionRoleName, detectorId }: Members,
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
          Sid: 'OnlyTheFunctions',
          Effect: 'Allow',
          Principal: { AWS: roleArn(partition, home, functionRoleName) },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': externalId } },
        },
      ],
    },
    policy: blockerPermissions({
      accounts: [accountId],
      regions: [region],
      partition,
      readBack: detectorId === undefined,
    }),
  }));
};

/** The deployment, from what the packages export. */
export const describeDeployment = (place: Place): Deployment => {
  const { accountId, region, partition, tableName, queueName, deadLetterQueueName, ruleName } = place;
  const arn = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const queueArn = arn('sqs', queueName);
  const ruleArn = arn('events', `rule/${ruleName}`);
  const { actions, resources } = dynamoDbPermissions({ tableArn: arn('dynamodb', `table/${tableName}`) });
  const { members } = place;
  const work = members
    ? memberStatements(place, members)
    : blockerPermissions({ accounts: [accountId], regions: [region], partition }).Statement;
  return {
    rule: { name: ruleName, eventPattern: eventPattern() },
    table: { TableName: tableName, ...tableSchema, ...recommendedTableSettings },
    functionPolicy: {
      Version: '2012-10-17',
      Statement: [
        ...work,
        allow('KeepState', actions, resources),
        allow('ReadQueue', ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'], [queueArn]),
        allow('SendFailures', ['sqs:SendMessage'], [arn('sqs', deadLetterQueueName)]),
      ],
    },
    ...(members ? { accountRoles: accountRoles(place, members) } : {}),
    eventFunctionPermission: {
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: ruleArn,
      SourceAccount: accountId,
    },
    queuePolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OnlyTheRule',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queueArn,
          Condition: { ArnEquals: { 'aws:SourceArn': ruleArn }, StringEquals: { 'aws:SourceAccount': accountId } },
        },
      ],
    },
    eventSourceMapping: {
      EventSourceArn: queueArn,
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      QueueVisibilityTimeoutSeconds: timeoutSeconds * 6,
      QueueMaxReceiveCount: 5,
    },
    schedule: { ScheduleExpression: 'rate(5 minutes)' },
    functionTimeoutSeconds: timeoutSeconds,
  };
};
