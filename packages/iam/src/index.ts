export { library } from './library.ts';
export {
  type IdentityPolicy,
  type IdentityStatement,
  type MfaPolicies,
  type MfaPoliciesOptions,
  type MfaPolicy,
  mfaPolicies,
} from './mfa/mfa-policies.ts';
