import { hours, toBatchResponse } from '@remedykit/core';
import { expect, it } from 'vitest';
import { parseRecords } from '../../parse/index.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { sshBruteForceEvent } from '../../testing/finding-events.ts';
import { portProbe, sshBruteForce } from '../../testing/findings.ts';
import { sqsEvent } from '../../testing/sqs-event.ts';
import {
  callsOf,
  callsSince,
  createTestBlocker,
  createTestWorld,
  deniesIn,
  testTime,
} from '../../testing/test-blocker.ts';

const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:findings';
const eventFrom = (n: number, options: Parameters<typeof sshBruteForceEvent>[0] = {}) =>
  sshBruteForceEvent({ from: `198.51.100.${n}`, at: testTime, ...options });
const findingFrom = (n: number) => sshBruteForce({ from: `198.51.100.${n}`, at: testTime });

it('a batch of ten with one malformed and one throttled record blocks eight and asks for one retry', async () => {
  const world = createTestWorld();
  const subnetId = world.ec2.addSubnet();
  const throttledAcl = world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
  world.ec2.addInterface({ subnetId, instanceId: 'i-throttled' });
  world.ec2.failNext('CreateNetworkAclEntry', {
    code: 'RequestLimitExceeded',
    times: 4,
    when: ({ NetworkAclId }) => NetworkAclId === throttledAcl,
  });
  const blocker = createTestBlocker({ trust: { channels: [queueArn] } }, world);
  const documents = [
    ...[1, 2, 3, 4].map((n) => eventFrom(n)),
    '{ "detail-type": "GuardDuty Finding", broken',
    ...[5, 6, 7, 8].map((n) => eventFrom(n)),
    eventFrom(9, { instanceId: 'i-throttled', subnetId }),
  ];
  const records = parseRecords(sqsEvent(documents, { queueArn, at: testTime }));
  const outcomes = await blocker.block(records);

  expect(outcomes.map(({ recordId }) => recordId)).toEqual(records.map(({ recordId }) => recordId));
  expect(outcomes.filter(({ threats }) => threats[0]?.outcome === 'blocked')).toHaveLength(8);
  expect(deniesIn(world.ec2)).toHaveLength(8);
  expect(outcomes[9]?.threats).toMatchObject([{ outcome: 'failed', reason: 'throttled' }]);
  expect(toBatchResponse(outcomes)).toEqual({ batchItemFailures: [{ itemIdentifier: records[9]?.recordId }] });

  const malformed = outcomes[4];
  expect(malformed).toMatchObject({ escalate: true, threats: [], error: { code: 'FINDING_NOT_JSON' } });
  expect(malformed?.steps).toMatchObject([{ status: 'failed', reason: 'malformed', retryable: false }]);
  expect(blocker.records.filter((record) => 'rejected' in record)).toMatchObject([
    {
      rejected: { code: 'FINDING_NOT_JSON', input: documents[4] },
      correlation: { recordId: records[4]?.recordId },
    },
  ]);
});

it('findings of one batch on one network ACL share a describe, a ledger read, a claim and a settlement', async () => {
  const blocker = createTestBlocker();
  await blocker.block(findingFrom(100));
  const before = callsOf(blocker);
  await blocker.block([1, 2, 3, 4, 5].map(findingFrom));
  expect(callsSince(before, callsOf(blocker))).toEqual({
    'ec2:DescribeNetworkAcls': 1,
    'ec2:DescribeNetworkInterfaces': 1,
    'ec2:CreateNetworkAclEntry': 5,
    'store:get': 1,
    'store:compareAndSet': 2,
  });
});

it('G11: the same finding several times in a batch makes one entry, and each has its outcome', async () => {
  const blocker = createTestBlocker();
  const outcomes = await blocker.block([findingFrom(1), findingFrom(1), findingFrom(1)]);
  expect(outcomes.map(({ threats }) => threats[0]?.outcome)).toEqual(['blocked', 'blocked', 'blocked']);
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
  expect(outcomes.map(({ threats }) => threats[0]?.announce)).toEqual([true, false, false]);
  expect(await blocker.list()).toMatchObject([{ hits: 1 }]);
});

it('later sightings in one batch hold the deny until the latest of them ends', async () => {
  const blocker = createTestBlocker();
  blocker.clock.advance(hours(1));
  const at = (minutes: number) => new Date(testTime.getTime() + minutes * 60_000);
  const sightings = [20, 50, 10].map((minutes) => sshBruteForce({ from: '198.51.100.1', at: at(minutes) }));
  await blocker.block(sightings);
  expect(await blocker.list()).toMatchObject([
    { expiresAt: '2026-11-25T10:50:00.000Z', lastSeen: at(50).toISOString() },
  ]);
  await blocker.block([55, 58].map((minutes) => sshBruteForce({ from: '198.51.100.1', at: at(minutes) })));
  expect(await blocker.list()).toMatchObject([{ expiresAt: '2026-11-25T10:58:00.000Z', hits: 5 }]);
});

it('a network ACL that cannot be read fails its own findings alone', async () => {
  const world = createTestWorld();
  const subnetId = world.ec2.addSubnet();
  world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
  world.ec2.addInterface({ subnetId, instanceId: 'i-elsewhere' });
  const blocker = createTestBlocker({}, world);
  world.ec2.failNext('DescribeNetworkAcls', {
    code: 'InternalError',
    // Once as the batch reads them together, once alone.
    times: 2,
    when: ({ Filters }) => JSON.stringify(Filters).includes(subnetId),
  });
  const elsewhere = sshBruteForce({ from: '198.51.100.2', at: testTime, instanceId: 'i-elsewhere', subnetId });
  const outcomes = await blocker.block([elsewhere, findingFrom(1)]);
  expect(outcomes.map(({ threats }) => threats[0]?.outcome)).toEqual(['failed', 'blocked']);
});

it('a ledger that is broken fails its own findings alone', async () => {
  const world = createTestWorld();
  const subnetId = world.ec2.addSubnet();
  const networkAclId = world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
  world.ec2.addInterface({ subnetId, instanceId: 'i-elsewhere' });
  const key = `nacl/${fakeWorld.accountId}/${fakeWorld.region}/${networkAclId}/ingress`;
  await world.store.putIfAbsent(key, 'nonsense');
  const blocker = createTestBlocker({}, world);
  const elsewhere = sshBruteForce({ from: '198.51.100.2', at: testTime, instanceId: 'i-elsewhere', subnetId });
  const outcomes = await blocker.block([elsewhere, findingFrom(1)]);
  expect(outcomes.map(({ threats }) => [threats[0]?.outcome, threats[0]?.reason])).toEqual([
    ['failed', 'ledger-invalid'],
    ['blocked', 'brute-force'],
  ]);
  expect((await world.store.get(key))?.value).toBe('nonsense');
});

it('accounts in dry-run and in earnest may come in one batch, on one network ACL as well', async () => {
  const blocker = createTestBlocker({
    mode: ({ findingType }) => (findingType?.startsWith('Recon') ? 'dry-run' : 'enforce'),
  });
  const [real, preview] = await blocker.block([findingFrom(1), portProbe({ from: '198.51.100.2', at: testTime })]);
  expect(real).toMatchObject({ preview: false, threats: [{ outcome: 'blocked' }] });
  expect(preview).toMatchObject({ preview: true, threats: [{ outcome: 'planned' }] });
  expect(deniesIn(blocker.ec2).map(({ cidr }) => cidr)).toEqual(['198.51.100.1/32']);
});

it('a record without finding and error is rejected, and an empty batch is nothing', async () => {
  const blocker = createTestBlocker();
  const [outcome] = await blocker.block([{ recordId: 'r-1' } as never]);
  expect(outcome).toMatchObject({ recordId: 'r-1', error: { code: 'RECORD_EMPTY' } });
  expect(await blocker.block([])).toEqual([]);
});

it('an audit sink that refuses a malformed record fails the run, coded and retryable: it is kept nowhere else', async () => {
  const blocker = createTestBlocker({
    audit: () => {
      throw new Error('the log is full');
    },
  });
  await expect(blocker.block(parseRecords(sqsEvent(['{ broken'], { queueArn })))).rejects.toMatchObject({
    code: 'AUDIT_FAILED',
    retryable: true,
  });
});

it('more addresses than there is room for: what fits is denied, the rest is said', async () => {
  const blocker = createTestBlocker();
  const outcomes = await blocker.block(Array.from({ length: 20 }, (_, n) => findingFrom(n + 1)));
  const told = outcomes.map(({ threats }) => threats[0]?.outcome);
  // 20 in all, less the default deny, the allow and 2 for people.
  expect(told.filter((outcome) => outcome === 'blocked')).toHaveLength(16);
  expect(told.filter((outcome) => outcome === 'not-blocked')).toHaveLength(4);
  expect(deniesIn(blocker.ec2)).toHaveLength(16);
});

it('beyond the entry writes of an hour nothing new is denied, and that is said, not retried', async () => {
  const blocker = createTestBlocker({ entryWritesPerHour: 2 });
  const outcomes = await blocker.block([1, 2, 3].map(findingFrom));
  expect(outcomes.map(({ threats }) => [threats[0]?.outcome, threats[0]?.reason])).toEqual([
    ['blocked', 'brute-force'],
    ['blocked', 'brute-force'],
    ['not-blocked', 'flood'],
  ]);
  const later = await blocker.block(findingFrom(4));
  expect(later.threats).toMatchObject([{ outcome: 'not-blocked', reason: 'flood' }]);
  expect(later.steps).toMatchObject([{ retryable: false }]);
  blocker.clock.advance(hours(1) + 300_000);
  const fresh = sshBruteForce({ from: '198.51.100.5', at: blocker.clock.now() });
  expect((await blocker.block(fresh)).threats).toMatchObject([{ outcome: 'blocked' }]);
});

it('a record that fails keeps its id, so that it alone is delivered again', async () => {
  const blocker = createTestBlocker({ trust: { channels: [queueArn] } });
  blocker.ec2.failNext('DescribeNetworkAcls', { code: 'InternalError' });
  const [record] = parseRecords(sqsEvent([eventFrom(1)], { queueArn, at: testTime }));
  if (record === undefined) throw new Error('no record');
  const outcomes = await blocker.block([record]);
  expect(toBatchResponse(outcomes)).toEqual({ batchItemFailures: [{ itemIdentifier: record.recordId }] });
});

it('plan says of a malformed record that it is, and records nothing', async () => {
  const blocker = createTestBlocker();
  const outcomes = await blocker.plan(parseRecords(sqsEvent(['{ broken'], { queueArn })));
  expect(outcomes).toMatchObject([{ preview: true, error: { code: 'FINDING_NOT_JSON' } }]);
  expect(blocker.records).toEqual([]);
});
