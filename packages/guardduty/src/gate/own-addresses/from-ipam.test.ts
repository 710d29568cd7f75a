import { expect, it } from 'vitest';
import { createFakeEc2 } from '../../testing/fake-ec2/index.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { createIpamOwnAddresses } from './from-ipam.ts';

const target = { accountId: fakeWorld.accountId, region: fakeWorld.region };
const sampled = new Date('2026-11-24T08:00:00.000Z');

const setUp = (oldestSampleTime?: Date) => {
  const ec2 = createFakeEc2({ pageSize: 3 });
  const addresses = [
    ...Array.from({ length: 7 }, (_, host) => ({ address: `198.51.100.${host}`, ownerId: '444455556666' })),
    { address: '203.0.113.1', region: 'us-east-1' },
  ];
  const ipamResourceDiscoveryId = ec2.setResourceDiscovery({
    addresses,
    ...(oldestSampleTime ? { oldestSampleTime } : {}),
  });
  return { ec2, ipamResourceDiscoveryId };
};

it('G23: all pages, of all accounts, of the Region of the finding, as old as the oldest discovery', async () => {
  const { ec2, ipamResourceDiscoveryId } = setUp(sampled);
  const own = await createIpamOwnAddresses({ ec2, ipamResourceDiscoveryId })(target);
  expect(own.cidrs).toHaveLength(7);
  expect(own.asOf).toEqual(sampled);
  expect(ec2.calls).toEqual({ 'ec2:GetIpamDiscoveredPublicAddresses': 3 });
});

it('of more Regions where they are named, and of the finding’s in any case', async () => {
  const { ec2, ipamResourceDiscoveryId } = setUp(sampled);
  const ownAddresses = createIpamOwnAddresses({ ec2, ipamResourceDiscoveryId, regions: ['us-east-1'] });
  expect((await ownAddresses(target)).cidrs).toHaveLength(8);
});

it('as old as the oldest page of any Region says', async () => {
  const later = new Date('2026-11-24T09:00:00.000Z');
  const pages = [later, sampled, later];
  const send = async () => ({
    IpamDiscoveredPublicAddresses: [],
    OldestSampleTime: pages.shift(),
    ...(pages.length > 0 ? { NextToken: `page ${pages.length}` } : {}),
  });
  // The one command that is sent is answered; the SDK's `send` is overloaded.
  const ec2 = { send } as unknown as ReturnType<typeof createFakeEc2>;
  const { asOf } = await createIpamOwnAddresses({ ec2, ipamResourceDiscoveryId: 'ipam-res-disco-1' })(target);
  expect(asOf).toEqual(sampled);
});

it('G26: addresses of no known age are an error, none at all among them', async () => {
  const { ec2, ipamResourceDiscoveryId } = setUp();
  const unknown = { code: 'IPAM_AGE_UNKNOWN', retryable: true };
  await expect(createIpamOwnAddresses({ ec2, ipamResourceDiscoveryId })(target)).rejects.toMatchObject(unknown);
  const broken = setUp(new Date(Number.NaN));
  await expect(createIpamOwnAddresses(broken)(target)).rejects.toMatchObject(unknown);
});

it('G26: a discovery that does not exist, or may not be read, is an error', async () => {
  const { ec2, ipamResourceDiscoveryId } = setUp(sampled);
  const wrong = createIpamOwnAddresses({ ec2, ipamResourceDiscoveryId: 'ipam-res-disco-0' });
  await expect(wrong(target)).rejects.toMatchObject({ name: 'InvalidIpamResourceDiscoveryId.NotFound' });
  ec2.failNext('GetIpamDiscoveredPublicAddresses', { code: 'UnauthorizedOperation' });
  await expect(createIpamOwnAddresses({ ec2, ipamResourceDiscoveryId })(target)).rejects.toThrow();
});
