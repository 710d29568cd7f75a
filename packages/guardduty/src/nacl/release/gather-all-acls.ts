import { DescribeNetworkAclsCommand, type NetworkAcl } from '@aws-sdk/client-ec2';
import { collectPages } from '@remedykit/core';
import type { Ec2 } from '../options.ts';

/**
 * Every network ACL that the account owns in the client's Region, all pages; those of shared VPCs belong to others.
 * IAM action: ec2:DescribeNetworkAcls.
 */
export const gatherAllAcls = (ec2: Ec2, accountId: string): Promise<NetworkAcl[]> =>
  collectPages(
    async (NextToken) => {
      const Filters = [{ Name: 'owner-id', Values: [accountId] }];
      const answer = await ec2.send(
        new DescribeNetworkAclsCommand({ Filters, MaxResults: 1_000, ...(NextToken ? { NextToken } : {}) }),
      );
      return { items: answer.NetworkAcls ?? [], nextToken: answer.NextToken };
    },
    { maxPages: 1_000 },
  );
