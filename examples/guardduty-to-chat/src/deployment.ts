import { dynamoDbPermissions, recommendedTableSettings, tableSchema } from '@remedykit/core/dynamodb';
import { chatbotPermissions } from '@remedykit/notify/chatbot';
import { secretPermissions } from '@remedykit/notify/secrets';
import { metricNamespace } from './waiting-metrics.ts';

/** Where it is deployed. */
export interface Place {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly ruleName: string;
  /** The role of the function that tells. */
  readonly roleName: string;
  /** Failure destination of the functions. */
  readonly deadLetterQueueName: string;
}

/** What the Amazon Q variant has besides. */
export interface AmazonQPlace extends Place {
  readonly topicName: string;
  /** The customer-managed key that the topic is encrypted with, if it is. */
  readonly topicKeyArn?: string;
  /** Of Slack: T0123ABCD and C0123ABCD, as the console shows them once the workspace is authorised. */
  readonly slackWorkspaceId: string;
  readonly slackChannelId: string;
}

/** What the Slack variant has besides. */
export interface SlackPlace extends Place {
  readonly tableName: string;
  readonly tokenSecretName: string;
  /** The customer-managed key of the secret, if it has one. */
  readonly secretKeyArn?: string;
}

/** What both variants have. */
interface CommonDeployment {
  readonly rule: { readonly name: string; readonly eventPattern: object };
  /** Who may invoke the alert function: the rule alone. */
  readonly alertFunctionPermission: object;
  /** Beside the managed policy AWSLambdaBasicExecutionRole. */
  readonly functionPolicy: object;
  readonly functionTimeoutSeconds: number;
}

/** GuardDuty → EventBridge rule → function → SNS topic → Amazon Q Developer → channel. */
export interface AmazonQDeployment extends CommonDeployment {
  /** Who may publish: the function alone. Amazon Q subscribes itself. */
  readonly topicPolicy: object;
  /** Properties of AWS::Chatbot::SlackChannelConfiguration, but for the ARN of the channel role. */
  readonly channelConfiguration: object;
  /** Trust policy of the channel role, which needs no permission at all to show notifications. */
  readonly channelRoleTrust: object;
  readonly alarm: object;
}

/** GuardDuty → EventBridge rule → function → Slack, with what waits in a table. */
export interface SlackDeployment extends CommonDeployment {
  readonly table: object;
  readonly schedule: object;
  readonly alarm: object;
}

/** Seconds; an alert that Slack throttles may wait this long before it is kept. */
const timeoutSeconds = 30;

const allow = (Sid: string, Action: readonly string[], Resource: readonly string[]) => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
});

const arnIn =
  ({ partition, region, accountId }: Place) =>
  (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;

const common = (place: Place, statements: readonly object[]): CommonDeployment => {
  const arn = arnIn(place);
  const { accountId, ruleName, deadLetterQueueName } = place;
  return {
    // Every finding, also those that nothing is done about: what is told is for the severity setting to say.
    rule: { name: ruleName, eventPattern: { source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'] } },
    alertFunctionPermission: {
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: arn('events', `rule/${ruleName}`),
      SourceAccount: accountId,
    },
    functionPolicy: {
      Version: '2012-10-17',
      Statement: [...statements, allow('SendFailures', ['sqs:SendMessage'], [arn('sqs', deadLetterQueueName)])],
    },
    functionTimeoutSeconds: timeoutSeconds,
  };
};

/** The deployment of the Amazon Q variant. */
export const describeAmazonQ = (place: AmazonQPlace): AmazonQDeployment => {
  const { accountId, partition, roleName, slackChannelId, slackWorkspaceId, topicKeyArn, topicName } = place;
  const topicArn = arnIn(place)('sns', topicName);
  const configurationName = topicName;
  return {
    ...common(
      place,
      chatbotPermissions({ topicArn, ...(topicKeyArn === undefined ? {} : { keyArn: topicKeyArn }) }).Statement,
    ),
    topicPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OnlyTheFunctionPublishes',
          Effect: 'Allow',
          Principal: { AWS: `arn:${partition}:iam::${accountId}:role/${roleName}` },
          Action: 'sns:Publish',
          Resource: topicArn,
        },
        {
          Sid: 'OnlyOverTls',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sns:Publish',
          Resource: topicArn,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
    channelConfiguration: {
      ConfigurationName: configurationName,
      SlackWorkspaceId: slackWorkspaceId,
      SlackChannelId: slackChannelId,
      SnsTopicArns: [topicArn],
      LoggingLevel: 'ERROR',
      // Without a guardrail AdministratorAccess applies: whoever is in the channel could do what the channel role may.
      GuardrailPolicies: [`arn:${partition}:iam::aws:policy/AWSDenyAll`],
    },
    channelRoleTrust: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'chatbot.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    alarm: {
      Namespace: 'AWS/Chatbot',
      MetricName: 'UnsupportedEvents',
      Dimensions: [{ Name: 'ConfigurationName', Value: configurationName }],
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    },
  };
};

/** The deployment of the Slack variant. */
export const describeSlack = (place: SlackPlace): SlackDeployment => {
  const { secretKeyArn, tableName, tokenSecretName } = place;
  const arn = arnIn(place);
  const { actions, resources } = dynamoDbPermissions({ tableArn: arn('dynamodb', `table/${tableName}`) });
  return {
    ...common(place, [
      ...secretPermissions({
        // Secrets Manager puts a hyphen and six characters behind the name.
        secretArns: [arn('secretsmanager', `secret:${tokenSecretName}-??????`)],
        keyArns: secretKeyArn === undefined ? [] : [secretKeyArn],
      }).Statement,
      allow('KeepState', actions, resources),
    ]),
    table: { TableName: tableName, ...tableSchema, ...recommendedTableSettings },
    schedule: { ScheduleExpression: 'rate(1 minute)' },
    alarm: {
      Namespace: metricNamespace,
      MetricName: 'OldestWaitingSeconds',
      Statistic: 'Maximum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 900,
      ComparisonOperator: 'GreaterThanThreshold',
      // No line at all means that upkeep does not run.
      TreatMissingData: 'breaching',
    },
  };
};
