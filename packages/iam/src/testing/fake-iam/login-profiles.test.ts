import {
  CreateLoginProfileCommand,
  DeleteLoginProfileCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  UpdateLoginProfileCommand,
} from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import { createFakeIam } from './index.ts';

const noSuchEntity = sdkError('NoSuchEntityException', 404);
const createdAt = '2026-01-01T00:00:00.000Z';
const Password = 'correct horse battery';

const withAna = () => {
  let at = Date.parse('2026-11-24T10:00:00.000Z');
  const iam = createFakeIam({ now: () => new Date(at) });
  iam.addUser({ name: 'ana' });
  const pass = (ms: number): void => {
    at += ms;
  };
  return { iam, pass };
};

it('keeps when a password was created, whoever changes it, and whether it must be changed', async () => {
  const { iam } = withAna();
  iam.setPassword('ana', { createdAt, resetRequired: true });
  const profile = async () => (await iam.send(new GetLoginProfileCommand({ UserName: 'ana' }))).LoginProfile;
  expect(await profile()).toEqual({ UserName: 'ana', CreateDate: new Date(createdAt), PasswordResetRequired: true });
  await iam.send(new UpdateLoginProfileCommand({ UserName: 'ana', Password, PasswordResetRequired: false }));
  expect(await profile()).toEqual({ UserName: 'ana', CreateDate: new Date(createdAt), PasswordResetRequired: false });
  expect(iam.user('ana').password?.changedAt).toBe('2026-11-24T10:00:00.000Z');
  await iam.send(new UpdateLoginProfileCommand({ UserName: 'ana', PasswordResetRequired: true }));
  iam.changePassword('ana');
  expect(iam.user('ana').password).toEqual({
    createdAt,
    changedAt: '2026-11-24T10:00:00.000Z',
    resetRequired: false,
  });
});

it('does not move the change when only the need of one changes', async () => {
  const { iam } = withAna();
  iam.setPassword('ana', { createdAt });
  await iam.send(new UpdateLoginProfileCommand({ UserName: 'ana', PasswordResetRequired: true }));
  expect(iam.user('ana').password).toEqual({ createdAt, changedAt: createdAt, resetRequired: true });
});

it('refuses to change or delete a password that is still being created', async () => {
  const { iam, pass } = withAna();
  const { LoginProfile } = await iam.send(new CreateLoginProfileCommand({ UserName: 'ana', Password }));
  expect(LoginProfile).toEqual({
    UserName: 'ana',
    CreateDate: new Date('2026-11-24T10:00:00Z'),
    PasswordResetRequired: false,
  });
  const remove = new DeleteLoginProfileCommand({ UserName: 'ana' });
  const update = new UpdateLoginProfileCommand({ UserName: 'ana', PasswordResetRequired: true });
  pass(4_999);
  for (const call of [iam.send(remove), iam.send(update)]) {
    await expect(call).rejects.toMatchObject({
      ...sdkError('EntityTemporarilyUnmodifiableException', 409),
      message: 'Login Profile for User ana cannot be modified while login profile is being created.',
    });
  }
  pass(1);
  await iam.send(update);
  await iam.send(remove);
  expect(iam.user('ana').password).toBeUndefined();
});

it('knows no password where there is none, and makes no second one', async () => {
  const { iam } = withAna();
  for (const Command of [GetLoginProfileCommand, DeleteLoginProfileCommand, UpdateLoginProfileCommand]) {
    await expect(iam.send(new Command({ UserName: 'ana' }) as GetLoginProfileCommand)).rejects.toMatchObject(
      noSuchEntity,
    );
    await expect(iam.send(new Command({ UserName: 'ben' }) as GetLoginProfileCommand)).rejects.toMatchObject(
      noSuchEntity,
    );
  }
  iam.setPassword('ana', { createdAt });
  const again = new CreateLoginProfileCommand({ UserName: 'ana', Password });
  await expect(iam.send(again)).rejects.toMatchObject(sdkError('EntityAlreadyExistsException', 409));
});

it('refuses a password that is shorter than the policy says', async () => {
  const { iam } = withAna();
  const violation = sdkError('PasswordPolicyViolationException', 400);
  const create = (password: string) => iam.send(new CreateLoginProfileCommand({ UserName: 'ana', Password: password }));
  await expect(create('7 chars')).rejects.toMatchObject(violation);
  iam.setPasswordPolicy({ minimumLength: 30 });
  await expect(create(Password)).rejects.toMatchObject(violation);
});

it('tells the last use even when the password is gone', async () => {
  const { iam } = withAna();
  iam.setPassword('ana', { createdAt });
  iam.signIn('ana');
  iam.removePassword('ana');
  const { User } = await iam.send(new GetUserCommand({ UserName: 'ana' }));
  expect(User?.PasswordLastUsed).toEqual(new Date('2026-11-24T10:00:00Z'));
});
