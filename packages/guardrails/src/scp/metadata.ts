import { buildGuardrail, type CommonParameters, type TemplateScope, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { type PolicyTemplate, stagedRollout, straightRollout } from '../templates/catalog-entry.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';

/** What `requireImdsv2` and `denyMetadataDowngrade` take. */
export interface MetadataParameters extends CommonParameters {
  /** Over how many network hops instance credentials may travel, 1 to 64; containers need 2. Default: 2. */
  readonly hopLimit?: number;
}

const hopsOf = ({ id }: TemplateScope, { hopLimit = 2 }: MetadataParameters): number => {
  if (Number.isInteger(hopLimit) && hopLimit >= 1 && hopLimit <= 64) return hopLimit;
  throw invalidParameter(id, `hopLimit must be a whole number from 1 to 64, it is ${hopLimit}.`);
};

/**
 * Denies launching instances whose metadata service answers without a session token, or over more hops than allowed.
 * Source: service authorization reference of EC2, `ec2:MetadataHttpTokens`, `ec2:MetadataHttpPutResponseHopLimit`.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const requireImdsv2 = (parameters: MetadataParameters = {}): Guardrail => {
  const scope = templateScope('requireImdsv2', parameters);
  const { partition } = scope;
  const hops = hopsOf(scope, parameters);
  const resource = caseArn(partition, 'ec2', 'instance/i-0123456789abcdef0');
  const launch = (tokens: string, limit: number) => ({
    action: 'ec2:RunInstances',
    resource,
    context: { 'ec2:MetadataHttpTokens': tokens, 'ec2:MetadataHttpPutResponseHopLimit': `${limit}` },
  });
  const shared = { action: ['ec2:RunInstances'], resource: [`arn:${partition}:ec2:*:*:instance/*`] };
  const volume = { resource: caseArn(partition, 'ec2', 'volume/vol-0123456789abcdef0') };
  const left = { action: 'ec2:StartInstances' };
  return buildGuardrail(scope, {
    statements: [
      {
        ...shared,
        sid: 'RequireImdsv2',
        condition: { StringNotEquals: { 'ec2:MetadataHttpTokens': 'required' } },
        denied: [launch('optional', 1)],
        nearMisses: [{ context: { 'ec2:MetadataHttpTokens': 'required' } }, volume, left],
      },
      {
        ...shared,
        sid: 'LimitHops',
        condition: { NumericGreaterThan: { 'ec2:MetadataHttpPutResponseHopLimit': `${hops}` } },
        denied: [launch('required', hops + 1)],
        nearMisses: [{ context: { 'ec2:MetadataHttpPutResponseHopLimit': `${hops}` } }, volume, left],
      },
    ],
    allowed: [{ action: 's3:ListAllMyBuckets' }],
  });
};

/** Denies changing instances, or an account’s default, back to metadata without a session token, or over more hops. */
export const denyMetadataDowngrade = (parameters: MetadataParameters = {}): Guardrail => {
  const scope = templateScope('denyMetadataDowngrade', parameters);
  const hops = hopsOf(scope, parameters);
  const action = ['ec2:ModifyInstanceMetadataDefaults', 'ec2:ModifyInstanceMetadataOptions'];
  const modify = (name: string, attribute: string, value: string) => ({
    action: `ec2:ModifyInstanceMetadata${name}`,
    ...(name === 'Options' ? { resource: caseArn(scope.partition, 'ec2', 'instance/i-0123456789abcdef0') } : {}),
    context: { [`ec2:Attribute/${attribute}`]: value },
  });
  const tokens = (name: string) => modify(name, 'HttpTokens', 'optional');
  const limit = (name: string) => modify(name, 'HttpPutResponseHopLimit', `${hops + 1}`);
  const left = { action: 'ec2:StartInstances' };
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'KeepImdsv2',
        action,
        condition: { StringEquals: { 'ec2:Attribute/HttpTokens': 'optional' } },
        denied: [tokens('Defaults'), tokens('Options')],
        nearMisses: [
          { context: { 'ec2:Attribute/HttpTokens': 'required' } },
          { action: 'ec2:GetInstanceMetadataDefaults' },
        ],
      },
      {
        sid: 'KeepHops',
        action,
        condition: { NumericGreaterThan: { 'ec2:Attribute/HttpPutResponseHopLimit': `${hops}` } },
        // A request that changes neither is the same request.
        provenElsewhere: { keys: ['ec2:Attribute/HttpPutResponseHopLimit'] },
        denied: [limit('Options'), limit('Defaults')],
        nearMisses: [{ context: { 'ec2:Attribute/HttpPutResponseHopLimit': `${hops}` } }, left],
      },
    ],
    allowed: [{ action: 's3:ListAllMyBuckets' }],
  });
};

/** Words on the templates of this file. */
export const metadataTemplates: readonly PolicyTemplate[] = [
  {
    name: 'requireImdsv2',
    family: 'metadata',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'A request forged through an instance cannot fetch its credentials.',
    breaks:
      'Launches that say nothing of metadata options and rely on the image’s or the account’s default: set them in launch templates.',
    bypasses: 'Changing it afterwards: attach denyMetadataDowngrade too. Instances that run already.',
    rollout: stagedRollout,
    controls: [],
    example: requireImdsv2,
  },
  {
    name: 'denyMetadataDowngrade',
    family: 'metadata',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Instances stay with session tokens once they have them.',
    breaks: 'Old software that knows only the first version: exempt who operates it.',
    bypasses: 'Launching anew without: attach requireImdsv2 too.',
    rollout: straightRollout,
    controls: [],
    example: denyMetadataDowngrade,
  },
];
