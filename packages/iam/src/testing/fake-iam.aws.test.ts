import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  GenerateCredentialReportCommand,
  GetAccessKeyLastUsedCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountPasswordPolicyCommand,
  GetCredentialReportCommand,
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateAccessKeyCommand,
  UpdateLoginProfileCommand,
  type UserDetail,
} from '@aws-sdk/client-iam';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { createFakeIam } from './fake-iam/index.ts';

// The same random requests to the fake IAM and to moto: after each both must have answered alike and hold the same.
// Requests at which moto is known to be wrong are left out there, and shown one by one below.

const runs = Number(process.env.REMEDYKIT_RUNS ?? 15);
const moto = new IAMClient({ maxAttempts: 1 });
afterAll(() => moto.destroy());

const names = ['ana', 'ben@example.com'] as const;
const policies = ['one', 'two'] as const;
const accountId = '123456789012';
const arnOf = (policy: string): string => `arn:aws:iam::${accountId}:policy/ops/${policy}`;

interface Side {
  readonly iam: Pick<IAMClient, 'send'>;
  /** Ids of the keys in the order of their creation, for each side makes up its own. */
  readonly keys: string[];
}

/** Both as they begin: a group and two policies. */
const prepare = async (iam: Side['iam']): Promise<Side> => {
  await iam.send(new CreateGroupCommand({ GroupName: 'ops', Path: '/eu/' }));
  for (const PolicyName of policies) {
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Sid: 'Its', Effect: 'Deny', Action: '*', Resource: '*' }],
    });
    await iam.send(new CreatePolicyCommand({ PolicyName, Path: '/ops/', PolicyDocument }));
  }
  return { iam, keys: [] };
};

const start = async (): Promise<{ fake: Side; emulated: Side }> => {
  await fetch(new URL('/moto-api/reset', process.env.AWS_ENDPOINT_URL), { method: 'POST' });
  const fake = createFakeIam({ accountId, profileSettlesAfterMs: 0 });
  return { fake: await prepare(fake), emulated: await prepare(moto) };
};

type Request = { readonly user: string } & (
  | { readonly do: 'create' | 'delete' | 'password' | 'new-password' | 'no-password' | 'new-key' | 'join' | 'get' }
  | { readonly do: 'tag' | 'untag'; readonly key: string; readonly value: string }
  | { readonly do: 'attach' | 'detach'; readonly policy: string }
  | { readonly do: 'switch-key'; readonly key: number; readonly status: 'Active' | 'Inactive' }
  | { readonly do: 'delete-key' | 'use-of-key'; readonly key: number }
);

const bare = (name: string): Request => ({ do: 'create', user: name });

const Password = 'Correct-horse-8';
const noKey = 'AKIAAAAAAAAAAAAAAAAA';

const send = async ({ iam, keys }: Side, request: Request): Promise<unknown> => {
  const UserName = request.user;
  switch (request.do) {
    case 'create':
      return told((await iam.send(new CreateUserCommand({ UserName, Path: '/people/' }))).User);
    case 'delete':
      return plain(await iam.send(new DeleteUserCommand({ UserName })));
    case 'get':
      return told((await iam.send(new GetUserCommand({ UserName }))).User);
    case 'password':
      return told((await iam.send(new CreateLoginProfileCommand({ UserName, Password }))).LoginProfile);
    case 'new-password':
      return plain(await iam.send(new UpdateLoginProfileCommand({ UserName, Password, PasswordResetRequired: true })));
    case 'no-password':
      return plain(await iam.send(new DeleteLoginProfileCommand({ UserName })));
    case 'join':
      return plain(await iam.send(new AddUserToGroupCommand({ UserName, GroupName: 'ops' })));
    case 'tag': {
      const Tags = [{ Key: request.key, Value: request.value }];
      return plain(await iam.send(new TagUserCommand({ UserName, Tags })));
    }
    case 'untag':
      return plain(await iam.send(new UntagUserCommand({ UserName, TagKeys: [request.key] })));
    case 'attach':
      return plain(await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: arnOf(request.policy) })));
    case 'detach':
      return plain(await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: arnOf(request.policy) })));
    case 'new-key': {
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
      keys.push(AccessKey?.AccessKeyId ?? '');
      return told(AccessKey);
    }
    case 'switch-key': {
      const AccessKeyId = keys[request.key] ?? noKey;
      return plain(await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: request.status })));
    }
    case 'delete-key':
      return plain(await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: keys[request.key] ?? noKey })));
    case 'use-of-key': {
      const AccessKeyId = keys[request.key] ?? noKey;
      return (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).UserName;
    }
  }
};

/** An answer without what each side makes up: ids, secrets and instants. */
const told = (answer: object | undefined): unknown =>
  Object.fromEntries(
    Object.entries(answer ?? {})
      .filter(([, value]) => value !== undefined)
      // IAM lists tags by key, moto as they came.
      .map(([key, value]) => [key, Array.isArray(value) ? value.map((one) => JSON.stringify(told(one))).sort() : value])
      .map(([key, value]) => [key, /^(User|Group|Policy|AccessKey)Id$|^Secret|Date$/.test(key) ? value !== '' : value])
      .sort(),
  );

const plain = ({ $metadata: _metadata, ...answer }: object & { $metadata: unknown }): unknown => answer;

interface ServiceError {
  readonly name: string;
  readonly Code?: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What the caller sees: the answer, or name, code, fault and status of the error. */
const endOf = (side: Side, request: Request): Promise<unknown> =>
  send(side, request).catch(({ name, Code, $fault, $metadata }: ServiceError) => ({
    error: name,
    code: Code,
    fault: $fault,
    status: $metadata?.httpStatusCode,
  }));

const byName = (one: UserDetail, other: UserDetail): number => ((one.UserName ?? '') < (other.UserName ?? '') ? -1 : 1);

/** All that both hold, by the reads at which moto is right. */
const stateOf = async ({ iam, keys }: Side): Promise<unknown> => {
  const { UserDetailList = [] } = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'] }));
  const { Users } = await iam.send(new ListUsersCommand({}));
  const users = await Promise.all(
    UserDetailList.toSorted(byName).map(async ({ UserName, Path, Arn, GroupList, AttachedManagedPolicies, Tags }) => {
      const attached = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
      const groups = await iam.send(new ListGroupsForUserCommand({ UserName }));
      const tags = await iam.send(new ListUserTagsCommand({ UserName }));
      const owned = await iam.send(new ListAccessKeysCommand({ UserName }));
      const devices = await iam.send(new ListMFADevicesCommand({ UserName }));
      const profile = await iam.send(new GetLoginProfileCommand({ UserName })).then(
        ({ LoginProfile }) => LoginProfile?.PasswordResetRequired,
        (error: ServiceError) => error.name,
      );
      const inOrder = <T>(list: readonly T[] | undefined): string[] =>
        (list ?? []).map((one) => JSON.stringify(one, Object.keys(one as object).sort())).sort();
      return {
        UserName,
        Path,
        Arn,
        GroupList: GroupList ?? [],
        groups: groups.Groups?.map(told),
        attached: [inOrder(AttachedManagedPolicies), inOrder(attached.AttachedPolicies)],
        tags: [inOrder(Tags), inOrder(tags.Tags)],
        keys: owned.AccessKeyMetadata?.map((key) => [
          keys.indexOf(key.AccessKeyId ?? ''),
          key.UserName,
          key.Status,
        ]).sort(),
        devices: devices.MFADevices,
        profile,
      };
    }),
  );
  return { names: Users?.map((user) => user.UserName).sort(), users };
};

/** Where moto is known to be wrong, by what the fake holds before the request. */
const motoIsWrong = (fake: ReturnType<typeof createFakeIam>, keys: readonly string[], request: Request): boolean => {
  const user = fake.users.find((one) => one.name === request.user);
  if (request.do === 'use-of-key') {
    // Of a key that is not there: NoSuchEntity.
    return !fake.users.some((one) => one.keys.some((key) => key.id === keys[request.key]));
  }
  // Of a user who has something: it is deleted, unless a policy is in the way.
  if (request.do !== 'delete' || user === undefined || user.attachedPolicies.length > 0) return false;
  return user.keys.length > 0 || user.groups.length > 0 || user.password !== undefined;
};

const user = fc.constantFrom(...names, ...names, 'nobody');
const key = fc.integer({ min: 0, max: 3 });
const request: fc.Arbitrary<Request> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('create' as const), user: fc.constantFrom(...names) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        ...(['delete', 'password', 'new-password', 'no-password', 'new-key', 'new-key', 'join', 'get'] as const),
      ),
      user,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('tag' as const, 'tag' as const, 'untag' as const),
      user,
      key: fc.constantFrom('owner', 'team'),
      value: fc.constantFrom('ana@example.com', '', 'über uns'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('attach' as const, 'attach' as const, 'detach' as const),
      user,
      policy: fc.constantFrom(...policies, ...policies, 'none'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('switch-key' as const),
      user,
      key,
      status: fc.constantFrom('Active' as const, 'Inactive' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('delete-key' as const, 'use-of-key' as const), user, key }) },
);

it(
  'the fake IAM answers and holds what moto does, at any sequence of requests, wherever moto is right',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 8, maxLength: 20 }), async (requests) => {
        const { fake, emulated } = await start();
        for (const [at, one] of [bare('ana'), ...requests].entries()) {
          if (motoIsWrong(fake.iam as ReturnType<typeof createFakeIam>, fake.keys, one)) continue;
          const said = `request ${at + 1}: ${JSON.stringify(one)}`;
          expect(await endOf(fake, one), said).toEqual(await endOf(emulated, one));
        }
        expect(await stateOf(fake), JSON.stringify(requests)).toEqual(await stateOf(emulated));
      }),
      { numRuns: runs },
    );
  },
  60_000 + runs * 4_000,
);

it('a policy and its version are told alike', async () => {
  const { fake, emulated } = await start();
  const PolicyArn = arnOf('one');
  const policyOf = async ({ iam }: Side) => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    // Moto counts no boundaries.
    const { PermissionsBoundaryUsageCount: _boundaries, Tags: _tags, ...policy } = Policy ?? {};
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    const { Document, ...version } = PolicyVersion ?? {};
    return [told(policy), { ...version, CreateDate: undefined }, JSON.parse(decodeURIComponent(Document ?? ''))];
  };
  expect(await policyOf(fake)).toEqual(await policyOf(emulated));
});

it('a password policy that is not there is told alike', async () => {
  const { fake, emulated } = await start();
  const endOn = ({ iam }: Side): Promise<unknown> =>
    iam
      .send(new GetAccountPasswordPolicyCommand({}))
      .catch(({ name, $metadata }: ServiceError) => [name, $metadata?.httpStatusCode]);
  expect(await endOn(fake)).toEqual(await endOn(emulated));
});

it('the columns of the credential report, and a report that is not there, are told alike', async () => {
  const { fake, emulated } = await start();
  const reportOf = async ({ iam }: Side): Promise<unknown> => {
    const get = () => iam.send(new GetCredentialReportCommand({}));
    const missing = await get().catch(({ name, $metadata }: ServiceError) => [name, $metadata?.httpStatusCode]);
    const { State } = await iam.send(new GenerateCredentialReportCommand({}));
    return [missing, State];
  };
  expect(await reportOf(fake)).toEqual(await reportOf(emulated));
  const header = async (iam: Side['iam']): Promise<string | undefined> => {
    await iam.send(new GenerateCredentialReportCommand({}));
    const { Content } = await iam.send(new GetCredentialReportCommand({}));
    return new TextDecoder().decode(Content).split('\n')[0];
  };
  expect(await header(createFakeIam({ report: { takesMs: 0 } }))).toBe(await header(moto));
});

const clientError = (error: string, code: string, status: number) => ({ error, code, fault: 'client', status });

it.each<[string, Request[], unknown, unknown]>([
  [
    'it deletes a user who has a password',
    [bare('ana'), { do: 'password', user: 'ana' }, { do: 'delete', user: 'ana' }],
    clientError('DeleteConflictException', 'DeleteConflict', 409),
    {},
  ],
  [
    'it deletes a user who has keys',
    [bare('ana'), { do: 'new-key', user: 'ana' }, { do: 'delete', user: 'ana' }],
    clientError('DeleteConflictException', 'DeleteConflict', 409),
    {},
  ],
  [
    'it says that a key is not there, where IAM does not tell',
    [{ do: 'use-of-key', user: 'ana', key: 0 }],
    clientError('AccessDenied', 'AccessDenied', 403),
    clientError('NoSuchEntityException', 'NoSuchEntity', 404),
  ],
])('moto differs by name: %s', async (_what, requests, ofFake, ofMoto) => {
  const { fake, emulated } = await start();
  const last = requests.at(-1) as Request;
  for (const one of requests.slice(0, -1)) expect(await endOf(fake, one)).toEqual(await endOf(emulated, one));
  expect([await endOf(fake, last), await endOf(emulated, last)]).toEqual([ofFake, ofMoto]);
});

it('moto differs by name: no pages of users, no rows of root, a report of 2015', async () => {
  const { fake, emulated } = await start();
  const namesOn = async ({ iam }: Side) => {
    for (const name of names) await send({ iam, keys: [] }, bare(name));
    return (await iam.send(new ListUsersCommand({ MaxItems: 1 }))).Users?.length;
  };
  expect([await namesOn(fake), await namesOn(emulated)]).toEqual([1, 2]);
  await moto.send(new GenerateCredentialReportCommand({}));
  const { Content, GeneratedTime } = await moto.send(new GetCredentialReportCommand({}));
  expect(new TextDecoder().decode(Content)).not.toContain('<root_account>');
  expect(GeneratedTime?.getUTCFullYear()).toBe(2015);
});
