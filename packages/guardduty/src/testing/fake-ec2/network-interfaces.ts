import type {
  DescribeNetworkInterfacesCommandInput,
  NetworkInterfaceAssociation,
  NetworkInterfaceType,
  NetworkInterface as SdkNetworkInterface,
} from '@aws-sdk/client-ec2';
import { applyFilters, type FilterFields, pageOf, pickByIds } from './describe.ts';
import { networkInterfaceNotFound } from './errors.ts';
import { type Address, defaultGroupId, type NetworkInterface, type World } from './state.ts';

interface Addressed {
  readonly eni: NetworkInterface;
  readonly elastic: Address | undefined;
  readonly publicIp: string | undefined;
}

/** NAT gateways and the like have interfaces of a type of their own, which their service manages. */
const isManaged = ({ requesterId, interfaceType }: NetworkInterface): boolean =>
  requesterId !== undefined || !['interface', 'efa', 'efa-only', 'trunk', 'branch'].includes(interfaceType);

const filters: FilterFields<Addressed> = {
  'addresses.association.public-ip': ({ publicIp }) => [publicIp],
  'addresses.private-ip-address': ({ eni }) => eni.privateIps,
  'association.allocation-id': ({ elastic }) => [elastic?.allocationId],
  'association.public-ip': ({ publicIp }) => [publicIp],
  'attachment.instance-id': ({ eni }) => [eni.instanceId],
  description: ({ eni }) => [eni.description],
  'ipv6-addresses.ipv6-address': ({ eni }) => eni.ipv6,
  'network-interface-id': ({ eni }) => [eni.networkInterfaceId],
  'owner-id': ({ eni }) => [eni.ownerId],
  'group-id': ({ eni }) => eni.securityGroupIds,
  'interface-type': ({ eni }) => [eni.interfaceType],
  'private-ip-address': ({ eni }) => [eni.privateIps[0]],
  'requester-managed': ({ eni }) => [String(isManaged(eni))],
  status: ({ eni }) => [eni.status],
  'subnet-id': ({ eni }) => [eni.subnetId],
  'vpc-id': ({ eni }) => [eni.vpcId],
};

const associationAnswer = ({ eni, elastic, publicIp }: Addressed): NetworkInterfaceAssociation | undefined => {
  if (elastic !== undefined) {
    return {
      AllocationId: elastic.allocationId,
      ...(elastic.associationId === undefined ? {} : { AssociationId: elastic.associationId }),
      IpOwnerId: eni.ownerId,
      PublicIp: elastic.publicIp,
    };
  }
  return publicIp === undefined ? undefined : { IpOwnerId: 'amazon', PublicIp: publicIp };
};

const interfaceAnswer = (item: Addressed): SdkNetworkInterface => {
  const { eni } = item;
  const association = associationAnswer(item);
  return {
    ...(association === undefined ? {} : { Association: association }),
    ...(eni.instanceId === undefined
      ? {}
      : {
          Attachment: { DeviceIndex: 0, InstanceId: eni.instanceId, InstanceOwnerId: eni.ownerId, Status: 'attached' },
        }),
    Description: eni.description,
    Groups: eni.securityGroupIds.map((GroupId) => ({
      GroupId,
      GroupName: GroupId === defaultGroupId(eni.vpcId) ? 'default' : GroupId,
    })),
    // EC2 answers `nat_gateway` where its model has `natGateway`.
    InterfaceType: eni.interfaceType as NetworkInterfaceType,
    Ipv6Addresses: eni.ipv6.map((Ipv6Address) => ({ Ipv6Address })),
    NetworkInterfaceId: eni.networkInterfaceId,
    OwnerId: eni.ownerId,
    ...(eni.privateIps[0] === undefined ? {} : { PrivateIpAddress: eni.privateIps[0] }),
    PrivateIpAddresses: eni.privateIps.map((PrivateIpAddress, index) => ({
      ...(index === 0 && association !== undefined ? { Association: association } : {}),
      Primary: index === 0,
      PrivateIpAddress,
    })),
    ...(eni.requesterId === undefined ? {} : { RequesterId: eni.requesterId }),
    RequesterManaged: isManaged(eni),
    Status: eni.status,
    SubnetId: eni.subnetId,
    TagSet: [],
    VpcId: eni.vpcId,
  };
};

/** The answer to DescribeNetworkInterfaces. */
export const describeNetworkInterfaces = (
  world: World,
  input: DescribeNetworkInterfacesCommandInput,
  forced: number | undefined,
): object => {
  const all = world.interfaces.map((eni): Addressed => {
    const elastic = world.addresses.find((one) => one.networkInterfaceId === eni.networkInterfaceId);
    return { eni, elastic, publicIp: elastic?.publicIp ?? eni.publicIp };
  });
  const ids = input.NetworkInterfaceIds ?? [];
  const picked = pickByIds(all, ids, ({ eni }) => eni.networkInterfaceId, networkInterfaceNotFound);
  const found = applyFilters('DescribeNetworkInterfaces', picked, input.Filters, filters);
  const { page, ...next } = pageOf('DescribeNetworkInterfaces', found, input, { forced, hasIds: ids.length > 0 });
  return { NetworkInterfaces: page.map(interfaceAnswer), ...next };
};
