import type { PortRange } from '../../nacl/outcome.ts';
import { fakeWorld } from '../fake-world.ts';
import { canonicalCidr, familyOf, hostOf } from './cidr.ts';
import { createEntry, deleteEntry } from './network-acl-entries.ts';
import { createTrustSetup, type FakeTrustSetup } from './setup-trust.ts';
import {
  defaultAclEntries,
  defaultDenies,
  defaultGroup,
  defaultGroupId,
  type NetworkInterface,
  type World,
} from './state.ts';

/** An entry that a person makes; ingress, deny and all protocols where nothing else is said. */
export interface EntryToAdd {
  readonly ruleNumber: number;
  readonly egress?: boolean;
  readonly cidr: string;
  readonly action?: 'allow' | 'deny';
  readonly protocol?: string;
  readonly ports?: PortRange;
}

export interface VpcToAdd {
  readonly vpcId?: string;
  readonly ownerId?: string;
  /** The first is the primary one; `10.1.0.0/16` by default. */
  readonly cidrs?: readonly string[];
  readonly ipv6Cidrs?: readonly string[];
  /** The id of the default network ACL that AWS makes with every VPC. */
  readonly networkAclId?: string;
}

export interface SubnetToAdd {
  readonly subnetId?: string;
  readonly vpcId?: string;
  readonly ownerId?: string;
  readonly cidr?: string;
  readonly ipv6Cidr?: string;
  /** The VPC's default network ACL where none is named. */
  readonly networkAclId?: string;
}

export interface NetworkAclToAdd {
  readonly networkAclId?: string;
  readonly vpcId?: string;
  /** Another account than ours: the VPC is shared with us. */
  readonly ownerId?: string;
  readonly subnetIds?: readonly string[];
  /** Beside the default denies; a network ACL that a person makes has none. */
  readonly entries?: readonly EntryToAdd[];
}

export interface InterfaceToAdd {
  readonly networkInterfaceId?: string;
  readonly subnetId?: string;
  readonly ownerId?: string;
  readonly instanceId?: string;
  readonly status?: NetworkInterface['status'];
  readonly description?: string;
  /** The VPC's own security group by default. */
  readonly securityGroupIds?: readonly string[];
  /** `interface` by default; `nat_gateway`, `network_load_balancer`, … */
  readonly interfaceType?: string;
  /** The service that manages it, `amazon-elb`; nobody by default. */
  readonly requesterId?: string;
  /** The first is the primary one; the next free host of the subnet by default. */
  readonly privateIps?: readonly string[];
  readonly ipv6?: readonly string[];
  /** Assigned by AWS; for an Elastic IP use `addAddress`. */
  readonly publicIp?: string;
}

export interface AddressToAdd {
  readonly publicIp: string;
  readonly allocationId?: string;
  /** The interface that it is associated with; none: allocated and not in use. */
  readonly networkInterfaceId?: string;
}

/** Changes to the account that a person or a stage makes; not counted, never throttled, no fault hits them. */
export interface FakeEc2Setup extends FakeTrustSetup {
  /** Adds a VPC and its default network ACL; gives the VPC's id. */
  addVpc(vpc?: VpcToAdd): string;
  /** Adds a subnet and associates it; gives its id. */
  addSubnet(subnet?: SubnetToAdd): string;
  /** Adds a network ACL; gives its id. */
  addNetworkAcl(acl?: NetworkAclToAdd): string;
  /** Removes a network ACL that is not a VPC's default; its subnets fall back to the default one. */
  removeNetworkAcl(networkAclId: string): void;
  /** Makes a network ACL that of a subnet, as ReplaceNetworkAclAssociation does. */
  associate(subnetId: string, networkAclId: string): void;
  /** Adds a network interface, attached when an instance is named; gives its id. */
  addInterface(eni?: InterfaceToAdd): string;
  removeInterface(networkInterfaceId: string): void;
  /** Adds an Elastic IP; gives its allocation id. */
  addAddress(address: AddressToAdd): string;
  /** Adds an entry under EC2's own rules and quota. */
  addEntry(networkAclId: string, entry: EntryToAdd): void;
  removeEntry(networkAclId: string, entry: { readonly ruleNumber: number; readonly egress?: boolean }): void;
}

interface SetupContext {
  readonly world: World;
  /** To be called before each change. */
  readonly beforeWrite: () => void;
  readonly accountId: string;
  readonly quota: number;
  readonly nextId: (prefix: string) => string;
}

const demand = <T>(found: T | undefined, what: string, id: string): T => {
  if (found === undefined) throw new Error(`The fake ec2 has no ${what} ${id}.`);
  return found;
};

const claimId = (taken: readonly string[], id: string): string => {
  if (taken.includes(id)) throw new Error(`The fake ec2 holds ${id} already.`);
  return id;
};

/** The input with which CreateNetworkAclEntry would make an entry. */
const entryInput = (NetworkAclId: string, entry: EntryToAdd) => ({
  NetworkAclId,
  RuleNumber: entry.ruleNumber,
  Egress: entry.egress ?? false,
  RuleAction: entry.action ?? ('deny' as const),
  Protocol: entry.protocol ?? '-1',
  ...(familyOf(entry.cidr) === 4 ? { CidrBlock: entry.cidr } : { Ipv6CidrBlock: entry.cidr }),
  ...(entry.ports === undefined ? {} : { PortRange: { From: entry.ports.from, To: entry.ports.to } }),
});

/** The functions with which a test or a stage arranges the account. */
export const createSetup = ({ world, beforeWrite, accountId, quota, nextId }: SetupContext): FakeEc2Setup => {
  const vpcOf = (id: string) =>
    demand(
      world.vpcs.find((one) => one.vpcId === id),
      'VPC',
      id,
    );
  const subnetOf = (id: string) =>
    demand(
      world.subnets.find((one) => one.subnetId === id),
      'subnet',
      id,
    );
  const aclOf = (id: string) =>
    demand(
      world.networkAcls.find((one) => one.networkAclId === id),
      'network ACL',
      id,
    );
  const interfaceOf = (id: string) =>
    demand(
      world.interfaces.find((one) => one.networkInterfaceId === id),
      'network interface',
      id,
    );
  const defaultAclOf = (vpcId: string) =>
    demand(
      world.networkAcls.find((one) => one.vpcId === vpcId && one.isDefault),
      'default network ACL of',
      vpcId,
    );

  const setup: FakeEc2Setup = {
    ...createTrustSetup({ world, beforeWrite, accountId, nextId }),
    addVpc({
      vpcId = nextId('vpc'),
      ownerId = accountId,
      cidrs = ['10.1.0.0/16'],
      ipv6Cidrs = [],
      networkAclId = nextId('acl'),
    } = {}) {
      beforeWrite();
      claimId(
        world.vpcs.map((one) => one.vpcId),
        vpcId,
      );
      claimId(
        world.networkAcls.map((one) => one.networkAclId),
        networkAclId,
      );
      world.vpcs.push({
        vpcId,
        ownerId,
        isDefault: false,
        cidrs: cidrs.map((cidr) => canonicalCidr(cidr, 4, 'cidrBlock')),
        ipv6Cidrs: ipv6Cidrs.map((cidr) => canonicalCidr(cidr, 6, 'ipv6CidrBlock')),
      });
      world.securityGroups.push(defaultGroup(vpcId, ownerId));
      const entries = defaultAclEntries(ipv6Cidrs.length > 0);
      world.networkAcls.push({ networkAclId, vpcId, ownerId, isDefault: true, entries });
      return vpcId;
    },
    addSubnet({ subnetId = nextId('subnet'), vpcId = fakeWorld.vpcId, ownerId, cidr, ipv6Cidr, networkAclId } = {}) {
      const vpc = vpcOf(vpcId);
      const acl = networkAclId === undefined ? defaultAclOf(vpcId) : aclOf(networkAclId);
      beforeWrite();
      claimId(
        world.subnets.map((one) => one.subnetId),
        subnetId,
      );
      const step = world.subnets.filter((one) => one.vpcId === vpcId).length + 1;
      world.subnets.push({
        subnetId,
        vpcId,
        ownerId: ownerId ?? vpc.ownerId,
        cidr: cidr ?? `${hostOf(vpc.cidrs[0] ?? '10.1.0.0/16', step * 256)}/24`,
        ...(ipv6Cidr === undefined ? {} : { ipv6Cidr }),
        networkAclId: acl.networkAclId,
        associationId: nextId('aclassoc'),
      });
      return subnetId;
    },
    addNetworkAcl({
      networkAclId = nextId('acl'),
      vpcId = fakeWorld.vpcId,
      ownerId,
      subnetIds = [],
      entries = [],
    } = {}) {
      const vpc = vpcOf(vpcId);
      beforeWrite();
      claimId(
        world.networkAcls.map((one) => one.networkAclId),
        networkAclId,
      );
      world.networkAcls.push({
        networkAclId,
        vpcId,
        ownerId: ownerId ?? vpc.ownerId,
        isDefault: false,
        entries: defaultDenies(vpc.ipv6Cidrs.length > 0),
      });
      for (const entry of entries) createEntry(world, entryInput(networkAclId, entry), quota);
      for (const subnetId of subnetIds) setup.associate(subnetId, networkAclId);
      return networkAclId;
    },
    removeNetworkAcl(networkAclId) {
      const acl = aclOf(networkAclId);
      if (acl.isDefault) throw new Error(`${networkAclId} is the default network ACL of ${acl.vpcId}; EC2 keeps it.`);
      beforeWrite();
      for (const subnet of world.subnets.filter((one) => one.networkAclId === networkAclId)) {
        subnet.networkAclId = defaultAclOf(acl.vpcId).networkAclId;
        subnet.associationId = nextId('aclassoc');
      }
      world.networkAcls.splice(world.networkAcls.indexOf(acl), 1);
    },
    associate(subnetId, networkAclId) {
      const subnet = subnetOf(subnetId);
      const acl = aclOf(networkAclId);
      if (acl.vpcId !== subnet.vpcId) throw new Error(`${networkAclId} is not of the VPC of ${subnetId}.`);
      beforeWrite();
      subnet.networkAclId = acl.networkAclId;
      subnet.associationId = nextId('aclassoc');
    },
    addInterface({
      networkInterfaceId = nextId('eni'),
      subnetId = fakeWorld.subnetId,
      ownerId = accountId,
      instanceId,
      status,
      description = '',
      securityGroupIds,
      interfaceType = 'interface',
      requesterId,
      privateIps,
      ipv6 = [],
      publicIp,
    } = {}) {
      const subnet = subnetOf(subnetId);
      beforeWrite();
      claimId(
        world.interfaces.map((one) => one.networkInterfaceId),
        networkInterfaceId,
      );
      const step = world.interfaces.filter((one) => one.subnetId === subnetId).length;
      world.interfaces.push({
        networkInterfaceId,
        subnetId,
        vpcId: subnet.vpcId,
        ownerId,
        ...(instanceId === undefined ? {} : { instanceId }),
        status: status ?? (instanceId === undefined ? 'available' : 'in-use'),
        description,
        securityGroupIds: securityGroupIds ?? [defaultGroupId(subnet.vpcId)],
        interfaceType,
        ...(requesterId === undefined ? {} : { requesterId }),
        privateIps: privateIps ?? [hostOf(subnet.cidr, 10 + step)],
        ipv6,
        ...(publicIp === undefined ? {} : { publicIp }),
      });
      return networkInterfaceId;
    },
    removeInterface(networkInterfaceId) {
      const eni = interfaceOf(networkInterfaceId);
      beforeWrite();
      world.interfaces.splice(world.interfaces.indexOf(eni), 1);
      for (const [index, address] of world.addresses.entries()) {
        if (address.networkInterfaceId !== networkInterfaceId) continue;
        world.addresses[index] = { allocationId: address.allocationId, publicIp: address.publicIp };
      }
    },
    addAddress({ publicIp, allocationId = nextId('eipalloc'), networkInterfaceId }) {
      if (networkInterfaceId !== undefined) interfaceOf(networkInterfaceId);
      beforeWrite();
      claimId(
        world.addresses.map((one) => one.allocationId),
        allocationId,
      );
      world.addresses.push({
        allocationId,
        publicIp,
        ...(networkInterfaceId === undefined ? {} : { networkInterfaceId, associationId: nextId('eipassoc') }),
      });
      return allocationId;
    },
    addEntry(networkAclId, entry) {
      beforeWrite();
      createEntry(world, entryInput(networkAclId, entry), quota);
    },
    removeEntry(networkAclId, { ruleNumber, egress = false }) {
      beforeWrite();
      deleteEntry(world, { NetworkAclId: networkAclId, RuleNumber: ruleNumber, Egress: egress });
    },
  };
  return setup;
};
