import {
  createAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
  listAccessKeys,
  updateAccessKey,
} from './access-keys.ts';
import { getAccountPasswordPolicy, getAccountSummary } from './account.ts';
import { getAccountAuthorizationDetails } from './authorization-details.ts';
import type { CredentialReport } from './credential-report.ts';
import { addUserToGroup, createGroup, getGroup, listGroupsForUser, removeUserFromGroup } from './groups.ts';
import { createLoginProfile, deleteLoginProfile, getLoginProfile, updateLoginProfile } from './login-profiles.ts';
import { listMfaDevices, listVirtualMfaDevices } from './mfa-devices.ts';
import {
  listServiceSpecificCredentials,
  listSigningCertificates,
  listSshPublicKeys,
  updateServiceSpecificCredential,
  updateSigningCertificate,
  updateSshPublicKey,
} from './other-credentials.ts';
import type { Pager } from './pages.ts';
import {
  createPolicy,
  createPolicyVersion,
  getPolicy,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './policies.ts';
import type { World } from './state.ts';
import { listUserTags, tagUser, untagUser } from './tags.ts';
import {
  attachUserPolicy,
  detachUserPolicy,
  getUserPolicy,
  listAttachedGroupPolicies,
  listAttachedUserPolicies,
  listUserPolicies,
} from './user-policies.ts';
import { createUser, deleteUser, getUser, listUsers } from './users.ts';

/** `never`: the SDK's command has typed its input; the transport passes it on under the operation's name. */
type Perform = (input: never) => object;

type Unpaged = (world: World, input: never) => object;
type Paged = (world: World, page: Pager, input: never) => object;

const unpaged = {
  AddUserToGroup: addUserToGroup,
  AttachUserPolicy: attachUserPolicy,
  CreateAccessKey: createAccessKey,
  CreateGroup: createGroup,
  CreateLoginProfile: createLoginProfile,
  CreatePolicy: createPolicy,
  CreatePolicyVersion: createPolicyVersion,
  CreateUser: createUser,
  DeleteAccessKey: deleteAccessKey,
  DeleteLoginProfile: deleteLoginProfile,
  DeleteUser: deleteUser,
  DetachUserPolicy: detachUserPolicy,
  GetAccessKeyLastUsed: getAccessKeyLastUsed,
  GetAccountPasswordPolicy: getAccountPasswordPolicy,
  GetAccountSummary: getAccountSummary,
  GetLoginProfile: getLoginProfile,
  GetPolicy: getPolicy,
  GetPolicyVersion: getPolicyVersion,
  GetUser: getUser,
  GetUserPolicy: getUserPolicy,
  RemoveUserFromGroup: removeUserFromGroup,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  TagUser: tagUser,
  UntagUser: untagUser,
  UpdateAccessKey: updateAccessKey,
  UpdateLoginProfile: updateLoginProfile,
  UpdateServiceSpecificCredential: updateServiceSpecificCredential,
  UpdateSigningCertificate: updateSigningCertificate,
  UpdateSSHPublicKey: updateSshPublicKey,
} satisfies Record<string, Unpaged>;

const paged = {
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
  GetGroup: getGroup,
  ListAccessKeys: listAccessKeys,
  ListAttachedGroupPolicies: listAttachedGroupPolicies,
  ListAttachedUserPolicies: listAttachedUserPolicies,
  ListGroupsForUser: listGroupsForUser,
  ListMFADevices: listMfaDevices,
  ListPolicyVersions: listPolicyVersions,
  ListServiceSpecificCredentials: listServiceSpecificCredentials,
  ListSigningCertificates: listSigningCertificates,
  ListSSHPublicKeys: listSshPublicKeys,
  ListUserPolicies: listUserPolicies,
  ListUserTags: listUserTags,
  ListUsers: listUsers,
  ListVirtualMFADevices: listVirtualMfaDevices,
} satisfies Record<string, Paged>;

/** What answers each operation. */
export const createHandlers = (
  world: World,
  page: Pager,
  report: CredentialReport,
): Readonly<Record<string, Perform>> => ({
  ...Object.fromEntries(
    Object.entries<Unpaged>(unpaged).map(([name, answer]): [string, Perform] => [
      name,
      (input) => answer(world, input),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries<Paged>(paged).map(([name, answer]): [string, Perform] => [
      name,
      (input) => answer(world, page, input),
    ]),
  ),
  GenerateCredentialReport: report.generate,
  GetCredentialReport: report.get,
});
