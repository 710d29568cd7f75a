import { toAccountTerraform, toTerraform } from '@remedykit/guardrails';
import { deploymentsFor } from './deployments.ts';
import type { Organization } from './organization.ts';

/**
 * Files of Terraform by their path: a module for each set, whose targets the configuration gives it, and one for the settings
 * that the set makes in each account.
 */
export const terraformFiles = (organization: Organization): ReadonlyMap<string, string> => {
  const text = (content: unknown): string => `${JSON.stringify(content, null, 2)}\n`;
  return new Map(
    deploymentsFor(organization).flatMap(({ set, policies }) => [
      [`organization/${set.name}/policies.tf.json`, text(toTerraform(policies, { ...set }))] as const,
      ...(set.settings.length === 0
        ? []
        : [[`account/${set.name}/settings.tf.json`, text(toAccountTerraform(set.settings))] as const]),
    ]),
  );
};
