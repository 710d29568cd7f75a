import ipaddr from 'ipaddr.js';
import { invalidParameterValue } from './errors.ts';

const refuse = (name: string, value: string): never => {
  throw invalidParameterValue(name, value, 'This is not a valid CIDR block.');
};

/** The CIDR as EC2 stores it: host bits cleared, IPv6 in lower case and shortened. */
export const canonicalCidr = (value: string, family: 4 | 6, name: string): string => {
  const [address = '', prefix = '', ...rest] = value.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return refuse(name, value);
  const length = Number(prefix);
  if (family === 4) {
    if (!ipaddr.IPv4.isValidFourPartDecimal(address) || length > 32) return refuse(name, value);
    return `${ipaddr.IPv4.networkAddressFromCIDR(`${address}/${length}`).toString()}/${length}`;
  }
  if (!ipaddr.IPv6.isValid(address) || address.includes('%') || length > 128) return refuse(name, value);
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${length}`).toString()}/${length}`;
};

/** The family of a CIDR or an address by its form. */
export const familyOf = (value: string): 4 | 6 => (value.includes(':') ? 6 : 4);

/** The address `offset` steps after the start of an IPv4 CIDR. */
export const hostOf = (cidr: string, offset: number): string => {
  const start = ipaddr.IPv4.networkAddressFromCIDR(cidr).octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const host = start + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(host / 2 ** shift) % 256).join('.');
};
