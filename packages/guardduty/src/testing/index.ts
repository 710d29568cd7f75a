export type { AwsError } from './aws-error.ts';
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
export type { FakeCall, FakeControls } from './fake-transport.ts';
export { fakeWorld } from './fake-world.ts';
