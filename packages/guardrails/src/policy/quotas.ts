import type { PolicyType } from './document.ts';

/** What AWS Organizations allows of a policy type. Dated, for quotas move. */
export interface PolicyQuota {
  /** Characters of one policy, white space included. */
  readonly characters: number;
  /** Policies attached to one root, organisational unit or account. */
  readonly attached: number;
  /** Day on which these figures were checked, `2026-11-24`. */
  readonly asOf: string;
  readonly source: string;
}

/** The quotas of each policy type. */
export const policyQuotas: Readonly<Record<PolicyType, PolicyQuota>> = {
  SERVICE_CONTROL_POLICY: {
    characters: 10_240,
    attached: 10,
    asOf: '2026-11-24',
    source: 'https://aws.amazon.com/about-aws/whats-new/2026/05/aws-organizations-increased-scp-quotas/',
  },
  RESOURCE_CONTROL_POLICY: {
    characters: 5_120,
    attached: 5,
    asOf: '2026-11-24',
    source: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html',
  },
};
