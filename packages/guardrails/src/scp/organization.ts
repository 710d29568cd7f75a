import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { type PolicyTemplate, straightRollout } from '../templates/catalog-entry.ts';
import { caseAccount } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';

/**
 * Keeps accounts in the organisation: neither leaving, nor accepting another organisation's invitation (since 2025 an account
 * can move directly). Source: AWS Organizations user guide, account transfers.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const denyLeaveOrganization = (parameters: CommonParameters = {}): Guardrail => {
  const scope = templateScope('denyLeaveOrganization', parameters);
  const handshake = `arn:${scope.partition}:organizations::${caseAccount}:handshake/o-a1b2c3d4e5/invite/h-0123456789abcdef`;
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'DenyLeave',
        action: ['organizations:AcceptHandshake', 'organizations:LeaveOrganization'],
        denied: [
          { action: 'organizations:LeaveOrganization' },
          { action: 'organizations:AcceptHandshake', resource: handshake },
        ],
        nearMisses: [{ action: 'organizations:DescribeOrganization' }],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/** Words on the templates of this file. */
export const organizationTemplates: readonly PolicyTemplate[] = [
  {
    name: 'denyLeaveOrganization',
    family: 'leave-organization',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'An account that leaves takes itself out of every other guardrail.',
    breaks: 'Moving an account to another organisation: exempt the role that does it, for that week.',
    bypasses: 'The management account can remove an account; close who may act there.',
    rollout: straightRollout,
    controls: [],
    example: denyLeaveOrganization,
  },
];
