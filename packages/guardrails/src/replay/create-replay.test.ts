import { RemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { fullAwsAccess, type PolicySet } from '../evaluate/evaluate.ts';
import type { Statement } from '../policy/document.ts';
import { policyVariable } from '../policy/variable.ts';
import { createReplay, type ReplayOptions } from './create-replay.ts';

const account = '111122223333';
const other = '444455556666';
const now = () => new Date('2026-11-24T12:00:00Z');

const scp = (...statements: readonly Partial<Statement>[]): PolicySet => ({
  serviceControlPolicies: [
    {
      target: 'root',
      policies: [
        fullAwsAccess,
        {
          name: 'own',
          document: {
            Version: '2012-10-17',
            Statement: statements.map((one) => ({
              Sid: 'Deny',
              Effect: 'Deny',
              ...(one.NotAction === undefined ? { Action: '*' } : {}),
              ...(one.NotResource === undefined ? { Resource: '*' } : {}),
              ...one,
            })),
          },
        },
      ],
    },
  ],
});

const rcp = (...statements: readonly Partial<Statement>[]): PolicySet => ({
  resourceControlPolicies: [
    {
      target: 'root',
      policies: [
        {
          name: 'perimeter',
          document: {
            Version: '2012-10-17',
            Statement: statements.map((one) => ({
              Sid: 'Deny',
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: '*',
              ...one,
            })),
          },
        },
      ],
    },
  ],
});

const roleOf = (id: string, name = 'deploy') => ({
  type: 'AssumedRole',
  accountId: id,
  sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${id}:role/${name}` }, attributes: {} },
});

const event = (more: object = {}) => ({
  eventSource: 'ec2.amazonaws.com',
  eventName: 'TerminateInstances',
  eventTime: '2026-11-24T10:00:00Z',
  eventID: 'e-1',
  awsRegion: 'eu-west-1',
  recipientAccountId: account,
  sourceIPAddress: '198.51.100.7',
  userIdentity: roleOf(account),
  ...more,
});

const replayed = (policies: PolicySet, record: object = event(), more: Partial<ReplayOptions> = {}) =>
  createReplay({ policies, now, ...more }).add({ ...record });

describe('what becomes of an event', () => {
  const everything = scp({});
  it('denied, allowed, or for want of an allowance', () => {
    expect(replayed(scp({ Action: 'ec2:Terminate*' }))).toEqual({
      outcome: 'denied',
      action: 'ec2:TerminateInstances',
      deniedBy: [{ type: 'SERVICE_CONTROL_POLICY', policy: 'own', target: 'root', statement: 'Deny' }],
    });
    expect(replayed(scp({ Action: 'ec2:Run*' }))).toEqual({ outcome: 'allowed', action: 'ec2:TerminateInstances' });
    const only: PolicySet = {
      serviceControlPolicies: [
        { target: 'root', policies: [fullAwsAccess] },
        {
          target: 'ou',
          policies: [
            {
              name: 'few',
              document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
            },
          ],
        },
      ],
    };
    expect(replayed(only)).toMatchObject({
      outcome: 'denied',
      deniedBy: [{ target: 'ou', statement: 'no allowance' }],
    });
  });
  it('unknown where it depends on what the event does not show, and on nothing else', () => {
    const ofTeam = { StringNotEquals: { 'aws:PrincipalTag/team': 'core' } };
    expect(replayed(scp({ Condition: ofTeam }))).toEqual({
      outcome: 'unknown',
      action: 'ec2:TerminateInstances',
      missing: ['aws:principaltag/team'],
    });
    expect(
      replayed(scp({ Condition: { ...ofTeam, StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } })).outcome,
    ).toBe('allowed');
    expect(replayed(scp({ Condition: ofTeam }, { Sid: 'Sure' }))).toMatchObject({
      outcome: 'denied',
      deniedBy: [{ statement: 'Sure' }],
    });
    const instance = 'arn:aws:ec2:*:*:instance/i-1';
    expect(replayed(scp({ Resource: instance }))).toMatchObject({ outcome: 'unknown', missing: ['resource'] });
    const named = event({ requestParameters: { instancesSet: { items: [{ instanceId: 'i-2' }] } } });
    expect(replayed(scp({ Resource: instance }), named).outcome).toBe('allowed');
    expect(replayed(scp({ Resource: 'arn:aws:ec2:*:*:instance/*' })).outcome).toBe('denied');
    expect(replayed(scp({ NotResource: 'arn:aws:ec2:*:*:instance/*' })).outcome).toBe('allowed');
    expect(replayed(scp({ NotResource: instance })).outcome).toBe('unknown');
    expect(replayed(scp({ Resource: 'arn:aws:ec2:*' })).outcome).toBe('denied');
    expect(replayed(scp({ Resource: 'arn:aws:s3:*' })).outcome).toBe('allowed');
    expect(replayed(scp({ Resource: 'instance/*' })).outcome).toBe('allowed');
    const ofOwner = `arn:aws:ec2:*:*:instance/${policyVariable('aws:PrincipalTag/instance')}`;
    expect(replayed(scp({ Resource: ofOwner }), named)).toMatchObject({
      outcome: 'unknown',
      missing: ['aws:principaltag/instance'],
    });
    // One of several policies that only allow: whether it allows is open, and so is the verdict.
    const allowance: PolicySet = {
      serviceControlPolicies: [
        {
          target: 'ou',
          policies: [
            {
              name: 'few',
              document: {
                Version: '2012-10-17',
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: '*',
                    Resource: '*',
                    Condition: { StringEquals: { 'aws:PrincipalTag/team': 'core' } },
                  },
                ],
              },
            },
          ],
        },
      ],
    };
    expect(replayed(allowance)).toMatchObject({ outcome: 'unknown', missing: ['aws:principaltag/team'] });
  });
  it('unknown where a call need not have met a resource of the kind', () => {
    const items = [{ imageId: 'ami-1' }];
    const run = event({ eventName: 'RunInstances', requestParameters: { instancesSet: { items } } });
    expect(replayed(scp({ Resource: 'arn:aws:ec2:*:*:volume/*' }), run)).toMatchObject({
      outcome: 'unknown',
      missing: ['resource'],
    });
    expect(replayed(scp({ Resource: 'arn:aws:ec2:*::image/*' }), run).outcome).toBe('denied');
    expect(replayed(scp({ Resource: 'arn:aws:ec2:*::image/ami-2' }), run).outcome).toBe('allowed');
    expect(replayed(scp({ Resource: 'arn:aws:ec2:*' }), run).outcome).toBe('denied');
  });
  it('what a resource control policy allows is no allowance of a service control policy', () => {
    const few = { name: 'few', document: { Version: '2012-10-17' as const, Statement: [] } };
    const both: PolicySet = {
      serviceControlPolicies: [{ target: 'root', policies: [few] }],
      resourceControlPolicies: [{ target: 'root', policies: [fullAwsAccess] }],
    };
    expect(replayed(both)).toMatchObject({ outcome: 'denied', deniedBy: [{ statement: 'no allowance' }] });
  });
  it('a name that is no action: unknown for single actions of its service, and sure for all others', () => {
    const strange = event({ eventName: 'DoSomethingNew' });
    expect(replayed(scp({ Action: 'ec2:Terminate*' }), strange)).toEqual({
      outcome: 'unknown',
      action: 'ec2:?',
      missing: ['action'],
    });
    expect(replayed(scp({ Action: 's3:*' }), strange).outcome).toBe('allowed');
    expect(replayed(scp({ Action: 'ec2:*' }), strange).outcome).toBe('denied');
    expect(replayed(everything, event({ eventSource: 'nowhere.amazonaws.com' })).outcome).toBe('denied');
    expect(replayed(scp({ NotAction: 's3:*' }), strange).outcome).toBe('denied');
  });
  it('each action of a call counts: one that is denied denies it', () => {
    const copy = event({
      eventSource: 's3.amazonaws.com',
      eventName: 'CopyObject',
      resources: [{ ARN: 'arn:aws:s3:::to/b' }],
    });
    expect(replayed(scp({ Action: 's3:GetObject' }), copy)).toMatchObject({
      outcome: 'denied',
      action: 's3:GetObject',
    });
    expect(replayed(scp({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::to/*' }), copy)).toMatchObject({
      outcome: 'unknown',
      action: 's3:GetObject',
    });
    expect(replayed(scp({ Action: 's3:PutObject', Resource: 'arn:aws:s3:::from/*' }), copy).outcome).toBe('allowed');
  });
  it('exempt as AWS has it', () => {
    const linked = roleOf(account, 'aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig');
    const service = event({ userIdentity: { type: 'AWSService', invokedBy: 'config.amazonaws.com' } });
    expect(replayed(everything, event({ userIdentity: linked })).outcome).toBe('exempt');
    expect(replayed(everything, service).outcome).toBe('exempt');
    expect(replayed({ ...everything, managementAccountId: account }).outcome).toBe('exempt');
    expect(replayed({ ...everything, managementAccountId: other }).outcome).toBe('denied');
    const put = {
      eventSource: 's3.amazonaws.com',
      eventName: 'PutObject',
      resources: [{ ARN: 'arn:aws:s3:::a/b', accountId: account }],
    };
    expect(replayed(rcp({}), event({ ...put, userIdentity: linked })).outcome).toBe('exempt');
    expect(replayed({ ...everything, ...rcp({}) }, { ...service, ...put })).toMatchObject({
      outcome: 'denied',
      deniedBy: [{ policy: 'perimeter' }],
    });
  });
  it('already denied, and failed for another reason', () => {
    for (const errorCode of [
      'AccessDenied',
      'Client.UnauthorizedOperation',
      'AccessDeniedException',
      'AuthorizationError',
      'NotAuthorized',
    ])
      expect(replayed(everything, event({ errorCode })), errorCode).toEqual({ outcome: 'already-denied' });
    for (const errorCode of ['Client.DryRunOperation', 'NoSuchBucket', 'ThrottlingException'])
      expect(replayed(everything, event({ errorCode })).outcome, errorCode).toBe('denied');
  });
  it('not evaluated', () => {
    expect(replayed(everything, event({ eventType: 'AwsConsoleSignIn' })).outcome).toBe('not-evaluated');
    expect(
      replayed(everything, event({ eventSource: 'sts.amazonaws.com', eventName: 'GetCallerIdentity' })).outcome,
    ).toBe('not-evaluated');
    expect(replayed(everything, event(), { accounts: [other] }).outcome).toBe('not-evaluated');
    expect(replayed(everything, event(), { accounts: [account, other] }).outcome).toBe('denied');
  });
  it('across accounts: service control policies in the principal’s trail, resource control policies in the resource’s', () => {
    const put = event({
      eventSource: 's3.amazonaws.com',
      eventName: 'PutObject',
      resources: [{ ARN: 'arn:aws:s3:::a/b', accountId: other }],
    });
    const theirs = { ...put, recipientAccountId: other };
    expect([replayed(everything, put).outcome, replayed(everything, theirs).outcome]).toEqual([
      'denied',
      'not-evaluated',
    ]);
    expect([replayed(rcp({}), put).outcome, replayed(rcp({}), theirs).outcome]).toEqual(['not-evaluated', 'denied']);
    const web = {
      ...put,
      userIdentity: { type: 'WebIdentityUser', identityProvider: 'gitlab.com' },
      recipientAccountId: other,
    };
    expect([replayed(everything, web).outcome, replayed(rcp({}), web).outcome]).toEqual(['not-evaluated', 'denied']);
  });
  it('a principal that is not named: unknown wherever someone is exempt', () => {
    const nobody = event({ userIdentity: { type: 'IdentityCenterUser', accountId: account } });
    const but = { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/BreakGlass' } };
    expect(replayed(scp({ Condition: but }), nobody)).toMatchObject({
      outcome: 'unknown',
      missing: ['aws:principalarn'],
    });
  });
  it('the organisation, as it is told', () => {
    const away = scp({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } });
    expect(replayed(away).outcome).toBe('unknown');
    expect(replayed(away, event(), { organizationId: 'o-a1b2c3d4e5' }).outcome).toBe('allowed');
    expect(replayed(away, event(), { organizationId: 'o-zzzzzzzzzz' }).outcome).toBe('denied');
  });
  it('a record that does not say what was called is malformed, and never an error', () => {
    for (const record of [{}, event({ eventTime: 'today' }), event({ eventName: '' }), event({ eventSource: 7 })])
      expect(replayed(everything, record)).toEqual({ outcome: 'malformed' });
    for (const userIdentity of [null, 'x', [], {}, { type: {}, arn: 7 }])
      expect(replayed(everything, event({ userIdentity })).outcome).not.toBe('malformed');
  });
});

describe('the report', () => {
  const policies = scp(
    { Action: 'ec2:*', Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } } },
    { Sid: 'Trail', Action: 'cloudtrail:*' },
  );
  const at = (time: string, more: object = {}) => event({ eventTime: time, awsRegion: 'us-east-1', ...more });
  const made = () => {
    const replay = createReplay({ policies, now });
    replay.file('a', 'read');
    replay.file('b', 'digest');
    replay.file('c', 'other');
    for (const record of [
      at('2026-11-03T00:00:00Z'),
      at('2026-11-01T00:00:00Z'),
      at('2026-11-02T00:00:00Z', { userIdentity: roleOf(account, 'other') }),
      at('2026-11-05T00:00:00Z', { eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging' }),
      at('2026-11-04T00:00:00Z', { awsRegion: 'eu-west-1' }),
      at('2026-11-04T00:00:00Z', { errorCode: 'AccessDenied' }),
      at('2026-11-04T00:00:00Z', { eventType: 'AwsServiceEvent' }),
      at('2026-11-04T00:00:00Z', { eventName: 'Strange', awsRegion: 'eu-west-1' }),
      at('2026-11-04T00:00:00Z', { userIdentity: { type: 'AWSService', invokedBy: 'x.amazonaws.com' } }),
      {},
    ])
      replay.add(record);
    replay.skip(new RemediationError({ code: 'CLOUDTRAIL_UNREADABLE', message: 'a: no' }));
    return replay.report();
  };

  it('counts everything once, and is plain JSON', () => {
    const report = made();
    const { read, outcomes, evaluated } = report;
    expect(read).toMatchObject({ files: 1, digests: 1, otherFiles: 1, events: 9, malformed: 1, unreadable: 1 });
    expect(Object.values(outcomes).reduce((sum, count) => sum + count)).toBe(read.events);
    expect(outcomes).toEqual({ denied: 4, unknown: 0, allowed: 2, exempt: 1, 'already-denied': 1, 'not-evaluated': 1 });
    expect(evaluated).toBe(6);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
  it('says by whom, what, how often, by which statement, and when', () => {
    const { statements, denials, principals, unmapped, period, policies: asked, read } = made();
    expect(statements.rows).toMatchObject([
      {
        statement: 'Deny',
        policy: 'own',
        target: 'root',
        events: 3,
        firstSeen: '2026-11-01T00:00:00Z',
        lastSeen: '2026-11-03T00:00:00Z',
      },
      { statement: 'Trail', events: 1 },
    ]);
    expect(denials.rows[0]).toMatchObject({
      principal: `arn:aws:iam::${account}:role/deploy`,
      action: 'ec2:TerminateInstances',
      events: 2,
      by: [{ statement: 'Deny' }],
      example: { eventId: 'e-1', region: 'us-east-1', sourceIp: '198.51.100.7' },
    });
    expect(principals.rows.map(({ principal, events }) => [principal, events])).toEqual([
      [`arn:aws:iam::${account}:role/deploy`, 3],
      [`arn:aws:iam::${account}:role/other`, 1],
    ]);
    expect(unmapped.rows).toMatchObject([{ eventSource: 'ec2.amazonaws.com', eventName: 'Strange', events: 1 }]);
    expect(period).toEqual({ from: '2026-11-01T00:00:00Z', to: '2026-11-05T00:00:00Z' });
    expect(asked).toEqual({ statements: 3, types: ['SERVICE_CONTROL_POLICY'] });
    expect(read.errors.map(({ code }) => code)).toEqual(['CLOUDTRAIL_EVENT_INCOMPLETE', 'CLOUDTRAIL_UNREADABLE']);
  });
  it('lists what it was asked for, and counts the rest', () => {
    const replay = createReplay({ policies: scp({}), now, rows: 2 });
    for (let index = 0; index < 5; index += 1) replay.add(event({ userIdentity: roleOf(account, `role-${index}`) }));
    const { denials, principals, outcomes } = replay.report();
    expect([denials.rows.length, denials.omitted, denials.exact, principals.omitted, outcomes.denied]).toEqual([
      2,
      3,
      true,
      3,
      5,
    ]);
  });
  it('keeps short what an event makes long', () => {
    const replay = createReplay({ policies: scp({}), now });
    replay.add(
      event({ userAgent: 'x'.repeat(100_000), eventName: 'y'.repeat(100_000), awsRegion: 'z'.repeat(100_000) }),
    );
    expect(JSON.stringify(replay.report()).length).toBeLessThan(10_000);
  });
});

describe('options', () => {
  it.each([
    ['no policy', { policies: {} }],
    ['levels without one', { policies: { serviceControlPolicies: [{ target: 'root', policies: [] }] } }],
    ['an empty list of levels', { policies: { ...scp({}), resourceControlPolicies: [] } }],
    ['no account', { policies: scp({}), accounts: [] }],
    ['an account that is none', { policies: scp({}), accounts: ['x'] }],
    ['a management account that is none', { policies: { ...scp({}), managementAccountId: '1' } }],
    ['an organisation that is none', { policies: scp({}), organizationId: 'mine' }],
    ['rows that are no number', { policies: scp({}), rows: -1 }],
  ])('%s is refused', (_, options) => {
    expect(() => createReplay(options)).toThrow(expect.objectContaining({ code: 'REPLAY_OPTION_INVALID' }));
  });
});
