import { days, hours, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { upkeepMessage } from '../../messages/upkeep-message.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { sshBruteForce } from '../../testing/findings.ts';
import { createMortalWorker } from '../../testing/mortal-worker.ts';
import { createTestBlocker, createTestWorld, type TestWorld, testTime } from '../../testing/test-blocker.ts';
import type { NaclBlocker } from '../blocker.ts';
import type { BlockerOptions } from '../options.ts';

// Upkeep lets go of a deny whose attacker may still be at it, and its worker dies before anybody heard.

const { networkAclId } = fakeWorld;
const attack = (n: number, at: Date = testTime) => sshBruteForce({ from: `198.51.100.${n}`, at });

const takenByOthers = async (world: TestWorld, blocker: NaclBlocker): Promise<void> => {
  await blocker.block(attack(7));
  world.clock.advance(minutes(5));
  world.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
  world.ec2.addEntry(networkAclId, { ruleNumber: 10, cidr: '192.0.2.77/32' });
};

/** What people hear of the sweep that follows each death of an upkeep. */
const heardAfterDeaths = async (
  prepare: (world: TestWorld, blocker: NaclBlocker) => Promise<void>,
  act: (worker: NaclBlocker) => Promise<unknown>,
  options: Partial<BlockerOptions> = {},
  after: number = minutes(1),
): Promise<string[]> => {
  const heard: string[] = [];
  for (const moment of ['before', 'after'] as const) {
    for (let request = 1; request < 40; request += 1) {
      const world = createTestWorld();
      await prepare(world, createTestBlocker(options, world));
      const mortal = createMortalWorker(world, request, moment, options);
      const lived = await act(mortal.worker).then(
        () => true,
        () => false,
      );
      if (lived && mortal.requests.length < request) break;
      world.clock.advance(after);
      const next = createTestBlocker(options, world);
      heard.push(JSON.stringify(upkeepMessage(await next.sweep(), await next.reconcile()) ?? ''));
    }
  }
  return heard;
};

describe('who is let go of', () => {
  it('is told after any death of the reconcile that did it, when upkeep is run again', async () => {
    const heard = await heardAfterDeaths(takenByOthers, (worker) => worker.reconcile());
    expect(heard.length).toBeGreaterThan(10);
    expect(heard.filter((text) => !text.includes('198.51.100.7'))).toEqual([]);
  });

  it('is told after any death of the sweep that ended a block at its longest', async () => {
    const options = { maxBlockFor: days(2) } as const;
    const atItsLongest = async (world: TestWorld, blocker: NaclBlocker): Promise<void> => {
      for (let n = 0; n < 5; n += 1) {
        await blocker.block(attack(7, world.clock.now()));
        world.clock.advance(hours(10));
      }
    };
    // A deny that was being taken out is finished when its lease is over.
    const heard = await heardAfterDeaths(atItsLongest, (worker) => worker.sweep(), options, minutes(3));
    expect(heard.length).toBeGreaterThan(5);
    expect(heard.filter((text) => !text.includes('198.51.100.7'))).toEqual([]);
  });

  it('is not told again by the next upkeep of the schedule, nor where the deny came back', async () => {
    const world = createTestWorld();
    const blocker = createTestBlocker({}, world);
    await takenByOthers(world, blocker);
    expect((await blocker.reconcile()).releases).toMatchObject([{ outcome: 'foreign', announce: true }]);
    world.clock.advance(minutes(3));
    expect((await blocker.sweep()).alerts).toMatchObject([{ reason: 'let-go', announce: true }]);
    await blocker.block(attack(7, world.clock.now()));
    expect((await blocker.sweep()).alerts).toEqual([]);
    world.clock.advance(minutes(1));
    await blocker.unblock({ address: '198.51.100.7', reason: 'r', requestedBy: 'a.smith', suppressFor: hours(1) });
    expect((await blocker.sweep()).alerts).toEqual([]);
  });

  it('is each named whole', async () => {
    const world = createTestWorld({ entryQuota: 40 });
    const blocker = createTestBlocker(
      { quota: 40, ipv6PrefixLength: 128, newDeniesPerHour: 100, entryWritesPerHour: 100 },
      world,
    );
    const v6 = (n: number) => `2001:db8:ffff:ffff:ffff:ffff:ffff:${(0x1000 + n).toString(16)}`;
    await blocker.block(Array.from({ length: 20 }, (_, n) => sshBruteForce({ from: v6(n), at: testTime })));
    const denied = (await blocker.list()).map(({ ruleNumber }) => ruleNumber);
    expect(denied).toHaveLength(20);
    world.clock.advance(minutes(5));
    for (const ruleNumber of denied) {
      world.ec2.removeEntry(networkAclId, { ruleNumber });
      world.ec2.addEntry(networkAclId, { ruleNumber, cidr: '192.0.2.77/32' });
    }
    await blocker.reconcile();
    const [alert] = (await blocker.sweep()).alerts;
    const named = alert?.because.match(/2001:[0-9a-f:]+\/128/g) ?? [];
    expect(named.length).toBeGreaterThan(10);
    expect(named.every((cidr) => /:ffff:10[0-9a-f]{2}\/128$/.test(cidr))).toBe(true);
  });
});
