import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import type { Ask } from '../templates/draft.ts';
import { exampleOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne } from '../templates/names.ts';
import { literal } from '../templates/placeholder.ts';

/** A tag that must be given when something is made. */
export interface RequiredTag {
  readonly key: string;
  /** Values that are accepted, wildcards allowed. Default: any that is not empty. */
  readonly values?: readonly string[];
}

/** What `requiredTags` takes. */
export interface RequiredTagsParameters extends CommonParameters {
  /** At most seven. */
  readonly tags: readonly RequiredTag[];
}

/** What is made with tags in the same request. Source: service authorization reference, `aws:RequestTag` of these actions. */
const creations: readonly (readonly [action: string, service: string, kind: string, example: string])[] = [
  ['ec2:RunInstances', 'ec2', 'instance/', 'i-0123456789abcdef0'],
  ['ec2:CreateVolume', 'ec2', 'volume/', 'vol-0123456789abcdef0'],
  ['dynamodb:CreateTable', 'dynamodb', 'table/', 'orders'],
  ['lambda:CreateFunction', 'lambda', 'function:', 'orders'],
  ['rds:CreateDBCluster', 'rds', 'cluster:', 'orders'],
  ['rds:CreateDBInstance', 'rds', 'db:', 'orders'],
  ['sqs:CreateQueue', 'sqs', '', 'orders'],
];

/**
 * Denies making instances, volumes, databases, tables, functions and queues without the tags that every owner needs.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const requiredTags = (parameters: RequiredTagsParameters): Guardrail => {
  const scope = templateScope('requiredTags', parameters);
  const { id, partition } = scope;
  const tags = atLeastOne(id, 'tags', parameters.tags).map(({ key, values = ['?*'] }) => {
    if (!/^[\w .:/=+@-]{1,128}$/.test(literal(id, key))) throw invalidParameter(id, `"${key}" is no key of a tag.`);
    return {
      key: `aws:RequestTag/${key}`,
      values: atLeastOne(id, 'values', values).map((value) => literal(id, value)),
    };
  });
  if (tags.length > creations.length)
    throw invalidParameter(id, `tags must hold at most ${creations.length}, they are ${tags.length}.`);
  // Only what carries the tags: an instance is launched with an image, a subnet and more, which have none to give.
  const resource = creations.map(([, service, kind]) => `arn:${partition}:${service}:*:*:${kind}*`);
  const good = Object.fromEntries(tags.map(({ key, values }) => [key, exampleOf(values[0] ?? '')]));
  /** Each tag is shown on another creation, so that each has a request of its own that is in order. */
  const creation = (index: number, context: Readonly<Record<string, string>>): Ask => {
    const [action = '', service = '', kind = '', name = ''] = creations[index] ?? [];
    return { action, resource: caseArn(partition, service, `${kind}${name}`), context };
  };
  return buildGuardrail(scope, {
    statements: tags.map(({ key, values }, index) => ({
      sid: `RequireTag${index + 1}`,
      action: creations.map(([action]) => action),
      resource,
      condition: { StringNotLike: { [key]: values } },
      denied: [creation(index, { ...good, [key]: '' })],
      nearMisses: [
        { context: { [key]: exampleOf(values[0] ?? '') } },
        ...values.slice(1).map((value) => ({ context: { [key]: exampleOf(value) } })),
      ],
    })),
    allowed: [{ action: 's3:ListAllMyBuckets' }],
  });
};

/** Words on the templates of this file. */
export const requiredTagTemplates: readonly PolicyTemplate[] = [
  {
    name: 'requiredTags',
    family: 'isolation-and-cost',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Everything that costs or breaks has an owner who can be asked.',
    breaks: 'Consoles and tools that tag in a second request.',
    bypasses:
      'Taking the tag away afterwards: protectControlTags with its key. Tag policies hold values to their spelling.',
    rollout: stagedRollout,
    controls: [],
    example: (common) =>
      requiredTags({ ...common, tags: [{ key: 'owner' }, { key: 'stage', values: ['test', 'prod-*'] }] }),
  },
];
