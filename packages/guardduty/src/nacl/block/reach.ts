import { DescribeNetworkInterfacesCommand, type NetworkInterface } from '@aws-sdk/client-ec2';
import { collectPages } from '@remedykit/core';
import type { Finding } from '../../finding.ts';
import { readAddress } from '../../threats/address.ts';
import type { AddressThreat } from '../../threats/threat.ts';
import type { Ec2 } from '../options.ts';

/** A network interface by which traffic reaches an instance. */
export interface ReachedInterface {
  readonly networkInterfaceId?: string;
  readonly subnetId: string;
  readonly addresses: readonly string[];
}

/** The interfaces that the finding names with their subnet; they may be gone by now. */
export const namedInterfaces = (finding: Finding): ReachedInterface[] =>
  (finding.instance?.interfaces ?? []).flatMap(({ networkInterfaceId, subnetId, privateIpv4, ipv6 }) =>
    subnetId === undefined
      ? []
      : [{ ...(networkInterfaceId ? { networkInterfaceId } : {}), subnetId, addresses: [...privateIpv4, ...ipv6] }],
  );

/** Live interfaces by instance id. IAM action: ec2:DescribeNetworkInterfaces. */
export const gatherInterfaces = async (
  ec2: Ec2,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ReachedInterface[]>> => {
  const Filters = [{ Name: 'attachment.instance-id', Values: [...instanceIds] }];
  const page = async (NextToken?: string) => {
    const answer = await ec2.send(
      new DescribeNetworkInterfacesCommand({ Filters, ...(NextToken ? { NextToken } : {}) }),
    );
    return { items: answer.NetworkInterfaces ?? [], nextToken: answer.NextToken };
  };
  const byInstance = new Map<string, ReachedInterface[]>();
  for (const live of await collectPages(page, { maxPages: 1_000 })) {
    const instanceId = live.Attachment?.InstanceId;
    const reached = reachedInterface(live);
    if (instanceId && reached) byInstance.set(instanceId, [...(byInstance.get(instanceId) ?? []), reached]);
  }
  return byInstance;
};

const reachedInterface = (live: NetworkInterface): ReachedInterface | undefined => {
  const { NetworkInterfaceId, SubnetId, PrivateIpAddress, PrivateIpAddresses, Ipv6Addresses } = live;
  if (NetworkInterfaceId === undefined || SubnetId === undefined) return undefined;
  const addresses = [
    PrivateIpAddress,
    ...(PrivateIpAddresses ?? []).map((own) => own.PrivateIpAddress),
    ...(Ipv6Addresses ?? []).map((own) => own.Ipv6Address),
  ];
  return {
    networkInterfaceId: NetworkInterfaceId,
    subnetId: SubnetId,
    addresses: addresses.flatMap((own) => own ?? []),
  };
};

/**
 * The subnets in which a threat is to be denied: of the attacked interfaces where the finding names them (by id or by
 * address), else of all interfaces of the instance. Pure.
 */
export const subnetsToDeny = (threat: AddressThreat, interfaces: readonly ReachedInterface[]): string[] => {
  const attacked = interfaces.filter(({ networkInterfaceId, addresses }) =>
    threat.localEnds.some(
      (end) =>
        (end.networkInterfaceId !== undefined && end.networkInterfaceId === networkInterfaceId) ||
        (end.ipv4 !== undefined && addresses.includes(end.ipv4)) ||
        addresses.some((own) => sameHost(own, end.ipv6)),
    ),
  );
  const reached = attacked.length > 0 ? attacked : interfaces;
  return [...new Set(reached.map(({ subnetId }) => subnetId))];
};

/** IPv6 has several spellings of one address. */
const sameHost = (one: string, other: string | undefined): boolean => {
  const host = readAddress(one)?.address;
  return host !== undefined && other !== undefined && host === readAddress(other)?.address;
};
