import { minutes, needsRetry } from '@remedykit/core';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { Finding } from '../finding.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { portProbe, sshBruteForce } from '../testing/findings.ts';
import {
  createTestBlocker,
  createTestWorld,
  deniesIn,
  type TestBlocker,
  type TestWorld,
  testTime,
} from '../testing/test-blocker.ts';
import type { BlockOutcome } from './outcome.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
// Room for long runs and for slow machines.
vi.setConfig({ testTimeout: 30_000 + numRuns * 200 });

const { networkAclId } = fakeWorld;
const foreign = { ruleNumber: 11, cidr: '192.0.2.77/32' } as const;
const findingFrom = (n: number, at: Date = testTime): Finding => sshBruteForce({ from: `198.51.100.${n}`, at });

/** Every request to EC2 and to the store waits until the scheduler lets it pass, so any interleaving can happen. */
const interleave = (world: TestWorld, scheduler: fc.Scheduler): void => {
  world.ec2.onCall(({ operation }) => scheduler.schedule(Promise.resolve(), operation));
  world.store.hooks.beforeEach = (operation) => scheduler.schedule(Promise.resolve(), operation);
};

const release = (world: TestWorld): void => {
  world.ec2.onCall(undefined);
  delete world.store.hooks.beforeEach;
};

/** Workers that share nothing but the store and the account; waiting between attempts is one more turn. */
const workersOn = (world: TestWorld, scheduler: fc.Scheduler, count: number): TestBlocker[] =>
  Array.from({ length: count }, () =>
    createTestBlocker({ sleep: () => scheduler.schedule(Promise.resolve(), 'sleep') }, world),
  );

const settledOutcomes: ReadonlySet<string> = new Set(['blocked', 'unchanged', 'extended', 'not-blocked', 'refused']);

/** No decision is lost: whatever is not settled and announced asks for a retry. */
const expectNothingLost = (outcomes: readonly BlockOutcome[]): void => {
  for (const outcome of outcomes) {
    const open = outcome.threats.filter((threat) => !settledOutcomes.has(threat.outcome));
    expect(open.length === 0 || needsRetry(outcome), JSON.stringify(outcome.threats)).toBe(true);
  }
};

const expectConsistent = async (world: TestWorld): Promise<void> => {
  const named = ({ ruleNumber, cidr }: { ruleNumber: number; cidr: string }) => `${ruleNumber} ${cidr}`;
  const slots = await createTestBlocker({}, world).list();
  const denies = deniesIn(world.ec2).filter(({ cidr }) => cidr !== foreign.cidr);
  expect(slots.map(named)).toEqual(denies.map(named));
  expect(slots.filter(({ status }) => status !== 'active')).toEqual([]);
  expect(new Set(slots.map(({ cidr, ports }) => `${cidr} ${ports?.from}`)).size).toBe(slots.length);
  expect(deniesIn(world.ec2)).toContainEqual(expect.objectContaining(foreign));
};

/** What SQS or Lambda would do: give again what asked for it, until nothing does. */
const redeliver = async (world: TestWorld, findings: readonly Finding[], outcomes: readonly BlockOutcome[]) => {
  release(world);
  world.clock.advance(minutes(2));
  const healthy = createTestBlocker({}, world);
  const again = findings.filter((_, at) => {
    const outcome = outcomes[at];
    return outcome !== undefined && needsRetry(outcome);
  });
  expectNothingLost(await healthy.block(again));
  await healthy.sweep();
};

it('G1, G4, G7: concurrent findings on one network ACL get distinct rule numbers, and no decision is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 6 }), async (scheduler, count) => {
      const world = createTestWorld();
      world.ec2.addEntry(networkAclId, foreign);
      interleave(world, scheduler);
      const findings = Array.from({ length: count }, (_, n) => findingFrom(n + 1));
      const workers = workersOn(world, scheduler, count);
      const outcomes = await scheduler.waitFor(
        Promise.all(workers.map((worker, n) => worker.block(findings[n] ?? findingFrom(1)))),
      );
      expectNothingLost(outcomes);
      await redeliver(world, findings, outcomes);
      await expectConsistent(world);
      const denied = deniesIn(world.ec2).filter(({ cidr }) => cidr !== foreign.cidr);
      expect(denied.map(({ cidr }) => cidr).toSorted()).toEqual(
        findings.map((_, n) => `198.51.100.${n + 1}/32`).toSorted(),
      );
    }),
    { numRuns },
  );
});

it('G11, G4: the same attacker from several findings at once gets one entry', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = createTestWorld();
      world.ec2.addEntry(networkAclId, foreign);
      interleave(world, scheduler);
      const findings = [findingFrom(1), findingFrom(1), portProbe({ from: '198.51.100.1', port: 22, at: testTime })];
      const workers = workersOn(world, scheduler, findings.length);
      const outcomes = await scheduler.waitFor(
        Promise.all(workers.map((worker, n) => worker.block(findings[n] ?? findingFrom(1)))),
      );
      expectNothingLost(outcomes);
      await redeliver(world, findings, outcomes);
      await expectConsistent(world);
      expect(deniesIn(world.ec2).map(({ cidr }) => cidr)).toEqual(['198.51.100.1/32', foreign.cidr]);
    }),
    { numRuns },
  );
});

it('G9: blocks, a sweep and an unblock at once neither touch what is not theirs nor lose what they were asked for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = createTestWorld();
      world.ec2.addEntry(networkAclId, foreign);
      const before = createTestBlocker({}, world);
      await before.block([findingFrom(1), findingFrom(2)]);
      world.clock.advance(minutes(60 * 24));
      const now = world.clock.now();
      await before.block([findingFrom(3, now), findingFrom(4, now)]);

      interleave(world, scheduler);
      const [a, b, c, d] = workersOn(world, scheduler, 4);
      if (!a || !b || !c || !d) throw new Error('too few workers');
      const findings = [findingFrom(5, now), findingFrom(3, now)];
      const query = {
        address: '198.51.100.4',
        reason: 'partner',
        requestedBy: 'a.smith',
        suppressFor: minutes(600),
      };
      const [first, second, , unblocked] = await scheduler.waitFor(
        Promise.all([a.block(findingFrom(5, now)), b.block(findingFrom(3, now)), c.sweep(), d.unblock(query)]),
      );
      expectNothingLost([first, second]);
      await redeliver(world, findings, [first, second]);
      if (needsRetry(unblocked)) await createTestBlocker({}, world).unblock(query);
      await expectConsistent(world);
      // 1 and 2 have ended, 4 is unblocked, 3 stays and 5 is new.
      const denied = deniesIn(world.ec2).filter(({ cidr }) => cidr !== foreign.cidr);
      expect(denied.map(({ cidr }) => cidr).toSorted()).toEqual(['198.51.100.3/32', '198.51.100.5/32']);
    }),
    { numRuns },
  );
});

it('G9: a dead claim is taken over by one of those who wait', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = createTestWorld();
      world.ec2.addEntry(networkAclId, foreign);
      world.store.failNext('putIfAbsent', { prefix: 'nacl/', after: 'effect' });
      await createTestBlocker({}, world).block(findingFrom(1));
      expect(deniesIn(world.ec2)).toHaveLength(1);
      world.clock.advance(minutes(2));

      interleave(world, scheduler);
      const workers = workersOn(world, scheduler, 3);
      const findings = workers.map(() => findingFrom(1));
      const outcomes = await scheduler.waitFor(Promise.all(workers.map((worker) => worker.block(findingFrom(1)))));
      expectNothingLost(outcomes);
      await redeliver(world, findings, outcomes);
      await expectConsistent(world);
      expect(world.ec2.calls['ec2:CreateNetworkAclEntry']).toBe(1);
      expect(deniesIn(world.ec2).map(({ ruleNumber }) => ruleNumber)).toEqual([10, 11]);
    }),
    { numRuns },
  );
});

it('G9: while a frozen worker holds the lease nobody touches its number, and when it thaws nothing is lost', async () => {
  const world = createTestWorld();
  world.ec2.addEntry(networkAclId, foreign);
  let thaw = (): void => {};
  const frozen = new Promise<void>((resolve) => {
    world.ec2.onCall(async ({ operation }) => {
      if (operation !== 'CreateNetworkAclEntry') return;
      resolve();
      await new Promise<void>((go) => {
        thaw = go;
      });
    });
  });
  const sleeper = createTestBlocker({ functionTimeout: minutes(5) }, world);
  const blocking = sleeper.block(findingFrom(1));
  await frozen;
  world.clock.advance(minutes(4));
  const other = createTestBlocker({}, world);
  expect((await other.sweep()).releases).toEqual([]);
  expect((await other.block(findingFrom(1))).threats).toMatchObject([{ outcome: 'failed', reason: 'in-progress' }]);
  const query = { networkAclId, reason: 'change', requestedBy: 'a.smith', suppressFor: minutes(1) };
  expect((await other.unblock(query)).releases).toMatchObject([{ outcome: 'failed', reason: 'in-progress' }]);
  thaw();
  expect((await blocking).threats).toMatchObject([{ outcome: 'blocked' }]);
  await expectConsistent(world);
  expect(deniesIn(world.ec2)).toHaveLength(2);
});

it('G9: a worker that thaws after its lease neither begins a write nor undoes what was made in its place', async () => {
  const world = createTestWorld();
  world.ec2.addEntry(networkAclId, foreign);
  const sleeper = createTestBlocker({ functionTimeout: minutes(5) }, world);
  // Frozen between the claim and the write, for longer than the lease; meanwhile another worker takes over.
  world.store.hooks.afterEach = async (operation) => {
    if (operation !== 'putIfAbsent') return;
    delete world.store.hooks.afterEach;
    world.clock.advance(minutes(6));
    expect((await createTestBlocker({}, world).block(findingFrom(1))).threats).toMatchObject([{ outcome: 'blocked' }]);
  };
  const outcome = await sleeper.block(findingFrom(1));
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'out-of-time' }]);
  expect(world.ec2.calls['ec2:CreateNetworkAclEntry']).toBe(1);
  await expectConsistent(world);
  expect(deniesIn(world.ec2)).toHaveLength(2);
});

it('G4, G35: concurrent findings on a full network ACL swap in place, never over the quota, and nobody who gives way is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, count) => {
      const world = createTestWorld();
      world.ec2.addEntry(networkAclId, foreign);
      // The default deny, the allow of a new network ACL, one of somebody else: room for three.
      const narrow = { quota: 6, headroom: 0 };
      await createTestBlocker(narrow, world).block([findingFrom(101), findingFrom(102), findingFrom(103)]);
      world.clock.advance(minutes(120));
      const now = world.clock.now();

      interleave(world, scheduler);
      const findings = Array.from({ length: count }, (_, n) => findingFrom(n + 1, now));
      const workers = findings.map(() =>
        createTestBlocker({ ...narrow, sleep: () => scheduler.schedule(Promise.resolve(), 'sleep') }, world),
      );
      const outcomes = await scheduler.waitFor(
        Promise.all(workers.map((worker, n) => worker.block(findings[n] ?? findingFrom(1, now)))),
      );
      expectNothingLost(outcomes);
      release(world);
      world.clock.advance(minutes(2));
      const healthy = createTestBlocker(narrow, world);
      const again = await healthy.block(findings.filter((_, at) => outcomes[at] && needsRetry(outcomes[at])));
      expectNothingLost(again);
      await healthy.sweep();
      await expectConsistent(world);
      const denied = deniesIn(world.ec2).map(({ cidr }) => cidr);
      expect(denied).toHaveLength(4);
      const told = new Set(
        [...outcomes, ...again].flatMap(({ threats }) =>
          threats.flatMap(({ outcome, announce, threat, evicted }) => [
            ...evicted.map(({ cidr }) => cidr),
            ...(outcome === 'not-blocked' && announce ? [threat.address] : []),
          ]),
        ),
      );
      for (const n of [101, 102, 103, ...findings.map((_, at) => at + 1)]) {
        const cidr = `198.51.100.${n}/32`;
        expect(denied.includes(cidr) || told.has(cidr), cidr).toBe(true);
      }
    }),
    { numRuns },
  );
});
