import { protectAutomationResources } from '../scp/automation.ts';
import { protectCloudTrail } from '../scp/cloudtrail.ts';
import { protectControlTags } from '../scp/control-tags.ts';
import { protectLogArchive } from '../scp/log-archive.ts';
import { denyLeaveOrganization } from '../scp/organization.ts';
import { restrictRegions } from '../scp/regions.ts';
import { protectRoles } from '../scp/roles.ts';
import { denyRootAccessKeys, denyRootUser } from '../scp/root.ts';
import {
  protectAccessAnalyzer,
  protectConfig,
  protectGuardDuty,
  protectSecurityHub,
} from '../scp/security-services.ts';
import type { CommonParameters } from './build.ts';
import type { Guardrail } from './guardrail.ts';

/** What `foundation` takes. */
export interface FoundationParameters extends CommonParameters {
  readonly allowedRegions: readonly string[];
  /** Default: all trails. */
  readonly trails?: readonly string[];
  /** Default: those of Control Tower, StackSets and remedykit. */
  readonly roleArns?: readonly string[];
  /** Default: everything named `remedykit-…`. */
  readonly resourceArns?: readonly string[];
  /** Default: those of Control Tower and remedykit. */
  readonly bucketArns?: readonly string[];
  /** Leaves the short root sessions alone that the management account opens with `sts:AssumeRoot`. Default: false. */
  readonly exemptAssumeRoot?: boolean;
}

/**
 * The thirteen guardrails that every organisation can start with, ready to pack into a few policies. Exempt principals are
 * exempt from all of them, exempt actions from the restriction of Regions.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 * @example
 * ```ts
 * import { foundation } from '@remedykit/guardrails';
 * for (const { id, document } of foundation({ allowedRegions: ['eu-west-1'] })) console.log(id, JSON.stringify(document).length);
 * ```
 */
export const foundation = (parameters: FoundationParameters): readonly Guardrail[] => {
  const { allowedRegions, trails, roleArns, resourceArns, bucketArns, exemptAssumeRoot, ...given } = parameters;
  const { exemptedActions, ...exemptions } = given.exemptions ?? {};
  const common: CommonParameters = { ...given, exemptions };
  return [
    denyLeaveOrganization(common),
    protectCloudTrail({ ...common, ...(trails === undefined ? {} : { trails }) }),
    protectConfig(common),
    protectGuardDuty(common),
    protectSecurityHub(common),
    protectAccessAnalyzer(common),
    denyRootUser({ ...common, ...(exemptAssumeRoot === undefined ? {} : { exemptAssumeRoot }) }),
    denyRootAccessKeys(common),
    protectRoles({ ...common, ...(roleArns === undefined ? {} : { roleArns }) }),
    protectAutomationResources({ ...common, ...(resourceArns === undefined ? {} : { resourceArns }) }),
    protectLogArchive({ ...common, ...(bucketArns === undefined ? {} : { bucketArns }) }),
    protectControlTags(common),
    restrictRegions({
      ...common,
      allowedRegions,
      exemptions: { ...exemptions, ...(exemptedActions === undefined ? {} : { exemptedActions }) },
    }),
  ];
};
