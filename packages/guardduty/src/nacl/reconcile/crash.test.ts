import { hours, minutes } from '@remedykit/core';
import { afterAll, expect, it, vi } from 'vitest';
import { fakeWorld } from '../../testing/fake-world.ts';
import { sshBruteForce } from '../../testing/findings.ts';
import { createMortalWorker, type Moment } from '../../testing/mortal-worker.ts';
import { createTestBlocker, createTestWorld, deniesIn, type TestWorld, testTime } from '../../testing/test-blocker.ts';
import type { NaclBlocker } from '../blocker.ts';
import type { BlockerOptions } from '../options.ts';

// Every crash point of upkeep: the worker dies at its k-th request, before or after its effect. Later others do the same
// again or go on with their schedule, and everything must be as if it had lived.

// Hundreds of small lives: room for slow machines.
vi.setConfig({ testTimeout: 120_000 });

const { networkAclId, accountId, region } = fakeWorld;
const target = { accountId, region };
const foreign = { ruleNumber: 12, cidr: '192.0.2.77/32' } as const;
const attack = (n: number, at: Date = testTime) => sshBruteForce({ from: `198.51.100.${n}`, at });
const host = (n: number) => `198.51.100.${n}/32`;
const asked = { requestedBy: 'a.smith', reason: 'INC-12' } as const;

interface Flow {
  readonly name: string;
  readonly options?: Partial<BlockerOptions>;
  readonly prepare: (world: TestWorld, healthy: NaclBlocker) => Promise<void>;
  readonly act: (worker: NaclBlocker) => Promise<unknown>;
  /** CIDRs of ours that are denied in the end. */
  readonly denied: readonly string[];
  /** False: what is to happen next is that nothing is written, for people quarrel. */
  readonly goesOn?: false;
}

const ownDenies = ({ ec2 }: TestWorld) => deniesIn(ec2).filter(({ cidr }) => !cidr.startsWith('192.0.2.'));

const loseTable = async ({ store }: TestWorld): Promise<void> => {
  const { documents } = await store.list('nacl/');
  for (const { key, version } of documents) await store.delete(key, version);
};

/** One slot, held for two hours by an attacker that was seen once; then one that persists. */
const small = { quota: 6, headroom: 2 } as const;
const persistent = (world: TestWorld) =>
  sshBruteForce({
    from: '198.51.100.9',
    at: world.clock.now(),
    firstSeen: new Date(world.clock.now().getTime() - minutes(50)),
    count: 4,
  });

const beforeSwap = async (world: TestWorld): Promise<void> => {
  await createTestBlocker(small, world).block(attack(1));
  world.clock.advance(hours(2));
};

/** A worker that died at the EC2 call of a swap. */
const deadSwap =
  (moment: Moment) =>
  async (world: TestWorld, healthy: NaclBlocker): Promise<void> => {
    const rehearsed = createTestWorld();
    rehearsed.ec2.addEntry(networkAclId, foreign);
    await beforeSwap(rehearsed);
    const { worker, requests } = createMortalWorker(rehearsed, Number.POSITIVE_INFINITY, 'before', small);
    await worker.block(persistent(rehearsed));
    const at = requests.indexOf('ReplaceNetworkAclEntry') + 1;
    expect(at, 'no swap took place').toBeGreaterThan(0);

    await beforeSwap(world);
    const mortal = createMortalWorker(world, at, moment, small);
    await mortal.worker.block(persistent(world)).catch(() => undefined);
    expect(await healthy.list()).toMatchObject([{ status: 'claimed', cidr: host(9) }]);
    world.clock.advance(minutes(2));
  };

const flows: readonly Flow[] = [
  {
    name: 'a reconcile of what vanished, of a number that others took, and of a deny that nobody knows',
    prepare: async (world, healthy) => {
      await healthy.block([attack(1), attack(2), attack(3)]);
      world.clock.advance(minutes(5));
      world.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
      world.ec2.removeEntry(networkAclId, { ruleNumber: 11 });
      world.ec2.addEntry(networkAclId, { ruleNumber: 11, cidr: '192.0.2.78/32' });
      world.ec2.addEntry(networkAclId, { ruleNumber: 30, cidr: '192.0.2.79/32' });
    },
    act: (worker) => worker.reconcile(),
    denied: [host(1), host(3)],
  },
  {
    name: 'a reconcile of a contested network ACL',
    prepare: async (world, healthy) => {
      await healthy.block([attack(1), attack(2)]);
      for (let time = 1; time <= 2; time += 1) {
        world.clock.advance(minutes(20));
        world.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
        if (time === 1) await healthy.reconcile();
      }
    },
    act: (worker) => worker.reconcile(),
    denied: [host(2)],
    goesOn: false,
  },
  {
    name: 'the end of a quarrel',
    prepare: async (world, healthy) => {
      await healthy.block([attack(1), attack(2)]);
      for (let time = 1; time <= 2; time += 1) {
        world.clock.advance(minutes(20));
        world.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
        await healthy.reconcile();
      }
      world.clock.advance(hours(24));
      await healthy.sweep();
      await healthy.block(attack(3, world.clock.now()));
      world.clock.advance(minutes(1));
    },
    act: (worker) => worker.reconcile(),
    denied: [host(3)],
  },
  {
    name: 'a takeover after a lost table',
    prepare: async (world, healthy) => {
      await healthy.block([attack(1), attack(2)]);
      world.clock.advance(minutes(5));
      await loseTable(world);
    },
    act: (worker) =>
      worker.reconcile({
        targets: [target],
        adopt: { ...asked, expires: new Date(testTime.getTime() + hours(20)), ruleNumbers: [10, 11] },
      }),
    denied: [host(1), host(2)],
  },
  {
    name: 'a drain',
    prepare: async (world, healthy) => {
      await healthy.block([attack(1), attack(2)]);
      world.clock.advance(minutes(5));
    },
    act: (worker) => worker.drain(asked),
    denied: [],
  },
  {
    name: 'a sweep of what is protected now and of what has expired',
    prepare: async (world, healthy) => {
      await healthy.block([attack(1), attack(2)]);
      world.clock.advance(hours(23));
      await healthy.block([attack(3, world.clock.now()), attack(4, world.clock.now())]);
      world.clock.advance(hours(1));
      world.ec2.addAddress({ publicIp: '198.51.100.3' });
    },
    act: (worker) => worker.sweep(),
    denied: [host(4)],
  },
  {
    name: 'a sweep of a swap that took place and was not settled',
    options: small,
    prepare: deadSwap('after'),
    act: (worker) => worker.sweep(),
    denied: [host(9)],
  },
  {
    name: 'a sweep of a swap that did not take place',
    options: small,
    prepare: deadSwap('before'),
    act: (worker) => worker.sweep(),
    denied: [host(9)],
  },
  {
    name: 'a reconcile of a swap that did not take place',
    options: small,
    prepare: deadSwap('before'),
    act: (worker) => worker.reconcile(),
    denied: [host(9)],
  },
  {
    name: 'a drain of a swap that did not take place',
    options: small,
    prepare: deadSwap('before'),
    act: (worker) => worker.drain(asked),
    denied: [],
  },
];

type Upkeep = 'act' | 'sweep' | 'reconcile';

/** What a death is followed by, at once and when the lease has ended. */
interface Recovery {
  readonly atOnce: readonly Upkeep[];
  readonly later: readonly Upkeep[];
}

const recoveries: readonly Recovery[] = [
  { atOnce: ['sweep', 'reconcile'], later: ['act', 'sweep', 'reconcile'] },
  { atOnce: [], later: ['sweep', 'act'] },
  { atOnce: ['act'], later: ['act'] },
];

const prepared = async (flow: Flow): Promise<{ world: TestWorld; healthy: NaclBlocker }> => {
  const world = createTestWorld();
  world.ec2.addEntry(networkAclId, foreign);
  const healthy = createTestBlocker(flow.options ?? {}, world);
  await flow.prepare(world, healthy);
  return { world, healthy };
};

const expectAgreement = async (world: TestWorld, healthy: NaclBlocker): Promise<void> => {
  const slots = (await healthy.list()).filter(({ direction }) => direction === 'ingress');
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
  await expectAgreement(world, healthy);
  expect(deniesIn(world.ec2)).toContainEqual(expect.objectContaining(foreign));
  // Nothing is wedged.
  if (flow.goesOn === false || flow.options) return;
  const next = await healthy.block(attack(50, world.clock.now()));
  expect(next.threats).toMatchObject([{ outcome: 'blocked' }]);
  await expectAgreement(world, healthy);
};

/** How many lives ended: every request of every flow, before and after its effect, with every recovery. */
let deaths = 0;
afterAll(() => console.info(`${deaths} crash points were tried in ${flows.length} flows.`));

for (const flow of flows) {
  it(`G5, G6, G2: ${flow.name} survives a crash at every request`, async () => {
    const rehearsal = await prepared(flow);
    const { worker, requests } = createMortalWorker(rehearsal.world, Number.POSITIVE_INFINITY, 'before', flow.options);
    await flow.act(worker);
    const total = requests.length;
    expect(total).toBeGreaterThan(2);
    for (let at = 1; at <= total; at += 1) {
      for (const moment of ['before', 'after'] as const) {
        for (const { atOnce, later } of recoveries) {
          const { world, healthy } = await prepared(flow);
          const mortal = createMortalWorker(world, at, moment, flow.options);
          const crash = `dead ${moment} request ${at} of ${total} (${requests[at - 1]}); ${atOnce.join()} then ${later.join()}`;
          const then = async (what: Upkeep) => (what === 'act' ? flow.act(healthy) : healthy[what]());
          try {
            // Dead men tell no tales: whatever this comes to, nobody hears it.
            await flow.act(mortal.worker).catch(() => undefined);
            expect(mortal.isDead()).toBe(true);
            deaths += 1;
            for (const what of atOnce) await then(what);
            world.clock.advance(minutes(2));
            for (const what of later) await then(what);
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
  const flow = flows.find(({ name }) => name === 'a drain');
  if (flow === undefined) throw new Error('no flow');
  const rehearsal = await prepared(flow);
  const { worker, requests } = createMortalWorker(rehearsal.world, Number.POSITIVE_INFINITY, 'before');
  await flow.act(worker);
  const { world, healthy } = await prepared(flow);
  const last = requests.lastIndexOf('store:compareAndSet') + 1;
  await flow.act(createMortalWorker(world, last, 'before').worker).catch(() => undefined);
  await expect(expectAgreement(world, healthy)).rejects.toThrow();
});
