import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { type PolicyTemplate, straightRollout } from '../templates/catalog-entry.ts';
import { caseAccount, caseRegion, exampleOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { atLeastOne } from '../templates/names.ts';
import { literal } from '../templates/placeholder.ts';

/** What `protectControlTags` takes. */
export interface ControlTagsParameters extends CommonParameters {
  /** Keys of tags, wildcards allowed. Default: `remedykit:*`. */
  readonly tagKeys?: readonly string[];
}

/**
 * Denies setting, changing and taking away the tags that steer remediations (exemptions, owners), also while creating a resource.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const protectControlTags = (parameters: ControlTagsParameters = {}): Guardrail => {
  const scope = templateScope('protectControlTags', parameters);
  const { partition, id } = scope;
  const keys = atLeastOne(id, 'tagKeys', parameters.tagKeys ?? ['remedykit:*']).map((key) => literal(id, key));
  const [first = '', ...others] = keys.map(exampleOf);
  const instance = `arn:${partition}:ec2:${caseRegion(partition)}:${caseAccount}:instance/i-0123456789abcdef0`;
  const tagging = (key: string) => ({
    action: 'ec2:DeleteTags',
    resource: instance,
    context: { 'aws:TagKeys': ['team', key] },
  });
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'ProtectControlTags',
        action: ['*'],
        condition: { 'ForAnyValue:StringLike': { 'aws:TagKeys': keys } },
        denied: [tagging(first), ...others.map(tagging)],
        nearMisses: [{ context: { 'aws:TagKeys': ['team', 'zone'] } }],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances', context: { 'aws:TagKeys': ['team'] } }],
  });
};

/** Words on the templates of this file. */
export const controlTagTemplates: readonly PolicyTemplate[] = [
  {
    name: 'protectControlTags',
    family: 'automation',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Tags that exempt something from a remediation are not given out by those who are remediated.',
    breaks: 'Pipelines that set these tags: exempt them.',
    bypasses:
      'A few actions replace tags without naming keys to IAM (s3:PutBucketTagging on some paths, dynamodb restores). IAM compares tag keys without regard to case; read them exactly.',
    rollout: straightRollout,
    controls: [],
    example: protectControlTags,
  },
];
