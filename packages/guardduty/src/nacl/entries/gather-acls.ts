import { DescribeNetworkAclsCommand, type NetworkAcl } from '@aws-sdk/client-ec2';
import { collectPages } from '@remedykit/core';
import { awsErrorCode } from '../../aws/errors.ts';
import type { Ec2 } from '../options.ts';

/** AWS takes at most this many values in one filter. Source: EC2 API reference, Filter. */
export const maxFilterValues = 200;

/** The network ACLs of these subnets. IAM action: ec2:DescribeNetworkAcls. */
export const gatherAclsOfSubnets = async (ec2: Ec2, subnetIds: readonly string[]): Promise<NetworkAcl[]> => {
  const found: NetworkAcl[] = [];
  for (let from = 0; from < subnetIds.length; from += maxFilterValues) {
    const Values = subnetIds.slice(from, from + maxFilterValues);
    const page = async (NextToken?: string) => {
      const Filters = [{ Name: 'association.subnet-id', Values }];
      const answer = await ec2.send(new DescribeNetworkAclsCommand({ Filters, ...(NextToken ? { NextToken } : {}) }));
      return { items: answer.NetworkAcls ?? [], nextToken: answer.NextToken };
    };
    found.push(...(await collectPages(page, { maxPages: 1_000 })));
  }
  return found;
};

/** One network ACL; undefined when it does not exist any more. IAM action: ec2:DescribeNetworkAcls. */
export const gatherAcl = async (ec2: Ec2, networkAclId: string): Promise<NetworkAcl | undefined> => {
  try {
    const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [networkAclId] }));
    return NetworkAcls?.[0];
  } catch (error) {
    if (awsErrorCode(error) === 'InvalidNetworkAclID.NotFound') return undefined;
    throw error;
  }
};
