import { describe, expect, it } from 'vitest';
import { loadActionData } from '../../actions.ts';
import { parseEvent } from './event.ts';
import { shownKeys } from './keys.ts';
import { callerOf } from './principal.ts';

const data = loadActionData();
const account = '111122223333';
const user = { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/ann`, accountId: account, userName: 'ann' };
const role = (more: object = {}, identity: object = {}) => ({
  type: 'AssumedRole',
  accountId: account,
  ...identity,
  sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${account}:role/deploy` }, ...more },
});

const shown = (record: object, action = 'ec2:RunInstances', owner?: string) => {
  const event = parseEvent({
    eventSource: 'ec2.amazonaws.com',
    eventName: 'RunInstances',
    eventTime: '2026-11-24T10:00:00Z',
    awsRegion: 'eu-west-1',
    recipientAccountId: account,
    userIdentity: user,
    ...record,
  });
  const found = shownKeys(event, callerOf(event), owner, { data, organizationId: 'o-a1b2c3d4e5' })(
    data.actionsLike(action)[0],
  );
  return (key: string): unknown => {
    const state = found.stateOf(key.toLowerCase());
    return state === 'shown' ? found.keys.get(key.toLowerCase()) : state;
  };
};

describe('what an event shows', () => {
  it('of the principal', () => {
    const of = shown({});
    expect(['aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:PrincipalType', 'aws:username'].map(of)).toEqual([
      user.arn,
      account,
      'User',
      'ann',
    ]);
    expect(['aws:PrincipalIsAWSService', 'aws:PrincipalServiceName', 'aws:SourceArn'].map(of)).toEqual([
      'false',
      'absent',
      'absent',
    ]);
    expect(['aws:PrincipalTag/team', 'aws:PrincipalOrgPaths'].map(of)).toEqual(['unknown', 'unknown']);
    expect(shown({ userIdentity: role() })('aws:username')).toBe('absent');
    expect(shown({ userIdentity: { type: 'AWSAccount', accountId: account } })('aws:PrincipalArn')).toBe('unknown');
  });
  it('of a service that acts for itself', () => {
    const of = shown({ userIdentity: { type: 'AWSService', invokedBy: 'config.amazonaws.com' } });
    expect(['aws:PrincipalIsAWSService', 'aws:PrincipalServiceName', 'aws:PrincipalArn'].map(of)).toEqual([
      'true',
      'config.amazonaws.com',
      'absent',
    ]);
    expect(of('aws:SourceArn')).toBe('unknown');
  });
  it('of the time and the Region', () => {
    const of = shown({});
    expect(['aws:RequestedRegion', 'ec2:Region', 'aws:CurrentTime', 'aws:EpochTime'].map(of)).toEqual([
      'eu-west-1',
      'eu-west-1',
      '2026-11-24T10:00:00Z',
      '1795514400',
    ]);
    expect(shown({}, 's3:GetObject')('ec2:Region')).toBe('absent');
  });
  it('of the network', () => {
    expect(
      ['aws:SourceIp', 'aws:SourceVpce', 'aws:VpcSourceIp'].map(shown({ sourceIPAddress: '198.51.100.7' })),
    ).toEqual(['198.51.100.7', 'absent', 'absent']);
    expect(
      ['aws:SourceIp', 'aws:SourceVpce', 'aws:VpcSourceIp', 'aws:SourceVpc'].map(
        shown({ sourceIPAddress: '192.0.2.7', vpcEndpointId: 'vpce-1' }),
      ),
    ).toEqual(['absent', 'vpce-1', '192.0.2.7', 'unknown']);
    for (const sourceIPAddress of ['cloudformation.amazonaws.com', 'AWS Internal', '198.51.100.0/24', ''])
      expect(shown({ sourceIPAddress })('aws:SourceIp')).toBe('unknown');
    const tls = { tlsDetails: { tlsVersion: 'TLSv1.2' } };
    expect([shown(tls)('aws:SecureTransport'), shown({})('aws:SecureTransport')]).toEqual(['true', 'unknown']);
    expect([shown(tls, 's3:GetObject')('s3:TlsVersion'), shown(tls)('s3:TlsVersion')]).toEqual(['1.2', 'absent']);
  });
  it('of a call that a service made: nothing of the network, and whether it was for the principal only where that is sure', () => {
    const via = { invokedBy: 'cloudformation.amazonaws.com' };
    const forUser = shown({ userIdentity: { ...user, ...via }, sourceIPAddress: '198.51.100.7' });
    expect(['aws:ViaAWSService', 'aws:SourceIp', 'aws:CalledVia'].map(forUser)).toEqual(['true', 'unknown', 'unknown']);
    expect(shown({ userIdentity: role({}, via) })('aws:ViaAWSService')).toBe('unknown');
    expect(['aws:ViaAWSService', 'aws:CalledVia'].map(shown({}))).toEqual(['false', 'absent']);
  });
  it('of the session', () => {
    const keys = [
      'aws:MultiFactorAuthPresent',
      'aws:MultiFactorAuthAge',
      'aws:TokenIssueTime',
      'aws:SourceIdentity',
      'aws:AssumedRoot',
    ];
    const attributes = { mfaAuthenticated: 'false', creationDate: '2026-11-24T09:00:00Z' };
    expect(keys.map(shown({ userIdentity: role({ attributes, sourceIdentity: 'ann' }) }))).toEqual([
      'false',
      'absent',
      '2026-11-24T09:00:00Z',
      'ann',
      'absent',
    ]);
    expect(keys.map(shown({ userIdentity: { ...user, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } }))).toEqual(
      keys.map(() => 'absent'),
    );
    expect(keys.map(shown({ userIdentity: user }))).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'absent']);
    const root = {
      type: 'Root',
      accountId: account,
      sessionContext: { assumedRoot: 'true', attributes: { mfaAuthenticated: 'true' } },
    };
    expect(keys.map(shown({ userIdentity: root }))).toEqual(['true', 'unknown', 'unknown', 'absent', 'true']);
    expect(shown({ userIdentity: role({ ec2RoleDelivery: '2.0' }) })('ec2:RoleDelivery')).toBe('2.0');
  });
  it('of the organisation, as it was told', () => {
    expect(shown({})('aws:PrincipalOrgID')).toBe('o-a1b2c3d4e5');
    expect(shown({ recipientAccountId: '444455556666' })('aws:PrincipalOrgID')).toBe('unknown');
    expect(['aws:ResourceAccount', 'aws:ResourceOrgID'].map(shown({}, 's3:GetObject', account))).toEqual([
      account,
      'o-a1b2c3d4e5',
    ]);
    expect(['aws:ResourceAccount', 'aws:ResourceOrgID'].map(shown({}, 's3:GetObject', '444455556666'))).toEqual([
      '444455556666',
      'unknown',
    ]);
    expect(shown({})('aws:ResourceAccount')).toBe('unknown');
  });
  it('of the tags of a request', () => {
    const of = shown({
      requestParameters: {
        tagSpecificationSet: { items: [{ resourceType: 'instance', tags: [{ key: 'Team', value: 'a' }] }] },
      },
    });
    expect(['aws:TagKeys', 'aws:RequestTag/team', 'aws:RequestTag/other'].map(of)).toEqual([['Team'], 'a', 'absent']);
    expect(['aws:TagKeys', 'aws:RequestTag/team'].map(shown({ requestParameters: { a: 1 } }))).toEqual([
      'absent',
      'absent',
    ]);
    expect(['aws:TagKeys', 'aws:RequestTag/team'].map(shown({ requestParameters: null }))).toEqual([
      'unknown',
      'unknown',
    ]);
    expect(
      ['aws:TagKeys', 'aws:RequestTag/team'].map(shown({ requestParameters: null }, 's3:ListAllMyBuckets')),
    ).toEqual(['absent', 'absent']);
    expect(['aws:TagKeys', 'aws:RequestTag/a'].map(shown({ requestParameters: { tagKeys: ['a'] } }))).toEqual([
      ['a'],
      'unknown',
    ]);
  });
  it('of keys that CloudTrail was told to add, and of those that the action does not carry', () => {
    const eventContext = { requestContext: { 'aws:PrincipalTag/team': 'core', 'aws:CalledVia': ['a.amazonaws.com'] } };
    expect(['aws:PrincipalTag/team', 'aws:CalledVia', 'aws:PrincipalTag/x'].map(shown({ eventContext }))).toEqual([
      'core',
      ['a.amazonaws.com'],
      'unknown',
    ]);
    expect(['ec2:InstanceType', 'lambda:Layer', 'kms:ViaService', 'aws:Invented'].map(shown({}))).toEqual([
      'unknown',
      'absent',
      'absent',
      'unknown',
    ]);
  });
});
