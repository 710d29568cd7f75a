import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import type { Exemption, Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';

interface Isolation {
  readonly id: string;
  readonly sid: string;
  readonly open: readonly string[];
  /** An action that stays open, and another. */
  readonly left: readonly [string, string];
}

const isolate = (parameters: CommonParameters, { id, sid, open, left }: Isolation): Guardrail => {
  const scope = templateScope(id, parameters);
  if (scope.exempt.principals.length === 0)
    throw invalidParameter(
      id,
      'needs exemptedPrincipalArns that have not expired: those who remediate and look after the account, else nobody can.',
    );
  return buildGuardrail(scope, {
    statements: [
      {
        sid,
        notAction: open,
        denied: [{ action: 'ec2:PurchaseScheduledInstances' }],
        nearMisses: [{ action: left[0] }],
      },
    ],
    allowed: [{ action: left[1] }],
    stopsIam: true,
  });
};

/**
 * Stops an account that is under suspicion: its own principals can look, and call for help, and nothing else. Exempt the
 * roles that respond.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID` also without an exempt principal, `GUARDRAIL_PLACEHOLDER`,
 * `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const quarantine = (parameters: CommonParameters): Guardrail =>
  isolate(parameters, {
    id: 'quarantine',
    sid: 'Quarantine',
    open: [
      'cloudtrail:LookupEvents',
      'cloudwatch:Describe*',
      'cloudwatch:List*',
      'ec2:Describe*',
      'health:Describe*',
      'iam:List*',
      'support:*',
    ],
    left: ['ec2:DescribeInstances', 'support:DescribeCases'],
  });

/** What `suspendedAccount` takes. */
export interface SuspendedParameters extends CommonParameters {
  /** Whether AWS Support stays open. Default: true. */
  readonly support?: boolean;
}

/**
 * Stops an account that is to be closed: only AWS Support, if it shall, and the health of services stay. Exempt the roles that
 * close it.
 */
export const suspendedAccount = ({ support = true, ...parameters }: SuspendedParameters): Guardrail =>
  isolate(parameters, {
    id: 'suspendedAccount',
    sid: 'Suspended',
    // Who asks for his own identity is answered by STS whatever a policy says.
    open: ['health:Describe*', support ? 'support:*' : 'sts:GetCallerIdentity'],
    left: ['health:DescribeEventTypes', support ? 'support:DescribeCases' : 'sts:GetCallerIdentity'],
  });

/** The exemption of an example: without one these templates stop those who help as well. */
const helper = (partition: string): Exemption => ({
  value: `arn:${partition}:iam::111122223333:role/remedykit-response`,
  reason: 'responds to incidents',
  expires: new Date('9999-12-31'),
});

const withHelper = (common: CommonParameters = {}): CommonParameters =>
  (common.exemptions?.exemptedPrincipalArns?.length ?? 0) > 0
    ? common
    : { ...common, exemptions: { exemptedPrincipalArns: [helper(common.partition ?? 'aws')] } };

/** Words on the templates of this file. */
export const isolationTemplates: readonly PolicyTemplate[] = [
  {
    name: 'quarantine',
    family: 'isolation-and-cost',
    type: 'SERVICE_CONTROL_POLICY',
    stopsEverything: true,
    intent: 'An intruder in an account can go on with nothing while it is examined.',
    breaks: 'The account’s workloads: it is meant to.',
    bypasses:
      'Other accounts’ principals with rights by resource policies; sessions do not end, but can do nothing. Running instances go on.',
    rollout: stagedRollout,
    controls: [],
    example: (common) => quarantine(withHelper(common)),
  },
  {
    name: 'suspendedAccount',
    family: 'isolation-and-cost',
    type: 'SERVICE_CONTROL_POLICY',
    stopsEverything: true,
    intent: 'An account that nobody uses any more cannot be used by anybody.',
    breaks: 'Whatever still runs there and calls AWS.',
    bypasses: 'Running instances go on and cost.',
    rollout: stagedRollout,
    controls: [],
    example: (common) => suspendedAccount(withHelper(common)),
  },
];
