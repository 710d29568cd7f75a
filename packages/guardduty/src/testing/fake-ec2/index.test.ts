import {
  CreateNetworkAclEntryCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  type DescribeNetworkAclsCommandInput,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type Filter,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { fakeWorld } from '../fake-world.ts';
import { createFakeEc2 } from './index.ts';

const { networkAclId, networkInterfaceId, subnetId, vpcId, instanceId } = fakeWorld;

const create = (RuleNumber: number) =>
  new CreateNetworkAclEntryCommand({
    NetworkAclId: networkAclId,
    RuleNumber,
    Egress: false,
    RuleAction: 'deny',
    Protocol: '-1',
    CidrBlock: `198.51.100.${RuleNumber}/32`,
  });
const pageToken = (NextToken?: string) => (NextToken === undefined ? {} : { NextToken });
const filter = (Name: string, ...Values: string[]): { Filters: Filter[] } => ({ Filters: [{ Name, Values }] });

describe('the world of the fake EC2', () => {
  it('is one VPC with the network ACL that AWS makes, and one running instance', async () => {
    const ec2 = createFakeEc2();
    const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand(filter('association.subnet-id', subnetId)));
    const all = { CidrBlock: '0.0.0.0/0', Protocol: '-1' };
    expect(NetworkAcls).toEqual([
      {
        Associations: [{ NetworkAclAssociationId: expect.any(String), NetworkAclId: networkAclId, SubnetId: subnetId }],
        Entries: expect.arrayContaining([
          { ...all, Egress: false, RuleAction: 'allow', RuleNumber: 100 },
          { ...all, Egress: true, RuleAction: 'allow', RuleNumber: 100 },
          { ...all, Egress: false, RuleAction: 'deny', RuleNumber: 32767 },
          { ...all, Egress: true, RuleAction: 'deny', RuleNumber: 32767 },
        ]),
        IsDefault: true,
        NetworkAclId: networkAclId,
        OwnerId: '111122223333',
        Tags: [],
        VpcId: vpcId,
      },
    ]);
    expect(NetworkAcls?.[0]?.Entries).toHaveLength(4);
    const { NetworkInterfaces } = await ec2.send(
      new DescribeNetworkInterfacesCommand(filter('attachment.instance-id', instanceId)),
    );
    expect(NetworkInterfaces).toMatchObject([
      {
        NetworkInterfaceId: networkInterfaceId,
        SubnetId: subnetId,
        VpcId: vpcId,
        Status: 'in-use',
        Association: { PublicIp: fakeWorld.publicIp, IpOwnerId: 'amazon' },
        PrivateIpAddresses: [{ PrivateIpAddress: fakeWorld.privateIp, Primary: true }],
      },
    ]);
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
    expect(Vpcs?.[0]?.CidrBlockAssociationSet?.map((one) => one.CidrBlock)).toEqual(['10.0.0.0/16']);
    const { Addresses } = await ec2.send(new DescribeAddressesCommand({}));
    expect(Addresses).toEqual([]);
  });

  it('can be empty, of another account and Region', async () => {
    const ec2 = createFakeEc2({ withDefaultWorld: false, accountId: '444455556666', region: 'us-east-1' });
    expect(ec2.networkAcls).toEqual([]);
    ec2.addVpc({ vpcId: 'vpc-1' });
    ec2.addSubnet({ vpcId: 'vpc-1', subnetId: 'subnet-1' });
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand(filter('vpc-id', 'vpc-1')));
    expect(Subnets).toMatchObject([
      { OwnerId: '444455556666', SubnetArn: 'arn:aws:ec2:us-east-1:444455556666:subnet/subnet-1' },
    ]);
  });

  it('takes interfaces, Elastic IPs and IPv6', async () => {
    const ec2 = createFakeEc2();
    const eni = ec2.addInterface({ instanceId: 'i-2', ipv6: ['2001:db8:1::2'], description: 'ELB app/web' });
    const allocation = ec2.addAddress({ publicIp: '192.0.2.50', networkInterfaceId: eni });
    ec2.addAddress({ publicIp: '192.0.2.51' });
    const find = async (...args: Parameters<typeof filter>) =>
      (await ec2.send(new DescribeNetworkInterfacesCommand(filter(...args)))).NetworkInterfaces;
    for (const found of [
      await find('association.public-ip', '192.0.2.50'),
      await find('addresses.association.public-ip', '192.0.2.50'),
      await find('ipv6-addresses.ipv6-address', '2001:db8:1::2'),
      await find('description', 'ELB *'),
      await find('addresses.private-ip-address', '10.0.1.11'),
    ]) {
      expect(found).toMatchObject([
        {
          NetworkInterfaceId: eni,
          Association: { AllocationId: allocation, PublicIp: '192.0.2.50', IpOwnerId: '111122223333' },
          Attachment: { InstanceId: 'i-2' },
          Ipv6Addresses: [{ Ipv6Address: '2001:db8:1::2' }],
        },
      ]);
    }
    const { Addresses } = await ec2.send(new DescribeAddressesCommand({ PublicIps: ['192.0.2.50'] }));
    expect(Addresses).toMatchObject([{ AllocationId: allocation, InstanceId: 'i-2', NetworkInterfaceId: eni }]);
    ec2.removeInterface(eni);
    expect(await find('attachment.instance-id', 'i-2')).toEqual([]);
    expect((await ec2.send(new DescribeAddressesCommand({}))).Addresses).toHaveLength(2);
  });

  it('takes network ACLs as a person makes them, and moves subnets', async () => {
    const ec2 = createFakeEc2();
    const other = ec2.addSubnet();
    const acl = ec2.addNetworkAcl({
      ownerId: '444455556666',
      subnetIds: [other],
      entries: [
        { ruleNumber: 50, cidr: '203.0.113.0/24', action: 'allow', protocol: '6', ports: { from: 443, to: 443 } },
      ],
    });
    const view = ec2.networkAcls.find((one) => one.networkAclId === acl);
    expect(view).toMatchObject({ ownerId: '444455556666', isDefault: false, subnetIds: [other] });
    expect(view?.ingress.map((one) => one.ruleNumber)).toEqual([50, 32767]);
    expect(view?.egress.map((one) => one.ruleNumber)).toEqual([32767]);
    expect(ec2.networkAcls[0].subnetIds).toEqual([subnetId]);
    ec2.removeEntry(acl, { ruleNumber: 50 });
    ec2.associate(subnetId, acl);
    expect(ec2.networkAcls[0].subnetIds).toEqual([]);
    ec2.removeNetworkAcl(acl);
    expect(ec2.networkAcls.map((one) => one.subnetIds)).toEqual([[subnetId, other]]);
    expect(() => ec2.removeNetworkAcl(networkAclId)).toThrow('EC2 keeps it');
    expect(ec2.calls).toEqual({});
  });

  it('is not changed by changes to what it gave out', async () => {
    const ec2 = createFakeEc2();
    const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({}));
    NetworkAcls?.[0]?.Entries?.splice(0);
    Object.assign(ec2.networkAcls[0].ingress[0] ?? {}, { cidr: 'changed' });
    expect(ec2.networkAcls[0].ingress[0]?.cidr).toBe('0.0.0.0/0');
  });
});

describe('describes of the fake EC2', () => {
  it('give one page after another, each item once, however small the pages', async () => {
    const ec2 = createFakeEc2({ pageSize: 2 });
    for (let n = 0; n < 4; n += 1) ec2.addNetworkAcl();
    const seen: (string | undefined)[] = [];
    const sizes: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ec2.send(new DescribeNetworkAclsCommand({ MaxResults: 100, ...pageToken(NextToken) }));
      const acls = page.NetworkAcls ?? [];
      seen.push(...acls.map((one) => one.NetworkAclId));
      sizes.push(acls.length);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(sizes).toEqual([2, 2, 1]);
    expect(seen).toEqual(ec2.networkAcls.map((one) => one.networkAclId));
  });

  it.each([
    ['interfaces', (NextToken?: string) => new DescribeNetworkInterfacesCommand({ ...pageToken(NextToken) })],
    ['subnets', (NextToken?: string) => new DescribeSubnetsCommand({ ...pageToken(NextToken) })],
    ['VPCs', (NextToken?: string) => new DescribeVpcsCommand({ ...pageToken(NextToken) })],
  ] as const)('page %s', async (_what, command) => {
    const ec2 = createFakeEc2({ pageSize: 1 });
    ec2.addVpc();
    ec2.addSubnet();
    ec2.addInterface();
    const send = ec2.send as (one: unknown) => Promise<{ NextToken?: string }>;
    const first = await send(command());
    expect(first.NextToken).toBeDefined();
    expect((await send(command(first.NextToken))).NextToken).toBeUndefined();
  });

  it('take 5 to 1,000 as MaxResults, not together with ids, and only tokens of their own', async () => {
    const ec2 = createFakeEc2();
    const describeAcls = (input: DescribeNetworkAclsCommandInput) => ec2.send(new DescribeNetworkAclsCommand(input));
    await expect(describeAcls({ MaxResults: 4 })).rejects.toHaveProperty('name', 'InvalidParameterValue');
    await expect(describeAcls({ MaxResults: 1001 })).rejects.toHaveProperty('name', 'InvalidParameterValue');
    await expect(describeAcls({ MaxResults: 5, NetworkAclIds: [networkAclId] })).rejects.toHaveProperty(
      'name',
      'InvalidParameterCombination',
    );
    await expect(describeAcls({ NextToken: 'DescribeSubnets-page-1' })).rejects.toHaveProperty(
      'name',
      'InvalidNextToken',
    );
    await expect(describeAcls({ MaxResults: 5 })).resolves.not.toHaveProperty('NextToken');
  });

  it.each([
    [new DescribeNetworkAclsCommand({ NetworkAclIds: ['acl-x'] }), 'InvalidNetworkAclID.NotFound'],
    [new DescribeSubnetsCommand({ SubnetIds: ['subnet-x'] }), 'InvalidSubnetID.NotFound'],
    [new DescribeVpcsCommand({ VpcIds: ['vpc-x'] }), 'InvalidVpcID.NotFound'],
    [new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ['eni-x'] }), 'InvalidNetworkInterfaceID.NotFound'],
    [new DescribeAddressesCommand({ AllocationIds: ['eipalloc-x'] }), 'InvalidAllocationID.NotFound'],
    [new DescribeAddressesCommand({ PublicIps: ['192.0.2.99'] }), 'InvalidAddress.NotFound'],
  ])('refuse an id that is not there: %#', async (command, name) => {
    const send = createFakeEc2().send as (one: unknown) => Promise<unknown>;
    await expect(send(command)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  it('pass what fits any value of every filter', async () => {
    const ec2 = createFakeEc2();
    const acl = ec2.addNetworkAcl();
    const find = async (Filters: Filter[]) =>
      (await ec2.send(new DescribeNetworkAclsCommand({ Filters }))).NetworkAcls?.map((one) => one.NetworkAclId);
    const ids = { Name: 'network-acl-id', Values: [networkAclId, acl] };
    expect(await find([ids])).toEqual([networkAclId, acl]);
    expect(await find([ids, { Name: 'default', Values: ['true'] }])).toEqual([networkAclId]);
    expect(await find([{ Name: 'vpc-id', Values: ['vpc-other'] }])).toEqual([]);
    expect(await find([{ Name: 'network-acl-id', Values: ['acl-0a11*1'] }])).toEqual([networkAclId]);
    expect(await find([{ Name: 'network-acl-id', Values: ['acl.0a11*'] }])).toEqual([]);
  });

  it('refuse an unknown filter, one without values, and one with more than 200', async () => {
    const ec2 = createFakeEc2();
    const send = (one: { Filters: Filter[] }) => ec2.send(new DescribeSubnetsCommand(one));
    await expect(send(filter('tag:Name', 'web'))).rejects.toThrow('does not know the filter "tag:Name"');
    await expect(send(filter('vpc-id'))).rejects.toHaveProperty('name', 'MissingParameter');
    const many = Array.from({ length: 201 }, (_, n) => `vpc-${n}`);
    await expect(send(filter('vpc-id', ...many))).rejects.toHaveProperty('name', 'FilterLimitExceeded');
    await expect(send(filter('vpc-id', ...many.slice(1)))).resolves.toBeDefined();
  });

  it('say that a dry run would have succeeded, or why it would not', async () => {
    const ec2 = createFakeEc2();
    await expect(ec2.send(new DescribeVpcsCommand({ DryRun: true }))).rejects.toHaveProperty('name', 'DryRunOperation');
    await expect(ec2.send(new DescribeVpcsCommand({ DryRun: true, VpcIds: ['vpc-x'] }))).rejects.toHaveProperty(
      'name',
      'InvalidVpcID.NotFound',
    );
  });
});

describe('time in the fake EC2', () => {
  const clock = () => {
    let ms = Date.parse('2026-11-24T10:00:00.000Z');
    return { now: () => new Date(ms), pass: (by: number) => (ms += by) };
  };
  const ruleCount = async (ec2: ReturnType<typeof createFakeEc2>) =>
    (await ec2.send(new DescribeNetworkAclsCommand({}))).NetworkAcls?.[0]?.Entries?.length;

  it('lets describes lag by the clock while writes meet the truth', async () => {
    const { now, pass } = clock();
    const ec2 = createFakeEc2({ now });
    ec2.staleReads({ forMs: 1000 });
    await ec2.send(create(1));
    pass(600);
    await ec2.send(create(2));
    expect(await ruleCount(ec2)).toBe(4);
    await expect(ec2.send(create(1))).rejects.toHaveProperty('name', 'NetworkAclEntryAlreadyExists');
    pass(400);
    expect(await ruleCount(ec2)).toBe(5);
    pass(600);
    expect(await ruleCount(ec2)).toBe(6);
    expect(ec2.networkAcls[0].ingress).toHaveLength(4);
  });

  it('lets so many describes of each kind lag after a write', async () => {
    const ec2 = createFakeEc2();
    ec2.staleReads({ forCalls: 2 });
    await ec2.send(create(1));
    await ec2.send(new DescribeSubnetsCommand({}));
    expect([await ruleCount(ec2), await ruleCount(ec2), await ruleCount(ec2)]).toEqual([4, 4, 5]);
    ec2.removeEntry(networkAclId, { ruleNumber: 1 });
    expect(await ruleCount(ec2)).toBe(5);
    ec2.staleReads(false);
    expect(await ruleCount(ec2)).toBe(4);
  });

  it('throttles each API on its own bucket, which fills again', async () => {
    const { now, pass } = clock();
    const ec2 = createFakeEc2({ now, throttle: true, entryQuota: 40 });
    const burst = async (count: number, send: () => Promise<unknown>) => {
      const names = await Promise.all(
        Array.from({ length: count }, () =>
          send().then(
            () => 'passed',
            (error: Error) => error.name,
          ),
        ),
      );
      return names.filter((name) => name !== 'RequestLimitExceeded').length;
    };
    expect(await burst(120, () => ruleCount(ec2))).toBe(100);
    expect(await burst(60, () => ec2.send(create(1)))).toBe(50);
    await expect(ec2.send(create(2))).rejects.toMatchObject({
      name: 'RequestLimitExceeded',
      message: 'Request limit exceeded.',
      $fault: 'server',
      $metadata: { httpStatusCode: 503 },
    });
    expect(await burst(3, () => ec2.send(new DescribeSubnetsCommand({})))).toBe(3);
    pass(1000);
    expect(await burst(30, () => ruleCount(ec2))).toBe(20);
    expect(await burst(30, () => ec2.send(create(1)))).toBe(5);
    pass(3_600_000);
    expect(await burst(120, () => ruleCount(ec2))).toBe(100);
  });

  it('never throttles unless asked to', async () => {
    const ec2 = createFakeEc2();
    for (let n = 0; n < 150; n += 1) await ruleCount(ec2);
    expect(ec2.calls['ec2:DescribeNetworkAcls']).toBe(150);
  });
});

describe('faults of the fake EC2', () => {
  it('hit before anything is done, once', async () => {
    const ec2 = createFakeEc2();
    ec2.failNext('CreateNetworkAclEntry', { code: 'RequestLimitExceeded', message: 'slow down' });
    await expect(ec2.send(create(1))).rejects.toMatchObject({ name: 'RequestLimitExceeded', message: 'slow down' });
    expect(ec2.networkAcls[0].ingress).toHaveLength(2);
    await expect(ec2.send(create(1))).resolves.toBeDefined();
  });

  it('hit after the effect, so that only the answer is lost', async () => {
    const ec2 = createFakeEc2();
    ec2.failNext('CreateNetworkAclEntry', { code: 'InternalError', after: 'effect' });
    await expect(ec2.send(create(1))).rejects.toMatchObject({
      name: 'InternalError',
      $fault: 'server',
      $metadata: { httpStatusCode: 500, requestId: expect.any(String) },
    });
    expect(ec2.networkAcls[0].ingress[0]?.cidr).toBe('198.51.100.1/32');
  });

  it('after the effect do not hide why there was no effect', async () => {
    const ec2 = createFakeEc2();
    ec2.addEntry(networkAclId, { ruleNumber: 1, cidr: '203.0.113.1/32' });
    ec2.failNext('CreateNetworkAclEntry', { code: 'InternalError', after: 'effect' });
    await expect(ec2.send(create(1))).rejects.toHaveProperty('name', 'NetworkAclEntryAlreadyExists');
  });

  it('hit so many calls, and only those with such an input', async () => {
    const ec2 = createFakeEc2();
    ec2.failNext('CreateNetworkAclEntry', { code: 'Unavailable', times: 2, when: (input) => input.RuleNumber === 2 });
    ec2.failNext('CreateNetworkAclEntry', { code: 'Unused', times: 0 });
    await ec2.send(create(1));
    await expect(ec2.send(create(2))).rejects.toHaveProperty('name', 'Unavailable');
    await expect(ec2.send(create(2))).rejects.toHaveProperty('name', 'Unavailable');
    await ec2.send(create(2));
  });

  it('without an answer carry neither status nor request id', async () => {
    const ec2 = createFakeEc2();
    ec2.failNext('DescribeVpcs', { code: 'TimeoutError' });
    const error = await ec2.send(new DescribeVpcsCommand({})).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'TimeoutError', $metadata: { attempts: 1 } });
    expect(error).not.toHaveProperty('$metadata.requestId');
    expect(error).not.toHaveProperty('$metadata.httpStatusCode');
  });

  it('are refused for an unknown operation or a strange count', () => {
    const ec2 = createFakeEc2();
    expect(() => ec2.failNext('CreateNetworkAclEntryCommand', { code: 'X' })).toThrow('CreateNetworkAclEntryCommand');
    expect(() => ec2.failNext('DescribeVpcs', { code: 'X', times: -1 })).toThrow('times');
    expect(() => ec2.failNext('DescribeVpcs', { code: 'X', times: 1.5 })).toThrow('times');
  });
});

describe('send of the fake EC2', () => {
  it('counts and logs every request, those that fail among them', async () => {
    const ec2 = createFakeEc2();
    await ec2.send(create(1));
    await expect(ec2.send(create(1))).rejects.toBeDefined();
    await ec2.send(new DescribeVpcsCommand({}));
    expect(ec2.calls).toEqual({ 'ec2:CreateNetworkAclEntry': 2, 'ec2:DescribeVpcs': 1 });
    expect(ec2.log.map((call) => call.operation)).toEqual([
      'CreateNetworkAclEntry',
      'CreateNetworkAclEntry',
      'DescribeVpcs',
    ]);
    expect(ec2.log[0]?.input).toMatchObject({ RuleNumber: 1, CidrBlock: '198.51.100.1/32' });
    ec2.resetCalls();
    expect([ec2.calls, ec2.log]).toEqual([{}, []]);
  });

  it('gives each request an id of its own', async () => {
    const ec2 = createFakeEc2();
    const one = await ec2.send(new DescribeVpcsCommand({}));
    const other = await ec2.send(new DescribeVpcsCommand({}));
    expect(one.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(one.$metadata.requestId).not.toBe(other.$metadata.requestId);
  });

  it('waits for the hook before the effect', async () => {
    const ec2 = createFakeEc2();
    ec2.onCall(({ operation }) => {
      if (operation !== 'CreateNetworkAclEntry') return;
      ec2.onCall(undefined);
      ec2.addEntry(networkAclId, { ruleNumber: 1, cidr: '203.0.113.1/32' });
    });
    await expect(ec2.send(create(1))).rejects.toHaveProperty('name', 'NetworkAclEntryAlreadyExists');
  });

  it('refuses a command that it does not know', async () => {
    await expect(createFakeEc2().send(new DescribeInstancesCommand({}))).rejects.toThrow(
      'does not answer DescribeInstances. It knows: CreateNetworkAclEntry',
    );
  });

  it('knows a command by its class where there is no schema, and by its schema where a bundler renamed the class', async () => {
    const send = createFakeEc2().send as (command: unknown) => Promise<object>;
    class DescribeVpcsCommand2 {
      input = {};
    }
    await expect(send(new DescribeVpcsCommand2())).resolves.toHaveProperty('Vpcs');
    const renamed = { input: {}, schema: [9, 'com.amazonaws.ec2', 'DescribeVpcs', 0] };
    await expect(send(renamed)).resolves.toHaveProperty('Vpcs');
  });

  it('is aborted before or while it waits, without an effect', async () => {
    const ec2 = createFakeEc2();
    await expect(ec2.send(create(1), { abortSignal: AbortSignal.abort() })).rejects.toHaveProperty(
      'name',
      'AbortError',
    );
    expect(ec2.calls).toEqual({});
    const controller = new AbortController();
    ec2.onCall(() => new Promise<void>(() => {}));
    const sent = ec2.send(create(1), { abortSignal: controller.signal, requestTimeout: 1000 });
    controller.abort();
    await expect(sent).rejects.toHaveProperty('name', 'AbortError');
    expect(ec2.calls).toEqual({ 'ec2:CreateNetworkAclEntry': 1 });
    expect(ec2.networkAcls[0].ingress).toHaveLength(2);
  });

  it.each([{ entryQuota: 41 }, { entryQuota: 0 }, { pageSize: 0 }])('refuses the options %j', (options) => {
    expect(() => createFakeEc2(options)).toThrow(Object.keys(options)[0]);
  });
});
