import { arnParts, parseArn } from '../templates/arn.ts';
import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { type PolicyTemplate, straightRollout } from '../templates/catalog-entry.ts';
import type { Ask } from '../templates/draft.ts';
import { exampleOf, neighbourOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne } from '../templates/names.ts';

/** What `protectLogArchive` takes. */
export interface LogArchiveParameters extends CommonParameters {
  /** ARNs of buckets, wildcards allowed. Default: those of Control Tower and remedykit. */
  readonly bucketArns?: readonly string[];
}

/** What destroys or changes logs in a bucket, or lets them be read or end earlier. Delivery by AWS services is not bound. */
const changes: readonly string[] = [
  's3:Abort*',
  's3:Bypass*',
  's3:CreateBucket*',
  's3:Delete*',
  's3:Initiate*',
  's3:ObjectOwner*',
  's3:Pause*',
  's3:Put*',
  's3:Replicate*',
  's3:*agResource',
  's3:UpdateB*',
  's3:UpdateO*',
];

/** A bucket and all that is in it, as shortly as it can be said. */
export const bucketAndObjects = (bucketArn: string): readonly string[] =>
  bucketArn.endsWith('*') ? [bucketArn] : [bucketArn, `${bucketArn}/*`];

/** Checks the ARN of a bucket. */
export const parseBucketArn = (
  where: string,
  arn: string,
  partition: Parameters<typeof parseArn>[2]['partition'],
): string => {
  parseArn(where, arn, { partition, services: ['s3'] });
  const { region, account, resource } = arnParts(arn);
  if (region !== '' || account !== '' || resource.replace(/\$\{[^}]*\}/g, '').includes('/'))
    throw invalidParameter(where, `"${arn}" is no bucket, as "arn:${partition}:s3:::logs" is.`);
  return arn;
};

/**
 * Keeps the buckets with logs and audit records, and what is in them: no deletion, overwriting, shortened retention, opened
 * policy, changed encryption or replication.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const protectLogArchive = (parameters: LogArchiveParameters = {}): Guardrail => {
  const scope = templateScope('protectLogArchive', parameters);
  const { partition, id } = scope;
  const { bucketArns = [`arn:${partition}:s3:::aws-controltower-*`, `arn:${partition}:s3:::remedykit-audit-*`] } =
    parameters;
  const buckets = atLeastOne(id, 'bucketArns', bucketArns).map((arn) => parseBucketArn(id, arn, partition));
  const resource = buckets.flatMap(bucketAndObjects);
  /** One request on each: on a bucket its policy, on what is in it a version. */
  const asks = resource.map((arn): Ask => {
    const within = buckets.includes(arn.replace(/\/\*$/, '')) && !buckets.includes(arn);
    return within
      ? { action: 's3:DeleteObjectVersion', resource: exampleOf(arn) }
      : { action: 's3:PutBucketPolicy', resource: exampleOf(arn) };
  });
  const [first = { action: 's3:PutBucketPolicy' }, ...others] = asks;
  const neighbour = neighbourOf(first.resource ?? '', resource);
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'ProtectLogArchive',
        action: changes,
        resource,
        denied: [first, ...others],
        nearMisses: [{ action: 's3:GetBucketPolicy' }, ...(neighbour === undefined ? [] : [{ resource: neighbour }])],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/** Words on the templates of this file. */
export const logArchiveTemplates: readonly PolicyTemplate[] = [
  {
    name: 'protectLogArchive',
    family: 'log-archive',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Logs and audit records stay as they were written.',
    breaks:
      'Roles that deliver logs (Firehose, replication), and lifecycle changes: exempt them. AWS services that deliver by themselves are not bound.',
    bypasses:
      'Principals of other organisations that a bucket policy admits: add orgIdentityPerimeter. Object Lock binds even root.',
    rollout: straightRollout,
    controls: [
      { name: 'AWS-GR_AUDIT_BUCKET_DELETION_PROHIBITED', id: '3cerasw3dhjqcwatjqo2gk3wj' },
      { name: 'AWS-GR_CT_AUDIT_BUCKET_POLICY_CHANGES_PROHIBITED', id: 'dmvclaluiuvtsmivvw5t7an1x' },
      { name: 'AWS-GR_CT_AUDIT_BUCKET_LIFECYCLE_CONFIGURATION_CHANGES_PROHIBITED', id: '68y2k0smdsw3luca7s2fzoqhn' },
      { name: 'AWS-GR_CT_AUDIT_BUCKET_LOGGING_CONFIGURATION_CHANGES_PROHIBITED', id: '5sms9yvx9k7iawusagao3bx8u' },
      { name: 'AWS-GR_CT_AUDIT_BUCKET_ENCRYPTION_CHANGES_PROHIBITED', id: '1hgbgne5nxz2xtw51snbmli9b' },
    ],
    example: (common) =>
      protectLogArchive({ ...common, bucketArns: [`arn:${common?.partition ?? 'aws'}:s3:::organisation-logs`] }),
  },
];
