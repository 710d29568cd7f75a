import type { DescribeVpcsCommandInput, Vpc as SdkVpc } from '@aws-sdk/client-ec2';
import { applyFilters, type FilterFields, pageOf, pickByIds } from './describe.ts';
import { vpcNotFound } from './errors.ts';
import type { Vpc, World } from './state.ts';

const filters: FilterFields<Vpc> = {
  cidr: (vpc) => [vpc.cidrs[0]],
  'cidr-block-association.cidr-block': (vpc) => vpc.cidrs,
  'ipv6-cidr-block-association.ipv6-cidr-block': (vpc) => vpc.ipv6Cidrs,
  'is-default': (vpc) => [String(vpc.isDefault)],
  'owner-id': (vpc) => [vpc.ownerId],
  state: () => ['available'],
  'vpc-id': (vpc) => [vpc.vpcId],
};

const answer = (vpc: Vpc): SdkVpc => ({
  ...(vpc.cidrs[0] === undefined ? {} : { CidrBlock: vpc.cidrs[0] }),
  CidrBlockAssociationSet: vpc.cidrs.map((CidrBlock, index) => ({
    AssociationId: `vpc-cidr-assoc-${vpc.vpcId.slice(4)}${index}`,
    CidrBlock,
    CidrBlockState: { State: 'associated' },
  })),
  Ipv6CidrBlockAssociationSet: vpc.ipv6Cidrs.map((Ipv6CidrBlock, index) => ({
    AssociationId: `vpc-cidr-assoc-${vpc.vpcId.slice(4)}6${index}`,
    Ipv6CidrBlock,
    Ipv6CidrBlockState: { State: 'associated' },
  })),
  IsDefault: vpc.isDefault,
  OwnerId: vpc.ownerId,
  State: 'available',
  Tags: [],
  VpcId: vpc.vpcId,
});

/** The answer to DescribeVpcs. */
export const describeVpcs = (world: World, input: DescribeVpcsCommandInput, forced: number | undefined): object => {
  const ids = input.VpcIds ?? [];
  const picked = pickByIds(world.vpcs, ids, (vpc) => vpc.vpcId, vpcNotFound);
  const found = applyFilters('DescribeVpcs', picked, input.Filters, filters);
  const { page, ...next } = pageOf('DescribeVpcs', found, input, { forced, hasIds: ids.length > 0 });
  return { Vpcs: page.map(answer), ...next };
};
