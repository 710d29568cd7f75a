import { DescribeNetworkAclsCommand } from '@aws-sdk/client-ec2';
import { assertComplete, minutes } from '@remedykit/core';
import { expect, it } from 'vitest';
import { fakeWorld } from '../../testing/fake-world.ts';
import { portProbe, sshBruteForce } from '../../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, testTime } from '../../testing/test-blocker.ts';

const attacker = '198.51.100.7';
const attack = (at: Date = testTime) => sshBruteForce({ from: attacker, at });
const { networkAclId } = fakeWorld;

/** Lets a person take the rule number in the moment before our create takes effect. */
const takeNumberFirst = (blocker: ReturnType<typeof createTestBlocker>, times = 1): void => {
  let left = times;
  blocker.ec2.onCall(({ operation, input }) => {
    if (operation !== 'CreateNetworkAclEntry' || left <= 0) return;
    left -= 1;
    blocker.ec2.addEntry(networkAclId, { ruleNumber: Number(input.RuleNumber), cidr: '192.0.2.77/32' });
  });
};

it('a number that a person takes in between is left alone, and another is taken in the same call', async () => {
  const blocker = createTestBlocker();
  takeNumberFirst(blocker);
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked', entries: [{ ruleNumber: 11 }] }]);
  expect(deniesIn(blocker.ec2)).toMatchObject([
    { ruleNumber: 10, cidr: '192.0.2.77/32' },
    { ruleNumber: 11, cidr: `${attacker}/32` },
  ]);
  expect(await blocker.list()).toMatchObject([{ ruleNumber: 11, status: 'active' }]);
});

it('whoever takes every number is not fought: three rounds, then failed and retryable', async () => {
  const blocker = createTestBlocker();
  takeNumberFirst(blocker, Number.POSITIVE_INFINITY);
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'number-taken', entries: [] }]);
  expect(outcome.steps).toMatchObject([{ status: 'failed', retryable: true }]);
  expect(blocker.ec2.calls['ec2:CreateNetworkAclEntry']).toBe(3);
  expect(await blocker.list()).toEqual([]);
});

it('when one of two runs of ports has to move, each entry is told once', async () => {
  const blocker = createTestBlocker();
  const addresses = [22, 8080].map((port) => ({ address: attacker, port }));
  takeNumberFirst(blocker);
  const outcome = await blocker.block(portProbe({ addresses, at: testTime }));
  const rules = outcome.threats.flatMap(({ entries }) => entries.map(({ ruleNumber }) => ruleNumber));
  expect(rules.toSorted()).toEqual([11, 12]);
  expect(deniesIn(blocker.ec2).map(({ cidr }) => cidr)).toEqual(['192.0.2.77/32', `${attacker}/32`, `${attacker}/32`]);
  expect(outcome.steps).toHaveLength(2);
});

it('an answer lost after the effect is settled within the call, with one entry', async () => {
  for (const code of ['InternalError', 'TimeoutError', 'ECONNRESET']) {
    const blocker = createTestBlocker();
    blocker.ec2.failNext('CreateNetworkAclEntry', { code, after: 'effect' });
    const outcome = await blocker.block(attack());
    expect(outcome.steps, code).toMatchObject([{ status: 'already-applied', reason: 'already-exists' }]);
    expect(outcome.threats, code).toMatchObject([{ outcome: 'blocked', entries: [{ ruleNumber: 10 }] }]);
    expect(deniesIn(blocker.ec2), code).toHaveLength(1);
    expect(await blocker.list(), code).toMatchObject([{ status: 'active' }]);
  }
});

it('a deny that is there and is not shown yet stays claimed; a sweep settles it after the lease', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.failNext('CreateNetworkAclEntry', { code: 'TimeoutError', after: 'effect' });
  blocker.ec2.staleReads({ forCalls: 50 });
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'unknown-effect' }]);
  expect(() => assertComplete(outcome)).toThrow();
  expect(await blocker.list()).toMatchObject([{ status: 'claimed' }]);
  blocker.ec2.staleReads(false);
  // Within the lease nobody touches the number.
  expect((await blocker.sweep()).releases).toEqual([]);
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'failed', reason: 'in-progress' }]);
  blocker.clock.advance(minutes(1));
  expect((await blocker.sweep()).releases).toMatchObject([{ outcome: 'settled', entry: { ruleNumber: 10 } }]);
  expect(await blocker.list()).toMatchObject([{ status: 'active' }]);
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
});

it('G40: throttling is waited out with growing pauses', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.failNext('CreateNetworkAclEntry', { code: 'RequestLimitExceeded', times: 2 });
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked' }]);
  expect(outcome.steps[0]?.requestIds).toHaveLength(3);
  // Half of 200 ms and of 400 ms, for the random number is one half.
  expect(blocker.slept()).toBe(300);
});

it('G40, G8: throttling that does not end fails visibly, retryable, and leaves no claim behind', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.failNext('CreateNetworkAclEntry', { code: 'RequestLimitExceeded', times: 4 });
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'throttled', announce: true }]);
  expect(() => assertComplete(outcome)).toThrow();
  expect(await blocker.list()).toEqual([]);
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'blocked' }]);
});

it('G8, G42: a role that may not write is told so, retryable, and the address is not known as blocked', async () => {
  const blocker = createTestBlocker();
  blocker.ec2.failNext('CreateNetworkAclEntry', { code: 'UnauthorizedOperation' });
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'access-denied' }]);
  expect(outcome.steps).toMatchObject([
    { status: 'failed', retryable: true, error: { code: 'UnauthorizedOperation' } },
  ]);
  expect(await blocker.list()).toEqual([]);
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'blocked' }]);
});

it('a deny that could not be put back is tried again at the next delivery, not taken for "written a moment ago"', async () => {
  const blocker = createTestBlocker();
  await blocker.block(attack());
  blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
  blocker.clock.advance(minutes(1));
  blocker.ec2.failNext('CreateNetworkAclEntry', { code: 'UnauthorizedOperation' });
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'failed', reason: 'access-denied' }]);
  blocker.clock.advance(1_000);
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'blocked' }]);
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
});

it('with too little time for one request nothing is written to EC2: retryable, and not done', async () => {
  const blocker = createTestBlocker();
  const outcome = await blocker.block(attack(), { remainingTimeMs: () => 4_999 });
  expect(outcome).toMatchObject({ done: false, threats: [{ outcome: 'failed', reason: 'out-of-time' }] });
  expect(outcome.steps).toMatchObject([{ retryable: true }]);
  expect(blocker.ec2.calls).not.toHaveProperty('ec2:CreateNetworkAclEntry');
  expect(await blocker.list()).toEqual([]);
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'blocked' }]);
});

it('time that runs out between the writes of one batch: what was written counts, the rest is retryable', async () => {
  const blocker = createTestBlocker();
  const findings = ['198.51.100.1', '198.51.100.2', '198.51.100.3'].map((from) =>
    sshBruteForce({ from, at: testTime }),
  );
  let remaining = 6_000;
  blocker.ec2.onCall(({ operation }) => {
    if (operation === 'CreateNetworkAclEntry') remaining -= 700;
  });
  const outcomes = await blocker.block(findings, { remainingTimeMs: () => remaining });
  expect(outcomes.map(({ threats, done }) => [threats[0]?.outcome, done])).toEqual([
    ['blocked', true],
    ['blocked', true],
    ['failed', false],
  ]);
  expect(deniesIn(blocker.ec2)).toHaveLength(2);
  expect(await blocker.list()).toHaveLength(2);
});

it('a claim whose answer is lost is not written to EC2, and taken over after its lease', async () => {
  const blocker = createTestBlocker();
  blocker.store.failNext('putIfAbsent', { prefix: 'nacl/', after: 'effect' });
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'state-unavailable', announce: true }]);
  expect(deniesIn(blocker.ec2)).toEqual([]);
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'failed', reason: 'in-progress' }]);
  blocker.clock.advance(minutes(1));
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'blocked', reason: 'brute-force' }]);
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
});

it('a settlement that cannot be stored is observed and recorded; the deny is in force and a sweep settles it', async () => {
  const blocker = createTestBlocker();
  blocker.store.failNext('compareAndSet', { prefix: 'nacl/' });
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked' }]);
  expect(blocker.observed).toContainEqual(expect.objectContaining({ event: 'unsettled' }));
  const [decision] = blocker.records;
  expect(decision && 'outcomes' in decision && decision.outcomes).toContainEqual(
    expect.objectContaining({ action: 'settle', status: 'failed', reason: 'unsettled' }),
  );
  expect(await blocker.list()).toMatchObject([{ status: 'claimed' }]);
  blocker.clock.advance(minutes(1));
  expect((await blocker.sweep()).releases).toMatchObject([{ outcome: 'settled' }]);
  expect(await blocker.list()).toMatchObject([{ status: 'active' }]);
});

it('a settlement that others get in the way of until time is out is observed as well', async () => {
  const blocker = createTestBlocker();
  const key = `nacl/${fakeWorld.accountId}/${fakeWorld.region}/${networkAclId}/ingress`;
  const { hooks } = blocker.store;
  const disturb = async (operation: string): Promise<void> => {
    if (operation !== 'compareAndSet') return;
    delete hooks.beforeEach;
    const stored = await blocker.store.get(key);
    if (stored) await blocker.store.compareAndSet(key, stored.value, stored.version);
    hooks.beforeEach = disturb;
  };
  hooks.beforeEach = disturb;
  const outcome = await blocker.block(attack(), { remainingTimeMs: () => 5_001 });
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked' }]);
  expect(blocker.observed).toContainEqual(expect.objectContaining({ event: 'unsettled' }));
});

it('G43: a ledger that somebody else changes at every attempt is given up, retryable', async () => {
  const blocker = createTestBlocker();
  await blocker.block(sshBruteForce({ from: '198.51.100.1', at: testTime }));
  const key = `nacl/${fakeWorld.accountId}/${fakeWorld.region}/${networkAclId}/ingress`;
  const inner = blocker.store;
  inner.hooks.beforeEach = async (operation, at) => {
    if (operation !== 'compareAndSet' || at !== key) return;
    const { beforeEach: hook, ...rest } = inner.hooks;
    delete inner.hooks.beforeEach;
    const stored = await inner.get(key);
    if (stored) await inner.compareAndSet(key, stored.value, stored.version);
    Object.assign(inner.hooks, { ...rest, beforeEach: hook });
  };
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'ledger-contended' }]);
  expect(outcome.steps).toMatchObject([{ retryable: true }]);
  expect(blocker.observed.filter(({ event }) => event === 'conflict')).toHaveLength(12);
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
});

it('G39: an audit sink that fails fails the run after the write, and the retry tells and records it', async () => {
  let broken = true;
  const records: unknown[] = [];
  const blocker = createTestBlocker({
    audit: (record) => {
      if (broken) throw new Error('the log is full');
      records.push(record);
    },
  });
  await expect(blocker.block(attack())).rejects.toMatchObject({ code: 'AUDIT_FAILED', retryable: true });
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
  broken = false;
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'unchanged', announce: true }]);
  expect(records).toHaveLength(2);
});

it('a clear refusal after a silence proves nothing: the number stays claimed until somebody can look', async () => {
  const blocker = createTestBlocker();
  let attempts = 0;
  blocker.ec2.failNext('CreateNetworkAclEntry', { code: 'TimeoutError', after: 'effect' });
  blocker.ec2.failNext('CreateNetworkAclEntry', { code: 'UnauthorizedOperation', when: () => ++attempts >= 1 });
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'unknown-effect' }]);
  expect(await blocker.list()).toMatchObject([{ status: 'claimed' }]);
  blocker.clock.advance(minutes(1));
  await blocker.sweep();
  expect(await blocker.list()).toMatchObject([{ status: 'active' }]);
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
});

it('a number under which EC2 still shows the deny before ours is not given up: nobody would end our deny', async () => {
  const world = createTestWorld();
  const first = createTestBlocker({}, world);
  await first.block(sshBruteForce({ from: '198.51.100.6', at: testTime }));
  const look = new DescribeNetworkAclsCommand({ NetworkAclIds: [networkAclId] });
  const before = await world.ec2.send(look);
  const request = { reason: 'a partner', requestedBy: 'a.smith', suppressFor: minutes(5) };
  await first.unblock({ address: '198.51.100.6', ...request });

  let isLate = true;
  const late = {
    send: (command: object) =>
      isLate && command instanceof DescribeNetworkAclsCommand && command.input.NetworkAclIds
        ? Promise.resolve(before)
        : world.ec2.send(command as never),
  };
  const blocker = createTestBlocker({ ec2: late as never }, world);
  world.ec2.failNext('CreateNetworkAclEntry', { code: 'TimeoutError', after: 'effect' });
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'failed', reason: 'unknown-effect' }]);
  isLate = false;
  world.clock.advance(minutes(2));
  expect((await blocker.sweep()).releases).toMatchObject([{ outcome: 'settled', entry: { ruleNumber: 10 } }]);
  expect(deniesIn(world.ec2)).toHaveLength(1);
});

it('a dead claim that cannot be retaken now is kept: the dead writer may have made the entry', async () => {
  const blocker = createTestBlocker();
  blocker.store.failNext('putIfAbsent', { prefix: 'nacl/', after: 'effect' });
  await blocker.block(attack());
  blocker.clock.advance(minutes(1));
  blocker.ec2.failNext('CreateNetworkAclEntry', { code: 'UnauthorizedOperation' });
  expect((await blocker.block(attack())).threats).toMatchObject([{ outcome: 'failed', reason: 'access-denied' }]);
  expect(await blocker.list()).toMatchObject([{ status: 'claimed' }]);
  blocker.clock.advance(minutes(1));
  expect((await blocker.sweep()).releases).toMatchObject([{ outcome: 'retaken' }]);
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
});

it('while a write is under way the ledger says who writes, until the call must end and one request longer', async () => {
  const blocker = createTestBlocker();
  const key = `nacl/${fakeWorld.accountId}/${fakeWorld.region}/${networkAclId}/ingress`;
  let claimed: unknown;
  blocker.ec2.onCall(async ({ operation }) => {
    if (operation === 'CreateNetworkAclEntry') claimed = (await blocker.store.get(key))?.value;
  });
  await blocker.block(attack(), { remainingTimeMs: () => 20_000 });
  expect(claimed).toMatchObject({
    slots: [{ status: 'claimed', lease: { owner: expect.any(String), until: '2026-11-24T10:00:25.000Z' } }],
  });
});

it('what a person writes beside a conflict of workers is noticed at EC2, and the next number taken', async () => {
  const blocker = createTestBlocker();
  await blocker.block(sshBruteForce({ from: '198.51.100.1', at: testTime }));
  const { hooks } = blocker.store;
  hooks.beforeEach = async (operation) => {
    if (operation !== 'compareAndSet') return;
    delete hooks.beforeEach;
    // Another worker denies another attacker, and a person takes the next number.
    await createTestBlocker({}, blocker).block(sshBruteForce({ from: '198.51.100.2', at: testTime }));
    blocker.ec2.addEntry(networkAclId, { ruleNumber: 12, cidr: '192.0.2.77/32' });
  };
  const outcome = await blocker.block(attack());
  expect(outcome.threats).toMatchObject([{ outcome: 'blocked', entries: [{ ruleNumber: 13 }] }]);
  expect(deniesIn(blocker.ec2).map(({ cidr }) => cidr)).toContain('192.0.2.77/32');
  // Beside those of the two attackers, one that EC2 refuses.
  expect(blocker.ec2.calls['ec2:CreateNetworkAclEntry']).toBe(4);
});

it('without time to wait a conflict is not tried again', async () => {
  const blocker = createTestBlocker();
  await blocker.block(sshBruteForce({ from: '198.51.100.1', at: testTime }));
  const { hooks } = blocker.store;
  hooks.beforeEach = async (operation) => {
    if (operation !== 'compareAndSet') return;
    delete hooks.beforeEach;
    await createTestBlocker({}, blocker).block(sshBruteForce({ from: '198.51.100.2', at: testTime }));
  };
  const outcome = await blocker.block(attack(), { remainingTimeMs: () => 5_001 });
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'ledger-contended' }]);
  expect(deniesIn(blocker.ec2)).toHaveLength(2);
});
