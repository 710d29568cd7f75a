import { RemediationError } from '@remedykit/core';

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
}

/** Where the blocker works. */
export interface PermissionOptions {
  /** Accounts whose network ACLs are changed; the role of the client that reaches them needs this policy. */
  readonly accounts: readonly string[];
  /** Default: every Region. */
  readonly regions?: readonly string[];
  /** Default `aws`. */
  readonly partition?: string;
  /** With `trust.readBack`: asks GuardDuty. Default true. A detector of another account (`detectorId`) is granted apart. */
  readonly readBack?: boolean;
  /**
   * Where `ownAddresses` come from. Default `'ec2'`, the option left out. `'ipam'`: `createIpamOwnAddresses` with a client of
   * the same role. `'elsewhere'`: a store (`createStoredOwnAddresses`) or anything of your own.
   */
  readonly ownAddresses?: 'ec2' | 'ipam' | 'elsewhere';
}

/**
 * The IAM policy that the EC2 and GuardDuty clients of a blocker need: these actions and no others. What the state store
 * needs, its own package says (`dynamoDbPermissions`). Describe actions of EC2 and `guardduty:ListDetectors` do not
 * support resource-level permissions. Source: service authorization reference, EC2 and GuardDuty.
 * @throws RemediationError `BLOCKER_OPTION_INVALID` without an account, or with one that is not 12 digits: a wildcard would
 * let the role change network ACLs that nobody listed
 * @example
 * ```ts
 * import { blockerPermissions } from '@remedykit/guardduty';
 * const policy = blockerPermissions({ accounts: ['111122223333'], regions: ['eu-west-1'] });
 * ```
 */
export const blockerPermissions = ({
  accounts,
  regions = ['*'],
  partition = 'aws',
  readBack = true,
  ownAddresses = 'ec2',
}: PermissionOptions): PolicyDocument => {
  if (accounts.length === 0 || regions.length === 0 || !accounts.every((account) => /^\d{12}$/.test(account))) {
    throw new RemediationError({
      code: 'BLOCKER_OPTION_INVALID',
      message:
        'blockerPermissions: "accounts" must hold at least one account id of 12 digits, and "regions" one Region.',
    });
  }
  const everywhere = (service: string, resource: string): string[] =>
    regions.flatMap((region) =>
      accounts.map((account) => `arn:${partition}:${service}:${region}:${account}:${resource}`),
    );
  const statements: PolicyDocument['Statement'] = [
    {
      Sid: 'ReadNetwork',
      Effect: 'Allow',
      Action: [
        ...(ownAddresses === 'ec2' ? ['ec2:DescribeAddresses'] : []),
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
      // Rules may name lists of AWS and of accounts that share theirs.
      Resource: regions.map((region) => `arn:${partition}:ec2:${region}:*:prefix-list/*`),
    },
    {
      Sid: 'ReadDiscoveredAddresses',
      Effect: 'Allow',
      Action: ['ec2:GetIpamDiscoveredPublicAddresses'],
      // The discovery may be of the administrator's account; its ARN has no Region.
      Resource: [`arn:${partition}:ec2::*:ipam-resource-discovery/*`],
    },
    {
      Sid: 'ChangeNetworkAclEntries',
      Effect: 'Allow',
      Action: ['ec2:CreateNetworkAclEntry', 'ec2:DeleteNetworkAclEntry', 'ec2:ReplaceNetworkAclEntry'],
      Resource: everywhere('ec2', 'network-acl/*'),
    },
    {
      Sid: 'FindDetector',
      Effect: 'Allow',
      Action: ['guardduty:ListDetectors'],
      Resource: ['*'],
    },
    {
      Sid: 'ReadFindingsBack',
      Effect: 'Allow',
      Action: ['guardduty:GetFindings'],
      Resource: everywhere('guardduty', 'detector/*'),
    },
  ];
  const unneeded = [
    ...(readBack ? [] : ['FindDetector', 'ReadFindingsBack']),
    ...(ownAddresses === 'ipam' ? [] : ['ReadDiscoveredAddresses']),
  ];
  const needed = statements.filter(({ Sid }) => !unneeded.includes(Sid));
  return { Version: '2012-10-17', Statement: needed };
};
