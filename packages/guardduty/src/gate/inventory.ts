import { DescribeVpcsCommand, type NetworkInterface } from '@aws-sdk/client-ec2';
import { type Clock, collectPages, type Duration, RemediationError } from '@remedykit/core';
import { subnetsToDeny } from '../nacl/block/subnets-to-deny.ts';
import type { AddressLists, Ec2, OwnAddresses } from '../nacl/options.ts';
import type { Target } from '../nacl/outcome.ts';
import { maxClockSkew } from '../nacl/policy.ts';
import type { AddressThreat } from '../threats/threat.ts';
import type { KnownLists } from './answers.ts';
import { type Attempt, attempt } from './attempt.ts';
import { type AwsRanges, createAwsRanges, type KnownAwsRanges } from './aws-ranges/aws-ranges.ts';
import { createCached } from './cached.ts';
import { gatherNetworkInterfaces, gatherOwnAddresses } from './own-addresses/from-ec2.ts';
import { proxyRanges } from './proxies.ts';
import { createRanges, type KnownRange, type Ranges } from './ranges.ts';
import {
  type GuardedInterface,
  gatherCustomerGateways,
  gatherGuardedInterfaces,
  gatherPrefixList,
  gatherSecurityGroupRules,
  guardedInterfacesOf,
  trustedByGroups,
} from './trust/gather-trust.ts';

/** Who must never be denied in one account and Region, besides what control documents say. */
export interface InventoryFacts {
  readonly lists: KnownLists;
  /** What could not be had. Then nothing is to be blocked that the lists do not refuse anyway. */
  readonly problem?: string;
  /** Own addresses could not be had, and `lists.mayBeOurs` stands in for them. */
  readonly ownAddressesProblem?: string;
}

/** Facts shared by many findings, at most five minutes old. */
export interface Inventory {
  gather(target: Target): Promise<InventoryFacts>;
  /** The attacked interfaces' guards. Rejects when they cannot be had: then nothing is to be blocked. */
  guards(target: Target, instanceId: string, threat: AddressThreat): Promise<Guards>;
}

/** What stands before the attacked interfaces. */
export interface Guards {
  /** What their security groups trust explicitly. */
  readonly trusted: readonly KnownRange[];
  /** The subnets whose network ACLs stand before them. */
  readonly subnetIds: readonly string[];
  readonly asOf: Date;
}

/** What the inventories are made of. */
export interface InventoryOptions {
  readonly ec2: (target: Target) => Ec2;
  readonly now: Clock;
  readonly allowList: readonly string[];
  readonly partnerLists: AddressLists;
  readonly proxyLists: AddressLists;
  readonly byoipPools: readonly string[];
  readonly ownAddresses?: (target: Target) => Promise<OwnAddresses>;
  readonly maxOwnAddressesAge: Duration;
  readonly awsRanges: () => Promise<AwsRanges>;
  readonly maxAwsRangesAge: Duration;
}

/**
 * Inventories per account, Region and instance, cached for 5 minutes; concurrent callers share one reading.
 * IAM actions: ec2:DescribeCustomerGateways, ec2:DescribeNetworkInterfaces, ec2:DescribeSecurityGroupRules,
 * ec2:DescribeVpcs, ec2:GetManagedPrefixListEntries; without `ownAddresses` ec2:DescribeAddresses too.
 */
export const createInventory = (options: InventoryOptions): Inventory => {
  const { ec2, now } = options;
  const allowList = createRanges(options.allowList.map((cidr) => ({ cidr })));
  const byoipPools = createRanges(options.byoipPools.map((cidr) => ({ cidr, by: 'a pool of ours' })));
  const awsRanges = createCached<KnownAwsRanges>(now);
  const known = createCached<Ranges>(now);
  const networkInterfaces = createCached<readonly NetworkInterface[]>(now);
  const instances = createCached<readonly GuardedInterface[]>(now);
  const groups = createCached<Pick<Guards, 'trusted' | 'asOf'>>(now);
  const prefixLists = createCached<readonly string[]>(now);

  const readLists = async (kind: string, lists: AddressLists): Promise<KnownRange[]> => {
    const read = Object.entries(lists).map(async ([name, list]) => {
      const cidrs = typeof list === 'function' ? await list() : list;
      return cidrs.map((cidr) => ({ cidr, by: `the ${kind} list "${name}"` }));
    });
    return (await Promise.all(read)).flat();
  };

  const readOwn = async (target: Target, at: Date): Promise<Ranges> => {
    const own = options.ownAddresses
      ? await options.ownAddresses(target)
      : await gatherOwnAddresses(ec2(target), at, interfacesOf(target));
    const cidrs = own.cidrs.map((cidr) => ({ cidr }));
    if (isFresh(own.asOf, at, options.maxOwnAddressesAge)) return createRanges(cidrs, own.asOf < at ? own.asOf : at);
    const time = Number.isNaN(own.asOf.getTime()) ? 'of no valid time' : `from ${own.asOf.toISOString()}`;
    throw new RemediationError({
      code: 'OWN_ADDRESSES_STALE',
      message: `The own addresses of ${target.accountId}, ${target.region} are ${time}; they can be relied on for ${options.maxOwnAddressesAge / 3_600_000} hours. Refresh what "ownAddresses" reads.`,
      retryable: true,
    });
  };

  /** Where own addresses come from elsewhere, only the interfaces that services manage are read, for the proxies among them. */
  const interfacesOf = (target: Target): Promise<readonly NetworkInterface[]> =>
    networkInterfaces(keyOf(target), () =>
      gatherNetworkInterfaces(ec2(target), options.ownAddresses ? 'requester-managed' : 'all'),
    );

  const guardedInterfaces = async (target: Target, instanceId: string): Promise<readonly GuardedInterface[]> => {
    if (!options.ownAddresses) {
      // All interfaces of the account are at hand. One that is missing may be new.
      const known = guardedInterfacesOf(await interfacesOf(target), instanceId);
      if (known.length > 0) return known;
    }
    return instances(`${keyOf(target)}/${instanceId}`, () => gatherGuardedInterfaces(ec2(target), instanceId));
  };

  return {
    async gather(target) {
      const client = ec2(target);
      const list = (name: string, read: (at: Date) => Promise<Ranges>): Promise<Attempt<Ranges>> =>
        attempt(known(`${keyOf(target)}/${name}`, read));
      const [own, aws, vpcCidrs, proxies, customerGateways, partners] = await Promise.all([
        list('own', (at) => readOwn(target, at)),
        attempt(awsRanges('', async () => createAwsRanges(await options.awsRanges()))),
        list('vpcs', async (at) => createRanges(await gatherVpcCidrs(client), at)),
        list('proxies', async (at) =>
          createRanges(
            [...proxyRanges(await interfacesOf(target)), ...(await readLists('proxy', options.proxyLists))],
            at,
          ),
        ),
        list('customer-gateways', async (at) => createRanges(await gatherCustomerGateways(client), at)),
        list('partners', async (at) => createRanges(await readLists('partner', options.partnerLists), at)),
      ]);
      const lists: KnownLists = {
        allowList,
        ...(own.value ? { ownAddresses: own.value } : {}),
        ...(aws.value ? { aws: aws.value } : {}),
        ...(vpcCidrs.value ? { vpcCidrs: vpcCidrs.value } : {}),
        ...(proxies.value ? { proxies: proxies.value } : {}),
        ...(customerGateways.value ? { customerGateways: customerGateways.value } : {}),
        ...(partners.value ? { partners: partners.value } : {}),
      };
      const [problem] = [aws, vpcCidrs, proxies, customerGateways, partners].flatMap((one) => one.problem ?? []);
      const others = problem === undefined ? {} : { problem };
      if (own.problem === undefined) return { lists, ...others };
      const ranges = aws.value;
      if (ranges === undefined || !isFresh(ranges.asOf, now(), options.maxAwsRangesAge)) {
        return { lists, problem: own.problem };
      }
      // What is neither in EC2's ranges nor in a pool of ours cannot be ours in AWS.
      const mayBeOurs = (cidr: string) => byoipPools.find(cidr) ?? ranges.ec2(cidr);
      return { lists: { ...lists, mayBeOurs }, ownAddressesProblem: own.problem, ...others };
    },
    async guards(target, instanceId, threat) {
      const client = ec2(target);
      const key = keyOf(target);
      const live = await guardedInterfaces(target, instanceId);
      const subnetIds = subnetsToDeny(threat, live);
      const attacked = live.filter(({ subnetId }) => subnetIds.includes(subnetId));
      const groupIds = [...new Set(attacked.flatMap(({ securityGroupIds }) => securityGroupIds))].toSorted();
      const { trusted, asOf } = await groups(`${key}/${groupIds.join()}`, async (at) => {
        const rules = await gatherSecurityGroupRules(client, groupIds);
        const prefixList = (id: string) => prefixLists(`${key}/${id}`, () => gatherPrefixList(client, id));
        return { asOf: at, trusted: await trustedByGroups(rules, prefixList) };
      });
      return { trusted, subnetIds, asOf };
    },
  };
};

const keyOf = ({ accountId, region }: Target): string => `${accountId}/${region}`;

/** Not older than `maxAge`, and not from the future; a time that is none is neither. */
const isFresh = (asOf: Date, at: Date, maxAge: Duration): boolean => {
  const age = at.getTime() - asOf.getTime();
  return age <= maxAge && age >= -maxClockSkew;
};

/** IPv4 and IPv6 CIDRs of every VPC in the account and Region. */
const gatherVpcCidrs = async (client: Ec2): Promise<{ readonly cidr: string }[]> => {
  const vpcs = await collectPages(
    async (NextToken) => {
      const page = await client.send(
        new DescribeVpcsCommand({ MaxResults: 1_000, ...(NextToken ? { NextToken } : {}) }),
      );
      return { items: page.Vpcs ?? [], nextToken: page.NextToken };
    },
    { maxPages: 1_000 },
  );
  return vpcs.flatMap(({ CidrBlock, CidrBlockAssociationSet, Ipv6CidrBlockAssociationSet }) =>
    [
      CidrBlock,
      ...(CidrBlockAssociationSet ?? []).map((block) => block.CidrBlock),
      ...(Ipv6CidrBlockAssociationSet ?? []).map((block) => block.Ipv6CidrBlock),
    ].flatMap((cidr) => (cidr ? [{ cidr }] : [])),
  );
};
