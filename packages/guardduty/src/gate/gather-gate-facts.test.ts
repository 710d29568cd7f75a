import { days, isRemediationError } from '@remedykit/core';
import { expect, it } from 'vitest';
import type { BlockerOptions } from '../nacl/options.ts';
import { readSettings } from '../nacl/settings.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { routableDocumentationRanges } from '../testing/routable-documentation-ranges.ts';
import { createTestWorld, type TestWorld, testTime } from '../testing/test-blocker.ts';
import { gatherGateFacts } from './gather-gate-facts.ts';
import { judgeCidr } from './judge-cidr.ts';

const target = { accountId: fakeWorld.accountId, region: fakeWorld.region };
const denied = '198.51.100.7/32';

const settingsOf = (options: Partial<BlockerOptions> = {}, world: TestWorld = createTestWorld()) =>
  readSettings({
    mode: 'enforce',
    accounts: [fakeWorld.accountId],
    trust: { channels: ['eventbridge'] },
    allowList: ['203.0.113.250'],
    blockFor: days(1),
    ec2: world.ec2,
    store: world.store,
    addressRanges: routableDocumentationRanges,
    now: world.clock.now,
    ...options,
  });

const judgedNow = async (options: Partial<BlockerOptions> = {}, world?: TestWorld) =>
  judgeCidr(denied, 'ingress', await gatherGateFacts(settingsOf(options, world), target, [denied]))?.reason;

it('now-protected: an address that has become ours since, or a partner', async () => {
  const world = createTestWorld();
  expect(await judgedNow({}, world)).toBeUndefined();
  world.ec2.addAddress({ publicIp: '198.51.100.7' });
  expect(await judgedNow({}, world)).toBe('own-address');
  expect(await judgedNow({ partnerLists: { acme: ['198.51.100.0/24'] } })).toBe('partner-listed');
  expect(await judgedNow({ allowList: ['198.51.100.0/24'] })).toBe('allow-listed');
  expect(await judgedNow({ addressRanges: { routable: [] } })).toBe('reserved');
});

it('asks about the whole range that is denied', async () => {
  const world = createTestWorld();
  world.ec2.addVpc({ ipv6Cidrs: ['2001:db8:0:1::/72'] });
  const cidr = '2001:db8:0:1::/64';
  const facts = await gatherGateFacts(settingsOf({}, world), target, [cidr]);
  expect(judgeCidr(cidr, 'ingress', facts)?.reason).toBe('vpc-cidr');
});

it('what the network ACL allows explicitly counts where its entries are given', async () => {
  const entries = [{ ruleNumber: 90, cidr: '198.51.100.0/24', action: 'allow' as const, protocol: '-1' }];
  const acl = { networkAclId: fakeWorld.networkAclId, entries };
  const facts = await gatherGateFacts(settingsOf(), target, [denied], acl);
  expect(judgeCidr(denied, 'ingress', facts)).toMatchObject({
    reason: 'explicitly-trusted',
    because: expect.stringContaining(`${fakeWorld.networkAclId} rule 90`),
  });
  const own = [{ ...entries[0], cidr: '198.51.100.7/32', action: 'deny' as const, ruleNumber: 10, protocol: '-1' }];
  const without = await gatherGateFacts(settingsOf(), target, [denied], { ...acl, entries: own });
  expect(judgeCidr(denied, 'ingress', without)).toBeUndefined();
});

it('G26: an inventory that cannot be had is named, and releases nobody, nor does one that stands in for it', async () => {
  const noOwn = { ownAddresses: () => Promise.reject(new Error('no snapshot')) };
  const ec2 = async () => ({ services: ['203.0.113.0/24'], ec2: ['198.51.100.0/24'], amazon: [], asOf: testTime });
  for (const options of [noOwn, { ...noOwn, awsRanges: ec2 }]) {
    const facts = await gatherGateFacts(settingsOf(options), target, [denied]);
    expect(facts.problem).toContain('no snapshot');
    expect(judgeCidr(denied, 'ingress', facts)).toBeUndefined();
  }
  // Who is known to be protected is released all the same.
  expect(await judgedNow({ ...noOwn, allowList: [denied] })).toBe('allow-listed');
});

it('says how old each inventory is', async () => {
  const { inventories } = await gatherGateFacts(settingsOf(), target, [denied]);
  expect(inventories.ownAddresses).toMatchObject({ asOf: testTime.toISOString() });
  expect(inventories).not.toHaveProperty('mayBeOurs');
});

it('a range that cannot be read is an error', async () => {
  const error = await gatherGateFacts(settingsOf(), target, ['198.51.100.007']).catch((thrown: unknown) => thrown);
  expect(isRemediationError(error) && error.code).toBe('CIDR_INVALID');
});
