import { type AccessRequest, evaluate, fullAwsAccess, type PolicySet } from '@remedykit/guardrails';
import { describe, expect, it } from 'vitest';
import { deploymentsFor } from './deployments.ts';
import { organization } from './organization.ts';

const account = '111122223333';
const deployments = deploymentsFor(organization);

/** The policies on the path of an account: the root, the unit of a set, the account itself. */
const pathTo = (unit: string): PolicySet => {
  const on = (target: string, type: string) =>
    deployments
      .filter(({ targetIds }) => targetIds.includes(target))
      .flatMap(({ policies }) => policies.policies)
      .filter((policy) => policy.type === type)
      .map(({ name, document }) => ({ name, document }));
  const path = ['r-ab12', unit, account];
  return {
    managementAccountId: '444455556666',
    serviceControlPolicies: path.map((target) => ({
      target,
      policies: [fullAwsAccess, ...on(target, 'SERVICE_CONTROL_POLICY')],
    })),
    resourceControlPolicies: path.map((target) => ({ target, policies: on(target, 'RESOURCE_CONTROL_POLICY') })),
  };
};

const ask = (action: string, role: string, more: AccessRequest['context'] = {}): AccessRequest => ({
  action,
  principal: { arn: `arn:aws:iam::${account}:role/${role}`, accountId: account },
  resource: '*',
  context: {
    'aws:RequestedRegion': 'eu-west-1',
    'aws:PrincipalOrgID': 'o-a1b2c3d4e5',
    'aws:SecureTransport': 'true',
    ...more,
  },
});
const machine = { 'ec2:InstanceType': 'p5.48xlarge' };
const instance = { resource: `arn:aws:ec2:eu-west-1:${account}:instance/*` };

describe('what the organisation allows', () => {
  it.each([
    ['a workload reads its tables', ask('dynamodb:GetItem', 'Orders'), 'ou-ab12-11111111', 'allowed'],
    ['a workload makes no key', ask('iam:CreateAccessKey', 'Orders'), 'ou-ab12-11111111', 'explicitly-denied'],
    [
      'no workload runs in Ohio',
      ask('lambda:Invoke', 'Orders', { 'aws:RequestedRegion': 'us-east-2' }),
      'ou-ab12-11111111',
      'explicitly-denied',
    ],
    [
      'a sandbox launches no large machine',
      { ...ask('ec2:RunInstances', 'Dana', machine), ...instance },
      'ou-ab12-22222222',
      'explicitly-denied',
    ],
    [
      'nobody works in a suspended account',
      ask('s3:ListAllMyBuckets', 'Dana'),
      'ou-ab12-33333333',
      'explicitly-denied',
    ],
    ['but those who close it do', ask('s3:ListAllMyBuckets', 'BreakGlass'), 'ou-ab12-33333333', 'allowed'],
    [
      'attackers are blocked in any account',
      ask('ec2:CreateNetworkAclEntry', 'remedykit-blocker'),
      'ou-ab12-33333333',
      'allowed',
    ],
  ])('%s', (_, request, unit, verdict) => {
    expect(evaluate(request, pathTo(unit)).verdict).toBe(verdict);
  });
  it('every policy has room left', () => {
    for (const { policies } of deployments)
      for (const { headroom } of [...policies.report.policies, ...policies.report.slots])
        expect(headroom).toBeGreaterThan(0);
  });
});
