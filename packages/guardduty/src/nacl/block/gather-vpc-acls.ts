import { DescribeNetworkAclsCommand, type NetworkAcl } from '@aws-sdk/client-ec2';
import { collectPages } from '@remedykit/core';
import { maxFilterValues } from '../entries/gather-acls.ts';
import type { Ec2 } from '../options.ts';

/** Every network ACL of these VPCs, all pages. IAM action: ec2:DescribeNetworkAcls. */
export const gatherAclsOfVpcs = async (ec2: Ec2, vpcIds: readonly string[]): Promise<NetworkAcl[]> => {
  const found: NetworkAcl[] = [];
  for (let from = 0; from < vpcIds.length; from += maxFilterValues) {
    const Filters = [{ Name: 'vpc-id', Values: vpcIds.slice(from, from + maxFilterValues) }];
    const page = async (NextToken?: string) => {
      const answer = await ec2.send(
        new DescribeNetworkAclsCommand({ Filters, MaxResults: 1_000, ...(NextToken ? { NextToken } : {}) }),
      );
      return { items: answer.NetworkAcls ?? [], nextToken: answer.NextToken };
    };
    found.push(...(await collectPages(page, { maxPages: 1_000 })));
  }
  return found;
};
