import type { PolicyType } from '../policy/document.ts';
import type { Dated } from './dated.ts';

/** Places among the policies attached to one root, unit or account that are taken before ours. */
export interface ReservedSlots {
  /** The policy of AWS that lets everything through. */
  readonly fullAccess: number;
  /** Those that Control Tower attaches to a unit that it governs. */
  readonly controlTower: number;
}

/** Reserved places by policy type. */
export const reservedSlots: Dated<Readonly<Record<PolicyType, ReservedSlots>>> = {
  version: 1,
  asOf: '2026-11-24',
  source:
    'AWS Organizations user guide (FullAWSAccess, and RCPFullAWSAccess, which cannot be detached); landing-zone-accelerator-on-aws#889 for the two aws-guardrails-* of Control Tower',
  data: {
    SERVICE_CONTROL_POLICY: { fullAccess: 1, controlTower: 2 },
    RESOURCE_CONTROL_POLICY: { fullAccess: 1, controlTower: 0 },
  },
};

/** Characters of the description of a policy. Source: AWS Organizations API reference, CreatePolicy. */
export const descriptionCharacters = 512;
