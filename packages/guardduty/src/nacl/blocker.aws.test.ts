import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import {
  CreateNetworkAclEntryCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
  type NetworkAclEntry,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { hours, minutes } from '@remedykit/core';
import { createDynamoDbStore, tableSchema } from '@remedykit/core/dynamodb';
import { createTestClock } from '@remedykit/core/testing';
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

// The blocker with the real clients over HTTP: EC2 and DynamoDB of an emulator, at AWS_ENDPOINT_URL. GuardDuty is the
// fake, for no emulator serves GetFindings.

const ec2 = new EC2Client();
const dynamoDb = new DynamoDBClient();
const region = process.env.AWS_REGION ?? 'eu-west-1';
let scene: FindingOptions & { readonly networkAclId: string; readonly accountId: string };

beforeAll(async () => {
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
  scene = {
    accountId: acl?.OwnerId ?? '',
    region,
    vpcId: Vpc?.VpcId ?? '',
    subnetId: Subnet?.SubnetId ?? '',
    instanceId: Instances?.[0]?.InstanceId ?? '',
    networkInterfaceId: Instances?.[0]?.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '',
    networkAclId: acl?.NetworkAclId ?? '',
  };
  await dynamoDb.send(new CreateTableCommand({ TableName: 'remedykit-blocker', ...tableSchema }));
  await waitUntilTableExists({ client: dynamoDb, maxWaitTime: 30 }, { TableName: 'remedykit-blocker' });
});

afterAll(() => {
  ec2.destroy();
  dynamoDb.destroy();
});

const denies = async (egress = false): Promise<NetworkAclEntry[]> => {
  const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [scene.networkAclId] }));
  return (NetworkAcls?.[0]?.Entries ?? []).filter(
    (entry) => entry.Egress === egress && entry.RuleAction === 'deny' && (entry.RuleNumber ?? 0) < 32_767,
  );
};

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
