import { enforcerPermissions, mfaPolicies } from '@remedykit/iam';
import type { FakeMailEvent } from '@remedykit/iam/testing';
import { describe, expect, it } from 'vitest';
import { describeDeployment } from './deployment.ts';
import { createHandler as createMailEventHandler } from './mail-event-handler.ts';
import { createHandler as createResolveHandler } from './resolve-handler.ts';
import { createHandler as createRestoreHandler } from './restore-handler.ts';
import { createHandler } from './scheduled-handler.ts';
import { actingSettings, createPlay } from './testing/play-days.ts';
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
  mfaAction: 'deny-until-mfa',
} as const;
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
  const policy = JSON.stringify(deployment.functionPolicy);
  const called = Object.keys(iam.calls().byAction);
  expect(called.length).toBeGreaterThan(4);
  for (const action of [...called, 'ses:SendEmail', 'ses:GetAccount', 'dynamodb:PutItem'])
    expect(policy).toContain(`"${action}"`);
  expect(policy).toContain('"arn:aws:ses:eu-west-1:111122223333:identity/example.com"');
  expect(policy).toContain('"arn:aws:ses:eu-west-1:111122223333:configuration-set/remedykit"');
});

const writesOf = (described: object): string[] =>
  [...new Set(JSON.stringify(described).match(/"iam:(?!Get|List|Generate)[A-Za-z]+"/g))].filter(
    (action) => action !== '"iam:PolicyARN"',
  );

it('permits what acting, answering and undoing call', async () => {
  const play = createPlay();
  const { iam, parts } = play;
  iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(80) }], tags: { email: 'alice@example.com' } });
  const attachedPolicies = ['arn:aws:iam::aws:policy/AdministratorAccess'];
  iam.addUser({ name: 'dana', password: { createdAt: daysBefore(300) }, attachedPolicies });
  await play.play(26);
  const who = { requestedBy: 'a.smith', reason: 'INC-12' };
  const subject = iam.user('dana').arn;
  const resolve = createResolveHandler(actingSettings, parts);
  await resolve({ subject, decision: 'confirm', until: '2027-01-31', ...who }, context);
  const restore = createRestoreHandler(actingSettings, parts);
  for (const { runId, accounts } of play.runs)
    if (accounts.some(({ actions }) => actions.length > 0))
      await restore({ runId, exemptUntil: '2027-01-31', ...who }, context);
  const called = Object.keys(iam.calls().byAction);
  expect(called).toEqual(
    expect.arrayContaining(['iam:UpdateAccessKey', 'iam:AttachUserPolicy', 'iam:DetachUserPolicy']),
  );
  const policy = JSON.stringify(deployment.functionPolicy);
  expect(called.filter((action) => !policy.includes(`"${action}"`))).toEqual([]);
});

it('permits to write what its settings may do and no more, and the function that hears of mails the table alone', () => {
  const written = (mfaAction: typeof place.mfaAction | 'report' | 'delete-login-profile') =>
    writesOf(describeDeployment({ ...place, mfaAction }).functionPolicy);
  expect(written('report')).toEqual(['"iam:UpdateAccessKey"']);
  expect(written('delete-login-profile')).toEqual(['"iam:UpdateAccessKey"', '"iam:DeleteLoginProfile"']);
  expect(written('deny-until-mfa')).toEqual([
    '"iam:UpdateAccessKey"',
    '"iam:AttachUserPolicy"',
    '"iam:DetachUserPolicy"',
  ]);
  expect(JSON.stringify(deployment.mailEventFunctionPolicy).match(/"(?:iam|ses|sts):/g)).toBeNull();
});

/** A resource as CloudFormation makes it in an account. Source: CloudFormation user guide, Fn::Sub. */
const inAccount = (resource: unknown, accountId: string): { readonly Type: string; readonly Properties: object } =>
  JSON.parse(JSON.stringify(resource), (_key, value: unknown) => {
    const sub: unknown = Reflect.get(Object(value), 'Fn::Sub');
    if (typeof sub !== 'string') return value;
    return sub.replace(/\$\{(!?)([^}]*)\}/g, (_all, literal: string, name: string) => {
      if (literal !== '') return `\${${name}}`;
      if (name !== 'AWS::AccountId') throw new Error(`CloudFormation does not know ${name}.`);
      return accountId;
    });
  });

it.each(['111122223333', '444455556666'])(
  'creates in %s the two policies as the enforcer expects them',
  (accountId) => {
    const { enrolment, hold } = mfaPolicies({ accountId });
    const { EnrolmentPolicy, HoldPolicy } = deployment.accountTemplate?.Resources ?? {};
    for (const [resource, policy] of [
      [EnrolmentPolicy, enrolment],
      [HoldPolicy, hold],
    ] as const) {
      const { Type, Properties } = inAccount(resource, accountId);
      expect(Type).toBe('AWS::IAM::ManagedPolicy');
      expect(Properties).toEqual({
        ManagedPolicyName: policy.name,
        Path: policy.path,
        Description: policy.description,
        PolicyDocument: policy.document,
      });
    }
  },
);

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

  it('has one template for all, with a role that the function alone may assume and that reaches its account alone', () => {
    for (const accountId of members.accountIds) {
      const { Properties } = inAccount(many.accountTemplate?.Resources.Role, accountId);
      expect(Properties).toMatchObject({
        RoleName: 'remedykit-iam',
        Path: '/security/',
        AssumeRolePolicyDocument: {
          Statement: [
            {
              Principal: { AWS: 'arn:aws:iam::111122223333:role/remedykit-functions' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'sts:ExternalId': 'o-a1b2c3d4e5' } },
            },
          ],
        },
      });
      const { accessKeys } = testSettings;
      const mfa = { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report' } as const;
      expect(Properties).toHaveProperty('Policies', [
        { PolicyName: 'remedykit', PolicyDocument: enforcerPermissions({ accounts: [accountId], mfa, accessKeys }) },
      ]);
      // IAM takes no more from a role's own policies.
      expect(JSON.stringify(Reflect.get(Properties, 'Policies')).length).toBeLessThan(10_240);
    }
  });

  it('gives the function these roles, and nothing of IAM itself', () => {
    const policy = JSON.stringify(many.functionPolicy);
    for (const id of members.accountIds) expect(policy).toContain(`"arn:aws:iam::${id}:role/security/remedykit-iam"`);
    expect(policy).not.toContain('"iam:');
    expect(policy).toContain('"dynamodb:GetItem"');
  });

  it('has no role where there is one account, and no template where there is nothing in it', () => {
    expect(Object.keys(deployment.accountTemplate?.Resources ?? {})).toEqual(['EnrolmentPolicy', 'HoldPolicy']);
    expect(describeDeployment({ ...place, mfaAction: 'report' })).not.toHaveProperty('accountTemplate');
    const mild = describeDeployment({ ...place, members, mfaAction: 'report' });
    expect(Object.keys(mild.accountTemplate?.Resources ?? {})).toEqual(['Role']);
  });
});
