import {
  CreateUserCommand,
  DeleteUserCommand,
  GetUserCommand,
  type GetUserCommandOutput,
  ListUsersCommand,
  type ListUsersCommandOutput,
} from '@aws-sdk/client-iam';
import { expect, expectTypeOf, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import { createFakeIam } from './index.ts';

const now = () => new Date('2026-11-24T10:00:00.750Z');
const boundary = 'arn:aws:iam::aws:policy/PowerUserAccess';

it('gives a user as IAM does: in whole seconds, with tags and boundary in GetUser alone', async () => {
  const iam = createFakeIam({ now });
  iam.addUser({ name: 'ana', path: '/ops/', tags: { owner: 'a@example.com' }, boundary, passwordLastUsed: now() });
  const got = await iam.send(new GetUserCommand({ UserName: 'ana' }));
  const listed = await iam.send(new ListUsersCommand({}));
  const user = {
    Path: '/ops/',
    UserName: 'ana',
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    Arn: 'arn:aws:iam::111122223333:user/ops/ana',
    CreateDate: new Date('2026-11-24T10:00:00Z'),
    PasswordLastUsed: new Date('2026-11-24T10:00:00Z'),
  };
  expect(got.User).toEqual({
    ...user,
    PermissionsBoundary: {
      PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
      PermissionsBoundaryArn: boundary,
    },
    Tags: [{ Key: 'owner', Value: 'a@example.com' }],
  });
  expect(listed).toMatchObject({ IsTruncated: false });
  expect(listed.Users).toEqual([user]);
  expectTypeOf(got).toEqualTypeOf<GetUserCommandOutput>();
  expectTypeOf(listed).toEqualTypeOf<ListUsersCommandOutput>();
});

it('is of the account and partition that were named', async () => {
  const iam = createFakeIam({ now, accountId: '444455556666', partition: 'aws-cn' });
  expect(iam.addUser({ name: 'ana' }).arn).toBe('arn:aws-cn:iam::444455556666:user/ana');
  expect(() => createFakeIam({ accountId: '1' })).toThrow(/12 digits/);
});

it('takes ids from outside', () => {
  let issued = 0;
  const iam = createFakeIam({
    now,
    nextId: (prefix) => {
      issued += 1;
      return `${prefix}${issued}`;
    },
  });
  expect([iam.addUser({ name: 'ana' }).userId, iam.addUser({ name: 'ben' }).userId]).toEqual(['AIDA1', 'AIDA2']);
});

it('never gives a removed name its id again', () => {
  const iam = createFakeIam({ now });
  const before = iam.addUser({ name: 'ana' }).userId;
  iam.removeUser('ana');
  expect(iam.addUser({ name: 'ana' }).userId).not.toBe(before);
});

it('lists by name without regard to case, and by path', async () => {
  const iam = createFakeIam({ now });
  for (const name of ['Zoe', 'ben', 'Ana', 'carl']) iam.addUser({ name, path: name === 'ben' ? '/ops/eu/' : '/' });
  const names = async (PathPrefix?: string) =>
    (await iam.send(new ListUsersCommand(PathPrefix === undefined ? {} : { PathPrefix }))).Users?.map(
      (user) => user.UserName,
    );
  expect(await names()).toEqual(['Ana', 'ben', 'carl', 'Zoe']);
  expect(await names('/ops/')).toEqual(['ben']);
});

it('refuses a name that is taken, in any case', async () => {
  const iam = createFakeIam({ now });
  await iam.send(new CreateUserCommand({ UserName: 'ana' }));
  const again = iam.send(new CreateUserCommand({ UserName: 'ANA' }));
  await expect(again).rejects.toMatchObject(sdkError('EntityAlreadyExistsException', 409));
  await expect(iam.send(new GetUserCommand({ UserName: 'ANA' }))).rejects.toMatchObject({
    ...sdkError('NoSuchEntityException', 404),
    message: 'The user with name ANA cannot be found.',
  });
});

it('makes a user with tags and boundary, or none', async () => {
  const iam = createFakeIam({ now });
  const Tags = [{ Key: 'owner', Value: 'a@example.com' }];
  const { User } = await iam.send(new CreateUserCommand({ UserName: 'ana', Tags, PermissionsBoundary: boundary }));
  expect(User).toMatchObject({ UserName: 'ana', Tags, PermissionsBoundary: { PermissionsBoundaryArn: boundary } });
  const PermissionsBoundary = 'arn:aws:iam::111122223333:policy/none';
  const without = iam.send(new CreateUserCommand({ UserName: 'ben', PermissionsBoundary }));
  await expect(without).rejects.toMatchObject(sdkError('NoSuchEntityException', 404));
  expect(iam.users.map((user) => user.name)).toEqual(['ana']);
});

it.each([
  ['a slash', { UserName: 'a/b' }],
  ['a space', { UserName: 'a b' }],
  ['nothing', { UserName: '' }],
  ['65 characters', { UserName: 'a'.repeat(65) }],
  ['a path without an end', { UserName: 'a', Path: '/ops' }],
])('refuses names and paths with %s', async (_what, input) => {
  const iam = createFakeIam({ now });
  await expect(iam.send(new CreateUserCommand(input))).rejects.toMatchObject(sdkError('ValidationError', 400));
});

it('takes names that are mail addresses, of 64 characters', async () => {
  const iam = createFakeIam({ now });
  const name = `ana+test=x,y_z@${'a'.repeat(37)}.example.com`;
  expect(name).toHaveLength(64);
  await iam.send(new CreateUserCommand({ UserName: name }));
  expect(iam.user(name).arn).toBe(`arn:aws:iam::111122223333:user/${name}`);
});

it('has no caller whom a request without a name could mean', async () => {
  await expect(createFakeIam({ now }).send(new GetUserCommand({}))).rejects.toThrow(/name the user/);
});

it('holds 5,000 users and no more, and lists them all', async () => {
  const iam = createFakeIam({ now });
  iam.addUsers(5_000, (index) => ({ name: `user-${index}`, keys: [{ createdAt: '2026-01-01T00:00:00Z' }] }));
  await expect(iam.send(new CreateUserCommand({ UserName: 'one-more' }))).rejects.toMatchObject(
    sdkError('LimitExceededException', 409),
  );
  const names = new Set<string | undefined>();
  let Marker: string | undefined;
  do {
    const page: ListUsersCommandOutput = await iam.send(
      new ListUsersCommand({ MaxItems: 1_000, ...(Marker === undefined ? {} : { Marker }) }),
    );
    for (const { UserName } of page.Users ?? []) names.add(UserName);
    Marker = page.Marker;
  } while (Marker !== undefined);
  expect(names.size).toBe(5_000);
  expect(iam.calls().byAction['iam:ListUsers']).toBe(5);
  expect(new Set(iam.users.flatMap((user) => user.keys.map(({ id }) => id))).size).toBe(5_000);
  expect(new Set(iam.users.map((user) => user.userId)).size).toBe(5_000);
});

it.each<[string, object]>([
  ['attached policies', { attachedPolicies: [boundary] }],
  ['inline policies', { inlinePolicies: { own: {} } }],
  ['groups', { groups: ['ops'] }],
  ['a password', { password: { createdAt: now() } }],
  ['access keys', { keys: [{ createdAt: now() }] }],
  ['MFA devices', { mfa: ['hardware'] }],
  ['signing certificates', { certificates: [{ createdAt: now() }] }],
  ['SSH keys', { sshKeys: [{ createdAt: now() }] }],
  ['service-specific credentials', { serviceSpecific: [{ createdAt: now() }] }],
])('does not delete a user with %s', async (_what, more) => {
  const iam = createFakeIam({ now });
  iam.addUser({ name: 'ana', ...more });
  const remove = new DeleteUserCommand({ UserName: 'ana' });
  await expect(iam.send(remove)).rejects.toMatchObject(sdkError('DeleteConflictException', 409));
});

it('deletes a user who has nothing', async () => {
  const iam = createFakeIam({ now });
  iam.addUser({ name: 'ana', tags: { a: 'b' }, boundary });
  await iam.send(new DeleteUserCommand({ UserName: 'ana' }));
  expect(iam.users).toEqual([]);
  await expect(iam.send(new DeleteUserCommand({ UserName: 'ana' }))).rejects.toMatchObject(
    sdkError('NoSuchEntityException', 404),
  );
});
