import {
  DescribeAddressesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVpcsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { type Clock, collectPages, minutes, RemediationError } from '@remedykit/core';
import type { OwnAddresses } from '../nacl/options.ts';
import type { Target } from '../nacl/outcome.ts';

/** Who must never be denied in one account and Region, besides what options and control documents say. */
export interface InventoryFacts {
  readonly ownAddresses: readonly string[];
  readonly vpcCidrs: readonly string[];
  /** The older of the two readings. */
  readonly asOf: Date;
}

/** Facts shared by many findings, at most `maxInventoryAge` old. */
export interface Inventory {
  /** Rejects when the facts cannot be had: then nothing is to be blocked. */
  gather(target: Target): Promise<InventoryFacts>;
}

const maxInventoryAge = minutes(5);

/** How old an answer of a caller's own `ownAddresses` may be. A snapshot refreshed daily with one missed run is still taken. */
const maxOwnAddressesAge = minutes(60 * 48);

/**
 * Own public addresses and VPC CIDRs per account and Region, cached for 5 minutes; concurrent callers share one reading.
 * IAM actions: ec2:DescribeAddresses, ec2:DescribeNetworkInterfaces, ec2:DescribeVpcs.
 */
export const createInventory = ({
  ec2,
  now,
  ownAddresses,
}: {
  readonly ec2: (target: Target) => Pick<EC2Client, 'send'>;
  readonly now: Clock;
  readonly ownAddresses?: (target: Target) => Promise<OwnAddresses>;
}): Inventory => {
  const cache = new Map<string, { readonly at: number; readonly facts: Promise<InventoryFacts> }>();
  const read = async (target: Target, at: Date): Promise<InventoryFacts> => {
    const client = ec2(target);
    const [own, vpcCidrs] = await Promise.all([
      ownAddresses ? ownAddresses(target) : gatherOwnAddresses(client, at),
      gatherVpcCidrs(client),
    ]);
    if (!(at.getTime() - own.asOf.getTime() <= maxOwnAddressesAge)) {
      const time = Number.isNaN(own.asOf.getTime()) ? 'of no valid time' : `from ${own.asOf.toISOString()}`;
      throw new RemediationError({
        code: 'OWN_ADDRESSES_STALE',
        message: `The own addresses of ${target.accountId}, ${target.region} are ${time}; at most two days old they can be relied on. Refresh what "ownAddresses" reads.`,
        retryable: true,
      });
    }
    return { ownAddresses: own.cidrs, vpcCidrs, asOf: own.asOf < at ? own.asOf : at };
  };
  return {
    async gather(target) {
      const key = `${target.accountId}/${target.region}`;
      const at = now();
      const kept = cache.get(key);
      if (kept && at.getTime() >= kept.at && at.getTime() - kept.at < maxInventoryAge) return kept.facts;
      const facts = read(target, at);
      cache.set(key, { at: at.getTime(), facts });
      facts.catch(() => cache.delete(key));
      return facts;
    },
  };
};

const maxPages = 1_000;

/** Elastic IPs and every public address of a network interface in the account and Region. */
const gatherOwnAddresses = async (client: Pick<EC2Client, 'send'>, asOf: Date): Promise<OwnAddresses> => {
  const [addresses, interfaces] = await Promise.all([
    client.send(new DescribeAddressesCommand({})),
    collectPages(
      async (NextToken) => {
        const page = await client.send(
          new DescribeNetworkInterfacesCommand({ MaxResults: 1_000, ...(NextToken ? { NextToken } : {}) }),
        );
        return { items: page.NetworkInterfaces ?? [], nextToken: page.NextToken };
      },
      { maxPages },
    ),
  ]);
  const cidrs = new Set<string>();
  for (const { PublicIp, CarrierIp } of addresses.Addresses ?? []) {
    for (const address of [PublicIp, CarrierIp]) if (address) cidrs.add(address);
  }
  for (const { Association, PrivateIpAddresses, Ipv6Addresses } of interfaces) {
    if (Association?.PublicIp) cidrs.add(Association.PublicIp);
    for (const own of PrivateIpAddresses ?? []) if (own.Association?.PublicIp) cidrs.add(own.Association.PublicIp);
    for (const { Ipv6Address } of Ipv6Addresses ?? []) if (Ipv6Address) cidrs.add(Ipv6Address);
  }
  return { cidrs: [...cidrs], asOf };
};

/** IPv4 and IPv6 CIDRs of every VPC in the account and Region. */
const gatherVpcCidrs = async (client: Pick<EC2Client, 'send'>): Promise<string[]> => {
  const vpcs = await collectPages(
    async (NextToken) => {
      const page = await client.send(
        new DescribeVpcsCommand({ MaxResults: 1_000, ...(NextToken ? { NextToken } : {}) }),
      );
      return { items: page.Vpcs ?? [], nextToken: page.NextToken };
    },
    { maxPages },
  );
  return vpcs.flatMap(({ CidrBlock, CidrBlockAssociationSet, Ipv6CidrBlockAssociationSet }) => [
    ...new Set([
      ...(CidrBlock ? [CidrBlock] : []),
      ...(CidrBlockAssociationSet ?? []).flatMap((block) => block.CidrBlock ?? []),
      ...(Ipv6CidrBlockAssociationSet ?? []).flatMap((block) => block.Ipv6CidrBlock ?? []),
    ]),
  ]);
};
