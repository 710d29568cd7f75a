export { type EventPattern, type EventPatternOptions, eventPattern } from './event-pattern.ts';
export type { TextMatch } from './event-pattern-cover.ts';
export type {
  Finding,
  FindingAction,
  FindingInterface,
  FindingPrincipal,
  LocalEnd,
  Provenance,
  RemoteAddress,
} from './finding.ts';
export type { DefaultSeverity, FindingDataSource, FindingResource } from './finding-types/catalogue.ts';
export { type FindingTypeFacts, findingTypes, findingTypesAsOf } from './finding-types.ts';
export { type AddressRanges, internetAddressRanges } from './gate/address-ranges.ts';
export type { AwsRanges } from './gate/aws-ranges/aws-ranges.ts';
export { parseAwsRanges } from './gate/aws-ranges/parse-aws-ranges.ts';
export { awsRangesAsOf, awsRangesSnapshot } from './gate/aws-ranges/snapshot.ts';
export { createIpamOwnAddresses, type IpamOptions } from './gate/own-addresses/from-ipam.ts';
export { type RefreshOwnAddressesOptions, refreshOwnAddresses } from './gate/own-addresses/refresh.ts';
export { createStoredOwnAddresses, type StoredOwnAddressesOptions } from './gate/own-addresses/stored.ts';
export { alertMessage } from './messages/alert-message.ts';
export { findingMessage } from './messages/finding-message.ts';
export { type Upkeep, upkeepMessage } from './messages/upkeep-message.ts';
export {
  type BlockInput,
  createNaclBlocker,
  type DrainOptions,
  type NaclBlocker,
  type PlanOptions,
  type SweepOptions,
} from './nacl/blocker.ts';
export { naclDeciders } from './nacl/deciders.ts';
export type {
  AuditQuery,
  AuditTrail,
  ExplainedDecision,
  ExplainedPlace,
  ExplainedVerdict,
  ExplainQuery,
  Explanation,
} from './nacl/explain/explanation.ts';
export type { ListedEntry } from './nacl/ledger/list.ts';
export type {
  AddressLists,
  BlockerOptions,
  CallOptions,
  ClientOption,
  Ec2,
  GuardDuty,
  ModeTarget,
  Offender,
  OwnAddresses,
  Scope,
  TrustOption,
} from './nacl/options.ts';
export type {
  BlockOutcome,
  ContestOutcome,
  DrainOutcome,
  EntryView,
  EvictedEntry,
  OrphanOutcome,
  OverflowSwept,
  OverflowView,
  PortRange,
  ReconcileOutcome,
  ReleaseOutcome,
  SweepOutcome,
  Target,
  ThreatOutcome,
  ThreatResult,
  UnblockOutcome,
  UpkeepAlert,
} from './nacl/outcome.ts';
export { blockerPermissions, type PermissionOptions, type PolicyDocument } from './nacl/permissions.ts';
export type { AdoptOptions, ReconcileOptions } from './nacl/reconcile/reconcile-options.ts';
export type { UnblockQuery } from './nacl/release/unblock.ts';
export type {
  OverflowBlocker,
  OverflowCall,
  OverflowEnd,
  OverflowProblem,
  OverflowRequest,
  OverflowResult,
  OverflowSweep,
  OverflowSweepCall,
  OverflowTarget,
  OverflowThreat,
} from './overflow/overflow-blocker.ts';
export {
  type FindingsSource,
  type ParsedRecord,
  parseFinding,
  parseFindings,
  parseRecords,
  type ReadOptions,
  type ReadPlace,
  readFindings,
} from './parse/index.ts';
export { type BlockReason, blockReasons } from './reasons.ts';
export { extractThreats } from './threats/extract.ts';
export { type ThreatReason, threatReasons } from './threats/reasons.ts';
export type { FindingFamily } from './threats/table.ts';
export type { AddresslessThreat, AddressThreat, Judgement, Threat } from './threats/threat.ts';
