import { assertComplete, hours, minutes, needsRetry, RemediationError } from '@remedykit/core';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { Finding } from '../finding.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { sshBruteForce } from '../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, type TestWorld, testTime } from '../testing/test-blocker.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
// Room for long runs and for slow machines.
vi.setConfig({ testTimeout: 30_000 + numRuns * 200 });
const { networkAclId } = fakeWorld;

// Any request to EC2 or to the store may fail, before its effect or after it, with any error that they know. Whatever
// asks for a retry is delivered again; in the end every decision is in force, once, and what has ended is gone.

type Fault = { readonly at: number; readonly after: 'before' | 'effect'; readonly code: string };

const fault: fc.Arbitrary<Fault> = fc.record({
  at: fc.nat({ max: 40 }),
  after: fc.constantFrom('before', 'effect'),
  code: fc.constantFrom('InternalError', 'TimeoutError', 'RequestLimitExceeded', 'UnauthorizedOperation'),
});

const ec2Operations = ['CreateNetworkAclEntry', 'DeleteNetworkAclEntry', 'DescribeNetworkAcls'];

/** The n-th request of the world meets the fault meant for it. A refusal proves that nothing happened, so it comes before. */
const inject = (world: TestWorld, faults: readonly Fault[]): void => {
  let requests = 0;
  const next = (): Fault | undefined => {
    requests += 1;
    return faults.find(({ at }) => at === requests);
  };
  world.ec2.onCall(({ operation }) => {
    const hit = next();
    if (hit === undefined || !ec2Operations.includes(operation)) return;
    const answered = hit.code === 'RequestLimitExceeded' || hit.code === 'UnauthorizedOperation';
    world.ec2.failNext(operation, { code: hit.code, after: answered ? 'before' : hit.after });
  });
  const unavailable = () =>
    new RemediationError({ code: 'STATE_UNAVAILABLE', message: 'A fault was asked for.', retryable: true });
  let pending: Fault | undefined;
  world.store.hooks.beforeEach = () => {
    pending = next();
    if (pending?.after === 'before') throw unavailable();
  };
  world.store.hooks.afterEach = () => {
    if (pending?.after !== 'effect') return;
    pending = undefined;
    throw unavailable();
  };
};

const heal = (world: TestWorld): void => {
  world.ec2.onCall(undefined);
  delete world.store.hooks.beforeEach;
  delete world.store.hooks.afterEach;
};

const deliver = async (world: TestWorld, findings: readonly Finding[]): Promise<readonly Finding[]> => {
  const outcomes = await createTestBlocker({}, world).block(findings);
  return findings.filter((_, at) => {
    const outcome = outcomes[at];
    return outcome === undefined || needsRetry(outcome);
  });
};

it('G5, G8, G40: under faults at any requests every decision is in force in the end, once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 12 }), fc.nat({ max: 25_000 }), async (faults, lag) => {
      const world = createTestWorld();
      // Describes lag behind writes, as EC2's may.
      world.ec2.staleReads({ forMs: lag });
      world.ec2.addEntry(networkAclId, { ruleNumber: 11, cidr: '192.0.2.77/32' });
      inject(world, faults);
      const findings = [1, 2, 3, 4].map((n) => sshBruteForce({ from: `198.51.100.${n}`, at: testTime }));
      let left: readonly Finding[] = findings;
      for (let delivery = 1; left.length > 0; delivery++) {
        expect(delivery).toBeLessThan(20);
        left = await deliver(world, left);
        world.clock.advance(minutes(2));
        // Upkeep runs all the while, and may fail as well.
        await createTestBlocker({}, world)
          .sweep()
          .catch(() => undefined);
      }
      heal(world);
      world.clock.advance(minutes(2));
      assertComplete(await createTestBlocker({}, world).sweep());
      const ours = deniesIn(world.ec2).filter(({ ruleNumber }) => ruleNumber !== 11);
      expect(ours.map(({ cidr }) => cidr).toSorted()).toEqual([1, 2, 3, 4].map((n) => `198.51.100.${n}/32`));
      const slots = await createTestBlocker({}, world).list();
      expect(slots.map(({ ruleNumber, cidr, status }) => [ruleNumber, cidr, status])).toEqual(
        ours.map(({ ruleNumber, cidr }) => [ruleNumber, cidr, 'active']),
      );

      // And all of it ends, whatever fails on the way.
      inject(world, faults);
      world.clock.advance(hours(25));
      for (let sweep = 1; sweep <= 15; sweep++) {
        await createTestBlocker({}, world)
          .sweep()
          .catch(() => undefined);
        world.clock.advance(minutes(2));
      }
      heal(world);
      assertComplete(await createTestBlocker({}, world).sweep());
      expect(deniesIn(world.ec2).map(({ cidr }) => cidr)).toEqual(['192.0.2.77/32']);
      expect(await createTestBlocker({}, world).list()).toEqual([]);
    }),
    { numRuns },
  );
});
