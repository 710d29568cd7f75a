export type {
  Baseline,
  BaselineMember,
  BaselineName,
  BaselineParameters,
  WithControls,
  WithoutControls,
} from './baselines/baseline.ts';
export { type BaselineEntry, baselineCatalog } from './baselines/catalog.ts';
export { type FoundationBaselineParameters, foundationBaseline } from './baselines/foundation.ts';
export { type SandboxBaselineParameters, sandboxBaseline } from './baselines/sandbox.ts';
export type { BudgetParameters, Contact, Contacts, PasswordPolicyParameters } from './baselines/settings/account.ts';
export {
  type SetElsewhere,
  toAccountCloudFormation,
  toAccountTerraform,
} from './baselines/settings/outputs.ts';
export type { AccountSetting, SettingCall, TerraformResource } from './baselines/settings/setting.ts';
export { type SuspendedBaselineParameters, suspendedBaseline } from './baselines/suspended.ts';
export { type WorkloadBaselineParameters, workloadBaseline } from './baselines/workload.ts';
export { comparePolicies, type PolicyComparison, type PolicyDifference } from './compare/compare-policies.ts';
export {
  type ControlGuardrail,
  type ControlParameters,
  type ControlTemplate,
  type EnabledControl,
  enableControl,
  validateEnabledControl,
} from './control-tower/enable-control.ts';
export { type RegisterUnitParameters, registerUnit } from './control-tower/register-unit.ts';
export { type ReservedSlots, reservedSlots } from './data/attachments.ts';
export { controlEquivalents } from './data/control-equivalents.ts';
export { type Control, type ControlParameterKey, controls } from './data/controls.ts';
export type { Dated } from './data/dated.ts';
export { globalServices } from './data/global-services.ts';
export { mfaEnrolment } from './data/mfa-enrolment.ts';
export { type PolicyQuota, policyQuotas } from './data/quotas.ts';
export { type RcpSupport, rcpServices } from './data/rcp-services.ts';
export {
  type AllowedAmisParameters,
  allowedAmis,
  blockPublicAmis,
  blockPublicSnapshots,
  type DeclarativeGuardrail,
  type DeclarativeParameters,
  type DeclarativeTemplate,
  type ImdsDefaultsParameters,
  imdsDefaults,
  type SnapshotParameters,
  serialConsole,
  type VpcBlockPublicAccessParameters,
  vpcBlockPublicAccess,
} from './declarative/ec2.ts';
export { type DeclarativeDocument, validateEc2Policy } from './declarative/schema.ts';
export { type ConfigRule, type Frequency, validateConfigRule } from './detective/config-rule.ts';
export {
  type CommonPortsParameters,
  type DetectiveGuardrail,
  type DetectiveTemplate,
  detectConsoleMfa,
  detectKeyAge,
  detectPublicBuckets,
  detectRestrictedCommonPorts,
  detectRestrictedSsh,
  type KeyAgeParameters,
  type PeriodicParameters,
} from './detective/templates.ts';
export { type ConditionResult, type OperatorName, parseOperator } from './evaluate/condition.ts';
export { requestContext } from './evaluate/context.ts';
export { type AppliedStatement, type DocumentVerdict, evaluateDocument } from './evaluate/document.ts';
export {
  type AttachedPolicy,
  type DecidingStatement,
  type Evaluation,
  type Exempt,
  evaluate,
  fullAwsAccess,
  type PolicyLevel,
  type PolicySet,
} from './evaluate/evaluate.ts';
export {
  type CloudFormationResource,
  type CloudFormationTemplate,
  cloudFormationTemplate,
  toCloudFormation,
} from './outputs/cloudformation.ts';
export type { DeclarativeToAttach, EnabledBaseline, OutputOptions } from './outputs/resources.ts';
export { type TerraformConfiguration, toTerraform } from './outputs/terraform.ts';
export {
  type DocumentToPack,
  type Packable,
  type PackedPolicies,
  type PackedPolicy,
  type PackOptions,
  packPolicies,
} from './pack/pack-policies.ts';
export { type PackReport, type PolicySize, packTable, type SlotUse, type TracedStatement } from './pack/report.ts';
export type { Conditions, OneOrMany, PolicyDocument, PolicyType, Statement } from './policy/document.ts';
export { parsePolicyDocument } from './policy/parse.ts';
export type { AccessRequest, Principal } from './policy/request.ts';
export { policyVariable } from './policy/variable.ts';
export { type OrgIdentityParameters, orgIdentityPerimeter } from './rcp/perimeter.ts';
export type { ResourceServices } from './rcp/services.ts';
export {
  denySseC,
  type PresignedUrlParameters,
  presignedUrlMaxAge,
  requireTls,
  type TlsParameters,
} from './rcp/transport.ts';
export {
  type ConfusedDeputyParameters,
  confusedDeputy,
  type OidcParameters,
  type OidcTenant,
  trustedOidcTenants,
} from './rcp/trust.ts';
export {
  denyAccountSettings,
  denyBillingSettings,
  denyMarketplace,
  denyRegionChanges,
} from './scp/account-settings.ts';
export { type AutomationParameters, protectAutomationResources } from './scp/automation.ts';
export { type BedrockModelsParameters, bedrockModelAllowList } from './scp/bedrock.ts';
export { type CloudTrailParameters, protectCloudTrail } from './scp/cloudtrail.ts';
export { type ControlTagsParameters, protectControlTags } from './scp/control-tags.ts';
export { type CostCapsParameters, costCaps } from './scp/cost.ts';
export {
  type EncryptableService,
  type EncryptedParameters,
  protectEbsDefaultEncryption,
  requireEncrypted,
  requireEncryptedEbs,
  requireEncryptedEfs,
  requireEncryptedRds,
} from './scp/encryption.ts';
export { type EventBusParameters, protectEventBuses } from './scp/event-buses.ts';
export {
  denyAccessKeys,
  denyConsoleLoginForCli,
  denyIamUsers,
  denyLoginProfiles,
  denyOutboundWebIdentity,
  denyServiceSpecificCredentials,
  denyTemporaryDelegation,
} from './scp/iam-users.ts';
export { quarantine, type SuspendedParameters, suspendedAccount } from './scp/isolation.ts';
export { type KmsParameters, protectBackup, protectKms, protectKmsGrants } from './scp/keys-and-backups.ts';
export { denyPublicLambda, lambdaUrlIamAuth } from './scp/lambda.ts';
export { type LogArchiveParameters, protectLogArchive } from './scp/log-archive.ts';
export { denyMetadataDowngrade, type MetadataParameters, requireImdsv2 } from './scp/metadata.ts';
export { type MfaParameters, requireMfa, requireMfaForS3Delete } from './scp/mfa.ts';
export {
  denyDefaultVpc,
  denyFlowLogDeletion,
  denyVpcInternetAccess,
  denyVpn,
  protectVpcEncryptionControl,
} from './scp/network.ts';
export { denyLeaveOrganization } from './scp/organization.ts';
export {
  type ExpectedNetworksParameters,
  expectedNetworks,
  externalSharing,
  type TrustedResourcesParameters,
  trustedResources,
} from './scp/perimeter.ts';
export { type RegionsParameters, restrictRegions } from './scp/regions.ts';
export { type RequiredTag, type RequiredTagsParameters, requiredTags } from './scp/required-tags.ts';
export { protectRoles, type RolesParameters } from './scp/roles.ts';
export { denyRootAccessKeys, denyRootUser, type RootUserParameters } from './scp/root.ts';
export { type BlockPublicAccessParameters, denyPublicAcl, protectS3BlockPublicAccess } from './scp/s3.ts';
export {
  protectAccessAnalyzer,
  protectConfig,
  protectDetective,
  protectGuardDuty,
  protectInspector,
  protectMacie2,
  protectSecurityHub,
} from './scp/security-services.ts';
export type { CommonParameters } from './templates/build.ts';
export { type CatalogEntry, guardrailCatalog } from './templates/catalog.ts';
export type { CatalogControl, PolicyTemplate, TemplateDocs } from './templates/catalog-entry.ts';
export { type FoundationParameters, foundation } from './templates/foundation.ts';
export type { CaseKind, Exemption, Exemptions, Guardrail, GuardrailCase } from './templates/guardrail.ts';
export type { Partition } from './templates/names.ts';
export { type Judge, prove } from './templates/prove.ts';
export type { SchemaCase } from './templates/schema-guardrail.ts';
