import { DescribeAddressesCommand, DescribeNetworkInterfacesCommand, type NetworkInterface } from '@aws-sdk/client-ec2';
import { collectPages } from '@remedykit/core';
import type { Ec2, OwnAddresses } from '../../nacl/options.ts';

const maxPages = 1_000;

/** Network interfaces of the account and Region: all, or those that a service of AWS manages. IAM action: ec2:DescribeNetworkInterfaces. */
export const gatherNetworkInterfaces = (ec2: Ec2, which: 'all' | 'requester-managed'): Promise<NetworkInterface[]> => {
  const Filters = which === 'all' ? undefined : [{ Name: 'requester-managed', Values: ['true'] }];
  return collectPages(
    async (NextToken) => {
      const page = await ec2.send(
        new DescribeNetworkInterfacesCommand({
          MaxResults: 1_000,
          ...(Filters ? { Filters } : {}),
          ...(NextToken ? { NextToken } : {}),
        }),
      );
      return { items: page.NetworkInterfaces ?? [], nextToken: page.NextToken };
    },
    { maxPages },
  );
};

/**
 * Public addresses of one account and Region: Elastic IPs, and the public and IPv6 addresses of its network interfaces.
 * IAM actions: ec2:DescribeAddresses, ec2:DescribeNetworkInterfaces.
 */
export const gatherOwnAddresses = async (
  ec2: Ec2,
  asOf: Date,
  interfaces: Promise<readonly NetworkInterface[]> = gatherNetworkInterfaces(ec2, 'all'),
): Promise<OwnAddresses> => {
  const [addresses, found] = await Promise.all([ec2.send(new DescribeAddressesCommand({})), interfaces]);
  const cidrs = new Set<string>();
  for (const { PublicIp, CarrierIp } of addresses.Addresses ?? []) {
    for (const address of [PublicIp, CarrierIp]) if (address) cidrs.add(address);
  }
  for (const { Association, PrivateIpAddresses, Ipv6Addresses } of found) {
    for (const association of [Association, ...(PrivateIpAddresses ?? []).map((own) => own.Association)]) {
      for (const address of [association?.PublicIp, association?.CarrierIp]) if (address) cidrs.add(address);
    }
    for (const { Ipv6Address } of Ipv6Addresses ?? []) if (Ipv6Address) cidrs.add(Ipv6Address);
  }
  return { cidrs: [...cidrs], asOf };
};
