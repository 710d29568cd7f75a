import { expect, it } from 'vitest';
import { fakeWorld } from '../../testing/fake-world.ts';
import { sshBruteForce } from '../../testing/findings.ts';
import {
  callsOf,
  callsSince,
  createTestBlocker,
  createTestWorld,
  deniesIn,
  type TestWorld,
  testTime,
} from '../../testing/test-blocker.ts';

const attack = (from = '198.51.100.7') => sshBruteForce({ from, at: testTime });

/** The VPC of the attacked host gets a second network ACL with two subnets, one that serves nobody; another VPC has its own. */
const createVpc = (world: TestWorld = createTestWorld()) => {
  const { ec2 } = world;
  const subnets = [ec2.addSubnet(), ec2.addSubnet()];
  const second = ec2.addNetworkAcl({ subnetIds: subnets });
  const unused = ec2.addNetworkAcl();
  const otherVpc = ec2.addVpc({ networkAclId: 'acl-other' });
  ec2.addSubnet({ vpcId: otherVpc });
  return { world, subnets: subnets.toSorted(), second, unused };
};

const everywhere = (world: TestWorld): Record<string, number> =>
  Object.fromEntries(
    world.ec2.networkAcls.map(({ networkAclId }) => [networkAclId, deniesIn(world.ec2, { networkAclId }).length]),
  );

it('by default the network ACL of the attacked subnet is changed and no other', async () => {
  const { world, second, unused } = createVpc();
  await createTestBlocker({}, world).block(attack());
  expect(everywhere(world)).toEqual({ [fakeWorld.networkAclId]: 1, [second]: 0, [unused]: 0, 'acl-other': 0 });
});

it("scope 'vpc': every network ACL in use in the VPC is changed, and the outcome lists all subnets of each", async () => {
  const { world, subnets, second, unused } = createVpc();
  const outcome = await createTestBlocker({ scope: 'vpc' }, world).block(attack());
  expect(everywhere(world)).toEqual({ [fakeWorld.networkAclId]: 1, [second]: 1, [unused]: 0, 'acl-other': 0 });
  expect(outcome.threats[0]?.entries.map(({ networkAclId, subnetIds }) => [networkAclId, subnetIds])).toEqual([
    [fakeWorld.networkAclId, [fakeWorld.subnetId]],
    [second, subnets],
  ]);
});

it("scope 'vpc': the plan says the same and writes nothing", async () => {
  const { world, subnets, second } = createVpc();
  const outcome = await createTestBlocker({ scope: 'vpc' }, world).plan(attack());
  expect(outcome.threats[0]).toMatchObject({ outcome: 'planned' });
  expect(outcome.threats[0]?.entries[1]).toMatchObject({ networkAclId: second, subnetIds: subnets });
  expect(everywhere(world)).toMatchObject({ [fakeWorld.networkAclId]: 0, [second]: 0 });
});

it("G37: scope 'vpc' reads all pages", async () => {
  const { world, second } = createVpc(createTestWorld({ pageSize: 1 }));
  await createTestBlocker({ scope: 'vpc' }, world).block(attack());
  expect(everywhere(world)).toMatchObject({ [fakeWorld.networkAclId]: 1, [second]: 1 });
});

it("scope 'vpc': the findings of a batch share one describe of the VPC", async () => {
  const { world } = createVpc();
  const blocker = createTestBlocker({ scope: 'vpc' }, world);
  await blocker.block(attack('198.51.100.100'));
  const before = callsOf(world);
  await blocker.block([attack('198.51.100.1'), attack('198.51.100.2'), attack('198.51.100.3')]);
  expect(callsSince(before, callsOf(world))).toMatchObject({
    'ec2:DescribeNetworkAcls': 1,
    'ec2:CreateNetworkAclEntry': 6,
  });
});

it("scope 'vpc': a finding that names no VPC finds it by the subnet", async () => {
  const { world, second } = createVpc();
  const { instance, ...finding } = attack();
  const interfaces = (instance?.interfaces ?? []).map(({ vpcId: _, ...rest }) => rest);
  await createTestBlocker({ scope: 'vpc' }, world).block({ ...finding, instance: { ...instance, interfaces } });
  expect(everywhere(world)).toMatchObject({ [fakeWorld.networkAclId]: 1, [second]: 1 });
});

it("scope 'vpc': the VPC that a forged event names is not written, but that of the live interface", async () => {
  const { world, second } = createVpc();
  const { instance, ...finding } = attack();
  const otherVpc = world.ec2.networkAcls.find(({ networkAclId }) => networkAclId === 'acl-other')?.vpcId ?? '';
  const interfaces = (instance?.interfaces ?? []).map((one) => ({ ...one, vpcId: otherVpc }));
  await createTestBlocker({ scope: 'vpc' }, world).block({ ...finding, instance: { ...instance, interfaces } });
  expect(everywhere(world)).toMatchObject({ [fakeWorld.networkAclId]: 1, [second]: 1, 'acl-other': 0 });
});

it("scope 'vpc': whom any network ACL of the VPC lets in explicitly is refused in all of them", async () => {
  const { world, second } = createVpc();
  world.ec2.addEntry(second, { ruleNumber: 200, cidr: '198.51.100.0/24', action: 'allow' });
  const outcome = await createTestBlocker({ scope: 'vpc' }, world).block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'refused', reason: 'explicitly-trusted' }]);
  expect(everywhere(world)).toMatchObject({ [fakeWorld.networkAclId]: 0, [second]: 0 });
});

it("scope 'vpc': where one network ACL has no room, the deny stands in the others and the one is said", async () => {
  const { world, second } = createVpc();
  for (let n = 0; n < 18; n++) world.ec2.addEntry(second, { ruleNumber: 200 + n, cidr: `192.0.2.${n}/32` });
  const outcome = await createTestBlocker({ scope: 'vpc' }, world).block(attack());
  expect(outcome.threats).toMatchObject([
    {
      outcome: 'not-blocked',
      entries: [{ networkAclId: fakeWorld.networkAclId }],
      missing: [{ networkAclId: second }],
    },
  ]);
});
