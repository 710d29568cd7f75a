export { type ActionReason, actionReasons } from './actions/action-reasons.ts';
export { type CredentialReason, credentialReasons } from './actions/credential-reasons.ts';
export type { CredentialDecision, CredentialFacts } from './actions/decide-credential-action.ts';
export type { GuardedAccount, GuardFacts, GuardPolicy } from './actions/guard.ts';
export { type RefusalReason, refusalReasons } from './actions/limit-reasons.ts';
export type { ActionLimits } from './actions/limits.ts';
export { type SettleReason, settleReasons } from './actions/settle-journal.ts';
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
  MfaDenyOptions,
  MfaGraceOptions,
  MfaOptions,
  MfaOtherOptions,
} from './enforcer/options.ts';
export type {
  AccountForecast,
  AccountRun,
  CredentialAnswer,
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
export type { ResolveAnswer, ResolveRequest } from './enforcer/resolve-request.ts';
export type { AccountRestore, CredentialRestore } from './enforcer/restore-accounts.ts';
export type { Exemption, ExemptionSelector, TagExemption } from './exemptions/exemption.ts';
export { gatherInventory, type Inventory, type InventoryOptions, type InventoryUser } from './inventory/gather.ts';
export type { PasswordPolicy } from './inventory/password-policy.ts';
export { library } from './library.ts';
export { clockReasons } from './lifecycle/decide-clock.ts';
export type { ForecastEntry } from './lifecycle/forecast-case.ts';
export { type CaseReason, caseReasons } from './lifecycle/reasons.ts';
export { type AnswerSummary, answerMessage } from './messages/answer-message.ts';
export type { Consequence } from './messages/credential-text.ts';
export { restoreMessage } from './messages/restore-message.ts';
export type {
  AccountRunSummary,
  CaseCount,
  DueCase,
  ExemptUser,
  MailCount,
  RunAction,
  RunNotice,
  RunSummary,
} from './messages/run-summary.ts';
export { runSummaryMessage } from './messages/run-summary-message.ts';
export { type WarningInput, warningMessage } from './messages/warning-message.ts';
export type { ConsoleFacts, ConsolePolicy } from './mfa/console-facts.ts';
export { type ConsoleReason, consoleReasons } from './mfa/console-reasons.ts';
export type { ConsoleDecision } from './mfa/decide-console-action.ts';
export {
  type IdentityPolicy,
  type IdentityStatement,
  type MfaPolicies,
  type MfaPoliciesOptions,
  type MfaPolicy,
  mfaPolicies,
} from './mfa/mfa-policies.ts';
export type { PolicyDrift } from './mfa/policy-drift.ts';
export type {
  ActionName,
  ActionStep,
  ActionSubject,
  ActionTarget,
  JournalEntry,
  Restoration,
  StateBefore,
} from './model/action.ts';
export type {
  Answer,
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
export type { RestoredEntry, RestoreOutcome } from './restore/restore-outcome.ts';
export { type RestoreReason, restoreReasons } from './restore/restore-reasons.ts';
export type { RestoreRequest } from './restore/restore-request.ts';
export { rootReasons } from './rules/root-findings.ts';
export { type Skipped, type SkipReason, skipReasons } from './rules/skipped.ts';
export type { MailEventResult } from './warnings/record-mail-event.ts';
