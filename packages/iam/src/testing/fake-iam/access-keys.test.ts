import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import { createFakeIam } from './index.ts';

const noSuchEntity = sdkError('NoSuchEntityException', 404);
const now = () => new Date('2026-11-24T10:00:00Z');
const createdAt = '2026-01-01T00:00:00Z';

it('makes two keys per user and no more, inactive ones among them', async () => {
  const iam = createFakeIam({ now });
  iam.addUser({ name: 'ana' });
  const create = () => iam.send(new CreateAccessKeyCommand({ UserName: 'ana' }));
  const { AccessKey } = await create();
  expect(AccessKey).toEqual({
    UserName: 'ana',
    AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
    Status: 'Active',
    SecretAccessKey: expect.any(String),
    CreateDate: now(),
  });
  iam.addKey('ana', { active: false });
  await expect(create()).rejects.toMatchObject({
    ...sdkError('LimitExceededException', 409),
    message: 'Cannot exceed quota for AccessKeysPerUser: 2',
  });
});

it('deactivates and activates a key, as often as one likes', async () => {
  const iam = createFakeIam({ now });
  const AccessKeyId = iam.addUser({ name: 'ana', keys: [{ createdAt }] }).keys[0]?.id;
  const listed = async () =>
    (await iam.send(new ListAccessKeysCommand({ UserName: 'ana' }))).AccessKeyMetadata?.map((key) => key.Status);
  for (const Status of ['Inactive', 'Inactive', 'Active'] as const) {
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'ana', AccessKeyId, Status }));
    expect(await listed()).toEqual([Status]);
  }
  expect(iam.user('ana').keys[0]?.createdAt).toBe('2026-01-01T00:00:00.000Z');
});

it('lists keys by id, which says nothing of their age', async () => {
  const iam = createFakeIam({ now });
  const ids = ['AKIAZZZZZZZZZZZZZZZZ', 'AKIAAAAAAAAAAAAAAAAA'];
  iam.addUser({ name: 'ana', keys: ids.map((id) => ({ createdAt, id })) });
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'ana' }));
  expect(AccessKeyMetadata?.map((key) => key.AccessKeyId)).toEqual(ids.toReversed());
  expect(AccessKeyMetadata?.[0]).toEqual({
    UserName: 'ana',
    AccessKeyId: ids[1],
    Status: 'Active',
    CreateDate: new Date(createdAt),
  });
});

it('makes up ids that do not ascend with creation', () => {
  const iam = createFakeIam({ now });
  iam.addUsers(20, (index) => ({ name: `user-${String(index).padStart(2, '0')}`, keys: [{ createdAt }] }));
  const ids = iam.users.flatMap((user) => user.keys.map((key) => key.id));
  expect(ids).not.toEqual(ids.toSorted());
});

it('tells the last use of a key, and N/A where there was none', async () => {
  const iam = createFakeIam({ now });
  const AccessKeyId = iam.addUser({ name: 'ana', keys: [{ createdAt }] }).keys[0]?.id ?? '';
  const ask = () => iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  expect(await ask()).toMatchObject({ UserName: 'ana', AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' } });
  expect((await ask()).AccessKeyLastUsed).not.toHaveProperty('LastUsedDate');
  iam.useKey('ana', AccessKeyId, { at: createdAt, service: 'sts', region: 'eu-west-1' });
  expect((await ask()).AccessKeyLastUsed).toEqual({
    LastUsedDate: new Date(createdAt),
    ServiceName: 'sts',
    Region: 'eu-west-1',
  });
});

it('does not tell of keys of nobody here', async () => {
  const iam = createFakeIam({ now });
  const AccessKeyId = iam.addUser({ name: 'ana', keys: [{ createdAt }] }).keys[0]?.id ?? '';
  iam.removeUser('ana');
  for (const id of ['AKIAAAAAAAAAAAAAAAAA', AccessKeyId]) {
    const ask = new GetAccessKeyLastUsedCommand({ AccessKeyId: id });
    await expect(iam.send(ask)).rejects.toMatchObject(sdkError('AccessDenied', 403));
  }
});

it('deletes a key for good', async () => {
  const iam = createFakeIam({ now });
  const AccessKeyId = iam.addUser({ name: 'ana', keys: [{ createdAt }, { createdAt }] }).keys[0]?.id ?? '';
  const remove = () => iam.send(new DeleteAccessKeyCommand({ UserName: 'ana', AccessKeyId }));
  await remove();
  await expect(remove()).rejects.toMatchObject(noSuchEntity);
  expect(iam.user('ana').keys).toHaveLength(1);
});

it('refuses keys of others, and what is no status or id', async () => {
  const iam = createFakeIam({ now });
  const AccessKeyId = iam.addUser({ name: 'ana', keys: [{ createdAt }] }).keys[0]?.id;
  iam.addUser({ name: 'ben' });
  const update = (more: object) =>
    iam.send(new UpdateAccessKeyCommand({ UserName: 'ana', AccessKeyId, Status: 'Inactive', ...more }));
  await expect(update({ UserName: 'ben' })).rejects.toMatchObject(noSuchEntity);
  await expect(update({ UserName: 'carl' })).rejects.toMatchObject(noSuchEntity);
  await expect(update({ Status: 'Expired' })).rejects.toMatchObject(sdkError('ValidationError', 400));
  await expect(update({ AccessKeyId: 'AKIA' })).rejects.toMatchObject(sdkError('ValidationError', 400));
  expect(() => iam.addKey('ben', { id: AccessKeyId ?? '' })).toThrow(/already/);
});
