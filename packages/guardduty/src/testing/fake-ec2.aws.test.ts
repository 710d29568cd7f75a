import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  type CreateNetworkAclEntryCommandInput,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteNetworkAclEntryCommand,
  DescribeAddressesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type NetworkAcl,
  type NetworkAclEntry,
  ReplaceNetworkAclAssociationCommand,
  ReplaceNetworkAclEntryCommand,
} from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeEc2, type FakeEc2 } from './fake-ec2/index.ts';
import { fakeWorld } from './fake-world.ts';

// The fake against moto: equal wherever moto does what EC2 does, and what moto does otherwise is listed with its reason,
// so that a new release of moto which comes nearer to EC2 is noticed.

const emulator = new EC2Client({ maxAttempts: 1 });

interface Side {
  readonly ec2: Pick<EC2Client, 'send'>;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly networkAclId: string;
}

const aclOfSubnet = async (ec2: Side['ec2'], subnetId: string): Promise<NetworkAcl> => {
  const Filters = [{ Name: 'association.subnet-id', Values: [subnetId] }];
  const [acl] = (await ec2.send(new DescribeNetworkAclsCommand({ Filters }))).NetworkAcls ?? [];
  if (acl === undefined) throw new Error(`no network ACL for ${subnetId}`);
  return acl;
};

const emulated = async (): Promise<Side> => {
  const { Vpc } = await emulator.send(new CreateVpcCommand({ CidrBlock: fakeWorld.vpcCidr }));
  const vpcId = Vpc?.VpcId ?? '';
  const created = await emulator.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: fakeWorld.subnetCidr }));
  const subnetId = created.Subnet?.SubnetId ?? '';
  const acl = await aclOfSubnet(emulator, subnetId);
  return { ec2: emulator, vpcId, subnetId, networkAclId: acl.NetworkAclId ?? '' };
};

const faked = (ec2: FakeEc2 = createFakeEc2()): Side => ({ ec2, ...fakeWorld });

type EntryInput = Partial<CreateNetworkAclEntryCommandInput>;
type Step = { readonly do: 'create' | 'replace' | 'delete' } & EntryInput;

const inputOf = (networkAclId: string, { do: _, ...input }: Step) => ({
  NetworkAclId: networkAclId,
  RuleNumber: 10,
  Egress: false,
  RuleAction: 'deny' as const,
  Protocol: '-1',
  ...('Ipv6CidrBlock' in input ? {} : { CidrBlock: '198.51.100.7/32' }),
  ...input,
});

const send = ({ ec2, networkAclId }: Side, step: Step): Promise<unknown> => {
  const input = inputOf(networkAclId, step);
  if (step.do === 'create') return ec2.send(new CreateNetworkAclEntryCommand(input));
  if (step.do === 'replace') return ec2.send(new ReplaceNetworkAclEntryCommand(input));
  const { NetworkAclId, RuleNumber, Egress } = input;
  return ec2.send(new DeleteNetworkAclEntryCommand({ NetworkAclId, RuleNumber, Egress }));
};

/** What a caller sees of a call that ended: nothing but success, or the error without its request id. */
const endOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    ({ name, $fault, $metadata }: EC2Error) => ({ name, $fault, ...$metadata, requestId: typeof $metadata?.requestId }),
  );
interface EC2Error {
  readonly name: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly requestId?: string };
}

const byPlace = (one: NetworkAclEntry, other: NetworkAclEntry): number =>
  Number(one.Egress) - Number(other.Egress) || (one.RuleNumber ?? 0) - (other.RuleNumber ?? 0);

const entriesOf = async ({ ec2, networkAclId }: Side): Promise<NetworkAclEntry[]> => {
  const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [networkAclId] }));
  return [...(NetworkAcls?.[0]?.Entries ?? [])].sort(byPlace);
};

const run = async (side: Side, steps: readonly Step[]) => {
  const ends: unknown[] = [];
  for (const step of steps) ends.push(await endOf(send(side, step)));
  return { ends, entries: await entriesOf(side) };
};

const ipv6 = { Ipv6CidrBlock: '2001:db8:0:1::/64' };
const ssh = { Protocol: '6', PortRange: { From: 22, To: 22 } };

describe('the fake EC2 and moto agree', () => {
  it.each<[string, Step[]]>([
    ['what a VPC is born with', []],
    [
      'both directions and families',
      [{ do: 'create' }, { do: 'create', Egress: true }, { do: 'create', RuleNumber: 11, ...ipv6 }],
    ],
    [
      'ports',
      [
        { do: 'create', ...ssh },
        { do: 'create', RuleNumber: 11, Protocol: '17', PortRange: { From: 53, To: 60 } },
      ],
    ],
    ['a number that is taken', [{ do: 'create' }, { do: 'create', CidrBlock: '203.0.113.9/32' }]],
    ['a number that the other family has', [{ do: 'create' }, { do: 'create', ...ipv6 }]],
    ['a number that the allow has', [{ do: 'create', RuleNumber: 100 }]],
    ['a replacement in place', [{ do: 'create' }, { do: 'replace', CidrBlock: '203.0.113.9/32', ...ssh }]],
    ['a replacement by the other family', [{ do: 'create' }, { do: 'replace', ...ipv6 }]],
    ['a deletion in one direction', [{ do: 'create' }, { do: 'create', Egress: true }, { do: 'delete', Egress: true }]],
    ['a number that is free again', [{ do: 'create' }, { do: 'delete' }, { do: 'create', ...ssh }]],
    ['a network ACL that is not there', [{ do: 'create', NetworkAclId: 'acl-0123456789abcdef0' }]],
  ])('about %s', async (_what, steps) => {
    expect(await run(faked(), steps)).toEqual(await run(await emulated(), steps));
  });

  it('about any sequence of creates, replacements and deletions', async () => {
    const step = fc.record({
      do: fc.constantFrom<Step['do'][]>('create', 'create', 'replace', 'delete'),
      RuleNumber: fc.integer({ min: 1, max: 6 }),
      Egress: fc.boolean(),
      target: fc.constantFrom<EntryInput[]>({}, { CidrBlock: '203.0.113.0/24' }, ipv6, ssh, { ...ssh, ...ipv6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (drawn) => {
        const present = new Set<string>();
        const steps = drawn.flatMap(({ target, ...rest }): Step[] => {
          const key = `${rest.RuleNumber} ${rest.Egress}`;
          // moto breaks down on these; see the list of differences.
          if (rest.do !== 'create' && !present.has(key)) return [];
          if (rest.do === 'create') present.add(key);
          if (rest.do === 'delete') present.delete(key);
          return [{ ...rest, ...target }];
        });
        expect(await run(faked(), steps)).toEqual(await run(await emulated(), steps));
      }),
      { numRuns: Math.ceil(Number(process.env.REMEDYKIT_RUNS ?? 100) / 10) },
    );
  });

  it('about a network ACL as a whole, and where a subnet goes when its association is replaced', async () => {
    const look = async (side: Side, other: string) => {
      const found = async (Name: string, Value: string) => {
        const answer = await side.ec2.send(new DescribeNetworkAclsCommand({ Filters: [{ Name, Values: [Value] }] }));
        return (answer.NetworkAcls ?? []).map(({ Associations, Entries, NetworkAclId, OwnerId, VpcId, ...rest }) => ({
          ...rest,
          // moto makes a network ACL without its default denies; see the list of differences.
          entries: (Entries ?? []).filter((one) => one.RuleNumber !== 32767).sort(byPlace),
          isOther: NetworkAclId === other,
          subnets: Associations?.map((one) => [one.SubnetId === side.subnetId, one.NetworkAclId === NetworkAclId]),
          ours: VpcId === side.vpcId && /^\d{12}$/.test(OwnerId ?? ''),
        }));
      };
      return {
        bySubnet: await found('association.subnet-id', side.subnetId),
        byVpc: await found('vpc-id', side.vpcId),
        none: await found('vpc-id', 'vpc-0123456789abcdef0'),
      };
    };
    const real = await emulated();
    const created = await emulator.send(new CreateNetworkAclCommand({ VpcId: real.vpcId }));
    const realOther = created.NetworkAcl?.NetworkAclId ?? '';
    const fake = createFakeEc2();
    const fakeOther = fake.addNetworkAcl();
    expect(await look(faked(fake), fakeOther)).toEqual(await look(real, realOther));

    const [association] = (await aclOfSubnet(emulator, real.subnetId)).Associations ?? [];
    await emulator.send(
      new ReplaceNetworkAclAssociationCommand({
        AssociationId: association?.NetworkAclAssociationId,
        NetworkAclId: realOther,
      }),
    );
    fake.associate(fakeWorld.subnetId, fakeOther);
    expect(await look(faked(fake), fakeOther)).toEqual(await look(real, realOther));
  });

  it('about the fields of subnets, VPCs, interfaces and Elastic IPs that the fake answers', async () => {
    const real = await emulated();
    const created = await emulator.send(new CreateNetworkInterfaceCommand({ SubnetId: real.subnetId }));
    const realEni = created.NetworkInterface?.NetworkInterfaceId ?? '';
    const allocated = await emulator.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    const AllocationId = allocated.AllocationId ?? '';
    await emulator.send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId: realEni }));
    const fake = createFakeEc2();
    const fakeEni = fake.addInterface();
    const fakeAllocation = fake.addAddress({ publicIp: '192.0.2.50', networkInterfaceId: fakeEni });

    const look = async ({ ec2, vpcId, subnetId }: Side, eni: string, allocation: string) => ({
      subnet: (await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnetId] }))).Subnets?.[0],
      vpc: (await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }))).Vpcs?.[0],
      eni: (await ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] })))
        .NetworkInterfaces?.[0],
      address: (await ec2.send(new DescribeAddressesCommand({ AllocationIds: [allocation] }))).Addresses?.[0],
    });
    const shape = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.slice(0, 1).map(shape);
      if (typeof value !== 'object' || value === null) return typeof value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]));
    };
    const fakeLook = await look(faked(fake), fakeEni, fakeAllocation);
    const realLook = await look(real, realEni, AllocationId);
    // moto names the public address of an interface once, EC2 also beside the private address that it stands for.
    const [primary] = fakeLook.eni?.PrivateIpAddresses ?? [];
    expect(primary?.Association?.PublicIp).toBe('192.0.2.50');
    delete primary?.Association;
    expect(shape(realLook)).toMatchObject(shape(fakeLook) as object);
    expect(realLook.vpc?.CidrBlockAssociationSet?.map((one) => [one.CidrBlock, one.CidrBlockState])).toEqual(
      fakeLook.vpc?.CidrBlockAssociationSet?.map((one) => [one.CidrBlock, one.CidrBlockState]),
    );
  });

  it.each([
    [new DescribeSubnetsCommand({ SubnetIds: ['subnet-0123456789abcdef0'] })],
    [new DescribeVpcsCommand({ VpcIds: ['vpc-0123456789abcdef0'] })],
    [new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ['eni-0123456789abcdef0'] })],
    [new DescribeAddressesCommand({ AllocationIds: ['eipalloc-0123456789abcdef0'] })],
    [new DescribeAddressesCommand({ PublicIps: ['192.0.2.99'] })],
  ])('about the error for an id that is not there: %#', async (command) => {
    const ask = (ec2: Side['ec2']) => endOf((ec2.send as (one: unknown) => Promise<unknown>)(command));
    expect(await ask(createFakeEc2())).toEqual(await ask(emulator));
  });
});

describe('known differences, each with what EC2 does', () => {
  const codeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'done',
      (error: EC2Error) => error.name,
    );
  const both = async (steps: readonly Step[]): Promise<{ moto: string; fake: string }> => {
    const last = async (side: Side): Promise<string> => {
      for (const step of steps.slice(0, -1)) await send(side, step);
      return codeOf(send(side, steps.at(-1) as Step));
    };
    return { moto: await last(await emulated()), fake: await last(faked()) };
  };
  const twentyOne = Array.from({ length: 19 }, (_, n): Step => ({ do: 'create', RuleNumber: n + 1 }));

  it.each<[string, Step[], string, string]>([
    ['moto breaks down on replacing a missing entry', [{ do: 'replace' }], 'Error', 'InvalidNetworkAclEntry.NotFound'],
    ['moto breaks down on deleting a missing entry', [{ do: 'delete' }], 'Error', 'InvalidNetworkAclEntry.NotFound'],
    ['moto has no quota of entries', twentyOne, 'done', 'NetworkAclEntryLimitExceeded'],
    ['moto takes reserved rule numbers', [{ do: 'create', RuleNumber: 40000 }], 'done', 'InvalidParameterValue'],
    ['moto deletes the default deny', [{ do: 'delete', RuleNumber: 32767 }], 'done', 'InvalidParameterValue'],
    ['moto takes TCP without ports', [{ do: 'create', Protocol: '6' }], 'done', 'MissingParameter'],
    ['moto takes what is no CIDR', [{ do: 'create', CidrBlock: '198.51.100.7/33' }], 'done', 'InvalidParameterValue'],
    [
      'moto takes two CIDRs',
      [{ do: 'create', ...ipv6, CidrBlock: '198.51.100.7/32' }],
      'done',
      'InvalidParameterCombination',
    ],
    ['moto carries out a dry run', [{ do: 'create', DryRun: true }], 'done', 'DryRunOperation'],
  ])('%s', async (_why, steps, moto, fake) => {
    expect(await both(steps)).toEqual({ moto, fake });
  });

  it('moto stores a CIDR as given, EC2 in its canonical form', async () => {
    const step: Step = { do: 'create', CidrBlock: '198.51.100.77/24' };
    const first = async (side: Side) => (await run(side, [step])).entries[0]?.CidrBlock;
    expect([await first(await emulated()), await first(faked())]).toEqual(['198.51.100.77/24', '198.51.100.0/24']);
  });

  it('moto keeps the ports of an entry for all protocols, EC2 ignores them', async () => {
    const step: Step = { do: 'create', PortRange: { From: 22, To: 22 } };
    const first = async (side: Side) => (await run(side, [step])).entries[0]?.PortRange;
    expect([await first(await emulated()), await first(faked())]).toEqual([{ From: 22, To: 22 }, undefined]);
  });

  it('moto makes a network ACL without its default denies', async () => {
    const { vpcId } = await emulated();
    const { NetworkAcl } = await emulator.send(new CreateNetworkAclCommand({ VpcId: vpcId }));
    const fake = createFakeEc2();
    const networkAclId = fake.addNetworkAcl();
    const real = await entriesOf({ ...faked(), ec2: emulator, networkAclId: NetworkAcl?.NetworkAclId ?? '' });
    expect([real.length, (await entriesOf({ ...faked(fake), networkAclId })).length]).toEqual([0, 2]);
  });

  it('moto breaks down on the filter network-acl-id', async () => {
    const Filters = [{ Name: 'network-acl-id', Values: ['acl-0123456789abcdef0'] }];
    const ask = (ec2: Side['ec2']) => codeOf(ec2.send(new DescribeNetworkAclsCommand({ Filters })));
    expect([await ask(emulator), await ask(createFakeEc2())]).toEqual(['Error', 'done']);
  });

  it('moto takes an unknown network ACL for a route table', async () => {
    const ask = (ec2: Side['ec2']) =>
      codeOf(ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: ['acl-0123456789abcdef0'] })));
    expect([await ask(emulator), await ask(createFakeEc2())]).toEqual([
      'InvalidRouteTableID.NotFound',
      'InvalidNetworkAclID.NotFound',
    ]);
  });
});
