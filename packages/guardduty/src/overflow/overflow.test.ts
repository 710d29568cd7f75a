import { assertComplete, hours, minutes, needsRetry, pause, RemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { findingMessage } from '../messages/finding-message.ts';
import type { BlockerOptions } from '../nacl/options.ts';
import { parseFinding } from '../parse/index.ts';
import { createFakeOverflow, type FakeOverflow } from '../testing/fake-overflow.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { sshBruteForceEvent } from '../testing/finding-events.ts';
import { sshBruteForce } from '../testing/findings.ts';
import {
  callsOf,
  callsSince,
  createTestBlocker,
  createTestWorld,
  deniesIn,
  type TestWorld,
  testTime,
} from '../testing/test-blocker.ts';

const attack = (n: number, at: Date = testTime) => sshBruteForce({ from: `198.51.100.${n}`, at });
const textOf = (outcome: Parameters<typeof findingMessage>[0]): string => JSON.stringify(findingMessage(outcome) ?? '');

/** A blocker in a network ACL with room for `room` denies, with an overflow blocker behind it. */
const full = (
  overflow: FakeOverflow = createFakeOverflow(),
  { room = 0, ...options }: Partial<BlockerOptions> & { room?: number } = {},
  world: TestWorld = createTestWorld(),
) => ({
  overflow,
  blocker: createTestBlocker({ quota: 2 + room, headroom: 0, overflow: [overflow], ...options }, world),
});

describe('what finds no room', () => {
  it('G38: is handed to the overflow blocker with its end, and its answer is told', async () => {
    const { overflow, blocker } = full();
    const outcome = await blocker.block(attack(7));
    expect(overflow.requests).toMatchObject([
      {
        id: `nacl/${fakeWorld.accountId}/${fakeWorld.region}/${fakeWorld.networkAclId}/ingress/198.51.100.7/32/6/22-22`,
        threat: { cidr: '198.51.100.7/32', family: 4, egress: false, protocol: '6', ports: { from: 22, to: 22 } },
        target: { vpcId: fakeWorld.vpcId, networkAclId: fakeWorld.networkAclId, subnetIds: [fakeWorld.subnetId] },
        expiresAt: '2026-11-25T10:00:00.000Z',
        reason: 'quota',
      },
    ]);
    expect(outcome).toMatchObject({
      escalate: false,
      threats: [
        {
          outcome: 'blocked',
          reason: 'overflow',
          announce: true,
          entries: [],
          missing: [],
          overflow: [{ by: 'overflow', whose: 'wanted', status: 'blocked', expiresAt: '2026-11-25T10:00:00.000Z' }],
        },
      ],
    });
    expect(textOf(outcome)).toContain('denied by');
    expect(findingMessage(outcome)).not.toHaveProperty('undone');
    expect(() => assertComplete(outcome)).not.toThrow();
  });

  it('is handed over after the ledger was settled, and costs the network ACL no call', async () => {
    const alone = createTestBlocker({ quota: 2, headroom: 0 });
    await alone.block(attack(7));
    const overflow = createFakeOverflow();
    const world = createTestWorld();
    const order: string[] = [];
    const { blocker } = full(
      {
        ...overflow,
        block: (request, call) => {
          order.push(`overflow after ${Object.keys(callsOf(world)).includes('store:putIfAbsent')}`);
          return overflow.block(request, call);
        },
      },
      {},
      world,
    );
    await blocker.block(attack(7));
    expect(order).toEqual(['overflow after true']);
    // Since when it is handed over is read and kept beside the ledger.
    const more = { 'store:get': 1, 'store:putIfAbsent': 1 };
    expect(callsSince(callsOf(alone), callsOf(world))).toEqual(more);
  });

  it('G44: is not blocked, never a success, where nobody covers it', async () => {
    const overflow = createFakeOverflow({ covers: ({ egress }) => egress });
    const { blocker } = full(overflow);
    const outcome = await blocker.block(attack(7));
    expect(overflow.calls).toBe(0);
    expect(outcome).toMatchObject({ escalate: true, threats: [{ outcome: 'not-blocked', reason: 'quota' }] });
    expect(outcome.threats[0]).not.toHaveProperty('overflow');
  });

  it('G38: goes on to the next that covers it when one has no room, or failed for good, and to no other', async () => {
    const broken = (retryable: boolean): FakeOverflow => ({
      ...createFakeOverflow({ name: 'broken' }),
      block: () => Promise.reject(new RemediationError({ code: 'GROUP_MISSING', message: 'No group.', retryable })),
    });
    const chainOf = (first: FakeOverflow) => {
      const elsewhere = createFakeOverflow({ name: 'elsewhere', covers: () => false });
      const second = createFakeOverflow({ name: 'second' });
      const third = createFakeOverflow({ name: 'third' });
      const blocker = createTestBlocker({ quota: 2, headroom: 0, overflow: [first, elsewhere, second, third] });
      return { blocker, elsewhere, second, third };
    };
    for (const first of [createFakeOverflow({ name: 'full', capacity: 0 }), broken(false)]) {
      const { blocker, elsewhere, second, third } = chainOf(first);
      const outcome = await blocker.block(attack(7));
      expect(outcome.threats).toMatchObject([
        { outcome: 'blocked', reason: 'overflow', overflow: [{ by: 'second', status: 'blocked' }] },
      ]);
      expect(outcome.steps.find(({ action }) => action === 'overflow')?.because).toMatch(/full|broken/);
      expect([elsewhere.calls, second.calls, third.calls]).toEqual([0, 1, 0]);
      expect(needsRetry(outcome)).toBe(false);
    }
    const { blocker, second } = chainOf(broken(true));
    expect(needsRetry(await blocker.block(attack(7)))).toBe(true);
    expect(second.calls).toBe(0);
  });

  it('G44: is not blocked where all of the chain have no room, in the words of each; is asked again where one could not say', async () => {
    const chain = ['one', 'two'].map((name) => createFakeOverflow({ name, capacity: 0 }));
    const all = createTestBlocker({ quota: 2, headroom: 0, overflow: chain });
    const outcome = await all.block(attack(7));
    expect(outcome).toMatchObject({
      escalate: true,
      threats: [{ outcome: 'not-blocked', reason: 'overflow-declined' }],
    });
    expect(textOf(outcome)).toMatch(/one.*holds 0 denies.*two.*holds 0 denies/);
    const unsure = createFakeOverflow({
      name: 'unsure',
      covers: () => {
        throw new Error('no list of targets');
      },
    });
    const blocker = createTestBlocker({ quota: 2, headroom: 0, overflow: [...chain, unsure] });
    const asked = await blocker.block(attack(7));
    expect(asked.threats).toMatchObject([{ outcome: 'failed', reason: 'overflow-failed' }]);
    expect(textOf(asked)).toContain('no list of targets');
    expect(needsRetry(asked)).toBe(true);
  });

  it('ends at the latest maxBlockFor after it was first handed over: announced once for review, and begun anew after', async () => {
    const { overflow, blocker } = full(createFakeOverflow(), { blockFor: hours(24), maxBlockFor: hours(40) });
    const see = () => blocker.block(attack(7, blocker.clock.now()));
    expect((await see()).threats).toMatchObject([{ outcome: 'blocked', announce: true }]);
    const longest = new Date(testTime.getTime() + hours(40)).toISOString();
    blocker.clock.advance(hours(20));
    await see();
    expect(overflow.denies).toMatchObject([{ expiresAt: longest }]);
    blocker.clock.advance(hours(5));
    const calls = overflow.calls;
    const event = attack(7, blocker.clock.now());
    const review = await blocker.block(event);
    expect(review.threats).toMatchObject([
      { outcome: 'escalated', reason: 'longest-block', announce: true, overflow: [{ status: 'already-blocked' }] },
    ]);
    expect(textOf(review)).toContain('is for a person to say');
    // A redelivery tells it again; a later sighting does not.
    expect((await blocker.block(event)).threats).toMatchObject([{ reason: 'longest-block', announce: true }]);
    blocker.clock.advance(hours(1));
    expect((await see()).threats).toMatchObject([{ outcome: 'unchanged', reason: 'longest-block', announce: false }]);
    expect(overflow.calls).toBe(calls);
    blocker.clock.advance(hours(15));
    const anew = await see();
    expect(overflow.calls).toBe(calls + 1);
    expect(anew.threats).toMatchObject([{ overflow: [{ expiresAt: '2026-11-27T03:00:00.000Z' }] }]);
  });

  it('is asked for nothing where it cannot be read since when it is denied: told, and tried again', async () => {
    const { overflow, blocker } = full();
    await blocker.block(attack(7));
    const [document] = (await blocker.store.list('overflow/')).documents;
    await blocker.store.compareAndSet(document?.key ?? '', { schema: 1, since: 'long ago' }, document?.version ?? '');
    blocker.clock.advance(hours(1));
    const outcome = await blocker.block(attack(7, blocker.clock.now()));
    expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'overflow-failed' }]);
    expect(overflow.calls).toBe(1);
  });

  it('is forgotten by a sweep a day after its end', async () => {
    const { blocker } = full();
    await blocker.block([attack(7), attack(8)]);
    const kept = async () => (await blocker.store.list('overflow/')).documents.length;
    blocker.clock.advance(hours(48));
    await blocker.sweep();
    expect(await kept()).toBe(2);
    blocker.clock.advance(1);
    await blocker.sweep();
    expect(await kept()).toBe(0);
  });

  it('goes to the first that covers it, and to no other', async () => {
    const world = createTestWorld();
    const egress = createFakeOverflow({ name: 'egress', covers: (threat) => threat.egress });
    const first = createFakeOverflow({ name: 'first', covers: (_, { vpcId }) => vpcId === fakeWorld.vpcId });
    const second = createFakeOverflow({ name: 'second' });
    const blocker = createTestBlocker({ quota: 2, headroom: 0, overflow: [egress, first, second] }, world);
    const outcome = await blocker.block(attack(7));
    expect([egress.calls, first.calls, second.calls]).toEqual([0, 1, 0]);
    expect(outcome.threats[0]?.overflow).toMatchObject([{ by: 'first' }]);
  });

  it('G38: is not blocked where the overflow blocker has no room either, which is told in its words', async () => {
    const { blocker } = full(createFakeOverflow({ capacity: 0 }));
    const outcome = await blocker.block(attack(7));
    expect(outcome).toMatchObject({
      escalate: true,
      threats: [{ outcome: 'not-blocked', reason: 'overflow-declined' }],
    });
    expect(textOf(outcome)).toContain('It holds 0 denies and no more.');
    expect(needsRetry(outcome)).toBe(false);
  });

  it('G39, G40: a throwing overflow blocker is a failure that is told and retried, and undoes nothing', async () => {
    const { overflow, blocker } = full(createFakeOverflow(), { room: 1 });
    await blocker.block(attack(1));
    overflow.failNext({ after: 'before' });
    const outcome = await blocker.block(attack(7));
    expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'overflow-failed', announce: true }]);
    expect(textOf(outcome)).toContain('the overflow is not there');
    expect(needsRetry(outcome)).toBe(true);
    expect(deniesIn(blocker.ec2).map(({ cidr }) => cidr)).toEqual(['198.51.100.1/32']);
    const again = await blocker.block(attack(7));
    expect(again.threats).toMatchObject([{ outcome: 'blocked', announce: true }]);
    expect(overflow.denies).toHaveLength(1);
  });

  it('G40: an answer that was lost leads to no second deny: the request has the same id', async () => {
    const { overflow, blocker } = full();
    overflow.failNext({ after: 'effect' });
    expect(needsRetry(await blocker.block(attack(7)))).toBe(true);
    const again = await blocker.block(attack(7));
    expect(again.threats).toMatchObject([{ outcome: 'blocked', announce: true }]);
    expect(new Set(overflow.requests.map(({ id }) => id)).size).toBe(1);
    expect(overflow.denies).toHaveLength(1);
  });

  it('a later sighting passes the later end on under the same id and tells nobody', async () => {
    const { overflow, blocker } = full();
    await blocker.block(attack(7));
    blocker.clock.advance(minutes(20));
    const outcome = await blocker.block(attack(7, new Date(testTime.getTime() + minutes(20))));
    expect(outcome.threats).toMatchObject([{ outcome: 'unchanged', announce: false }]);
    expect(overflow.denies).toMatchObject([{ expiresAt: '2026-11-25T10:20:00.000Z' }]);
  });

  it('the same attacker in several findings of a batch is asked for once, until the latest end', async () => {
    const { overflow, blocker } = full();
    blocker.clock.advance(minutes(30));
    const at = (n: number) => new Date(testTime.getTime() + minutes(n));
    const outcomes = await blocker.block([attack(7, at(0)), attack(7, at(20)), attack(7, at(10))]);
    expect(overflow.calls).toBe(1);
    expect(overflow.denies).toMatchObject([{ expiresAt: '2026-11-25T10:20:00.000Z' }]);
    expect(outcomes.map(({ threats }) => threats[0]?.outcome)).not.toContain('not-blocked');
  });

  it('EC2 itself says that there is no room: handed over as well', async () => {
    const overflow = createFakeOverflow();
    const { blocker } = full(overflow, { quota: 20 }, createTestWorld({ entryQuota: 2 }));
    const outcome = await blocker.block(attack(7));
    expect(outcome.threats).toMatchObject([{ outcome: 'blocked', reason: 'overflow' }]);
    expect(overflow.requests).toMatchObject([{ reason: 'quota' }]);
  });

  it('what an allow precedes is a matter for people and not handed over', async () => {
    const world = createTestWorld();
    world.ec2.addEntry(fakeWorld.networkAclId, { ruleNumber: 5, cidr: '0.0.0.0/0', action: 'allow' });
    const overflow = createFakeOverflow();
    const outcome = await createTestBlocker({ overflow: [overflow] }, world).block(attack(7));
    expect(outcome.threats).toMatchObject([{ outcome: 'ineffective' }]);
    expect(overflow.calls).toBe(0);
  });

  it('what has room is not handed over, and costs not one call more', async () => {
    const overflow = createFakeOverflow();
    const world = createTestWorld();
    const blocker = createTestBlocker({ overflow: [overflow] }, world);
    await blocker.block(attack(200));
    const before = callsOf(world);
    await blocker.block(attack(7));
    const created = callsSince(before, callsOf(world));
    expect(Object.values(created).reduce((sum, count) => sum + count)).toBe(6);
    const since = callsOf(world);
    await blocker.block(attack(7));
    expect(Object.values(callsSince(since, callsOf(world))).reduce((sum, count) => sum + count)).toBe(2);
    expect(overflow.calls).toBe(0);
  });
});

describe('who gave way', () => {
  /** One deny has stood for an hour and is outranked by a newcomer. */
  const swap = async (overflow: FakeOverflow) => {
    const { blocker } = full(overflow, { room: 1 });
    await blocker.block(attack(1));
    blocker.clock.advance(hours(2));
    const newcomer = attack(7, blocker.clock.now());
    return { blocker, newcomer, outcome: await blocker.block(newcomer) };
  };

  it('is handed over until the end that it had, and is not told as unblocked', async () => {
    const overflow = createFakeOverflow();
    const { blocker, outcome } = await swap(overflow);
    expect(deniesIn(blocker.ec2).map(({ cidr }) => cidr)).toEqual(['198.51.100.7/32']);
    expect(overflow.denies).toMatchObject([
      { threat: { cidr: '198.51.100.1/32' }, reason: 'evicted', expiresAt: '2026-11-25T10:00:00.000Z' },
    ]);
    expect(outcome.threats).toMatchObject([
      { outcome: 'blocked', evicted: [], overflow: [{ whose: 'evicted', status: 'blocked', cidr: '198.51.100.1/32' }] },
    ]);
    expect(textOf(outcome)).not.toContain('NOT');
  });

  it('G40: stays told as not blocked where handing over fails, and is handed over at the retry', async () => {
    const overflow = createFakeOverflow();
    overflow.failNext({ after: 'before' });
    const { blocker, newcomer, outcome } = await swap(overflow);
    expect(outcome.threats).toMatchObject([{ outcome: 'blocked', evicted: [{ cidr: '198.51.100.1/32' }] }]);
    expect(textOf(outcome)).toContain('NOT known to be denied by');
    expect(needsRetry(outcome)).toBe(true);
    const again = await blocker.block(newcomer);
    expect(again.threats).toMatchObject([{ evicted: [], overflow: [{ whose: 'evicted', status: 'blocked' }] }]);
    expect(needsRetry(again)).toBe(false);
    expect(overflow.denies).toHaveLength(1);
  });
});

describe('a network ACL that is flooded or contested', () => {
  it('flooded: every attacker is handed over, and the flood is told once', async () => {
    const { overflow, blocker } = full(createFakeOverflow(), { quota: 20, entryWritesPerHour: 1 });
    const outcomes = await blocker.block([1, 2, 3, 4].map((n) => attack(n)));
    expect(outcomes.map(({ threats }) => threats[0]?.outcome)).toEqual(['blocked', 'blocked', 'blocked', 'blocked']);
    expect(overflow.denies.map(({ reason }) => reason)).toEqual(['flood', 'flood', 'flood']);
    expect(outcomes.filter(({ threats }) => threats[0]?.announce)).toHaveLength(2);
  });

  it('contested: nothing is written there, and the overflow blocker is used', async () => {
    const { overflow, blocker } = full(createFakeOverflow(), { quota: 20 });
    await blocker.block(attack(7));
    for (let time = 0; time < 2; time += 1) {
      blocker.clock.advance(minutes(11));
      blocker.ec2.removeEntry(fakeWorld.networkAclId, { ruleNumber: 10 });
      await blocker.block(attack(7, blocker.clock.now()));
    }
    expect(deniesIn(blocker.ec2)).toEqual([]);
    expect(overflow.denies).toMatchObject([{ reason: 'contested', threat: { cidr: '198.51.100.7/32' } }]);
  });
});

describe('an overflow blocker', () => {
  it('is not asked in dry-run, by plan, or in a pause; a preview says that it would be', async () => {
    const dry = full(createFakeOverflow(), { mode: 'dry-run' });
    const outcome = await dry.blocker.block(attack(7));
    expect(outcome.threats).toMatchObject([
      { outcome: 'planned', reason: 'overflow', overflow: [{ status: 'planned' }] },
    ]);
    const planned = full();
    expect((await planned.blocker.plan(attack(7))).threats).toMatchObject([{ outcome: 'planned' }]);
    const paused = full();
    const call = { scope: 'new-denies', reason: 'change', requestedBy: 'a.smith', until: hours(1) } as const;
    await pause(paused.blocker.store, call, { now: paused.blocker.clock.now });
    expect((await paused.blocker.block(attack(7))).threats).toMatchObject([
      { outcome: 'not-blocked', reason: 'quota' },
    ]);
    expect([dry.overflow.calls, planned.overflow.calls, paused.overflow.calls]).toEqual([0, 0, 0]);
  });

  it('is asked for nothing that GuardDuty does not hold, also where the address is listed as not placed already', async () => {
    const world = createTestWorld();
    const event = sshBruteForceEvent({ from: '198.51.100.7', at: testTime });
    world.guardDuty.hold(event);
    const trust = { readBack: world.guardDuty };
    const { overflow, blocker } = full(createFakeOverflow(), { trust }, world);
    await blocker.block(parseFinding(event));
    expect(overflow.calls).toBe(1);
    const forged = sshBruteForceEvent({
      from: '198.51.100.7',
      at: new Date(testTime.getTime() + 60_000),
      id: 'forged',
    });
    world.clock.advance(minutes(1));
    const outcome = await blocker.block(parseFinding(forged));
    expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'unverified' }]);
    expect(overflow.calls).toBe(1);
  });

  it('is not asked where too little time is left: said, and retried', async () => {
    const { overflow, blocker } = full();
    const outcome = await blocker.block(attack(7), { remainingTimeMs: () => 4_000 });
    expect(overflow.calls).toBe(0);
    expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'out-of-time' }]);
    expect(needsRetry(outcome)).toBe(true);
  });

  it('G44: an answer that nobody knows is a failure, not a success', async () => {
    for (const answer of [undefined, {}, { status: 'ok', because: 'fine' }, { status: 'toString', because: '' }]) {
      const overflow = { ...createFakeOverflow(), block: async () => answer as never };
      const { blocker } = full(overflow);
      const outcome = await blocker.block(attack(7));
      expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'overflow-failed' }]);
    }
  });

  it('that throws when it is asked what it covers fails its findings, told and retried, and writes nothing', async () => {
    const { blocker } = full(
      createFakeOverflow({
        covers: () => {
          throw new Error('no list of targets');
        },
      }),
    );
    const outcome = await blocker.block(attack(7));
    expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'overflow-failed' }]);
    expect(textOf(outcome)).toContain('no list of targets');
    expect(needsRetry(outcome)).toBe(true);
  });

  it('that throws so after a deny was written leaves the deny and its outcome standing', async () => {
    let asked = 0;
    const overflow = createFakeOverflow({
      covers: () => {
        asked += 1;
        throw new Error('no list of targets');
      },
    });
    const { blocker } = full(overflow, { room: 1 });
    await blocker.block(attack(1));
    blocker.clock.advance(hours(2));
    const outcome = await blocker.block(attack(7, blocker.clock.now()));
    expect(asked).toBeGreaterThan(0);
    expect(outcome.threats).toMatchObject([
      { outcome: 'blocked', evicted: [{ cidr: '198.51.100.1/32' }], overflow: [{ status: 'failed' }] },
    ]);
    expect(deniesIn(blocker.ec2)).toHaveLength(1);
    expect(needsRetry(outcome)).toBe(true);
  });

  it('has its decision recorded, once, with outcomes and nothing that was not asked for', async () => {
    const { blocker } = full(createFakeOverflow(), { room: 1 });
    await blocker.block([attack(1), attack(7)]);
    const records = blocker.records.flatMap((one) =>
      'decider' in one && one.decider === 'nacl/overflow' ? [one] : [],
    );
    expect(records).toMatchObject([{ outcomes: [{ action: 'overflow', status: 'applied' }] }]);
  });
});
