import type {
  CreateLoginProfileCommandInput,
  CreateLoginProfileCommandOutput,
  DeleteLoginProfileCommandInput,
  DeleteLoginProfileCommandOutput,
  GetLoginProfileCommandInput,
  GetLoginProfileCommandOutput,
  LoginProfile,
  UpdateLoginProfileCommandInput,
  UpdateLoginProfileCommandOutput,
} from '@aws-sdk/client-iam';
import { awsError } from '../aws-error.ts';
import { type Answer, dateOf } from './answers.ts';
import { alreadyExists, noSuchLoginProfile, profileNotSettled } from './errors.ts';
import { currentUser, saveUser, seenUser } from './lookups.ts';
import { type Password, secondNow, type UserRecord, type World } from './state.ts';

const profileAnswer = (name: string, password: Password): LoginProfile => ({
  UserName: name,
  CreateDate: dateOf(password.createdAt),
  PasswordResetRequired: password.resetRequired,
});

const assertAllowed = (world: World, password: string): void => {
  const least = world.passwordPolicy?.minimumLength ?? 8;
  if (password.length < least) {
    throw awsError('PasswordPolicyViolation', `Password should have a minimum length of ${least}`);
  }
};

/** The password of a user if IAM lets it be changed now. */
const changeable = (world: World, user: UserRecord): Password => {
  const { name, password } = user;
  if (password === undefined) throw noSuchLoginProfile(name);
  if (password.settlesAt !== undefined && world.now().getTime() < password.settlesAt) throw profileNotSettled(name);
  return password;
};

export const getLoginProfile = (
  world: World,
  input: GetLoginProfileCommandInput,
): Answer<GetLoginProfileCommandOutput> => {
  const { name, password } = seenUser(world, input.UserName, 'caller');
  if (password === undefined) throw noSuchLoginProfile(name);
  return { LoginProfile: profileAnswer(name, password) };
};

export const createLoginProfile = (
  world: World,
  input: CreateLoginProfileCommandInput,
): Answer<CreateLoginProfileCommandOutput> => {
  const user = currentUser(world, input.UserName, 'caller');
  if (user.password !== undefined) throw alreadyExists(`Login Profile for user ${user.name} already exists.`);
  if (input.Password !== undefined) assertAllowed(world, input.Password);
  const at = secondNow(world);
  const password: Password = {
    createdAt: at,
    changedAt: at,
    resetRequired: input.PasswordResetRequired ?? false,
    settlesAt: world.now().getTime() + world.profileSettlesAfterMs,
  };
  saveUser(world, { ...user, password });
  return { LoginProfile: profileAnswer(user.name, password) };
};

export const updateLoginProfile = (
  world: World,
  input: UpdateLoginProfileCommandInput,
): Answer<UpdateLoginProfileCommandOutput> => {
  const user = currentUser(world, input.UserName);
  const had = changeable(world, user);
  if (input.Password !== undefined) assertAllowed(world, input.Password);
  const password: Password = {
    ...had,
    ...(input.Password === undefined ? {} : { changedAt: secondNow(world) }),
    resetRequired: input.PasswordResetRequired ?? had.resetRequired,
  };
  saveUser(world, { ...user, password });
  return {};
};

export const deleteLoginProfile = (
  world: World,
  input: DeleteLoginProfileCommandInput,
): Answer<DeleteLoginProfileCommandOutput> => {
  const user = currentUser(world, input.UserName, 'caller');
  changeable(world, user);
  const { password: _gone, ...without } = user;
  saveUser(world, without);
  return {};
};
