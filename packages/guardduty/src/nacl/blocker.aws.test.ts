import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import {
  CreateNetworkAclEntryCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
  type NetworkAclEntry,
  ReplaceNetworkAclEntryCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { hours, minutes, needsRetry } from '@remedykit/core';
import { createDynamoDbStore, tableSchema } from '@remedykit/core/dynamodb';
import { createTestClock } from '@remedykit/core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../finding.ts';
import { parseFinding } from '../parse/index.ts';
import { trailSink } from '../testing/audit-trail.ts';
import { createFakeGuardDuty } from '../testing/fake-guardduty.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { blackholeTrafficEvent, sshBruteForceEvent } from '../testing/finding-events.ts';
import type { FindingEvent, FindingOptions } from '../testing/index.ts';
import '../testing/replay-every-record.ts';
import { routableDocumentationRanges } from '../testing/routable-documentation-ranges.ts';
import { createNaclBlocker } from './blocker.ts';
import type { BlockerOptions } from './options.ts';
import type { ReconcileOutcome } from './outcome.ts';

// The blocker with the real clients over HTTP: EC2 and DynamoDB of an emulator, at AWS_ENDPOINT_URL. GuardDuty is the
// fake, for no emulator serves GetFindings.

const ec2 = new EC2Client();
const dynamoDb = new DynamoDBClient();
const region = process.env.AWS_REGION ?? 'eu-west-1';

/** An instance of its own, in a subnet and network ACL of its own. */
interface Scene extends FindingOptions {
  readonly accountId: string;
  readonly networkAclId: string;
}

const makeScene = async (): Promise<Scene> => {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: fakeWorld.vpcCidr }));
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: fakeWorld.subnetCidr }));
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      InstanceType: 't3.small',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: Subnet?.SubnetId,
      PrivateIpAddress: fakeWorld.privateIp,
    }),
  );
  const Filters = [{ Name: 'association.subnet-id', Values: [Subnet?.SubnetId ?? ''] }];
  const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ Filters }));
  const [acl] = NetworkAcls ?? [];
  return {
    accountId: acl?.OwnerId ?? '',
    region,
    vpcId: Vpc?.VpcId ?? '',
    subnetId: Subnet?.SubnetId ?? '',
    instanceId: Instances?.[0]?.InstanceId ?? '',
    networkInterfaceId: Instances?.[0]?.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '',
    networkAclId: acl?.NetworkAclId ?? '',
  };
};

const createTable = async (TableName: string): Promise<void> => {
  await dynamoDb.send(new CreateTableCommand({ TableName, ...tableSchema }));
  await waitUntilTableExists({ client: dynamoDb, maxWaitTime: 30 }, { TableName });
};

let scene: Scene;
beforeAll(async () => {
  scene = await makeScene();
  await createTable('remedykit-blocker');
});

afterAll(() => {
  ec2.destroy();
  dynamoDb.destroy();
});

/** What a network ACL holds in one direction before the allow that it was born with. */
const entriesOf = async ({ networkAclId }: Scene, egress = false): Promise<NetworkAclEntry[]> => {
  const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [networkAclId] }));
  return (NetworkAcls?.[0]?.Entries ?? [])
    .filter(({ Egress, RuleNumber = 0 }) => Egress === egress && RuleNumber < 100)
    .toSorted((a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0));
};

const denies = async (egress = false): Promise<NetworkAclEntry[]> =>
  (await entriesOf(scene, egress)).filter(({ RuleAction }) => RuleAction === 'deny');

const start = new Date('2026-11-24T10:00:00.000Z');
const clock = createTestClock(start);
const guardDuty = createFakeGuardDuty();

const createBlocker = () =>
  createNaclBlocker({
    mode: 'enforce',
    accounts: [scene.accountId],
    trust: { readBack: guardDuty },
    allowList: ['203.0.113.250'],
    blockFor: hours(24),
    ec2,
    store: createDynamoDbStore({ client: dynamoDb, tableName: 'remedykit-blocker' }),
    addressRanges: routableDocumentationRanges,
    audit: trailSink,
    now: clock.now,
  });

const held = (event: FindingEvent): Finding => {
  guardDuty.hold(event);
  return parseFinding(event);
};
const attack = (from: string, at: Date = clock.now()): Finding => {
  const { networkAclId: _, ...options } = scene;
  return held(sshBruteForceEvent({ ...options, from, at }));
};

// One story in order: each test goes on where the one before stopped.

it('blocks an attacker and a black hole over HTTP, request ids included', async () => {
  const { networkAclId: _, ...options } = scene;
  const blocker = createBlocker();
  const blackHole = held(blackholeTrafficEvent({ ...options, to: '203.0.113.66', at: start }));
  const [ssh, hole] = await blocker.block([attack('198.51.100.7'), blackHole]);
  expect(ssh?.threats).toMatchObject([{ outcome: 'blocked', entries: [{ networkAclId: scene.networkAclId }] }]);
  expect(hole).toMatchObject({ escalate: true, threats: [{ outcome: 'blocked' }] });
  expect(ssh?.steps[0]?.requestIds).toHaveLength(1);
  expect(await denies()).toMatchObject([
    { RuleNumber: 10, CidrBlock: '198.51.100.7/32', PortRange: { From: 22, To: 22 } },
  ]);
  expect(await denies(true)).toMatchObject([{ RuleNumber: 10, CidrBlock: '203.0.113.66/32', Protocol: '-1' }]);
});

it('leaves a repeated sighting, extends at a later one, and puts back what somebody removed', async () => {
  const blocker = createBlocker();
  expect((await blocker.block(attack('198.51.100.7', start))).threats).toMatchObject([{ outcome: 'unchanged' }]);
  clock.advance(minutes(10));
  expect((await blocker.block(attack('198.51.100.7'))).threats).toMatchObject([{ outcome: 'extended' }]);
  await ec2.send(new DeleteNetworkAclEntryCommand({ NetworkAclId: scene.networkAclId, RuleNumber: 10, Egress: false }));
  clock.advance(minutes(1));
  expect((await blocker.block(attack('198.51.100.7'))).threats).toMatchObject([{ outcome: 'blocked' }]);
  expect(await denies()).toMatchObject([{ RuleNumber: 10, CidrBlock: '198.51.100.7/32' }]);
});

it('denies an IPv6 attacker as its /64', async () => {
  const blocker = createBlocker();
  expect((await blocker.block(attack('2001:db8:1:2::7'))).threats).toMatchObject([{ outcome: 'blocked' }]);
  expect(await denies()).toContainEqual(
    expect.objectContaining({ RuleNumber: 11, Ipv6CidrBlock: '2001:db8:1:2::/64' }),
  );
});

it('takes another number when a person holds the first, and never touches that', async () => {
  const blocker = createBlocker();
  await ec2.send(
    new CreateNetworkAclEntryCommand({
      NetworkAclId: scene.networkAclId,
      RuleNumber: 12,
      Egress: false,
      RuleAction: 'deny',
      Protocol: '-1',
      CidrBlock: '192.0.2.77/32',
    }),
  );
  expect((await blocker.block(attack('198.51.100.8'))).threats).toMatchObject([
    { outcome: 'blocked', entries: [{ ruleNumber: 13 }] },
  ]);
});

it('unblocks by hand, and the attacker stays unblocked', async () => {
  const blocker = createBlocker();
  const query = { address: '198.51.100.8', reason: 'partner', requestedBy: 'a.smith', suppressFor: hours(48) };
  expect((await blocker.unblock(query)).releases).toMatchObject([{ outcome: 'released' }]);
  expect((await blocker.block(attack('198.51.100.8'))).threats).toMatchObject([{ reason: 'suppressed' }]);
  expect((await denies()).map(({ RuleNumber }) => RuleNumber).toSorted()).toEqual([10, 11, 12]);
});

it("sweeps what has expired in both directions; of the entries only the person's is left", async () => {
  const blocker = createBlocker();
  clock.advance(hours(25));
  const { releases, done } = await blocker.sweep();
  expect(done).toBe(true);
  expect(releases.map(({ outcome }) => outcome)).toEqual(['released', 'released', 'released']);
  expect(await denies()).toMatchObject([{ RuleNumber: 12, CidrBlock: '192.0.2.77/32' }]);
  expect(await denies(true)).toEqual([]);
  expect(await blocker.list()).toEqual([]);
});

// Somebody else works on the same network ACL, over the same API. Each test has a scene of its own.

/** A person with the console, or a tool that knows nothing of us. Leaves alone what EC2 itself would refuse. */
const createPerson = (place: Scene) => {
  const at = (RuleNumber: number) => ({ NetworkAclId: place.networkAclId, RuleNumber, Egress: false });
  /** By rule number: what nobody of us may touch. */
  const own = new Map<number, string>();
  const entry = (ruleNumber: number, action: 'allow' | 'deny', CidrBlock: string) => ({
    ...at(ruleNumber),
    RuleAction: action,
    Protocol: '-1',
    CidrBlock,
  });
  return {
    own,
    async adds(ruleNumber: number, action: 'allow' | 'deny' = 'deny') {
      const cidr = `192.0.2.${ruleNumber}/32`;
      await ec2.send(new CreateNetworkAclEntryCommand(entry(ruleNumber, action, cidr)));
      own.set(ruleNumber, cidr);
    },
    async writesOver(ruleNumber: number) {
      const cidr = `192.0.2.${ruleNumber}/32`;
      await ec2.send(new ReplaceNetworkAclEntryCommand(entry(ruleNumber, 'deny', cidr)));
      own.set(ruleNumber, cidr);
    },
    async deletes(ruleNumber: number) {
      await ec2.send(new DeleteNetworkAclEntryCommand(at(ruleNumber)));
      own.delete(ruleNumber);
    },
  };
};

/** A function with a store of its own, on a clock of its own, whose requests a person may forestall. */
const createFunction = async (
  place: Scene,
  forestall: (request: string) => Promise<void> = async () => {},
  limits: Pick<BlockerOptions, 'quota'> = {},
) => {
  const TableName = `remedykit-${place.networkAclId}`;
  await createTable(TableName);
  const time = createTestClock(start);
  const client = new EC2Client();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      await forestall((context as { readonly commandName?: string }).commandName ?? '');
      return next(args);
    },
    { step: 'initialize', name: 'forestall' },
  );
  const detector = createFakeGuardDuty();
  const { networkAclId: _, ...options } = place;
  return {
    clock: time,
    /** As a fresh invocation would have it. */
    blocker: () =>
      createNaclBlocker({
        mode: 'enforce',
        accounts: [place.accountId],
        trust: { readBack: detector },
        allowList: ['203.0.113.250'],
        blockFor: hours(24),
        ...limits,
        ec2: client,
        store: createDynamoDbStore({ client: dynamoDb, tableName: TableName }),
        addressRanges: routableDocumentationRanges,
        audit: trailSink,
        now: time.now,
        sleep: async (ms) => time.advance(ms),
      }),
    seen: (from: string): Finding => {
      const event = sshBruteForceEvent({ ...options, from, at: time.now() });
      detector.hold(event);
      return parseFinding(event);
    },
  };
};

/** What upkeep says of this network ACL; the emulator's account has those of other tests as well. */
const ofScene = ({ networkAclId }: Scene, { releases, orphans, contests }: ReconcileOutcome) => ({
  releases: releases.filter(({ entry }) => entry.networkAclId === networkAclId),
  orphans: orphans.filter((orphan) => orphan.networkAclId === networkAclId),
  contests: contests.filter((contest) => contest.networkAclId === networkAclId),
});

it('puts back once what somebody deleted, is contested the second time, and writes again when the quarrel is over', async () => {
  const place = await makeScene();
  const person = createPerson(place);
  const { clock: time, blocker, seen } = await createFunction(place);
  const cidrs = async () => (await entriesOf(place)).map(({ CidrBlock }) => CidrBlock);
  const reconcile = async () => ofScene(place, await blocker().reconcile());

  await blocker().block([seen('198.51.100.7'), seen('198.51.100.8')]);
  time.advance(minutes(5));
  await person.deletes(10);
  expect(await reconcile()).toMatchObject({ releases: [{ outcome: 'repaired', announce: true }], contests: [] });
  expect(await cidrs()).toEqual(['198.51.100.7/32', '198.51.100.8/32']);

  time.advance(minutes(15));
  await person.deletes(10);
  expect(await reconcile()).toMatchObject({
    releases: [{ outcome: 'given-up', reason: 'contested', announce: true }],
    contests: [{ state: 'begun', egress: false, announce: true }],
  });
  for (const from of ['198.51.100.7', '198.51.100.9']) {
    expect((await blocker().block(seen(from))).threats).toMatchObject([
      { outcome: 'not-blocked', reason: 'contested' },
    ]);
  }
  expect(await cidrs()).toEqual(['198.51.100.8/32']);

  time.advance(hours(24) + minutes(1));
  expect((await reconcile()).contests).toMatchObject([{ state: 'over' }]);
  expect((await blocker().block(seen('198.51.100.7'))).threats).toMatchObject([{ outcome: 'blocked' }]);
  expect(await cidrs()).toContain('198.51.100.7/32');
});

it('leaves the entries of others: beside ours, in place of ours, and in a number that was free a moment ago', async () => {
  const place = await makeScene();
  const person = createPerson(place);
  let before: (() => Promise<void>) | undefined;
  const {
    clock: time,
    blocker,
    seen,
  } = await createFunction(place, async (request) => {
    if (request !== 'CreateNetworkAclEntryCommand') return;
    const act = before;
    before = undefined;
    await act?.();
  });
  await blocker().block([seen('198.51.100.7'), seen('198.51.100.8')]);
  await person.adds(20);
  await person.adds(21, 'allow');
  await person.writesOver(10);
  time.advance(minutes(5));
  expect(ofScene(place, await blocker().reconcile())).toMatchObject({
    releases: [{ outcome: 'foreign', entry: { ruleNumber: 10 } }],
    orphans: [
      { ruleNumber: 10, announce: false },
      { ruleNumber: 20, announce: true },
    ],
    contests: [],
  });

  before = () => person.adds(12);
  const [placed] = (await blocker().block(seen('198.51.100.9'))).threats;
  expect(placed).toMatchObject({ outcome: 'blocked', entries: [{ ruleNumber: 13 }] });
  expect([...person.own.keys()]).toContain(12);

  time.advance(hours(25));
  await blocker().sweep();
  await blocker().reconcile();
  const left = (await entriesOf(place)).map(({ RuleNumber, CidrBlock }) => [RuleNumber, CidrBlock]);
  expect(left).toEqual([...person.own].toSorted(([a], [b]) => a - b));
  expect(left).toHaveLength(4);
});

type Deed =
  | { readonly kind: 'attack'; readonly host: number }
  | { readonly kind: 'adds'; readonly ruleNumber: number; readonly action: 'allow' | 'deny' }
  | { readonly kind: 'writes-over' | 'deletes-ours' | 'deletes-own'; readonly which: number }
  | { readonly kind: 'upkeep' }
  | { readonly kind: 'pass'; readonly minutes: number };

const which = fc.nat({ max: 9 });
const meddling: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    kind: fc.constant('adds' as const),
    ruleNumber: fc.integer({ min: 10, max: 18 }),
    action: fc.constantFrom('allow' as const, 'deny' as const),
  }),
  fc.record({ kind: fc.constantFrom('writes-over' as const, 'deletes-own' as const), which }),
  fc.record({ kind: fc.constant('deletes-ours' as const), which }),
  fc.record({ kind: fc.constant('deletes-ours' as const), which }),
);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('attack' as const), host: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 3, arbitrary: meddling },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('upkeep' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.constantFrom(1, 4, 11, 40, 1_500) }),
  },
);

const ofAttacker = (cidr: string | undefined): boolean => cidr?.startsWith('198.51.100.') ?? false;

/** Plays the deeds, the second list each forestalling a request of the function, and holds to what must be true at the end. */
const play = async (deeds: readonly Deed[], forestalling: readonly Deed[]): Promise<void> => {
  const place = await makeScene();
  const person = createPerson(place);
  const queue = [...forestalling];
  let requests = 0;
  const forestall = async (request: string): Promise<void> => {
    if (!/^(Create|Delete|Replace)NetworkAclEntry|^DescribeNetworkAcls/.test(request)) return;
    requests += 1;
    const [next] = queue;
    if (requests % 3 !== 0 || next === undefined) return;
    // EC2 has no conditional write: who takes over a number between the last look and a delete or replace cannot be seen.
    if (/^(Delete|Replace)/.test(request) && next.kind !== 'deletes-ours') return;
    queue.shift();
    await meddle(next);
  };
  // Room for four of six attackers, and for fewer the more a person adds.
  const { clock: time, blocker, seen } = await createFunction(place, forestall, { quota: 8 });
  const nth = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];
  const meddle = async (one: Deed): Promise<void> => {
    const now = await entriesOf(place);
    const ours = now.flatMap(({ RuleNumber = 0, CidrBlock }) => (ofAttacker(CidrBlock) ? [RuleNumber] : []));
    if (one.kind === 'adds' && !now.some(({ RuleNumber }) => RuleNumber === one.ruleNumber)) {
      await person.adds(one.ruleNumber, one.action);
    }
    if (one.kind === 'writes-over' || one.kind === 'deletes-ours' || one.kind === 'deletes-own') {
      const number = nth(one.kind === 'deletes-own' ? [...person.own.keys()] : ours, one.which);
      if (number === undefined) return;
      await (one.kind === 'writes-over' ? person.writesOver(number) : person.deletes(number));
    }
  };

  /** Who was reported as not denied (any more), or whose deny ended. */
  const told = new Set<string>();
  const upkeep = async (): Promise<ReconcileOutcome> => {
    const swept = await blocker().sweep();
    const reconciled = await blocker().reconcile();
    for (const { entry, outcome } of [...swept.releases, ...reconciled.releases]) {
      if (outcome === 'repaired' || outcome === 'retaken') told.delete(entry.cidr);
      else if (outcome !== 'settled' && outcome !== 'adopted') told.add(entry.cidr);
    }
    return reconciled;
  };
  const attack = async (host: number): Promise<void> => {
    const finding = seen(`198.51.100.${host}`);
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const outcome = await blocker().block(finding);
      for (const { threat, outcome: result, evicted } of outcome.threats) {
        for (const { cidr } of evicted) told.add(cidr);
        if (threat.address === undefined) continue;
        if (result === 'blocked' || result === 'extended' || result === 'unchanged') told.delete(threat.address);
        else told.add(threat.address);
      }
      if (!needsRetry(outcome)) return;
      time.advance(minutes(attempt * 6));
    }
  };

  const attackers = new Set<string>();
  for (const one of deeds) {
    if (one.kind === 'attack') {
      attackers.add(`198.51.100.${one.host}/32`);
      await attack(one.host);
    } else if (one.kind === 'upkeep') await upkeep();
    else if (one.kind === 'pass') time.advance(minutes(one.minutes));
    else await meddle(one);
  }

  // Everybody rests: what dead requests left is finished, then nothing is left to do.
  queue.length = 0;
  for (let rest = 0; rest < 2; rest += 1) {
    time.advance(minutes(21));
    await upkeep();
  }
  const { orphans, releases } = ofScene(place, await upkeep());
  expect(releases).toEqual([]);
  const entries = await entriesOf(place);
  const foreign = entries.filter(({ RuleNumber = 0 }) => person.own.has(RuleNumber));
  expect(foreign.map(({ RuleNumber, CidrBlock }) => [RuleNumber, CidrBlock])).toEqual(
    [...person.own].toSorted(([a], [b]) => a - b),
  );
  const inForce = entries.flatMap(({ RuleNumber, CidrBlock = '' }) =>
    ofAttacker(CidrBlock) ? [[RuleNumber, CidrBlock]] : [],
  );
  const listed = (await blocker().list()).filter(({ networkAclId }) => networkAclId === place.networkAclId);
  const known = [
    ...listed.map(({ ruleNumber, cidr }) => [ruleNumber, cidr] as const),
    ...orphans.flatMap(({ ruleNumber, cidr }) => (ofAttacker(cidr) ? [[ruleNumber, cidr] as const] : [])),
  ];
  expect(known.toSorted(([a], [b]) => a - b)).toEqual(inForce);
  expect(new Set(listed.map(({ cidr }) => cidr)).size).toBe(listed.length);
  const denied = new Set(inForce.map(([, cidr]) => cidr));
  expect([...attackers].filter((cidr) => !denied.has(cidr) && !told.has(cidr))).toEqual([]);
};

// Some 300 requests each.
const runs = Math.ceil(Number(process.env.REMEDYKIT_RUNS ?? 100) / 20);

it(
  'survives whatever is deleted, added and written over behind its back, between its requests as well',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(deed, { minLength: 8, maxLength: 24 }),
        fc.array(meddling, { maxLength: 8 }),
        async (deeds, forestalling) => play(deeds, forestalling),
      ),
      { numRuns: runs, endOnFailure: true },
    );
  },
  120_000 + runs * 20_000,
);
