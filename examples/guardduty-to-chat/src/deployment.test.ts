import { sshBruteForceEvent } from '@remedykit/guardduty/testing';
import { describe, expect, it } from 'vitest';
import { createHandler } from './alert-handler.ts';
import { describeAmazonQ, describeSlack } from './deployment.ts';
import { context, createTestTopic } from './testing/test-parts.ts';
import { waitingMetrics } from './waiting-metrics.ts';

const place = {
  accountId: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  ruleName: 'alerts',
  roleName: 'alerts',
  deadLetterQueueName: 'failures',
};
const amazonQ = describeAmazonQ({
  ...place,
  topicName: 'remedykit-alerts',
  slackWorkspaceId: 'T0123ABCD',
  slackChannelId: 'C0123ABCD',
});
const slack = describeSlack({ ...place, tableName: 'alerts', tokenSecretName: 'remedykit/slack' });

const actionsOf = (deployment: { readonly functionPolicy: object }): string[] =>
  [...JSON.stringify(deployment.functionPolicy).matchAll(/"([a-z]+:[A-Z]\w+)"/g)].flatMap(([, action]) => action ?? []);

it.each([
  ['amazon-q', amazonQ],
  ['slack', slack],
])(
  '%s: the rule matches what GuardDuty emits, every type of it, and is alone in invoking the function',
  (_chat, one) => {
    const { source, 'detail-type': type } = sshBruteForceEvent();
    expect(one.rule.eventPattern).toEqual({ source: [source], 'detail-type': [type] });
    expect(one.alertFunctionPermission).toMatchObject({
      SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/alerts',
      SourceAccount: '111122223333',
    });
  },
);

describe('amazon-q', () => {
  it('permits what the handler calls, on that topic alone, and nothing more', async () => {
    const { sns, parts } = createTestTopic();
    await createHandler(parts)(sshBruteForceEvent(), context);
    expect(sns.log.map(({ operation }) => `sns:${operation}`)).toEqual(['sns:Publish']);
    expect(actionsOf(amazonQ)).toEqual(['sns:Publish', 'sqs:SendMessage']);
    expect(JSON.stringify(amazonQ.functionPolicy)).toContain(`"${sns.published[0]?.topicArn}"`);
  });

  it('lets the function publish and nobody else, for what is published is believed', () => {
    const policy = JSON.stringify(amazonQ.topicPolicy);
    expect(policy).toContain('"AWS":"arn:aws:iam::111122223333:role/alerts"');
    expect(policy.match(/"Effect":"Allow"/g)).toHaveLength(1);
  });

  it('gives people in the channel no rights, although the default is AdministratorAccess', () => {
    expect(amazonQ.channelConfiguration).toMatchObject({
      GuardrailPolicies: ['arn:aws:iam::aws:policy/AWSDenyAll'],
      SnsTopicArns: ['arn:aws:sns:eu-west-1:111122223333:remedykit-alerts'],
    });
  });

  it('permits the key of an encrypted topic', () => {
    const topicKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/1';
    const encrypted = describeAmazonQ({
      ...place,
      topicName: 'alerts',
      slackWorkspaceId: 'T0',
      slackChannelId: 'C0',
      topicKeyArn,
    });
    expect(actionsOf(encrypted)).toEqual(['sns:Publish', 'kms:Decrypt', 'kms:GenerateDataKey', 'sqs:SendMessage']);
  });
});

describe('slack', () => {
  it('permits the state, and the one secret', () => {
    expect(actionsOf(slack)).toEqual([
      'secretsmanager:GetSecretValue',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'sqs:SendMessage',
    ]);
    expect(JSON.stringify(slack.functionPolicy)).toContain('secret:remedykit/slack-??????"');
  });

  it('raises an alarm on a metric that upkeep writes', () => {
    const written = waitingMetrics({ waiting: 1, oldestAgeMs: 1 }, new Date(0));
    expect(slack.alarm).toMatchObject({ MetricName: expect.toSatisfy((name: string) => name in written) });
    expect(JSON.stringify(written)).toContain(`"Namespace":"${Reflect.get(slack.alarm, 'Namespace')}"`);
  });
});
