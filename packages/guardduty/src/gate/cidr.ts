import { isIP } from 'node:net';
import { RemediationError } from '@remedykit/core';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * `198.51.100.7` and `198.51.100.0/24` alike, as address and prefix length. Nothing is guessed: `010.0.0.1`, `10.1` and
 * `fe80::1%eth0` mean different hosts to different readers and are refused. IPv4 inside IPv6 (`::ffff:198.51.100.7`) is
 * the IPv4 address, as the parser of findings has it.
 * @throws RemediationError `CIDR_INVALID`
 */
export const parseCidr = (text: string): [Address, number] => {
  const [, host = '', prefix] = /^([^/%]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const family = isIP(host);
  const longest = family === 4 ? 32 : 128;
  const bits = prefix === undefined ? longest : Number(prefix);
  // ipaddr.js takes `::1.2.3.4` for `::ffff:1.2.3.4`, which is another address.
  const misread = family === 6 && host.includes('.') && !/^::ffff:[\d.]+$/i.test(host);
  if (family === 0 || misread || bits > longest) {
    throw new RemediationError({
      code: 'CIDR_INVALID',
      message: `"${text.slice(0, 60)}" is neither an IP address nor a CIDR. Write 198.51.100.7, 198.51.100.0/24 or 2001:db8::/32.`,
    });
  }
  if (family === 4) return [ipaddr.IPv4.parse(host), bits];
  const address = ipaddr.IPv6.parse(host);
  return address.isIPv4MappedAddress() && bits >= 96 ? [address.toIPv4Address(), bits - 96] : [address, bits];
};

/** 4 or 6. */
export const familyOf = (cidr: string): 4 | 6 => (parseCidr(cidr)[0].kind() === 'ipv4' ? 4 : 6);

/** The network with its host bits cleared, as EC2 stores it: `2001:db8::7/64` is `2001:db8::/64`. */
export const canonicalCidr = (text: string): string => {
  const [address, bits] = parseCidr(text);
  const network =
    address.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/${bits}`)
      : ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${bits}`);
  return `${network.toString()}/${bits}`;
};

/** True when every address of `inner` is in `outer`. Of different families: false. */
export const within = (inner: string, outer: string): boolean => {
  const [address, bits] = parseCidr(inner);
  const [range, rangeBits] = parseCidr(outer);
  return address.kind() === range.kind() && bits >= rangeBits && address.match(range, rangeBits);
};

/** True when the two share an address. */
export const overlaps = (a: string, b: string): boolean => within(a, b) || within(b, a);

/** True when both are the same network. */
export const sameCidr = (a: string, b: string): boolean => canonicalCidr(a) === canonicalCidr(b);

/** The host's network of `bits` bits: `widen('2001:db8::7/128', 64)` is `2001:db8::/64`. */
export const widen = (host: string, bits: number): string => canonicalCidr(`${parseCidr(host)[0].toString()}/${bits}`);

/** The first of `ranges` that shares an address with `cidr`. */
export const firstOverlap = (cidr: string, ranges: readonly string[]): string | undefined =>
  ranges.find((range) => overlaps(cidr, range));
