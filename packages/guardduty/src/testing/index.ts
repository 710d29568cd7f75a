export { allFindingEvents } from './all-finding-events.ts';
export {
  type ApiCallOptions,
  awsApiCallEvent,
  kubernetesApiCallEvent,
  rdsLoginAttemptEvent,
  s3ApiCallEvent,
} from './api-events.ts';
export { type AsffDocument, type AsffOptions, asAsff, type SecurityHubEvent, securityHubEvent } from './asff-events.ts';
export { type AttackSequenceOptions, attackSequenceEvent } from './attack-sequence-event.ts';
export type { AwsError } from './aws-error.ts';
export {
  type ConnectionOptions,
  commandAndControlEvent,
  customThreatListEvent,
  type LambdaConnectionOptions,
  lambdaConnectionEvent,
  runtimeConnectionEvent,
  unknownTypeEvent,
} from './connection-events.ts';
export type { CommonFindingOptions, FindingDocument, FindingOptions, TypeOption } from './documents.ts';
export { eventBridgeEvent, type FindingEvent } from './event-bridge-event.ts';
export { createFakeEc2, type FakeEc2, type FakeEc2Options } from './fake-ec2/index.ts';
export type {
  AddressToAdd,
  EntryToAdd,
  FakeEc2Setup,
  InterfaceToAdd,
  NetworkAclToAdd,
  SubnetToAdd,
  VpcToAdd,
} from './fake-ec2/setup.ts';
export type {
  CustomerGatewayToAdd,
  FakeTrustSetup,
  PrefixListToAdd,
  ResourceDiscoveryToSet,
  SecurityGroupRuleToAdd,
  SecurityGroupToAdd,
} from './fake-ec2/setup-trust.ts';
export type { StaleReads } from './fake-ec2/staleness.ts';
export type { EntryInForce, NetworkAclView } from './fake-ec2/views.ts';
export type { FaultOptions } from './fake-faults.ts';
export { createFakeGuardDuty, type FakeGuardDuty, type FakeGuardDutyOptions } from './fake-guardduty.ts';
export {
  createFakeNetworkFirewall,
  type FakeFirewallRule,
  type FakeNetworkFirewall,
  type FakeNetworkFirewallOptions,
  type FakeRuleGroupOptions,
  type FakeRulesSource,
} from './fake-network-firewall.ts';
export { createFakeOverflow, type FakeOverflow, type FakeOverflowOptions } from './fake-overflow.ts';
export type { FakeCall, FakeControls } from './fake-transport.ts';
export { fakeWorld } from './fake-world.ts';
export {
  blackholeTrafficEvent,
  dropPointEvent,
  type PortProbeOptions,
  type ProbeAddress,
  portProbeEvent,
  rdpBruteForceEvent,
  sshBruteForceEvent,
  torIpCallerEvent,
  xorDdosEvent,
} from './finding-events.ts';
export { exportLines, type GetFindingsAnswer, getFindingsAnswer } from './finding-lists.ts';
export {
  attackSequence,
  awsApiCall,
  blackholeTraffic,
  commandAndControl,
  customThreatList,
  dnsRequest,
  dropPoint,
  kubernetesApiCall,
  lambdaConnection,
  malware,
  portProbe,
  rdpBruteForce,
  rdsLoginAttempt,
  runtimeConnection,
  runtimeProcess,
  s3ApiCall,
  sshBruteForce,
  torIpCaller,
  unknownType,
  xorDdos,
} from './findings.ts';
export {
  type DnsRequestOptions,
  dnsRequestEvent,
  type HostOptions,
  malwareEvent,
  runtimeProcessEvent,
} from './host-events.ts';
export type { InstanceOptions } from './resources.ts';
export { routableDocumentationRanges } from './routable-documentation-ranges.ts';
export {
  type SnsEvent,
  type SnsEventOptions,
  type SnsInSqsEventOptions,
  type SnsMessage,
  snsEvent,
  snsInSqsEvent,
} from './sns-event.ts';
export { type SqsEvent, type SqsEventOptions, type SqsRecord, sqsEvent } from './sqs-event.ts';
