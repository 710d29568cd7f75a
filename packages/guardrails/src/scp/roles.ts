import { roleChanges } from '../data/principal-changes.ts';
import { parseArn } from '../templates/arn.ts';
import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { type PolicyTemplate, straightRollout } from '../templates/catalog-entry.ts';
import { exampleOf, neighbourOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne } from '../templates/names.ts';

/** What `protectRoles` takes. */
export interface RolesParameters extends CommonParameters {
  /** ARNs of roles, wildcards allowed. Default: those of Control Tower, CloudFormation StackSets and remedykit. */
  readonly roleArns?: readonly string[];
}

/**
 * Denies creating, passing, changing and deleting roles that the organisation depends on.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const protectRoles = (parameters: RolesParameters = {}): Guardrail => {
  const scope = templateScope('protectRoles', parameters);
  const { partition, id } = scope;
  const standard = ['AWSControlTowerExecution', 'aws-controltower-*', 'remedykit-*', 'stacksets-exec-*'];
  const { roleArns = standard.map((name) => `arn:${partition}:iam::*:role/${name}`) } = parameters;
  const resource = atLeastOne(id, 'roleArns', roleArns).map((arn) => {
    if (!/:role\/./.test(parseArn(id, arn, { partition, services: ['iam'] })))
      throw invalidParameter(id, `"${arn}" is no role.`);
    return arn;
  });
  const [role = '', ...others] = resource.map(exampleOf);
  const neighbour = neighbourOf(role, resource);
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'ProtectRoles',
        action: roleChanges,
        resource,
        denied: [
          { action: 'iam:UpdateAssumeRolePolicy', resource: role },
          ...others.map((other) => ({ action: 'iam:UpdateAssumeRolePolicy', resource: other })),
        ],
        nearMisses: [{ action: 'iam:GetRole' }, ...(neighbour === undefined ? [] : [{ resource: neighbour }])],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/** Words on the templates of this file. */
export const roleTemplates: readonly PolicyTemplate[] = [
  {
    name: 'protectRoles',
    family: 'roles',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Whoever can change a privileged role, or hand it to a service, has its rights.',
    breaks:
      'Deployments of these roles: exempt the pipeline by its exact ARN, and AWSControlTowerExecution where Control Tower keeps its own.',
    bypasses: 'Customer managed policies attached to a role can be changed by themselves: write the rights inline.',
    rollout: straightRollout,
    controls: [{ name: 'AWS-GR_IAM_ROLE_CHANGE_PROHIBITED', id: 'e8m8q8hlntzfkjhhf99yk84jl' }],
    example: protectRoles,
  },
];
