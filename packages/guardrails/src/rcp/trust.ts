import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import type { Ask, StatementDraft } from '../templates/draft.ts';
import { caseAccount, exampleOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne, parseAccountId, parseOrganizationId } from '../templates/names.ts';
import { literal } from '../templates/placeholder.ts';
import { documentedServices, parseServices, type ResourceServices } from './services.ts';

/** What `confusedDeputy` takes. */
export interface ConfusedDeputyParameters extends ResourceServices {
  readonly organizationId: string;
  /** Accounts outside of the organisation on whose behalf AWS services may come. */
  readonly trustedSourceAccounts?: readonly string[];
}

/**
 * AWS services may use the organisation’s resources for its own accounts alone, whatever a resource policy says of the service.
 * Requests of services without `aws:SourceAccount` are on nobody’s behalf and left alone.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`
 */
export const confusedDeputy = (parameters: ConfusedDeputyParameters): Guardrail => {
  const scope = templateScope('confusedDeputy', parameters, {
    type: 'RESOURCE_CONTROL_POLICY',
    takes: ['exemptedResourceArns'],
  });
  const { id, partition } = scope;
  const organization = parseOrganizationId(id, parameters.organizationId);
  const accounts = (parameters.trustedSourceAccounts ?? []).map((account) => parseAccountId(id, account));
  const services = parseServices(id, parameters.services ?? documentedServices);
  if (!services.includes('s3')) throw invalidParameter(id, 'services must hold "s3".');
  const service = 'cloudtrail.amazonaws.com';
  const ask: Ask = {
    action: 's3:PutObject',
    resource: caseArn(partition, 's3', 'invoices/AWSLogs/log.gz'),
    resourceAccountId: caseAccount,
    principal: { arn: service, accountId: '999988887777', service },
    context: {
      'aws:PrincipalIsAWSService': 'true',
      'aws:SourceAccount': '999988887777',
      'aws:SourceOrgID': 'o-zyxwvutsrq',
    },
  };
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'ConfusedDeputy',
        action: services.map((name) => `${name}:*`),
        exemptsResources: true,
        condition: {
          StringNotEquals: {
            'aws:SourceOrgID': organization,
            ...(accounts.length === 0 ? {} : { 'aws:SourceAccount': accounts }),
          },
          Null: { 'aws:SourceAccount': 'false' },
          Bool: { 'aws:PrincipalIsAWSService': 'true' },
        },
        denied: [ask],
        nearMisses: [
          { context: { 'aws:SourceOrgID': organization } },
          { context: { 'aws:PrincipalIsAWSService': 'false' } },
          ...accounts.map((account) => ({ context: { 'aws:SourceAccount': account } })),
        ],
      },
    ],
    allowed: [{ ...ask, action: 'lambda:InvokeFunction', resource: caseArn(partition, 'lambda', 'function:orders') }],
  });
};

/** Who may come from an identity provider that many organisations share. */
export interface OidcTenant {
  /** Host, and path if it has one, without `https://`: `token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** The claim that names the tenant; `sub` by default. */
  readonly claim?: string;
  /** Values that are ours, wildcards allowed: `repo:example-org/*`. */
  readonly values: readonly string[];
}

/** What `trustedOidcTenants` takes. */
export interface OidcParameters extends CommonParameters {
  readonly tenants: readonly OidcTenant[];
  /** Denies the providers that are built in: Amazon, Cognito, Facebook, Google. Default: true. */
  readonly denyBuiltIn?: boolean;
}

const builtIn: readonly string[] = [
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
  'graph.facebook.com',
  'www.amazon.com',
];

const federated = (partition: string, context: Ask['context'] & object): Ask => ({
  action: 'sts:AssumeRoleWithWebIdentity',
  resource: `arn:${partition}:iam::${caseAccount}:role/pipeline`,
  context,
});

const tenantDraft = (
  id: string,
  { partition, index }: { readonly partition: string; readonly index: number },
  { issuer, claim = 'sub', values }: OidcTenant,
): StatementDraft => {
  if (!/^[a-z0-9.-]+\.[a-z]+(?:\/[\w./-]+)?$/i.test(literal(id, issuer)))
    throw invalidParameter(id, `"${issuer}" is no issuer, as "token.actions.githubusercontent.com" is.`);
  const accepted = atLeastOne(id, 'values', values).map((value) => literal(id, value));
  if (accepted.some((value) => /^[*?]+$/.test(value)))
    throw invalidParameter(id, `the values of ${issuer} let everybody in.`);
  const key = `${issuer}:${literal(id, claim)}`;
  return {
    sid: `TrustedTenant${index + 1}`,
    action: ['sts:AssumeRoleWithWebIdentity'],
    condition: { StringNotLike: { [key]: accepted }, Null: { [key]: 'false' } },
    exempts: 'none',
    exemptsResources: true,
    denied: [federated(partition, { [key]: 'strangers' })],
    nearMisses: [
      { context: { [key]: exampleOf(accepted[0] ?? '') } },
      ...accepted.slice(1).map((value) => ({ context: { [key]: exampleOf(value) } })),
    ],
    // The first tenant's request without its claim has none of the others either.
    ...(index === 0 ? {} : { provenElsewhere: { keys: [key] } }),
  };
};

/**
 * Roles that trust a shared identity provider (GitHub, GitLab and the like) can be taken only by the organisation’s own tenants
 * there, whatever a trust policy forgot to ask.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`
 */
export const trustedOidcTenants = (parameters: OidcParameters): Guardrail => {
  const scope = templateScope('trustedOidcTenants', parameters, {
    type: 'RESOURCE_CONTROL_POLICY',
    takes: ['exemptedResourceArns'],
  });
  const { id, partition } = scope;
  const { denyBuiltIn = true } = parameters;
  const tenants = atLeastOne(id, 'tenants', parameters.tenants);
  const [google, ...others] = builtIn.map((name) => federated(partition, { 'aws:FederatedProvider': name }));
  const own = `arn:${partition}:iam::${caseAccount}:oidc-provider/${tenants[0]?.issuer}`;
  return buildGuardrail(scope, {
    statements: [
      ...tenants.map((tenant, index) => tenantDraft(id, { partition, index }, tenant)),
      ...(denyBuiltIn && google !== undefined
        ? [
            {
              sid: 'DenyBuiltInProviders',
              action: ['sts:AssumeRoleWithWebIdentity'],
              condition: { StringEquals: { 'aws:FederatedProvider': builtIn } },
              exempts: 'none',
              exemptsResources: true,
              provenElsewhere: { keys: ['aws:FederatedProvider'] },
              denied: [google, ...others],
              nearMisses: [{ context: { 'aws:FederatedProvider': own } }],
            } as const,
          ]
        : []),
    ],
    allowed: [{ action: 's3:GetObject', resource: caseArn(partition, 's3', 'invoices/0815.pdf') }],
  });
};

/** Words on the templates of this file. */
export const trustTemplates: readonly PolicyTemplate[] = [
  {
    name: 'confusedDeputy',
    takes: ['exemptedResourceArns'],
    family: 'resource-access',
    type: 'RESOURCE_CONTROL_POLICY',
    intent: 'A stranger cannot make an AWS service write into, or read from, our resources.',
    breaks: 'Services of partners that deliver through an AWS service: trust their accounts.',
    bypasses: 'Services that send no source account.',
    rollout: stagedRollout,
    controls: [],
    example: (common) =>
      confusedDeputy({ ...common, organizationId: 'o-a1b2c3d4e5', trustedSourceAccounts: ['444455556666'] }),
  },
  {
    name: 'trustedOidcTenants',
    takes: ['exemptedResourceArns'],
    family: 'resource-access',
    type: 'RESOURCE_CONTROL_POLICY',
    intent: 'A role that trusts GitHub trusts our repositories, not everybody’s.',
    breaks: 'Open-source projects of the organisation under another name: list it.',
    bypasses: 'Providers that are not listed; tokens stolen from our own pipelines.',
    rollout: stagedRollout,
    controls: [],
    example: (common) =>
      trustedOidcTenants({
        ...common,
        tenants: [
          { issuer: 'token.actions.githubusercontent.com', claim: 'repository_owner_id', values: ['6154722', '9919'] },
          { issuer: 'gitlab.com', claim: 'namespace_id', values: ['4711'] },
        ],
      }),
  },
];
