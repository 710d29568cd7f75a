import { assertComplete, hours, needsRetry, pause } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { upkeepMessage } from '../messages/upkeep-message.ts';
import type { BlockerOptions } from '../nacl/options.ts';
import { createFakeNetworkFirewall } from '../testing/fake-network-firewall.ts';
import { createFakeOverflow } from '../testing/fake-overflow.ts';
import { sshBruteForce } from '../testing/findings.ts';
import { createTestBlocker, createTestWorld, testTime } from '../testing/test-blocker.ts';
import { createNetworkFirewallOverflow } from './network-firewall/network-firewall.ts';

/** A network ACL without room, and a rule group behind it. */
const full = (options: Partial<BlockerOptions> = {}, world = createTestWorld()) => {
  const client = createFakeNetworkFirewall();
  const firewall = createNetworkFirewallOverflow({
    client,
    ruleGroups: client.ruleGroups,
    now: world.clock.now,
    sleep: async () => undefined,
  });
  const blocker = createTestBlocker({ quota: 2, headroom: 0, overflow: [firewall], ...options }, world);
  return { client, blocker, world, held: () => client.rulesOf().length - 1 };
};

const attack = sshBruteForce({ from: '198.51.100.7', at: testTime });

describe('a sweep', () => {
  it('ends in the firewall what the blocker handed to it, and says so', async () => {
    const { blocker, held } = full();
    expect((await blocker.block(attack)).threats).toMatchObject([{ outcome: 'blocked', reason: 'overflow' }]);
    expect(held()).toBe(1);
    expect((await blocker.sweep()).overflow).toMatchObject([{ by: 'network-firewall', ended: [], failed: [] }]);
    blocker.clock.advance(hours(24));
    const outcome = await blocker.sweep();
    expect(held()).toBe(0);
    expect(outcome).toMatchObject({
      overflow: [{ by: 'network-firewall', ended: [{ threat: { cidr: '198.51.100.7/32' } }] }],
      steps: [{ status: 'applied', reason: 'expired' }],
      alerts: [],
    });
    expect(() => assertComplete(outcome)).not.toThrow();
  });

  it('G42: that cannot end it alerts once, and fails so that a retry may mend it', async () => {
    const { client, blocker, held } = full();
    await blocker.block(attack);
    blocker.clock.advance(hours(24));
    client.failNext('DescribeRuleGroup', { code: 'InternalServerError', times: 12 });
    const outcome = await blocker.sweep();
    expect(outcome.alerts).toMatchObject([{ reason: 'overflow-failed', announce: true }]);
    expect(needsRetry(outcome)).toBe(true);
    expect(JSON.stringify(upkeepMessage(outcome))).toContain('InternalServerError');
    expect((await blocker.sweep()).alerts).toMatchObject([{ announce: false }]);
    await blocker.sweep();
    expect(held()).toBe(0);
  });

  it('ends nothing in dry-run or under a pause of all writes, and says so without an alert', async () => {
    const { blocker, world, held, client } = full();
    await blocker.block(attack);
    blocker.clock.advance(hours(24));
    const firewall = createNetworkFirewallOverflow({ client, ruleGroups: client.ruleGroups, now: world.clock.now });
    const dry = createTestBlocker({ overflow: [firewall], mode: 'dry-run' }, world);
    expect(await dry.sweep()).toMatchObject({ alerts: [], steps: [{ status: 'skipped', reason: 'dry-run' }] });
    const call = { scope: 'all-writes', reason: 'change', requestedBy: 'a.smith', until: hours(1) } as const;
    await pause(blocker.store, call, { now: blocker.clock.now });
    blocker.clock.advance(hours(0.5));
    const outcome = await blocker.sweep();
    expect(outcome).toMatchObject({ alerts: [], steps: [{ status: 'skipped', reason: 'paused' }] });
    expect(held()).toBe(1);
  });

  it('G44: an overflow blocker that throws, or says nothing, is a failure and keeps no other from ending', async () => {
    const { world, held, blocker, client } = full();
    await blocker.block(attack);
    blocker.clock.advance(hours(24));
    const throwing = {
      ...createFakeOverflow({ name: 'a' }),
      sweep: async () => {
        throw new Error('it is not there');
      },
    };
    const silent = { ...createFakeOverflow({ name: 'b' }), sweep: async () => undefined as never };
    const firewall = createNetworkFirewallOverflow({ client, ruleGroups: client.ruleGroups, now: world.clock.now });
    const outcome = await createTestBlocker({ overflow: [throwing, silent, firewall] }, world).sweep();
    expect(outcome.alerts).toMatchObject([{ subject: 'a' }, { subject: 'b' }]);
    expect(held()).toBe(0);
    expect(needsRetry(outcome)).toBe(true);
  });

  it('is not asked of an overflow blocker that ends its denies itself, nor with too little time', async () => {
    const { blocker } = full({ overflow: [createFakeOverflow()] });
    expect(await blocker.sweep()).not.toHaveProperty('overflow');
    const { client, blocker: other } = full();
    const outcome = await other.sweep({ remainingTimeMs: () => 1_000 });
    expect(outcome.overflow).toMatchObject([{ failed: [{ reason: 'out-of-time' }] }]);
    expect(client.calls).toEqual({});
  });

  it('refuses a sweep that is no function', () => {
    const overflow = { ...createFakeOverflow(), sweep: 5 as never };
    expect(() => full({ overflow: [overflow] })).toThrow(/"sweep"/);
  });
});
