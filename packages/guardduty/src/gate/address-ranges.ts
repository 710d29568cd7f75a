import { familyOf, parseCidr, within } from './cidr.ts';

/**
 * Which special ranges count as routable after all. Empty in production: documentation, private and other reserved
 * ranges are never denied. The one non-empty table is `routableDocumentationRanges` in `@remedykit/guardduty/testing`.
 */
export interface AddressRanges {
  readonly routable: readonly string[];
}

/** The ranges of the Internet as they are. */
export const internetAddressRanges: AddressRanges = { routable: [] };

/**
 * The name of the special range that a host belongs to (`private`, `reserved`, `carrierGradeNat`, …), or undefined for a
 * globally routable one. Source: the IANA special-purpose registries, as `ipaddr.js` carries them, and the IANA IPv6
 * address space registry: nothing outside 2000::/3 is allocated as global unicast.
 */
export const specialRange = (cidr: string, ranges: AddressRanges): string | undefined => {
  const [address] = parseCidr(cidr);
  if (ranges.routable.some((range) => within(cidr, range))) return undefined;
  const name = address.range();
  if (name !== 'unicast') return name;
  return familyOf(cidr) === 6 && !within(cidr, '2000::/3') ? 'unallocated' : undefined;
};
