import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { type PolicyTemplate, stagedRollout, straightRollout } from '../templates/catalog-entry.ts';
import type { Ask, StatementDraft } from '../templates/draft.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { atLeastOne, type Partition } from '../templates/names.ts';
import { denyActions } from './deny-actions.ts';

/** Keeps an account’s default encryption of volumes, and the key it uses. */
export const protectEbsDefaultEncryption = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'protectEbsDefaultEncryption',
    sid: 'KeepEbsEncryption',
    action: ['ec2:DisableEbsEncryption*', 'ec2:ModifyEbsDefault*', 'ec2:ResetEbsDefault*'],
    asks: ['ec2:DisableEbsEncryptionByDefault', 'ec2:ModifyEbsDefaultKmsKeyId'],
    left: 'ec2:EnableEbsEncryptionByDefault',
  });

/** The services whose storage can be required to be encrypted by a condition key. */
export type EncryptableService = 'ebs' | 'efs' | 'rds';

const drafts = (partition: Partition): Readonly<Record<EncryptableService, readonly StatementDraft[]>> => {
  const plain = (service: string, action: string, resource: string, key: string): Ask => ({
    action: `${service}:${action}`,
    resource: caseArn(partition, service, resource),
    context: { [key]: 'false' },
  });
  const volume = (action: string): Ask => plain('ec2', action, 'volume/vol-0123456789abcdef0', 'ec2:Encrypted');
  const instance = (action: string): Ask => ({
    action: `rds:${action}`,
    resource: caseArn(partition, 'rds', 'db:orders'),
    context: { 'rds:StorageEncrypted': 'false', 'rds:DatabaseEngine': 'mysql' },
  });
  const cluster = (action: string): Ask => plain('rds', action, 'cluster:orders', 'rds:StorageEncrypted');
  return {
    ebs: [
      {
        sid: 'RequireEncryptedEbs',
        action: ['ec2:AttachVolume', 'ec2:CreateSnapshot*', 'ec2:CreateVolume', 'ec2:RunInstances'],
        resource: [`arn:${partition}:ec2:*:*:volume/*`],
        condition: { Bool: { 'ec2:Encrypted': 'false' } },
        denied: [volume('CreateVolume'), volume('AttachVolume'), volume('CreateSnapshot'), volume('RunInstances')],
        nearMisses: [{ context: { 'ec2:Encrypted': 'true' } }, { action: 'ec2:DeleteVolume' }],
      },
    ],
    rds: [
      {
        sid: 'RequireEncryptedClusters',
        action: ['rds:CreateDBCluster', 'rds:RestoreDBClusterFromS3'],
        condition: { Bool: { 'rds:StorageEncrypted': 'false' } },
        denied: [cluster('CreateDBCluster'), cluster('RestoreDBClusterFromS3')],
        nearMisses: [{ context: { 'rds:StorageEncrypted': 'true' } }, { action: 'rds:DeleteDBCluster' }],
      },
      {
        sid: 'RequireEncryptedInstances',
        action: ['rds:CreateDBInstance', 'rds:RestoreDBInstanceFromS3'],
        condition: {
          Bool: { 'rds:StorageEncrypted': 'false' },
          StringNotLike: { 'rds:DatabaseEngine': 'aurora*' },
        },
        denied: [instance('CreateDBInstance'), instance('RestoreDBInstanceFromS3')],
        nearMisses: [
          { context: { 'rds:StorageEncrypted': 'true' } },
          { context: { 'rds:DatabaseEngine': 'aurora-mysql' } },
        ],
      },
    ],
    efs: [
      {
        sid: 'RequireEncryptedEfs',
        action: ['elasticfilesystem:CreateFileSystem'],
        condition: { Bool: { 'elasticfilesystem:Encrypted': 'false' } },
        denied: [{ action: 'elasticfilesystem:CreateFileSystem', context: { 'elasticfilesystem:Encrypted': 'false' } }],
        nearMisses: [
          { context: { 'elasticfilesystem:Encrypted': 'true' } },
          { action: 'elasticfilesystem:DescribeAccountPreferences' },
        ],
      },
    ],
  };
};

const requireServices = (
  id: string,
  parameters: CommonParameters,
  services: readonly EncryptableService[],
): Guardrail => {
  const scope = templateScope(id, parameters);
  const byService = drafts(scope.partition);
  return buildGuardrail(scope, {
    statements: services.flatMap((service) => byService[service]),
    allowed: [{ action: 's3:ListAllMyBuckets' }],
  });
};

/** What `requireEncrypted` takes. */
export interface EncryptedParameters extends CommonParameters {
  /** Default: all. */
  readonly services?: readonly EncryptableService[];
}

/** Denies unencrypted volumes, database clusters and file systems, in one policy. */
export const requireEncrypted = (parameters: EncryptedParameters = {}): Guardrail =>
  requireServices(
    'requireEncrypted',
    parameters,
    atLeastOne('requireEncrypted', 'services', parameters.services ?? ['ebs', 'rds', 'efs']),
  );

/**
 * Denies creating, launching with and attaching unencrypted volumes, and snapshots of them.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const requireEncryptedEbs = (parameters: CommonParameters = {}): Guardrail =>
  requireServices('requireEncryptedEbs', parameters, ['ebs']);

/** Denies unencrypted database clusters and instances; instances of Aurora are as their cluster is. */
export const requireEncryptedRds = (parameters: CommonParameters = {}): Guardrail =>
  requireServices('requireEncryptedRds', parameters, ['rds']);

/** Denies unencrypted file systems. */
export const requireEncryptedEfs = (parameters: CommonParameters = {}): Guardrail =>
  requireServices('requireEncryptedEfs', parameters, ['efs']);

const entry = (
  name: string,
  example: PolicyTemplate['example'],
  {
    breaks,
    bypasses,
    controls = [],
  }: Pick<PolicyTemplate, 'breaks' | 'bypasses'> & Partial<Pick<PolicyTemplate, 'controls'>>,
): PolicyTemplate => ({
  name,
  family: 'encryption',
  type: 'SERVICE_CONTROL_POLICY',
  intent: 'Nothing is stored that a key does not guard.',
  breaks,
  bypasses,
  rollout: name === 'protectEbsDefaultEncryption' ? straightRollout : stagedRollout,
  controls,
  example,
});

const snapshots = { name: 'CT.EC2.PV.1', id: '97hes2glndlye96adkdcdeef4' };
const attached = { name: 'CT.EC2.PV.2', id: 'dkjyeuczqj3rnyhn9116p16pw' };

/** Words on the templates of this file. */
export const encryptionTemplates: readonly PolicyTemplate[] = [
  entry('protectEbsDefaultEncryption', protectEbsDefaultEncryption, {
    breaks: 'Changing the default key: exempt who rotates it.',
    bypasses: 'Regions in which it was never switched on: use requireEncryptedEbs.',
  }),
  entry('requireEncrypted', requireEncrypted, {
    breaks: 'What is not encrypted today can no longer be attached or backed up: migrate first.',
    bypasses: 'Snapshots that are restored elsewhere, without encryption.',
    controls: [snapshots, attached],
  }),
  entry('requireEncryptedEbs', requireEncryptedEbs, {
    breaks: 'Unencrypted volumes can no longer be attached or backed up: migrate first.',
    bypasses: 'Snapshots that are restored elsewhere.',
    controls: [snapshots, attached],
  }),
  entry('requireEncryptedRds', requireEncryptedRds, {
    breaks: 'Templates of clusters and instances that do not say that storage is encrypted.',
    bypasses: 'Restoring a snapshot, which keeps what it was: use the rule rds-storage-encrypted.',
  }),
  entry('requireEncryptedEfs', requireEncryptedEfs, {
    breaks: 'Templates of file systems that do not say so.',
    bypasses: 'File systems that exist already.',
  }),
];
