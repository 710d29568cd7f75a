export {
  type CredentialReport,
  type CredentialReportOptions,
  gatherCredentialReport,
} from './credential-report/gather.ts';
export { type ParsedReport, parseCredentialReport, type ReportFault } from './credential-report/parse.ts';
export { credentialDeciders } from './deciders.ts';
export { type CredentialEnforcer, createCredentialEnforcer, type PlanOptions } from './enforcer/enforcer.ts';
export type {
  AccessKeyOptions,
  AccountTarget,
  AgeOptions,
  CallOptions,
  CredentialEnforcerOptions,
  Iam,
  MfaOptions,
} from './enforcer/options.ts';
export type {
  AccountForecast,
  AccountRun,
  CredentialForecast,
  CredentialRun,
  ForecastCase,
  ForecastExempt,
  OpenCase,
} from './enforcer/outcome.ts';
export {
  type EnforcerPermissionOptions,
  enforcerPermissions,
  type PermissionDocument,
} from './enforcer/permissions.ts';
export type { Exemption, ExemptionSelector, TagExemption } from './exemptions/exemption.ts';
export { gatherInventory, type Inventory, type InventoryOptions, type InventoryUser } from './inventory/gather.ts';
export { library } from './library.ts';
export { clockReasons } from './lifecycle/decide-clock.ts';
export type { ForecastEntry } from './lifecycle/forecast-case.ts';
export { type CaseReason, caseReasons } from './lifecycle/reasons.ts';
export type {
  AccountRunSummary,
  CaseCount,
  DueCase,
  ExemptUser,
  MailCount,
  RunNotice,
  RunSummary,
} from './messages/run-summary.ts';
export { runSummaryMessage } from './messages/run-summary-message.ts';
export { type WarningInput, warningMessage } from './messages/warning-message.ts';
export {
  type IdentityPolicy,
  type IdentityStatement,
  type MfaPolicies,
  type MfaPoliciesOptions,
  type MfaPolicy,
  mfaPolicies,
} from './mfa/mfa-policies.ts';
export type {
  CaseAction,
  CaseDecision,
  CaseFacts,
  CaseState,
  CredentialCase,
  CredentialPolicy,
  Exempt,
  MailEvents,
  MailRecord,
  Recipient,
  RecipientRole,
  RuleName,
  RulePolicy,
  Stage,
  StoppedClock,
} from './model/case.ts';
export type {
  AccessKey,
  AttachedPolicy,
  IamUser,
  LastUse,
  LiveCredentials,
  LoginProfile,
  OtherCredential,
  ReportedKey,
  ReportedUser,
} from './model/user.ts';
export { rootReasons } from './rules/root-findings.ts';
export { type Skipped, type SkipReason, skipReasons } from './rules/skipped.ts';
export type { MailEventResult } from './warnings/record-mail-event.ts';
