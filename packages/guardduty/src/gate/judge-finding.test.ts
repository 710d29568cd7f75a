import { createMemoryStore, days, hours } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { createNaclBlocker } from '../nacl/blocker.ts';
import type { BlockerOptions } from '../nacl/options.ts';
import { createFakeEc2 } from '../testing/fake-ec2/index.ts';
import { fakeWorld } from '../testing/fake-world.ts';
import { sshBruteForce } from '../testing/findings.ts';
import { routableDocumentationRanges } from '../testing/routable-documentation-ranges.ts';

const now = new Date('2026-11-24T10:00:00.000Z');

const blockerWith = (options: Partial<BlockerOptions> = {}) =>
  createNaclBlocker({
    mode: 'enforce',
    accounts: [fakeWorld.accountId],
    trust: { channels: ['eventbridge'] },
    allowList: ['203.0.113.0/24'],
    blockFor: hours(24),
    ec2: createFakeEc2(),
    store: createMemoryStore(),
    addressRanges: routableDocumentationRanges,
    ownAddresses: async () => ({ cidrs: [], asOf: now }),
    audit: () => {},
    now: () => now,
    ...options,
  });

const judged = async (from: string, options: Partial<BlockerOptions> = {}) => {
  const { threats } = await blockerWith(options).plan(sshBruteForce({ from, at: now }));
  return threats.map(({ outcome, reason }) => `${outcome} ${reason}`)[0];
};

const ours = (...cidrs: string[]): Partial<BlockerOptions> => ({ ownAddresses: async () => ({ cidrs, asOf: now }) });

describe('the gate asks about the whole range that a deny would cover', () => {
  const attacker = '2001:db8:0:1::bad';

  it.each([
    ['the address itself', `${attacker}/128`, 'refused allow-listed'],
    ['a neighbour in the same /64', '2001:db8:0:1::1', 'refused allow-listed'],
    ['a wider range', '2001:db8::/32', 'refused allow-listed'],
    ['a narrower range in the same /64', '2001:db8:0:1:8000::/65', 'refused allow-listed'],
    ['the next /64', '2001:db8:0:2::/64', 'planned brute-force'],
    ['every IPv4 address', '0.0.0.0/0', 'planned brute-force'],
  ])('G21, G24: the allow-list holds %s', async (_, entry, said) => {
    expect(await judged(attacker, { allowList: [entry] })).toBe(said);
  });

  it('G23: does not deny the /64 in which an address of ours is, nor one in a range of ours', async () => {
    expect(await judged(attacker, ours('2001:db8:0:1::1'))).toBe('refused own-address');
    expect(await judged(attacker, ours('2001:db8::/48'))).toBe('refused own-address');
    expect(await judged(attacker, ours('2001:db8:0:2::1'))).toBe('planned brute-force');
  });

  it('denies the host alone where asked for, so a neighbour does not protect it', async () => {
    const host = { ipv6PrefixLength: 128 } as const;
    expect(await judged(attacker, { ...host, allowList: ['2001:db8:0:1::1'] })).toBe('planned brute-force');
    expect(await judged(attacker, { ...host, allowList: [attacker] })).toBe('refused allow-listed');
  });

  it('G24: compares addresses, not text', async () => {
    expect(await judged('198.51.100.1', { allowList: ['198.51.100.11'] })).toBe('planned brute-force');
    expect(await judged('198.51.100.11', { allowList: ['198.51.100.1'] })).toBe('planned brute-force');
    expect(await judged('198.51.100.1', { allowList: ['::ffff:198.51.100.1'] })).toBe('refused allow-listed');
  });

  it('G23: refuses documentation ranges unless a test opens them', async () => {
    expect(await judged('198.51.100.1', { addressRanges: { routable: [] } })).toBe('refused reserved');
    expect(await judged('10.0.0.5')).toBe('refused reserved');
  });
});

describe('the gate fails closed', () => {
  it.each<[string, Partial<BlockerOptions>]>([
    ['cannot be had', { ownAddresses: () => Promise.reject(new Error('no snapshot')) }],
    ['are too old', { ownAddresses: async () => ({ cidrs: [], asOf: new Date(now.getTime() - days(3)) }) }],
  ])('G26: blocks nothing when own addresses %s', async (_, options) => {
    expect(await judged('198.51.100.7', options)).toBe('failed facts-unavailable');
  });

  it('G26: never says that an own address it cannot read is nobody', async () => {
    expect(await judged('198.51.100.7', ours('198.51.100.007'))).toMatch(/^failed /);
  });
});
