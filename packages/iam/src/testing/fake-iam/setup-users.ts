import { ensurePolicy } from './aws-policies.ts';
import { limitExceeded } from './errors.ts';
import { makeGroup } from './groups.ts';
import type { Moment } from './new-credentials.ts';
import {
  type KeyToAdd,
  newPassword,
  type PasswordToAdd,
  type ServiceSpecificToAdd,
  type UploadToAdd,
  withCertificate,
  withKey,
  withMfa,
  withServiceSpecific,
  withSshKey,
} from './new-credentials.ts';
import { attachable, inlinePolicies } from './setup-policies.ts';
import { type MfaKind, secondNow, toSecond, type UserRecord, type World } from './state.ts';
import { mergedTags } from './tags.ts';
import { makeUser, removeUser } from './users.ts';

/** A user with everything that it has. */
export interface UserToAdd {
  readonly name: string;
  /** `/` by default. */
  readonly path?: string;
  /** By default the first creation among password and credentials, else now. */
  readonly createdAt?: Moment;
  readonly password?: PasswordToAdd;
  /** When a password that is gone was last used. */
  readonly passwordLastUsed?: Moment;
  /** MFA devices beside the one of `password`. */
  readonly mfa?: readonly MfaKind[];
  readonly keys?: readonly KeyToAdd[];
  readonly serviceSpecific?: readonly ServiceSpecificToAdd[];
  readonly certificates?: readonly UploadToAdd[];
  readonly sshKeys?: readonly UploadToAdd[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Names; a group that is not there is made. */
  readonly groups?: readonly string[];
  /** ARNs of managed policies; those of AWS are there, others are added with `addPolicy`. */
  readonly attachedPolicies?: readonly string[];
  /** Documents, as JSON text or objects, by the policy's name. */
  readonly inlinePolicies?: Readonly<Record<string, string | object>>;
  /** The ARN of a permissions boundary. */
  readonly boundary?: string;
}

const creationOf = (world: World, user: UserToAdd): number => {
  if (user.createdAt !== undefined) return toSecond(user.createdAt);
  const credentials = [
    ...(user.password === undefined ? [] : [user.password]),
    ...(user.keys ?? []),
    ...(user.serviceSpecific ?? []),
    ...(user.certificates ?? []),
    ...(user.sshKeys ?? []),
  ];
  return Math.min(secondNow(world), ...credentials.map((one) => toSecond(one.createdAt)));
};

const withPassword = (world: World, user: UserRecord, given: UserToAdd): UserRecord => {
  const { password } = given;
  const lastUsed = password?.lastUsed ?? given.passwordLastUsed;
  const used = lastUsed === undefined ? user : { ...user, passwordLastUsedAt: toSecond(lastUsed) };
  if (password === undefined) return used;
  const having = { ...used, password: newPassword(password) };
  return password.mfa === undefined || password.mfa === false
    ? having
    : withMfa(world, having, password.mfa, password.createdAt);
};

const withCredentials = (world: World, bare: UserRecord, given: UserToAdd): UserRecord => {
  let user = withPassword(world, bare, given);
  for (const kind of given.mfa ?? []) user = withMfa(world, user, kind);
  for (const key of given.keys ?? []) user = withKey(world, user, key);
  for (const one of given.serviceSpecific ?? []) user = withServiceSpecific(world, user, one);
  for (const one of given.certificates ?? []) user = withCertificate(world, user, one);
  for (const one of given.sshKeys ?? []) user = withSshKey(world, user, one);
  return user;
};

const withPolicies = (world: World, user: UserRecord, given: UserToAdd): UserRecord => {
  const { attachedPolicies, inlinePolicies: inline, boundary } = given;
  if (boundary !== undefined) ensurePolicy(world, boundary);
  return {
    ...user,
    ...(attachedPolicies === undefined ? {} : { attached: attachable(world, attachedPolicies) }),
    ...(inline === undefined ? {} : { inline: inlinePolicies(inline) }),
    ...(boundary === undefined ? {} : { boundaryArn: boundary }),
  };
};

const withGroups = (world: World, user: UserRecord, groups: readonly string[]): UserRecord => {
  if (groups.length === 0) return user;
  if (groups.length > world.quotas.groupsPerUser) throw limitExceeded('GroupsPerUser', world.quotas.groupsPerUser);
  for (const name of groups) {
    if (world.groups.get(name) === undefined) makeGroup(world, { name, createdAt: user.createdAt });
  }
  return { ...user, groups: [...groups] };
};

const withTags = (world: World, user: UserRecord, tags: Readonly<Record<string, string>>): UserRecord => {
  const given = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return given.length === 0 ? user : { ...user, tags: mergedTags(world, [], given) };
};

/** Adds a user with everything, or nobody. */
export const addUser = (world: World, given: UserToAdd): UserRecord => {
  const bare = makeUser(world, { name: given.name, path: given.path, createdAt: creationOf(world, given) });
  try {
    const credentialed = withCredentials(world, bare, given);
    const grouped = withGroups(world, credentialed, given.groups ?? []);
    const user = withTags(world, withPolicies(world, grouped, given), given.tags ?? {});
    world.users.set(user.name, user);
    return user;
  } catch (error) {
    removeUser(world, bare);
    throw error;
  }
};
