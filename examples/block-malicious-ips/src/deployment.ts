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
}

/** Everything about a deployment that the packages know, each part as AWS takes it. */
export interface Deployment {
  readonly rule: { readonly name: string; readonly eventPattern: EventPattern };
  readonly table: object;
  /** Beside the managed policy AWSLambdaBasicExecutionRole. */
  readonly functionPolicy: object;
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

/** The deployment, from what the packages export. */
export const describeDeployment = (place: Place): Deployment => {
  const { accountId, region, partition, tableName, queueName, deadLetterQueueName, ruleName } = place;
  const arn = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const queueArn = arn('sqs', queueName);
  const ruleArn = arn('events', `rule/${ruleName}`);
  const blocker: PolicyDocument = blockerPermissions({ accounts: [accountId], regions: [region], partition });
  const { actions, resources } = dynamoDbPermissions({ tableArn: arn('dynamodb', `table/${tableName}`) });
  const allow = (Sid: string, Action: readonly string[], Resource: readonly string[]) => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource,
  });
  return {
    rule: { name: ruleName, eventPattern: eventPattern() },
    table: { TableName: tableName, ...tableSchema, ...recommendedTableSettings },
    functionPolicy: {
      Version: '2012-10-17',
      Statement: [
        ...blocker.Statement,
        allow('KeepState', actions, resources),
        allow('ReadQueue', ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'], [queueArn]),
        allow('SendFailures', ['sqs:SendMessage'], [arn('sqs', deadLetterQueueName)]),
      ],
    },
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
