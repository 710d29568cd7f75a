export type { AwsError } from './aws-error.ts';
export { type BenchPopulation, type BenchPopulationOptions, benchPopulation } from './bench-population.ts';
export type { FaultOptions } from './fake-faults.ts';
export type { ReportOptions } from './fake-iam/credential-report.ts';
export { createFakeIam, type FakeIam, type FakeIamOptions } from './fake-iam/index.ts';
export type {
  KeyToAdd,
  Moment,
  PasswordToAdd,
  ServiceSpecificToAdd,
  UploadToAdd,
} from './fake-iam/new-credentials.ts';
export type { PageSize } from './fake-iam/pages.ts';
export type { FakeIamSetup, GroupToAdd, PasswordPolicyToSet, RootToSet } from './fake-iam/setup.ts';
export type { PolicyToAdd } from './fake-iam/setup-policies.ts';
export type { UserToAdd } from './fake-iam/setup-users.ts';
export type { StaleReads } from './fake-iam/staleness.ts';
export type { MfaKind } from './fake-iam/state.ts';
export type { CallFamily, Rate, ThrottleRates } from './fake-iam/throttle.ts';
export type {
  AccessKeyView,
  CredentialView,
  MfaDeviceView,
  RootView,
  ServiceSpecificView,
  UserView,
} from './fake-iam/views.ts';
export {
  createFakeMailer,
  type FakeMail,
  type FakeMailEvent,
  type FakeMailer,
  type FakeMailFailure,
} from './fake-mailer.ts';
export type { CallCounts, FakeCall, FakeCalls, FakeControls } from './fake-transport.ts';
