import type { EC2Client, NetworkAcl } from '@aws-sdk/client-ec2';
import { days, hours, minutes } from '@remedykit/core';
import { expect, it } from 'vitest';
import { parseFinding } from '../../parse/index.ts';
import { asAsff, securityHubEvent } from '../../testing/asff-events.ts';
import { createFakeEc2 } from '../../testing/fake-ec2/index.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { sshBruteForceEvent } from '../../testing/finding-events.ts';
import { blackholeTraffic, portProbe, sshBruteForce } from '../../testing/findings.ts';
import {
  callsOf,
  callsSince,
  createTestBlocker,
  createTestWorld,
  deniesIn,
  testTime,
} from '../../testing/test-blocker.ts';

const attacker = '198.51.100.7';
const attack = (at: Date = testTime) => sshBruteForce({ from: attacker, at });
const ledgerKeyOf = (networkAclId: string, direction = 'ingress') =>
  `nacl/${fakeWorld.accountId}/${fakeWorld.region}/${networkAclId}/${direction}`;

/** A blocker whose shared facts are cached already, so that calls are those of the findings. */
const warm = async () => {
  const blocker = createTestBlocker();
  await blocker.block(sshBruteForce({ from: '198.51.100.200', at: testTime }));
  return { blocker, since: callsOf(blocker) };
};

it('a new attacker is denied on the attacked port, with an end, and the outcome says where', async () => {
  const blocker = createTestBlocker();
  const outcome = await blocker.block(attack());
  const entry = { ruleNumber: 10, cidr: `${attacker}/32`, protocol: '6', ports: { from: 22, to: 22 } };
  expect(deniesIn(blocker.ec2)).toEqual([{ ...entry, action: 'deny' }]);
  expect(deniesIn(blocker.ec2, { egress: true })).toEqual([]);
  expect(outcome).toMatchObject({ kind: 'block', preview: false, escalate: false, done: true });
  expect(outcome.threats).toMatchObject([
    {
      outcome: 'blocked',
      announce: true,
      missing: [],
      entries: [
        {
          ...entry,
          networkAclId: fakeWorld.networkAclId,
          egress: false,
          expiresAt: '2026-11-25T10:00:00.000Z',
          subnetIds: [fakeWorld.subnetId],
        },
      ],
    },
  ]);
  expect(outcome.steps).toMatchObject([
    { status: 'applied', requestIds: [expect.stringMatching(/^00000000-/)], retryable: false },
  ]);
});

it('a new attacker costs six calls: interfaces, network ACL, ledger read, claim, create, settle', async () => {
  const { blocker, since } = await warm();
  await blocker.block(attack());
  expect(callsSince(since, callsOf(blocker))).toEqual({
    'ec2:DescribeNetworkAcls': 1,
    'ec2:DescribeNetworkInterfaces': 1,
    'ec2:CreateNetworkAclEntry': 1,
    'store:get': 1,
    'store:compareAndSet': 2,
  });
});

it('G31: the same sighting again costs two calls, changes nothing, and is told because it made the deny', async () => {
  const { blocker } = await warm();
  await blocker.block(attack());
  const since = callsOf(blocker);
  const outcome = await blocker.block(attack());
  expect(callsSince(since, callsOf(blocker))).toEqual({ 'ec2:DescribeNetworkAcls': 1, 'store:get': 1 });
  expect(outcome.threats).toMatchObject([{ outcome: 'unchanged', announce: true, reason: 'in-force' }]);
});

it('G31: a later sighting extends with three calls and tells nobody', async () => {
  const { blocker } = await warm();
  await blocker.block(attack());
  blocker.clock.advance(minutes(1));
  const since = callsOf(blocker);
  const outcome = await blocker.block(attack(new Date(testTime.getTime() + 30_000)));
  const { 'store:get': gets, ...calls } = callsSince(since, callsOf(blocker));
  // The control documents (two gets) are read anew every 15 seconds.
  expect({ ...calls, 'store:get': (gets ?? 0) - 2 }).toEqual({
    'ec2:DescribeNetworkAcls': 1,
    'store:get': 1,
    'store:compareAndSet': 1,
  });
  expect(outcome.threats).toMatchObject([{ outcome: 'extended', announce: false }]);
  expect((await blocker.list()).find(({ cidr }) => cidr === `${attacker}/32`)).toMatchObject({
    expiresAt: '2026-11-25T10:00:30.000Z',
    hits: 2,
  });
});

it('G11: forty sightings over two weeks leave one entry, held for a week at most', async () => {
  const blocker = createTestBlocker({ maxBlockFor: days(7) });
  for (let sighting = 0; sighting < 40; sighting++) {
    const at = new Date(testTime.getTime() + sighting * hours(6));
    blocker.clock.set(at);
    await blocker.sweep();
    await blocker.block(attack(at));
    expect(deniesIn(blocker.ec2)).toHaveLength(1);
    const [entry] = await blocker.list();
    const held = Date.parse(entry?.expiresAt ?? '') - Date.parse(entry?.firstBlockedAt ?? '');
    expect(held).toBeLessThanOrEqual(days(7));
  }
});

it('an attacker seen when a deny has ended at its longest, before a sweep, is denied anew and told', async () => {
  const blocker = createTestBlocker({ blockFor: hours(24), maxBlockFor: hours(24) });
  await blocker.block(attack());
  blocker.clock.advance(hours(25));
  const outcome = await blocker.block(attack(blocker.clock.now()));
  expect(outcome.threats).toMatchObject([{ outcome: 'extended', announce: true }]);
  expect(await blocker.list()).toMatchObject([{ expiresAt: '2026-11-26T11:00:00.000Z' }]);
  await blocker.sweep();
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
});

it('G2: a refresh notices that the deny is gone, puts it back and says so', async () => {
  const { blocker } = await warm();
  await blocker.block(attack());
  const [, { ruleNumber } = { ruleNumber: 0 }] = deniesIn(blocker.ec2);
  blocker.ec2.removeEntry(fakeWorld.networkAclId, { ruleNumber });
  blocker.clock.advance(minutes(1));
  const outcome = await blocker.block(attack());
  expect(deniesIn(blocker.ec2)).toMatchObject([{}, { ruleNumber, cidr: `${attacker}/32` }]);
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked', announce: true, reason: 'brute-force' }]);
});

it('a deny that EC2 does not show yet is not written twice', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.staleReads({ forCalls: 5 });
  await blocker.block(attack());
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'unchanged' }]);
  expect(blocker.ec2.calls['ec2:CreateNetworkAclEntry']).toBe(1);
});

it('G16: an outbound black-hole connection is denied on the way out, on all ports, and escalated', async () => {
  const blocker = createTestBlocker();
  const outcome = await blocker.block(blackholeTraffic({ to: '203.0.113.66', at: testTime }));
  expect(deniesIn(blocker.ec2, { egress: true })).toEqual([
    { ruleNumber: 10, cidr: '203.0.113.66/32', protocol: '-1', action: 'deny' },
  ]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
  expect(outcome).toMatchObject({ escalate: true, threats: [{ outcome: 'blocked' }] });
});

it('G21: both families of one remote host are denied, IPv6 as its /64, under distinct rule numbers', async () => {
  const blocker = createTestBlocker();
  await blocker.block(sshBruteForce({ from: attacker, ipv6: '2001:db8:1:2::7', at: testTime }));
  expect(deniesIn(blocker.ec2)).toMatchObject([
    { ruleNumber: 10, cidr: `${attacker}/32` },
    { ruleNumber: 11, cidr: '2001:db8:1:2::/64' },
  ]);
});

it('G1: every address of one probe gets its own entry and its own slot in one claim', async () => {
  const blocker = createTestBlocker();
  const addresses = ['198.51.100.1', '198.51.100.2', '198.51.100.3'].map((address) => ({ address }));
  const outcome = await blocker.block(portProbe({ addresses, at: testTime }));
  expect(deniesIn(blocker.ec2).map(({ ruleNumber, cidr }) => [ruleNumber, cidr])).toEqual([
    [10, '198.51.100.1/32'],
    [11, '198.51.100.2/32'],
    [12, '198.51.100.3/32'],
  ]);
  expect((await blocker.list()).map(({ cidr }) => cidr)).toEqual(deniesIn(blocker.ec2).map(({ cidr }) => cidr));
  expect(outcome.threats.map((threat) => threat.outcome)).toEqual(['blocked', 'blocked', 'blocked']);
  // Ledger absent: the claim makes the document, the settlement changes it.
  expect(blocker.store.calls).toMatchObject({ putIfAbsent: 1, compareAndSet: 1 });
});

it('G3: a rule of somebody else in the other direction with a number of our range is no drift', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.addEntry(fakeWorld.networkAclId, { ruleNumber: 10, egress: true, cidr: '192.0.2.0/24' });
  await blocker.block(attack());
  expect(deniesIn(blocker.ec2)).toMatchObject([{ ruleNumber: 10, cidr: `${attacker}/32` }]);
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'unchanged' }]);
});

it('G35: numbers that a person uses are left alone and stepped over', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.addEntry(fakeWorld.networkAclId, { ruleNumber: 10, cidr: '192.0.2.0/24' });
  await blocker.block(attack());
  expect(deniesIn(blocker.ec2)).toMatchObject([
    { ruleNumber: 10, cidr: '192.0.2.0/24' },
    { ruleNumber: 11, cidr: `${attacker}/32` },
  ]);
});

it('G13: an allow before the reserved range makes the outcome ineffective, and nothing is written', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.addEntry(fakeWorld.networkAclId, { ruleNumber: 5, cidr: '0.0.0.0/0', action: 'allow' });
  const outcome = await blocker.block(attack());
  expect(outcome).toMatchObject({ escalate: true, threats: [{ outcome: 'ineffective', announce: true, entries: [] }] });
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('G38: when the network ACL is full, what is not blocked is said, once, and the foreign rules stay', async () => {
  const blocker = createTestBlocker();
  const { ec2 } = blocker;
  // 20 in all: the default deny, the allow, 16 of other people; 2 are kept free for people.
  for (let foreign = 0; foreign < 16; foreign++) {
    ec2.addEntry(fakeWorld.networkAclId, { ruleNumber: 200 + foreign, cidr: `192.0.2.${foreign}/32` });
  }
  const outcome = await blocker.block(attack());
  expect(outcome).toMatchObject({
    escalate: true,
    threats: [{ outcome: 'not-blocked', reason: 'quota', announce: true, entries: [] }],
  });
  expect(outcome.threats[0]?.missing).toMatchObject([{ networkAclId: fakeWorld.networkAclId, reason: 'quota' }]);
  blocker.clock.advance(minutes(5));
  const before = callsOf(blocker);
  const again = await blocker.block(attack(new Date(testTime.getTime() + minutes(4))));
  expect(again.threats).toMatchObject([{ outcome: 'not-blocked', announce: false }]);
  // Listed already: not written again.
  expect(callsSince(before, callsOf(blocker))).not.toHaveProperty('store:compareAndSet');
  expect(deniesIn(ec2)).toHaveLength(16);
});

it('G38: EC2 itself says that there is no room: not blocked, listed, and the number is free again', async () => {
  const blocker = createTestBlocker({ quota: 40, headroom: 0 });
  for (let foreign = 0; foreign < 18; foreign++) {
    blocker.ec2.addEntry(fakeWorld.networkAclId, { ruleNumber: 200 + foreign, cidr: `192.0.2.${foreign}/32` });
  }
  const outcome = await blocker.block(attack());
  expect(outcome).toMatchObject({ escalate: true, threats: [{ outcome: 'not-blocked', reason: 'quota' }] });
  expect(outcome.steps).toMatchObject([{ status: 'failed', retryable: false }]);
  expect(await blocker.list()).toEqual([]);
  blocker.ec2.removeEntry(fakeWorld.networkAclId, { ruleNumber: 200 });
  blocker.clock.advance(minutes(1));
  const later = await blocker.block(attack());
  expect(later.threats).toMatchObject([{ outcome: 'blocked' }]);
});

it('G17, G18: the interface that the finding names decides which network ACL is changed', async () => {
  const blocker = createTestBlocker();
  const { ec2 } = blocker;
  const other = ec2.addSubnet();
  const otherAcl = ec2.addNetworkAcl({ subnetIds: [other] });
  const second = ec2.addInterface({ subnetId: other, instanceId: fakeWorld.instanceId });
  ec2.addNetworkAcl({ networkAclId: 'acl-unrelated' });
  // The local address of the finding is that of the first interface, its local interface the second.
  const byInterface = sshBruteForce({ from: attacker, at: testTime, subnetId: other, networkInterfaceId: second });
  const named = {
    ...byInterface,
    action:
      byInterface.action?.kind === 'network-connection'
        ? { ...byInterface.action, local: { networkInterfaceId: second, port: 22 } }
        : undefined,
  };
  const { action, ...rest } = named;
  const outcome = await blocker.block(action === undefined ? rest : { ...rest, action });
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked', entries: [{ networkAclId: otherAcl }] }]);
  expect(deniesIn(ec2)).toEqual([]);
  expect(deniesIn(ec2, { networkAclId: otherAcl })).toMatchObject([{ cidr: `${attacker}/32` }]);
  expect(deniesIn(ec2, { networkAclId: 'acl-unrelated' })).toEqual([]);
});

it('G18: where the finding does not say which interface, every network ACL of the instance is changed', async () => {
  const blocker = createTestBlocker();
  const { ec2 } = blocker;
  const other = ec2.addSubnet();
  const otherAcl = ec2.addNetworkAcl({ subnetIds: [other] });
  ec2.addInterface({ subnetId: other, instanceId: fakeWorld.instanceId });
  const finding = attack();
  const action = finding.action?.kind === 'network-connection' ? { ...finding.action, local: { port: 22 } } : undefined;
  const outcome = await blocker.block({ ...finding, ...(action ? { action } : {}) });
  expect(outcome.threats[0]?.entries.map(({ networkAclId }) => networkAclId).toSorted()).toEqual(
    [fakeWorld.networkAclId, otherAcl].toSorted(),
  );
  expect(deniesIn(ec2)).toHaveLength(1);
  expect(deniesIn(ec2, { networkAclId: otherAcl })).toHaveLength(1);
});

it('an interface that has moved since the finding is denied where it is now', async () => {
  const blocker = createTestBlocker();
  const { ec2 } = blocker;
  const other = ec2.addSubnet();
  const otherAcl = ec2.addNetworkAcl({ subnetIds: [other] });
  ec2.removeInterface(fakeWorld.networkInterfaceId);
  ec2.addInterface({ subnetId: other, instanceId: fakeWorld.instanceId });
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked', entries: [{ networkAclId: otherAcl }] }]);
  expect(deniesIn(ec2)).toEqual([]);
});

it('an instance without a live interface is escalated, nothing is written', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.removeInterface(fakeWorld.networkInterfaceId);
  const outcome = await blocker.block(attack());
  expect(outcome).toMatchObject({ escalate: true, threats: [{ outcome: 'escalated', reason: 'no-live-interface' }] });
  expect(outcome.steps).toMatchObject([{ status: 'skipped', retryable: false }]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
  expect(blocker.store.calls).toMatchObject({ putIfAbsent: 0, compareAndSet: 0 });
});

it('a finding without an instance is escalated', async () => {
  const blocker = createTestBlocker();
  const outcome = await blocker.block(sshBruteForce({ from: attacker, at: testTime, instanceId: false }));
  expect(outcome).toMatchObject({ escalate: true, threats: [{ outcome: 'escalated', reason: 'no-instance' }] });
});

it('a network ACL of another account (shared VPC) is not touched, and escalated', async () => {
  const blocker = createTestBlocker();
  const vpcId = blocker.ec2.addVpc({ ownerId: '444455556666', networkAclId: 'acl-theirs' });
  const subnetId = blocker.ec2.addSubnet({ vpcId });
  blocker.ec2.removeInterface(fakeWorld.networkInterfaceId);
  blocker.ec2.addInterface({ subnetId, instanceId: fakeWorld.instanceId });
  const outcome = await blocker.block(sshBruteForce({ from: attacker, at: testTime, vpcId, subnetId }));
  expect(outcome).toMatchObject({ escalate: true, threats: [{ outcome: 'escalated', reason: 'shared-vpc' }] });
  expect(deniesIn(blocker.ec2, { networkAclId: 'acl-theirs' })).toEqual([]);
});

it('G30, G48: account and Region of the finding decide whose network ACL is changed', async () => {
  const world = createTestWorld();
  const elsewhere = createFakeEc2({ accountId: '444455556666', region: 'us-east-1', now: world.clock.now });
  const asked: string[] = [];
  const blocker = createTestBlocker(
    {
      accounts: [fakeWorld.accountId, '444455556666'],
      ec2: (target) => {
        asked.push(`${target.accountId}/${target.region}`);
        return target.accountId === '444455556666' && target.region === 'us-east-1' ? elsewhere : world.ec2;
      },
    },
    world,
  );
  await blocker.block(sshBruteForce({ from: attacker, at: testTime, accountId: '444455556666', region: 'us-east-1' }));
  expect(new Set(asked)).toEqual(new Set(['444455556666/us-east-1']));
  expect(deniesIn(elsewhere)).toHaveLength(1);
  expect(deniesIn(world.ec2)).toEqual([]);
  expect(await blocker.list()).toMatchObject([{ accountId: '444455556666', region: 'us-east-1' }]);
});

it('G10: the ledger says whom, why, since when and until when', async () => {
  const blocker = createTestBlocker();
  const finding = attack();
  await blocker.block(finding);
  expect(await blocker.list()).toEqual([
    {
      accountId: fakeWorld.accountId,
      region: fakeWorld.region,
      networkAclId: fakeWorld.networkAclId,
      direction: 'ingress',
      ruleNumber: 10,
      cidr: `${attacker}/32`,
      protocol: '6',
      ports: { from: 22, to: 22 },
      status: 'active',
      firstBlockedAt: testTime.toISOString(),
      lastSeen: testTime.toISOString(),
      expiresAt: '2026-11-25T10:00:00.000Z',
      hits: 1,
      sightings: 1,
      severity: 2,
      findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
      findingIds: [finding.id],
    },
  ]);
});

it('G49: dry-run makes every check, says the exact plan, records it, and writes nothing', async () => {
  const world = createTestWorld();
  const dry = createTestBlocker({ mode: 'dry-run' }, world);
  const preview = await dry.block(attack());
  expect(preview.preview).toBe(true);
  expect(preview.threats).toMatchObject([{ outcome: 'planned', announce: true }]);
  expect(deniesIn(world.ec2)).toEqual([]);
  expect(await world.store.get(ledgerKeyOf(fakeWorld.networkAclId))).toBeUndefined();
  expect(world.store.calls).toMatchObject({ putIfAbsent: 0, compareAndSet: 0, delete: 0 });
  expect(dry.records).toHaveLength(2);

  const real = await createTestBlocker({}, world).block(attack());
  expect(real.threats[0]?.entries).toEqual(preview.threats[0]?.entries);
  expect(deniesIn(world.ec2)).toHaveLength(1);
});

it('G49: in dry-run whoever is allow-listed is refused as in earnest', async () => {
  const blocker = createTestBlocker({ mode: 'dry-run', allowList: [attacker] });
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'refused', reason: 'allow-listed' }]);
});

it('G49: what fails in a dry run or a plan is a preview as well', async () => {
  const world = createTestWorld();
  const dry = createTestBlocker({ mode: () => 'dry-run', trust: { readBack: world.guardDuty } }, world);
  world.ec2.failNext('DescribeNetworkAcls', { code: 'UnauthorizedOperation' });
  expect(await dry.block(attack())).toMatchObject({ preview: true, threats: [{ outcome: 'failed' }] });
  world.guardDuty.failNext('GetFindings', { code: 'InternalServerErrorException' });
  expect(await dry.block(attack())).toMatchObject({ preview: true, threats: [{ outcome: 'failed' }] });
  const enforcing = createTestBlocker({}, world);
  world.ec2.failNext('DescribeNetworkAcls', { code: 'UnauthorizedOperation', times: 2 });
  expect(await enforcing.plan(attack())).toMatchObject({ preview: true, threats: [{ outcome: 'failed' }] });
  expect(await enforcing.block(attack())).toMatchObject({ preview: false, threats: [{ outcome: 'failed' }] });
});

it('the mode is asked per account, Region and finding type', async () => {
  const asked: unknown[] = [];
  const blocker = createTestBlocker({
    mode: (target) => {
      asked.push(target);
      return 'dry-run';
    },
  });
  expect((await blocker.block(attack())).preview).toBe(true);
  expect(asked).toContainEqual({
    accountId: fakeWorld.accountId,
    region: fakeWorld.region,
    findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
  });
});

it('plan says what would be done at any time, from any channel, without records, writes or GuardDuty', async () => {
  const blocker = createTestBlocker({ trust: { readBack: createTestWorld().guardDuty } });
  const seen = new Date('2026-08-01T12:00:00.000Z');
  const finding = { ...sshBruteForce({ from: attacker, at: seen }), provenance: { channel: 'bare' } as const };
  const outcome = await blocker.plan(finding, { at: seen });
  expect(outcome).toMatchObject({ preview: true, threats: [{ outcome: 'planned' }] });
  expect(outcome.threats[0]?.entries).toMatchObject([{ ruleNumber: 10, expiresAt: '2026-08-02T12:00:00.000Z' }]);
  expect((await blocker.plan(finding)).threats).toMatchObject([{ outcome: 'escalated', reason: 'stale' }]);
  expect(blocker.records).toEqual([]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
  expect(blocker.store.calls).toMatchObject({ putIfAbsent: 0, compareAndSet: 0 });
});

it('a remaining time that is no number of milliseconds is refused, for a lease needs an end', async () => {
  const blocker = createTestBlocker();
  const query = { address: attacker, reason: 'a partner', requestedBy: 'a.smith', suppressFor: days(1) };
  for (const left of [Number.NaN, Number.POSITIVE_INFINITY, undefined as never]) {
    const call = { remainingTimeMs: () => left };
    const refused = { code: 'REMAINING_TIME_INVALID', message: expect.stringContaining('functionTimeout') };
    await expect(blocker.block(attack(), call), String(left)).rejects.toMatchObject(refused);
    await expect(blocker.sweep(call), String(left)).rejects.toMatchObject(refused);
    await expect(blocker.unblock(query, call), String(left)).rejects.toMatchObject(refused);
  }
  expect(blocker.store.calls.putIfAbsent).toBe(0);
});

it('an event that nobody parsed is misuse and throws, alone and in a batch; nothing is acknowledged', async () => {
  const blocker = createTestBlocker();
  const refused = { code: 'BLOCK_INPUT_INVALID', message: expect.stringContaining('parseFinding') };
  for (const event of [sshBruteForceEvent({ from: attacker, at: testTime }), { Records: [] }, {}, 'text', undefined]) {
    await expect(blocker.block(event as never)).rejects.toMatchObject(refused);
    await expect(blocker.plan(event as never)).rejects.toMatchObject(refused);
    await expect(blocker.block([attack(), event as never])).rejects.toMatchObject(refused);
  }
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('plan refuses a time that is none', async () => {
  const blocker = createTestBlocker();
  // Without a zone it would be another instant on every machine; 1 would be the year 2001.
  for (const at of ['yesterday', '2026-11-24 10:00', '2026-11-24T10:00:00', '1', '', new Date(Number.NaN)])
    await expect(blocker.plan(attack(), { at }), String(at)).rejects.toMatchObject({ code: 'PLAN_TIME_INVALID' });
  for (const at of ['2026-11-24', '2026-11-24T10:00Z', '2026-11-24T11:00:00.5+01:00', testTime])
    expect(await blocker.plan(attack(), { at }), String(at)).toMatchObject({ preview: true });
});

it('G23: our own public address is refused, whether it is an Elastic IP or that of an interface', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.addAddress({ publicIp: '198.51.100.20' });
  const elastic = await blocker.block(sshBruteForce({ from: '198.51.100.20', at: testTime }));
  const assigned = await blocker.block(sshBruteForce({ from: fakeWorld.publicIp, at: testTime }));
  expect([elastic, assigned].map(({ threats }) => [threats[0]?.outcome, threats[0]?.reason])).toEqual([
    ['refused', 'own-address'],
    ['refused', 'own-address'],
  ]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('G37: own addresses and VPC ranges are read over all pages', async () => {
  const world = createTestWorld({ pageSize: 1 });
  for (let i = 0; i < 4; i++) world.ec2.addInterface({ publicIp: `198.51.100.${100 + i}` });
  world.ec2.addVpc({ cidrs: ['192.0.2.0/25'] });
  const blocker = createTestBlocker({}, world);
  const own = await blocker.block(sshBruteForce({ from: '198.51.100.103', at: testTime }));
  const vpc = await blocker.block(sshBruteForce({ from: '192.0.2.5', at: testTime }));
  expect(own.threats).toMatchObject([{ outcome: 'refused', reason: 'own-address' }]);
  expect(vpc.threats).toMatchObject([{ outcome: 'refused', reason: 'vpc-cidr' }]);
});

it('G26: without own addresses nothing is blocked, the failure is said and retryable', async () => {
  for (const operation of ['DescribeAddresses', 'DescribeNetworkInterfaces', 'DescribeVpcs']) {
    const blocker = createTestBlocker();
    blocker.ec2.failNext(operation, { code: 'UnauthorizedOperation' });
    const outcome = await blocker.block(attack());
    expect(outcome.threats, operation).toMatchObject([
      { outcome: 'failed', reason: 'facts-unavailable', announce: true },
    ]);
    expect(outcome.steps, operation).toMatchObject([{ status: 'failed', retryable: true }]);
    expect(deniesIn(blocker.ec2), operation).toEqual([]);
    // A failure is not kept: the retry works.
    expect((await blocker.block(attack())).threats, operation).toMatchObject([{ outcome: 'blocked' }]);
  }
});

it('G26: own addresses that are too old are none', async () => {
  const ownAddresses = async () => ({ cidrs: [], asOf: new Date(testTime.getTime() - days(3)) });
  const blocker = createTestBlocker({ ownAddresses });
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'failed', reason: 'facts-unavailable' }]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('G41: a network ACL that cannot be read is a failure to be retried, not "no network ACL"', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.failNext('DescribeNetworkAcls', { code: 'UnauthorizedOperation' });
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'access-denied', announce: true }]);
  expect(outcome.steps).toMatchObject([{ status: 'failed', retryable: true }]);
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'blocked' }]);
});

it('a ledger that cannot be read or is no ledger writes nothing in its network ACL', async () => {
  const broken = createTestBlocker();
  await broken.store.putIfAbsent(ledgerKeyOf(fakeWorld.networkAclId), { schema: 1, slots: 'none' });
  expect((await broken.block(attack())).threats).toMatchObject([{ outcome: 'failed', reason: 'ledger-invalid' }]);
  expect(deniesIn(broken.ec2)).toEqual([]);

  const down = createTestBlocker();
  down.store.failNext('get', { prefix: 'nacl/' });
  expect((await down.block(attack())).threats).toMatchObject([{ outcome: 'failed', reason: 'state-unavailable' }]);
  expect(deniesIn(down.ec2)).toEqual([]);
});

it('a ledger of a newer library is left alone, loudly', async () => {
  const blocker = createTestBlocker();
  const key = ledgerKeyOf(fakeWorld.networkAclId);
  await blocker.store.putIfAbsent(key, { schema: 2 });
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'failed', reason: 'ledger-newer' }]);
  expect((await blocker.store.get(key))?.value).toEqual({ schema: 2 });
});

it('a finding whose subnet is gone is denied where the instance is now', async () => {
  const blocker = createTestBlocker();
  const outcome = await blocker.block(sshBruteForce({ from: attacker, at: testTime, subnetId: 'subnet-gone' }));
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked', entries: [{ networkAclId: fakeWorld.networkAclId }] }]);
});

it('what seemed to need no write and does after all is not written unverified', async () => {
  // The deny is gone, and the time during which EC2 may not show it ends between the look and the decision.
  let unconfirmed = 0;
  for (let early = 0; early < 40; early++) {
    const world = createTestWorld();
    const finding = attack();
    world.guardDuty.hold(sshBruteForceEvent({ from: attacker, at: testTime }));
    await createTestBlocker({ trust: { readBack: world.guardDuty } }, world).block(finding);
    world.ec2.removeEntry(fakeWorld.networkAclId, { ruleNumber: 10 });
    world.clock.advance(30_000 - early);
    world.ec2.resetCalls();
    world.guardDuty.resetCalls();
    const ticking = () => {
      world.clock.advance(1);
      return world.clock.now();
    };
    const blocker = createTestBlocker({ trust: { readBack: world.guardDuty }, now: ticking }, world);
    const outcome = await blocker.block(finding);
    if (outcome.threats[0]?.reason === 'ledger-changed') {
      unconfirmed += 1;
      expect(outcome.steps).toMatchObject([{ status: 'failed', retryable: true }]);
    }
    const wrote = world.ec2.calls['ec2:CreateNetworkAclEntry'] ?? 0;
    expect(world.guardDuty.calls['guardduty:GetFindings'] ?? 0).toBe(wrote);
  }
  expect(unconfirmed).toBeGreaterThan(0);
});

it('G21, G23: an IPv6 deny is as wide as its /64, so an address of ours or of a partner in it refuses it', async () => {
  const from = '2001:db8:1:2::7';
  const partner = createTestBlocker({ allowList: ['2001:db8:1:2::99'] });
  expect((await partner.block(sshBruteForce({ from, at: testTime }))).threats).toMatchObject([
    { outcome: 'refused', reason: 'allow-listed' },
  ]);
  const vpc = createTestBlocker();
  vpc.ec2.addVpc({ ipv6Cidrs: ['2001:db8:1:2:8000::/80'] });
  expect((await vpc.block(sshBruteForce({ from, at: testTime }))).threats).toMatchObject([
    { outcome: 'refused', reason: 'vpc-cidr' },
  ]);
  const own = createTestBlocker();
  own.ec2.addInterface({ ipv6: ['2001:db8:1:2::5'] });
  expect((await own.block(sshBruteForce({ from, at: testTime }))).threats).toMatchObject([
    { outcome: 'refused', reason: 'own-address' },
  ]);
});

it("other people's words stay out of the audit trail", async () => {
  const blocker = createTestBlocker();
  const finding = attack();
  expect(finding.title).toBeDefined();
  await blocker.block(finding);
  for (const record of blocker.records) {
    expect(JSON.stringify(record)).not.toContain('is performing SSH brute force');
  }
});

it('a severity that came through Security Hub does not rank', async () => {
  const blocker = createTestBlocker();
  const asff = asAsff(sshBruteForceEvent({ from: attacker, at: testTime, severity: 8 }));
  const outcome = await blocker.block(parseFinding(securityHubEvent([asff], testTime)));
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked' }]);
  expect(await blocker.list()).toMatchObject([{ severity: 0 }]);
});

it('a subnet whose network ACL cannot be found is said, although the attacker is denied in the other', async () => {
  const world = createTestWorld();
  const subnetId = world.ec2.addSubnet();
  world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
  world.ec2.addInterface({ subnetId, instanceId: fakeWorld.instanceId });
  const { send } = world.ec2;
  // As while EC2 does not show a new association yet.
  const lagging: Pick<EC2Client, 'send'>['send'] = async (command: never) => {
    const answer = (await send(command)) as { NetworkAcls?: NetworkAcl[] };
    const shown = answer.NetworkAcls?.filter(({ Associations = [] }) =>
      Associations.every((association) => association.SubnetId !== subnetId),
    );
    return shown ? { ...answer, NetworkAcls: shown } : answer;
  };
  const blocker = createTestBlocker({ ec2: { send: lagging } }, world);
  const finding = sshBruteForce({ from: attacker, at: testTime });
  const { action, ...rest } = finding;
  const unknownEnd =
    action?.kind === 'network-connection' ? { ...rest, action: { ...action, local: { port: 22 } } } : finding;
  const outcome = await blocker.block(unknownEnd);
  expect(deniesIn(world.ec2)).toHaveLength(1);
  expect(outcome).toMatchObject({
    escalate: true,
    threats: [{ outcome: 'escalated', reason: 'no-place', announce: true }],
  });
  expect(outcome.threats[0]?.because).toContain(subnetId);
  expect(outcome.threats[0]?.entries).toHaveLength(1);
});
