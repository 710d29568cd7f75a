import { ListUserTagsCommand, TagUserCommand, UntagUserCommand } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import { createFakeIam } from './index.ts';

const withAna = () => {
  const iam = createFakeIam();
  iam.addUser({ name: 'ana' });
  const tag = (...tags: [string, string][]) =>
    iam.send(new TagUserCommand({ UserName: 'ana', Tags: tags.map(([Key, Value]) => ({ Key, Value })) }));
  return { iam, tag };
};

it('adds tags, replaces them without regard to case, and lists them by key', async () => {
  const { iam, tag } = withAna();
  await tag(['team', 'ops'], ['Owner', 'ana@example.com']);
  await tag(['TEAM', 'platform']);
  const { Tags } = await iam.send(new ListUserTagsCommand({ UserName: 'ana' }));
  expect(Tags).toEqual([
    { Key: 'Owner', Value: 'ana@example.com' },
    { Key: 'TEAM', Value: 'platform' },
  ]);
  await iam.send(new UntagUserCommand({ UserName: 'ana', TagKeys: ['team', 'none'] }));
  expect(iam.user('ana').tags).toEqual({ Owner: 'ana@example.com' });
});

it('holds 50 tags and no more', async () => {
  const { iam, tag } = withAna();
  await tag(...Array.from({ length: 50 }, (_, at): [string, string] => [`key-${at}`, 'x']));
  await expect(tag(['one-more', 'x'])).rejects.toMatchObject(sdkError('LimitExceededException', 409));
  await tag(['key-7', 'y']);
  expect(Object.keys(iam.user('ana').tags)).toHaveLength(50);
});

it('refuses what IAM refuses', async () => {
  const { iam, tag } = withAna();
  await expect(tag(['a', 'x'], ['A', 'y'])).rejects.toMatchObject(sdkError('InvalidInputException', 400));
  await expect(tag(['a', '<b>'])).rejects.toMatchObject(sdkError('ValidationError', 400));
  await expect(tag(['a', 'x'.repeat(257)])).rejects.toMatchObject(sdkError('ValidationError', 400));
  await tag(['empty', '']);
  const nobody = new TagUserCommand({ UserName: 'ben', Tags: [] });
  await expect(iam.send(nobody)).rejects.toMatchObject(sdkError('NoSuchEntityException', 404));
});
