import { mfaEnrolment } from '../data/mfa-enrolment.ts';
import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { exemptActionCase } from '../templates/cases.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import type { StatementDraft } from '../templates/draft.ts';
import { exampleOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne, parseAccountId, parseOrganizationId } from '../templates/names.ts';
import { literal } from '../templates/placeholder.ts';

/** What `expectedNetworks` takes. */
export interface ExpectedNetworksParameters extends CommonParameters {
  /** Public ranges of the organisation, `203.0.113.0/24`. */
  readonly sourceIps: readonly string[];
  /** VPCs from whose endpoints requests come, `vpc-0123456789abcdef0`. */
  readonly sourceVpcs: readonly string[];
}

const parseCidr = (id: string, text: string): string => {
  if (!/^(?:\d{1,3}\.){3}\d{1,3}\/\d{1,2}$|^[0-9a-f:]+:[0-9a-f:]*\/\d{1,3}$/i.test(literal(id, text)))
    throw invalidParameter(id, `"${text}" is no range of addresses, as "203.0.113.0/24" is.`);
  if (/\/0+$/.test(text)) throw invalidParameter(id, `"${text}" is every address: then nothing would be denied.`);
  return text;
};

const parseVpc = (id: string, text: string): string => {
  if (!/^vpc-[0-9a-f]{8,17}$/.test(literal(id, text)))
    throw invalidParameter(id, `"${text}" is no VPC, as "vpc-0123456789abcdef0" is.`);
  return text;
};

/**
 * Denies requests that come from elsewhere than the organisation’s networks, but those of AWS services on somebody’s behalf.
 * Enrolling MFA stays open, and `iam:PassRole`, which is no request of its own.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const expectedNetworks = (parameters: ExpectedNetworksParameters): Guardrail => {
  const scope = templateScope('expectedNetworks', parameters, { takes: ['exemptedPrincipalArns', 'exemptedActions'] });
  const { id, exempt } = scope;
  const ips = atLeastOne(id, 'sourceIps', parameters.sourceIps).map((text) => parseCidr(id, text));
  const vpcs = atLeastOne(id, 'sourceVpcs', parameters.sourceVpcs).map((text) => parseVpc(id, text));
  const sid = 'ExpectedNetworks';
  const strange = {
    'aws:SourceIp': '192.0.2.77',
    'aws:SourceVpc': 'vpc-0fedcba9876543210',
    'aws:ViaAWSService': 'false',
  };
  const inside = ips.map((text) => ({ context: { 'aws:SourceIp': text.replace(/\/\d+$/, '') } }));
  return buildGuardrail(scope, {
    statements: [
      {
        sid,
        notAction: [...new Set([...mfaEnrolment, 'iam:PassRole', ...exempt.actions])],
        condition: {
          NotIpAddress: { 'aws:SourceIp': ips },
          StringNotEquals: { 'aws:SourceVpc': vpcs },
          BoolIfExists: { 'aws:ViaAWSService': 'false' },
        },
        denied: [{ action: 'ec2:DescribeInstances', context: strange }],
        nearMisses: [
          { context: { 'aws:ViaAWSService': 'true' } },
          ...vpcs.map((vpc) => ({ context: { 'aws:SourceVpc': vpc } })),
          ...inside,
        ],
      },
    ],
    allowed: [{ action: 'iam:ListVirtualMFADevices', context: strange }],
    neutral: { ...strange, 'aws:SourceVpc': vpcs[0] ?? '' },
    more: (world) =>
      exempt.actions.map((action) => exemptActionCase(world, { action: exampleOf(action), context: strange }, sid)),
  });
};

/** What `trustedResources` takes. */
export interface TrustedResourcesParameters extends CommonParameters {
  readonly organizationId: string;
  /** Accounts outside of the organisation whose resources may be used, those of AWS for a service among them. */
  readonly trustedAccounts?: readonly string[];
  /** Which actions are limited. Default: reading and writing data, keys, secrets, messages and invocations. */
  readonly actions?: readonly string[];
}

const dataActions: readonly string[] = [
  'dynamodb:*',
  'kms:*',
  'lambda:Invoke*',
  's3:*',
  'secretsmanager:*',
  'sns:Publish',
  'sqs:*',
];

/**
 * Denies carrying data to, or taking it from, resources that do not belong to the organisation.
 * Requests on resources whose owner is in no organisation lack `aws:ResourceOrgID` and are denied as well.
 */
export const trustedResources = (parameters: TrustedResourcesParameters): Guardrail => {
  const scope = templateScope('trustedResources', parameters, {
    takes: ['exemptedPrincipalArns', 'exemptedResourceArns'],
  });
  const { id, partition } = scope;
  const organization = parseOrganizationId(id, parameters.organizationId);
  const accounts = (parameters.trustedAccounts ?? []).map((text) => parseAccountId(id, text));
  const action = atLeastOne(id, 'actions', parameters.actions ?? dataActions).map((text) => literal(id, text));
  const [service = 's3'] = (action.includes('s3:*') ? 's3:*' : (action[0] ?? '')).split(':');
  const ask =
    service === 's3'
      ? { action: 's3:PutObject', resource: caseArn(partition, 's3', 'strangers/loot.zip') }
      : { action: exampleOf(action[0] ?? ''), resource: '*' };
  const context = {
    'aws:ResourceOrgID': 'o-zyxwvutsrq',
    'aws:ViaAWSService': 'false',
    ...(accounts.length === 0 ? {} : { 'aws:ResourceAccount': '999988887777' }),
  };
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'TrustedResources',
        action,
        exemptsResources: true,
        condition: {
          StringNotEquals: {
            'aws:ResourceOrgID': organization,
            ...(accounts.length === 0 ? {} : { 'aws:ResourceAccount': accounts }),
          },
          BoolIfExists: { 'aws:ViaAWSService': 'false' },
        },
        denied: [{ ...ask, resourceAccountId: '999988887777', context }],
        nearMisses: [
          { context: { 'aws:ResourceOrgID': organization } },
          { context: { 'aws:ViaAWSService': 'true' } },
          ...accounts.map((account) => ({ context: { 'aws:ResourceAccount': account } })),
        ],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

const shares = 'ram:CreateResourceShare';

const sharing: StatementDraft = {
  sid: 'DenyExternalShares',
  action: [shares, 'ram:UpdateResourceShare'],
  condition: { Bool: { 'ram:RequestedAllowsExternalPrincipals': 'true' } },
  denied: [{ action: shares, context: { 'ram:RequestedAllowsExternalPrincipals': 'true' } }],
  nearMisses: [{ context: { 'ram:RequestedAllowsExternalPrincipals': 'false' } }, { action: 'ram:GetResourceShares' }],
};

/**
 * Denies sharing with others than the organisation: resource shares that admit strangers, accepting theirs, and the sharing
 * of snapshots, images, layers and documents, for which IAM knows no organisation.
 */
export const externalSharing = (parameters: CommonParameters = {}): Guardrail => {
  const scope = templateScope('externalSharing', parameters);
  const snapshot = `arn:${scope.partition}:ec2:eu-west-1::snapshot/snap-0123456789abcdef0`;
  const share = caseArn(scope.partition, 'ram', 'resource-share/0a1b2c3d');
  return buildGuardrail(scope, {
    statements: [
      sharing,
      {
        sid: 'DenyOpenShares',
        action: ['ram:AssociateResourceShare'],
        condition: { Bool: { 'ram:AllowsExternalPrincipals': 'true' } },
        denied: [
          {
            action: 'ram:AssociateResourceShare',
            resource: share,
            context: { 'ram:AllowsExternalPrincipals': 'true' },
          },
        ],
        nearMisses: [{ context: { 'ram:AllowsExternalPrincipals': 'false' } }],
      },
      {
        sid: 'DenyCopiesOutside',
        action: [
          'ds:ShareDirectory',
          'ec2:Modify*ImageAttribute',
          'ec2:ModifySnapshotAttribute',
          'lambda:AddLayerVersion*',
          'ram:AcceptResourceShare*',
          'rds:ModifyDB*SnapshotAttribute',
          'redshift:AuthorizeSnapshot*',
          'ssm:ModifyDocument*',
        ],
        denied: [
          { action: 'ec2:ModifySnapshotAttribute', resource: snapshot },
          { action: 'rds:ModifyDBSnapshotAttribute', resource: caseArn(scope.partition, 'rds', 'snapshot:orders') },
          {
            action: 'ram:AcceptResourceShareInvitation',
            resource: caseArn(scope.partition, 'ram', 'resource-share-invitation/0a1b2c3d'),
          },
        ],
        nearMisses: [{ action: 'ec2:DescribeSnapshotAttribute' }],
      },
    ],
    allowed: [{ action: 's3:ListAllMyBuckets' }],
  });
};

const organizationId = 'o-a1b2c3d4e5';

/** Words on the templates of this file. */
export const perimeterTemplates: readonly PolicyTemplate[] = [
  {
    name: 'expectedNetworks',
    takes: ['exemptedPrincipalArns', 'exemptedActions'],
    family: 'data-perimeter',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Credentials that were carried away are worth nothing elsewhere.',
    breaks:
      'People at home without the company’s way out, functions outside of a VPC, and products that call in from outside: exempt their roles.',
    bypasses: 'A host inside of the networks; services that act on somebody’s behalf.',
    rollout: stagedRollout,
    controls: [],
    example: (common) =>
      expectedNetworks({
        ...common,
        sourceIps: ['203.0.113.0/24', '2001:db8::/32'],
        sourceVpcs: ['vpc-0123456789abcdef0', 'vpc-0a1b2c3d4e5f60718'],
      }),
  },
  {
    name: 'trustedResources',
    takes: ['exemptedPrincipalArns', 'exemptedResourceArns'],
    family: 'data-perimeter',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Data is not carried into somebody else’s bucket, queue or key.',
    breaks:
      'Resources of AWS and of partners (patch baselines, container layers, public data): trust their accounts, or exempt their ARNs.',
    bypasses: 'Services that are not listed; networks.',
    rollout: stagedRollout,
    controls: [],
    example: (common) =>
      trustedResources({ ...common, organizationId, trustedAccounts: ['444455556666', '777788889999'] }),
  },
  {
    name: 'externalSharing',
    family: 'data-perimeter',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Snapshots, images and shares stay in the organisation.',
    breaks: 'Changing these attributes for other reasons, and sharing within: exempt the pipeline that does it.',
    bypasses: 'Resource policies of buckets, keys and queues: orgIdentityPerimeter.',
    rollout: stagedRollout,
    controls: [{ name: 'CT.EC2.PV.3', id: 'chlzfpsllhs3knp1ixr773wa6' }],
    example: externalSharing,
  },
];
