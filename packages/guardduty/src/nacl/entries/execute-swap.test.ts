import { assertComplete, hours, minutes } from '@remedykit/core';
import { expect, it } from 'vitest';
import { findingMessage } from '../../messages/finding-message.ts';
import { readable } from '../../messages/sample-outcomes.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { sshBruteForce } from '../../testing/findings.ts';
import {
  createTestBlocker,
  createTestWorld,
  deniesIn,
  type TestBlocker,
  testTime,
} from '../../testing/test-blocker.ts';

const { networkAclId } = fakeWorld;
const foreign = { ruleNumber: 12, cidr: '192.0.2.77/32' } as const;
const late = new Date(testTime.getTime() + hours(2));
const attack = (last: number, at: Date = late) => sshBruteForce({ from: `198.51.100.${last}`, at });
const host = (last: number): string => `198.51.100.${last}/32`;

/** A network ACL with room for two, which have stood for two hours. */
const full = async (): Promise<TestBlocker> => {
  const world = createTestWorld();
  world.ec2.addEntry(networkAclId, foreign);
  const blocker = createTestBlocker({ quota: 5, headroom: 0 }, world);
  await blocker.block([attack(1, testTime), attack(2, testTime)]);
  world.clock.advance(hours(2));
  return blocker;
};

const deniedIn = ({ ec2 }: TestBlocker): string[] =>
  deniesIn(ec2).map(({ ruleNumber, cidr }) => `${ruleNumber} ${cidr}`);
const unswapped = [`10 ${host(1)}`, `11 ${host(2)}`, `12 ${foreign.cidr}`];
const swapped = [`10 ${host(7)}`, `11 ${host(2)}`, `12 ${foreign.cidr}`];

it('G35, G38: swaps in one call without a gap, and says who is not blocked any more', async () => {
  const blocker = await full();
  const outcome = await blocker.block(attack(7));
  expect(outcome.threats).toMatchObject([
    {
      outcome: 'blocked',
      entries: [{ ruleNumber: 10, cidr: host(7) }],
      evicted: [
        { networkAclId, ruleNumber: 10, egress: false, cidr: host(1), protocol: '6', ports: { from: 22, to: 22 } },
      ],
      announce: true,
    },
  ]);
  expect(deniedIn(blocker)).toEqual(swapped);
  expect(blocker.ec2.calls['ec2:ReplaceNetworkAclEntry']).toBe(1);
  expect(blocker.ec2.calls['ec2:DeleteNetworkAclEntry']).toBeUndefined();
  expect(await blocker.list()).toMatchObject([{ cidr: host(7), status: 'active' }, { cidr: host(2) }]);
  const message = findingMessage(outcome);
  expect(readable(message?.title)).toContain('Blocked 198.51.100.7/32 in place of 198.51.100.1/32');
  expect(message?.body.map(readable).join('\n')).toContain(
    'in place of 198.51.100.1/32, which is NOT blocked any more',
  );
  expect(message).toMatchObject({ undone: true, severity: 'high' });
});

it('G31: tells it again to the same event, and not at the next sighting', async () => {
  const blocker = await full();
  await blocker.block(attack(7));
  expect((await blocker.block(attack(7))).threats).toMatchObject([
    { outcome: 'unchanged', announce: true, evicted: [{ cidr: host(1) }] },
  ]);
  const next = new Date(late.getTime() + minutes(5));
  expect((await blocker.block(attack(7, next))).threats).toMatchObject([
    { outcome: 'extended', announce: false, evicted: [] },
  ]);
});

it('who gave way is told of at its next sighting, and denied again when there is room', async () => {
  const blocker = await full();
  await blocker.block(attack(7));
  // 2 is as old as 1 was, and gives way now that 1 is seen again.
  expect((await blocker.block(attack(1))).threats).toMatchObject([
    { outcome: 'blocked', evicted: [{ cidr: host(2) }] },
  ]);
  expect((await blocker.block(attack(2))).threats).toMatchObject([{ outcome: 'not-blocked', announce: true }]);
  await blocker.unblock({ address: '198.51.100.7', reason: 'r', requestedBy: 'a', suppressFor: hours(1) });
  expect((await blocker.block(attack(2))).threats).toMatchObject([{ outcome: 'blocked', evicted: [] }]);
});

it('G35: the finding’s own count and times tell persistence, and severity alone evicts nobody', async () => {
  const world = createTestWorld();
  const blocker = createTestBlocker({ quota: 3, headroom: 0 }, world);
  const at = (minute: number): Date => new Date(testTime.getTime() + minutes(minute));
  await blocker.block(attack(1, testTime));
  world.clock.advance(minutes(10));
  await blocker.block(attack(1, at(10)));
  world.clock.advance(minutes(50));
  // As recent as the one that is denied, and louder.
  const newcomer = { from: '198.51.100.7', at: at(12), severity: 8 };
  expect((await blocker.block(sshBruteForce({ ...newcomer, count: 99 }))).threats).toMatchObject([
    { outcome: 'not-blocked', reason: 'quota' },
  ]);
  const persistent = sshBruteForce({ ...newcomer, severity: 1, firstSeen: at(-30), count: 2 });
  expect((await blocker.block(persistent)).threats).toMatchObject([
    { outcome: 'blocked', evicted: [{ cidr: host(1) }] },
  ]);
});

it('plans a swap and writes nothing', async () => {
  const blocker = await full();
  const outcome = await blocker.plan(attack(7));
  expect(outcome.threats).toMatchObject([{ outcome: 'planned', evicted: [{ cidr: host(1) }] }]);
  expect(findingMessage(outcome)?.body.map(readable).join('\n')).toContain('which would NOT be blocked any more');
  expect(deniedIn(blocker)).toEqual(unswapped);
});

it.each(['InternalError', 'TimeoutError'])(
  'an answer lost after the effect (%s) is settled by a look',
  async (code) => {
    const blocker = await full();
    blocker.ec2.failNext('ReplaceNetworkAclEntry', { code, after: 'effect' });
    const outcome = await blocker.block(attack(7));
    expect(outcome.threats).toMatchObject([{ outcome: 'blocked', evicted: [{ cidr: host(1) }] }]);
    expect(blocker.ec2.calls['ec2:ReplaceNetworkAclEntry']).toBe(1);
    expect(deniedIn(blocker)).toEqual(swapped);
  },
);

it('G5: an answer lost before the effect is not sent again; a sweep finishes the swap, and the event tells it', async () => {
  const blocker = await full();
  blocker.ec2.failNext('ReplaceNetworkAclEntry', { code: 'InternalError' });
  const outcome = await blocker.block(attack(7));
  expect(outcome.threats).toMatchObject([{ outcome: 'failed', reason: 'unknown-effect', evicted: [] }]);
  expect(outcome.steps).toMatchObject([{ retryable: true }]);
  expect(blocker.ec2.calls['ec2:ReplaceNetworkAclEntry']).toBe(1);
  expect(deniedIn(blocker)).toEqual(unswapped);
  blocker.clock.advance(minutes(2));
  expect((await blocker.sweep()).releases).toMatchObject([{ outcome: 'retaken' }]);
  expect(deniedIn(blocker)).toEqual(swapped);
  expect((await blocker.block(attack(7))).threats).toMatchObject([{ announce: true, evicted: [{ cidr: host(1) }] }]);
});

it('G40: a throttled swap is tried again, one that is denied leaves all as it was', async () => {
  const throttled = await full();
  throttled.ec2.failNext('ReplaceNetworkAclEntry', { code: 'RequestLimitExceeded' });
  expect((await throttled.block(attack(7))).threats).toMatchObject([{ outcome: 'blocked' }]);
  const denied = await full();
  denied.ec2.failNext('ReplaceNetworkAclEntry', { code: 'UnauthorizedOperation' });
  const before = await denied.list();
  expect((await denied.block(attack(7))).threats).toMatchObject([
    { outcome: 'failed', reason: 'access-denied', evicted: [] },
  ]);
  expect(await denied.list()).toEqual(before);
  expect(deniedIn(denied)).toEqual(unswapped);
});

/** Lets a person act between the claim and the write. */
const meanwhile = (blocker: TestBlocker, act: () => void): void => {
  let done = false;
  blocker.store.hooks.afterEach = async (operation) => {
    if (operation !== 'compareAndSet' || done) return;
    done = true;
    act();
  };
};

it('G36: who took the number in between is left alone, and everybody who lost a place is told of', async () => {
  const blocker = await full();
  meanwhile(blocker, () => {
    blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
    blocker.ec2.addEntry(networkAclId, { ruleNumber: 10, cidr: '192.0.2.78/32' });
  });
  const outcome = await blocker.block(attack(7));
  expect(outcome.threats).toMatchObject([
    {
      outcome: 'blocked',
      evicted: [
        { cidr: host(2), ruleNumber: 11 },
        { cidr: host(1), ruleNumber: 10 },
      ],
    },
  ]);
  expect(deniedIn(blocker)).toEqual(['10 192.0.2.78/32', `11 ${host(7)}`, `12 ${foreign.cidr}`]);
});

it('where the one to give way was taken out in between, its number is used', async () => {
  const blocker = await full();
  meanwhile(blocker, () => blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 }));
  expect((await blocker.block(attack(7))).threats).toMatchObject([
    { outcome: 'blocked', entries: [{ ruleNumber: 10 }], evicted: [{ cidr: host(1) }] },
  ]);
  expect(deniedIn(blocker)).toEqual(swapped);
  expect(await blocker.list()).toMatchObject([{ cidr: host(7), status: 'active' }, { cidr: host(2) }]);
});

it('G35: a deny that has stood less than an hour keeps its place', async () => {
  const world = createTestWorld();
  const blocker = createTestBlocker({ quota: 3, headroom: 0 }, world);
  await blocker.block(attack(1, testTime));
  world.clock.advance(minutes(59));
  const soon = world.clock.now();
  expect((await blocker.block(attack(7, soon))).threats).toMatchObject([{ outcome: 'not-blocked', reason: 'quota' }]);
  world.clock.advance(minutes(1));
  expect((await blocker.block(attack(7, soon))).threats).toMatchObject([{ outcome: 'blocked' }]);
});

it('G36: a swap that throttling keeps waiting looks again before it writes over what has the number', async () => {
  const blocker = await full();
  let replaces = 0;
  blocker.ec2.onCall(({ operation }) => {
    if (operation !== 'ReplaceNetworkAclEntry') return;
    replaces += 1;
    if (replaces > 1) return;
    blocker.clock.advance(5_000);
    blocker.ec2.removeEntry(networkAclId, { ruleNumber: 11 });
    blocker.ec2.addEntry(networkAclId, { ruleNumber: 11, cidr: '192.0.2.1/32' });
  });
  await blocker.block([attack(7), attack(8)]);
  expect(deniedIn(blocker)).toEqual([`10 ${host(7)}`, '11 192.0.2.1/32', `12 ${foreign.cidr}`]);
});

it('a sweep does not say that it carried out a swap whose rule number somebody else took', async () => {
  const blocker = await full();
  blocker.ec2.failNext('ReplaceNetworkAclEntry', { code: 'InternalError' });
  await blocker.block(attack(7));
  blocker.clock.advance(minutes(2));
  let describes = 0;
  blocker.ec2.onCall(({ operation }) => {
    if (operation !== 'DescribeNetworkAcls') return;
    describes += 1;
    // The listing for the gate, the reading, and the look before the write.
    if (describes !== 3) return;
    blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
    blocker.ec2.addEntry(networkAclId, { ruleNumber: 10, cidr: '192.0.2.1/32' });
  });
  const outcome = await blocker.sweep();
  expect(outcome.releases).toMatchObject([{ outcome: 'failed', reason: 'number-taken', announce: true }]);
  expect(() => assertComplete(outcome)).toThrow();
  expect(deniedIn(blocker)).toEqual(['10 192.0.2.1/32', `11 ${host(2)}`, `12 ${foreign.cidr}`]);
});
