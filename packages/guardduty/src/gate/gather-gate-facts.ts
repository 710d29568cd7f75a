import type { AclEntry } from '../nacl/entries/acl.ts';
import type { Target } from '../nacl/outcome.ts';
import type { Settings } from '../nacl/settings.ts';
import { type AddressAnswers, answersFor, readingsOf } from './answers.ts';
import type { GateFacts } from './judge-cidr.ts';
import { createRanges } from './ranges.ts';
import { trustedByAcl } from './trust/explicit-trust.ts';

/** The network ACL in which ranges are denied already, as far as it was read. */
export interface DeniedIn {
  readonly networkAclId: string;
  readonly entries: readonly AclEntry[];
}

/**
 * What the gate knows today about ranges that are denied already, for `judgeCidr`. Never rejects for an inventory that cannot
 * be had: it is named as the problem and protects nobody. The facts are those of `target`, the account that owns the network
 * ACL. Security groups are not asked, since a slot does not say which interface was attacked, and those of a shared VPC belong
 * to other accounts: what one came to trust after the deny stays denied until its end. What the network ACL itself lets in
 * explicitly is asked, where its entries are given.
 */
export const gatherGateFacts = async (
  { inventory, addressRanges }: Pick<Settings, 'inventory' | 'addressRanges'>,
  target: Target,
  cidrs: readonly string[],
  acl?: DeniedIn,
): Promise<GateFacts> => {
  const { lists, problem, ownAddressesProblem } = await inventory.gather(target);
  const { mayBeOurs: _, ...known } = lists;
  const trusted = acl && { trusted: createRanges(trustedByAcl(acl.networkAclId, acl.entries)) };
  const asked = { ...known, ...trusted };
  const answers: Record<string, AddressAnswers> = {};
  for (const cidr of cidrs) answers[cidr] = answersFor({ cidr }, asked, addressRanges);
  const missing = problem ?? ownAddressesProblem;
  return { inventories: readingsOf(asked), answers, ...(missing === undefined ? {} : { problem: missing }) };
};
