import { describe, expect, it } from 'vitest';
import type { PolicyDocument, Statement } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';
import { policyVariable } from '../policy/variable.ts';
import { evaluateDocument } from './document.ts';
import { type AttachedPolicy, evaluate, fullAwsAccess, type PolicySet } from './evaluate.ts';

const document = (...statements: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement: statements });

const request = (changes: Partial<AccessRequest> = {}): AccessRequest => ({
  action: 'cloudtrail:StopLogging',
  principal: { arn: 'arn:aws:iam::111122223333:role/Admin', accountId: '111122223333' },
  resource: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/org',
  context: { 'aws:RequestedRegion': 'eu-west-1' },
  ...changes,
});

const denyTrail: AttachedPolicy = {
  name: 'trail',
  document: document({
    Sid: 'ProtectTrail',
    Effect: 'Deny',
    Action: 'cloudtrail:StopLogging',
    Resource: 'arn:aws:cloudtrail:*:*:trail/org',
    Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/BreakGlass' } },
  }),
};

const path = (atOu: readonly AttachedPolicy[]): PolicySet => ({
  managementAccountId: '444455556666',
  serviceControlPolicies: [
    { target: 'root', policies: [fullAwsAccess] },
    { target: 'ou-ab12-11111111', policies: atOu },
    { target: '111122223333', policies: [fullAwsAccess] },
  ],
});
const guarded = path([fullAwsAccess, denyTrail]);

describe('service control policies', () => {
  it('a deny on any level wins, and the statement is named with what its condition saw', () => {
    const { verdict, deniedBy, reason } = evaluate(request(), guarded);
    expect(verdict).toBe('explicitly-denied');
    expect(deniedBy).toMatchObject([{ sid: 'ProtectTrail', policy: 'trail', target: 'ou-ab12-11111111', index: 0 }]);
    expect(reason).toBe(
      'cloudtrail:StopLogging on arn:aws:cloudtrail:eu-west-1:111122223333:trail/org is denied by statement ProtectTrail of the service control policy trail at ou-ab12-11111111 (aws:PrincipalArn is arn:aws:iam::111122223333:role/Admin, ArnNotLike [arn:aws:iam::*:role/BreakGlass]).',
    );
  });
  it('what no statement is about is allowed', () => {
    const other = request({ resource: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/own' });
    expect(evaluate(other, guarded)).toMatchObject({ verdict: 'allowed', deniedBy: [] });
  });
  it('the exempt role passes, also as a session, whose role AWS names in aws:PrincipalArn', () => {
    const arns = ['arn:aws:iam::111122223333:role/BreakGlass', 'arn:aws:sts::111122223333:assumed-role/BreakGlass/ann'];
    for (const arn of arns)
      expect(evaluate(request({ principal: { arn, accountId: '111122223333' } }), guarded).verdict).toBe('allowed');
  });
  it('a level without an allow denies implicitly, and is named', () => {
    const { verdict, missingAllowAt, reason } = evaluate(request(), path([]));
    expect([verdict, missingAllowAt]).toEqual(['implicitly-denied', 'ou-ab12-11111111']);
    expect(reason).toContain('no service control policy at ou-ab12-11111111 allows it');
  });
  it('an allow list lets through what it lists', () => {
    const allowList = (Action: string): PolicySet =>
      path([{ name: 'list', document: document({ Effect: 'Allow', Action, Resource: '*' }) }]);
    expect(evaluate(request(), allowList('cloudtrail:*')).verdict).toBe('allowed');
    expect(evaluate(request(), allowList('s3:*')).verdict).toBe('implicitly-denied');
  });
  it('a deny goes before a missing allow', () => {
    expect(evaluate(request(), path([denyTrail])).verdict).toBe('explicitly-denied');
  });
  it('the management account is exempt, a member account that is not is not', () => {
    const principal = { arn: 'arn:aws:iam::444455556666:role/Admin', accountId: '444455556666' };
    expect(evaluate(request({ principal }), guarded)).toMatchObject({
      verdict: 'allowed',
      exempt: [{ type: 'SERVICE_CONTROL_POLICY', reason: 'management-account' }],
    });
    const { managementAccountId: _, ...unknown } = guarded;
    expect(evaluate(request({ principal }), unknown).verdict).toBe('explicitly-denied');
  });
  it('service-linked roles are exempt, by their path, their session or by name', () => {
    const arns = [
      'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig',
      'arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForConfig/x',
    ];
    for (const arn of arns)
      expect(evaluate(request({ principal: { arn, accountId: '111122223333' } }), guarded)).toMatchObject({
        verdict: 'allowed',
        exempt: [{ reason: 'service-linked-role' }],
      });
    const principal = { arn: 'arn:aws:iam::111122223333:role/x', accountId: '111122223333', serviceLinkedRole: true };
    expect(evaluate(request({ principal }), guarded).verdict).toBe('allowed');
  });
  it('a service that acts for itself is exempt', () => {
    const principal = { arn: '', accountId: '', service: 'cloudtrail.amazonaws.com' };
    expect(evaluate(request({ principal }), guarded).exempt).toMatchObject([{ reason: 'service-principal' }]);
  });
  it('an empty level list, or none, denies nothing', () => {
    expect(evaluate(request(), {}).verdict).toBe('allowed');
  });
});

describe('resource control policies', () => {
  const perimeter: AttachedPolicy = {
    name: 'perimeter',
    document: document({
      Sid: 'OrgOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:*', 'kms:*'],
      Resource: '*',
      Condition: {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
  };
  const set: PolicySet = {
    managementAccountId: '444455556666',
    resourceControlPolicies: [{ target: 'root', policies: [perimeter] }],
  };
  const read = (changes: Partial<AccessRequest> = {}): AccessRequest =>
    request({
      action: 's3:GetObject',
      principal: { arn: 'arn:aws:iam::999900001111:role/Stranger', accountId: '999900001111' },
      resource: 'arn:aws:s3:::data/x',
      resourceAccountId: '111122223333',
      context: { 'aws:PrincipalOrgID': 'o-z9y8x7w6v5' },
      ...changes,
    });
  it('deny principals of other organisations, and need no allow', () => {
    expect(evaluate(read(), set)).toMatchObject({ verdict: 'explicitly-denied', deniedBy: [{ sid: 'OrgOnly' }] });
    expect(evaluate(read({ context: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }), set).verdict).toBe('allowed');
  });
  it('reach AWS services, for which the key says so', () => {
    const principal = { arn: '', accountId: '', service: 'logging.s3.amazonaws.com' };
    expect(evaluate(read({ principal, context: {} }), set)).toMatchObject({ verdict: 'allowed', exempt: [] });
  });
  it('leave the resources of the management account, and kms:RetireGrant, alone', () => {
    expect(evaluate(read({ resourceAccountId: '444455556666' }), set).exempt).toMatchObject([
      { type: 'RESOURCE_CONTROL_POLICY', reason: 'management-account' },
    ]);
    const retire = read({ action: 'kms:RetireGrant', resource: 'arn:aws:kms:eu-west-1:111122223333:key/1' });
    expect(evaluate(retire, set).exempt).toMatchObject([{ reason: 'kms-retire-grant' }]);
    expect(evaluate({ ...retire, action: 'kms:Decrypt' }, set).verdict).toBe('explicitly-denied');
  });
});

describe('a document by itself', () => {
  it('tells denied, allowed and undecided apart', () => {
    expect(evaluateDocument(denyTrail.document, request())).toMatchObject({
      effect: 'denied',
      statements: [{ sid: 'ProtectTrail' }],
    });
    expect(evaluateDocument(fullAwsAccess.document, request()).effect).toBe('allowed');
    expect(evaluateDocument(denyTrail.document, request({ action: 's3:GetObject' })).effect).toBe('undecided');
  });
  it('NotAction and NotResource are about all else', () => {
    const regions = document({
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:Get*'],
      NotResource: ['arn:aws:s3:::public', 'arn:aws:s3:::public/*'],
    });
    const effect = (action: string, resource: string) =>
      evaluateDocument(regions, request({ action, resource })).effect;
    expect(effect('s3:GetObject', 'arn:aws:s3:::private/x')).toBe('denied');
    expect(effect('s3:GetObject', 'arn:aws:s3:::public/x')).toBe('undecided');
    expect(effect('IAM:CreateUser', 'arn:aws:iam::111122223333:user/x')).toBe('undecided');
    expect(effect('s3:ListAllMyBuckets', '*')).toBe('denied');
  });
  it('an ARN is compared field by field: a star stays in its field, but for the last', () => {
    const one = (Resource: string, resource: string, type?: 'RESOURCE_CONTROL_POLICY') =>
      evaluateDocument(document({ Effect: 'Deny', Action: '*', Resource }), request({ resource }), type).effect;
    const group = 'arn:aws:logs:eu-west-1:111122223333:log-group:app:log-stream:1';
    expect(one('arn:aws:logs:*:111122223333:log-group:app:*', group)).toBe('denied');
    expect(one('arn:aws:logs:*:log-group:app:log-stream:1', group)).toBe('undecided');
    expect(one('arn:aws:logs:*', group)).toBe('denied');
    expect(one('arn:aws:logs:*', group, 'RESOURCE_CONTROL_POLICY')).toBe('undecided');
    expect(one('arn:aws:logs', group)).toBe('undecided');
    expect(one(`arn:aws:logs:*:${policyVariable('aws:PrincipalAccount')}:log-group:*`, group)).toBe('denied');
  });
  it('an empty list says that a key is absent', () => {
    const root = document({
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringLike: { 'aws:PrincipalArn': 'arn:*:iam::*:root' } },
    });
    const principal = { arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' };
    expect(evaluateDocument(root, request({ principal })).effect).toBe('denied');
    expect(evaluateDocument(root, request({ principal, context: { 'AWS:principalarn': [] } })).effect).toBe(
      'undecided',
    );
  });
});
