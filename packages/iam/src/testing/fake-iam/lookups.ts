import { noSuchGroup, noSuchPolicy, noSuchUser } from './errors.ts';
import type { GroupRecord, PolicyRecord, UserRecord, World } from './state.ts';
import { userName } from './validate.ts';

/** Whether IAM takes the caller where a request names nobody. */
type WhenLeftOut = 'refused' | 'caller';

/** The user as a read shows it, or NoSuchEntity. */
export const seenUser = (world: World, name: string | undefined, whenLeftOut: WhenLeftOut = 'refused'): UserRecord => {
  const given = userName(name, whenLeftOut);
  const user = world.users.seen(given);
  if (user === undefined) throw noSuchUser(given);
  return user;
};

/** The user as it is, which is what writes change, or NoSuchEntity. */
export const currentUser = (
  world: World,
  name: string | undefined,
  whenLeftOut: WhenLeftOut = 'refused',
): UserRecord => {
  const given = userName(name, whenLeftOut);
  const user = world.users.get(given);
  if (user === undefined) throw noSuchUser(given);
  return user;
};

export const currentGroup = (world: World, name: string): GroupRecord => {
  const group = world.groups.get(name);
  if (group === undefined) throw noSuchGroup(name);
  return group;
};

export const currentPolicy = (world: World, arn: string): PolicyRecord => {
  const policy = world.policies.get(arn);
  if (policy === undefined) throw noSuchPolicy(arn);
  return policy;
};

/** Puts a changed user in the place of the old one. */
export const saveUser = (world: World, user: UserRecord): void => world.users.set(user.name, user);
