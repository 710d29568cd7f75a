import { assertComplete, days, hours, minutes, pause } from '@remedykit/core';
import { expect, it } from 'vitest';
import { upkeepMessage } from '../../messages/upkeep-message.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { portProbe, sshBruteForce } from '../../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, testTime } from '../../testing/test-blocker.ts';

const { networkAclId } = fakeWorld;
const attacker = '198.51.100.7';
const author = { reason: 'partner scanner, CHG-4711', requestedBy: 'a.smith', suppressFor: days(30) };

/** One attacker denied in two network ACLs, another in one. */
const blockedTwice = async () => {
  const world = createTestWorld();
  const subnetId = world.ec2.addSubnet();
  const otherAcl = world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
  world.ec2.addInterface({ subnetId, instanceId: 'i-other' });
  const blocker = createTestBlocker({}, world);
  const first = sshBruteForce({ from: attacker, at: testTime });
  const second = sshBruteForce({ from: attacker, at: testTime, instanceId: 'i-other', subnetId });
  const bystander = sshBruteForce({ from: '198.51.100.70', at: testTime });
  await blocker.block([first, second, bystander]);
  world.clock.advance(minutes(1));
  return { world, blocker, otherAcl, first, second, subnetId };
};

it('an unblock by address takes effect in every network ACL at once, and stays', async () => {
  const { world, blocker, otherAcl, first, second } = await blockedTwice();
  const outcome = await blocker.unblock({ address: attacker, ...author });
  expect(outcome).toMatchObject({ kind: 'unblock', preview: false, done: true, requestedBy: 'a.smith' });
  expect(outcome.releases.map((release) => [release.outcome, release.entry.networkAclId]).toSorted()).toEqual(
    [
      ['released', networkAclId],
      ['released', otherAcl],
    ].toSorted(),
  );
  expect(outcome.suppressed).toEqual([{ cidr: `${attacker}/32`, until: '2026-12-24T10:01:00.000Z' }]);
  expect(deniesIn(world.ec2).map(({ cidr }) => cidr)).toEqual(['198.51.100.70/32']);
  expect(deniesIn(world.ec2, { networkAclId: otherAcl })).toEqual([]);
  // Effective at once here, although the control documents were read a moment ago.
  for (const worker of [blocker, createTestBlocker({}, world)]) {
    for (const finding of [first, second]) {
      expect((await worker.block(finding)).threats).toMatchObject([{ outcome: 'refused', reason: 'suppressed' }]);
    }
  }
  expect(deniesIn(world.ec2)).toHaveLength(1);
  // And ends when it should.
  world.clock.advance(days(30));
  const again = sshBruteForce({ from: attacker, at: world.clock.now() });
  expect((await blocker.block(again)).threats).toMatchObject([{ outcome: 'blocked' }]);
});

it('an unblock by a wider range releases every address in it', async () => {
  const { world, blocker } = await blockedTwice();
  await blocker.unblock({ address: '198.51.100.0/24', ...author });
  expect(deniesIn(world.ec2)).toEqual([]);
});

it('an unblock of an address that is not denied keeps it from being denied', async () => {
  const blocker = createTestBlocker();
  const outcome = await blocker.unblock({ address: attacker, ...author });
  expect(outcome).toMatchObject({ releases: [], suppressed: [{ cidr: `${attacker}/32` }] });
  expect((await blocker.block(sshBruteForce({ from: attacker, at: testTime }))).threats).toMatchObject([
    { outcome: 'refused', reason: 'suppressed' },
  ]);
});

it('an unblock by finding releases what that finding denied, wherever', async () => {
  const { world, blocker, otherAcl } = await blockedTwice();
  const probe = portProbe({ addresses: [{ address: '198.51.100.20' }, { address: '198.51.100.21' }], at: testTime });
  await blocker.block(probe);
  await blocker.unblock({ findingId: probe.id, ...author });
  expect(
    deniesIn(world.ec2)
      .map(({ cidr }) => cidr)
      .toSorted(),
  ).toEqual([`${attacker}/32`, '198.51.100.70/32'].toSorted());
  expect(deniesIn(world.ec2, { networkAclId: otherAcl })).toHaveLength(1);
  expect((await createTestBlocker({}, world).block(probe)).threats).toMatchObject([
    { reason: 'suppressed' },
    { reason: 'suppressed' },
  ]);
});

it('an unblock by network ACL releases all of it and stays there alone: elsewhere the attacker stays denied', async () => {
  const { world, blocker, otherAcl, first } = await blockedTwice();
  await blocker.unblock({ networkAclId, ...author });
  expect(deniesIn(world.ec2)).toEqual([]);
  expect(deniesIn(world.ec2, { networkAclId: otherAcl })).toHaveLength(1);
  expect((await blocker.block(first)).threats).toMatchObject([{ outcome: 'refused', reason: 'suppressed' }]);
  world.clock.advance(minutes(1));
  await blocker.sweep();
  expect(deniesIn(world.ec2, { networkAclId: otherAcl })).toHaveLength(1);
});

it('G35: an entry that is not ours is left alone', async () => {
  const { world, blocker } = await blockedTwice();
  const rule = deniesIn(world.ec2).find(({ cidr }) => cidr === `${attacker}/32`);
  if (rule === undefined) throw new Error('no rule');
  world.ec2.removeEntry(networkAclId, rule);
  world.ec2.addEntry(networkAclId, { ruleNumber: rule.ruleNumber, cidr: `${attacker}/32` });
  const outcome = await blocker.unblock({ address: attacker, ...author });
  expect(outcome.releases.map((release) => release.outcome).toSorted()).toEqual(['foreign', 'released']);
  expect(deniesIn(world.ec2)).toContainEqual(expect.objectContaining({ cidr: `${attacker}/32`, protocol: '-1' }));
});

it('G6: a delete that fails keeps the slot and asks for a retry; what was asked for is carried out by the next sweep', async () => {
  const { world, blocker, otherAcl } = await blockedTwice();
  world.ec2.failNext('DeleteNetworkAclEntry', {
    code: 'UnauthorizedOperation',
    when: ({ NetworkAclId }) => NetworkAclId === otherAcl,
  });
  const outcome = await blocker.unblock({ address: attacker, ...author });
  expect(outcome.releases.map((release) => release.outcome).toSorted()).toEqual(['failed', 'released']);
  expect(() => assertComplete(outcome)).toThrow();
  expect(deniesIn(world.ec2, { networkAclId: otherAcl })).toHaveLength(1);
  world.clock.advance(minutes(5));
  expect((await blocker.sweep()).releases).toMatchObject([{ outcome: 'released', entry: { networkAclId: otherAcl } }]);
  expect(deniesIn(world.ec2, { networkAclId: otherAcl })).toEqual([]);
});

it('a deny that EC2 does not show yet is kept, not forgotten, and a retry releases it', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.staleReads({ forMs: 20_000 });
  await blocker.block(sshBruteForce({ from: attacker, at: testTime }));
  const outcome = await blocker.unblock({ address: attacker, ...author });
  expect(outcome.releases).toMatchObject([{ outcome: 'failed', reason: 'not-visible-yet' }]);
  expect(() => assertComplete(outcome)).toThrow();
  expect(await blocker.list()).toHaveLength(1);
  blocker.clock.advance(minutes(1));
  expect((await blocker.unblock({ address: attacker, ...author })).releases).toMatchObject([{ outcome: 'released' }]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('a deny that EC2 shows at one reading and not at the next is kept, not forgotten', async () => {
  const blocker = createTestBlocker();
  await blocker.block(sshBruteForce({ from: attacker, at: testTime }));
  blocker.clock.advance(5_000);
  // Of the two readings of an unblock the second asks a replica that lags behind.
  let describes = 0;
  const send = async (command: { readonly constructor: { readonly name: string } }, options: unknown) => {
    const answer = await blocker.ec2.send(command as never, options as never);
    if (command.constructor.name !== 'DescribeNetworkAclsCommand') return answer;
    describes += 1;
    if (describes !== 2) return answer;
    const { NetworkAcls } = answer as unknown as { NetworkAcls: { Entries: { RuleNumber: number }[] }[] };
    return {
      NetworkAcls: NetworkAcls.map((acl) => ({
        ...acl,
        Entries: acl.Entries.filter(({ RuleNumber }) => RuleNumber !== 10),
      })),
    };
  };
  const worker = createTestBlocker({ ec2: { send } as never }, blocker);
  const outcome = await worker.unblock({ address: attacker, ...author });
  expect(outcome.releases).toMatchObject([{ outcome: 'failed' }]);
  expect(() => assertComplete(outcome)).toThrow();
  expect(await blocker.list()).toMatchObject([{ status: 'active' }]);
  blocker.clock.advance(minutes(1));
  await worker.unblock({ address: attacker, ...author });
  expect(deniesIn(blocker.ec2)).toEqual([]);
  expect(await blocker.list()).toEqual([]);
});

it('G9: while another worker is writing the number nobody else touches it; a retry after the lease does', async () => {
  const world = createTestWorld();
  world.ec2.failNext('CreateNetworkAclEntry', { code: 'TimeoutError', after: 'effect', times: 1 });
  world.ec2.failNext('DescribeNetworkAcls', {
    code: 'TimeoutError',
    times: 4,
    when: ({ NetworkAclIds }) => NetworkAclIds !== undefined,
  });
  const blocker = createTestBlocker({}, world);
  expect((await blocker.block(sshBruteForce({ from: attacker, at: testTime }))).threats).toMatchObject([
    { outcome: 'failed', reason: 'unknown-effect' },
  ]);
  const kept = await blocker.unblock({ address: attacker, ...author });
  expect(kept.releases).toMatchObject([{ outcome: 'failed', reason: 'in-progress' }]);
  expect(() => assertComplete(kept)).toThrow();
  expect(deniesIn(world.ec2)).toHaveLength(1);
  world.clock.advance(minutes(1));
  expect((await blocker.unblock({ address: attacker, ...author })).releases).toMatchObject([{ outcome: 'released' }]);
  expect(deniesIn(world.ec2)).toEqual([]);
});

it('in dry-run an unblock says what it would do, and neither releases nor suppresses', async () => {
  for (const mode of ['dry-run', (): 'dry-run' => 'dry-run'] as const) {
    const { world, first } = await blockedTwice();
    const outcome = await createTestBlocker({ mode }, world).unblock({ address: attacker, ...author });
    expect(outcome).toMatchObject({ preview: true, suppressed: [] });
    expect(outcome.releases.map((release) => release.outcome)).toEqual(['planned', 'planned']);
    expect(deniesIn(world.ec2)).toHaveLength(2);
    world.clock.advance(minutes(1));
    expect((await createTestBlocker({}, world).block(first)).threats).toMatchObject([{ outcome: 'unchanged' }]);
  }
});

it('a ledger that cannot be read is said and left; the others are unblocked', async () => {
  const { world, blocker } = await blockedTwice();
  await world.store.putIfAbsent(`nacl/${fakeWorld.accountId}/${fakeWorld.region}/acl-broken/ingress`, 'nonsense');
  const outcome = await blocker.unblock({ address: attacker, ...author });
  expect(outcome.releases.map((release) => release.outcome)).toEqual(['released', 'released']);
  expect(outcome.steps).toContainEqual(expect.objectContaining({ status: 'failed', reason: 'ledger-invalid' }));
  expect(() => assertComplete(outcome)).toThrow();
});

it('a store that fails before anything was done rejects the call', async () => {
  const { blocker } = await blockedTwice();
  blocker.store.failNext('list');
  await expect(blocker.unblock({ address: attacker, ...author })).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
});

it.each([
  ['nothing to unblock', {}],
  ['two things', { address: attacker, networkAclId }],
  ['no reason', { address: attacker, reason: ' ' }],
  ['nobody who asks', { address: attacker, requestedBy: '' }],
  ['no time', { address: attacker, suppressFor: Number.NaN }],
  ['no time at all', { address: attacker, suppressFor: 0 }],
] as const)('an unblock with %s is refused before anything is read', async (_, query) => {
  const blocker = createTestBlocker();
  await expect(blocker.unblock({ ...author, ...query } as never)).rejects.toMatchObject({
    code: 'UNBLOCK_QUERY_INVALID',
  });
  expect(blocker.store.calls.list).toBe(0);
});

it('an unblock ends with its suppression, not a day later', async () => {
  const { world, blocker, first } = await blockedTwice();
  await blocker.unblock({ address: attacker, ...author, suppressFor: hours(1) });
  world.clock.advance(hours(1));
  expect((await blocker.block(first)).threats).toMatchObject([{ outcome: 'blocked' }]);
});

it('an unblock lets through although the control document takes no more, and says that it did not', async () => {
  const { world, blocker } = await blockedTwice();
  world.store.failNext('get', { prefix: 'control/' });
  const outcome = await blocker.unblock({ address: attacker, ...author });
  expect(outcome.releases.map(({ outcome: released }) => released)).toEqual(['released', 'released']);
  expect(outcome.suppressed).toEqual([]);
  expect(() => assertComplete(outcome)).toThrow('control/all: state-unavailable');
});

it.each([0, -1, Number.NaN, days(367)])('refuses to suppress for %d ms', async (suppressFor) => {
  const blocker = createTestBlocker();
  await expect(blocker.unblock({ address: attacker, ...author, suppressFor })).rejects.toMatchObject({
    code: 'UNBLOCK_QUERY_INVALID',
  });
});

it('an unblock for which too little time is left says that it is not done', async () => {
  const { world, blocker } = await blockedTwice();
  const outcome = await blocker.unblock({ address: attacker, ...author }, { remainingTimeMs: () => 4_999 });
  expect(outcome).toMatchObject({ done: false, releases: [{ outcome: 'failed' }, { outcome: 'failed' }] });
  expect(deniesIn(world.ec2).map(({ cidr }) => cidr)).toContain(`${attacker}/32`);
});

it.each(['198.51.100.7/2', '0.0.0.0/0', '::/0', '2001:db8::/31'])('refuses to let %s through', async (address) => {
  const blocker = createTestBlocker();
  await expect(blocker.unblock({ address, ...author })).rejects.toMatchObject({ code: 'UNBLOCK_QUERY_INVALID' });
});

it('an unblock by network ACL claims no suppression that a pause, a dry run or a failure kept it from writing', async () => {
  const { world, blocker } = await blockedTwice();
  const query = { networkAclId, ...author };
  world.store.failNext('compareAndSet', { prefix: 'nacl/' });
  const failed = await blocker.unblock(query);
  expect(failed.suppressed).toEqual([]);
  expect(() => assertComplete(failed)).toThrow();
  expect((await createTestBlocker({ mode: 'dry-run' }, world).unblock(query)).suppressed).toEqual([]);
  await pause(world.store, { ...author, scope: 'all-writes', until: hours(2) }, { now: world.clock.now });
  const paused = await createTestBlocker({}, world).unblock(query);
  expect(paused.releases).toMatchObject([{ outcome: 'refused' }, { outcome: 'refused' }]);
  expect(paused.suppressed).toEqual([]);
});

it('an unblock whose suppression the ledger cannot keep says so with a code, in the outcome and to people', async () => {
  const { world, blocker } = await blockedTwice();
  const key = `nacl/${fakeWorld.accountId}/${fakeWorld.region}/${networkAclId}/ingress`;
  const stored = await world.store.get(key);
  const until = new Date(testTime.getTime() + days(1)).toISOString();
  const suppressions = Array.from({ length: 100 }, (_, n) => ({
    cidr: `203.0.113.${n}/32`,
    reason: 'r',
    requestedBy: 'b.jones',
    until,
  }));
  const ledger = { ...(stored?.value as object), suppressions };
  await world.store.compareAndSet(key, ledger, stored?.version ?? '');
  const outcome = await blocker.unblock({ networkAclId, ...author });
  expect(outcome.suppressed).toEqual([]);
  expect(outcome.steps).toContainEqual(
    expect.objectContaining({ action: 'suppress', status: 'refused', reason: 'suppressions-full' }),
  );
  expect(outcome.releases.map(({ outcome: result, reason }) => [result, reason])).toEqual([
    ['released', 'suppressions-full'],
    ['released', 'suppressions-full'],
  ]);
  expect(JSON.stringify(upkeepMessage(outcome))).toContain('no room for another suppression');
  // None of those that others wrote went for it.
  const after = (await world.store.get(key))?.value as { suppressions: unknown[] };
  expect(after.suppressions).toHaveLength(100);
});
