import { globalServices } from '../data/global-services.ts';
import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { exemptActionCase } from '../templates/cases.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import { exampleOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { atLeastOne, type Partition, parseRegion } from '../templates/names.ts';

/** What `restrictRegions` takes; names as in Control Tower's CT.MULTISERVICE.PV.1. */
export interface RegionsParameters extends CommonParameters {
  readonly allowedRegions: readonly string[];
}

/** Regions to show denied, by partition. */
const others: Readonly<Record<Partition, string>> = {
  aws: 'ap-southeast-2 us-west-2 sa-east-1',
  'aws-cn': 'cn-northwest-1 cn-north-1',
  'aws-us-gov': 'us-gov-east-1 us-gov-west-1',
  'aws-iso': 'us-iso-west-1 us-iso-east-1',
  'aws-iso-b': 'us-isob-west-1 us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1 us-isof-east-1',
  'aws-eusc': 'eusc-de-east-1',
};

const regionOutside = (partition: Partition, allowed: readonly string[]): string =>
  others[partition].split(' ').find((region) => !allowed.includes(region)) ?? 'nowhere-1';

/**
 * Denies what is not global outside of the allowed Regions. What counts as global is dated data (`globalServices`).
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 * @example
 * ```ts
 * import { restrictRegions } from '@remedykit/guardrails';
 * const { document } = restrictRegions({ allowedRegions: ['eu-west-1', 'eu-central-1'] });
 * ```
 */
export const restrictRegions = (parameters: RegionsParameters): Guardrail => {
  const scope = templateScope('restrictRegions', parameters, { takes: ['exemptedPrincipalArns', 'exemptedActions'] });
  const { id, partition, exempt } = scope;
  const regions = atLeastOne(id, 'allowedRegions', parameters.allowedRegions).map((name) =>
    parseRegion(id, name, partition),
  );
  const denied = { 'aws:RequestedRegion': regionOutside(partition, regions) };
  const sid = 'RestrictRegions';
  const [first, ...more] = regions.map((region) => ({ context: { 'aws:RequestedRegion': region } }));
  return buildGuardrail(scope, {
    statements: [
      {
        sid,
        notAction: [...new Set([...globalServices.data, ...exempt.actions])],
        condition: { StringNotEquals: { 'aws:RequestedRegion': regions } },
        denied: [{ action: 'ec2:DescribeInstances', context: denied }],
        nearMisses: [{ action: 'iam:GetAccountSummary' }, ...(first === undefined ? [] : [first]), ...more],
      },
    ],
    allowed: [{ action: 'cloudfront:ListDistributions', context: denied }],
    neutral: { 'aws:RequestedRegion': regions[0] ?? '' },
    more: (world) =>
      exempt.actions.map((action) => exemptActionCase(world, { action: exampleOf(action), context: denied }, sid)),
  });
};

/** Words on the templates of this file. */
export const regionTemplates: readonly PolicyTemplate[] = [
  {
    name: 'restrictRegions',
    family: 'regions',
    takes: ['exemptedPrincipalArns', 'exemptedActions'],
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Nothing runs where nobody looks, and data stays where it may be.',
    breaks:
      'Services that became global after the date of the table, and cross-Region inference of Bedrock: exempt their actions.',
    bypasses:
      'Global services reach all Regions (CloudFront, Route 53, replication of IAM). Resources that exist elsewhere go on running.',
    rollout: stagedRollout,
    controls: [{ name: 'CT.MULTISERVICE.PV.1', id: 'ka8e3pkqefnjsxuyc26ji580' }],
    example: (common) =>
      restrictRegions({
        ...common,
        allowedRegions: { aws: ['eu-west-1', 'eu-central-1'], 'aws-cn': ['cn-north-1'] }[
          String(common?.partition ?? 'aws')
        ] ?? ['us-gov-west-1'],
      }),
  },
];
