import type { PortRange } from '../../nacl/outcome.ts';

/** A network ACL entry as the fake holds it. */
export interface Entry {
  readonly ruleNumber: number;
  readonly egress: boolean;
  /** Canonical. */
  readonly cidr: string;
  readonly family: 4 | 6;
  readonly action: 'allow' | 'deny';
  /** IP protocol number; `-1` all. */
  readonly protocol: string;
  readonly ports?: PortRange;
  readonly icmp?: { readonly type: number; readonly code: number };
}

export interface NetworkAcl {
  readonly networkAclId: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly isDefault: boolean;
  entries: Entry[];
}

export interface Vpc {
  readonly vpcId: string;
  readonly ownerId: string;
  readonly isDefault: boolean;
  /** The first is the primary one. */
  readonly cidrs: readonly string[];
  readonly ipv6Cidrs: readonly string[];
}

export interface Subnet {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly cidr: string;
  readonly ipv6Cidr?: string;
  /** Every subnet has exactly one. */
  networkAclId: string;
  associationId: string;
}

export interface NetworkInterface {
  readonly networkInterfaceId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly instanceId?: string;
  readonly status: 'available' | 'associated' | 'attaching' | 'in-use' | 'detaching';
  readonly description: string;
  readonly securityGroupIds: readonly string[];
  /** `interface`, `nat_gateway`, `network_load_balancer`, … as EC2 answers it. */
  readonly interfaceType: string;
  /** The service that manages it; absent: nobody but its owner. */
  readonly requesterId?: string;
  /** The first is the primary one. */
  readonly privateIps: readonly string[];
  readonly ipv6: readonly string[];
  /** Assigned by AWS, unlike an Elastic IP, which is an `Address`. */
  readonly publicIp?: string;
}

/** An Elastic IP. */
export interface Address {
  readonly allocationId: string;
  readonly publicIp: string;
  readonly networkInterfaceId?: string;
  readonly associationId?: string;
}

/** A rule of a security group; it allows, as all do. Exactly one of `cidr`, `prefixListId` and `referencedGroupId`. */
export interface SecurityGroupRule {
  readonly ruleId: string;
  readonly egress: boolean;
  /** `tcp`, `udp`, …; `-1` all. */
  readonly protocol: string;
  readonly ports?: PortRange;
  readonly cidr?: string;
  readonly prefixListId?: string;
  readonly referencedGroupId?: string;
}

export interface SecurityGroup {
  readonly groupId: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly rules: SecurityGroupRule[];
}

export interface PrefixList {
  readonly prefixListId: string;
  readonly cidrs: readonly string[];
}

export interface CustomerGateway {
  readonly customerGatewayId: string;
  /** Absent where the gateway is known by a certificate. */
  readonly ipAddress?: string;
  readonly state: 'pending' | 'available' | 'deleting' | 'deleted';
}

/** A public address that IPAM discovered. */
export interface DiscoveredAddress {
  readonly address: string;
  readonly region: string;
  readonly ownerId: string;
}

/** A resource discovery of IPAM. */
export interface ResourceDiscovery {
  readonly ipamResourceDiscoveryId: string;
  readonly addresses: readonly DiscoveredAddress[];
  /** Absent: nothing was discovered yet. */
  readonly oldestSampleTime?: Date;
}

/** Everything that describes show; plain data, so that it can be copied as a whole. */
export interface World {
  readonly vpcs: Vpc[];
  readonly subnets: Subnet[];
  readonly networkAcls: NetworkAcl[];
  interfaces: NetworkInterface[];
  readonly addresses: Address[];
  readonly securityGroups: SecurityGroup[];
  readonly prefixLists: PrefixList[];
  readonly customerGateways: CustomerGateway[];
  readonly resourceDiscoveries: ResourceDiscovery[];
}

/** A world without anything in it. */
export const emptyWorld = (): World => ({
  vpcs: [],
  subnets: [],
  networkAcls: [],
  interfaces: [],
  addresses: [],
  securityGroups: [],
  prefixLists: [],
  customerGateways: [],
  resourceDiscoveries: [],
});

/** The id of the security group that comes with a VPC. */
export const defaultGroupId = (vpcId: string): string => vpcId.replace('vpc-', 'sg-');

/** The security group that comes with a VPC: lets in its own members, lets out to everybody. */
export const defaultGroup = (vpcId: string, ownerId: string): SecurityGroup => {
  const groupId = defaultGroupId(vpcId);
  const ruleId = groupId.replace('sg-', 'sgr-');
  return {
    groupId,
    vpcId,
    ownerId,
    rules: [
      { ruleId: `${ruleId}in`, egress: false, protocol: '-1', referencedGroupId: groupId },
      { ruleId: `${ruleId}out`, egress: true, protocol: '-1', cidr: '0.0.0.0/0' },
    ],
  };
};

/** The deny at the end of each direction that nobody can remove, 32767 for IPv4 and 32768 for IPv6. */
export const defaultDenies = (hasIpv6: boolean): Entry[] =>
  [false, true].flatMap((egress): Entry[] => [
    { ruleNumber: 32767, egress, cidr: '0.0.0.0/0', family: 4, action: 'deny', protocol: '-1' },
    ...(hasIpv6
      ? [{ ruleNumber: 32768, egress, cidr: '::/0', family: 6 as const, action: 'deny' as const, protocol: '-1' }]
      : []),
  ]);

/** What the default network ACL of a VPC holds: allow all at 100 (IPv6 at 101) and the default denies. */
export const defaultAclEntries = (hasIpv6: boolean): Entry[] => [
  ...[false, true].flatMap((egress): Entry[] => [
    { ruleNumber: 100, egress, cidr: '0.0.0.0/0', family: 4, action: 'allow', protocol: '-1' },
    ...(hasIpv6
      ? [{ ruleNumber: 101, egress, cidr: '::/0', family: 6 as const, action: 'allow' as const, protocol: '-1' }]
      : []),
  ]),
  ...defaultDenies(hasIpv6),
];
