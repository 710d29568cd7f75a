import { mfaEnrolment } from '../data/mfa-enrolment.ts';
import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import type { Ask, Change } from '../templates/draft.ts';
import { globMatches } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne } from '../templates/names.ts';
import { literal } from '../templates/placeholder.ts';

/** What `requireMfa` takes. */
export interface MfaParameters extends CommonParameters {
  /** Actions that need MFA, `ec2:TerminateInstances`. Enrolling MFA cannot be among them. */
  readonly actions: readonly string[];
}

const withoutMfa = { 'aws:MultiFactorAuthPresent': 'false' } as const;

interface MfaSpec {
  readonly id: string;
  readonly actions: readonly string[];
  readonly denied: readonly [Ask, ...Ask[]];
  readonly left?: Change;
}

const needMfa = (parameters: CommonParameters, { id, actions, denied, left }: MfaSpec): Guardrail =>
  buildGuardrail(templateScope(id, parameters), {
    statements: [
      {
        sid: 'RequireMfa',
        action: actions,
        condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
        denied,
        nearMisses: [{ context: { 'aws:MultiFactorAuthPresent': 'true' } }, ...(left === undefined ? [] : [left])],
      },
    ],
    allowed: [{ action: 'cloudwatch:ListMetrics', context: withoutMfa }],
    neutral: { 'aws:MultiFactorAuthPresent': 'true' },
  });

/** An example of an action pattern of IAM: what stands for a wildcard may be nothing. */
const actionExample = (pattern: string): string => pattern.replaceAll('*', '').replaceAll('?', 'x');

/**
 * Denies actions without MFA. Requests with long-lived keys lack the key and are denied too; roles of machines have no MFA:
 * exempt those that need an action of the list.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID` also where a user could no longer enrol MFA,
 * `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const requireMfa = (parameters: MfaParameters): Guardrail => {
  const id = 'requireMfa';
  const actions = atLeastOne(id, 'actions', parameters.actions).map((action) => literal(id, action));
  for (const action of actions) {
    if (!/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(action))
      throw invalidParameter(id, `"${action}" is no action, as "s3:DeleteObject" is.`);
    const caught = mfaEnrolment.find((own) => globMatches(action.toLowerCase(), own.toLowerCase()));
    if (caught !== undefined)
      throw invalidParameter(id, `"${action}" covers ${caught}: then nobody without MFA could enrol it.`);
  }
  const [first = '', ...others] = actions.map(
    (action): Ask => ({ action: actionExample(action), context: withoutMfa }),
  );
  if (typeof first === 'string') throw invalidParameter(id, 'actions must hold at least one value.');
  return needMfa(parameters, { id, actions, denied: [first, ...others] });
};

/** Denies deleting buckets and objects without MFA. */
export const requireMfaForS3Delete = (parameters: CommonParameters = {}): Guardrail => {
  const { partition = 'aws' } = parameters;
  const ask = (action: string, resource: string): Ask => ({
    action,
    resource: caseArn(partition, 's3', resource),
    context: withoutMfa,
  });
  return needMfa(parameters, {
    id: 'requireMfaForS3Delete',
    actions: ['s3:DeleteBucket', 's3:DeleteObject', 's3:DeleteObjectVersion'],
    denied: [ask('s3:DeleteObject', 'invoices/0815.pdf'), ask('s3:DeleteBucket', 'invoices')],
    left: { action: 's3:GetObject' },
  });
};

/** Words on the templates of this file. */
export const mfaTemplates: readonly PolicyTemplate[] = [
  {
    name: 'requireMfa',
    family: 'mfa-and-account',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'A stolen key alone cannot do what cannot be undone.',
    breaks: 'Machines: none of their roles has MFA. Federated people, unless the identity provider says so by AWS MFA.',
    bypasses: 'Roles that may be assumed without MFA and are exempt.',
    rollout: stagedRollout,
    controls: [],
    example: (common) =>
      requireMfa({ ...common, actions: ['ec2:PurchaseScheduledInstances', 'ec2:DisableSerialConsoleAccess'] }),
  },
  {
    name: 'requireMfaForS3Delete',
    family: 'mfa-and-account',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Deleting data needs a person with a second factor.',
    breaks: 'Applications that delete objects: exempt their roles, or attach it to archive accounts alone.',
    bypasses: 'Lifecycle rules, and overwriting where nothing is versioned.',
    rollout: stagedRollout,
    controls: [{ name: 'AWS-GR_RESTRICT_S3_DELETE_WITHOUT_MFA', id: '69wj8mo0sfw7gbz9lklsu9u51' }],
    example: requireMfaForS3Delete,
  },
];
