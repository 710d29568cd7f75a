import { enforcerPermissions } from '@remedykit/iam';
import type { FakeMailEvent } from '@remedykit/iam/testing';
import { describe, expect, it } from 'vitest';
import { describeDeployment } from './deployment.ts';
import { createHandler as createMailEventHandler } from './mail-event-handler.ts';
import { createHandler } from './scheduled-handler.ts';
import { context, createTestParts, daysBefore, testSettings } from './testing/test-parts.ts';

const place = {
  accountId: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  tableName: 'remedykit-iam',
  mailIdentity: 'example.com',
  configurationSet: 'remedykit',
  ruleName: 'mail-events',
  deadLetterQueueName: 'failures',
};
const deployment = describeDeployment(place);

/** A warning about a key and one about a password. */
const ran = async () => {
  const test = createTestParts();
  const { iam, parts } = test;
  iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(84) }], tags: { email: 'alice@example.com' } });
  iam.addUser({ name: 'bob', password: { createdAt: daysBefore(300) }, tags: { email: 'bob@example.com' } });
  await createHandler({ ...testSettings, mfa: { action: 'report', graceDays: 5 } }, parts)({}, context);
  return test;
};

it('permits what a run calls, and to mail only from the identity and through the configuration set', async () => {
  const { iam, mailer } = await ran();
  expect(mailer.mails.length).toBeGreaterThan(0);
  const policy = JSON.stringify(deployment.scheduledFunctionPolicy);
  const called = Object.keys(iam.calls().byAction);
  expect(called.length).toBeGreaterThan(4);
  for (const action of [...called, 'ses:SendEmail', 'ses:GetAccount', 'dynamodb:PutItem'])
    expect(policy).toContain(`"${action}"`);
  expect(policy).toContain('"arn:aws:ses:eu-west-1:111122223333:identity/example.com"');
  expect(policy).toContain('"arn:aws:ses:eu-west-1:111122223333:configuration-set/remedykit"');
});

it('permits nobody to write to IAM, and the function that hears of mails the table alone', () => {
  const written = JSON.stringify(deployment).match(/"iam:(?!Get|List|Generate)[A-Za-z]+"/g);
  expect(written).toBeNull();
  expect(JSON.stringify(deployment.mailEventFunctionPolicy).match(/"(?:iam|ses|sts):/g)).toBeNull();
});

const told: readonly FakeMailEvent[] = ['Delivered', 'Bounced', 'Complaint Received', 'Rejected'];

it.each(told)('the rule hands over what the handler understands: %s', async (kind) => {
  const { mailer, parts } = await ran();
  const [mail] = mailer.mails;
  if (mail === undefined) throw new Error('no mail');
  const event = mailer.eventOf(mail, kind);
  const { source, 'detail-type': types } = deployment.rule.eventPattern as Record<string, readonly unknown[]>;
  expect(source).toContain(Reflect.get(event, 'source'));
  expect(types).toContain(Reflect.get(event, 'detail-type'));
  const onMailEvent = createMailEventHandler(testSettings, parts);
  expect((await onMailEvent(event)).status).not.toBe('ignored');
});

it('SES tells what the rule waits for, of this configuration set', () => {
  expect(deployment.eventDestination).toMatchObject({
    ConfigurationSetName: 'remedykit',
    EventDestination: {
      Enabled: true,
      MatchingEventTypes: ['SEND', 'DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT', 'RENDERING_FAILURE'],
      EventBridgeDestination: { EventBusArn: 'arn:aws:events:eu-west-1:111122223333:event-bus/default' },
    },
  });
  expect(deployment.rule.eventPattern).toMatchObject({
    detail: { mail: { tags: { 'ses:configuration-set': ['remedykit'] } } },
  });
});

it('lets the rule alone invoke the function that hears of mails', () => {
  expect(deployment.mailEventFunctionPermission).toMatchObject({
    SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/mail-events',
    SourceAccount: '111122223333',
  });
});

describe('one deployment for several accounts', () => {
  const members = {
    accountIds: ['111122223333', '444455556666'],
    roleName: 'security/remedykit-iam',
    externalId: 'o-a1b2c3d4e5',
    functionRoleName: 'remedykit-functions',
  };
  const many = describeDeployment({ ...place, members });

  it('has a role in each, which the function alone may assume and which reaches that account alone', () => {
    expect(many.accountRoles).toHaveLength(2);
    for (const [at, role] of (many.accountRoles ?? []).entries()) {
      const accountId = members.accountIds[at] ?? '';
      expect(role).toMatchObject({ accountId, path: '/security/', roleName: 'remedykit-iam' });
      expect(role.trustPolicy).toMatchObject({
        Statement: [
          {
            Principal: { AWS: 'arn:aws:iam::111122223333:role/remedykit-functions' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'sts:ExternalId': 'o-a1b2c3d4e5' } },
          },
        ],
      });
      const { mfa, accessKeys } = testSettings;
      expect(role.policy).toEqual(enforcerPermissions({ accounts: [accountId], mfa, accessKeys }));
    }
  });

  it('gives the function these roles, and nothing of IAM itself', () => {
    const policy = JSON.stringify(many.scheduledFunctionPolicy);
    for (const id of members.accountIds) expect(policy).toContain(`"arn:aws:iam::${id}:role/security/remedykit-iam"`);
    expect(policy).not.toContain('"iam:');
    expect(policy).toContain('"dynamodb:GetItem"');
  });

  it('is not printed where there is one account', () => {
    expect(deployment).not.toHaveProperty('accountRoles');
  });
});
