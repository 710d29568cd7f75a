import ipaddr from 'ipaddr.js';

/** One host as CIDR in canonical text. */
export interface HostCidr {
  readonly address: string;
  readonly family: 4 | 6;
}

/**
 * An address as GuardDuty wrote it, as a host. IPv4 only as four decimal parts: `0177.0.0.1` and `127.1` mean different
 * hosts to different readers. IPv4 inside IPv6 (`::ffff:198.51.100.7`) is the IPv4 host. No zones, no prefixes.
 */
export const readAddress = (text: string): HostCidr | undefined => {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    return { address: `${ipaddr.IPv4.parse(text).toString()}/32`, family: 4 };
  }
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  return parsed.isIPv4MappedAddress()
    ? { address: `${parsed.toIPv4Address().toString()}/32`, family: 4 }
    : { address: `${parsed.toRFC5952String()}/128`, family: 6 };
};
