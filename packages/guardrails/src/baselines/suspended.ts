import { blockPublicSnapshots, vpcBlockPublicAccess } from '../declarative/ec2.ts';
import { orgIdentityPerimeter } from '../rcp/perimeter.ts';
import { suspendedAccount } from '../scp/isolation.ts';
import type { Exemptions } from '../templates/guardrail.ts';
import { assemble, commonOf, need, withoutExemptActions } from './assemble.ts';
import type { Baseline, BaselineParameters } from './baseline.ts';

/** What `suspendedBaseline` takes. */
export type SuspendedBaselineParameters = BaselineParameters & {
  /** Who can still act: those who close the account, break-glass, automation. At least one principal. */
  readonly exemptions: Exemptions;
  /** With it, nobody outside of the organisation reaches the account’s resources either: `o-a1b2c3d4e5`. */
  readonly organizationId?: string;
};

/**
 * What accounts have that nobody uses any more: their principals can do nothing but those who are exempt, their instances reach
 * no internet, and strangers do not reach their resources. Beside these, AWS leaves its service-linked roles alone, and the
 * management account does not lie below a unit.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID` also without an exempt principal, `GUARDRAIL_PLACEHOLDER`,
 * `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const suspendedBaseline = (parameters: SuspendedBaselineParameters): Baseline => {
  need('suspended', 'exemptions', parameters.exemptions);
  const { organizationId, partition } = parameters;
  const common = withoutExemptActions(commonOf(parameters));
  return assemble('suspended', parameters, {
    guardrails: [
      [suspendedAccount({ ...common, support: false }), 'Credentials that are still about are worth nothing.'],
      ...(organizationId === undefined
        ? []
        : ([
            [
              orgIdentityPerimeter({ organizationId, ...(partition === undefined ? {} : { partition }) }),
              'Service control policies bind no stranger whom a resource policy lets in.',
            ],
          ] as const)),
    ],
    declarative: [
      [vpcBlockPublicAccess(), 'Instances go on running: nobody reaches them, and they reach nobody.'],
      [blockPublicSnapshots(), 'What was public is taken back.'],
    ],
    settings: [],
  });
};
