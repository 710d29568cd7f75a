import { assertComplete, hours, minutes, pause } from '@remedykit/core';
import { expect, it } from 'vitest';
import type { FakeEc2 } from '../../testing/fake-ec2/index.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { blackholeTraffic, sshBruteForce } from '../../testing/findings.ts';
import {
  callsOf,
  callsSince,
  createTestBlocker,
  createTestWorld,
  deniesIn,
  testTime,
} from '../../testing/test-blocker.ts';

const { networkAclId, accountId, region } = fakeWorld;
const attack = (n: number, at: Date = testTime) => sshBruteForce({ from: `198.51.100.${n}`, at });
const keyOf = (acl: string, direction = 'ingress') => `nacl/${accountId}/${region}/${acl}/${direction}`;

/** Five addresses denied, the last of them an hour later, and the time at which all but it have ended. */
const expired = async () => {
  const blocker = createTestBlocker();
  await blocker.block([1, 2, 3, 4].map((n) => attack(n)));
  blocker.clock.advance(hours(1));
  await blocker.block(attack(5, blocker.clock.now()));
  blocker.clock.advance(hours(23));
  return blocker;
};

it('G33, G32: one sweep takes out everything that has expired, from EC2 and from the ledger, and nothing else', async () => {
  const blocker = await expired();
  const outcome = await blocker.sweep();
  expect(outcome).toMatchObject({ kind: 'sweep', done: true, preview: false, ledgers: 1, alerts: [] });
  expect(outcome.releases.map(({ outcome, reason, entry }) => [outcome, reason, entry.cidr])).toEqual(
    [1, 2, 3, 4].map((n) => ['released', 'expired', `198.51.100.${n}/32`]),
  );
  expect(deniesIn(blocker.ec2).map(({ cidr }) => cidr)).toEqual(['198.51.100.5/32']);
  expect((await blocker.list()).map(({ cidr }) => cidr)).toEqual(['198.51.100.5/32']);
});

it('G34: the last entry goes as well, and its number is free again', async () => {
  const blocker = createTestBlocker();
  await blocker.block(attack(1));
  blocker.clock.advance(hours(24));
  await blocker.sweep();
  expect(deniesIn(blocker.ec2)).toEqual([]);
  expect(await blocker.list()).toEqual([]);
  await blocker.block(attack(2, blocker.clock.now()));
  expect(deniesIn(blocker.ec2)).toMatchObject([{ ruleNumber: 10 }]);
});

it('a deny holds until its end and not a moment less', async () => {
  const blocker = createTestBlocker();
  await blocker.block(attack(1));
  blocker.clock.advance(hours(24) - 1);
  expect((await blocker.sweep()).releases).toEqual([]);
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
});

it('a sweep with nothing to do reads the ledgers, lists the network ACLs once for the gate, and writes nothing', async () => {
  const blocker = createTestBlocker();
  await blocker.block(attack(1));
  const before = callsOf(blocker);
  expect(await blocker.sweep()).toMatchObject({ releases: [], steps: [], done: true });
  expect(callsSince(before, callsOf(blocker))).toEqual({ 'ec2:DescribeNetworkAcls': 1, 'store:list': 1 });
});

it('both directions are swept', async () => {
  const blocker = createTestBlocker();
  await blocker.block([attack(1), blackholeTraffic({ at: testTime })]);
  blocker.clock.advance(hours(24));
  const { releases } = await blocker.sweep();
  expect(releases.map(({ entry }) => entry.egress).toSorted()).toEqual([false, true]);
  expect(deniesIn(blocker.ec2, { egress: true })).toEqual([]);
});

it.each([
  ['another address', { cidr: '192.0.2.1/32', protocol: '6', ports: { from: 22, to: 22 } }],
  ['an allow', { cidr: '198.51.100.1/32', action: 'allow', protocol: '6', ports: { from: 22, to: 22 } }],
  ['other ports', { cidr: '198.51.100.1/32', protocol: '6', ports: { from: 22, to: 23 } }],
  ['all protocols', { cidr: '198.51.100.1/32' }],
] as const)('G35, G36: an entry that is not ours (any more) is left alone and said: %s', async (_, entry) => {
  const blocker = createTestBlocker();
  await blocker.block(attack(1));
  blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 10, ...entry });
  const before = blocker.ec2.networkAcls[0].ingress;
  blocker.clock.advance(hours(24));
  const outcome = await blocker.sweep();
  expect(outcome.releases).toMatchObject([{ outcome: 'foreign', entry: { ruleNumber: 10 } }]);
  expect(blocker.ec2.networkAcls[0].ingress).toEqual(before);
  expect(blocker.ec2.calls).not.toHaveProperty('ec2:DeleteNetworkAclEntry');
  expect(await blocker.list()).toEqual([]);
});

it('an entry that somebody swaps between the reading and the delete is left alone', async () => {
  const blocker = createTestBlocker();
  await blocker.block(attack(1));
  blocker.clock.advance(hours(24));
  let describes = 0;
  blocker.ec2.onCall(({ operation }) => {
    if (operation !== 'DescribeNetworkAcls') return;
    describes += 1;
    if (describes !== 2) return;
    blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
    blocker.ec2.addEntry(networkAclId, { ruleNumber: 10, cidr: '192.0.2.1/32' });
  });
  const outcome = await blocker.sweep();
  expect(outcome.releases).toMatchObject([{ outcome: 'foreign' }]);
  expect(deniesIn(blocker.ec2)).toMatchObject([{ ruleNumber: 10, cidr: '192.0.2.1/32' }]);
  expect(await blocker.list()).toEqual([]);
});

it('G36: with the ledger of somebody who writes lies, no entry outside the reserved range is deleted', async () => {
  const blocker = createTestBlocker();
  await blocker.block(attack(1));
  const key = keyOf(networkAclId);
  const stored = await blocker.store.get(key);
  if (stored === undefined) throw new Error('no ledger');
  const forged = JSON.parse(JSON.stringify(stored.value).replace('"ruleNumber":10', '"ruleNumber":200'));
  await blocker.store.compareAndSet(key, forged, stored.version);
  blocker.ec2.addEntry(networkAclId, {
    ruleNumber: 200,
    cidr: '198.51.100.1/32',
    protocol: '6',
    ports: { from: 22, to: 22 },
  });
  blocker.clock.advance(hours(24));
  await blocker.sweep();
  expect(deniesIn(blocker.ec2).map(({ ruleNumber }) => ruleNumber)).toEqual([10, 200]);
});

it('G6: a delete that fails keeps the slot, says so, and the next sweep does it', async () => {
  for (const [code, times] of [
    ['UnauthorizedOperation', 1],
    ['InternalError', 4],
  ] as const) {
    const blocker = createTestBlocker();
    await blocker.block(attack(1));
    blocker.clock.advance(hours(24));
    blocker.ec2.failNext('DeleteNetworkAclEntry', { code, times });
    const outcome = await blocker.sweep();
    expect(outcome.releases, code).toMatchObject([{ outcome: 'failed' }]);
    expect(() => assertComplete(outcome), code).toThrow();
    expect(await blocker.list(), code).toHaveLength(1);
    expect(deniesIn(blocker.ec2), code).toHaveLength(1);
    blocker.clock.advance(minutes(5));
    expect((await blocker.sweep()).releases, code).toMatchObject([{ outcome: 'released' }]);
    expect(await blocker.list(), code).toEqual([]);
    expect(deniesIn(blocker.ec2), code).toEqual([]);
  }
});

it('G6: a delete whose answer is lost is done, and a deny that is gone already is no error', async () => {
  const lost = createTestBlocker();
  await lost.block(attack(1));
  lost.clock.advance(hours(24));
  lost.ec2.failNext('DeleteNetworkAclEntry', { code: 'TimeoutError', after: 'effect' });
  expect((await lost.sweep()).releases).toMatchObject([{ outcome: 'released' }]);
  expect(await lost.list()).toEqual([]);

  const gone = createTestBlocker();
  await gone.block(attack(1));
  gone.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
  gone.clock.advance(hours(24));
  expect((await gone.sweep()).releases).toMatchObject([{ outcome: 'released', reason: 'already-gone' }]);
  expect(await gone.list()).toEqual([]);
});

it('G2: a ledger that cannot be read is alerted and left; the others are swept', async () => {
  const blocker = await expired();
  await blocker.store.putIfAbsent(keyOf('acl-broken'), { schema: 1, slots: 'none' });
  await blocker.store.putIfAbsent(keyOf('acl-newer'), { schema: 2 });
  const outcome = await blocker.sweep();
  expect(outcome.alerts.map(({ reason, subject }) => [reason, subject]).toSorted()).toEqual([
    ['ledger-invalid', keyOf('acl-broken')],
    ['ledger-newer', keyOf('acl-newer')],
  ]);
  expect(outcome.releases).toHaveLength(4);
  expect(() => assertComplete(outcome)).toThrow();
  expect((await blocker.store.get(keyOf('acl-broken')))?.value).toEqual({ schema: 1, slots: 'none' });
});

it('a network ACL that is gone takes its slots with it, and a person is told', async () => {
  const world = createTestWorld();
  const subnetId = world.ec2.addSubnet();
  const acl = world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
  world.ec2.addInterface({ subnetId, instanceId: 'i-elsewhere' });
  const blocker = createTestBlocker({}, world);
  await blocker.block(sshBruteForce({ from: '198.51.100.1', at: testTime, instanceId: 'i-elsewhere', subnetId }));
  world.ec2.removeNetworkAcl(acl);
  world.clock.advance(hours(24));
  const outcome = await blocker.sweep();
  expect(outcome.alerts).toMatchObject([{ reason: 'network-acl-gone', subject: acl }]);
  expect(await blocker.list()).toEqual([]);
  expect(() => assertComplete(outcome)).not.toThrow();
});

it('a network ACL that cannot be read keeps its slots', async () => {
  const blocker = await expired();
  blocker.ec2.failNext('DescribeNetworkAcls', { code: 'UnauthorizedOperation', times: 2 });
  const outcome = await blocker.sweep();
  expect(outcome.alerts.map(({ reason, subject }) => [reason, subject])).toEqual([
    ['access-denied', keyOf(networkAclId)],
  ]);
  expect(() => assertComplete(outcome)).toThrow();
  expect(await blocker.list()).toHaveLength(5);
});

it('G49: a sweep in dry-run says what it would take out, and takes nothing', async () => {
  const blocker = await expired();
  const outcome = await createTestBlocker({ mode: 'dry-run' }, blocker).sweep();
  expect(outcome).toMatchObject({ preview: true });
  expect(outcome.releases.map((release) => release.outcome)).toEqual(Array(4).fill('planned'));
  expect(deniesIn(blocker.ec2)).toHaveLength(5);
  expect(await blocker.list()).toHaveLength(5);
});

/** Many network ACLs, each with one deny that has ended. */
const manyLedgers = async (count: number) => {
  const world = createTestWorld();
  const blocker = createTestBlocker({}, world);
  const findings = Array.from({ length: count }, (_, n) => {
    const subnetId = world.ec2.addSubnet({ cidr: `10.0.${n + 2}.0/24` });
    world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
    world.ec2.addInterface({ subnetId, instanceId: `i-${n}` });
    return sshBruteForce({ from: '198.51.100.1', at: testTime, instanceId: `i-${n}`, subnetId });
  });
  const outcomes = await blocker.block(findings);
  expect(outcomes.filter(({ threats }) => threats[0]?.outcome === 'blocked')).toHaveLength(count);
  return blocker;
};

it('G37: every page of ledgers is listed and swept', async () => {
  const blocker = await manyLedgers(120);
  const before = blocker.store.calls.list;
  expect(await blocker.list()).toHaveLength(120);
  expect(blocker.store.calls.list - before).toBe(2);
  blocker.clock.advance(hours(24));
  const outcome = await blocker.sweep();
  expect(outcome).toMatchObject({ ledgers: 120, done: true });
  expect(outcome.releases).toHaveLength(120);
  expect(await blocker.list()).toEqual([]);
});

it('a sweep stops before time runs out, says where, and goes on from there', async () => {
  const blocker = await manyLedgers(120);
  blocker.clock.advance(hours(24));
  const first = await blocker.sweep({ remainingTimeMs: () => 14_999 });
  expect(first).toMatchObject({ done: false, cursor: expect.any(String) });
  expect(() => assertComplete(first)).toThrow();
  const { cursor } = first;
  const second = await blocker.sweep(cursor === undefined ? {} : { cursor });
  expect(second).toMatchObject({ done: true });
  expect(first.ledgers + second.ledgers).toBe(120);
  expect(await blocker.list()).toEqual([]);
});

it('a sweep without time for one more request writes nothing and is not done', async () => {
  const blocker = await expired();
  const before = callsOf(blocker);
  const outcome = await blocker.sweep({ remainingTimeMs: () => 4_999 });
  expect(outcome.done).toBe(false);
  expect(() => assertComplete(outcome)).toThrow();
  expect(callsSince(before, callsOf(blocker))).not.toHaveProperty('ec2:DeleteNetworkAclEntry');
  expect(await blocker.list()).toHaveLength(5);
  expect((await blocker.sweep()).releases).toHaveLength(4);
});

it('a deny that somebody removes right before the delete is released all the same', async () => {
  const blocker = createTestBlocker();
  await blocker.block(attack(1));
  blocker.clock.advance(hours(24));
  blocker.ec2.onCall(({ operation }) => {
    if (operation === 'DeleteNetworkAclEntry') blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
  });
  const outcome = await blocker.sweep();
  expect(outcome.releases).toMatchObject([{ outcome: 'released' }]);
  expect(outcome.steps).toMatchObject([{ status: 'already-applied', reason: 'already-gone' }]);
  expect(await blocker.list()).toEqual([]);
});

it('a sweep whose time runs out within a page goes on with that page', async () => {
  const blocker = await manyLedgers(120);
  blocker.clock.advance(hours(24));
  let lists = 0;
  blocker.store.hooks.beforeEach = (operation) => {
    if (operation === 'list') lists += 1;
  };
  const first = await blocker.sweep({ remainingTimeMs: () => (lists < 2 ? 20_000 : 4_000) });
  expect(first).toMatchObject({ done: false, ledgers: 100, cursor: expect.any(String) });
  const { cursor } = first;
  expect(await blocker.sweep(cursor === undefined ? {} : { cursor })).toMatchObject({ done: true, ledgers: 20 });
  expect(await blocker.list()).toEqual([]);
});

it('a list leaves nothing out in silence: with a ledger that cannot be read it rejects', async () => {
  const blocker = createTestBlocker();
  await blocker.store.putIfAbsent(keyOf('acl-broken'), 'nonsense');
  await expect(blocker.list()).rejects.toMatchObject({ code: 'LEDGER_INVALID' });
});

const elsewhere = { requestedBy: 'a.smith', reason: 'partner' };

it('what the gate would refuse today is released now and announced: a partner that was allow-listed since', async () => {
  const blocker = createTestBlocker();
  await blocker.block([attack(1), attack(2)]);
  blocker.clock.advance(minutes(10));
  const listed = createTestBlocker({ allowList: ['198.51.100.2'] }, blocker);
  const outcome = await listed.sweep();
  expect(outcome.releases).toMatchObject([
    { outcome: 'released', reason: 'now-protected', entry: { cidr: '198.51.100.2/32' }, announce: true },
  ]);
  expect(outcome.releases[0]?.because).toContain('allow-list');
  expect(deniesIn(blocker.ec2).map(({ cidr }) => cidr)).toEqual(['198.51.100.1/32']);
  expect((await listed.sweep()).releases).toEqual([]);
});

it.each([
  ['an address that has become ours', (ec2: FakeEc2): void => void ec2.addAddress({ publicIp: '198.51.100.1' })],
  ['a CIDR of a new VPC', (ec2: FakeEc2): void => void ec2.addVpc({ cidrs: ['198.51.100.0/28'] })],
  [
    'what the network ACL itself lets in explicitly',
    (ec2: FakeEc2): void => ec2.addEntry(networkAclId, { ruleNumber: 110, cidr: '198.51.100.0/24', action: 'allow' }),
  ],
] as const)('now-protected: %s', async (_, change) => {
  const blocker = createTestBlocker();
  await blocker.block(attack(1));
  // Inventories are kept for five minutes.
  blocker.clock.advance(minutes(6));
  change(blocker.ec2);
  expect((await blocker.sweep()).releases).toMatchObject([{ outcome: 'released', reason: 'now-protected' }]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('G26: facts that cannot be had release nothing, and a person is told once a day; what has expired goes all the same', async () => {
  const blocker = createTestBlocker();
  await blocker.block(attack(1));
  blocker.clock.advance(hours(1));
  await blocker.block(attack(2, blocker.clock.now()));
  blocker.clock.advance(hours(23));
  blocker.ec2.addAddress({ publicIp: '198.51.100.2' });
  blocker.ec2.failNext('DescribeAddresses', { code: 'UnauthorizedOperation', times: 100 });
  blocker.ec2.failNext('DescribeVpcs', { code: 'UnauthorizedOperation', times: 100 });
  const outcome = await blocker.sweep();
  expect(outcome.releases).toMatchObject([{ outcome: 'released', reason: 'expired' }]);
  expect(outcome.alerts).toMatchObject([
    { reason: 'facts-unavailable', subject: `${accountId}/${region}`, announce: true },
  ]);
  expect(deniesIn(blocker.ec2).map(({ cidr }) => cidr)).toEqual(['198.51.100.2/32']);
  expect((await blocker.sweep()).alerts).toMatchObject([{ reason: 'facts-unavailable', announce: false }]);
});

it('a block at its longest is released and announced for review', async () => {
  const blocker = createTestBlocker({ maxBlockFor: hours(30) });
  await blocker.block(attack(1));
  blocker.clock.advance(hours(20));
  await blocker.block(attack(1, blocker.clock.now()));
  blocker.clock.advance(hours(10) - 1);
  expect((await blocker.sweep()).releases).toEqual([]);
  blocker.clock.advance(1);
  const outcome = await blocker.sweep();
  expect(outcome.releases).toMatchObject([{ outcome: 'released', reason: 'longest-block', announce: true }]);
  expect(outcome.releases[0]?.because).toContain('a person');
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('what does not change is told once, and once a day: a broken ledger, a pause, a delete that fails', async () => {
  const blocker = await expired();
  await blocker.store.putIfAbsent(keyOf('acl-broken'), { schema: 1, slots: 'none' });
  blocker.ec2.failNext('DeleteNetworkAclEntry', { code: 'UnauthorizedOperation', times: 1_000 });
  const said = async () => {
    const { releases, alerts } = await blocker.sweep();
    return [...releases, ...alerts].map(({ announce }) => announce);
  };
  expect(await said()).toEqual([true, true, true, true, true]);
  blocker.clock.advance(minutes(5));
  expect(await said()).toEqual([false, false, false, false, false]);
  blocker.ec2.failNext('DeleteNetworkAclEntry', { code: 'UnauthorizedOperation', times: 0 });
  await pause(blocker.store, { ...elsewhere, scope: 'all-writes', until: hours(20) }, { now: blocker.clock.now });
  blocker.clock.advance(minutes(5));
  // The pause holds for the network ACL as a whole.
  expect(await said()).toEqual([true, true, true, true, false]);
  blocker.clock.advance(minutes(5));
  expect(await said()).toEqual([false, false, false, false, false]);
});

it('where it cannot be kept what was told, it is told again', async () => {
  const blocker = createTestBlocker();
  await blocker.store.putIfAbsent(keyOf('acl-broken'), { schema: 1, slots: 'none' });
  blocker.store.failNext('get', { prefix: 'upkeep/', times: 2 });
  for (let sweep = 1; sweep <= 2; sweep += 1)
    expect((await blocker.sweep()).alerts).toMatchObject([{ announce: true }]);
  expect((await blocker.sweep()).alerts).toMatchObject([{ announce: true }]);
  expect((await blocker.sweep()).alerts).toMatchObject([{ announce: false }]);
  // What a newer library keeps there is left as it is; nonsense is written anew.
  for (const [value, kept] of [
    [{ schema: 2, notices: [] }, true],
    ['nonsense', false],
  ] as const) {
    const stored = await blocker.store.get('upkeep/told');
    if (stored) await blocker.store.compareAndSet('upkeep/told', value, stored.version);
    expect((await blocker.sweep()).alerts).toMatchObject([{ announce: true }]);
    const after = await blocker.store.get('upkeep/told');
    if (kept) expect(after?.value).toEqual(value);
    else expect(after?.value).toMatchObject({ schema: 1 });
  }
});

it.each([
  ['a partner list', { partnerLists: { acme: ['198.51.100.0/28'] } }, 'partner-listed'],
  [
    "AWS's own services",
    { awsRanges: async () => ({ services: ['198.51.100.0/24'], ec2: [], amazon: [], asOf: testTime }) },
    'aws-service-range',
  ],
  ['a list of proxies', { proxyLists: { cdn: ['198.51.100.1'] } }, 'behind-proxy'],
] as const)('now-protected, with what says so: %s', async (_, options, reason) => {
  const blocker = createTestBlocker();
  await blocker.block(attack(1));
  blocker.clock.advance(minutes(1));
  const { releases } = await createTestBlocker(options, blocker).sweep();
  expect(releases).toMatchObject([{ outcome: 'released', reason: 'now-protected' }]);
  expect(releases[0]?.because).toContain(reason);
});

it('now-protected: an address of ours inside the network of an IPv6 attacker', async () => {
  const blocker = createTestBlocker();
  await blocker.block(sshBruteForce({ from: '2001:db8:1:2::7', at: testTime }));
  expect(deniesIn(blocker.ec2)).toMatchObject([{ cidr: '2001:db8:1:2::/64' }]);
  blocker.clock.advance(minutes(6));
  const own = async () => ({ cidrs: ['2001:db8:1:2:ffff::1'], asOf: blocker.clock.now() });
  const { releases } = await createTestBlocker({ ownAddresses: own }, blocker).sweep();
  expect(releases).toMatchObject([{ outcome: 'released', reason: 'now-protected' }]);
});

it('what the gate said at a sweep is in the audit record, by range and digest', async () => {
  const blocker = createTestBlocker();
  await blocker.block(attack(1));
  blocker.clock.advance(minutes(1));
  const listed = createTestBlocker({ allowList: ['198.51.100.0/24'] }, blocker);
  await listed.sweep();
  const record = listed.records.find((one) => 'decider' in one && one.decider === 'nacl/sweep');
  expect(record).toMatchObject({
    facts: {
      gate: {
        answers: { '198.51.100.1/32': { allowListed: '198.51.100.0/24' } },
        inventories: { allowList: { digest: expect.stringMatching(/^[0-9a-f]{32}$/) } },
      },
    },
  });
});

it('what was released is told although the next page of ledgers cannot be listed; a retry goes on there', async () => {
  const world = createTestWorld();
  await createTestBlocker({}, world).block([attack(1), blackholeTraffic({ at: testTime })]);
  world.clock.advance(hours(25));
  const list: typeof world.store.list = (prefix, options) => world.store.list(prefix, { ...options, limit: 1 });
  const blocker = createTestBlocker({ store: { ...world.store, list } }, world);
  let lists = 0;
  world.store.hooks.beforeEach = (operation) => {
    if (operation !== 'list') return;
    lists += 1;
    if (lists === 2) throw new Error('throttled');
  };
  const first = await blocker.sweep();
  expect(first.releases).toMatchObject([{ outcome: 'released', announce: true }]);
  expect(first).toMatchObject({ done: false, alerts: [{ subject: 'nacl/', announce: true }] });
  expect(() => assertComplete(first)).toThrow();
  const { cursor = '' } = first;
  expect(cursor).not.toBe('');
  const second = await blocker.sweep({ cursor });
  expect(second.releases).toMatchObject([{ outcome: 'released' }]);
  expect(second.done).toBe(true);
});

it('G36: a delete that throttling keeps waiting looks again, so that an entry swapped meanwhile is left alone', async () => {
  const blocker = createTestBlocker();
  await blocker.block([1, 2].map((n) => attack(n)));
  blocker.clock.advance(hours(24));
  let deletes = 0;
  blocker.ec2.onCall(({ operation }) => {
    if (operation !== 'DeleteNetworkAclEntry') return;
    deletes += 1;
    if (deletes > 1) return;
    blocker.clock.advance(5_000);
    blocker.ec2.removeEntry(networkAclId, { ruleNumber: 11 });
    blocker.ec2.addEntry(networkAclId, { ruleNumber: 11, cidr: '192.0.2.1/32' });
  });
  const outcome = await blocker.sweep();
  expect(outcome.releases).toMatchObject([{ outcome: 'released' }, { outcome: 'foreign' }]);
  expect(deniesIn(blocker.ec2)).toMatchObject([{ ruleNumber: 11, cidr: '192.0.2.1/32' }]);
});

it('deletes in quick succession share one look', async () => {
  const blocker = createTestBlocker();
  await blocker.block([1, 2, 3].map((n) => attack(n)));
  blocker.clock.advance(hours(24));
  const before = callsOf(blocker);
  await blocker.sweep();
  expect(callsSince(before, callsOf(blocker))).toMatchObject({
    'ec2:DeleteNetworkAclEntry': 3,
    'ec2:DescribeNetworkAcls': 2,
  });
});

it('the flood that a sweep notes as told is told, also where the quarter of an hour ends while it looks', async () => {
  const world = createTestWorld();
  const blocker = createTestBlocker({ newDeniesPerHour: 1 }, world);
  await blocker.block(attack(1));
  world.clock.advance(hours(24) - minutes(10));
  const late = world.clock.now();
  await blocker.block([2, 3].map((n) => attack(n, late)));
  await blocker.block(attack(4, late));
  expect((await blocker.block(attack(5, late))).threats).toMatchObject([{ reason: 'flood', announce: false }]);
  world.clock.advance(minutes(15) - 1);
  world.ec2.onCall(({ operation }) => {
    if (operation === 'DescribeNetworkAcls') world.clock.advance(1);
  });
  const { alerts } = await blocker.sweep();
  expect(alerts).toMatchObject([{ reason: 'flood', announce: true }]);
  expect(alerts[0]?.because).toContain('198.51.100.5/32');
});

it('G26: what a dead worker claimed is not written while who must never be denied is not known', async () => {
  const world = createTestWorld();
  world.ec2.failNext('CreateNetworkAclEntry', { code: 'InternalError', times: 4 });
  await createTestBlocker({}, world).block(attack(1));
  world.clock.advance(minutes(5));
  world.ec2.failNext('DescribeVpcs', { code: 'UnauthorizedOperation' });
  const outcome = await createTestBlocker({}, world).sweep();
  expect(outcome.releases).toMatchObject([{ outcome: 'failed', reason: 'facts-unavailable' }]);
  expect(() => assertComplete(outcome)).toThrow();
  expect(deniesIn(world.ec2)).toEqual([]);
  expect((await createTestBlocker({}, world).sweep()).releases).toMatchObject([{ outcome: 'retaken' }]);
  expect(deniesIn(world.ec2)).toHaveLength(1);
});
