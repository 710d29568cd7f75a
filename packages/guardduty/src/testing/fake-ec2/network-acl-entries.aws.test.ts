import {
  CreateNetworkAclEntryCommand,
  type CreateNetworkAclEntryCommandInput,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  type DescribeNetworkAclsCommandInput,
  EC2Client,
  type NetworkAcl,
  type NetworkAclEntry,
  ReplaceNetworkAclEntryCommand,
} from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { fakeWorld } from '../fake-world.ts';
import { createFakeEc2 } from './index.ts';

// The same random requests to the fake EC2 and to moto: after each both must have answered alike and hold the same, unless
// moto is known to be wrong there. Each such difference is listed by name, with what moto does instead of what EC2 does.

const runs = Number(process.env.REMEDYKIT_RUNS ?? 30);
const moto = new EC2Client({ maxAttempts: 1 });
afterAll(() => moto.destroy());

/** Small, so that sequences reach it: of IPv4 two entries fit beside the allow and the default deny, of IPv6 four. */
const entryQuota = 4;

interface Side {
  readonly ec2: Pick<EC2Client, 'send'>;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly networkAclId: string;
}

const startFake = (): Side => ({ ec2: createFakeEc2({ entryQuota }), ...fakeWorld });

const startMoto = async (): Promise<Side> => {
  const { Vpc } = await moto.send(new CreateVpcCommand({ CidrBlock: fakeWorld.vpcCidr }));
  const vpcId = Vpc?.VpcId ?? '';
  const { Subnet } = await moto.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: fakeWorld.subnetCidr }));
  const subnetId = Subnet?.SubnetId ?? '';
  const Filters = [{ Name: 'association.subnet-id', Values: [subnetId] }];
  const { NetworkAcls } = await moto.send(new DescribeNetworkAclsCommand({ Filters }));
  return { ec2: moto, vpcId, subnetId, networkAclId: NetworkAcls?.[0]?.NetworkAclId ?? '' };
};

/** The part of an entry that is not its place. */
type Rule = Pick<CreateNetworkAclEntryCommandInput, 'CidrBlock' | 'Ipv6CidrBlock' | 'Protocol' | 'PortRange'>;

interface Place {
  readonly ruleNumber: number;
  readonly egress: boolean;
  /** True: in a network ACL that does not exist. */
  readonly elsewhere: boolean;
}

type Request =
  | (Place & { readonly do: 'create' | 'replace'; readonly rule: Rule; readonly action: 'allow' | 'deny' })
  | (Place & { readonly do: 'delete' })
  | { readonly do: 'describe'; readonly by: 'id' | 'subnet' | 'vpc' | 'default' };

const describeInput = ({ networkAclId, subnetId, vpcId }: Side, by: string): DescribeNetworkAclsCommandInput => {
  const ofVpc = { Name: 'vpc-id', Values: [vpcId] };
  if (by === 'id') return { NetworkAclIds: [networkAclId] };
  if (by === 'subnet') return { Filters: [{ Name: 'association.subnet-id', Values: [subnetId] }] };
  return { Filters: by === 'vpc' ? [ofVpc] : [ofVpc, { Name: 'default', Values: ['true'] }] };
};

const byPlace = (one: NetworkAclEntry, other: NetworkAclEntry): number =>
  Number(one.Egress) - Number(other.Egress) || (one.RuleNumber ?? 0) - (other.RuleNumber ?? 0);

/** Each side makes up its ids, so they are told by what they stand for; entries come in an order that means nothing. */
const seenBy = (side: Side, { Associations, Entries, OwnerId, ...acl }: NetworkAcl) => ({
  ...acl,
  NetworkAclId: acl.NetworkAclId === side.networkAclId,
  VpcId: acl.VpcId === side.vpcId,
  OwnerId: /^\d{12}$/.test(OwnerId ?? ''),
  Associations: Associations?.map(({ NetworkAclAssociationId, NetworkAclId, SubnetId, ...rest }) => ({
    ...rest,
    id: /^aclassoc-[0-9a-f]+$/.test(NetworkAclAssociationId ?? ''),
    acl: NetworkAclId === side.networkAclId,
    subnet: SubnetId === side.subnetId,
  })),
  Entries: Entries?.toSorted(byPlace),
});

const describeOn = async (side: Side, by: string): Promise<unknown> => {
  const { NetworkAcls } = await side.ec2.send(new DescribeNetworkAclsCommand(describeInput(side, by)));
  return NetworkAcls?.map((acl) => seenBy(side, acl));
};

const send = async (side: Side, request: Request): Promise<unknown> => {
  if (request.do === 'describe') return describeOn(side, request.by);
  const { ruleNumber: RuleNumber, egress: Egress, elsewhere } = request;
  const NetworkAclId = elsewhere ? 'acl-0123456789abcdef0' : side.networkAclId;
  const place = { NetworkAclId, RuleNumber, Egress };
  if (request.do === 'delete') return side.ec2.send(new DeleteNetworkAclEntryCommand(place)).then(() => 'done');
  const input = { ...place, RuleAction: request.action, ...request.rule };
  await (request.do === 'create'
    ? side.ec2.send(new CreateNetworkAclEntryCommand(input))
    : side.ec2.send(new ReplaceNetworkAclEntryCommand(input)));
  return 'done';
};

interface ServiceError {
  readonly name: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What the caller sees: the answer, or code, fault and status of the error. */
const endOf = (side: Side, request: Request): Promise<unknown> =>
  send(side, request).catch(({ name, $fault, $metadata }: ServiceError) => ({
    error: name,
    fault: $fault,
    status: $metadata?.httpStatusCode,
  }));

const entriesOf = async ({ ec2, networkAclId }: Side): Promise<NetworkAclEntry[]> => {
  const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [networkAclId] }));
  return (NetworkAcls?.[0]?.Entries ?? []).toSorted(byPlace);
};

const clientError = (error: string) => ({ error, fault: 'client', status: 400 });
const breakdown = { error: 'Error', fault: undefined, status: 500 };

/** Where moto is wrong. What the fake says is what EC2 says. */
const knownDifferences = {
  'HTTP 500 on deleting a missing entry': { fake: clientError('InvalidNetworkAclEntry.NotFound'), moto: breakdown },
  'HTTP 500 on replacing a missing entry': { fake: clientError('InvalidNetworkAclEntry.NotFound'), moto: breakdown },
  'no quota': { fake: clientError('NetworkAclEntryLimitExceeded'), moto: 'done' },
} as const;
type Difference = keyof typeof knownDifferences;

/** Which difference shows at this request, by what was there before. */
const differenceAt = (request: Request, before: readonly NetworkAclEntry[]): Difference | undefined => {
  if (request.do === 'describe' || request.elsewhere) return undefined;
  const { ruleNumber, egress } = request;
  const isThere = before.some((entry) => entry.RuleNumber === ruleNumber && entry.Egress === egress);
  if (!isThere && request.do === 'delete') return 'HTTP 500 on deleting a missing entry';
  if (!isThere && request.do === 'replace') return 'HTTP 500 on replacing a missing entry';
  const wouldWrite = request.do === (isThere ? 'replace' : 'create');
  return wouldWrite && isBeyondQuota(request, before) ? 'no quota' : undefined;
};

const familyOf = ({ Ipv6CidrBlock }: Pick<Rule, 'Ipv6CidrBlock'>): 4 | 6 => (Ipv6CidrBlock === undefined ? 4 : 6);

/** Reckoned apart from the fake: entries per direction and family, the default deny included, less the one that gives way. */
const isBeyondQuota = (request: Request, before: readonly NetworkAclEntry[]): boolean => {
  if (request.do !== 'create' && request.do !== 'replace') return false;
  const others = before.filter((entry) => entry.RuleNumber !== request.ruleNumber && entry.Egress === request.egress);
  return others.filter((entry) => familyOf(entry) === familyOf(request.rule)).length >= entryQuota;
};

/** Undoes on moto what EC2's quota had refused. */
const undo = async ({ ec2, networkAclId }: Side, { ruleNumber, egress }: Place, before: readonly NetworkAclEntry[]) => {
  const place = { NetworkAclId: networkAclId, RuleNumber: ruleNumber, Egress: egress };
  const was = before.find((entry) => entry.RuleNumber === ruleNumber && entry.Egress === egress);
  await (was === undefined
    ? ec2.send(new DeleteNetworkAclEntryCommand(place))
    : ec2.send(new ReplaceNetworkAclEntryCommand({ RuleAction: undefined, Protocol: undefined, ...was, ...place })));
};

/** Plays the requests on both sides; gives the differences that showed. */
const play = async (requests: readonly Request[]): Promise<Difference[]> => {
  const [fake, emulated] = [startFake(), await startMoto()];
  const met: Difference[] = [];
  for (const [at, request] of requests.entries()) {
    const before = await entriesOf(fake);
    const ends = { fake: await endOf(fake, request), moto: await endOf(emulated, request) };
    const difference = differenceAt(request, before);
    const said = `request ${at + 1}: ${JSON.stringify(request)}`;
    if (difference === undefined) expect(ends.fake, said).toEqual(ends.moto);
    else {
      expect(ends, `${said} (${difference})`).toEqual(knownDifferences[difference]);
      met.push(difference);
      if (difference === 'no quota' && request.do !== 'describe') await undo(emulated, request, before);
    }
    expect(await describeOn(fake, 'id'), `after ${said}`).toEqual(await describeOn(emulated, 'id'));
  }
  return met;
};

const rule: Rule = { CidrBlock: '198.51.100.7/32', Protocol: '-1' };
const rules: readonly Rule[] = [
  rule,
  { CidrBlock: '203.0.113.0/24', Protocol: '6', PortRange: { From: 22, To: 22 } },
  { CidrBlock: '192.0.2.9/32', Protocol: '17', PortRange: { From: 53, To: 60 } },
  { Ipv6CidrBlock: '2001:db8:0:1::/64', Protocol: '-1' },
  { Ipv6CidrBlock: '2001:db8::9/128', Protocol: '6', PortRange: { From: 3389, To: 3389 } },
];

// Few numbers, so that requests meet; 100 is the allow that a VPC is born with.
const place = {
  ruleNumber: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 100),
  egress: fc.constantFrom(false, false, false, true),
  elsewhere: fc.integer({ min: 0, max: 19 }).map((drawn) => drawn === 0),
};
const write = (verb: 'create' | 'replace') =>
  fc.record({
    do: fc.constant(verb),
    ...place,
    rule: fc.constantFrom(...rules),
    action: fc.constantFrom('allow' as const, 'deny' as const),
  });
const request: fc.Arbitrary<Request> = fc.oneof(
  { weight: 5, arbitrary: write('create') },
  { weight: 2, arbitrary: write('replace') },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), ...place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('describe' as const),
      by: fc.constantFrom('id' as const, 'subnet' as const, 'vpc' as const, 'default' as const),
    }),
  },
);

it(
  'the fake EC2 answers and holds what moto does, at any sequence of requests, wherever moto is right',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 6, maxLength: 18 }), async (requests) => {
        await play(requests);
      }),
      { numRuns: runs },
    );
  },
  60_000 + runs * 4_000,
);

const at = (ruleNumber: number): Place => ({ ruleNumber, egress: false, elsewhere: false });
const createAt = (ruleNumber: number): Request => ({ do: 'create', rule, action: 'deny', ...at(ruleNumber) });

it.each<[Difference, Request[]]>([
  ['HTTP 500 on deleting a missing entry', [createAt(1), { do: 'delete', ...at(2) }, { do: 'delete', ...at(1) }]],
  ['HTTP 500 on replacing a missing entry', [{ do: 'replace', rule, action: 'deny', ...at(1) }, createAt(1)]],
  ['no quota', [1, 2, 3].map(createAt)],
])('moto differs by name, and nowhere else: %s', async (difference, requests) => {
  expect(await play(requests)).toEqual([difference]);
});

it('moto differs by made-up ids: those that a story gives its VPC, subnet and network ACL cannot be had', async () => {
  const [one, other] = [await startMoto(), await startMoto()];
  expect(one.networkAclId).toMatch(/^acl-[0-9a-f]+$/);
  expect(new Set([one.networkAclId, other.networkAclId, fakeWorld.networkAclId]).size).toBe(3);
  expect(startFake()).toMatchObject({ networkAclId: fakeWorld.networkAclId });
});
