import { isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { canonicalCidr, familyOf, firstOverlap, overlaps, parseCidr, sameCidr, widen, within } from './cidr.ts';

const codeOf = (text: string): string | undefined => {
  try {
    canonicalCidr(text);
    return undefined;
  } catch (error) {
    return isRemediationError(error) ? error.code : `no coded error: ${String(error)}`;
  }
};

describe('parseCidr', () => {
  it.each([
    '010.0.0.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '127.1',
    '1.2.3',
    '1.2.3/24',
    '3232235777',
    '1.2.3.04',
    '1.2.3.256',
    '1.2.3.4.5',
    '1.2.3.4/',
    '1.2.3.4/33',
    '1.2.3.4/-1',
    '1.2.3.4/08',
    '1.2.3.4/+8',
    '1.2.3.4/8.0',
    '1.2.3.4/24/8',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '1.2.3.4/8\n',
    '1.2.3.4,5.6.7.8',
    '１.2.3.4',
    'fe80::1%eth0',
    'fe80::1%eth0/64',
    'fe80::1/64%eth0',
    'x%1.2.3.4',
    'x/1.2.3.4',
    '::ffff:1:198.51.100.7',
    '2001:db8::ffff:198.51.100.7',
    '::1/129',
    '1:2:3:4:5:6:7',
    '1::2::3',
    '::1.2.3.4',
    '64:ff9b::1.2.3.4',
    '1:2:3:4:5:6:1.2.3.04',
    'example.com',
    '/24',
    '*',
    '',
  ])('G24: refuses what could be read as another address: %j', (text) => {
    expect(codeOf(text)).toBe('CIDR_INVALID');
  });

  it('says what it could not read, cut, and how to write it', () => {
    expect(() => parseCidr(`x${'y'.repeat(500)}`)).toThrow(/^"xy{59}" is neither an IP address nor a CIDR\. Write /);
  });

  it.each([
    ['198.51.100.7', '198.51.100.7/32'],
    ['198.51.100.7/24', '198.51.100.0/24'],
    ['198.51.100.7/0', '0.0.0.0/0'],
    ['255.255.255.255/31', '255.255.255.254/31'],
    ['2001:DB8:0:0::7', '2001:db8::7/128'],
    ['2001:db8::7/64', '2001:db8::/64'],
    ['2001:db8:0:1::7/0', '::/0'],
    ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/33', '2001:db8:8000::/33'],
    ['::ffff:198.51.100.7', '198.51.100.7/32'],
    ['::ffff:c633:6407', '198.51.100.7/32'],
    ['::FFFF:198.51.100.7/120', '198.51.100.0/24'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['::', '::/128'],
    ['::ffff:198.51.100.7/64', '::/64'],
  ])('G21, G51: reads %s as %s', (text, canonical) => {
    expect(canonicalCidr(text)).toBe(canonical);
  });
});

describe('ranges', () => {
  it('G24, G25: compares addresses, not text', () => {
    expect(overlaps('1.2.3.4', '11.2.3.4')).toBe(false);
    expect(overlaps('1.2.3.4', '1.2.3.40')).toBe(false);
    expect(overlaps('1.2.3.4', '1.2.3.4/30')).toBe(true);
    expect(overlaps('21.2.3.4/32', '1.2.3.4/32')).toBe(false);
    expect(firstOverlap('198.51.100.7/32', ['1.2.3.0/24', '198.51.0.0/16', '198.51.100.0/24'])).toBe('198.51.0.0/16');
    expect(firstOverlap('198.51.100.7/32', [])).toBeUndefined();
  });

  it('knows the two families apart', () => {
    expect(familyOf('0.0.0.0/0')).toBe(4);
    expect(familyOf('::/0')).toBe(6);
    expect(overlaps('::/0', '198.51.100.7/32')).toBe(false);
    expect(overlaps('0.0.0.0/0', '2001:db8::7')).toBe(false);
  });

  it('takes IPv4 inside IPv6 for IPv4', () => {
    expect(overlaps('::ffff:198.51.100.0/120', '198.51.100.7/32')).toBe(true);
    expect(overlaps('::ffff:198.51.101.0/120', '198.51.100.7/32')).toBe(false);
  });

  it('says which range holds which', () => {
    expect(within('198.51.100.0/25', '198.51.100.0/24')).toBe(true);
    expect(within('198.51.100.0/24', '198.51.100.0/25')).toBe(false);
    expect(within('198.51.100.0/24', '198.51.100.0/24')).toBe(true);
    expect(within('198.51.101.0/25', '198.51.100.0/24')).toBe(false);
  });

  it('takes two ways to write one network for the same', () => {
    expect(sameCidr('2001:db8::7/64', '2001:DB8:0:0:1::/64')).toBe(true);
    expect(sameCidr('2001:db8::/64', '2001:db8::/65')).toBe(false);
  });

  it('G21: widens a host to its network', () => {
    expect(widen('2001:db8:0:1:2::7/128', 64)).toBe('2001:db8:0:1::/64');
    expect(widen('2001:db8:0:1:2::7/128', 128)).toBe('2001:db8:0:1:2::7/128');
  });
});
