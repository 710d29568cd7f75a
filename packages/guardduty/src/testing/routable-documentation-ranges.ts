import type { AddressRanges } from '../gate/address-ranges.ts';

/**
 * The documentation ranges as if they were routable, for tests alone: the one door through which the addresses of
 * examples can be denied. Nothing that is deployed may import it.
 */
export const routableDocumentationRanges: AddressRanges = {
  routable: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'],
};
