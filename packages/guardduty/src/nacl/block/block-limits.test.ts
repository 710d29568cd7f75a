import { days, hours, minutes, pause } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { findingMessage } from '../../messages/finding-message.ts';
import { readable } from '../../messages/sample-outcomes.ts';
import { upkeepMessage } from '../../messages/upkeep-message.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { blackholeTraffic, sshBruteForce } from '../../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, testTime } from '../../testing/test-blocker.ts';
import { ledgerKey } from '../ledger/ledger.ts';

const { networkAclId, accountId, region } = fakeWorld;
const attack = (last: number, at: Date = testTime) => sshBruteForce({ from: `198.51.100.${last}`, at });
const host = (last: number): string => `198.51.100.${last}/32`;
const later = (ms: number): Date => new Date(testTime.getTime() + ms);
const key = ledgerKey({ accountId, region, networkAclId, direction: 'ingress' });

describe('a deny that somebody takes out', () => {
  it('G2: is put back once, then the network ACL is contested for a day', async () => {
    const blocker = createTestBlocker({ maxFindingAge: days(2), blockFor: days(3) });
    await blocker.block(attack(7));
    blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
    blocker.clock.advance(minutes(1));
    expect((await blocker.block(attack(7, later(minutes(1))))).threats).toMatchObject([{ outcome: 'blocked' }]);
    blocker.clock.advance(minutes(30));
    blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
    const contested = await blocker.block(attack(7, later(minutes(31))));
    expect(contested.threats).toMatchObject([
      { outcome: 'not-blocked', reason: 'contested', announce: true, entries: [] },
    ]);
    expect(findingMessage(contested)).toMatchObject({ undone: true });
    const other = await blocker.block(attack(8, later(minutes(31))));
    expect(other.threats).toMatchObject([{ outcome: 'not-blocked', reason: 'contested' }]);
    expect(deniesIn(blocker.ec2)).toEqual([]);
    blocker.clock.advance(days(1));
    expect((await blocker.block(attack(8, blocker.clock.now()))).threats).toMatchObject([{ outcome: 'blocked' }]);
  });

  it('does not count when EC2 had it all along and only answered late', async () => {
    const blocker = createTestBlocker();
    await blocker.block(attack(7));
    blocker.clock.advance(minutes(1));
    for (const minute of [1, 2, 3]) {
      // The look misses the deny, which EC2 has.
      const before = blocker.ec2.networkAcls;
      expect(before).toHaveLength(1);
      blocker.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
      let back = false;
      blocker.ec2.onCall(({ operation }) => {
        if (operation !== 'CreateNetworkAclEntry' || back) return;
        back = true;
        blocker.ec2.addEntry(networkAclId, {
          ruleNumber: 10,
          cidr: host(7),
          protocol: '6',
          ports: { from: 22, to: 22 },
        });
      });
      const outcome = await blocker.block(attack(7, later(minutes(minute))));
      expect(outcome.threats).toMatchObject([{ outcome: 'unchanged', announce: false }]);
      blocker.clock.advance(minutes(11));
    }
    expect((await blocker.store.get(key))?.value).toMatchObject({ vanishings: [] });
  });
});

describe('a flood', () => {
  it('G38: is told in one message with advice, not at every sighting, and again to the same event', async () => {
    const blocker = createTestBlocker({ entryWritesPerHour: 1 });
    await blocker.block(attack(1));
    const first = await blocker.block(attack(2));
    const text = findingMessage(first)?.body.map(readable).join('\n');
    expect(text).toContain('VPC Block Public Access');
    expect(text).toContain(host(2));
    expect(findingMessage(await blocker.block(attack(3)))).toBeUndefined();
    expect(findingMessage(await blocker.block(attack(2, later(minutes(1)))))).toBeUndefined();
    expect(findingMessage(await blocker.block(attack(2)))).toBeDefined();
    blocker.clock.advance(minutes(15));
    const next = findingMessage(await blocker.block(attack(4, later(minutes(15)))))
      ?.body.map(readable)
      .join('\n');
    for (const last of [2, 3, 4]) expect(next).toContain(host(last));
  });

  it('a worker that dies after the summary was noted leaves it to the redelivery', async () => {
    const world = createTestWorld();
    const blocker = createTestBlocker({ entryWritesPerHour: 0 }, world);
    world.store.failNext('putIfAbsent', { prefix: 'nacl/', after: 'effect' });
    await blocker.block(attack(2)).catch(() => undefined);
    expect(findingMessage(await blocker.block(attack(2)))).toBeDefined();
  });
});

describe('new denies per account and day', () => {
  it('are counted over all ledgers of the account, read at most once a minute', async () => {
    const world = createTestWorld();
    const blocker = createTestBlocker({ newDeniesPerAccountAndDay: 2 }, world);
    // One in each direction, so in two ledgers.
    await blocker.block(attack(1));
    world.clock.advance(minutes(1));
    await blocker.block(blackholeTraffic({ at: testTime }));
    world.clock.advance(minutes(1));
    expect((await blocker.block(attack(3))).threats).toMatchObject([{ outcome: 'not-blocked', reason: 'flood' }]);
    expect(world.store.calls.list).toBe(3);
    expect((await blocker.block(attack(4))).threats).toMatchObject([{ outcome: 'not-blocked', reason: 'flood' }]);
    expect(world.store.calls.list).toBe(3);
    world.clock.advance(hours(26));
    expect((await blocker.block(attack(5, world.clock.now()))).threats).toMatchObject([{ outcome: 'blocked' }]);
  });
});

describe('a pause', () => {
  it('is told once per attacker, and to the same event again', async () => {
    const blocker = createTestBlocker();
    const request = { scope: 'new-denies', reason: 'change', requestedBy: 'a.smith', until: hours(1) } as const;
    await pause(blocker.store, { ...request, accountId }, { now: blocker.clock.now });
    blocker.clock.advance(minutes(1));
    expect((await blocker.block(attack(7))).threats).toMatchObject([{ outcome: 'refused', announce: true }]);
    expect((await blocker.block(attack(7, later(minutes(1))))).threats).toMatchObject([{ announce: false }]);
    expect((await blocker.block(attack(7))).threats).toMatchObject([{ announce: true }]);
  });
});

describe('a repeat offender', () => {
  it('is held for as long as the policy function says, capped by maxBlockFor, and the record replays', async () => {
    const asked: unknown[] = [];
    const blocker = createTestBlocker({
      blockFor: hours(2),
      maxBlockFor: hours(20),
      repeatOffender: (offender) => {
        asked.push(offender);
        return offender.blockFor * 4 * offender.earlierBlocks;
      },
    });
    const holds: number[] = [];
    for (const round of [0, 1, 2, 3]) {
      const at = blocker.clock.now();
      await blocker.block(attack(7, at));
      const [entry] = await blocker.list();
      const ms = Date.parse(entry?.expiresAt ?? '') - at.getTime();
      holds.push(ms / hours(1));
      expect(asked).toHaveLength(round === 0 ? 0 : asked.length);
      blocker.clock.advance(ms + minutes(5));
      await blocker.sweep();
      expect(await blocker.list()).toEqual([]);
    }
    expect(holds).toEqual([2, 8, 16, 20]);
    expect(asked.at(-1)).toEqual({
      cidr: host(7),
      earlierBlocks: 3,
      lastEndedAt: expect.any(Date),
      findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
      blockFor: hours(2),
    });
  });

  it('is nobody whom a person unblocked', async () => {
    const blocker = createTestBlocker({ repeatOffender: () => days(5) });
    await blocker.block(attack(7));
    await blocker.unblock({ address: '198.51.100.7', reason: 'r', requestedBy: 'a', suppressFor: minutes(1) });
    blocker.clock.advance(minutes(2));
    await blocker.block(attack(7));
    expect(await blocker.list()).toMatchObject([{ expiresAt: later(hours(24)).toISOString() }]);
  });

  it('an answer that is no duration fails the finding, and says which option is at fault', async () => {
    const blocker = createTestBlocker({ blockFor: hours(1), repeatOffender: () => Number.NaN });
    await blocker.block(attack(7));
    blocker.clock.advance(hours(2));
    await blocker.sweep();
    const outcome = await blocker.block(attack(7, blocker.clock.now()));
    expect(outcome.threats).toMatchObject([{ outcome: 'failed', because: expect.stringContaining('repeatOffender') }]);
  });
});

it.each([20, 30, 40])(
  'G38: at quota %i every place but the headroom is used, and one more attacker is said',
  async (quota) => {
    const blocker = createTestBlocker(
      { quota, entryWritesPerHour: 100, newDeniesPerHour: 100 },
      createTestWorld({ entryQuota: 40 }),
    );
    // The default deny, the allow of a new network ACL, two for people.
    const room = quota - 4;
    const outcomes = await blocker.block(Array.from({ length: room + 1 }, (_, n) => attack(n + 1)));
    expect(outcomes.filter(({ threats }) => threats[0]?.outcome === 'blocked')).toHaveLength(room);
    expect(outcomes.at(-1)?.threats).toMatchObject([{ outcome: 'not-blocked', reason: 'quota', announce: true }]);
    expect(deniesIn(blocker.ec2)).toHaveLength(room);
  },
);

describe('upkeep in a flood', () => {
  it('G38: tells whom no finding told of, 15 minutes after the latest summary, and once', async () => {
    const blocker = createTestBlocker({ entryWritesPerHour: 0 });
    await blocker.block(attack(2));
    expect(findingMessage(await blocker.block(attack(3)))).toBeUndefined();
    blocker.clock.advance(minutes(5));
    expect((await blocker.sweep()).alerts).toEqual([]);
    blocker.clock.advance(minutes(10));
    const swept = await blocker.sweep();
    expect(swept.alerts).toMatchObject([{ reason: 'flood', announce: true }]);
    expect(swept.alerts[0]?.because).toContain(host(3));
    expect(upkeepMessage(swept)).toBeDefined();
    blocker.clock.advance(minutes(5));
    expect((await blocker.sweep()).alerts).toEqual([]);
    // The next one within a day is told as well.
    await blocker.block(attack(4));
    blocker.clock.advance(minutes(10));
    expect((await blocker.sweep()).alerts).toMatchObject([{ reason: 'flood', announce: true }]);
  });

  it('tells again where the one that noted it may have died', async () => {
    const blocker = createTestBlocker({ entryWritesPerHour: 0 });
    await blocker.block([attack(2)]);
    await blocker.block([attack(3)]);
    blocker.clock.advance(minutes(15));
    await blocker.sweep();
    blocker.clock.advance(minutes(1));
    expect((await blocker.sweep()).alerts).toMatchObject([{ reason: 'flood', announce: true }]);
  });
});
