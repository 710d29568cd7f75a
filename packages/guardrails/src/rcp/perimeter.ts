import { buildGuardrail, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { principalOf } from '../templates/cases.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import { caseAccount } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { parseAccountId, parseOrganizationId } from '../templates/names.ts';
import { parseServices, type ResourceServices } from './services.ts';

/** What `orgIdentityPerimeter` takes. */
export interface OrgIdentityParameters extends ResourceServices {
  readonly organizationId: string;
  /** Accounts outside of the organisation that may be let in by resource policies. */
  readonly trustedAccounts?: readonly string[];
}

/** Actions of a service that strangers may be kept from. Of STS only roles taken by principals: a web identity is in no organisation. */
const actionsOf = (service: string): readonly string[] =>
  service === 'sts' ? ['sts:AssumeRole', 'sts:SetContext'] : [`${service}:*`];

/** Where strangers are shown: a bucket if it can be. */
const example = (partition: string, services: readonly string[]) =>
  services.includes('s3')
    ? { action: 's3:GetObject', resource: caseArn(partition, 's3', 'invoices/0815.pdf') }
    : { action: `${services[0]}:${services[0] === 'sts' ? 'AssumeRole' : 'GetAnything'}`, resource: '*' };

/**
 * Admits to the organisation’s resources only its own principals, those of trusted accounts, and AWS services, whatever a
 * resource policy says. Anonymous requests are denied.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const orgIdentityPerimeter = (parameters: OrgIdentityParameters): Guardrail => {
  const scope = templateScope('orgIdentityPerimeter', parameters, {
    type: 'RESOURCE_CONTROL_POLICY',
    takes: ['exemptedPrincipalArns', 'exemptedResourceArns'],
  });
  const { id, partition } = scope;
  const organization = parseOrganizationId(id, parameters.organizationId);
  const accounts = (parameters.trustedAccounts ?? []).map((account) => parseAccountId(id, account));
  // Visitors of a web site sign in to Cognito without being principals of anybody.
  const services = parseServices(
    id,
    parameters.services ?? ['aoss', 'dynamodb', 'ecr', 'kms', 'logs', 's3', 'secretsmanager', 'sqs', 'sts'],
  );
  const stranger = principalOf(`arn:${partition}:iam::999988887777:role/Stranger`);
  const context = { 'aws:PrincipalOrgID': 'o-zyxwvutsrq', 'aws:PrincipalIsAWSService': 'false' };
  const ask = { ...example(partition, services), principal: stranger, resourceAccountId: caseAccount, context };
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'OrgIdentities',
        action: services.flatMap(actionsOf),
        exemptsResources: true,
        condition: {
          StringNotEquals: {
            'aws:PrincipalOrgID': organization,
            ...(accounts.length === 0 ? {} : { 'aws:PrincipalAccount': accounts }),
          },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        },
        denied: [ask],
        nearMisses: [
          { context: { 'aws:PrincipalOrgID': organization } },
          { context: { 'aws:PrincipalIsAWSService': 'true' } },
          ...accounts.map((account) => ({
            principal: principalOf(`arn:${partition}:iam::${account}:role/Partner`),
          })),
        ],
      },
    ],
    allowed: [
      {
        action: 'lambda:InvokeFunction',
        resource: caseArn(partition, 'lambda', 'function:orders'),
        principal: stranger,
        context,
      },
    ],
  });
};

/** Words on the templates of this file. */
export const identityPerimeterTemplates: readonly PolicyTemplate[] = [
  {
    name: 'orgIdentityPerimeter',
    takes: ['exemptedPrincipalArns', 'exemptedResourceArns'],
    family: 'identity-perimeter',
    type: 'RESOURCE_CONTROL_POLICY',
    intent: 'A resource policy that admits a stranger, by mistake or by malice, admits nobody.',
    breaks: 'Partners that read buckets or assume roles: trust their accounts. Public buckets: exempt their ARNs.',
    bypasses:
      'Services that resource control policies do not reach; the management account’s resources; KMS grants that are retired.',
    rollout: stagedRollout,
    controls: [
      { name: 'CT.S3.PV.4', id: '7oo9e9bcs8ilm6ekoxu322yb3' },
      { name: 'CT.KMS.PV.7', id: 'eolw7feyvr8b4l2lfhp3bneou' },
      { name: 'CT.SECRETSMANAGER.PV.1', id: 'dvhe47fxg5o6lryqrq9g6sxg4' },
      { name: 'CT.SQS.PV.1', id: '54ih5t4iifupgyf22zo3kw45m' },
      { name: 'CT.STS.PV.1', id: 'aqnqv7jjgi2dtl6r1v12xglio' },
    ],
    example: (common) =>
      orgIdentityPerimeter({ ...common, organizationId: 'o-a1b2c3d4e5', trustedAccounts: ['444455556666'] }),
  },
];
