import { blockerPermissions, eventPattern } from '@remedykit/guardduty';
import { sshBruteForceEvent } from '@remedykit/guardduty/testing';
import { describe, expect, it } from 'vitest';
import { describeDeployment } from './deployment.ts';
import { createHandler } from './event-handler.ts';
import { context, createTestParts, testSettings } from './testing/test-parts.ts';

const place = {
  accountId: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  tableName: 'remedykit',
  queueName: 'findings',
  deadLetterQueueName: 'failures',
  ruleName: 'findings',
};
const deployment = describeDeployment(place);

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

describe('one deployment for several accounts', () => {
  const members = {
    accountIds: ['111122223333', '444455556666'],
    roleName: 'security/remedykit-network',
    externalId: 'o-a1b2c3d4e5',
    functionRoleName: 'remedykit-functions',
  };
  const many = describeDeployment({
    ...place,
    members: { ...members, detectorId: '12abc34d567e8fa901bc2d34e56789f0' },
  });

  it('has a role in each, which the functions alone may assume and which reaches that account alone', () => {
    expect(many.accountRoles).toHaveLength(2);
    for (const [at, role] of (many.accountRoles ?? []).entries()) {
      const accountId = members.accountIds[at] ?? '';
      expect(role).toMatchObject({ accountId, path: '/security/', roleName: 'remedykit-network' });
      expect(role.trustPolicy).toMatchObject({
        Statement: [
          {
            Principal: { AWS: 'arn:aws:iam::111122223333:role/remedykit-functions' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'sts:ExternalId': 'o-a1b2c3d4e5' } },
          },
        ],
      });
      expect(role.policy).toEqual(
        blockerPermissions({ accounts: [accountId], regions: ['eu-west-1'], readBack: false }),
      );
    }
  });

  it('gives the functions these roles and the named detector, and no network', () => {
    const policy = JSON.stringify(many.functionPolicy);
    for (const id of members.accountIds) {
      expect(policy).toContain(`"arn:aws:iam::${id}:role/security/remedykit-network"`);
    }
    expect(policy).toContain('detector/12abc34d567e8fa901bc2d34e56789f0"');
    expect(policy).not.toContain('"ec2:');
    expect(policy).toContain('"dynamodb:GetItem"');
  });

  it('lets each role ask its own detector where none is named', () => {
    const own = describeDeployment({ ...place, members });
    expect(JSON.stringify(own.functionPolicy)).not.toContain('guardduty');
    for (const { policy } of own.accountRoles ?? []) expect(JSON.stringify(policy)).toContain('guardduty:GetFindings');
  });

  it('is not printed where there is one account', () => {
    expect(deployment).not.toHaveProperty('accountRoles');
  });
});
