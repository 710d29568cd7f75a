import { type AuditRecord, days, replay } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { naclDeciders } from '../nacl/deciders.ts';
import type { BlockerOptions } from '../nacl/options.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { blackholeTraffic, portProbe, sshBruteForce } from '../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, type TestWorld, testTime } from '../testing/test-blocker.ts';

const attacker = '198.51.100.7';
const defaultGroup = fakeWorld.vpcId.replace('vpc-', 'sg-');

/** What became of an attack, and how many denies there are. */
const attacked = async (
  options: Partial<BlockerOptions> = {},
  world: TestWorld = createTestWorld(),
  from = attacker,
): Promise<string> => {
  const blocker = createTestBlocker(options, world);
  const { threats, escalate } = await blocker.block(sshBruteForce({ from, at: testTime }));
  const said = threats.map(({ outcome, reason }) => `${outcome} ${reason}`).join();
  const denies = deniesIn(world.ec2).length;
  return `${said}${escalate ? ', escalated' : ''}, ${denies} ${denies === 1 ? 'deny' : 'denies'}`;
};

const blocked = 'blocked brute-force, 1 deny';

const withWorld = (change: (world: TestWorld) => void): TestWorld => {
  const world = createTestWorld();
  change(world);
  return world;
};

it('blocks whom nothing protects', async () => {
  expect(await attacked()).toBe(blocked);
});

describe('G23: never blocks', () => {
  it('sample findings, and archived ones', async () => {
    for (const what of [{ sample: true }, { archived: true }]) {
      const blocker = createTestBlocker();
      const [threat] = (await blocker.block(sshBruteForce({ from: attacker, at: testTime, ...what }))).threats;
      expect(threat).toMatchObject({ outcome: 'refused', reason: 'sample' in what ? 'sample' : 'archived' });
      expect(deniesIn(blocker.ec2)).toEqual([]);
      // Nobody's addresses are read for them.
      expect(blocker.ec2.calls).toEqual({});
    }
  });

  it.each(['10.9.9.9', '192.168.1.1', '100.64.0.9', '169.254.1.1', '240.0.0.1', '224.0.0.5', '0.1.2.3'])(
    'private, reserved and bogon ranges: %s',
    async (from) => {
      expect(await attacked({}, createTestWorld(), from)).toBe('refused reserved, 0 denies');
    },
  );

  it("the VPC's own CIDRs, where they are public addresses", async () => {
    const world = withWorld(({ ec2 }) => ec2.addVpc({ cidrs: ['198.51.100.0/25'] }));
    expect(await attacked({}, world)).toBe('refused vpc-cidr, 0 denies');
    expect(await attacked({}, world, '198.51.100.128')).toBe(blocked);
  });

  it('our own public addresses', async () => {
    const world = withWorld(({ ec2 }) => ec2.addAddress({ publicIp: attacker }));
    expect(await attacked({}, world)).toBe('refused own-address, 0 denies');
    expect(await attacked({}, world, '198.51.100.70')).toBe(blocked);
  });

  it('G24: whom the allow-list holds, as CIDRs and not as text', async () => {
    expect(await attacked({ allowList: ['198.51.100.0/24'] })).toBe('refused allow-listed, 0 denies');
    expect(await attacked({ allowList: ['198.51.100.70', '98.51.100.7'] })).toBe(blocked);
  });

  it('partners, whose lists are kept or read', async () => {
    for (const acme of [['198.51.100.0/24'], async () => ['198.51.100.0/24']]) {
      expect(await attacked({ partnerLists: { acme } })).toBe('refused partner-listed, 0 denies');
      expect(await attacked({ partnerLists: { acme } }, createTestWorld(), '192.0.2.7')).toBe(blocked);
    }
  });

  it("AWS's services, in either direction, and whoever is EC2's is no service", async () => {
    const awsRanges = async () => ({
      services: ['198.51.100.0/28'],
      ec2: ['192.0.2.0/25'],
      amazon: ['192.0.2.0/24'],
      asOf: testTime,
    });
    expect(await attacked({ awsRanges })).toBe('refused aws-service-range, 0 denies');
    expect(await attacked({ awsRanges }, createTestWorld(), '192.0.2.129')).toBe('refused aws-service-range, 0 denies');
    expect(await attacked({ awsRanges }, createTestWorld(), '192.0.2.7')).toBe(blocked);
    const blocker = createTestBlocker({ awsRanges });
    const { threats, escalate } = await blocker.block(blackholeTraffic({ from: attacker, at: testTime }));
    expect(threats).toMatchObject([{ outcome: 'refused', reason: 'aws-service-range' }]);
    expect(escalate).toBe(true);
    expect(deniesIn(blocker.ec2, { egress: true })).toEqual([]);
  });

  it("AWS's services by default, from the ranges that are shipped", async () => {
    expect(await attacked({}, createTestWorld(), '52.94.5.1')).toBe('refused aws-service-range, 0 denies');
    expect(await attacked({}, createTestWorld(), '3.80.1.1')).toBe(blocked);
  });
});

describe('explicitly-trusted: what our own configuration lets in', () => {
  const trusted = 'refused explicitly-trusted, 0 denies';

  it.each([
    ['/16 of a security group', '198.51.0.0/16', trusted],
    ['/15, which names nobody', '198.50.0.0/15', blocked],
    ['everybody', '0.0.0.0/0', blocked],
    ['somebody else', '203.0.113.0/24', blocked],
  ])('%s', async (_, cidr, said) => {
    const world = withWorld(({ ec2 }) => ec2.addSecurityGroupRule(defaultGroup, { cidr }));
    expect(await attacked({}, world)).toBe(said);
  });

  it('in a managed prefix list', async () => {
    const world = withWorld(({ ec2 }) => {
      const prefixListId = ec2.addPrefixList({ cidrs: ['203.0.113.0/24', '198.51.100.0/24'] });
      ec2.addSecurityGroupRule(defaultGroup, { prefixListId, protocol: 'tcp', ports: { from: 443, to: 443 } });
    });
    expect(await attacked({}, world)).toBe(trusted);
  });

  it('in an allow of the network ACL, in either direction; a deny trusts nobody', async () => {
    for (const entry of [
      { action: 'allow' as const, said: trusted },
      { action: 'allow' as const, egress: true, said: trusted },
      { action: 'deny' as const, egress: true, said: blocked },
    ]) {
      const { said, ...rule } = entry;
      const world = withWorld(({ ec2 }) =>
        ec2.addEntry(fakeWorld.networkAclId, { ruleNumber: 200, cidr: '198.51.100.0/24', ...rule }),
      );
      expect(await attacked({}, world)).toBe(said);
    }
  });

  it('a customer gateway', async () => {
    const world = withWorld(({ ec2 }) => ec2.addCustomerGateway({ ipAddress: attacker }));
    expect(await attacked({}, world)).toBe(trusted);
    expect(await attacked({}, world, '198.51.100.70')).toBe(blocked);
  });

  it('IPv6: in the /64 that would be denied, from /32 on', async () => {
    const from = '2001:db8:0:1::bad';
    for (const [cidr, said] of [
      ['2001:db8:0:1:8000::/80', trusted],
      ['2001:db8::/32', trusted],
      ['2001:d00::/24', blocked],
      ['2001:db8:0:2::/64', blocked],
    ] as const) {
      const world = withWorld(({ ec2 }) => {
        ec2.addVpc({ vpcId: 'vpc-6', ipv6Cidrs: ['2001:db8:ffff::/56'] });
        ec2.addSecurityGroupRule(defaultGroup, { cidr });
      });
      expect(await attacked({}, world, from)).toBe(said);
    }
  });

  it('the interface that was attacked counts, another of the same host does not', async () => {
    const world = withWorld(({ ec2 }) => {
      const groupId = ec2.addSecurityGroup({ rules: [{ cidr: '198.51.100.0/24' }] });
      const subnetId = ec2.addSubnet({});
      ec2.addInterface({ instanceId: fakeWorld.instanceId, subnetId, securityGroupIds: [groupId] });
    });
    expect(await attacked({}, world)).toBe(blocked);
  });
});

describe('behind-proxy: a load balancer or proxy of ours', () => {
  const escalated = 'escalated behind-proxy, escalated, 0 denies';

  it('whose private address the attacker seems to have', async () => {
    const world = withWorld(({ ec2 }) => ec2.addInterface({ requesterId: 'amazon-elb', privateIps: ['10.0.1.77'] }));
    expect(await attacked({}, world, '10.0.1.77')).toBe(escalated);
    expect(await attacked({}, world, '10.0.1.78')).toBe('refused reserved, 0 denies');
  });

  it('or whose public one', async () => {
    const world = withWorld(({ ec2 }) => ec2.addInterface({ interfaceType: 'nat_gateway', publicIp: attacker }));
    expect(await attacked({}, world)).toBe(escalated);
    expect(await attacked({ ownAddresses: async () => ({ cidrs: [], asOf: testTime }) }, world)).toBe(escalated);
  });

  it('or that a list declares, allow-listed or not', async () => {
    for (const cdn of [['198.51.100.0/24'], async () => ['198.51.100.0/24']]) {
      expect(await attacked({ proxyLists: { cdn } })).toBe(escalated);
      expect(await attacked({ proxyLists: { cdn }, allowList: ['198.51.100.0/24'] })).toBe(escalated);
    }
  });
});

describe('G26: a gate that cannot get its facts blocks nothing and alerts', () => {
  const failing = () => Promise.reject(new Error('unreachable'));

  it.each([
    ['DescribeVpcs', {}],
    ['DescribeAddresses', {}],
    ['DescribeNetworkInterfaces', {}],
    ['DescribeCustomerGateways', {}],
    ['DescribeSecurityGroupRules', {}],
    ['GetManagedPrefixListEntries', {}],
    ['none', { ownAddresses: failing }],
    ['none', { awsRanges: failing }],
    ['none', { partnerLists: { acme: failing } }],
    ['none', { proxyLists: { cdn: failing } }],
  ])('%s %o', async (operation, options: Partial<BlockerOptions>) => {
    const world = withWorld(({ ec2 }) => {
      ec2.addSecurityGroupRule(defaultGroup, { prefixListId: ec2.addPrefixList({ cidrs: ['192.0.2.1/32'] }) });
      if (operation !== 'none') ec2.failNext(operation, { code: 'UnauthorizedOperation' });
    });
    const blocker = createTestBlocker(options, world);
    const attack = () => blocker.block(sshBruteForce({ from: attacker, at: testTime }));
    const { threats, steps } = await attack();
    expect(threats).toMatchObject([{ outcome: 'failed', reason: 'facts-unavailable', announce: true }]);
    expect(steps).toMatchObject([{ status: 'failed', retryable: true }]);
    expect(deniesIn(world.ec2)).toEqual([]);
    // The next finding asks again, and does not wait for five minutes.
    expect((await attack()).threats[0]?.outcome).toBe(operation === 'none' ? 'failed' : 'blocked');
  });

  it('but still says who is refused in any case', async () => {
    const options = { ownAddresses: failing, allowList: ['198.51.100.0/24'] };
    expect(await attacked(options)).toBe('refused allow-listed, 0 denies');
  });
});

describe('without fresh own addresses', () => {
  const stale = async () => ({ cidrs: [], asOf: new Date(testTime.getTime() - days(3)) });
  const ranges = (asOf = testTime) => ({
    awsRanges: async () => ({ services: ['203.0.113.0/24'], ec2: ['198.51.100.0/25'], amazon: [], asOf }),
  });
  const unknown = 'failed facts-unavailable, 0 denies';

  it("G26: nothing is blocked when AWS's ranges are not fresh either", async () => {
    expect(await attacked({ ownAddresses: stale })).toBe(unknown);
    expect(await attacked({ ownAddresses: stale, ...ranges(new Date(testTime.getTime() - days(8))) })).toBe(unknown);
  });

  it("G26: only addresses of EC2's ranges and declared pools are refused while AWS's ranges are fresh", async () => {
    const options = { ownAddresses: stale, ...ranges(), byoipPools: ['192.0.2.0/26'] };
    expect(await attacked(options)).toBe(unknown);
    expect(await attacked(options, createTestWorld(), '192.0.2.7')).toBe(unknown);
    expect(await attacked(options, createTestWorld(), '192.0.2.77')).toBe(blocked);
    expect(await attacked(options, createTestWorld(), '198.51.100.200')).toBe(blocked);
  });

  it('how long they are fresh is an option', async () => {
    expect(await attacked({ ownAddresses: stale, maxOwnAddressesAge: days(3) })).toBe(blocked);
    const aged = ranges(new Date(testTime.getTime() - days(8)));
    const options = { ownAddresses: stale, ...aged, maxAwsRangesAge: days(8) };
    expect(await attacked(options, createTestWorld(), '198.51.100.200')).toBe(blocked);
  });
});

describe('what an audit record holds of the inventories', () => {
  const recordOf = async (options: Partial<BlockerOptions>, world = createTestWorld()): Promise<AuditRecord> => {
    const blocker = createTestBlocker(options, world);
    await blocker.block(sshBruteForce({ from: attacker, at: testTime }));
    const found = blocker.records.find((one) => 'decider' in one && one.decider === 'nacl/threats');
    if (found === undefined || !('decider' in found)) throw new Error('no record');
    return found;
  };

  it('the range that matched, ages and digests, never the lists; and it replays without them', async () => {
    const others = Array.from({ length: 200 }, (_, host) => `203.0.113.${host}`);
    const record = await recordOf({ partnerLists: { acme: ['198.51.100.0/24'], others } });
    const text = JSON.stringify(record);
    expect(record.facts).toMatchObject({
      answers: { [`${attacker}/32`]: { partnerListed: { cidr: '198.51.100.0/24', by: 'the partner list "acme"' } } },
      inventories: { ownAddresses: { asOf: testTime.toISOString(), digest: expect.stringMatching(/^[0-9a-f]{32}$/) } },
    });
    expect(text).not.toContain('203.0.113.1');
    expect(text).not.toContain(fakeWorld.vpcCidr);
    expect(replay(record, naclDeciders)).toMatchObject({ same: true });
  });

  it('names each inventory that was asked, and who trusts the address', async () => {
    const world = withWorld(({ ec2 }) => ec2.addCustomerGateway({ ipAddress: '203.0.113.9' }));
    const ruleId = world.ec2.addSecurityGroupRule(defaultGroup, { cidr: '198.51.100.0/24' });
    const { facts } = await recordOf({}, world);
    expect(facts).toMatchObject({
      answers: { [`${attacker}/32`]: { trusted: { cidr: '198.51.100.0/24', by: `${defaultGroup} rule ${ruleId}` } } },
    });
    const { inventories } = facts as { inventories: object };
    expect(Object.keys(inventories).toSorted()).toEqual([
      'allowList',
      'aws',
      'customerGateways',
      'ownAddresses',
      'partners',
      'proxies',
      `trusted/${attacker}/32`,
      'vpcCidrs',
    ]);
  });

  it('another list has another digest', async () => {
    const digestOf = async (acme: string[]) => {
      const { facts } = await recordOf({ partnerLists: { acme } });
      return (facts as { inventories: { partners: { digest: string } } }).inventories.partners.digest;
    };
    expect(await digestOf(['192.0.2.0/24'])).toBe(await digestOf(['192.0.2.9/24']));
    expect(await digestOf(['192.0.2.0/24'])).not.toBe(await digestOf(['192.0.2.0/25']));
  });
});

it('each address of a finding is asked about by itself', async () => {
  const world = withWorld(({ ec2 }) => ec2.addCustomerGateway({ ipAddress: '198.51.100.8' }));
  const blocker = createTestBlocker({}, world);
  const addresses = [{ address: attacker }, { address: '198.51.100.8' }];
  const { threats } = await blocker.block(portProbe({ at: testTime, addresses }));
  expect(threats.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
    'blocked port-probe',
    'refused explicitly-trusted',
  ]);
});

it('asks in five minutes no more than once, whatever the number of attackers', async () => {
  const world = createTestWorld();
  const blocker = createTestBlocker({}, world);
  for (let host = 1; host <= 5; host += 1)
    await blocker.block(sshBruteForce({ from: `198.51.100.${host}`, at: testTime }));
  const shared = ['DescribeAddresses', 'DescribeVpcs', 'DescribeCustomerGateways', 'DescribeSecurityGroupRules'];
  for (const operation of shared) expect(world.ec2.calls[`ec2:${operation}`]).toBe(1);
  // One for the inventory, one for each attacker's place.
  expect(world.ec2.calls['ec2:DescribeNetworkInterfaces']).toBe(6);
  expect(world.ec2.calls['ec2:DescribeNetworkAcls']).toBe(5);
});
