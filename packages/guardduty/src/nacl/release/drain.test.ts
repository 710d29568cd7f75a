import { assertComplete, hours, minutes, pause } from '@remedykit/core';
import { expect, it } from 'vitest';
import { fakeWorld } from '../../testing/fake-world.ts';
import { blackholeTraffic, sshBruteForce } from '../../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, testTime } from '../../testing/test-blocker.ts';

const { networkAclId, accountId, region } = fakeWorld;
const attack = (n: number, at: Date = testTime) => sshBruteForce({ from: `198.51.100.${n}`, at });
const asked = { requestedBy: 'a.smith', reason: 'remedykit is being removed' } as const;
const keyOf = (acl: string, direction = 'ingress') => `nacl/${accountId}/${region}/${acl}/${direction}`;

/** Three denies in both directions beside entries of others, a few minutes ago. */
const filled = async () => {
  const blocker = createTestBlocker();
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 50, cidr: '192.0.2.77/32' });
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 51, cidr: '198.51.100.1/32', egress: true });
  await blocker.block([attack(1), attack(2), blackholeTraffic({ at: testTime })]);
  blocker.clock.advance(minutes(5));
  return blocker;
};

it('G36: takes everything of ours out of every network ACL, nothing else, and leaves the ledgers empty', async () => {
  const blocker = await filled();
  const outcome = await blocker.drain(asked);
  expect(outcome).toMatchObject({ kind: 'drain', done: true, preview: false, ledgers: 2, alerts: [], ...{} });
  expect(outcome).toMatchObject({ requestedBy: 'a.smith', because: 'remedykit is being removed' });
  expect(outcome.releases.map(({ outcome: result, reason }) => [result, reason])).toEqual(
    Array(3).fill(['released', 'drained']),
  );
  expect(deniesIn(blocker.ec2)).toMatchObject([{ ruleNumber: 50 }]);
  expect(deniesIn(blocker.ec2, { egress: true })).toMatchObject([{ ruleNumber: 51 }]);
  expect(await blocker.list()).toEqual([]);
  expect(await blocker.store.get(keyOf(networkAclId))).toBeDefined();
  expect(blocker.store.calls.delete).toBe(0);
  expect((await blocker.drain(asked)).releases).toEqual([]);
});

it('records who asked and why', async () => {
  const blocker = await filled();
  await blocker.drain(asked);
  const record = blocker.records.findLast((one) => 'decider' in one && one.decider === 'nacl/drain');
  expect(JSON.stringify(record)).toContain('remedykit is being removed');
});

it('prevents no new deny: that is for whoever switches it off', async () => {
  const blocker = await filled();
  await blocker.drain(asked);
  blocker.clock.advance(minutes(1));
  expect((await blocker.block(attack(1, blocker.clock.now()))).threats).toMatchObject([{ outcome: 'blocked' }]);
});

it.each([
  { ...asked, requestedBy: '' },
  { ...asked, reason: ' ' },
  { ...asked, reason: 'x'.repeat(257) },
])('by nobody or for no reason is refused: %j', async (request) => {
  const blocker = await filled();
  await expect(blocker.drain(request)).rejects.toMatchObject({ code: 'DRAIN_REQUEST_INVALID' });
  expect(await blocker.list()).toHaveLength(3);
});

it('G36: an entry that is not ours (any more) is left alone and said', async () => {
  const blocker = await filled();
  blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
  blocker.ec2.addEntry(networkAclId, { ruleNumber: 10, cidr: '192.0.2.1/32' });
  const outcome = await blocker.drain(asked);
  expect(outcome.releases).toContainEqual(
    expect.objectContaining({ outcome: 'foreign', entry: expect.objectContaining({ ruleNumber: 10 }) }),
  );
  expect(deniesIn(blocker.ec2).map(({ ruleNumber }) => ruleNumber)).toEqual([10, 50]);
  expect(await blocker.list()).toEqual([]);
});

it('G36: an entry that somebody swaps between the reading and the delete is left alone', async () => {
  const blocker = await filled();
  let describes = 0;
  blocker.ec2.onCall(({ operation }) => {
    if (operation !== 'DescribeNetworkAcls') return;
    describes += 1;
    // The two ledgers are read, then each is looked at once more before its deletes.
    if (describes !== 3) return;
    blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
    blocker.ec2.addEntry(networkAclId, { ruleNumber: 10, cidr: '192.0.2.1/32' });
  });
  const outcome = await blocker.drain(asked);
  expect(outcome.releases).toContainEqual(expect.objectContaining({ outcome: 'foreign' }));
  expect(deniesIn(blocker.ec2)).toContainEqual(expect.objectContaining({ ruleNumber: 10, cidr: '192.0.2.1/32' }));
});

it('G9: what a worker is writing is kept, said, and can be drained when its lease has ended', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.failNext('CreateNetworkAclEntry', { code: 'InternalError', after: 'effect', times: 10 });
  blocker.ec2.failNext('DescribeNetworkAcls', { code: 'InternalError', times: 0 });
  let looks = 0;
  blocker.ec2.onCall(({ operation }) => {
    if (operation !== 'DescribeNetworkAcls') return;
    looks += 1;
    // The look at who holds the number fails as well, so nobody knows whether the create took place.
    if (looks > 1) throw Object.assign(new Error('gone'), { name: 'TimeoutError' });
  });
  await blocker.block(attack(1));
  blocker.ec2.onCall(undefined);
  expect(await blocker.list()).toMatchObject([{ status: 'claimed' }]);
  const outcome = await blocker.drain(asked);
  expect(outcome.releases).toMatchObject([{ outcome: 'failed', reason: 'in-progress', announce: true }]);
  expect(() => assertComplete(outcome)).toThrow();
  blocker.clock.advance(minutes(2));
  expect((await blocker.drain(asked)).releases).toMatchObject([{ outcome: 'released' }]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
  expect(await blocker.list()).toEqual([]);
});

it('G6: a delete that fails keeps the slot, and the next drain does it', async () => {
  const blocker = await filled();
  blocker.ec2.failNext('DeleteNetworkAclEntry', { code: 'UnauthorizedOperation' });
  const outcome = await blocker.drain(asked);
  expect(outcome.releases.filter((one) => one.outcome === 'failed')).toHaveLength(1);
  expect(() => assertComplete(outcome)).toThrow();
  expect(await blocker.list()).toHaveLength(1);
  expect((await blocker.drain(asked)).releases).toMatchObject([{ outcome: 'released' }]);
});

it('G2: a ledger that cannot be read is alerted, and the others are drained', async () => {
  const blocker = await filled();
  await blocker.store.putIfAbsent(keyOf('acl-broken'), 'nonsense');
  const outcome = await blocker.drain(asked);
  expect(outcome.alerts).toMatchObject([{ reason: 'ledger-invalid', announce: true }]);
  expect(outcome.releases).toHaveLength(3);
  expect(() => assertComplete(outcome)).toThrow();
});

it('a network ACL that is gone is forgotten', async () => {
  const world = createTestWorld();
  const subnetId = world.ec2.addSubnet();
  const acl = world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
  world.ec2.addInterface({ subnetId, instanceId: 'i-elsewhere' });
  const blocker = createTestBlocker({}, world);
  await blocker.block(sshBruteForce({ from: '198.51.100.1', at: testTime, instanceId: 'i-elsewhere', subnetId }));
  world.ec2.removeNetworkAcl(acl);
  expect(await blocker.drain(asked)).toMatchObject({ alerts: [{ reason: 'network-acl-gone', subject: acl }] });
  expect(await blocker.list()).toEqual([]);
});

it('G49: in dry-run it says what it would take out, and takes nothing', async () => {
  const blocker = await filled();
  const outcome = await createTestBlocker({ mode: 'dry-run' }, blocker).drain(asked);
  expect(outcome).toMatchObject({ preview: true });
  expect(outcome.releases.map((one) => one.outcome)).toEqual(Array(3).fill('planned'));
  expect(await blocker.list()).toHaveLength(3);
});

it('a pause of new denies lets it work; a pause of all writes does not', async () => {
  for (const [scope, result, left] of [
    ['new-denies', 'released', 0],
    ['all-writes', 'refused', 3],
  ] as const) {
    const blocker = await filled();
    const author = { requestedBy: 'b.jones', reason: 'change window' };
    await pause(blocker.store, { ...author, scope, until: hours(1) }, { now: blocker.clock.now });
    const outcome = await createTestBlocker({}, blocker).drain(asked);
    expect(
      outcome.releases.map((one) => one.outcome),
      scope,
    ).toEqual(Array(3).fill(result));
    expect(await blocker.list(), scope).toHaveLength(left);
  }
});

it('stops before time runs out, says where, and goes on from there', async () => {
  const world = createTestWorld();
  const blocker = createTestBlocker({}, world);
  const findings = Array.from({ length: 110 }, (_, n) => {
    const subnetId = world.ec2.addSubnet({ cidr: `10.0.${n + 2}.0/24` });
    world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
    world.ec2.addInterface({ subnetId, instanceId: `i-${n}` });
    return sshBruteForce({ from: '198.51.100.1', at: testTime, instanceId: `i-${n}`, subnetId });
  });
  await blocker.block(findings);
  world.clock.advance(minutes(5));
  const first = await blocker.drain({ ...asked, remainingTimeMs: () => 14_999 });
  expect(first).toMatchObject({ done: false, cursor: expect.any(String) });
  expect(() => assertComplete(first)).toThrow();
  const { cursor } = first;
  const second = await blocker.drain({ ...asked, ...(cursor === undefined ? {} : { cursor }) });
  expect(second.done).toBe(true);
  expect(first.releases.length + second.releases.length).toBe(110);
  expect(await blocker.list()).toEqual([]);
});
