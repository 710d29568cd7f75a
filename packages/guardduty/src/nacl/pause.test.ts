import { addSuppressions, assertComplete, hours, minutes, pause, resume } from '@remedykit/core';
import { expect, it } from 'vitest';
import { fakeWorld } from '../testing/fake-world.ts';
import { sshBruteForce } from '../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, testTime } from '../testing/test-blocker.ts';

const { networkAclId, accountId, region } = fakeWorld;
const attacker = '198.51.100.7';
const attack = (from = attacker, at: Date = testTime) => sshBruteForce({ from, at });
const author = { reason: 'network change window', requestedBy: 'a.smith' };

/** A world in which one deny is about to end, and a blocker that has not read the control documents yet. */
const paused = async (scope: 'new-denies' | 'all-writes', accountId?: string) => {
  const world = createTestWorld();
  await createTestBlocker({}, world).block(attack('198.51.100.1'));
  const account = accountId === undefined ? {} : { accountId };
  await pause(world.store, { ...author, scope, until: hours(2), ...account }, { now: world.clock.now });
  return { world, blocker: createTestBlocker({}, world) };
};

it.each(['new-denies', 'all-writes'] as const)(
  'a pause of %s refuses a new deny, says who asked, and is not retried',
  async (scope) => {
    const { world, blocker } = await paused(scope);
    const outcome = await blocker.block(attack());
    expect(outcome.threats).toMatchObject([{ outcome: 'refused', reason: 'paused', announce: true }]);
    expect(outcome.threats[0]?.because).toContain('a.smith');
    expect(() => assertComplete(outcome)).not.toThrow();
    expect(deniesIn(world.ec2)).toHaveLength(1);
    await resume(world.store, author, { now: world.clock.now });
    world.clock.advance(15_000);
    expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'blocked' }]);
  },
);

it('a pause refuses a forged finding as forged, not as paused', async () => {
  const { world } = await paused('new-denies');
  const blocker = createTestBlocker({ trust: { readBack: world.guardDuty } }, world);
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'failed', reason: 'unverified' }]);
});

it('a pause leaves a deny that is in force, and neither extends nor restores it', async () => {
  const { world, blocker } = await paused('new-denies');
  const later = new Date(testTime.getTime() + minutes(1));
  world.clock.set(later);
  expect((await blocker.block(attack('198.51.100.1', later))).threats).toMatchObject([
    { outcome: 'unchanged', reason: 'paused' },
  ]);
  expect(await blocker.list()).toMatchObject([{ expiresAt: '2026-11-25T10:00:00.000Z' }]);
});

it('a pause of one account leaves the others alone', async () => {
  const { blocker } = await paused('new-denies', '444455556666');
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'blocked' }]);
});

it('a pause of new denies lets releases work; a pause of all writes does not', async () => {
  for (const [scope, expected] of [
    ['new-denies', 'released'],
    ['all-writes', 'refused'],
  ] as const) {
    const world = createTestWorld();
    await createTestBlocker({}, world).block(attack('198.51.100.1'));
    world.clock.advance(hours(25));
    await pause(world.store, { ...author, scope, until: hours(2) }, { now: world.clock.now });
    const swept = await createTestBlocker({}, world).sweep();
    expect(swept.releases, scope).toMatchObject([{ outcome: expected }]);
    expect(deniesIn(world.ec2), scope).toHaveLength(expected === 'released' ? 0 : 1);
  }
});

it('a pause is noticed within fifteen seconds', async () => {
  const blocker = createTestBlocker();
  await blocker.block(attack('198.51.100.1'));
  await pause(blocker.store, { ...author, until: hours(1) }, { now: blocker.clock.now });
  blocker.clock.advance(15_000);
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'refused', reason: 'paused' }]);
});

it('a control document that cannot be read pauses everything: failed, retryable, nothing written', async () => {
  const world = createTestWorld();
  await createTestBlocker({}, world).block(attack('198.51.100.1'));
  world.store.failNext('get', { prefix: 'control/', times: 100 });
  const blocker = createTestBlocker({}, world);
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'control-unreadable', announce: true }]);
  expect(() => assertComplete(outcome)).toThrow();
  expect(deniesIn(world.ec2)).toHaveLength(1);

  world.clock.advance(hours(25));
  const swept = await blocker.sweep();
  expect(swept.alerts).toMatchObject([{ reason: 'control-unreadable' }]);
  expect(() => assertComplete(swept)).toThrow();
  expect(deniesIn(world.ec2)).toHaveLength(1);
});

it('a suppression in the control document refuses, and lets a sweep release what is denied', async () => {
  const world = createTestWorld();
  await createTestBlocker({}, world).block(attack());
  const until = new Date(testTime.getTime() + hours(5)).toISOString();
  await addSuppressions(world.store, [{ cidr: '198.51.100.0/28', until, ...author }], { now: world.clock.now });
  world.clock.advance(minutes(1));
  const blocker = createTestBlocker({}, world);
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'refused', reason: 'suppressed' }]);
  expect((await blocker.sweep()).releases).toMatchObject([{ outcome: 'released' }]);
  expect(deniesIn(world.ec2)).toEqual([]);
});

/** One deny that vanished, one that somebody else's entry took the number of, one that no ledger knows. */
const drifted = async () => {
  const world = createTestWorld();
  await createTestBlocker({}, world).block([attack('198.51.100.1'), attack('198.51.100.2')]);
  world.clock.advance(minutes(5));
  world.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
  world.ec2.removeEntry(networkAclId, { ruleNumber: 11 });
  world.ec2.addEntry(networkAclId, { ruleNumber: 11, cidr: '192.0.2.1/32' });
  world.ec2.addEntry(networkAclId, { ruleNumber: 30, cidr: '192.0.2.2/32' });
  return world;
};

it('a put-back is a new deny: a pause of either scope refuses it, once told, and it is done when the pause is over', async () => {
  for (const [scope, foreign] of [
    ['new-denies', 'foreign'],
    ['all-writes', 'refused'],
  ] as const) {
    const world = await drifted();
    await pause(world.store, { ...author, scope, until: hours(2) }, { now: world.clock.now });
    const blocker = createTestBlocker({}, world);
    const outcome = await blocker.reconcile();
    expect(
      outcome.releases.map((release) => [release.outcome, release.entry.ruleNumber]),
      scope,
    ).toEqual([
      ['refused', 10],
      [foreign, 11],
    ]);
    expect(outcome.releases[0], scope).toMatchObject({ reason: 'paused', announce: true });
    expect(() => assertComplete(outcome), scope).not.toThrow();
    expect(
      deniesIn(world.ec2).map(({ ruleNumber }) => ruleNumber),
      scope,
    ).toEqual([11, 30]);
    // Telling is no write: what nobody knows is listed, once.
    expect(
      outcome.orphans.map(({ ruleNumber, announce }) => [ruleNumber, announce]),
      scope,
    ).toContainEqual([30, true]);
    const next = await blocker.reconcile();
    expect(
      next.releases.filter(({ announce }) => announce),
      scope,
    ).toEqual([]);
    expect(
      next.orphans.filter(({ announce }) => announce),
      scope,
    ).toEqual([]);
    world.clock.advance(hours(2));
    const done = await blocker.reconcile();
    expect(done.releases, scope).toContainEqual(expect.objectContaining({ outcome: 'repaired' }));
    expect(await blocker.list(), scope).toMatchObject([{ ruleNumber: 10 }]);
  }
});

it('a pause of new denies lets a person take over, a pause of all writes does not', async () => {
  for (const [scope, expected] of [
    ['new-denies', 'adopted'],
    ['all-writes', 'refused'],
  ] as const) {
    const world = createTestWorld();
    world.ec2.addEntry(networkAclId, { ruleNumber: 30, cidr: '192.0.2.2/32' });
    await pause(world.store, { ...author, scope, until: hours(2) }, { now: world.clock.now });
    const outcome = await createTestBlocker({}, world).reconcile({
      targets: [{ accountId, region }],
      adopt: { ...author, expires: new Date(testTime.getTime() + hours(5)) },
    });
    expect(outcome.releases, scope).toMatchObject([{ outcome: expected }]);
    expect(await createTestBlocker({}, world).list(), scope).toHaveLength(expected === 'adopted' ? 1 : 0);
  }
});

it('a pause of either scope lets what is protected now go, or says that it does not', async () => {
  for (const [scope, expected] of [
    ['new-denies', 'released'],
    ['all-writes', 'refused'],
  ] as const) {
    const world = createTestWorld();
    await createTestBlocker({}, world).block(attack('198.51.100.1'));
    await pause(world.store, { ...author, scope, until: hours(2) }, { now: world.clock.now });
    const swept = await createTestBlocker({ allowList: ['198.51.100.0/28'] }, world).sweep();
    expect(swept.releases, scope).toMatchObject([{ outcome: expected, announce: true }]);
  }
});

it('a pause of all writes refuses an unblock by hand and its suppression, a pause of new denies neither', async () => {
  for (const [scope, expected] of [
    ['new-denies', 'released'],
    ['all-writes', 'refused'],
  ] as const) {
    const { world, blocker } = await paused(scope);
    world.clock.advance(minutes(1));
    const outcome = await blocker.unblock({ address: '198.51.100.1', ...author, suppressFor: hours(1) });
    expect(outcome.releases, scope).toMatchObject([{ outcome: expected, announce: true }]);
    expect(deniesIn(world.ec2), scope).toHaveLength(expected === 'released' ? 0 : 1);
  }
});

it('a pause keeps nobody from asking: plan, list and explain work under either scope', async () => {
  for (const scope of ['new-denies', 'all-writes'] as const) {
    const { blocker } = await paused(scope);
    expect((await blocker.plan(attack())).threats, scope).toMatchObject([{ reason: 'paused' }]);
    expect(await blocker.list(), scope).toHaveLength(1);
    expect((await blocker.explain({ address: '198.51.100.1' })).places, scope).toHaveLength(1);
  }
});

it('a control document that cannot be read stops reconcile and drain: alerted, failed, nothing written', async () => {
  const world = await drifted();
  world.store.failNext('get', { prefix: 'control/', times: 100 });
  const blocker = createTestBlocker({}, world);
  const reconciled = await blocker.reconcile();
  expect(reconciled).toMatchObject({ releases: [], alerts: [{ reason: 'control-unreadable', announce: true }] });
  expect(() => assertComplete(reconciled)).toThrow();
  const drained = await blocker.drain(author);
  expect(drained).toMatchObject({ releases: [], alerts: [{ reason: 'control-unreadable', announce: true }] });
  expect(() => assertComplete(drained)).toThrow();
  expect(deniesIn(world.ec2).map(({ ruleNumber }) => ruleNumber)).toEqual([11, 30]);
  expect(await blocker.list()).toHaveLength(2);
});
