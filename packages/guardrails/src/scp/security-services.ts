import { serviceProtection } from '../data/service-protection.ts';
import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { type PolicyTemplate, straightRollout } from '../templates/catalog-entry.ts';
import type { Ask } from '../templates/draft.ts';
import { caseAccount, caseRegion } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';

interface ServiceTemplate {
  readonly id: string;
  readonly service: keyof typeof serviceProtection.data;
  readonly sid: string;
  /** An action that blinds it, and the newest of those that do. */
  readonly denied: readonly [Ask, ...Ask[]];
  /** An action on the same resource that only reads or strengthens. */
  readonly left: string;
}

const protectService = (
  parameters: CommonParameters,
  { id, service, sid, denied, left }: ServiceTemplate,
): Guardrail => {
  const scope = templateScope(id, parameters);
  const action = serviceProtection.data[service].denied;
  return buildGuardrail(scope, {
    statements: [{ sid, action, denied, nearMisses: [{ action: left }] }],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/**
 * Keeps GuardDuty on and seeing: detectors, filters, trusted and threat IP and entity sets, members, publishing.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const protectGuardDuty = (parameters: CommonParameters = {}): Guardrail =>
  protectService(parameters, {
    id: 'protectGuardDuty',
    service: 'guardduty',
    sid: 'ProtectGuardDuty',
    denied: [{ action: 'guardduty:StopMonitoringMembers' }, { action: 'guardduty:CreateTrustedEntitySet' }],
    left: 'guardduty:GetFindings',
  });

/** Keeps Security Hub on, with its standards, rules, policies and members. */
export const protectSecurityHub = (parameters: CommonParameters = {}): Guardrail =>
  protectService(parameters, {
    id: 'protectSecurityHub',
    service: 'securityhub',
    sid: 'ProtectSecurityHub',
    denied: [{ action: 'securityhub:DisableSecurityHubV2' }, { action: 'securityhub:CreateAutomationRuleV2' }],
    left: 'securityhub:EnableSecurityHubV2',
  });

/** Keeps Macie on, with its filters, allow lists and members. */
export const protectMacie2 = (parameters: CommonParameters = {}): Guardrail =>
  protectService(parameters, {
    id: 'protectMacie2',
    service: 'macie2',
    sid: 'ProtectMacie',
    denied: [{ action: 'macie2:DisableMacie' }, { action: 'macie2:CreateAllowList' }],
    left: 'macie2:EnableMacie',
  });

const analyzerOf = ({ partition = 'aws' }: CommonParameters): string =>
  `arn:${partition}:access-analyzer:${caseRegion(partition)}:${caseAccount}:analyzer/organisation`;

/** Keeps IAM Access Analyzer's analyzers, and keeps findings from being archived by rule. */
export const protectAccessAnalyzer = (parameters: CommonParameters = {}): Guardrail =>
  protectService(parameters, {
    id: 'protectAccessAnalyzer',
    service: 'access-analyzer',
    sid: 'ProtectAccessAnalyzer',
    denied: [{ action: 'access-analyzer:DeleteAnalyzer', resource: analyzerOf(parameters) }],
    left: 'access-analyzer:GetAnalyzer',
  });

/** Keeps Inspector on, with its filters, scans and members. */
export const protectInspector = (parameters: CommonParameters = {}): Guardrail =>
  protectService(parameters, {
    id: 'protectInspector',
    service: 'inspector2',
    sid: 'ProtectInspector',
    denied: [{ action: 'inspector2:Disable' }, { action: 'inspector2:UpdateConfiguration' }],
    left: 'inspector2:Enable',
  });

/** Keeps Detective's graph and members. */
export const protectDetective = (parameters: CommonParameters = {}): Guardrail =>
  protectService(parameters, {
    id: 'protectDetective',
    service: 'detective',
    sid: 'ProtectDetective',
    denied: [{ action: 'detective:DisableOrganizationAdminAccount' }],
    left: 'detective:ListGraphs',
  });

/** Keeps AWS Config recording, with its rules, aggregators, delivery, remediations and retention. */
export const protectConfig = (parameters: CommonParameters = {}): Guardrail =>
  protectService(parameters, {
    id: 'protectConfig',
    service: 'config',
    sid: 'ProtectConfig',
    denied: [{ action: 'config:DeleteDeliveryChannel' }, { action: 'config:PutServiceLinkedConfigurationRecorder' }],
    left: 'config:PutEvaluations',
  });

const securityService = (name: string, service: string, example: PolicyTemplate['example']): PolicyTemplate => ({
  name,
  family: 'security-services',
  type: 'SERVICE_CONTROL_POLICY',
  intent: `Nobody switches ${service} off, suppresses what it finds, or hands it to another administrator account.`,
  breaks: `Teams that manage their own filters or exports of ${service}: exempt the role of the security team.`,
  bypasses:
    'What it watches can be taken away instead (the logs it reads, the Region it runs in); the management account is not bound.',
  rollout: straightRollout,
  controls: [],
  example,
});

/** Words on the templates of this file. */
export const securityServiceTemplates: readonly PolicyTemplate[] = [
  securityService('protectGuardDuty', 'GuardDuty', protectGuardDuty),
  securityService('protectSecurityHub', 'Security Hub', protectSecurityHub),
  securityService('protectMacie2', 'Macie', protectMacie2),
  securityService('protectAccessAnalyzer', 'IAM Access Analyzer', protectAccessAnalyzer),
  securityService('protectInspector', 'Inspector', protectInspector),
  securityService('protectDetective', 'Detective', protectDetective),
  {
    name: 'protectConfig',
    family: 'config',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'AWS Config goes on recording, evaluating and delivering.',
    breaks:
      'Teams with rules of their own: exempt their pipeline, or let them use conformance packs of the organisation.',
    bypasses:
      'Denying the role of the recorder its reads: protect it with protectRoles. Filling evaluations by PutEvaluations.',
    rollout: straightRollout,
    controls: [
      { name: 'AWS-GR_CONFIG_CHANGE_PROHIBITED', id: 'e2saoisw5u8xe40acfetio41w' },
      { name: 'AWS-GR_CONFIG_RULE_CHANGE_PROHIBITED', id: '5lwgwp498974xwygy5ge7pxfz' },
    ],
    example: protectConfig,
  },
];
