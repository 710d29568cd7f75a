import type {
  CreateUserCommandInput,
  CreateUserCommandOutput,
  DeleteUserCommandInput,
  DeleteUserCommandOutput,
  GetUserCommandInput,
  GetUserCommandOutput,
  ListUsersCommandInput,
  ListUsersCommandOutput,
} from '@aws-sdk/client-iam';
import { type Answer, boundaryAnswer, tagsOf, userAnswer } from './answers.ts';
import { ensurePolicy } from './aws-policies.ts';
import { alreadyExists, deleteConflict, limitExceeded } from './errors.ts';
import { currentUser, seenUser } from './lookups.ts';
import type { Pager } from './pages.ts';
import { arnOf, secondNow, type UserRecord, type World } from './state.ts';
import { mergedTags } from './tags.ts';
import { newUserName, path, pathPrefix, arn as validArn } from './validate.ts';

// Users are many: those without something share one empty list.
const none: readonly never[] = Object.freeze([]);

/** What a user is made with. */
export interface NewUser {
  readonly name: string | undefined;
  readonly path?: string | undefined;
  readonly createdAt?: number;
}

/** Makes a user without anything, under IAM's rules and quota. */
export const makeUser = (world: World, { name, path: given, createdAt = secondNow(world) }: NewUser): UserRecord => {
  const valid = newUserName(name);
  const inPath = path(given);
  if (world.users.size >= world.quotas.users) throw limitExceeded('UsersPerAccount', world.quotas.users);
  if (world.namesInLowerCase.has(valid.toLowerCase())) {
    throw alreadyExists(`User with name ${valid} already exists.`);
  }
  const user: UserRecord = {
    name: valid,
    id: world.nextId('AIDA'),
    path: inPath,
    arn: arnOf(world, `user${inPath}${valid}`),
    createdAt,
    tags: none,
    groups: none,
    attached: none,
    inline: none,
    mfa: none,
    keys: none,
    serviceSpecific: none,
    certificates: none,
    sshKeys: none,
  };
  world.namesInLowerCase.set(valid.toLowerCase(), valid);
  world.users.set(valid, user);
  return user;
};

/** Lets a user be gone. */
export const removeUser = (world: World, { name }: UserRecord): void => {
  world.namesInLowerCase.delete(name.toLowerCase());
  world.users.set(name, undefined);
};

export const createUser = (world: World, input: CreateUserCommandInput): Answer<CreateUserCommandOutput> => {
  const tags = mergedTags(world, [], input.Tags ?? []);
  const boundaryArn = input.PermissionsBoundary;
  if (boundaryArn !== undefined) ensurePolicy(world, validArn(boundaryArn, 'permissionsBoundary'));
  const made = makeUser(world, { name: input.UserName, path: input.Path });
  const user: UserRecord = { ...made, tags, ...(boundaryArn === undefined ? {} : { boundaryArn }) };
  world.users.set(user.name, user);
  return {
    User: { ...userAnswer(user), ...boundaryAnswer(user), ...(tags.length === 0 ? {} : { Tags: tagsOf(tags) }) },
  };
};

const inTheWay = (user: UserRecord): string | undefined => {
  if (user.attached.length > 0) return 'detach all policies';
  if (user.inline.length > 0) return 'delete policies';
  if (user.groups.length > 0) return 'remove users from group';
  if (user.password !== undefined) return 'delete login profile';
  if (user.keys.length > 0) return 'delete access keys';
  if (user.mfa.length > 0) return 'deactivate MFA device';
  if (user.certificates.length > 0) return 'delete signing certificates';
  if (user.sshKeys.length > 0) return 'delete SSH public keys';
  return user.serviceSpecific.length > 0 ? 'delete service specific credentials' : undefined;
};

export const deleteUser = (world: World, input: DeleteUserCommandInput): Answer<DeleteUserCommandOutput> => {
  const user = currentUser(world, input.UserName);
  const first = inTheWay(user);
  if (first !== undefined) throw deleteConflict(first);
  removeUser(world, user);
  return {};
};

export const getUser = (world: World, input: GetUserCommandInput): Answer<GetUserCommandOutput> => {
  const user = seenUser(world, input.UserName, 'caller');
  return {
    User: {
      ...userAnswer(user),
      ...boundaryAnswer(user),
      ...(user.tags.length === 0 ? {} : { Tags: tagsOf(user.tags) }),
    },
  };
};

/** Neither tags nor boundary, as with IAM. */
export const listUsers = (world: World, page: Pager, input: ListUsersCommandInput): Answer<ListUsersCommandOutput> => {
  const prefix = pathPrefix(input.PathPrefix);
  const users = prefix === '/' ? world.users.seenAll() : world.users.seenAll().filter((u) => u.path.startsWith(prefix));
  const { page: some, end } = page('ListUsers', users, (user) => user.name.toLowerCase(), input);
  return { Users: some.map(userAnswer), ...end };
};
