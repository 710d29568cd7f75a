import type {
  AddUserToGroupCommandInput,
  AddUserToGroupCommandOutput,
  CreateGroupCommandInput,
  CreateGroupCommandOutput,
  GetGroupCommandInput,
  GetGroupCommandOutput,
  ListGroupsForUserCommandInput,
  ListGroupsForUserCommandOutput,
  RemoveUserFromGroupCommandInput,
  RemoveUserFromGroupCommandOutput,
} from '@aws-sdk/client-iam';
import { type Answer, groupAnswer, userAnswer } from './answers.ts';
import { alreadyExists, limitExceeded, noSuchGroup } from './errors.ts';
import { currentGroup, currentUser, saveUser, seenUser } from './lookups.ts';
import type { Pager } from './pages.ts';
import { arnOf, type GroupRecord, secondNow, type World } from './state.ts';
import { entityName, path } from './validate.ts';

/** Makes a group without anything, under IAM's rules. */
export const makeGroup = (
  world: World,
  given: { readonly name: string | undefined; readonly path?: string | undefined; readonly createdAt?: number },
): GroupRecord => {
  const name = entityName(given.name, 'groupName');
  const inPath = path(given.path);
  const taken = world.groups.all().some((one) => one.name.toLowerCase() === name.toLowerCase());
  if (taken) throw alreadyExists(`Group with name ${name} already exists.`);
  const group: GroupRecord = {
    name,
    id: world.nextId('AGPA'),
    path: inPath,
    arn: arnOf(world, `group${inPath}${name}`),
    createdAt: given.createdAt ?? secondNow(world),
    attached: [],
    inline: [],
  };
  world.groups.set(name, group);
  return group;
};

export const createGroup = (world: World, input: CreateGroupCommandInput): Answer<CreateGroupCommandOutput> => ({
  Group: groupAnswer(makeGroup(world, { name: input.GroupName, path: input.Path })),
});

export const addUserToGroup = (
  world: World,
  input: AddUserToGroupCommandInput,
): Answer<AddUserToGroupCommandOutput> => {
  const group = currentGroup(world, entityName(input.GroupName, 'groupName'));
  const user = currentUser(world, input.UserName);
  if (user.groups.includes(group.name)) return {};
  if (user.groups.length >= world.quotas.groupsPerUser) {
    throw limitExceeded('GroupsPerUser', world.quotas.groupsPerUser);
  }
  saveUser(world, { ...user, groups: [...user.groups, group.name] });
  return {};
};

export const removeUserFromGroup = (
  world: World,
  input: RemoveUserFromGroupCommandInput,
): Answer<RemoveUserFromGroupCommandOutput> => {
  const group = currentGroup(world, entityName(input.GroupName, 'groupName'));
  const user = currentUser(world, input.UserName);
  saveUser(world, { ...user, groups: user.groups.filter((name) => name !== group.name) });
  return {};
};

export const getGroup = (world: World, page: Pager, input: GetGroupCommandInput): Answer<GetGroupCommandOutput> => {
  const name = entityName(input.GroupName, 'groupName');
  const group = world.groups.seen(name);
  if (group === undefined) throw noSuchGroup(name);
  const members = world.users.seenAll().filter((user) => user.groups.includes(name));
  const { page: some, end } = page('GetGroup', members, (user) => user.name.toLowerCase(), input);
  return { Group: groupAnswer(group), Users: some.map(userAnswer), ...end };
};

export const listGroupsForUser = (
  world: World,
  page: Pager,
  input: ListGroupsForUserCommandInput,
): Answer<ListGroupsForUserCommandOutput> => {
  const user = seenUser(world, input.UserName);
  const groups = world.groups.seenAll().filter((group) => user.groups.includes(group.name));
  const { page: some, end } = page('ListGroupsForUser', groups, (group) => group.name.toLowerCase(), input);
  return { Groups: some.map(groupAnswer), ...end };
};
