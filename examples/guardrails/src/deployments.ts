import {
  type Baseline,
  foundationBaseline,
  type PackedPolicies,
  packPolicies,
  sandboxBaseline,
  suspendedBaseline,
  workloadBaseline,
} from '@remedykit/guardrails';
import type { Organization } from './organization.ts';

/** A set with its policies packed, and where it is attached. */
export interface Deployment {
  readonly set: Baseline;
  readonly policies: PackedPolicies;
  readonly targetIds: readonly string[];
}

/** What an organisation deploys: pure, so that a test can ask it anything before AWS does. */
export const deploymentsFor = (organization: Organization): readonly Deployment[] => {
  const { allowedRegions, organizationId, exemptions, targets, securityContact, sandboxBudget } = organization;
  const sets = [
    foundationBaseline({ allowedRegions, exemptions, contacts: { security: securityContact } }),
    workloadBaseline({ organizationId, exemptions }),
    sandboxBaseline({ allowedRegions, exemptions, budget: sandboxBudget }),
    suspendedBaseline({ organizationId, exemptions }),
  ];
  return sets
    .map((set) => ({
      set,
      policies: packPolicies(set.guardrails, { name: `example-${set.name}` }),
      targetIds: targets[set.name],
    }))
    .filter(({ targetIds }) => targetIds.length > 0);
};
