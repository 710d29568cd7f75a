import {
  denyAccountSettings,
  denyBillingSettings,
  denyMarketplace,
  denyRegionChanges,
} from '../scp/account-settings.ts';
import { costCaps } from '../scp/cost.ts';
import { denyVpn } from '../scp/network.ts';
import { externalSharing } from '../scp/perimeter.ts';
import { restrictRegions } from '../scp/regions.ts';
import { assemble, commonOf, need, withoutExemptActions } from './assemble.ts';
import type { Baseline, BaselineParameters } from './baseline.ts';
import { type BudgetParameters, monthlyBudget } from './settings/account.ts';

/** What `sandboxBaseline` takes. */
export type SandboxBaselineParameters = BaselineParameters & {
  readonly allowedRegions: readonly string[];
  readonly budget: BudgetParameters;
  /** Instance types that may be launched, wildcards allowed. Default: burstable ones, `t3.*`, `t3a.*` and `t4g.*`. */
  readonly instanceTypes?: readonly string[];
  /** Classes of databases, wildcards allowed. Default: `db.t3.*`, `db.t4g.*` and `db.serverless`. */
  readonly databaseClasses?: readonly string[];
  /** Largest volume, in GiB. Default: 100. */
  readonly maxVolumeGib?: number;
};

/**
 * What accounts for trying things out have beside the foundation above them: few Regions, small machines, no commitments, a
 * budget, and no way to the networks and data of others. What is tried inside is left alone.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const sandboxBaseline = (parameters: SandboxBaselineParameters): Baseline => {
  const allowedRegions = need('sandbox', 'allowedRegions', parameters.allowedRegions);
  const budget = monthlyBudget(need('sandbox', 'budget', parameters.budget));
  const given = commonOf(parameters);
  const common = withoutExemptActions(given);
  const {
    instanceTypes = ['t3.*', 't3a.*', 't4g.*'],
    databaseClasses = ['db.t3.*', 'db.t4g.*', 'db.serverless'],
    maxVolumeGib = 100,
  } = parameters;
  return assemble('sandbox', parameters, {
    guardrails: [
      [restrictRegions({ ...given, allowedRegions }), 'A stolen key mines where nobody looks.'],
      [
        costCaps({ ...common, instanceTypes, databaseClasses, maxVolumeGib }),
        'A mistake, or a thief, cannot run up the bill by one large machine.',
      ],
      [denyMarketplace(common), 'Nobody buys software by the way.'],
      [denyRegionChanges(common), 'No Region is switched on.'],
      [denyBillingSettings(common), 'Who pays is decided elsewhere.'],
      [denyAccountSettings(common), 'The account cannot be closed or taken over by mail.'],
      [externalSharing(common), 'Nothing is shared with strangers.'],
      [denyVpn(common), 'What is tried here stays off the company’s network.'],
    ],
    declarative: [],
    settings: [[budget, 'Caps are per machine; a budget counts them all.']],
    ofControls: { allowedRegions },
  });
};
