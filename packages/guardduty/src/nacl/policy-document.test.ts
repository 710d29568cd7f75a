import { isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { blockerPermissions } from './permissions.ts';

const account = '111122223333';

const resourcesOf = (action: string, ...options: Parameters<typeof blockerPermissions>): readonly string[] =>
  blockerPermissions(...options).Statement.find(({ Action }) => Action.includes(action))?.Resource ?? [];

describe('blockerPermissions', () => {
  it('G46: grants these actions on these resources and nothing else', () => {
    expect(blockerPermissions({ accounts: [account], regions: ['eu-west-1'] })).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ReadNetwork',
          Effect: 'Allow',
          Action: [
            'ec2:DescribeAddresses',
            'ec2:DescribeCustomerGateways',
            'ec2:DescribeNetworkAcls',
            'ec2:DescribeNetworkInterfaces',
            'ec2:DescribeSecurityGroupRules',
            'ec2:DescribeVpcs',
          ],
          Resource: ['*'],
        },
        {
          Sid: 'ReadPrefixLists',
          Effect: 'Allow',
          Action: ['ec2:GetManagedPrefixListEntries'],
          Resource: ['arn:aws:ec2:eu-west-1:*:prefix-list/*'],
        },
        {
          Sid: 'ChangeNetworkAclEntries',
          Effect: 'Allow',
          Action: ['ec2:CreateNetworkAclEntry', 'ec2:DeleteNetworkAclEntry', 'ec2:ReplaceNetworkAclEntry'],
          Resource: [`arn:aws:ec2:eu-west-1:${account}:network-acl/*`],
        },
        { Sid: 'FindDetector', Effect: 'Allow', Action: ['guardduty:ListDetectors'], Resource: ['*'] },
        {
          Sid: 'ReadFindingsBack',
          Effect: 'Allow',
          Action: ['guardduty:GetFindings'],
          Resource: [`arn:aws:guardduty:eu-west-1:${account}:detector/*`],
        },
      ],
    });
  });

  it('G46: has no wildcard in an action, and writes nowhere but in the accounts and Regions named', () => {
    const policy = blockerPermissions({ accounts: [account, '444455556666'], regions: ['eu-west-1', 'eu-west-2'] });
    for (const { Action, Resource } of policy.Statement) {
      expect(Action.filter((action) => action.includes('*'))).toEqual([]);
      if (Action.some((action) => !/:(Describe|List)/.test(action))) expect(Resource).not.toContain('*');
    }
    expect(
      resourcesOf('ec2:DeleteNetworkAclEntry', {
        accounts: [account, '444455556666'],
        regions: ['eu-west-1', 'eu-west-2'],
      }),
    ).toEqual([
      `arn:aws:ec2:eu-west-1:${account}:network-acl/*`,
      'arn:aws:ec2:eu-west-1:444455556666:network-acl/*',
      `arn:aws:ec2:eu-west-2:${account}:network-acl/*`,
      'arn:aws:ec2:eu-west-2:444455556666:network-acl/*',
    ]);
  });

  it('asks GuardDuty nothing where authority comes from the channel', () => {
    const { Statement } = blockerPermissions({ accounts: [account], readBack: false });
    expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.startsWith('guardduty:'))).toEqual([]);
    expect(Statement).toHaveLength(3);
  });

  it.each([
    ['ec2', ['ec2:DescribeAddresses']],
    ['ipam', ['ec2:GetIpamDiscoveredPublicAddresses']],
    ['elsewhere', []],
  ] as const)('G46: reads own addresses only where they come from: %s', (ownAddresses, granted) => {
    const { Statement } = blockerPermissions({ accounts: [account], ownAddresses });
    const reads = ['ec2:DescribeAddresses', 'ec2:GetIpamDiscoveredPublicAddresses'];
    expect(Statement.flatMap(({ Action }) => Action).filter((action) => reads.includes(action))).toEqual(granted);
  });

  it('names the partition and, by default, every Region', () => {
    const options = { accounts: [account], partition: 'aws-cn' };
    expect(resourcesOf('ec2:CreateNetworkAclEntry', options)).toEqual([`arn:aws-cn:ec2:*:${account}:network-acl/*`]);
    expect(resourcesOf('guardduty:GetFindings', options)).toEqual([`arn:aws-cn:guardduty:*:${account}:detector/*`]);
  });

  it.each([[[]], [['*']], [[account, '*']], [['1111']], [[`${account}:*`]]])(
    'refuses accounts that could mean any: %j',
    (accounts) => {
      try {
        blockerPermissions({ accounts });
      } catch (error) {
        expect(isRemediationError(error) && error.code).toBe('BLOCKER_OPTION_INVALID');
        return;
      }
      throw new Error('it was taken');
    },
  );

  it('refuses an empty list of Regions: a statement needs a resource', () => {
    expect(() => blockerPermissions({ accounts: [account], regions: [] })).toThrow(/"regions"/);
  });
});
