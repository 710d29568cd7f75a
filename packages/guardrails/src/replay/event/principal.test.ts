import { describe, expect, it } from 'vitest';
import { parseEvent } from './event.ts';
import { callerOf } from './principal.ts';

const account = '111122223333';

const caller = (userIdentity: object) =>
  callerOf(
    parseEvent({
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      eventTime: '2026-11-24T10:00:00Z',
      awsRegion: 'eu-west-1',
      recipientAccountId: '444455556666',
      userIdentity,
    }),
  );

describe('callerOf', () => {
  it.each([
    [
      'the session of a role: the role with its path',
      {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${account}:assumed-role/deploy/ann`,
        accountId: account,
        sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${account}:role/team/a/deploy` } },
      },
      {
        kind: 'role',
        principalArn: `arn:aws:iam::${account}:role/team/a/deploy`,
        name: `arn:aws:iam::${account}:role/team/a/deploy`,
      },
    ],
    [
      'a session that does not say of which role: its path is not known',
      { type: 'AssumedRole', arn: `arn:aws:sts::${account}:assumed-role/deploy/ann`, accountId: account },
      { kind: 'role', name: `arn:aws:sts::${account}:assumed-role/deploy` },
    ],
    [
      'a user',
      { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/x/ann`, accountId: account },
      { kind: 'user', principalArn: `arn:aws:iam::${account}:user/x/ann` },
    ],
    [
      'root, without an ARN',
      { type: 'Root', accountId: account },
      { kind: 'root', principalArn: `arn:aws:iam::${account}:root` },
    ],
    [
      'a federated user',
      { type: 'FederatedUser', arn: `arn:aws:sts::${account}:federated-user/ann`, accountId: account },
      { kind: 'federated-user', principalArn: `arn:aws:sts::${account}:federated-user/ann` },
    ],
    [
      'a service',
      { type: 'AWSService', invokedBy: 'config.amazonaws.com' },
      { kind: 'service', name: 'config.amazonaws.com' },
    ],
    ['a service, in an old record', { invokedBy: 'autoscaling.amazonaws.com' }, { kind: 'service' }],
    [
      'an account',
      { type: 'AWSAccount', accountId: account, principalId: 'AROAX:ann' },
      { kind: 'unknown', name: `AWSAccount ${account}` },
    ],
    ['an identity provider', { type: 'WebIdentityUser', identityProvider: 'gitlab.com' }, { kind: 'web-identity' }],
    ['nobody', {}, { kind: 'unknown', name: 'Unknown in 444455556666' }],
    ['an account that is none', { type: 'Root', accountId: 'x' }, { kind: 'unknown' }],
  ])('%s', (_, identity, expected) => {
    const found = caller(identity);
    expect(found).toMatchObject(expected);
    if (!('principalArn' in expected)) expect(found.principalArn).toBeUndefined();
  });
});
