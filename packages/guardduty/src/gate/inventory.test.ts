import { days, hours, minutes } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { createFakeEc2 } from '../testing/fake-ec2/index.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { sshBruteForce } from '../testing/findings.ts';
import { extractThreats } from '../threats/extract.ts';
import type { AddressThreat } from '../threats/threat.ts';
import { createInventory, type InventoryOptions } from './inventory.ts';

const target = { accountId: fakeWorld.accountId, region: fakeWorld.region };
const start = new Date('2026-11-24T10:00:00.000Z');

const awsRanges =
  (ago = 0) =>
  async () => ({
    services: ['3.5.0.0/19'],
    ec2: ['18.0.0.0/15', '2600:1f18::/33'],
    amazon: ['52.94.0.0/22'],
    asOf: new Date(start.getTime() - ago),
  });

const setUp = (options: Partial<InventoryOptions> = {}) => {
  const clock = createTestClock(start);
  const ec2 = createFakeEc2({ pageSize: 2 });
  const inventory = createInventory({
    ec2: () => ec2,
    now: clock.now,
    allowList: [],
    partnerLists: {},
    proxyLists: {},
    byoipPools: [],
    maxOwnAddressesAge: hours(48),
    awsRanges: awsRanges(),
    maxAwsRangesAge: days(7),
    ...options,
  });
  return { clock, ec2, inventory };
};

const attack = (from: string): AddressThreat => {
  const [threat] = extractThreats(sshBruteForce({ from, at: start }));
  if (threat?.address === undefined) throw new Error('no threat');
  return threat;
};

describe('own addresses', () => {
  it('G23: Elastic IPs, public addresses of interfaces and their IPv6 addresses are ours, and VPC ranges of both families', async () => {
    const { ec2, inventory } = setUp();
    ec2.addAddress({ publicIp: '198.51.100.20' });
    ec2.addVpc({ cidrs: ['10.7.0.0/16'] });
    ec2.addVpc({ cidrs: ['10.8.0.0/16', '10.9.0.0/16'], ipv6Cidrs: ['2001:db8:8::/56'] });
    ec2.addInterface({ ipv6: ['2001:db8:8::5'] });
    const { lists, problem } = await inventory.gather(target);
    expect(problem).toBeUndefined();
    for (const own of ['192.0.2.200', '198.51.100.20', '2001:db8:8::5'])
      expect(lists.ownAddresses?.find(own)?.cidr).toBe(own.includes(':') ? `${own}/128` : `${own}/32`);
    expect(lists.ownAddresses?.size).toBe(3);
    for (const cidr of [fakeWorld.vpcCidr, '10.7.0.0/16', '10.8.0.0/16', '10.9.0.0/16', '2001:db8:8::/56'])
      expect(lists.vpcCidrs?.find(cidr)?.cidr).toBe(cidr);
    expect(lists.vpcCidrs?.size).toBe(5);
  });

  it.each([
    ['as old as allowed', hours(48), undefined],
    ['older', hours(48) + 1, 'OWN_ADDRESSES_STALE'],
    ['from the future by as much as clocks differ', -minutes(5), undefined],
    ['from the future', -minutes(5) - 1, 'OWN_ADDRESSES_STALE'],
    ['of a time that is none', Number.NaN, 'OWN_ADDRESSES_STALE'],
  ])('G26: those of a port count while they are fresh: %s', async (_, ago, code) => {
    const { ec2, inventory } = setUp({
      ownAddresses: async () => ({ cidrs: ['198.51.100.0/24'], asOf: new Date(start.getTime() - ago) }),
      awsRanges: awsRanges(days(8)),
    });
    const { lists, problem } = await inventory.gather(target);
    if (code === undefined) {
      expect(problem).toBeUndefined();
      expect(lists.ownAddresses?.find('198.51.100.7')?.cidr).toBe('198.51.100.0/24');
      expect(lists.ownAddresses?.reading.asOf).toBe(new Date(start.getTime() - Math.max(0, ago)).toISOString());
    } else {
      expect(problem).toContain(code);
      expect(lists.ownAddresses).toBeUndefined();
    }
    expect(ec2.calls).not.toHaveProperty('ec2:DescribeAddresses');
  });

  it('how old they may be is an option', async () => {
    const own = { cidrs: [], asOf: new Date(start.getTime() - hours(2)) };
    const gather = (maxOwnAddressesAge: number) =>
      setUp({ ownAddresses: async () => own, maxOwnAddressesAge, awsRanges: awsRanges(days(8)) }).inventory.gather(
        target,
      );
    expect((await gather(hours(2))).problem).toBeUndefined();
    expect((await gather(hours(1))).problem).toMatch(
      /OWN_ADDRESSES_STALE: .*111122223333, eu-west-1 are from 2026-11-24T08:00.*for 1 hours/,
    );
    expect(await gather(hours(2))).not.toHaveProperty('problem');
  });
});

describe('without fresh own addresses', () => {
  const noOwn = { ownAddresses: () => Promise.reject(new Error('no snapshot')) };

  it("G26: AWS's ranges stand in while they are fresh: what is EC2's or in a pool of ours may be ours", async () => {
    const { inventory } = setUp({ ...noOwn, byoipPools: ['203.0.113.0/24'] });
    const { lists, problem, ownAddressesProblem } = await inventory.gather(target);
    expect(problem).toBeUndefined();
    expect(ownAddressesProblem).toContain('no snapshot');
    expect(lists.mayBeOurs?.('18.1.2.3')).toEqual({ cidr: '18.0.0.0/15', by: 'EC2' });
    expect(lists.mayBeOurs?.('2600:1f18:1::/64')).toEqual({ cidr: '2600:1f18::/33', by: 'EC2' });
    expect(lists.mayBeOurs?.('203.0.113.9')).toEqual({ cidr: '203.0.113.0/24', by: 'a pool of ours' });
    expect(lists.mayBeOurs?.('198.51.100.7')).toBeUndefined();
  });

  it.each([
    ['as old as allowed', days(7), true],
    ['older', days(7) + 1, false],
    ['from the future', -minutes(6), false],
  ])("G26: AWS's ranges stand in no longer than they are fresh: %s", async (_, ago, standIn) => {
    const { inventory } = setUp({ ...noOwn, awsRanges: awsRanges(ago) });
    const { lists, problem } = await inventory.gather(target);
    expect(problem === undefined).toBe(standIn);
    expect(lists.mayBeOurs !== undefined).toBe(standIn);
    // Old or not, they still say what is a service's.
    expect(lists.aws?.service('3.5.1.1')?.cidr).toBe('3.5.0.0/19');
  });

  it("G26: nothing is known when AWS's ranges cannot be had either", async () => {
    const { inventory } = setUp({ ...noOwn, awsRanges: () => Promise.reject(new Error('no list')) });
    expect((await inventory.gather(target)).problem).toContain('no');
    expect((await inventory.gather(target)).lists.mayBeOurs).toBeUndefined();
  });
});

describe('facts that cannot be had', () => {
  it.each([
    ['DescribeVpcs', {}],
    ['DescribeNetworkInterfaces', {}],
    ['DescribeCustomerGateways', {}],
    ['none', { awsRanges: () => Promise.reject(new Error('no list')) }],
    ['none', { partnerLists: { acme: () => Promise.reject(new Error('no list')) } }],
    ['none', { proxyLists: { cdn: () => Promise.reject(new Error('no list')) } }],
    ['none', { partnerLists: { acme: async () => ['acme.example'] } }],
  ])('G26: are a problem, and are asked for again: %s %o', async (operation, options: Partial<InventoryOptions>) => {
    const { ec2, inventory } = setUp(options);
    if (operation !== 'none') ec2.failNext(operation, { code: 'UnauthorizedOperation' });
    expect((await inventory.gather(target)).problem).toBeDefined();
    expect((await inventory.gather(target)).problem === undefined).toBe(operation !== 'none');
  });

  it('G26: DescribeAddresses is one of them unless own addresses come from elsewhere', async () => {
    const { ec2, inventory } = setUp({ awsRanges: awsRanges(days(8)) });
    ec2.failNext('DescribeAddresses', { code: 'InternalError' });
    expect((await inventory.gather(target)).problem).toContain('InternalError');
    expect((await inventory.gather(target)).problem).toBeUndefined();
  });
});

describe('the cache', () => {
  it('facts are read once in five minutes, and concurrent callers share one reading', async () => {
    const { clock, ec2, inventory } = setUp();
    await Promise.all([inventory.gather(target), inventory.gather(target)]);
    clock.advance(minutes(5) - 1);
    await inventory.gather(target);
    expect(ec2.calls['ec2:DescribeVpcs']).toBe(1);
    clock.advance(1);
    await inventory.gather(target);
    expect(ec2.calls['ec2:DescribeVpcs']).toBe(2);
    clock.advance(-1);
    await inventory.gather(target);
    expect(ec2.calls['ec2:DescribeVpcs']).toBe(3);
  });

  it('facts are kept per account and Region', async () => {
    const { ec2, inventory } = setUp();
    await inventory.gather(target);
    await inventory.gather({ ...target, region: 'us-east-1' });
    await inventory.gather({ ...target, accountId: '444455556666' });
    expect(ec2.calls['ec2:DescribeVpcs']).toBe(3);
  });

  it('the rules of a group are read once in five minutes, whichever attacker asks', async () => {
    const { clock, ec2, inventory } = setUp();
    for (const from of ['198.51.100.7', '198.51.100.8'])
      await inventory.guards(target, fakeWorld.instanceId, attack(from));
    expect(ec2.calls['ec2:DescribeSecurityGroupRules']).toBe(1);
    clock.advance(minutes(5));
    await inventory.guards(target, fakeWorld.instanceId, attack('198.51.100.7'));
    expect(ec2.calls['ec2:DescribeSecurityGroupRules']).toBe(2);
  });
});

describe('proxies', () => {
  it.each([
    ['a NAT gateway', 'nat_gateway', { interfaceType: 'nat_gateway' }],
    ["a NAT gateway by the model's name", 'natGateway', { interfaceType: 'natGateway' }],
    ['a load balancer', 'load_balancer', { interfaceType: 'load_balancer' }],
    ['a Network Load Balancer', 'network_load_balancer', { interfaceType: 'network_load_balancer' }],
    ['a Gateway Load Balancer', 'gateway_load_balancer', { interfaceType: 'gateway_load_balancer' }],
    ['a Global Accelerator', 'global_accelerator_managed', { interfaceType: 'global_accelerator_managed' }],
    ['an API Gateway VPC link', 'api_gateway_managed', { interfaceType: 'api_gateway_managed' }],
    ['an Application Load Balancer', 'load_balancer', { requesterId: 'amazon-elb' }],
    ['one that its service describes', 'load_balancer', { requesterId: 'AROA1', description: 'ELB app/shop/50dc' }],
  ])('public, private and IPv6 addresses of %s', async (_, kind, made) => {
    const { ec2, inventory } = setUp();
    const addresses = { privateIps: ['10.0.1.77'], publicIp: '198.51.100.77', ipv6: ['2001:db8::77'] };
    const id = ec2.addInterface({ ...made, ...addresses });
    const { lists } = await inventory.gather(target);
    const by = `${kind} ${id}${'description' in made ? ` (${made.description})` : ''}`;
    for (const address of ['198.51.100.77', '10.0.1.77', '2001:db8::77'])
      expect(lists.proxies?.find(address)?.by).toBe(by);
  });

  it('secondary addresses too, and as much of a description as a sentence holds', async () => {
    const { ec2, inventory } = setUp();
    const privateIps = ['10.0.1.77', '10.0.1.78'];
    ec2.addInterface({ requesterId: 'amazon-elb', description: `ELB ${'x'.repeat(200)}`, privateIps });
    const { lists } = await inventory.gather(target);
    expect(lists.proxies?.find('10.0.1.78')?.by).toMatch(/ \(ELB x{76}\)$/);
  });

  it.each(['lambda', 'vpc_endpoint', 'transit_gateway', 'efa'])(
    'an interface of type %s is none',
    async (interfaceType) => {
      const { ec2, inventory } = setUp();
      ec2.addInterface({ interfaceType, privateIps: ['10.0.1.77'] });
      expect((await inventory.gather(target)).lists.proxies?.size).toBe(0);
    },
  );

  it('a plain interface is none, whatever its owner calls it', async () => {
    const { ec2, inventory } = setUp();
    ec2.addInterface({ description: 'ELB app/mine', privateIps: ['10.0.1.78'] });
    const { lists } = await inventory.gather(target);
    expect(lists.proxies?.find('10.0.1.78')).toBeUndefined();
    expect(lists.proxies?.find(fakeWorld.publicIp)).toBeUndefined();
  });

  it('are known where own addresses come from elsewhere, from the interfaces that services manage alone', async () => {
    const { ec2, inventory } = setUp({ ownAddresses: async () => ({ cidrs: [], asOf: start }) });
    ec2.addInterface({ requesterId: 'amazon-elb', publicIp: '198.51.100.77' });
    expect((await inventory.gather(target)).lists.proxies?.find('198.51.100.77')).toBeDefined();
    const reads = ec2.log.filter(({ operation }) => operation === 'DescribeNetworkInterfaces');
    expect(reads.map(({ input }) => input.Filters)).toEqual(
      reads.map(() => [{ Name: 'requester-managed', Values: ['true'] }]),
    );
  });

  it('those of lists, kept or read, say which list', async () => {
    const { inventory } = setUp({
      proxyLists: { squid: ['203.0.113.9'], cdn: async () => ['198.51.100.0/24'] },
      partnerLists: { acme: async () => ['192.0.2.0/25'] },
    });
    const { lists } = await inventory.gather(target);
    expect(lists.proxies?.find('203.0.113.9')?.by).toBe('the proxy list "squid"');
    expect(lists.proxies?.find('198.51.100.1')?.by).toBe('the proxy list "cdn"');
    expect(lists.partners?.find('192.0.2.1')).toEqual({ cidr: '192.0.2.0/25', by: 'the partner list "acme"' });
    expect(lists.partners?.find('192.0.2.129')).toBeUndefined();
  });
});

describe('what is trusted explicitly', () => {
  it('customer gateways, unless they are deleted', async () => {
    const { ec2, inventory } = setUp();
    const id = ec2.addCustomerGateway({ ipAddress: '198.51.100.40' });
    ec2.addCustomerGateway({ ipAddress: '198.51.100.41', state: 'deleted' });
    ec2.addCustomerGateway();
    const { lists } = await inventory.gather(target);
    expect(lists.customerGateways?.find('198.51.100.40')?.by).toBe(`customer gateway ${id}`);
    expect(lists.customerGateways?.size).toBe(1);
  });

  const trustedWith = async (...rules: Parameters<ReturnType<typeof createFakeEc2>['addSecurityGroupRule']>[1][]) => {
    const { ec2, inventory } = setUp();
    const groupId = ec2.addSecurityGroup({ rules });
    ec2.removeInterface(fakeWorld.networkInterfaceId);
    ec2.addInterface({ instanceId: fakeWorld.instanceId, securityGroupIds: [groupId] });
    const { trusted } = await inventory.guards(target, fakeWorld.instanceId, attack('198.51.100.7'));
    return trusted.map(({ cidr }) => cidr);
  };

  it.each([
    ['a /16', '198.51.0.0/16', true],
    ['a host', '198.51.100.7/32', true],
    ['a /15', '198.50.0.0/15', false],
    ['everybody', '0.0.0.0/0', false],
    ['an IPv6 /32', '2001:db8::/32', true],
    ['an IPv6 /31', '2001:db8::/31', false],
  ])('a rule that lets in %s', async (_, cidr, counts) => {
    expect(await trustedWith({ cidr })).toEqual(counts ? [cidr] : []);
    expect(await trustedWith({ cidr, egress: true, protocol: 'tcp', ports: { from: 443, to: 443 } })).toEqual(
      counts ? [cidr] : [],
    );
  });

  it('all pages of the rules and of managed prefix lists', async () => {
    const { ec2, inventory } = setUp();
    const lists = ['198.51.100', '203.0.113'].map((net) =>
      ec2.addPrefixList({ cidrs: Array.from({ length: 5 }, (_, host) => `${net}.${host}/32`) }),
    );
    const rules = lists.map((prefixListId) => ({ prefixListId }));
    const groupId = ec2.addSecurityGroup({
      rules: [{ referencedGroupId: 'sg-1' }, ...rules, { cidr: '192.0.2.1/32' }],
    });
    ec2.removeInterface(fakeWorld.networkInterfaceId);
    ec2.addInterface({ instanceId: fakeWorld.instanceId, securityGroupIds: [groupId] });
    const { trusted } = await inventory.guards(target, fakeWorld.instanceId, attack('198.51.100.7'));
    expect(trusted).toHaveLength(11);
    expect(trusted[0]?.by).toContain(`${groupId} rule sgr-`);
    expect(trusted[0]?.by).toContain(`prefix list ${lists[0]}`);
  });

  it.each([
    ['a secondary private address', { ipv4: '10.0.2.21' }],
    ['its IPv6 address', { ipv6: '2001:DB8::21' }],
    ['its id', { networkInterfaceId: 'eni-0b' }],
  ])('of the interface that was attacked by %s, from either reading', async (_, end) => {
    for (const options of [{}, { ownAddresses: async () => ({ cidrs: [], asOf: start }) }]) {
      const { ec2, inventory } = setUp(options);
      const securityGroupIds = [ec2.addSecurityGroup({ rules: [{ cidr: '198.51.100.0/24' }] })];
      const subnetId = ec2.addSubnet({});
      ec2.addInterface({ subnetId, privateIps: ['10.0.2.9'] });
      ec2.addInterface({ instanceId: fakeWorld.instanceId, privateIps: ['10.0.1.22'] });
      ec2.addInterface({
        networkInterfaceId: 'eni-0b',
        instanceId: fakeWorld.instanceId,
        subnetId,
        securityGroupIds,
        privateIps: ['10.0.2.20', '10.0.2.21'],
        ipv6: ['2001:db8::21'],
      });
      const threat = { ...attack('198.51.100.7'), localEnds: [end] };
      const guards = await inventory.guards(target, fakeWorld.instanceId, threat);
      expect(guards.subnetIds).toEqual([subnetId]);
      expect(guards.trusted.map(({ cidr }) => cidr)).toEqual(['198.51.100.0/24']);
    }
  });

  it('of each instance, group and prefix list by itself', async () => {
    for (const options of [{}, { ownAddresses: async () => ({ cidrs: [], asOf: start }) }]) {
      const { ec2, inventory } = setUp(options);
      for (const net of ['198.51.100.0/24', '203.0.113.0/24']) {
        const prefixListId = ec2.addPrefixList({ cidrs: [net] });
        const securityGroupIds = [ec2.addSecurityGroup({ rules: [{ prefixListId }] })];
        ec2.addInterface({ instanceId: `i-${net}`, securityGroupIds });
      }
      for (const net of ['198.51.100.0/24', '203.0.113.0/24']) {
        const { trusted } = await inventory.guards(target, `i-${net}`, attack('198.51.100.7'));
        expect(trusted.map(({ cidr }) => cidr)).toEqual([net]);
      }
    }
  });

  it('of more groups than one filter takes', async () => {
    const { ec2, inventory } = setUp();
    const securityGroupIds = Array.from({ length: 201 }, (_, host) =>
      ec2.addSecurityGroup({ rules: [{ cidr: `198.51.100.${host}/32` }] }),
    );
    ec2.addInterface({ instanceId: 'i-0b', securityGroupIds });
    const { trusted } = await inventory.guards(target, 'i-0b', attack('198.51.100.7'));
    expect(trusted).toHaveLength(201);
  });

  it('of an interface without groups: nobody, and nothing is asked', async () => {
    const { ec2, inventory } = setUp();
    ec2.addInterface({ instanceId: 'i-0b', securityGroupIds: [] });
    expect((await inventory.guards(target, 'i-0b', attack('198.51.100.7'))).trusted).toEqual([]);
    expect(ec2.calls).not.toHaveProperty('ec2:DescribeSecurityGroupRules');
  });

  it('of an instance that is gone: nobody, and no subnet', async () => {
    const { inventory } = setUp();
    const guards = await inventory.guards(target, 'i-0c', attack('198.51.100.7'));
    expect(guards).toMatchObject({ trusted: [], subnetIds: [] });
  });

  it('where own addresses come from elsewhere, the interfaces of the instance are asked for, once in five minutes', async () => {
    const { ec2, inventory } = setUp({ ownAddresses: async () => ({ cidrs: [], asOf: start }) });
    ec2.addSecurityGroupRule(fakeWorld.vpcId.replace('vpc-', 'sg-'), { cidr: '198.51.100.0/24' });
    for (const from of ['198.51.100.7', '198.51.100.8']) {
      const { trusted, asOf } = await inventory.guards(target, fakeWorld.instanceId, attack(from));
      expect(trusted.map(({ cidr }) => cidr)).toEqual(['198.51.100.0/24']);
      expect(asOf).toEqual(start);
    }
    const reads = ec2.log.filter(({ operation }) => operation === 'DescribeNetworkInterfaces');
    expect(reads.map(({ input }) => input.Filters)).toEqual([
      [{ Name: 'attachment.instance-id', Values: [fakeWorld.instanceId] }],
    ]);
  });

  it('of the attacked interface, not of others of the host in another subnet', async () => {
    const { ec2, inventory } = setUp();
    const other = ec2.addSecurityGroup({ rules: [{ cidr: '198.51.100.0/24' }] });
    const subnetId = ec2.addSubnet({});
    ec2.addInterface({ instanceId: fakeWorld.instanceId, subnetId, securityGroupIds: [other] });
    const guards = await inventory.guards(target, fakeWorld.instanceId, attack('198.51.100.7'));
    expect(guards).toMatchObject({ trusted: [], subnetIds: [fakeWorld.subnetId] });
  });

  it('of an interface that is newer than the reading of all interfaces', async () => {
    const { ec2, inventory } = setUp();
    await inventory.gather(target);
    const groupId = ec2.addSecurityGroup({ rules: [{ cidr: '198.51.100.0/24' }] });
    ec2.addInterface({ instanceId: 'i-0b', securityGroupIds: [groupId] });
    const { trusted } = await inventory.guards(target, 'i-0b', attack('198.51.100.7'));
    expect(trusted.map(({ cidr }) => cidr)).toEqual(['198.51.100.0/24']);
  });

  it('G26: rejects when a rule or a list cannot be read', async () => {
    for (const operation of ['DescribeSecurityGroupRules', 'GetManagedPrefixListEntries']) {
      const { ec2, inventory } = setUp();
      const prefixListId = ec2.addPrefixList({ cidrs: ['192.0.2.1/32'] });
      ec2.addSecurityGroupRule(fakeWorld.vpcId.replace('vpc-', 'sg-'), { prefixListId });
      ec2.failNext(operation, { code: 'UnauthorizedOperation' });
      await expect(inventory.guards(target, fakeWorld.instanceId, attack('198.51.100.7'))).rejects.toThrow();
    }
  });
});
