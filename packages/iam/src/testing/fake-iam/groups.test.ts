import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  GetGroupCommand,
  ListAttachedGroupPoliciesCommand,
  ListGroupsForUserCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import { createFakeIam } from './index.ts';

const noSuchEntity = sdkError('NoSuchEntityException', 404);

it('takes users in and out, both being successes when there is nothing to do', async () => {
  const iam = createFakeIam();
  iam.addUser({ name: 'ana' });
  await iam.send(new CreateGroupCommand({ GroupName: 'ops', Path: '/eu/' }));
  const membership = { UserName: 'ana', GroupName: 'ops' };
  await iam.send(new AddUserToGroupCommand(membership));
  await iam.send(new AddUserToGroupCommand(membership));
  const { Groups } = await iam.send(new ListGroupsForUserCommand({ UserName: 'ana' }));
  expect(Groups).toEqual([
    {
      Path: '/eu/',
      GroupName: 'ops',
      GroupId: expect.stringMatching(/^AGPA/),
      Arn: 'arn:aws:iam::111122223333:group/eu/ops',
      CreateDate: expect.any(Date),
    },
  ]);
  await iam.send(new RemoveUserFromGroupCommand(membership));
  await iam.send(new RemoveUserFromGroupCommand(membership));
  expect(iam.user('ana').groups).toEqual([]);
});

it('lets a user be in 10 groups and no more', async () => {
  const iam = createFakeIam();
  const groups = Array.from({ length: 10 }, (_, at) => `group-${at}`);
  iam.addUser({ name: 'ana', groups });
  iam.addGroup({ name: 'one-more' });
  const add = new AddUserToGroupCommand({ UserName: 'ana', GroupName: 'one-more' });
  await expect(iam.send(add)).rejects.toMatchObject(sdkError('LimitExceededException', 409));
  expect(() => iam.addUser({ name: 'ben', groups: [...groups, 'one-more'] })).toThrow(/GroupsPerUser/);
  expect(iam.users.map((user) => user.name)).toEqual(['ana']);
});

it('shows members by pages of 100, as IAM does', async () => {
  const iam = createFakeIam();
  iam.addUsers(101, (index) => ({ name: `user-${String(index).padStart(3, '0')}`, groups: ['exempt'] }));
  iam.addUser({ name: 'other' });
  const first = await iam.send(new GetGroupCommand({ GroupName: 'exempt' }));
  expect([first.Users?.length, first.IsTruncated]).toEqual([100, true]);
  const second = await iam.send(new GetGroupCommand({ GroupName: 'exempt', Marker: first.Marker }));
  expect([second.Users?.map((user) => user.UserName), second.IsTruncated]).toEqual([['user-100'], false]);
});

it('shows what is attached to a group', async () => {
  const iam = createFakeIam();
  const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  iam.addGroup({ name: 'admins', attachedPolicies: [arn] });
  const { AttachedPolicies } = await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName: 'admins' }));
  expect(AttachedPolicies).toEqual([{ PolicyName: 'AdministratorAccess', PolicyArn: arn }]);
});

it('knows no group that is not there, and none twice', async () => {
  const iam = createFakeIam();
  iam.addUser({ name: 'ana' });
  iam.addGroup({ name: 'ops' });
  await expect(iam.send(new GetGroupCommand({ GroupName: 'none' }))).rejects.toMatchObject(noSuchEntity);
  await expect(iam.send(new ListAttachedGroupPoliciesCommand({ GroupName: 'none' }))).rejects.toMatchObject(
    noSuchEntity,
  );
  await expect(iam.send(new AddUserToGroupCommand({ UserName: 'ana', GroupName: 'none' }))).rejects.toMatchObject(
    noSuchEntity,
  );
  await expect(iam.send(new CreateGroupCommand({ GroupName: 'OPS' }))).rejects.toMatchObject(
    sdkError('EntityAlreadyExistsException', 409),
  );
});
