import { eventPattern } from '@remedykit/guardduty';
import { sshBruteForceEvent } from '@remedykit/guardduty/testing';
import { expect, it } from 'vitest';
import { describeDeployment } from './deployment.ts';
import { createHandler } from './event-handler.ts';
import { context, createTestParts, testSettings } from './testing/test-parts.ts';

const deployment = describeDeployment({
  accountId: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  tableName: 'remedykit',
  queueName: 'findings',
  deadLetterQueueName: 'failures',
  ruleName: 'findings',
});

it('takes the event pattern from the package', () => {
  expect(deployment.rule.eventPattern).toEqual(eventPattern());
});

it('permits what a handler calls', async () => {
  const { parts, guardDuty, ec2, clock } = createTestParts();
  const event = sshBruteForceEvent({ at: clock.now() });
  guardDuty.hold(event);
  await createHandler(testSettings, parts)(event, context);
  const policy = JSON.stringify(deployment.functionPolicy);
  const called = Object.keys({ ...ec2.calls, ...guardDuty.calls });
  expect(called.length).toBeGreaterThan(4);
  for (const action of [...called, 'dynamodb:GetItem', 'dynamodb:PutItem']) expect(policy).toContain(`"${action}"`);
});

it('lets the rule alone in, at both doors', () => {
  const rule = 'arn:aws:events:eu-west-1:111122223333:rule/findings';
  expect(deployment.eventFunctionPermission).toMatchObject({ SourceArn: rule, SourceAccount: '111122223333' });
  expect(JSON.stringify(deployment.queuePolicy)).toContain(`{"aws:SourceArn":"${rule}"}`);
});

it('keeps the limits that the handlers rely on', () => {
  expect(deployment.functionTimeoutSeconds).toBeLessThanOrEqual(30);
  expect(deployment.eventSourceMapping).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
});
