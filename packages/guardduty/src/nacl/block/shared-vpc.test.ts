import { addSuppressions, hours, pause } from '@remedykit/core';
import { expect, it } from 'vitest';
import { createFakeEc2, type FakeEc2 } from '../../testing/fake-ec2/index.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { sshBruteForce } from '../../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, type TestWorld, testTime } from '../../testing/test-blocker.ts';
import type { BlockerOptions } from '../options.ts';

const ownerId = '444455556666';
const vpcId = 'vpc-shared';
const networkAclId = 'acl-shared';
const subnetId = 'subnet-shared';
const attack = (from = '198.51.100.7', options = {}) =>
  sshBruteForce({ from, at: testTime, vpcId, subnetId, ...options });

interface Shared {
  readonly world: TestWorld;
  /** EC2 as the owner's client sees it. */
  readonly owner: FakeEc2;
}

/** The attacked host of the participant stands in a subnet that another account shares; the owner sees one more. */
const createShared = (): Shared => {
  const world = createTestWorld();
  const owner = createFakeEc2({ accountId: ownerId, now: world.clock.now, withDefaultWorld: false });
  for (const ec2 of [world.ec2, owner]) {
    ec2.addVpc({ vpcId, ownerId, networkAclId, cidrs: ['10.20.0.0/16'] });
    ec2.addSubnet({ subnetId, vpcId, ownerId });
  }
  owner.addSubnet({ subnetId: 'subnet-unseen', vpcId, ownerId });
  world.ec2.removeInterface(fakeWorld.networkInterfaceId);
  world.ec2.addInterface({ subnetId, instanceId: fakeWorld.instanceId });
  return { world, owner };
};

const blockerFor = ({ world, owner }: Shared, options: Partial<BlockerOptions> = {}) =>
  createTestBlocker(
    {
      accounts: [fakeWorld.accountId, ownerId],
      ec2: ({ accountId }) => (accountId === ownerId ? owner : world.ec2),
      ...options,
    },
    world,
  );

it("the network ACL of a shared VPC is changed with its owner's client and kept in the owner's ledger", async () => {
  const shared = createShared();
  const blocker = blockerFor(shared);
  const outcome = await blocker.block(attack());
  expect(deniesIn(shared.owner, { networkAclId })).toMatchObject([{ cidr: '198.51.100.7/32' }]);
  expect(deniesIn(shared.world.ec2, { networkAclId })).toEqual([]);
  // A participant is not shown every subnet.
  expect(outcome.threats).toMatchObject([
    { outcome: 'blocked', entries: [{ networkAclId, subnetIds: [subnetId, 'subnet-unseen'] }] },
  ]);
  expect(await blocker.list()).toMatchObject([{ accountId: ownerId, networkAclId }]);
  expect(Object.keys(shared.world.ec2.calls).filter((call) => call.endsWith('NetworkAclEntry'))).toEqual([]);
});

it("scope 'vpc' of a shared VPC is what the owner sees of it", async () => {
  const shared = createShared();
  shared.owner.addNetworkAcl({ networkAclId: 'acl-unseen', vpcId, ownerId, subnetIds: ['subnet-unseen'] });
  await blockerFor(shared, { scope: 'vpc' }).block(attack());
  expect(deniesIn(shared.owner, { networkAclId })).toHaveLength(1);
  expect(deniesIn(shared.owner, { networkAclId: 'acl-unseen' })).toHaveLength(1);
});

it.each<[string, Partial<BlockerOptions>]>([
  ['whose owner is not listed', { accounts: [fakeWorld.accountId] }],
  ['that one client alone would have to reach', { ec2: 'one client' as never }],
])('a network ACL %s is left alone, and a person must look', async (_, options) => {
  const shared = createShared();
  const blocker = blockerFor(shared, { ...options, ...(options.ec2 ? { ec2: shared.world.ec2 } : {}) });
  const outcome = await blocker.block(attack());
  expect(outcome).toMatchObject({ escalate: true, threats: [{ outcome: 'escalated', reason: 'shared-vpc' }] });
  expect(deniesIn(shared.owner, { networkAclId })).toEqual([]);
  expect(await blocker.list()).toEqual([]);
});

it('a network ACL that the management account shares is left alone, unless a person acknowledged it', async () => {
  const shared = createShared();
  const outcome = await blockerFor(shared, { managementAccountId: ownerId }).block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'escalated', reason: 'management-account' }]);
  expect(deniesIn(shared.owner, { networkAclId })).toEqual([]);
  const acknowledged = { managementAccountId: ownerId, acknowledgeManagementAccount: true };
  await blockerFor(shared, acknowledged).block(attack());
  expect(deniesIn(shared.owner, { networkAclId })).toHaveLength(1);
});

it.each([fakeWorld.accountId, ownerId])('a pause of %s keeps new denies out', async (accountId) => {
  const shared = createShared();
  const { store, clock } = shared.world;
  const call = { scope: 'new-denies', reason: 'change window', requestedBy: 'a.smith', until: hours(2) } as const;
  await pause(store, { ...call, accountId }, { now: clock.now });
  const outcome = await blockerFor(shared).block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'refused', reason: 'paused' }]);
  expect(deniesIn(shared.owner, { networkAclId })).toEqual([]);
});

it.each([fakeWorld.accountId, ownerId])('a suppression of %s refuses', async (accountId) => {
  const shared = createShared();
  const { store, clock } = shared.world;
  const until = new Date(testTime.getTime() + hours(2)).toISOString();
  const suppression = { cidr: '198.51.100.7/32', until, reason: 'partner', requestedBy: 'a.smith' };
  await addSuppressions(store, [suppression], { accountId, now: clock.now });
  const outcome = await blockerFor(shared).block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'refused', reason: 'suppressed' }]);
  expect(deniesIn(shared.owner, { networkAclId })).toEqual([]);
});

it.each([fakeWorld.accountId, ownerId])('dry-run of %s writes nothing and says what it would', async (accountId) => {
  const shared = createShared();
  const blocker = blockerFor(shared, { mode: (target) => (target.accountId === accountId ? 'dry-run' : 'enforce') });
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'planned', entries: [{ networkAclId }] }]);
  expect(deniesIn(shared.owner, { networkAclId })).toEqual([]);
  expect(await blocker.list()).toEqual([]);
});

it('G23: own addresses of both accounts are refused', async () => {
  const shared = createShared();
  shared.world.ec2.addAddress({ publicIp: '198.51.100.8' });
  shared.owner.addAddress({ publicIp: '198.51.100.9' });
  const blocker = blockerFor(shared);
  for (const address of ['198.51.100.8', '198.51.100.9']) {
    const { threats } = await blocker.block(attack(address));
    expect(threats).toMatchObject([{ outcome: 'refused', reason: 'own-address' }]);
  }
  expect(deniesIn(shared.owner, { networkAclId })).toEqual([]);
});

it("G26: without the owner's facts nothing is blocked, and a retry may mend it", async () => {
  const shared = createShared();
  shared.owner.failNext('DescribeVpcs', { code: 'UnauthorizedOperation' });
  const outcome = await blockerFor(shared).block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'facts-unavailable' }]);
  expect(deniesIn(shared.owner, { networkAclId })).toEqual([]);
});

it('participants in one batch share the ledger of the owner, and each has its own pause', async () => {
  const shared = createShared();
  const second = '777788889999';
  const theirs = createFakeEc2({ accountId: second, now: shared.world.clock.now, withDefaultWorld: false });
  theirs.addVpc({ vpcId, ownerId, networkAclId });
  theirs.addSubnet({ subnetId, vpcId, ownerId });
  theirs.addInterface({ subnetId, ownerId: second, instanceId: fakeWorld.instanceId });
  const { store, clock } = shared.world;
  const call = { scope: 'new-denies', reason: 'change window', requestedBy: 'a.smith', until: hours(2) } as const;
  await pause(store, { ...call, accountId: second }, { now: clock.now });
  const clients: Record<string, FakeEc2> = { [ownerId]: shared.owner, [second]: theirs };
  const blocker = blockerFor(shared, {
    accounts: [fakeWorld.accountId, ownerId, second],
    ec2: ({ accountId }) => clients[accountId] ?? shared.world.ec2,
  });
  const outcomes = await blocker.block([attack(), attack('198.51.100.8', { accountId: second })]);
  expect(outcomes.map(({ threats }) => threats[0]?.outcome)).toEqual(['blocked', 'refused']);
  expect(deniesIn(shared.owner, { networkAclId })).toMatchObject([{ cidr: '198.51.100.7/32' }]);
});

it("the sweep of the owner's ledger takes the deny out again", async () => {
  const shared = createShared();
  const blocker = blockerFor(shared);
  await blocker.block(attack());
  shared.world.clock.advance(hours(25));
  await blocker.sweep();
  expect(deniesIn(shared.owner, { networkAclId })).toEqual([]);
});
