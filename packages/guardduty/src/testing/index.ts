export { allFindingEvents } from './all-finding-events.ts';
export type { AwsError } from './aws-error.ts';
export type { FindingDocument, FindingEvent, FindingOptions } from './documents.ts';
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
export type { StaleReads } from './fake-ec2/staleness.ts';
export type { EntryInForce, NetworkAclView } from './fake-ec2/views.ts';
export type { FaultOptions } from './fake-faults.ts';
export { createFakeGuardDuty, type FakeGuardDuty, type FakeGuardDutyOptions } from './fake-guardduty.ts';
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
export {
  blackholeTraffic,
  dropPoint,
  portProbe,
  rdpBruteForce,
  sshBruteForce,
  torIpCaller,
  xorDdos,
} from './findings.ts';
export { routableDocumentationRanges } from './routable-documentation-ranges.ts';
export { type SqsEvent, type SqsEventOptions, type SqsRecord, sqsEvent } from './sqs-event.ts';
