import { addTo, hours, RemediationError } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { createFakeNetworkFirewall, type FakeNetworkFirewall } from '../../testing/fake-network-firewall.ts';
import { fakeWorld } from '../../testing/fake-world.ts';
import { testTime } from '../../testing/test-blocker.ts';
import type { OverflowRequest, OverflowThreat } from '../overflow-blocker.ts';
import { createNetworkFirewallOverflow } from './network-firewall.ts';
import type { NetworkFirewallOptions } from './options.ts';
import { networkFirewallPermissions } from './permissions.ts';
import { newRuleGroup } from './rules.ts';

const left = { remainingTimeMs: () => 60_000 };
const target = {
  accountId: fakeWorld.accountId,
  region: fakeWorld.region,
  vpcId: fakeWorld.vpcId,
  networkAclId: fakeWorld.networkAclId,
  subnetIds: [fakeWorld.subnetId],
};

const request = (n: number, changes: Partial<OverflowRequest> = {}): OverflowRequest => ({
  id: `deny-${n}`,
  threat: { cidr: `198.51.100.${n}/32`, family: 4, egress: false, protocol: '6', ports: { from: 22, to: 22 } },
  target,
  expiresAt: addTo(testTime, hours(24)),
  findingId: 'f1',
  findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
  spoofable: false,
  reason: 'quota',
  because: 'No room.',
  ...changes,
});

const setUp = (
  client: FakeNetworkFirewall = createFakeNetworkFirewall(),
  options: Partial<NetworkFirewallOptions> = {},
) => {
  const clock = createTestClock(testTime);
  const overflow = createNetworkFirewallOverflow({
    client,
    ruleGroups: client.ruleGroups,
    now: clock.now,
    sleep: async (ms) => clock.advance(ms),
    random: () => 0.5,
    ...options,
  });
  const sweep = (heldBack?: Parameters<typeof overflow.sweep>[0]['heldBack']) =>
    overflow.sweep({ ...left, now: clock.now(), heldBack: heldBack ?? (async () => undefined) });
  return { client, clock, overflow, sweep };
};

/** Addresses that are dropped, in order. */
const dropped = (client: FakeNetworkFirewall, arn?: string): (string | undefined)[] =>
  client.rulesOf(arn).flatMap(({ Header }) => {
    const address = Header?.Source === 'ANY' ? Header.Destination : Header?.Source;
    return address === '192.0.2.0/32' ? [] : [address];
  });

const updates = ({ calls }: FakeNetworkFirewall): number => calls['network-firewall:UpdateRuleGroup'] ?? 0;

describe('a deny in a rule group', () => {
  it('is one drop rule, of either family and direction, in one read and one write', async () => {
    const { client, overflow } = setUp();
    const v6: OverflowThreat = { cidr: '2001:db8::/64', family: 6, egress: true, protocol: '-1' };
    expect(await overflow.block(request(7), left)).toMatchObject({
      status: 'blocked',
      requestIds: [expect.any(String)],
    });
    expect(client.calls).toEqual({ 'network-firewall:DescribeRuleGroup': 1, 'network-firewall:UpdateRuleGroup': 1 });
    expect(await overflow.block(request(8, { threat: v6 }), left)).toMatchObject({ status: 'blocked' });
    expect(dropped(client)).toEqual(['198.51.100.7/32', '2001:db8::/64']);
  });

  it('asked for again is written only for a later end, and never twice', async () => {
    const { client, overflow } = setUp();
    await overflow.block(request(7), left);
    expect(await overflow.block(request(7), left)).toMatchObject({ status: 'already-blocked' });
    expect(updates(client)).toBe(1);
    const later = { expiresAt: addTo(testTime, hours(30)) };
    expect(await overflow.block(request(7, later), left)).toMatchObject({ status: 'already-blocked' });
    expect(await overflow.block(request(7), left)).toMatchObject({ status: 'already-blocked' });
    expect(updates(client)).toBe(2);
    expect(client.rulesOf()[1]?.RuleOptions?.[0]?.Settings).toEqual(['"remedykit until 20261125T160000Z"']);
    expect(dropped(client)).toHaveLength(1);
  });

  it('leaves the rest of the group as it was: rule order, description', async () => {
    const client = createFakeNetworkFirewall({ ruleGroups: [{ description: 'denies', ...newRuleGroup() }] });
    await setUp(client).overflow.block(request(7), left);
    expect(client.descriptionOf()).toBe('denies');
  });

  it.each(['ThrottlingException', 'InternalServerError', 'TimeoutError'])(
    'G40: survives %s, and is retried',
    async (code) => {
      const { client, overflow } = setUp();
      client.failNext('UpdateRuleGroup', { code: code });
      expect(await overflow.block(request(7), left)).toMatchObject({ status: 'blocked' });
      client.failNext('DescribeRuleGroup', { code, times: Number.POSITIVE_INFINITY });
      await expect(overflow.block(request(8), left)).rejects.toMatchObject({
        code: 'OVERFLOW_FAILED',
        retryable: true,
      });
    },
  );

  it('G40: an answer that was lost leads to no second rule, and is new all the same', async () => {
    const { client, overflow } = setUp();
    client.failNext('UpdateRuleGroup', { code: 'TimeoutError', after: 'effect' });
    expect(await overflow.block(request(7), left)).toMatchObject({ status: 'blocked' });
    expect(dropped(client)).toEqual(['198.51.100.7/32']);
  });

  it('G40: gives up a bounded number of times where others keep changing the group, and may be asked again', async () => {
    const { client, overflow } = setUp(undefined, { attempts: 3 });
    client.onCall(({ operation }) => {
      if (operation === 'UpdateRuleGroup') client.write(newRuleGroup().RulesSource);
    });
    await expect(overflow.block(request(7), left)).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining('others kept changing it'),
    });
    expect(updates(client)).toBe(3);
  });

  it('fails for good where Network Firewall refuses the request itself', async () => {
    const { client, overflow } = setUp();
    client.failNext('UpdateRuleGroup', { code: 'AccessDeniedException' });
    await expect(overflow.block(request(7), left)).rejects.toMatchObject({ code: 'OVERFLOW_FAILED', retryable: false });
    expect(updates(client)).toBe(1);
  });

  it('G38: has no room at the capacity of the group, or where Network Firewall says so', async () => {
    const { client, overflow } = setUp(createFakeNetworkFirewall({ ruleGroups: [{ capacity: 2 }] }));
    await overflow.block(request(7), left);
    const full = { status: 'not-blocked', because: expect.stringContaining('no-room') };
    expect(await overflow.block(request(8), left)).toMatchObject(full);
    expect(updates(client)).toBe(1);
    for (const code of ['InsufficientCapacityException', 'LimitExceededException']) {
      const other = setUp();
      other.client.failNext('UpdateRuleGroup', { code });
      expect(await other.overflow.block(request(8), left)).toMatchObject(full);
    }
  });

  it('G36: a group with a rule of somebody else is left alone, and that is said', async () => {
    const { client, overflow, sweep } = setUp();
    await overflow.block(request(7, { expiresAt: addTo(testTime, 1) }), left);
    const before = client.rulesOf();
    const [first] = before;
    if (first === undefined) throw new Error('no rule');
    client.write({ StatefulRules: [...before, { ...first, RuleOptions: [{ Keyword: 'sid', Settings: ['99'] }] }] });
    const kept = client.rulesOf();
    const because = expect.stringContaining('foreign');
    expect(await overflow.block(request(8), left)).toMatchObject({ status: 'not-blocked', because });
    expect(await overflow.release('198.51.100.7')).toMatchObject({ ended: [], failed: [{ reason: 'foreign' }] });
    expect(await sweep()).toMatchObject({ ended: [], failed: [{ reason: 'foreign', retryable: false }] });
    expect(client.rulesOf()).toEqual(kept);
  });

  it('is not begun with too little time', async () => {
    const { client, overflow } = setUp();
    await expect(overflow.block(request(7), { remainingTimeMs: () => 4_999 })).rejects.toMatchObject({
      retryable: true,
    });
    expect(client.calls).toEqual({});
  });
});

describe('what is over', () => {
  it('G34: leaves with a sweep, the last one too, and what is not over stays', async () => {
    const { client, clock, overflow, sweep } = setUp();
    await overflow.block(request(7, { expiresAt: addTo(testTime, hours(1)) }), left);
    await overflow.block(request(8), left);
    expect(await sweep()).toEqual({ ended: [], failed: [] });
    clock.advance(hours(1));
    expect(await sweep()).toMatchObject({
      ended: [{ threat: { cidr: '198.51.100.7/32', family: 4 }, expiresAt: '2026-11-24T11:00:00.000Z' }],
      failed: [],
    });
    expect(dropped(client)).toEqual(['198.51.100.8/32']);
    clock.advance(hours(23));
    await sweep();
    expect(dropped(client)).toEqual([]);
    expect(await overflow.block(request(9), left)).toMatchObject({ status: 'blocked' });
  });

  it('stays while a sweep is held back, and that is said', async () => {
    const { client, overflow, sweep } = setUp();
    await overflow.block(request(7, { expiresAt: testTime.toISOString() }), left);
    const paused = { reason: 'paused', because: 'a.smith' };
    expect(await sweep(async () => paused)).toMatchObject({ ended: [], failed: [{ ...paused, heldBack: true }] });
    expect(dropped(client)).toHaveLength(1);
  });

  it('leaves the other groups when one fails', async () => {
    const client = createFakeNetworkFirewall({ ruleGroups: [{ name: 'a' }, { name: 'b' }] });
    const [a, b] = client.ruleGroups;
    let at = a;
    const { clock, overflow, sweep } = setUp(client, { ruleGroupFor: () => at });
    await overflow.block(request(7), left);
    at = b;
    await overflow.block(request(8), left);
    clock.advance(hours(24));
    client.failNext('DescribeRuleGroup', { code: 'AccessDeniedException' });
    expect(await sweep()).toMatchObject({
      ended: [{ subject: b }],
      failed: [{ subject: a, reason: 'overflow-failed', retryable: false }],
    });
    expect([dropped(client, a), dropped(client, b)]).toEqual([['198.51.100.7/32'], []]);
  });

  it('leaves by hand by its address, also where a wider network was denied', async () => {
    const { client, overflow } = setUp();
    const v6: OverflowThreat = { cidr: '2001:db8::/64', family: 6, egress: false, protocol: '-1' };
    await overflow.block(request(7), left);
    await overflow.block(request(8, { threat: v6 }), left);
    expect(await overflow.release('2001:db8::7')).toMatchObject({ ended: [{ threat: v6 }], failed: [] });
    expect(dropped(client)).toEqual(['198.51.100.7/32']);
    await expect(overflow.release('nobody')).rejects.toThrow(RemediationError);
  });
});

describe('where it stands', () => {
  const { threat } = request(7);

  it('covers targets with a rule group, as far as "covers" does', () => {
    const { overflow } = setUp(undefined, { covers: ({ egress }) => !egress });
    expect(overflow.covers(threat, target)).toBe(true);
    expect(overflow.covers({ ...threat, egress: true }, target)).toBe(false);
    expect(overflow.covers(threat, { ...target, accountId: '444455556666' })).toBe(false);
    expect(overflow.covers(threat, { ...target, region: 'us-east-1' })).toBe(false);
  });

  it('asks the client of the account and Region of the rule group, not of the target', async () => {
    const client = createFakeNetworkFirewall({ accountId: '444455556666' });
    const asked: object[] = [];
    const { overflow } = setUp(client, {
      client: (place) => {
        asked.push(place);
        return client;
      },
      ruleGroupFor: () => client.ruleGroups[0],
    });
    await overflow.block(request(7), left);
    expect(asked[0]).toEqual({ accountId: '444455556666', region: fakeWorld.region });
  });

  const arn = (name: string) => `arn:aws:network-firewall:eu-west-1:111122223333:stateful-rulegroup/${name}`;
  it.each([
    [{ ruleGroups: [] }, /ruleGroups/],
    [{ ruleGroups: [arn('a').replace('stateful', 'stateless')] }, /stateful rule groups/],
    [{ ruleGroups: [arn('a'), arn('b')] }, /ruleGroupFor/],
    [{ attempts: 0 }, /attempts/],
    [{ requestTimeoutMs: 0 }, /requestTimeoutMs/],
  ])('refuses what would not work: %j', (options, message) => {
    const create = () => setUp(undefined, options);
    expect(create).toThrow(message);
    expect(create).toThrow(expect.objectContaining({ code: 'BLOCKER_OPTION_INVALID' }));
  });

  it('refuses a group that no sweep would visit', () => {
    const { overflow } = setUp(undefined, { ruleGroupFor: () => arn('other') });
    expect(() => overflow.covers(threat, target)).toThrow(/does not list/);
  });

  it('G46: every call is permitted on the rule groups alone, and every permission is used', async () => {
    const { client, overflow } = setUp();
    await overflow.block(request(7), left);
    const [statement] = networkFirewallPermissions({ ruleGroups: [arn('a')] }).Statement;
    expect(Object.keys(client.calls).toSorted()).toEqual(statement?.Action);
    expect(statement?.Resource).toEqual([arn('a')]);
    expect(() => networkFirewallPermissions({ ruleGroups: ['*'] })).toThrow(/ARNs/);
  });
});
