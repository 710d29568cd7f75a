import {
  DescribeCustomerGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  GetIpamDiscoveredPublicAddressesCommand,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { fakeWorld } from '../fake-world.ts';
import { createFakeEc2 } from './index.ts';

const defaultGroup = fakeWorld.vpcId.replace('vpc-', 'sg-');

describe('security groups of the fake EC2', () => {
  it('a VPC has one that lets in its own members and lets out to everybody', async () => {
    const { SecurityGroupRules } = await createFakeEc2().send(new DescribeSecurityGroupRulesCommand({}));
    expect(SecurityGroupRules).toMatchObject([
      { GroupId: defaultGroup, IsEgress: false, ReferencedGroupInfo: { GroupId: defaultGroup }, IpProtocol: '-1' },
      { GroupId: defaultGroup, IsEgress: true, CidrIpv4: '0.0.0.0/0', FromPort: -1, ToPort: -1 },
    ]);
  });

  it('rules of both families, of prefix lists, with ports, each with an id of its own', async () => {
    const ec2 = createFakeEc2();
    const prefixListId = ec2.addPrefixList();
    const groupId = ec2.addSecurityGroup({
      rules: [
        { cidr: '198.51.100.7/24', protocol: 'tcp', ports: { from: 22, to: 23 } },
        { cidr: '2001:DB8::1/32', egress: true },
        { prefixListId },
      ],
    });
    const Filters = [{ Name: 'group-id', Values: [groupId] }];
    const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
    expect(SecurityGroupRules).toMatchObject([
      { CidrIpv4: '198.51.100.0/24', IpProtocol: 'tcp', FromPort: 22, ToPort: 23, IsEgress: false },
      { CidrIpv6: '2001:db8::/32', IsEgress: true },
      { PrefixListId: prefixListId },
    ]);
    expect(new Set(SecurityGroupRules.map((rule) => rule.SecurityGroupRuleId)).size).toBe(3);
    expect(SecurityGroupRules.every((rule) => /^sgr-/.test(rule.SecurityGroupRuleId ?? ''))).toBe(true);
  });

  it('are those of an interface, and found by it', async () => {
    const ec2 = createFakeEc2();
    const groupId = ec2.addSecurityGroup();
    const id = ec2.addInterface({ securityGroupIds: [groupId] });
    const Filters = [{ Name: 'group-id', Values: [groupId] }];
    const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
    expect(NetworkInterfaces).toMatchObject([{ NetworkInterfaceId: id, Groups: [{ GroupId: groupId }] }]);
  });

  it('come in pages of 5 to 1,000', async () => {
    const ec2 = createFakeEc2();
    const rules = Array.from({ length: 7 }, (_, host) => ({ cidr: `198.51.100.${host}/32` }));
    ec2.addSecurityGroup({ rules });
    const first = await ec2.send(new DescribeSecurityGroupRulesCommand({ MaxResults: 5 }));
    const { NextToken } = first;
    const second = await ec2.send(new DescribeSecurityGroupRulesCommand({ MaxResults: 5, NextToken }));
    expect([first.SecurityGroupRules?.length, second.SecurityGroupRules?.length]).toEqual([5, 4]);
    expect(second.NextToken).toBeUndefined();
    await expect(ec2.send(new DescribeSecurityGroupRulesCommand({ MaxResults: 4 }))).rejects.toThrow('maxResults');
  });

  it('refuses a rule that nobody could mean, and ids that do not exist', async () => {
    const ec2 = createFakeEc2();
    expect(() => ec2.addSecurityGroupRule(defaultGroup, {})).toThrow('exactly one');
    expect(() => ec2.addSecurityGroupRule(defaultGroup, { cidr: '0.0.0.0/0', prefixListId: 'pl-1' })).toThrow('one');
    expect(() => ec2.addSecurityGroupRule('sg-1', { cidr: '0.0.0.0/0' })).toThrow('sg-1');
    await expect(
      ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: ['sgr-1'] })),
    ).rejects.toHaveProperty('name', 'InvalidSecurityGroupRuleId.NotFound');
  });
});

describe('managed prefix lists of the fake EC2', () => {
  it('come in pages of at most 100, of all sizes from 1 on', async () => {
    const ec2 = createFakeEc2();
    const cidrs = Array.from({ length: 150 }, (_, host) => `198.51.100.${host}/32`);
    const PrefixListId = ec2.addPrefixList({ cidrs });
    const first = await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId }));
    expect(first.Entries).toHaveLength(100);
    const { NextToken } = first;
    const rest = await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, NextToken }));
    expect([...(first.Entries ?? []), ...(rest.Entries ?? [])].map(({ Cidr }) => Cidr)).toEqual(cidrs);
    const one = await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, MaxResults: 1 }));
    expect(one.Entries).toHaveLength(1);
    for (const MaxResults of [0, 101])
      await expect(
        ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, MaxResults })),
      ).rejects.toHaveProperty('name', 'InvalidParameterValue');
  });

  it('that do not exist are an error', async () => {
    const read = createFakeEc2().send(new GetManagedPrefixListEntriesCommand({ PrefixListId: 'pl-1' }));
    await expect(read).rejects.toHaveProperty('name', 'InvalidPrefixListID.NotFound');
  });
});

it('customer gateways of the fake EC2 have an address or a certificate, and a state', async () => {
  const ec2 = createFakeEc2();
  const ids = [ec2.addCustomerGateway({ ipAddress: '198.51.100.40' }), ec2.addCustomerGateway({ state: 'deleted' })];
  const { CustomerGateways = [] } = await ec2.send(new DescribeCustomerGatewaysCommand({}));
  expect(CustomerGateways).toMatchObject([
    { CustomerGatewayId: ids[0], IpAddress: '198.51.100.40', State: 'available' },
    { CustomerGatewayId: ids[1], State: 'deleted' },
  ]);
  expect(CustomerGateways[1]).not.toHaveProperty('IpAddress');
  const Filters = [{ Name: 'state', Values: ['available'] }];
  expect((await ec2.send(new DescribeCustomerGatewaysCommand({ Filters }))).CustomerGateways).toHaveLength(1);
  await expect(ec2.send(new DescribeCustomerGatewaysCommand({ CustomerGatewayIds: ['cgw-1'] }))).rejects.toHaveProperty(
    'name',
    'InvalidCustomerGatewayID.NotFound',
  );
});

describe('IPAM of the fake EC2', () => {
  const sampled = new Date('2026-11-24T08:00:00.000Z');

  it('gives the addresses of one Region, page by page, and the oldest time on each', async () => {
    const ec2 = createFakeEc2({ pageSize: 2 });
    const IpamResourceDiscoveryId = ec2.setResourceDiscovery({
      addresses: ['198.51.100.1', '198.51.100.2', '198.51.100.3', { address: '203.0.113.1', region: 'us-east-1' }],
      oldestSampleTime: sampled,
    });
    const ask = { IpamResourceDiscoveryId, AddressRegion: fakeWorld.region };
    const first = await ec2.send(new GetIpamDiscoveredPublicAddressesCommand(ask));
    const { NextToken } = first;
    const second = await ec2.send(new GetIpamDiscoveredPublicAddressesCommand({ ...ask, NextToken }));
    const found = [first, second].flatMap((page) => page.IpamDiscoveredPublicAddresses ?? []);
    expect(found.map(({ Address }) => Address)).toEqual(['198.51.100.1', '198.51.100.2', '198.51.100.3']);
    expect([first.OldestSampleTime, second.OldestSampleTime]).toEqual([sampled, sampled]);
  });

  it('says no time before the first discovery, and what is set again replaces what was', async () => {
    const ec2 = createFakeEc2();
    const ipamResourceDiscoveryId = ec2.setResourceDiscovery({
      addresses: ['198.51.100.1'],
      oldestSampleTime: sampled,
    });
    ec2.setResourceDiscovery({ ipamResourceDiscoveryId });
    const ask = { IpamResourceDiscoveryId: ipamResourceDiscoveryId, AddressRegion: fakeWorld.region };
    const answer = await ec2.send(new GetIpamDiscoveredPublicAddressesCommand(ask));
    expect(answer.IpamDiscoveredPublicAddresses).toEqual([]);
    expect(answer).not.toHaveProperty('OldestSampleTime');
  });

  it('knows no other discovery', async () => {
    const ask = { IpamResourceDiscoveryId: 'ipam-res-disco-1', AddressRegion: fakeWorld.region };
    const read = createFakeEc2().send(new GetIpamDiscoveredPublicAddressesCommand(ask));
    await expect(read).rejects.toHaveProperty('name', 'InvalidIpamResourceDiscoveryId.NotFound');
  });
});

describe('interfaces that services manage', () => {
  it('say which, and are found by it', async () => {
    const ec2 = createFakeEc2();
    const nat = ec2.addInterface({ interfaceType: 'nat_gateway' });
    const elb = ec2.addInterface({ requesterId: 'amazon-elb', description: 'ELB app/shop/1' });
    const find = async (Name: string, value: string) =>
      (
        await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name, Values: [value] }] }))
      ).NetworkInterfaces?.map((eni) => eni.NetworkInterfaceId);
    expect(await find('requester-managed', 'true')).toEqual([nat, elb]);
    expect(await find('requester-managed', 'false')).toEqual([fakeWorld.networkInterfaceId]);
    expect(await find('interface-type', 'nat_gateway')).toEqual([nat]);
  });

  it('reads are throttled as describes are, and change nothing', async () => {
    const ec2 = createFakeEc2({ throttle: true, now: () => new Date('2026-11-24T10:00:00.000Z') });
    const PrefixListId = ec2.addPrefixList({ cidrs: ['198.51.100.1/32'] });
    const read = () => ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId }));
    for (let sent = 0; sent < 100; sent += 1) await read();
    await expect(read()).rejects.toHaveProperty('name', 'RequestLimitExceeded');
  });
});
