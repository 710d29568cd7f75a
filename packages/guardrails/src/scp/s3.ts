import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import type { StatementDraft } from '../templates/draft.ts';
import type { Guardrail } from '../templates/guardrail.ts';

/** What `protectS3BlockPublicAccess` takes. */
export interface BlockPublicAccessParameters extends CommonParameters {
  /**
   * Also of single buckets and access points. Off by default: much infrastructure code sets it on every bucket, and while
   * the account’s setting holds, a bucket’s cannot open anything.
   */
  readonly buckets?: boolean;
}

/**
 * Keeps Block Public Access of the account as it is set.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const protectS3BlockPublicAccess = (parameters: BlockPublicAccessParameters = {}): Guardrail => {
  const scope = templateScope('protectS3BlockPublicAccess', parameters);
  const { buckets = false } = parameters;
  const account = 's3:PutAccountPublicAccessBlock';
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'KeepPublicAccessBlock',
        action: [buckets ? 's3:Put*PublicAccessBlock' : account],
        denied: [
          buckets
            ? { action: 's3:PutBucketPublicAccessBlock', resource: caseArn(scope.partition, 's3', 'invoices') }
            : { action: account },
        ],
        nearMisses: [{ action: buckets ? 's3:GetBucketPublicAccessBlock' : 's3:GetAccountPublicAccessBlock' }],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

const publicAcls = ['authenticated-read', 'public-read', 'public-read-write'] as const;
const grants = ['full-control', 'read', 'read-acp', 'write', 'write-acp'] as const;
const everybody = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"';

const grantDraft = (grant: string, bucket: string, action: readonly string[]): StatementDraft => {
  const key = `s3:x-amz-grant-${grant}`;
  return {
    sid: `DenyGrant${grant.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())}`,
    action,
    condition: { StringLike: { [key]: '*/groups/global/A*' } },
    // The request without a canned list has no grants either.
    provenElsewhere: { keys: [key] },
    denied: [{ action: 's3:PutBucketAcl', resource: bucket, context: { [key]: everybody } }],
    nearMisses: [
      { context: { [key]: 'uri="http://acs.amazonaws.com/groups/s3/LogDelivery"' } },
      { action: 's3:GetBucketAcl' },
    ],
  };
};

/**
 * Denies access control lists that admit everybody, or everybody with an account: the canned ones, and grants by header to
 * the two groups.
 */
export const denyPublicAcl = (parameters: CommonParameters = {}): Guardrail => {
  const scope = templateScope('denyPublicAcl', parameters);
  const bucket = caseArn(scope.partition, 's3', 'invoices');
  const action = ['s3:CreateBucket', 's3:PutBucketAcl', 's3:PutObject', 's3:PutObjectAcl', 's3:PutObjectVersionAcl'];
  const object = `${bucket}/2026/0815.pdf`;
  const canned = (acl: string) => ({ action: 's3:PutObject', resource: object, context: { 's3:x-amz-acl': acl } });
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'DenyPublicAcl',
        action,
        condition: { StringEquals: { 's3:x-amz-acl': publicAcls } },
        denied: [canned('public-read'), canned('public-read-write'), canned('authenticated-read')],
        nearMisses: [{ context: { 's3:x-amz-acl': 'bucket-owner-full-control' } }],
      },
      ...grants.map((grant) =>
        grantDraft(grant, bucket, grant === 'write' ? ['s3:CreateBucket', 's3:PutBucketAcl'] : action),
      ),
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/** Words on the templates of this file. */
export const s3Templates: readonly PolicyTemplate[] = [
  {
    name: 'protectS3BlockPublicAccess',
    family: 's3-public-access',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Nobody opens a bucket to the world by switching the guard off.',
    breaks: 'Websites that are served from a public bucket: use CloudFront, or exempt the account’s pipeline.',
    bypasses: 'Accounts in which it was never switched on. The S3 policy of Organizations sets it everywhere.',
    rollout: stagedRollout,
    controls: [],
    example: (common) => protectS3BlockPublicAccess({ ...common, buckets: true }),
  },
  {
    name: 'denyPublicAcl',
    family: 's3-public-access',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'No access control list admits everybody.',
    breaks: 'Old upload tools that send public-read.',
    bypasses:
      'Bucket policies: keep Block Public Access on. Lists in the body of PutBucketAcl, which IAM does not see.',
    rollout: stagedRollout,
    controls: [],
    example: denyPublicAcl,
  },
];
