import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { hours, minutes } from '@remedykit/core';
import { createDynamoDbStore, dynamoDbPermissions, tableSchema } from '@remedykit/core/dynamodb';
import { createFaultyStore } from '@remedykit/core/testing';
import dynalite from 'dynalite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIpamOwnAddresses } from '../gate/own-addresses/from-ipam.ts';
import { parseFinding } from '../parse/index.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { sshBruteForceEvent } from '../testing/finding-events.ts';
import { blackholeTraffic, portProbe, sshBruteForce } from '../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, type TestWorld, testTime } from '../testing/test-blocker.ts';
import type { BlockerOptions } from './options.ts';
import { blockerPermissions } from './permissions.ts';

const account = '111122223333';
const server = dynalite({ createTableMs: 0 });
const dynamoDbCalls = new Set<string>();
let client: DynamoDBClient;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await client.send(new CreateTableCommand({ TableName: 'remedykit', ...tableSchema }));
  let status: string | undefined;
  while (status !== 'ACTIVE') {
    status = (await client.send(new DescribeTableCommand({ TableName: 'remedykit' }))).Table?.TableStatus;
  }
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        dynamoDbCalls.add(`dynamodb:${commandName?.replace(/Command$/, '')}`);
        return next(args);
      },
    { step: 'build', name: 'recordActions' },
  );
});

afterAll(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** Everything a blocker does: denies, refreshes, extensions, restores, swaps, lost answers, and all kinds of upkeep. */
const live = async (world: TestWorld, readBack: boolean, options: Partial<BlockerOptions> = {}): Promise<void> => {
  const { clock, ec2, guardDuty } = world;
  const prefixListId = ec2.addPrefixList({ cidrs: ['203.0.113.0/28'] });
  ec2.addSecurityGroupRule(fakeWorld.vpcId.replace('vpc-', 'sg-'), { prefixListId });
  const blocker = createTestBlocker({ ...options, ...(readBack ? { trust: { readBack: guardDuty } } : {}) }, world);
  const block = async (event: ReturnType<typeof sshBruteForceEvent>): Promise<void> => {
    guardDuty.hold(event);
    await blocker.block(parseFinding(event));
  };
  const from = '198.51.100.7';
  await block(sshBruteForceEvent({ from, at: testTime }));
  await block(sshBruteForceEvent({ from, at: testTime }));
  clock.advance(minutes(10));
  await block(sshBruteForceEvent({ from, at: new Date(testTime.getTime() + minutes(5)) }));
  ec2.removeEntry(ec2.networkAcls[0].networkAclId, { ruleNumber: 10 });
  await block(sshBruteForceEvent({ from, at: testTime }));
  ec2.failNext('CreateNetworkAclEntry', { code: 'TimeoutError', after: 'effect' });
  await block(sshBruteForceEvent({ from: '198.51.100.8', at: testTime }));
  await blocker.block([blackholeTraffic({ at: testTime }), portProbe({ from: '198.51.100.9', at: testTime })]);
  await blocker.plan(sshBruteForce({ from: '198.51.100.10', at: testTime }));
  clock.advance(hours(1));
  await createTestBlocker({ ...options, quota: 3, headroom: 0 }, world).block(
    sshBruteForce({ from: '198.51.100.11', at: clock.now() }),
  );
  const author = { reason: 'partner', requestedBy: 'a.smith', suppressFor: hours(1) };
  await blocker.unblock({ address: '198.51.100.8', ...author });
  const [drifted] = deniesIn(ec2);
  if (drifted) ec2.removeEntry(ec2.networkAcls[0].networkAclId, drifted);
  clock.advance(minutes(1));
  await blocker.reconcile({ targets: [{ accountId: account, region: fakeWorld.region }] });
  await blocker.explain({ address: from });
  clock.advance(hours(25));
  await blocker.sweep();
  await block(sshBruteForceEvent({ from, at: clock.now() }));
  clock.advance(minutes(1));
  await blocker.drain({ requestedBy: 'a.smith', reason: 'uninstall' });
  expect(await blocker.list()).toEqual([]);
  expect(deniesIn(ec2)).toEqual([]);
};

const actionsOf = ({ Statement }: ReturnType<typeof blockerPermissions>): string[] =>
  Statement.flatMap(({ Action }) => Action).toSorted();

it.each([true, false])('G46: every call is permitted and every permission is used (readBack: %s)', async (readBack) => {
  const world = createTestWorld();
  await live(world, readBack);
  const called = Object.keys({ ...world.ec2.calls, ...world.guardDuty.calls }).toSorted();
  expect(called).toEqual(actionsOf(blockerPermissions({ accounts: [account], readBack })));
});

it.each(['ipam', 'elsewhere'] as const)(
  'G46: so it is where own addresses come from elsewhere than EC2: %s',
  async (where) => {
    const world = createTestWorld();
    const { ec2, clock } = world;
    const ipamResourceDiscoveryId = ec2.setResourceDiscovery({ oldestSampleTime: testTime });
    const ownAddresses =
      where === 'ipam'
        ? createIpamOwnAddresses({ ec2, ipamResourceDiscoveryId })
        : async () => ({ cidrs: [], asOf: clock.now() });
    await live(world, false, { ownAddresses });
    const called = Object.keys(world.ec2.calls).toSorted();
    expect(called).toEqual(
      actionsOf(blockerPermissions({ accounts: [account], readBack: false, ownAddresses: where })),
    );
  },
);

it('G46: writes are permitted on the network ACLs of the accounts and Regions alone', () => {
  const { Statement } = blockerPermissions({ accounts: [account], regions: ['eu-west-1'] });
  const writes = Statement.filter(({ Action }) => Action.some((action) => !/:(Describe|List|Get)/.test(action)));
  expect(writes.map(({ Resource }) => Resource)).toEqual([[`arn:aws:ec2:eu-west-1:${account}:network-acl/*`]]);
});

it('G46: on DynamoDB a blocker lives with what the store is permitted, and never deletes a document', async () => {
  const store = createDynamoDbStore({ client, tableName: 'remedykit' });
  await live({ ...createTestWorld(), store: createFaultyStore(store) }, true);
  const { actions } = dynamoDbPermissions({ tableArn: `arn:aws:dynamodb:eu-west-1:${account}:table/remedykit` });
  expect([...dynamoDbCalls, 'dynamodb:DeleteItem'].toSorted()).toEqual(actions);
});
