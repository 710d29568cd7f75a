import { hours, minutes } from '@remedykit/core';
import { afterAll, expect, it, vi } from 'vitest';
import { fakeWorld } from '../testing/fake-world.ts';
import { portProbe, sshBruteForce } from '../testing/findings.ts';
import { createMortalWorker } from '../testing/mortal-worker.ts';
import { createTestBlocker, createTestWorld, deniesIn, type TestWorld, testTime } from '../testing/test-blocker.ts';
import type { NaclBlocker } from './blocker.ts';
import type { BlockerOptions } from './options.ts';

// Every crash point of every flow: the worker dies at its k-th request, before or after its effect. Nothing of what it
// does afterwards reaches the store or EC2. Later others redeliver or sweep, and everything must be as if it had lived.

// Hundreds of small lives: room for slow machines.
vi.setConfig({ testTimeout: 60_000 });

const { networkAclId } = fakeWorld;
const attacker = '198.51.100.7';
const foreign = { ruleNumber: 12, cidr: '192.0.2.77/32' } as const;

interface Flow {
  readonly name: string;
  readonly options?: Partial<BlockerOptions>;
  /** How the world is before the worker that dies. */
  readonly prepare?: (world: TestWorld, healthy: NaclBlocker) => Promise<void>;
  readonly act: (worker: NaclBlocker, world: TestWorld) => Promise<unknown>;
  /** CIDRs that are denied in the end. */
  readonly denied: readonly string[];
  /** What else must hold when all has been mended. */
  readonly check?: (world: TestWorld, healthy: NaclBlocker) => Promise<void>;
  /** Who gave way, and must have been told of by somebody who did not die. */
  readonly gaveWay?: string;
}

const attack = (from: string, at: Date = testTime) => sshBruteForce({ from, at });
const host = (address: string) => `${address}/32`;

const isTenth = ({ ruleNumber }: { readonly ruleNumber: number }) => ruleNumber === 10;

const unblock = (blocker: NaclBlocker) =>
  blocker.unblock({ address: attacker, reason: 'partner', requestedBy: 'a.smith', suppressFor: hours(20) });

const flows: readonly Flow[] = [
  { name: 'a new block', act: (worker) => worker.block(attack(attacker)), denied: [host(attacker)] },
  {
    name: 'a block of several addresses and runs of ports beside others',
    prepare: async (_, healthy) => void (await healthy.block(attack('198.51.100.1'))),
    act: (worker) =>
      worker.block(
        portProbe({
          addresses: [
            { address: attacker, port: 22 },
            { address: attacker, port: 8080 },
            { address: '198.51.100.8', port: 22 },
          ],
          at: testTime,
        }),
      ),
    denied: [host('198.51.100.1'), host(attacker), host(attacker), host('198.51.100.8')],
  },
  {
    name: 'an extension',
    prepare: async (world, healthy) => {
      await healthy.block(attack(attacker));
      world.clock.advance(minutes(10));
    },
    act: (worker) => worker.block(attack(attacker, new Date(testTime.getTime() + minutes(5)))),
    denied: [host(attacker)],
    check: async (_, healthy) =>
      expect(await healthy.list()).toMatchObject([{ expiresAt: '2026-11-25T10:05:00.000Z' }]),
  },
  {
    name: 'a deny that is put back',
    prepare: async (world, healthy) => {
      await healthy.block(attack(attacker));
      world.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
      world.clock.advance(minutes(1));
    },
    act: (worker) => worker.block(attack(attacker)),
    denied: [host(attacker)],
  },
  {
    name: 'a number that a person takes in between',
    act: (worker, world) => {
      let taken = false;
      world.ec2.onCall(({ operation }) => {
        if (operation !== 'CreateNetworkAclEntry' || taken || deniesIn(world.ec2).some(isTenth)) return;
        taken = true;
        world.ec2.addEntry(networkAclId, { ruleNumber: 10, cidr: '192.0.2.78/32' });
      });
      return worker.block(attack(attacker));
    },
    denied: [host(attacker)],
  },
  {
    name: 'a swap',
    options: { quota: 5, headroom: 0 },
    prepare: async (world, healthy) => {
      await healthy.block([attack('198.51.100.1'), attack('198.51.100.2')]);
      world.clock.advance(hours(2));
    },
    act: (worker) => worker.block(attack(attacker, new Date(testTime.getTime() + hours(2)))),
    denied: [host('198.51.100.2'), host(attacker)],
    gaveWay: host('198.51.100.1'),
    // The next one needs a place as well.
    check: async (world) => void world.clock.advance(hours(2)),
  },
  {
    name: 'a sweep of what has expired',
    prepare: async (world, healthy) => {
      await healthy.block([attack(attacker), attack('198.51.100.8')]);
      world.clock.advance(hours(25));
      await healthy.block(attack('198.51.100.9', world.clock.now()));
    },
    act: (worker) => worker.sweep(),
    denied: [host('198.51.100.9')],
  },
  {
    name: 'an unblock by hand',
    prepare: async (_, healthy) => void (await healthy.block([attack(attacker), attack('198.51.100.8')])),
    act: (worker) => unblock(worker),
    denied: [host('198.51.100.8')],
    check: async (world, healthy) => {
      expect((await healthy.block(attack(attacker))).threats).toMatchObject([{ reason: 'suppressed' }]);
      expect(deniesIn(world.ec2)).not.toContainEqual(expect.objectContaining({ cidr: host(attacker) }));
    },
  },
];

/** What a death is followed by, at once and when the lease has ended: the same again (a redelivery, a person), sweeps. */
interface Recovery {
  readonly name: string;
  readonly atOnce: readonly ('act' | 'sweep')[];
  readonly later: readonly ('act' | 'sweep')[];
}

const recoveries: readonly Recovery[] = [
  { name: 'a sweep at once, then the same again and a sweep', atOnce: ['sweep'], later: ['act', 'sweep'] },
  { name: 'a sweep, then the same again', atOnce: [], later: ['sweep', 'act'] },
  { name: 'the same again at once and later', atOnce: ['act'], later: ['act', 'sweep'] },
];

const ownDenies = ({ ec2 }: TestWorld) => deniesIn(ec2).filter(({ cidr }) => !cidr.startsWith('192.0.2.'));

/** One slot per entry of ours and one entry per slot, all settled. */
const expectConsistent = async (world: TestWorld, healthy: NaclBlocker): Promise<void> => {
  const slots = await healthy.list();
  const named = (one: { ruleNumber: number; cidr: string }) => `${one.ruleNumber} ${one.cidr}`;
  expect(slots.map(named).toSorted()).toEqual(ownDenies(world).map(named).toSorted());
  expect(slots.filter(({ status }) => status !== 'active')).toEqual([]);
};

const expectMended = async (flow: Flow, world: TestWorld, healthy: NaclBlocker): Promise<void> => {
  expect(
    ownDenies(world)
      .map(({ cidr }) => cidr)
      .toSorted(),
  ).toEqual(flow.denied.toSorted());
  await expectConsistent(world, healthy);
  expect(deniesIn(world.ec2)).toContainEqual(expect.objectContaining(foreign));
  await flow.check?.(world, healthy);
  // Nothing is wedged: a further address works at once.
  const next = await healthy.block(attack('198.51.100.50', world.clock.now()));
  expect(next.threats).toMatchObject([{ outcome: 'blocked' }]);
  await expectConsistent(world, healthy);
};

const prepared = async (flow: Flow): Promise<{ world: TestWorld; healthy: NaclBlocker }> => {
  const world = createTestWorld();
  world.ec2.addEntry(networkAclId, foreign);
  const healthy = createTestBlocker(flow.options ?? {}, world);
  await flow.prepare?.(world, healthy);
  return { world, healthy };
};

/** How many requests the flow makes when nobody dies. */
const requestsOf = async (flow: Flow): Promise<number> => {
  const { world } = await prepared(flow);
  const { worker, requests } = createMortalWorker(world, Number.POSITIVE_INFINITY, 'before', flow.options);
  await flow.act(worker, world);
  return requests.length;
};

/** How many lives ended: every request of every flow, before and after its effect, with every recovery. */
let deaths = 0;
afterAll(() => console.info(`${deaths} crash points were tried in ${flows.length} flows.`));

for (const flow of flows) {
  it(`G5, G8, G2: ${flow.name} survives a crash at every request`, async () => {
    const total = await requestsOf(flow);
    expect(total).toBeGreaterThan(3);
    for (let at = 1; at <= total; at++) {
      for (const moment of ['before', 'after'] as const) {
        for (const recovery of recoveries) {
          const { world, healthy } = await prepared(flow);
          const { worker, isDead } = createMortalWorker(world, at, moment, flow.options);
          const crash = `${flow.name}, dead ${moment} request ${at} of ${total}; ${recovery.name}`;
          const heard: unknown[] = [];
          const then = async (what: 'act' | 'sweep') =>
            heard.push(await (what === 'act' ? flow.act(healthy, world) : healthy.sweep()));
          try {
            // Dead men tell no tales: whatever this comes to, nobody hears it.
            await flow.act(worker, world).catch(() => undefined);
            expect(isDead()).toBe(true);
            deaths += 1;
            // While the lease holds nobody may do harm.
            for (const what of recovery.atOnce) await then(what);
            expect(new Set(ownDenies(world).map(({ cidr, ports }) => `${cidr} ${ports?.from}`)).size).toBe(
              ownDenies(world).length,
            );
            world.clock.advance(minutes(2));
            for (const what of recovery.later) await then(what);
            world.ec2.onCall(undefined);
            if (flow.gaveWay !== undefined) expect(JSON.stringify(heard)).toContain(`"cidr":"${flow.gaveWay}"`);
            await expectMended(flow, world, healthy);
          } catch (error) {
            throw new Error(crash, { cause: error });
          }
        }
      }
    }
  });
}

it('a crash is noticed: without recovery the ledger and EC2 differ', async () => {
  const flow = flows[0];
  if (flow === undefined) throw new Error('no flow');
  const total = await requestsOf(flow);
  const { world, healthy } = await prepared(flow);
  await flow.act(createMortalWorker(world, total, 'before').worker, world).catch(() => undefined);
  await expect(expectConsistent(world, healthy)).rejects.toThrow();
});
