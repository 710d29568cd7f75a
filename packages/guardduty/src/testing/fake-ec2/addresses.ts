import type { DescribeAddressesCommandInput, Address as SdkAddress } from '@aws-sdk/client-ec2';
import { applyFilters, type FilterFields, pickByIds } from './describe.ts';
import { addressNotFound, allocationNotFound } from './errors.ts';
import type { Address, NetworkInterface, World } from './state.ts';

interface Attached {
  readonly address: Address;
  readonly eni: NetworkInterface | undefined;
}

const filters: FilterFields<Attached> = {
  'allocation-id': ({ address }) => [address.allocationId],
  'association-id': ({ address }) => [address.associationId],
  'instance-id': ({ eni }) => [eni?.instanceId],
  'network-interface-id': ({ address }) => [address.networkInterfaceId],
  'public-ip': ({ address }) => [address.publicIp],
};

const answer = ({ address, eni }: Attached): SdkAddress => ({
  AllocationId: address.allocationId,
  ...(address.associationId === undefined ? {} : { AssociationId: address.associationId }),
  Domain: 'vpc',
  ...(eni?.instanceId === undefined ? {} : { InstanceId: eni.instanceId }),
  ...(address.networkInterfaceId === undefined ? {} : { NetworkInterfaceId: address.networkInterfaceId }),
  ...(eni?.privateIps[0] === undefined ? {} : { PrivateIpAddress: eni.privateIps[0] }),
  PublicIp: address.publicIp,
  Tags: [],
});

/** The answer to DescribeAddresses: Elastic IPs, never paged, as in EC2. */
export const describeAddresses = (world: World, input: DescribeAddressesCommandInput): object => {
  const all = world.addresses.map(
    (address): Attached => ({
      address,
      eni: world.interfaces.find((one) => one.networkInterfaceId === address.networkInterfaceId),
    }),
  );
  const byAllocation = pickByIds(all, input.AllocationIds, ({ address }) => address.allocationId, allocationNotFound);
  const byIp = pickByIds(byAllocation, input.PublicIps, ({ address }) => address.publicIp, addressNotFound);
  return { Addresses: applyFilters('DescribeAddresses', byIp, input.Filters, filters).map(answer) };
};
