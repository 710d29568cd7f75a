import type { PolicyType } from '../policy/document.ts';
import type { CommonParameters } from './build.ts';
import type { ExemptionKind } from './exemptions.ts';
import type { Guardrail } from './guardrail.ts';

/** A control of the AWS Control Catalog with the same intent. */
export interface CatalogControl {
  /** `AWS-GR_CLOUDTRAIL_CHANGE_PROHIBITED`, or `CT.MULTISERVICE.PV.1`; absent where the catalog gives none. */
  readonly name?: string;
  /** The opaque id, after `control/` in `arn:aws:controlcatalog:::control/…`. */
  readonly id: string;
}

/** What a template is for, in words. */
export interface TemplateDocs {
  /** The name of the function, `denyLeaveOrganization`. */
  readonly name: string;
  /** Templates with one purpose have one family, of 23. */
  readonly family: string;
  readonly intent: string;
  /** Who may meet it without meaning harm. */
  readonly breaks: string;
  /** How somebody could get around it. */
  readonly bypasses: string;
  readonly rollout: string;
  readonly controls: readonly CatalogControl[];
}

/** A template of a service or resource control policy. */
export interface PolicyTemplate extends TemplateDocs {
  readonly type: PolicyType;
  /** The exemptions that it has a place for; others are refused. Default: principals. */
  readonly takes?: readonly ExemptionKind[];
  /** True where the purpose is to stop everything: then it must exempt the roles that remediate. */
  readonly stopsEverything?: true;
  /** Builds it with example parameters, beside those that every template takes. */
  readonly example: (common?: CommonParameters) => Guardrail;
}

/** Roll-out of a guardrail that ordinary work does not meet. */
export const straightRollout =
  'Look in CloudTrail for a month of the denied actions by principals that are not exempt; attach to a test unit, then to the root.';

/** Roll-out of a guardrail that ordinary work can meet. */
export const stagedRollout =
  'Replay a month of CloudTrail against it; attach to a test unit, then unit by unit, production last; keep the exemptions short-lived.';
