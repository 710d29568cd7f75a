import { DescribeNetworkInterfacesCommand, type NetworkInterface } from '@aws-sdk/client-ec2';
import { collectPages } from '@remedykit/core';
import { maxFilterValues } from '../entries/gather-acls.ts';
import type { Ec2 } from '../options.ts';
import { addressesOf } from './interface-addresses.ts';
import type { ReachedInterface } from './subnets-to-deny.ts';

export { namedInterfaces, type ReachedInterface, subnetsToDeny } from './subnets-to-deny.ts';

/** Live interfaces by instance id. IAM action: ec2:DescribeNetworkInterfaces. */
export const gatherInterfaces = async (
  ec2: Ec2,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ReachedInterface[]>> => {
  const byInstance = new Map<string, ReachedInterface[]>();
  for (let from = 0; from < instanceIds.length; from += maxFilterValues) {
    const Filters = [{ Name: 'attachment.instance-id', Values: instanceIds.slice(from, from + maxFilterValues) }];
    const page = async (NextToken?: string) => {
      const answer = await ec2.send(
        new DescribeNetworkInterfacesCommand({ Filters, ...(NextToken ? { NextToken } : {}) }),
      );
      return { items: answer.NetworkInterfaces ?? [], nextToken: answer.NextToken };
    };
    for (const live of await collectPages(page, { maxPages: 1_000 })) {
      const instanceId = live.Attachment?.InstanceId;
      const reached = reachedInterface(live);
      if (instanceId && reached) byInstance.set(instanceId, [...(byInstance.get(instanceId) ?? []), reached]);
    }
  }
  return byInstance;
};

const reachedInterface = (live: NetworkInterface): ReachedInterface | undefined => {
  const { NetworkInterfaceId, SubnetId, VpcId } = live;
  if (NetworkInterfaceId === undefined || SubnetId === undefined) return undefined;
  return {
    networkInterfaceId: NetworkInterfaceId,
    subnetId: SubnetId,
    ...(VpcId ? { vpcId: VpcId } : {}),
    addresses: addressesOf(live),
  };
};
