import type { Reason } from '@remedykit/core';
import type { LedgerId } from '../ledger/ledger.ts';
import type { Run } from '../run.ts';
import { aclFacts, entryAt, isOurs } from './acl.ts';
import type { EntryStep } from './entry-plan.ts';
import { createRecentAcl } from './recent-acl.ts';

/**
 * Looks at the network ACL once more right before one entry is written over another, for EC2 would write over anybody's: a
 * reason where the rule number holds neither of the two. IAM action: ec2:DescribeNetworkAcls.
 */
export const heldBySomebody = (run: Run, id: LedgerId): ((step: EntryStep) => Promise<Reason | undefined>) => {
  const recentAcl = createRecentAcl(run, id);
  return async (step) => {
    if (step.action !== 'replace-entry') return undefined;
    const acl = await recentAcl();
    const { slot } = step;
    const live = acl && entryAt(aclFacts(acl, id.direction === 'egress').entries, slot.ruleNumber);
    if (live === undefined || isOurs(live, slot) || (slot.replaced && isOurs(live, slot.replaced))) return undefined;
    const because = `Rule ${slot.ruleNumber} was taken by somebody else in the meantime; it is left alone.`;
    return { reason: 'number-taken', because };
  };
};
