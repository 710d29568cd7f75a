import {
  DescribeCustomerGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  GetManagedPrefixListEntriesCommand,
  type NetworkInterface,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { collectPages, mapConcurrent } from '@remedykit/core';
import { addressesOf } from '../../nacl/block/interface-addresses.ts';
import type { ReachedInterface } from '../../nacl/block/subnets-to-deny.ts';
import type { Ec2 } from '../../nacl/options.ts';
import { canonicalCidr } from '../cidr.ts';
import type { KnownRange } from '../ranges.ts';
import { isExplicit } from './explicit-trust.ts';

const maxPages = 1_000;

/** AWS takes at most this many values in one filter. Source: EC2 API reference, Filter. */
const maxFilterValues = 200;

/** A live interface of an instance with its security groups. */
export interface GuardedInterface extends ReachedInterface {
  readonly securityGroupIds: readonly string[];
}

/** The live interfaces of an instance. IAM action: ec2:DescribeNetworkInterfaces. */
export const gatherGuardedInterfaces = async (ec2: Ec2, instanceId: string): Promise<GuardedInterface[]> => {
  const Filters = [{ Name: 'attachment.instance-id', Values: [instanceId] }];
  const found = await collectPages(
    async (NextToken) => {
      const page = await ec2.send(
        new DescribeNetworkInterfacesCommand({ Filters, ...(NextToken ? { NextToken } : {}) }),
      );
      return { items: page.NetworkInterfaces ?? [], nextToken: page.NextToken };
    },
    { maxPages },
  );
  return guardedInterfacesOf(found, instanceId);
};

/** Those of an instance. */
export const guardedInterfacesOf = (found: readonly NetworkInterface[], instanceId: string): GuardedInterface[] =>
  found.flatMap((live) => (live.Attachment?.InstanceId === instanceId ? (guardedInterface(live) ?? []) : []));

const guardedInterface = (live: NetworkInterface): GuardedInterface | undefined => {
  const { NetworkInterfaceId, SubnetId, Groups } = live;
  if (NetworkInterfaceId === undefined || SubnetId === undefined) return undefined;
  return {
    networkInterfaceId: NetworkInterfaceId,
    subnetId: SubnetId,
    addresses: addressesOf(live),
    securityGroupIds: (Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  };
};

/** Rules of security groups (which only ever allow) in both directions. IAM action: ec2:DescribeSecurityGroupRules. */
export const gatherSecurityGroupRules = async (ec2: Ec2, groupIds: readonly string[]): Promise<SecurityGroupRule[]> => {
  const rules: SecurityGroupRule[] = [];
  for (let from = 0; from < groupIds.length; from += maxFilterValues) {
    const Filters = [{ Name: 'group-id', Values: groupIds.slice(from, from + maxFilterValues) }];
    const page = async (NextToken?: string) => {
      const answer = await ec2.send(
        new DescribeSecurityGroupRulesCommand({ Filters, MaxResults: 1_000, ...(NextToken ? { NextToken } : {}) }),
      );
      return { items: answer.SecurityGroupRules ?? [], nextToken: answer.NextToken };
    };
    rules.push(...(await collectPages(page, { maxPages })));
  }
  return rules;
};

/** The CIDRs of a managed prefix list, customers' or AWS's. IAM action: ec2:GetManagedPrefixListEntries. */
export const gatherPrefixList = async (ec2: Ec2, PrefixListId: string): Promise<string[]> => {
  const entries = await collectPages(
    async (NextToken) => {
      const page = await ec2.send(
        new GetManagedPrefixListEntriesCommand({ PrefixListId, MaxResults: 100, ...(NextToken ? { NextToken } : {}) }),
      );
      return { items: page.Entries ?? [], nextToken: page.NextToken };
    },
    { maxPages },
  );
  return entries.flatMap(({ Cidr }) => Cidr ?? []);
};

/**
 * What the rules of security groups trust explicitly, managed prefix lists resolved. A rule that names another security
 * group trusts private addresses, which are never denied anyway.
 */
export const trustedByGroups = async (
  rules: readonly SecurityGroupRule[],
  prefixList: (prefixListId: string) => Promise<readonly string[]>,
): Promise<KnownRange[]> => {
  const found = await mapConcurrent(
    rules,
    4,
    async ({ GroupId, SecurityGroupRuleId, CidrIpv4, CidrIpv6, PrefixListId }) => {
      const by = `${GroupId} rule ${SecurityGroupRuleId}`;
      if (PrefixListId) {
        const cidrs = await prefixList(PrefixListId);
        return cidrs.map((cidr) => ({ cidr, by: `${by}, prefix list ${PrefixListId}` }));
      }
      return [CidrIpv4, CidrIpv6].flatMap((cidr) => (cidr ? [{ cidr, by }] : []));
    },
  );
  return found.flatMap((result) => {
    if (!result.ok) throw result.error;
    return result.value.filter(({ cidr }) => isExplicit(cidr));
  });
};

/** Public addresses of the other ends of our VPN connections. IAM action: ec2:DescribeCustomerGateways. */
export const gatherCustomerGateways = async (ec2: Ec2): Promise<KnownRange[]> => {
  const { CustomerGateways = [] } = await ec2.send(new DescribeCustomerGatewaysCommand({}));
  return CustomerGateways.flatMap(({ CustomerGatewayId, IpAddress, State }) =>
    IpAddress && State !== 'deleted'
      ? [{ cidr: canonicalCidr(IpAddress), by: `customer gateway ${CustomerGatewayId}` }]
      : [],
  );
};
