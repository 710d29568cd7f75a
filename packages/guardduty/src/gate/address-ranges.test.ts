import { describe, expect, it } from 'vitest';
import { routableDocumentationRanges } from '../testing/routable-documentation-ranges.ts';
import { internetAddressRanges, specialRange } from './address-ranges.ts';

describe('specialRange', () => {
  it.each([
    '0.0.0.0/32',
    '0.1.2.3/32',
    '10.1.2.3/32',
    '100.64.0.1/32',
    '127.0.0.1/32',
    '169.254.169.254/32',
    '172.31.0.1/32',
    '192.0.0.1/32',
    '192.0.2.1/32',
    '192.88.99.1/32',
    '192.168.1.1/32',
    '198.18.0.1/32',
    '198.51.100.7/32',
    '203.0.113.7/32',
    '224.0.0.1/32',
    '240.0.0.1/32',
    '255.255.255.255/32',
    '::/128',
    '::1/128',
    '::ffff:10.0.0.1',
    '64:ff9b::102:304/128',
    '64:ff9b:1::1/128',
    '100::1/128',
    '2001::1/128',
    '2001:db8::7/128',
    '2002:c633:6407::1/128',
    '3fff::1/128',
    '5f00::1/128',
    'fc00::1/128',
    'fd12:3456::1/128',
    'fe80::1/128',
    'fec0::1/128',
    'ff02::1/128',
  ])('G23: never lets %s be denied', (address) => {
    expect(specialRange(address, internetAddressRanges)).toEqual(expect.any(String));
  });

  it.each(['1::1/128', '4000::1/128', 'e000::1/128'])('takes unallocated IPv6 space for special: %s', (address) => {
    expect(specialRange(address, internetAddressRanges)).toBe('unallocated');
  });

  it.each(['1.2.3.4/32', '8.8.8.8/32', '100.128.0.1/32', '172.32.0.1/32', '2a00:1450::1/128', '2600::1/128'])(
    'takes %s for routable',
    (address) => {
      expect(specialRange(address, internetAddressRanges)).toBeUndefined();
    },
  );

  it('opens documentation ranges, and nothing else, with the table for tests', () => {
    expect(specialRange('198.51.100.7/32', routableDocumentationRanges)).toBeUndefined();
    expect(specialRange('2001:db8::7/128', routableDocumentationRanges)).toBeUndefined();
    expect(specialRange('10.0.0.1/32', routableDocumentationRanges)).toBe('private');
    expect(specialRange('fd00::1/128', routableDocumentationRanges)).toBe('uniqueLocal');
  });
});
