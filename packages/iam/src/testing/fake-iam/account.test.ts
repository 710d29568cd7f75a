import {
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsCommandOutput,
  GetAccountPasswordPolicyCommand,
  GetAccountSummaryCommand,
} from '@aws-sdk/client-iam';
import { expect, expectTypeOf, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import { createFakeIam } from './index.ts';

const now = () => new Date('2026-11-24T10:00:00Z');
const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';

it('details users with tags, groups, policies and boundary', async () => {
  const iam = createFakeIam({ now });
  iam.addUser({
    name: 'ana',
    path: '/ops/',
    groups: ['admins'],
    attachedPolicies: [admin],
    inlinePolicies: { own: '{"a": 1}' },
    boundary: admin,
    tags: { owner: 'ana@example.com' },
    password: { createdAt: now(), lastUsed: now() },
  });
  iam.addUser({ name: 'ben' });
  const answer = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'] }));
  expectTypeOf(answer).toEqualTypeOf<GetAccountAuthorizationDetailsCommandOutput>();
  const common = { UserId: expect.any(String), CreateDate: now() };
  expect(answer.UserDetailList).toEqual([
    {
      ...common,
      Path: '/ops/',
      UserName: 'ana',
      Arn: 'arn:aws:iam::111122223333:user/ops/ana',
      UserPolicyList: [{ PolicyName: 'own', PolicyDocument: '%7B%22a%22%3A%201%7D' }],
      GroupList: ['admins'],
      AttachedManagedPolicies: [{ PolicyName: 'AdministratorAccess', PolicyArn: admin }],
      PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: admin },
      Tags: [{ Key: 'owner', Value: 'ana@example.com' }],
    },
    {
      ...common,
      Path: '/',
      UserName: 'ben',
      Arn: 'arn:aws:iam::111122223333:user/ben',
      GroupList: [],
      AttachedManagedPolicies: [],
    },
  ]);
  expect([answer.GroupDetailList, answer.Policies, answer.IsTruncated]).toEqual([[], [], false]);
});

it('cuts users, groups and policies from one sequence, by the filter', async () => {
  const iam = createFakeIam({ now });
  iam.addGroup({ name: 'admins', attachedPolicies: [admin], inlinePolicies: { own: {} } });
  iam.addPolicy({ name: 'own', document: {} });
  iam.addUser({ name: 'ana' });
  const pages: (readonly (string | undefined)[])[] = [];
  let Marker: string | undefined;
  do {
    const page: GetAccountAuthorizationDetailsCommandOutput = await iam.send(
      new GetAccountAuthorizationDetailsCommand({ MaxItems: 2, Marker }),
    );
    pages.push([
      ...(page.UserDetailList ?? []).map((user) => user.UserName),
      ...(page.GroupDetailList ?? []).map((group) => group.GroupName),
      ...(page.Policies ?? []).map((policy) => policy.PolicyName),
    ]);
    Marker = page.Marker;
  } while (Marker !== undefined);
  expect(pages).toEqual([
    ['ana', 'admins'],
    ['own', 'AdministratorAccess'],
  ]);
  const some = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Group', 'LocalManagedPolicy'] }));
  expect(some.UserDetailList).toEqual([]);
  expect(some.GroupDetailList).toMatchObject([
    {
      GroupName: 'admins',
      GroupPolicyList: [{ PolicyName: 'own' }],
      AttachedManagedPolicies: [{ PolicyArn: admin }],
    },
  ]);
  expect(some.Policies).toMatchObject([{ PolicyName: 'own', PolicyVersionList: [{ Document: '%7B%7D' }] }]);
});

it('refuses a filter and a number of items that IAM does not know', async () => {
  const iam = createFakeIam({ now });
  for (const input of [{ Filter: ['Users' as 'User'] }, { MaxItems: 0 }, { MaxItems: 1_001 }, { Marker: 'x' }]) {
    const call = iam.send(new GetAccountAuthorizationDetailsCommand(input));
    await expect(call).rejects.toMatchObject(sdkError('ValidationError', 400));
  }
});

it('sums up the account', async () => {
  const iam = createFakeIam({ now });
  const summary = async () => (await iam.send(new GetAccountSummaryCommand({}))).SummaryMap;
  expect(await summary()).toMatchObject({ Users: 0, MFADevices: 1, MFADevicesInUse: 1, AccountMFAEnabled: 1 });
  iam.addUser({ name: 'ana', mfa: ['virtual', 'fido'], groups: ['ops'] });
  iam.addUser({ name: 'ben', attachedPolicies: [admin] });
  iam.addSpareMfaDevice('spare');
  iam.addPolicy({ name: 'own', document: {} });
  iam.setRoot({ mfa: false, keys: [{ createdAt: now() }], hasCredentials: false });
  expect(await summary()).toMatchObject({
    Users: 2,
    Groups: 1,
    Policies: 1,
    MFADevices: 3,
    MFADevicesInUse: 2,
    AccountMFAEnabled: 0,
    AccountAccessKeysPresent: 1,
    AccountPasswordPresent: 0,
    AttachedPoliciesPerUserQuota: 10,
    UsersQuota: 5_000,
  });
});

it('has a password policy only when one was made', async () => {
  const iam = createFakeIam({ now });
  const ask = () => iam.send(new GetAccountPasswordPolicyCommand({}));
  await expect(ask()).rejects.toMatchObject(sdkError('NoSuchEntityException', 404));
  iam.setPasswordPolicy({ maxAgeDays: 90, hardExpiry: true, allowChange: false });
  expect((await ask()).PasswordPolicy).toMatchObject({
    MinimumPasswordLength: 8,
    AllowUsersToChangePassword: false,
    ExpirePasswords: true,
    MaxPasswordAge: 90,
    HardExpiry: true,
  });
  iam.setPasswordPolicy({});
  expect((await ask()).PasswordPolicy).toMatchObject({ ExpirePasswords: false, HardExpiry: false });
  iam.setPasswordPolicy(undefined);
  await expect(ask()).rejects.toMatchObject(sdkError('NoSuchEntityException', 404));
});
