import { assertComplete, hours, minutes } from '@remedykit/core';
import { expect, it } from 'vitest';
import { fakeWorld } from '../../testing/fake-world.ts';
import { blackholeTraffic, sshBruteForce } from '../../testing/findings.ts';
import {
  callsOf,
  callsSince,
  createTestBlocker,
  createTestWorld,
  deniesIn,
  type TestBlocker,
  testTime,
} from '../../testing/test-blocker.ts';

const { networkAclId, accountId, region } = fakeWorld;
const target = { accountId, region };
const attack = (n: number, at: Date = testTime) => sshBruteForce({ from: `198.51.100.${n}`, at });
const keyOf = (acl: string, direction = 'ingress') => `nacl/${accountId}/${region}/${acl}/${direction}`;
const remove = ({ ec2 }: Pick<TestBlocker, 'ec2'>, ruleNumber: number) => ec2.removeEntry(networkAclId, { ruleNumber });
const deniedBy = ({ ec2 }: Pick<TestBlocker, 'ec2'>): string[] => deniesIn(ec2).map(({ cidr }) => cidr);

/** `count` addresses denied, and a minute later. */
const blocked = async (count = 1, options: Parameters<typeof createTestBlocker>[0] = {}) => {
  const blocker = createTestBlocker(options);
  await blocker.block(Array.from({ length: count }, (_, n) => attack(n + 1)));
  blocker.clock.advance(minutes(1));
  return blocker;
};

it('ledger and network ACL that agree cost one listing of network ACLs and are not recorded', async () => {
  const blocker = await blocked();
  const before = callsOf(blocker);
  const records = blocker.records.length;
  expect(await blocker.reconcile()).toEqual({
    kind: 'reconcile',
    at: blocker.clock.now().toISOString(),
    preview: false,
    releases: [],
    orphans: [],
    contests: [],
    alerts: [],
    ledgers: 2,
    steps: [],
    done: true,
  });
  const calls = callsSince(before, callsOf(blocker));
  expect(Object.keys(calls).filter((call) => call.startsWith('ec2:'))).toEqual(['ec2:DescribeNetworkAcls']);
  expect(calls['ec2:DescribeNetworkAcls']).toBe(1);
  expect(blocker.records).toHaveLength(records);
});

it('G2: a deny that vanished is put back once and announced', async () => {
  const blocker = await blocked(2);
  remove(blocker, 10);
  const outcome = await blocker.reconcile();
  expect(outcome.releases).toMatchObject([
    { outcome: 'repaired', reason: 'restore', entry: { ruleNumber: 10, cidr: '198.51.100.1/32' }, announce: true },
  ]);
  expect(deniedBy(blocker)).toEqual(['198.51.100.1/32', '198.51.100.2/32']);
  expect((await blocker.reconcile()).releases).toEqual([]);
});

it('G2: taken out again, the network ACL is contested: nothing is put back, nothing suppressed, and people are told who', async () => {
  const asked: unknown[] = [];
  const whoChanged = async (...args: readonly unknown[]) => {
    asked.push(args);
    return 'role/terraform';
  };
  const blocker = await blocked(2, { whoChanged });
  remove(blocker, 10);
  await blocker.reconcile();
  const putBack = blocker.clock.now();
  blocker.clock.advance(minutes(20));
  remove(blocker, 10);
  const outcome = await blocker.reconcile();
  expect(outcome.releases).toMatchObject([{ outcome: 'given-up', reason: 'contested', entry: { ruleNumber: 10 } }]);
  expect(outcome.contests).toMatchObject([
    { state: 'begun', networkAclId, egress: false, who: 'role/terraform', announce: true, reason: 'contested' },
  ]);
  expect(asked).toEqual([[target, networkAclId, putBack]]);
  expect(deniedBy(blocker)).toEqual(['198.51.100.2/32']);
  expect((await blocker.list()).map(({ cidr }) => cidr)).toEqual(['198.51.100.2/32']);

  // A new deny is not written, and not suppressed either: it is said.
  blocker.clock.advance(minutes(1));
  const next = await blocker.block(attack(9, blocker.clock.now()));
  expect(next.threats).toMatchObject([{ outcome: 'not-blocked', reason: 'contested' }]);

  // Told once, and once more when it is over.
  const on = await blocker.reconcile();
  expect(on.contests).toMatchObject([{ state: 'on', announce: false }]);
  expect(asked).toHaveLength(1);
  blocker.clock.advance(hours(24));
  const over = await blocker.reconcile();
  expect(over.contests).toMatchObject([{ state: 'over', announce: true, reason: 'contest-over' }]);
  expect((await blocker.reconcile()).contests).toEqual([]);
  const again = await blocker.block(attack(9, blocker.clock.now()));
  expect(again.threats).toMatchObject([{ outcome: 'blocked' }]);
});

it('G2: three that vanish in ten minutes contest the network ACL', async () => {
  const blocker = await blocked(4);
  for (const ruleNumber of [10, 11]) {
    remove(blocker, ruleNumber);
    expect((await blocker.reconcile()).releases).toMatchObject([{ outcome: 'repaired' }]);
    blocker.clock.advance(minutes(2));
  }
  remove(blocker, 12);
  const outcome = await blocker.reconcile();
  expect(outcome.contests).toMatchObject([{ state: 'begun' }]);
  expect(outcome.contests[0]).not.toHaveProperty('who');
  expect(outcome.releases).toMatchObject([{ outcome: 'given-up', entry: { ruleNumber: 12 } }]);
});

it('a describe that lags is no vanishing: EC2 has the entry, and nothing is counted', async () => {
  const blocker = await blocked();
  blocker.clock.advance(minutes(5));
  for (let look = 1; look <= 4; look += 1) {
    // Somebody's answer of before, twice: to the listing and to the look before the write.
    remove(blocker, 10);
    let describes = 0;
    blocker.ec2.onCall(({ operation }) => {
      if (operation === 'DescribeNetworkAcls') describes += 1;
      if (operation === 'CreateNetworkAclEntry' && describes >= 2) {
        describes = 0;
        blocker.ec2.addEntry(networkAclId, {
          ruleNumber: 10,
          cidr: '198.51.100.1/32',
          protocol: '6',
          ports: { from: 22, to: 22 },
        });
      }
    });
    expect((await blocker.reconcile()).contests).toEqual([]);
    blocker.ec2.onCall(undefined);
    blocker.clock.advance(minutes(20));
  }
  expect(deniedBy(blocker)).toEqual(['198.51.100.1/32']);
  const stored = await blocker.store.get(keyOf(networkAclId));
  expect(stored?.value).toMatchObject({ vanishings: [] });
});

it('G3: an entry of the other direction under one of our numbers is no drift', async () => {
  const blocker = await blocked();
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 10, cidr: '192.0.2.1/32', action: 'allow', egress: true });
  expect(await blocker.reconcile()).toMatchObject({ releases: [], orphans: [], alerts: [] });
  expect(await blocker.list()).toHaveLength(1);
});

it.each([
  ['a deny of another address', { cidr: '192.0.2.1/32' }],
  ['an allow of ours', { cidr: '198.51.100.1/32', action: 'allow', protocol: '6', ports: { from: 22, to: 22 } }],
  ['a deny of other ports', { cidr: '198.51.100.1/32', protocol: '6', ports: { from: 22, to: 23 } }],
] as const)('G36, G2: our number under %s: untouched, alerted once, let go of', async (_, entry) => {
  const blocker = await blocked(2);
  remove(blocker, 10);
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 10, ...entry });
  const before = blocker.ec2.networkAcls[0].ingress;
  const writes = { ...blocker.ec2.calls };
  const outcome = await blocker.reconcile();
  expect(outcome.releases).toMatchObject([{ outcome: 'foreign', reason: 'foreign', entry: { ruleNumber: 10 } }]);
  // Told as foreign, it is not told again as a deny that nobody knows.
  expect(outcome.orphans.filter(({ announce }) => announce)).toEqual([]);
  const next = await blocker.reconcile();
  expect(next.releases).toEqual([]);
  expect(next.orphans.filter(({ announce }) => announce)).toEqual([]);
  expect(blocker.ec2.networkAcls[0].ingress).toEqual(before);
  expect(blocker.ec2.calls).toMatchObject({ 'ec2:CreateNetworkAclEntry': writes['ec2:CreateNetworkAclEntry'] });
  expect((await blocker.list()).map(({ ruleNumber }) => ruleNumber)).toEqual([11]);
});

it('G36: denies in the range that no ledger knows are listed at every look, told once and never touched', async () => {
  const blocker = await blocked();
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 20, cidr: '192.0.2.1/32' });
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 21, cidr: '2001:db8::/64', protocol: '50' });
  // Out of the range, or an allow: nobody's business.
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 9, cidr: '192.0.2.2/32' });
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 22, cidr: '192.0.2.3/32', action: 'allow' });
  const before = blocker.ec2.networkAcls[0].ingress;
  const orphans = async () =>
    (await blocker.reconcile()).orphans.map(({ ruleNumber, announce }) => [ruleNumber, announce]);
  expect(await orphans()).toEqual([
    [20, true],
    [21, true],
  ]);
  expect(await orphans()).toEqual([
    [20, false],
    [21, false],
  ]);
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 23, cidr: '192.0.2.4/32' });
  blocker.ec2.removeEntry(networkAclId, { ruleNumber: 20 });
  expect(await orphans()).toEqual([
    [21, false],
    [23, true],
  ]);
  // One that went and came back is news again.
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 20, cidr: '192.0.2.1/32' });
  expect(await orphans()).toEqual([
    [20, true],
    [21, false],
    [23, false],
  ]);
  expect(blocker.ec2.networkAcls[0].ingress.filter(({ ruleNumber }) => ruleNumber !== 23)).toEqual(before);
});

/** A world whose table was lost after three denies, one of them on the way out. */
const lost = async () => {
  const world = createTestWorld();
  const blocker = createTestBlocker({}, world);
  await blocker.block([attack(1), attack(2), blackholeTraffic({ at: testTime })]);
  for (const direction of ['ingress', 'egress']) {
    const stored = await world.store.get(keyOf(networkAclId, direction));
    if (stored) await world.store.delete(stored.key, stored.version);
  }
  world.clock.advance(minutes(5));
  return blocker;
};

it('G2: after a lost table nothing is known of any account, and `targets` says where to look', async () => {
  const blocker = await lost();
  expect(await blocker.reconcile()).toMatchObject({ ledgers: 0, orphans: [] });
  const outcome = await blocker.reconcile({ targets: [target] });
  expect(outcome.orphans.map(({ ruleNumber, egress, cidr }) => [ruleNumber, egress, cidr]).toSorted()).toEqual([
    [10, false, '198.51.100.1/32'],
    [10, true, expect.any(String)],
    [11, false, '198.51.100.2/32'],
  ]);
  expect(await blocker.list()).toEqual([]);
  expect(deniesIn(blocker.ec2)).toHaveLength(2);
});

it('G10, G32: orphans are taken over only where a person asks, with his end and his name', async () => {
  const blocker = await lost();
  const expires = new Date(testTime.getTime() + hours(48));
  const adopt = { requestedBy: 'a.smith', reason: 'table lost, INC-12', expires };
  const first = await blocker.reconcile({ targets: [target], adopt: { ...adopt, ruleNumbers: [11] } });
  expect(first.releases).toMatchObject([
    { outcome: 'adopted', reason: 'adopted', entry: { ruleNumber: 11, expiresAt: expires.toISOString() } },
  ]);
  expect(first.orphans.map(({ ruleNumber }) => ruleNumber)).toEqual([10, 10]);
  expect((await blocker.reconcile({ adopt: { ...adopt, networkAclIds: ['acl-other'] } })).releases).toEqual([]);
  const rest = await blocker.reconcile({ adopt });
  expect(rest.releases).toHaveLength(2);
  expect(rest.orphans).toEqual([]);
  expect(await blocker.list()).toHaveLength(3);
  expect(await blocker.list()).toContainEqual(
    expect.objectContaining({ cidr: '198.51.100.2/32', findingType: 'adopted', expiresAt: expires.toISOString() }),
  );
  const record = blocker.records.findLast((one) => 'decider' in one && one.decider === 'nacl/reconcile');
  expect(JSON.stringify(record)).toContain('table lost, INC-12');
  blocker.clock.set(expires);
  expect((await blocker.sweep()).releases.map(({ outcome }) => outcome)).toEqual(Array(3).fill('released'));
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it.each([
  ['by nobody', { requestedBy: ' ' }],
  ['for no reason', { reason: '' }],
  ['until the past', { expires: new Date(testTime.getTime() - 1) }],
  ['for ever', { expires: new Date('2100-01-01') }],
  ['until no time', { expires: new Date('never') }],
])('adoption %s is refused', async (_, change) => {
  const adopt = { requestedBy: 'a.smith', reason: 'lost', expires: new Date(testTime.getTime() + 1), ...change };
  await expect(createTestBlocker().reconcile({ adopt })).rejects.toMatchObject({ code: 'RECONCILE_OPTION_INVALID' });
});

it('a target that is none is refused', async () => {
  const blocker = createTestBlocker();
  await expect(blocker.reconcile({ targets: [{ accountId: '1', region }] })).rejects.toMatchObject({
    code: 'RECONCILE_OPTION_INVALID',
  });
});

it('an entry that ended a moment ago and that EC2 still shows is no orphan', async () => {
  const blocker = await blocked();
  blocker.clock.advance(hours(24));
  blocker.ec2.staleReads({ forMs: 20_000 });
  expect((await blocker.sweep()).releases).toMatchObject([{ outcome: 'released' }]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
  expect(await blocker.reconcile()).toMatchObject({ orphans: [] });
});

it('what has expired or was unblocked is not put back', async () => {
  const blocker = await blocked();
  blocker.clock.advance(hours(24));
  remove(blocker, 10);
  expect((await blocker.reconcile()).releases).toMatchObject([{ outcome: 'released', reason: 'already-gone' }]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
  expect(await blocker.list()).toEqual([]);
});

it('G13: a deny that would have no effect is not put back, and is said', async () => {
  const blocker = await blocked(2);
  remove(blocker, 11);
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 5, cidr: '198.51.100.2/32', action: 'allow' });
  expect((await blocker.reconcile()).releases).toMatchObject([{ outcome: 'given-up', reason: 'allow-precedes' }]);
  expect(await blocker.explain({ address: '198.51.100.2' })).toMatchObject({
    places: [{ slots: [], unplaced: [{ reason: 'allow-precedes' }] }],
  });
  expect((await blocker.list()).map(({ ruleNumber }) => ruleNumber)).toEqual([10]);
});

it('G2: a ledger that cannot be read is told once a day; the others are reconciled', async () => {
  const blocker = await blocked();
  await blocker.store.putIfAbsent(keyOf('acl-broken'), { schema: 1, slots: 'none' });
  await blocker.store.putIfAbsent('nacl/nonsense', 'nonsense');
  remove(blocker, 10);
  const outcome = await blocker.reconcile();
  expect(outcome.alerts.map(({ reason, subject, announce }) => [reason, subject, announce])).toEqual([
    ['ledger-invalid', 'nacl/nonsense', true],
    ['ledger-invalid', keyOf('acl-broken'), true],
  ]);
  expect(outcome.releases).toMatchObject([{ outcome: 'repaired' }]);
  expect(() => assertComplete(outcome)).toThrow();
  blocker.clock.advance(hours(1));
  expect((await blocker.reconcile()).alerts.map(({ announce }) => announce)).toEqual([false, false]);
  blocker.clock.advance(hours(24));
  expect((await blocker.reconcile()).alerts.map(({ announce }) => announce)).toEqual([true, true]);
  expect((await blocker.store.get(keyOf('acl-broken')))?.value).toEqual({ schema: 1, slots: 'none' });
});

it('G41: a network ACL listing that fails concludes nothing', async () => {
  const blocker = await blocked();
  remove(blocker, 10);
  blocker.ec2.failNext('DescribeNetworkAcls', { code: 'UnauthorizedOperation' });
  const outcome = await blocker.reconcile();
  expect(outcome).toMatchObject({ releases: [], alerts: [{ reason: 'access-denied', announce: true }] });
  expect(() => assertComplete(outcome)).toThrow();
  expect(await blocker.list()).toHaveLength(1);
  expect((await blocker.reconcile()).releases).toMatchObject([{ outcome: 'repaired' }]);
});

it('G9: what a worker is writing under a lease is left to it; what a dead one left is finished', async () => {
  const blocker = await blocked();
  blocker.ec2.failNext('CreateNetworkAclEntry', { code: 'InternalError', times: 10 });
  await blocker.block(attack(2));
  blocker.ec2.failNext('CreateNetworkAclEntry', { code: 'InternalError', times: 0 });
  expect(await blocker.list()).toContainEqual(expect.objectContaining({ status: 'claimed' }));
  expect((await blocker.reconcile()).releases).toEqual([]);
});

it('G37: every page of network ACLs is read', async () => {
  const world = createTestWorld({ pageSize: 1 });
  const ids = Array.from({ length: 5 }, () =>
    world.ec2.addNetworkAcl({ entries: [{ ruleNumber: 30, cidr: '192.0.2.1/32' }] }),
  );
  const outcome = await createTestBlocker({}, world).reconcile({ targets: [target] });
  expect(outcome.orphans.map((orphan) => orphan.networkAclId).toSorted()).toEqual(ids.toSorted());
  expect(outcome.ledgers).toBe(12);
});

it('network ACLs of a VPC that is shared with the account are its owner’s', async () => {
  const world = createTestWorld();
  world.ec2.addNetworkAcl({ ownerId: '444455556666', entries: [{ ruleNumber: 30, cidr: '192.0.2.1/32' }] });
  expect(await createTestBlocker({}, world).reconcile({ targets: [target] })).toMatchObject({ orphans: [] });
});

it('a network ACL that is gone takes its slots with it', async () => {
  const world = createTestWorld();
  const subnetId = world.ec2.addSubnet();
  const acl = world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
  world.ec2.addInterface({ subnetId, instanceId: 'i-elsewhere' });
  const blocker = createTestBlocker({}, world);
  await blocker.block(sshBruteForce({ from: '198.51.100.1', at: testTime, instanceId: 'i-elsewhere', subnetId }));
  world.ec2.removeNetworkAcl(acl);
  world.clock.advance(minutes(5));
  const outcome = await blocker.reconcile();
  expect(outcome.alerts).toMatchObject([{ reason: 'network-acl-gone', subject: acl, announce: true }]);
  expect(await blocker.list()).toEqual([]);
  expect(await blocker.reconcile()).toMatchObject({ alerts: [], releases: [] });
});

it('no more is put back in an hour than entry writes are allowed; the rest is said and comes later', async () => {
  const blocker = await blocked(2, { entryWritesPerHour: 3 });
  for (const ruleNumber of [10, 11]) remove(blocker, ruleNumber);
  const outcome = await blocker.reconcile();
  expect(outcome.releases.map(({ outcome: result, reason }) => [result, reason])).toEqual([
    ['repaired', 'restore'],
    ['refused', 'flood'],
  ]);
  expect((await blocker.reconcile()).releases).toMatchObject([{ outcome: 'refused', announce: false }]);
  blocker.clock.advance(hours(2));
  expect((await blocker.reconcile()).releases).toMatchObject([{ outcome: 'repaired' }]);
});

it('G49: in dry-run it says what it would do, once a day, and does nothing', async () => {
  const blocker = await blocked();
  remove(blocker, 10);
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 20, cidr: '192.0.2.1/32' });
  const dry = createTestBlocker({ mode: 'dry-run' }, blocker);
  const outcome = await dry.reconcile();
  expect(outcome).toMatchObject({
    preview: true,
    releases: [{ outcome: 'planned', reason: 'restore', announce: true }],
    orphans: [{ ruleNumber: 20, announce: true }],
  });
  expect(await dry.reconcile()).toMatchObject({ releases: [{ announce: false }], orphans: [{ announce: false }] });
  expect(deniedBy(blocker)).toEqual(['192.0.2.1/32']);
});

/** Network ACLs with one vanished deny each. */
const manyDrifted = async (count: number) => {
  const world = createTestWorld();
  const blocker = createTestBlocker({}, world);
  const acls: string[] = [];
  const findings = Array.from({ length: count }, (_, n) => {
    const subnetId = world.ec2.addSubnet({ cidr: `10.0.${n + 2}.0/24` });
    acls.push(world.ec2.addNetworkAcl({ subnetIds: [subnetId] }));
    world.ec2.addInterface({ subnetId, instanceId: `i-${n}` });
    return sshBruteForce({ from: '198.51.100.1', at: testTime, instanceId: `i-${n}`, subnetId });
  });
  await blocker.block(findings);
  for (const acl of acls) world.ec2.removeEntry(acl, { ruleNumber: 10 });
  world.clock.advance(minutes(5));
  return blocker;
};

it('stops before time runs out, says where, and goes on from there', async () => {
  const blocker = await manyDrifted(30);
  const first = await blocker.reconcile({ remainingTimeMs: () => 14_999 });
  expect(first).toMatchObject({ done: false, cursor: expect.stringContaining('nacl/') });
  expect(first.releases.length).toBeGreaterThan(0);
  expect(() => assertComplete(first)).toThrow();
  const second = await blocker.reconcile(first.cursor === undefined ? {} : { cursor: first.cursor });
  expect(second.done).toBe(true);
  expect(first.releases.length + second.releases.length).toBe(30);
  expect(first.ledgers + second.ledgers).toBe(62);
});

it('without time for one request it writes nothing and is not done', async () => {
  const blocker = await blocked();
  remove(blocker, 10);
  const outcome = await blocker.reconcile({ remainingTimeMs: () => 4_999 });
  expect(outcome).toMatchObject({ done: false, releases: [], cursor: expect.any(String) });
  expect(deniedBy(blocker)).toEqual([]);
});

it('a worker that blocks at the same time is not taken for drift', async () => {
  const blocker = await blocked();
  const other = createTestBlocker({}, blocker);
  let once = true;
  blocker.store.hooks.afterEach = async (operation) => {
    if (operation !== 'list' || !once) return;
    once = false;
    await other.block(attack(2, blocker.clock.now()));
  };
  expect(await blocker.reconcile()).toMatchObject({ releases: [], orphans: [], contests: [] });
  expect(await blocker.list()).toHaveLength(2);
});

/** Two accounts, one vanished deny in each. */
const twoAccounts = async () => {
  const world = createTestWorld();
  const otherId = '444455556666';
  const other = createTestWorld({ accountId: otherId });
  const ec2 = (asked: { readonly accountId: string }) => (asked.accountId === otherId ? other.ec2 : world.ec2);
  const options = { accounts: [accountId, otherId], ec2 };
  const blocker = createTestBlocker(options, world);
  await blocker.block([attack(1), { ...attack(1), accountId: otherId }]);
  for (const one of [world.ec2, other.ec2]) one.removeEntry(networkAclId, { ruleNumber: 10 });
  world.clock.advance(minutes(5));
  return { blocker, other, otherId };
};

it('G41, G48: an account that cannot be read costs no other anything', async () => {
  const { blocker, other } = await twoAccounts();
  blocker.ec2.failNext('DescribeNetworkAcls', { code: 'UnauthorizedOperation' });
  const outcome = await blocker.reconcile();
  expect(outcome.alerts).toMatchObject([{ reason: 'access-denied', subject: `nacl/${accountId}/${region}/` }]);
  expect(outcome.releases).toMatchObject([{ outcome: 'repaired', target: { accountId: '444455556666' } }]);
  expect(deniesIn(other.ec2)).toHaveLength(1);
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('G48: goes from account to account, and goes on at the next where time ran out', async () => {
  const { blocker, otherId } = await twoAccounts();
  const first = await blocker.reconcile({ remainingTimeMs: () => 14_999 });
  expect(first).toMatchObject({ done: false, cursor: `nacl/${otherId}/${region}/` });
  expect(first.releases).toMatchObject([{ target: { accountId } }]);
  const second = await blocker.reconcile(first.cursor === undefined ? {} : { cursor: first.cursor });
  expect(second).toMatchObject({ done: true, releases: [{ outcome: 'repaired', target: { accountId: otherId } }] });
});

it('where nobody can say who did it, people are told of the rest', async () => {
  const blocker = await blocked(2, { whoChanged: () => Promise.reject(new Error('no trail')) });
  for (let time = 1; time <= 2; time += 1) {
    blocker.clock.advance(minutes(20));
    remove(blocker, 10);
    await blocker.reconcile();
  }
  expect(blocker.observed).toContainEqual(expect.objectContaining({ event: 'who-unknown' }));
  expect(await blocker.explain({ address: '198.51.100.1' })).toMatchObject({ places: [{ contested: {} }] });
});

it('a quarrel that shows when a finding comes is told by the next reconcile, with who it is', async () => {
  const blocker = await blocked(2, { whoChanged: async () => 'user/b.jones' });
  remove(blocker, 10);
  await blocker.reconcile();
  blocker.clock.advance(minutes(20));
  remove(blocker, 10);
  const at = blocker.clock.now();
  expect((await blocker.block(attack(1, at))).threats).toMatchObject([{ outcome: 'not-blocked', reason: 'contested' }]);
  const outcome = await blocker.reconcile();
  expect(outcome.contests).toMatchObject([{ state: 'on', announce: true, who: 'user/b.jones' }]);
  expect((await blocker.reconcile()).contests).toMatchObject([{ announce: false }]);
});

it('what EC2 had all along is not told as gone and put back', async () => {
  const blocker = await blocked();
  blocker.clock.advance(minutes(5));
  remove(blocker, 10);
  const ports = { from: 22, to: 22 };
  blocker.ec2.onCall(({ operation }) => {
    if (operation === 'CreateNetworkAclEntry')
      blocker.ec2.addEntry(networkAclId, { ruleNumber: 10, cidr: '198.51.100.1/32', protocol: '6', ports });
  });
  const outcome = await blocker.reconcile();
  expect(outcome.releases).toMatchObject([{ outcome: 'repaired', reason: 'already-exists', announce: false }]);
});

it('many orphans far apart are told once, in one note that pushes out no other', async () => {
  const world = createTestWorld({ entryQuota: 40 });
  const blocker = createTestBlocker({ ruleNumbers: { from: 10_000, to: 10_199 }, quota: 40 }, world);
  const addOrphan = (n: number) =>
    world.ec2.addEntry(networkAclId, { ruleNumber: 10_000 + 2 * n, cidr: `192.0.2.${n}/32` });
  for (let n = 0; n < 30; n += 1) addOrphan(n);
  const news = async () =>
    (await blocker.reconcile({ targets: [target] })).orphans.filter(({ announce }) => announce).length;
  expect([await news(), await news()]).toEqual([30, 0]);
  addOrphan(30);
  expect(await news()).toBe(1);
  const stored = await world.store.get(keyOf(networkAclId));
  expect(stored?.value).toMatchObject({ notices: [{ about: expect.stringMatching(/^orphans\/10000,.*,10060$/) }] });
});

it('an adopted deny that nobody saw again ends when a person said, and is not up for review', async () => {
  const world = createTestWorld();
  world.ec2.addEntry(networkAclId, { ruleNumber: 20, cidr: '198.51.100.9/32' });
  const blocker = createTestBlocker({}, world);
  const expires = new Date(testTime.getTime() + hours(24 * 30));
  await blocker.reconcile({ targets: [target], adopt: { requestedBy: 'a.smith', reason: 'lost table', expires } });
  world.clock.set(expires);
  expect((await blocker.sweep()).releases).toMatchObject([{ outcome: 'released', reason: 'expired' }]);
});

it.each(['unblock', 'drain', 'sweep'] as const)(
  'what was taken out a moment ago by %s and EC2 still shows is no orphan, and is not adopted',
  async (by) => {
    const blocker = await blocked(2);
    blocker.clock.advance(minutes(1));
    const author = { reason: 'tidying', requestedBy: 'a.smith' };
    blocker.ec2.staleReads({ forMs: 30_000 });
    // The first release is not the last one.
    if (by === 'unblock') await blocker.unblock({ address: '198.51.100.2', ...author, suppressFor: hours(1) });
    if (by === 'drain') await blocker.drain(author);
    else if (by === 'unblock') await blocker.unblock({ address: '198.51.100.1', ...author, suppressFor: hours(1) });
    else await createTestBlocker({ allowList: ['198.51.100.0/24'] }, blocker).sweep();
    const adopt = { ...author, expires: new Date(blocker.clock.now().getTime() + hours(1)) };
    const outcome = await blocker.reconcile({ adopt });
    expect(deniedBy(blocker)).toEqual([]);
    expect(outcome).toMatchObject({ orphans: [], releases: [] });
    expect(await blocker.list()).toEqual([]);
  },
);
