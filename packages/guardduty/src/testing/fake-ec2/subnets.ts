import type { DescribeSubnetsCommandInput, Subnet as SdkSubnet } from '@aws-sdk/client-ec2';
import { applyFilters, type FilterFields, pageOf, pickByIds } from './describe.ts';
import { subnetNotFound } from './errors.ts';
import type { Subnet, World } from './state.ts';

const filters: FilterFields<Subnet> = {
  'cidr-block': (subnet) => [subnet.cidr],
  'owner-id': (subnet) => [subnet.ownerId],
  state: () => ['available'],
  'subnet-id': (subnet) => [subnet.subnetId],
  'vpc-id': (subnet) => [subnet.vpcId],
};

const answer = (subnet: Subnet, region: string): SdkSubnet => ({
  AvailabilityZone: `${region}a`,
  CidrBlock: subnet.cidr,
  Ipv6CidrBlockAssociationSet:
    subnet.ipv6Cidr === undefined
      ? []
      : [{ Ipv6CidrBlock: subnet.ipv6Cidr, Ipv6CidrBlockState: { State: 'associated' } }],
  OwnerId: subnet.ownerId,
  State: 'available',
  SubnetArn: `arn:aws:ec2:${region}:${subnet.ownerId}:subnet/${subnet.subnetId}`,
  SubnetId: subnet.subnetId,
  Tags: [],
  VpcId: subnet.vpcId,
});

/** The answer to DescribeSubnets. */
export const describeSubnets = (
  world: World,
  input: DescribeSubnetsCommandInput,
  forced: number | undefined,
  region: string,
): object => {
  const ids = input.SubnetIds ?? [];
  const picked = pickByIds(world.subnets, ids, (subnet) => subnet.subnetId, subnetNotFound);
  const found = applyFilters('DescribeSubnets', picked, input.Filters, filters);
  const { page, ...next } = pageOf('DescribeSubnets', found, input, { forced, hasIds: ids.length > 0 });
  return { Subnets: page.map((subnet) => answer(subnet, region)), ...next };
};
