import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import type { StatementDraft } from '../templates/draft.ts';
import { exampleOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne, type Partition } from '../templates/names.ts';
import { literal } from '../templates/placeholder.ts';

/** What `costCaps` takes; what is left out is not capped. */
export interface CostCapsParameters extends CommonParameters {
  /** Instance types that may be launched, wildcards allowed: `t3.*`. */
  readonly instanceTypes?: readonly string[];
  /** Classes of database clusters and instances that may be made, wildcards allowed: `db.t4g.*`. */
  readonly databaseClasses?: readonly string[];
  /** Largest volume, in GiB. */
  readonly maxVolumeGib?: number;
  /** Denies reservations, savings plans, capacity and subscriptions. Default: true. */
  readonly denyPurchases?: boolean;
}

const purchases: readonly string[] = [
  'bedrock:CreateProvisionedModelThroughput',
  'dynamodb:PurchaseReserved*',
  'ec2:Purchase*',
  'elasticache:PurchaseReserved*',
  'es:PurchaseReserved*',
  'glacier:PurchaseProvisioned*',
  'mediaconnect:PurchaseOffering',
  'medialive:PurchaseOffering',
  'memorydb:PurchaseReserved*',
  'rds:PurchaseReserved*',
  'redshift:PurchaseReserved*',
  'savingsplans:CreateSavingsPlan',
  'shield:CreateSubscription',
];

const instanceCap = (partition: Partition, types: readonly string[]): StatementDraft => ({
  sid: 'CapInstances',
  action: ['ec2:RunInstances'],
  resource: [`arn:${partition}:ec2:*:*:instance/*`],
  condition: { StringNotLike: { 'ec2:InstanceType': types } },
  denied: [
    {
      action: 'ec2:RunInstances',
      resource: caseArn(partition, 'ec2', 'instance/i-0123456789abcdef0'),
      context: { 'ec2:InstanceType': 'costly.metal' },
    },
  ],
  nearMisses: [
    { action: 'ec2:StartInstances' },
    ...types.map((type) => ({ context: { 'ec2:InstanceType': exampleOf(type) } })),
  ],
});

const databaseCap = (partition: Partition, classes: readonly string[]): StatementDraft => ({
  sid: 'CapDatabases',
  action: ['rds:CreateDBCluster', 'rds:CreateDBInstance', 'rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
  // A serverless cluster has no class.
  condition: { StringNotLikeIfExists: { 'rds:DatabaseClass': classes }, Null: { 'rds:DatabaseClass': 'false' } },
  denied: [
    {
      action: 'rds:CreateDBCluster',
      resource: caseArn(partition, 'rds', 'cluster:orders'),
      context: { 'rds:DatabaseClass': 'db.costly.metal' },
    },
  ],
  nearMisses: [
    { action: 'rds:DeleteDBCluster' },
    ...classes.map((name) => ({ context: { 'rds:DatabaseClass': exampleOf(name) } })),
  ],
});

const volumeCap = (id: string, partition: Partition, gib: number): StatementDraft => {
  if (!Number.isSafeInteger(gib) || gib < 1)
    throw invalidParameter(id, `maxVolumeGib must be a whole number of at least 1, it is ${gib}.`);
  const size = (value: number) => ({ 'ec2:VolumeSize': `${value}` });
  return {
    sid: 'CapVolumes',
    action: ['ec2:CreateVolume', 'ec2:ModifyVolume', 'ec2:RunInstances'],
    resource: [`arn:${partition}:ec2:*:*:volume/*`],
    condition: { NumericGreaterThan: { 'ec2:VolumeSize': `${gib}` } },
    denied: [
      {
        action: 'ec2:CreateVolume',
        resource: caseArn(partition, 'ec2', 'volume/vol-0123456789abcdef0'),
        context: size(gib + 1),
      },
    ],
    nearMisses: [{ context: size(gib) }, { action: 'ec2:AttachVolume' }],
  };
};

/**
 * Caps what an account can spend by mistake, or by a thief’s hand.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const costCaps = (parameters: CostCapsParameters): Guardrail => {
  const scope = templateScope('costCaps', parameters);
  const { id, partition } = scope;
  const { instanceTypes, databaseClasses, maxVolumeGib, denyPurchases = true } = parameters;
  const named = (name: string, list: readonly string[]): readonly string[] =>
    atLeastOne(id, name, list).map((text) => literal(id, text));
  const statements = [
    ...(instanceTypes === undefined ? [] : [instanceCap(partition, named('instanceTypes', instanceTypes))]),
    ...(databaseClasses === undefined ? [] : [databaseCap(partition, named('databaseClasses', databaseClasses))]),
    ...(maxVolumeGib === undefined ? [] : [volumeCap(id, partition, maxVolumeGib)]),
    ...(denyPurchases
      ? [
          {
            sid: 'DenyPurchases',
            action: purchases,
            denied: [{ action: 'ec2:PurchaseReservedInstancesOffering' }, { action: 'savingsplans:CreateSavingsPlan' }],
            nearMisses: [{ action: 'ec2:DescribeReservedInstancesOfferings' }],
          } as const,
        ]
      : []),
  ];
  if (statements.length === 0) throw invalidParameter(id, 'caps nothing: say what to cap.');
  return buildGuardrail(scope, { statements, allowed: [{ action: 's3:ListAllMyBuckets' }] });
};

/** Words on the templates of this file. */
export const costTemplates: readonly PolicyTemplate[] = [
  {
    name: 'costCaps',
    family: 'isolation-and-cost',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'A sandbox, or a stolen key, cannot run up the bill with large machines or commitments.',
    breaks: 'Whoever needs more: exempt a role, with an end.',
    bypasses: 'Many small machines: use a budget with an action.',
    rollout: stagedRollout,
    controls: [],
    example: (common) =>
      costCaps({
        ...common,
        instanceTypes: ['t3.*', 'm7g.large'],
        databaseClasses: ['db.t4g.*', 'db.serverless'],
        maxVolumeGib: 500,
      }),
  },
];
