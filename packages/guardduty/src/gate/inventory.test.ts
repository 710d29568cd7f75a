import { minutes } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import { expect, it } from 'vitest';
import { createFakeEc2 } from '../testing/fake-ec2/index.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { createInventory } from './inventory.ts';

const target = { accountId: fakeWorld.accountId, region: fakeWorld.region };
const setUp = () => {
  const clock = createTestClock(new Date('2026-11-24T10:00:00.000Z'));
  const ec2 = createFakeEc2();
  return { clock, ec2, inventory: createInventory({ ec2: () => ec2, now: clock.now }) };
};

it('G23: Elastic IPs, public addresses of interfaces and their IPv6 addresses are ours, and VPC ranges of both families', async () => {
  const { ec2, inventory } = setUp();
  ec2.addAddress({ publicIp: '198.51.100.20' });
  ec2.addVpc({ cidrs: ['10.8.0.0/16', '10.9.0.0/16'], ipv6Cidrs: ['2001:db8:8::/56'] });
  ec2.addInterface({ ipv6: ['2001:db8:8::5'] });
  const facts = await inventory.gather(target);
  expect(facts.ownAddresses.toSorted()).toEqual(['192.0.2.200', '198.51.100.20', '2001:db8:8::5']);
  expect(facts.vpcCidrs.toSorted()).toEqual(['10.0.0.0/16', '10.8.0.0/16', '10.9.0.0/16', '2001:db8:8::/56']);
});

it('facts are read once in five minutes, and concurrent callers share one reading', async () => {
  const { clock, ec2, inventory } = setUp();
  await Promise.all([inventory.gather(target), inventory.gather(target)]);
  clock.advance(minutes(5) - 1);
  await inventory.gather(target);
  expect(ec2.calls['ec2:DescribeVpcs']).toBe(1);
  clock.advance(1);
  await inventory.gather(target);
  expect(ec2.calls['ec2:DescribeVpcs']).toBe(2);
});

it('facts are kept per account and Region', async () => {
  const { ec2, inventory } = setUp();
  await inventory.gather(target);
  await inventory.gather({ ...target, region: 'us-east-1' });
  await inventory.gather({ ...target, accountId: '444455556666' });
  expect(ec2.calls['ec2:DescribeVpcs']).toBe(3);
});

it('a clock that is set back reads anew, and a failure is not kept', async () => {
  const { clock, ec2, inventory } = setUp();
  await inventory.gather(target);
  clock.advance(-1);
  ec2.failNext('DescribeAddresses', { code: 'InternalError' });
  await expect(inventory.gather(target)).rejects.toThrow();
  await expect(inventory.gather(target)).resolves.toMatchObject({ asOf: clock.now() });
});

it('own addresses of a port are as old as they say, at most two days; a time that is none is too old', async () => {
  const { clock, ec2 } = setUp();
  const asOf = { ago: 0 };
  const ownAddresses = async () => ({ cidrs: ['198.51.100.0/24'], asOf: new Date(clock.now().getTime() - asOf.ago) });
  const fresh = () => createInventory({ ec2: () => ec2, now: clock.now, ownAddresses }).gather(target);
  asOf.ago = minutes(60 * 48);
  expect(await fresh()).toMatchObject({
    ownAddresses: ['198.51.100.0/24'],
    asOf: new Date('2026-11-22T10:00:00.000Z'),
  });
  asOf.ago += 1;
  await expect(fresh()).rejects.toMatchObject({ code: 'OWN_ADDRESSES_STALE', retryable: true });
  asOf.ago = Number.NaN;
  await expect(fresh()).rejects.toMatchObject({ code: 'OWN_ADDRESSES_STALE' });
  expect(ec2.calls).not.toHaveProperty('ec2:DescribeAddresses');
});
