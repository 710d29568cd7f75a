import type { GetIpamDiscoveredPublicAddressesCommandInput } from '@aws-sdk/client-ec2';
import { applyFilters, type FilterFields, pageOf } from './describe.ts';
import { missingParameter, resourceDiscoveryNotFound } from './errors.ts';
import type { DiscoveredAddress, World } from './state.ts';

const filters: FilterFields<DiscoveredAddress> = {
  address: (one) => [one.address],
  'address-owner-id': (one) => [one.ownerId],
};

/** The answer to GetIpamDiscoveredPublicAddresses for one Region. */
export const getIpamDiscoveredPublicAddresses = (
  world: World,
  input: GetIpamDiscoveredPublicAddressesCommandInput,
  forced: number | undefined,
): object => {
  const { IpamResourceDiscoveryId: id, AddressRegion: region } = input;
  if (id === undefined) throw missingParameter('ipamResourceDiscoveryId');
  if (region === undefined) throw missingParameter('addressRegion');
  const discovery = world.resourceDiscoveries.find((one) => one.ipamResourceDiscoveryId === id);
  if (discovery === undefined) throw resourceDiscoveryNotFound(id);
  const here = discovery.addresses.filter((one) => one.region === region);
  const found = applyFilters('GetIpamDiscoveredPublicAddresses', here, input.Filters, filters);
  const { page, ...next } = pageOf('GetIpamDiscoveredPublicAddresses', found, input, { forced, hasIds: false });
  const { oldestSampleTime } = discovery;
  return {
    IpamDiscoveredPublicAddresses: page.map(({ address, ownerId }) => ({
      Address: address,
      AddressOwnerId: ownerId,
      AddressRegion: region,
      AddressType: 'amazon-owned-eip',
      AssociationStatus: 'associated',
      IpamResourceDiscoveryId: id,
      ...(oldestSampleTime === undefined ? {} : { SampleTime: oldestSampleTime }),
      Service: 'other',
    })),
    ...(oldestSampleTime === undefined ? {} : { OldestSampleTime: oldestSampleTime }),
    ...next,
  };
};
