import type { Dated } from './dated.ts';

/** Limits of one policy type of AWS Organizations. */
export interface PolicyQuota {
  /** Characters of one document, whitespace included. */
  readonly characters: number;
  /** Policies attached to one root, unit or account; those of AWS that cannot be taken away count. */
  readonly attached?: number;
  /** Policies of an organisation. */
  readonly perOrganization: number;
}

/** Quotas of AWS Organizations by policy type. */
export const policyQuotas: Dated<
  Readonly<Record<'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY' | 'DECLARATIVE_POLICY_EC2', PolicyQuota>>
> = {
  version: 1,
  asOf: '2026-11-24',
  source:
    'AWS Organizations user guide, quotas; "AWS Organizations increased SCP quotas", 2026-05-15 (10 policies of 10,240 characters, before 5 of 5,120), in commercial, GovCloud and China Regions',
  data: {
    SERVICE_CONTROL_POLICY: { characters: 10_240, attached: 10, perOrganization: 10_000 },
    RESOURCE_CONTROL_POLICY: { characters: 5_120, attached: 5, perOrganization: 1_000 },
    DECLARATIVE_POLICY_EC2: { characters: 10_000, perOrganization: 1_000 },
  },
};
