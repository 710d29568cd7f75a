import type { AclEntry } from '../../nacl/entries/acl.ts';
import { parseCidr } from '../cidr.ts';
import type { KnownRange } from '../ranges.ts';

/**
 * A range this narrow in an allow rule names somebody; a wider one lets in whole regions of the Internet, attackers among
 * them. For IPv6 a /32 is what a registry gives to one provider, as a /16 was for IPv4.
 */
const narrowest = { 4: 16, 6: 32 } as const;

/** True for a range that an allow rule trusts explicitly: /16 or narrower, for IPv6 /32 or narrower. */
export const isExplicit = (cidr: string): boolean => {
  const [address, bits] = parseCidr(cidr);
  return bits >= narrowest[address.kind() === 'ipv4' ? 4 : 6];
};

/** What the allow entries of a network ACL trust explicitly. */
export const trustedByAcl = (networkAclId: string, entries: readonly AclEntry[]): KnownRange[] =>
  entries
    .filter(({ action, cidr }) => action === 'allow' && isExplicit(cidr))
    .map(({ cidr, ruleNumber }) => ({ cidr, by: `${networkAclId} rule ${ruleNumber}` }));
