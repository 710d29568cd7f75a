import { serviceProtection } from '../data/service-protection.ts';
import { parseArn } from '../templates/arn.ts';
import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { type PolicyTemplate, stagedRollout, straightRollout } from '../templates/catalog-entry.ts';
import { exampleOf, neighbourOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { atLeastOne } from '../templates/names.ts';
import { denyActions } from './deny-actions.ts';

/** What `protectKms` takes. */
export interface KmsParameters extends CommonParameters {
  /** ARNs of keys, wildcards allowed. Default: all keys. */
  readonly keyArns?: readonly string[];
}

/**
 * Denies what makes data unreadable: deleting or disabling keys, their material and rotation; and locking everybody out by a
 * key policy.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const protectKms = (parameters: KmsParameters = {}): Guardrail => {
  const scope = templateScope('protectKms', parameters);
  const { id, partition } = scope;
  const resource = atLeastOne(id, 'keyArns', parameters.keyArns ?? [`arn:${partition}:kms:*:*:key/*`]).map((arn) =>
    parseArn(id, arn, { partition, services: ['kms'] }),
  );
  const [key = '', ...others] = resource.map(exampleOf);
  const neighbour = neighbourOf(key, resource);
  const policy = {
    action: 'kms:PutKeyPolicy',
    resource: key,
    context: { 'kms:BypassPolicyLockoutSafetyCheck': 'true' },
  };
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'ProtectKeys',
        action: ['kms:DeleteImportedKeyMaterial', 'kms:DisableKey*', 'kms:ScheduleKeyDeletion'],
        resource,
        denied: [
          { action: 'kms:ScheduleKeyDeletion', resource: key },
          { action: 'kms:DisableKeyRotation', resource: key },
          ...others.map((other) => ({ action: 'kms:ScheduleKeyDeletion', resource: other })),
        ],
        nearMisses: [{ action: 'kms:DescribeKey' }, ...(neighbour === undefined ? [] : [{ resource: neighbour }])],
      },
      {
        sid: 'DenyKeyLockout',
        action: ['kms:CreateKey', 'kms:PutKeyPolicy', 'kms:ReplicateKey'],
        condition: { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'true' } },
        denied: [policy, { ...policy, action: 'kms:CreateKey', resource: '*' }],
        nearMisses: [{ context: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' } }],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/** Denies grants on keys but those that AWS services ask for on somebody’s behalf. */
export const protectKmsGrants = (parameters: CommonParameters = {}): Guardrail => {
  const scope = templateScope('protectKmsGrants', parameters);
  const resource = caseArn(scope.partition, 'kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'LimitGrants',
        action: ['kms:CreateGrant'],
        condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } },
        denied: [{ action: 'kms:CreateGrant', resource, context: { 'kms:GrantIsForAWSResource': 'false' } }],
        nearMisses: [{ context: { 'kms:GrantIsForAWSResource': 'true' } }, { action: 'kms:RevokeGrant' }],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/** Keeps backups, vaults, their locks and policies, plans, and the settings of AWS Backup. */
export const protectBackup = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'protectBackup',
    sid: 'ProtectBackup',
    action: serviceProtection.data.backup.denied,
    on: ['backup', 'backup-vault:daily'],
    asks: [
      'backup:DeleteBackupVaultAccessPolicy',
      'backup:PutBackupVaultAccessPolicy',
      { action: 'backup:UpdateGlobalSettings' },
    ],
    left: 'backup:DescribeBackupVault',
  });

/** Words on the templates of this file. */
export const keyAndBackupTemplates: readonly PolicyTemplate[] = [
  {
    name: 'protectKms',
    family: 'keys-and-backups',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Nobody makes data unreadable by taking its key away.',
    breaks: 'Tidying up unused keys: exempt who does it.',
    bypasses:
      'A key policy that locks out by its own words, within the safety check; encrypting anew with a foreign key (trustedResources).',
    rollout: straightRollout,
    controls: [{ name: 'CT.KMS.PV.3', id: 'beyhbq47poryf052dlel7oig5' }],
    example: (common) =>
      protectKms({
        ...common,
        keyArns: [`arn:${common?.partition ?? 'aws'}:kms:*:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`],
      }),
  },
  {
    name: 'protectKmsGrants',
    family: 'keys-and-backups',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Grants give rights on a key past its policy; only services need them.',
    breaks: 'Software that makes grants for itself (some database and backup products).',
    bypasses: 'The key policy itself.',
    rollout: stagedRollout,
    controls: [{ name: 'CT.KMS.PV.1', id: '8tq2qsio9o9nliasf359rvnso' }],
    example: protectKmsGrants,
  },
  {
    name: 'protectBackup',
    family: 'keys-and-backups',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Backups outlive the one who deletes everything else.',
    breaks: 'Teams that manage plans of their own: exempt their pipelines.',
    bypasses: 'Snapshots outside of AWS Backup. Only a vault lock in compliance mode binds everybody.',
    rollout: straightRollout,
    controls: [{ id: '671slktn22aofmruidoa6a5s2' }],
    example: protectBackup,
  },
];
