import type {
  DescribeNetworkAclsCommandInput,
  NetworkAclEntry,
  NetworkAcl as SdkNetworkAcl,
} from '@aws-sdk/client-ec2';
import { applyFilters, type FilterFields, pageOf, pickByIds } from './describe.ts';
import { networkAclNotFound } from './errors.ts';
import type { Entry, NetworkAcl, Subnet, World } from './state.ts';

interface Associated {
  readonly acl: NetworkAcl;
  readonly subnets: readonly Subnet[];
}

const filters: FilterFields<Associated> = {
  'association.association-id': ({ subnets }) => subnets.map((one) => one.associationId),
  'association.network-acl-id': ({ acl, subnets }) => subnets.map(() => acl.networkAclId),
  'association.subnet-id': ({ subnets }) => subnets.map((one) => one.subnetId),
  default: ({ acl }) => [String(acl.isDefault)],
  'network-acl-id': ({ acl }) => [acl.networkAclId],
  'owner-id': ({ acl }) => [acl.ownerId],
  'vpc-id': ({ acl }) => [acl.vpcId],
};

const entryAnswer = (entry: Entry): NetworkAclEntry => ({
  ...(entry.family === 4 ? { CidrBlock: entry.cidr } : { Ipv6CidrBlock: entry.cidr }),
  Egress: entry.egress,
  ...(entry.icmp === undefined ? {} : { IcmpTypeCode: { Code: entry.icmp.code, Type: entry.icmp.type } }),
  ...(entry.ports === undefined ? {} : { PortRange: { From: entry.ports.from, To: entry.ports.to } }),
  Protocol: entry.protocol,
  RuleAction: entry.action,
  RuleNumber: entry.ruleNumber,
});

const aclAnswer = ({ acl, subnets }: Associated): SdkNetworkAcl => ({
  Associations: subnets.map(({ associationId, subnetId }) => ({
    NetworkAclAssociationId: associationId,
    NetworkAclId: acl.networkAclId,
    SubnetId: subnetId,
  })),
  Entries: acl.entries.map(entryAnswer),
  IsDefault: acl.isDefault,
  NetworkAclId: acl.networkAclId,
  OwnerId: acl.ownerId,
  Tags: [],
  VpcId: acl.vpcId,
});

/** The answer to DescribeNetworkAcls; entries come in the order in which they were made, which means nothing. */
export const describeNetworkAcls = (
  world: World,
  input: DescribeNetworkAclsCommandInput,
  forced: number | undefined,
): object => {
  const all = world.networkAcls.map(
    (acl): Associated => ({ acl, subnets: world.subnets.filter((one) => one.networkAclId === acl.networkAclId) }),
  );
  const ids = input.NetworkAclIds ?? [];
  const picked = pickByIds(all, ids, ({ acl }) => acl.networkAclId, networkAclNotFound);
  const found = applyFilters('DescribeNetworkAcls', picked, input.Filters, filters);
  const { page, ...next } = pageOf('DescribeNetworkAcls', found, input, { forced, hasIds: ids.length > 0 });
  return { NetworkAcls: page.map(aclAnswer), ...next };
};
