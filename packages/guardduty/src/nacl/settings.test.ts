import { createMemoryStore, days, hours, isRemediationError, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { createFakeEc2 } from '../testing/fake-ec2/index.ts';
import { createFakeGuardDuty } from '../testing/fake-guardduty.ts';
import { createFakeOverflow } from '../testing/fake-overflow.ts';
import type { BlockerOptions } from './options.ts';
import { readSettings } from './settings.ts';

const valid: BlockerOptions = {
  mode: 'enforce',
  accounts: ['111122223333'],
  trust: { channels: ['eventbridge'] },
  allowList: ['203.0.113.0/24'],
  blockFor: hours(24),
  ec2: createFakeEc2(),
  store: createMemoryStore(),
};

/** Options as a caller without types could write them. */
const read = (changes: Record<string, unknown>) => readSettings({ ...valid, ...changes } as unknown as BlockerOptions);

const messageOf = (changes: Record<string, unknown>): string => {
  try {
    read(changes);
  } catch (error) {
    if (isRemediationError(error) && error.code === 'BLOCKER_OPTION_INVALID') return error.message;
    throw error;
  }
  throw new Error('the options were taken');
};

describe('readSettings', () => {
  it('takes what is required alone, and completes the rest', async () => {
    const { policy, isListed, allowList, readBack } = readSettings(valid);
    expect(policy).toEqual({
      blockFor: hours(24),
      maxBlockFor: days(7),
      maxFindingAge: hours(12),
      maxSpoofableBlockFor: hours(1),
      ports: 'attacked',
      ipv6PrefixLength: 64,
      ruleNumbers: { from: 10, to: 99 },
      quota: 20,
      headroom: 2,
      entryWritesPerHour: 30,
      newDeniesPerHour: 30,
      newDeniesPerAccountAndDay: 500,
      trustCustomThreatLists: false,
      trust: ['eventbridge'],
    });
    expect(allowList).toEqual(['203.0.113.0/24']);
    expect(readBack).toBeUndefined();
    expect(await isListed('111122223333')).toBe(true);
    expect(await isListed('444455556666')).toBe(false);
  });

  it('reads back where it is told to', () => {
    const settings = read({ trust: { readBack: createFakeGuardDuty(), detectorId: 'd1' } });
    expect(settings.readBack).toBeDefined();
    expect(settings.policy.trust).toBe('read-back');
    expect(read({ trust: { readBack: () => createFakeGuardDuty() } }).readBack).toBeDefined();
  });

  it('keeps the management account in the policy, and so in every audit record, unless it is acknowledged', () => {
    const managementAccountId = '444455556666';
    expect(read({ managementAccountId }).policy).toMatchObject({ managementAccountId });
    expect(read({ managementAccountId, acknowledgeManagementAccount: false }).policy).toMatchObject({
      managementAccountId,
    });
    const acknowledged = read({ managementAccountId, acknowledgeManagementAccount: true });
    expect(acknowledged.policy).not.toHaveProperty('managementAccountId');
  });

  it('denies in the attacked subnets alone, and hands nothing over, unless it is told to', () => {
    expect(read({})).toMatchObject({ scope: 'subnet', overflow: [] });
    const overflow = createFakeOverflow();
    expect(read({ scope: 'vpc', overflow: [overflow] })).toMatchObject({
      scope: 'vpc',
      overflow: [{ name: 'overflow' }],
    });
  });

  it('lets a block of more than seven days last as long as it says', () => {
    expect(read({ blockFor: days(30) }).policy.maxBlockFor).toBe(days(30));
  });

  it('G24: keeps the allow-list in canonical form', () => {
    expect(read({ allowList: ['203.0.113.7/24', '2001:DB8::1', '::ffff:192.0.2.1'] }).allowList).toEqual([
      '203.0.113.0/24',
      '2001:db8::1/128',
      '192.0.2.1/32',
    ]);
  });

  it('takes zero for none', async () => {
    const { policy, isListed } = read({ entryWritesPerHour: 0, headroom: 0, accounts: [] });
    expect(policy).toMatchObject({ entryWritesPerHour: 0, headroom: 0 });
    expect(await isListed('111122223333')).toBe(false);
  });

  it('takes nothing but true for a listed account', async () => {
    for (const answer of [false, undefined, 1, 'yes', {}]) {
      expect(await read({ accounts: async () => answer }).isListed('111122223333')).toBe(false);
    }
    expect(await read({ accounts: async () => true }).isListed('111122223333')).toBe(true);
    await expect(read({ accounts: () => Promise.reject(new Error('no list')) }).isListed('1')).rejects.toThrow(
      'no list',
    );
  });
});

describe('readSettings refuses', () => {
  const readBack = createFakeGuardDuty();

  it.each<[option: string, value: unknown]>([
    ['mode', undefined],
    ['mode', 'on'],
    ['mode', true],
    ['accounts', undefined],
    ['accounts', '111122223333'],
    ['accounts', [111122223333]],
    ['accounts', ['1111']],
    ['accounts', ['111122223333 ']],
    ['accounts', ['*']],
    ['trust', undefined],
    ['trust', null],
    ['trust', {}],
    ['trust', { readBack, channels: ['eventbridge'] }],
    ['trust.readBack', { readBack: null }],
    ['trust.readBack', { readBack: 'detector' }],
    ['trust.readBack', { readBack: {} }],
    ['trust.detectorId', { readBack, detectorId: '' }],
    ['trust.detectorId', { readBack, detectorId: 5 }],
    ['trust.detectorId', { channels: ['eventbridge'], detectorId: 'd1' }],
    ['trust.detectorID', { readBack, detectorID: 'd1' }],
    ['trust.channels', { channels: 'eventbridge' }],
    ['trust.channels', { channels: ['EventBridge'] }],
    ['trust.channels', { channels: [''] }],
    ['trust.channels', { channels: [5] }],
    ['trust.channels', { channels: ['arn:aws:lambda:eu-west-1:111122223333:function:f'] }],
    ['trust.channels', { channels: ['arn:aws:sqs:eu-west-1:*:queue'] }],
    ['allowList', undefined],
    ['allowList', '203.0.113.0/24'],
    ['allowList', []],
    ['allowList', ['partner']],
    ['allowList', ['010.0.0.1']],
    ['allowList', ['1.2.3']],
    ['allowList', ['203.0.113.0/33']],
    ['allowList', ['fe80::1%eth0']],
    ['allowList', ['']],
    ['allowList', [3_405_803_776]],
    ['allowList', ['203.0.113.0/24', null]],
    ['acknowledgeNoAllowList', true],
    ['blockFor', undefined],
    ['blockFor', 0],
    ['blockFor', -1],
    ['blockFor', Number.NaN],
    ['blockFor', Number.POSITIVE_INFINITY],
    ['blockFor', '24'],
    ['blockFor', days(3_651)],
    ['maxBlockFor', hours(23)],
    ['maxBlockFor', 1e300],
    ['maxFindingAge', 0],
    ['ports', 'some'],
    ['ipv6PrefixLength', 48],
    ['ipv6PrefixLength', '64'],
    ['ruleNumbers.from', { from: 0, to: 99 }],
    ['ruleNumbers.from', { from: 1.5, to: 99 }],
    ['ruleNumbers.from', 10],
    ['ruleNumbers.to', { from: 10, to: 9 }],
    ['ruleNumbers.to', { from: 10, to: 32_767 }],
    ['ruleNumbers.to', { from: 10 }],
    ['ruleNumbers', { from: 1, to: 201 }],
    ['quota', 0],
    ['quota', 41],
    ['quota', '20'],
    ['scope', 'VPC'],
    ['scope', null],
    ['managementAccountId', '1111'],
    ['managementAccountId', 111122223333],
    ['acknowledgeManagementAccount', true],
    ['acknowledgeManagementAccount', 'yes'],
    ['overflow', null],
    ['overflow', {}],
    ['overflow', [null]],
    ['overflow', [{ name: 'firewall', covers: () => true }]],
    ['overflow', [{ name: 'firewall', block: async () => ({}) }]],
    ['overflow', [{ ...createFakeOverflow(), name: '' }]],
    ['overflow', [{ ...createFakeOverflow(), name: 'Edge Firewall' }]],
    ['overflow', [createFakeOverflow(), createFakeOverflow()]],
    ['headroom', -1],
    ['headroom', 21],
    ['entryWritesPerHour', -1],
    ['entryWritesPerHour', Number.POSITIVE_INFINITY],
    ['functionTimeout', 0],
    ['functionTimeout', days(1) + 1],
    ['ec2', undefined],
    ['ec2', null],
    ['ec2', {}],
    ['store', undefined],
    ['store', null],
    ['store', {}],
    ['addressRanges', {}],
    ['addressRanges', { routable: '10.0.0.0/8' }],
    ['addressRanges', { routable: ['10/8'] }],
    ['ownAddresses', ['192.0.2.1']],
    ['maxOwnAddressesAge', 0],
    ['maxOwnAddressesAge', '1h'],
    ['awsRanges', { services: [] }],
    ['maxAwsRangesAge', -1],
    ['byoipPools', '192.0.2.0/24'],
    ['byoipPools', ['192.0.2.0/33']],
    ['byoipPools', [1]],
    ['partnerLists', ['192.0.2.0/24']],
    ['partnerLists', null],
    ['partnerLists.acme', { acme: '192.0.2.0/24' }],
    ['partnerLists.acme', { acme: ['acme.example'] }],
    ['proxyLists', 'cloudflare'],
    ['proxyLists.cdn', { cdn: [null] }],
    ['audit', {}],
    ['observe', 'stdout'],
    ['now', new Date()],
    ['newId', 'id'],
    ['sleep', 5],
    ['random', 0.5],
    ['allowlist', ['203.0.113.0/24']],
    ['dryRun', true],
    ['toString', undefined],
  ])('"%s": %o', (option, value) => {
    const [name = option] = option.split('.');
    expect(messageOf({ [name]: value })).toContain(`createNaclBlocker: "${option}"`);
  });

  it('an empty allow-list that is not spelled out, and spells out how', () => {
    expect(messageOf({ allowList: [] })).toContain('acknowledgeNoAllowList: true');
    expect(messageOf({ allowList: [], acknowledgeNoAllowList: 'yes' })).toContain('"allowList"');
    expect(read({ allowList: [], acknowledgeNoAllowList: true }).allowList).toEqual([]);
  });

  it('a value, saying what it was', () => {
    expect(messageOf({ quota: 41 })).toContain('41');
    expect(messageOf({ allowList: ['010.0.0.1'] })).toContain('"010.0.0.1"');
    expect(messageOf({ accounts: ['1111'] })).toContain('1111');
    expect(messageOf({ blockFor: minutes(-5) })).toContain('-300000');
  });
});
