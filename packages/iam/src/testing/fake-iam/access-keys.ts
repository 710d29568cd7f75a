import type {
  CreateAccessKeyCommandInput,
  CreateAccessKeyCommandOutput,
  DeleteAccessKeyCommandInput,
  DeleteAccessKeyCommandOutput,
  GetAccessKeyLastUsedCommandInput,
  GetAccessKeyLastUsedCommandOutput,
  ListAccessKeysCommandInput,
  ListAccessKeysCommandOutput,
  UpdateAccessKeyCommandInput,
  UpdateAccessKeyCommandOutput,
} from '@aws-sdk/client-iam';
import { awsError } from '../aws-error.ts';
import { type Answer, dateOf, statusOf } from './answers.ts';
import { limitExceeded, noSuchThing } from './errors.ts';
import { currentUser, saveUser, seenUser } from './lookups.ts';
import type { Pager } from './pages.ts';
import { type AccessKeyRecord, secondNow, type UserRecord, type World } from './state.ts';
import { accessKeyId, isActive } from './validate.ts';

const keyOf = (user: UserRecord, id: string): AccessKeyRecord => {
  const key = user.keys.find((one) => one.id === id);
  if (key === undefined) throw noSuchThing('Access Key', id);
  return key;
};

/** Two keys at most, inactive ones among them. */
export const createAccessKey = (
  world: World,
  input: CreateAccessKeyCommandInput,
): Answer<CreateAccessKeyCommandOutput> => {
  const user = currentUser(world, input.UserName, 'caller');
  if (user.keys.length >= world.quotas.accessKeys) throw limitExceeded('AccessKeysPerUser', world.quotas.accessKeys);
  const key: AccessKeyRecord = { id: world.nextId('AKIA'), createdAt: secondNow(world), active: true };
  world.keyOwners.set(key.id, user.name);
  saveUser(world, { ...user, keys: [...user.keys, key] });
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: key.id,
      Status: 'Active',
      SecretAccessKey: 'not-a-secret-the-fake-has-none-to-give-',
      CreateDate: dateOf(key.createdAt),
    },
  };
};

export const listAccessKeys = (
  world: World,
  page: Pager,
  input: ListAccessKeysCommandInput,
): Answer<ListAccessKeysCommandOutput> => {
  const { name, keys } = seenUser(world, input.UserName, 'caller');
  const ordered = keys.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const { page: some, end } = page('ListAccessKeys', ordered, (key) => key.id, input);
  return {
    AccessKeyMetadata: some.map(({ id, active, createdAt }) => ({
      UserName: name,
      AccessKeyId: id,
      Status: statusOf(active),
      CreateDate: dateOf(createdAt),
    })),
    ...end,
  };
};

/** Both ways; a status that it has already is a success. */
export const updateAccessKey = (
  world: World,
  input: UpdateAccessKeyCommandInput,
): Answer<UpdateAccessKeyCommandOutput> => {
  const id = accessKeyId(input.AccessKeyId);
  const active = isActive(input.Status);
  const user = currentUser(world, input.UserName, 'caller');
  const changed = { ...keyOf(user, id), active };
  saveUser(world, { ...user, keys: user.keys.map((key) => (key.id === id ? changed : key)) });
  return {};
};

export const deleteAccessKey = (
  world: World,
  input: DeleteAccessKeyCommandInput,
): Answer<DeleteAccessKeyCommandOutput> => {
  const id = accessKeyId(input.AccessKeyId);
  const user = currentUser(world, input.UserName, 'caller');
  keyOf(user, id);
  saveUser(world, { ...user, keys: user.keys.filter((key) => key.id !== id) });
  return {};
};

/** A key of nobody here is AccessDenied, for IAM does not tell whether it exists elsewhere. */
export const getAccessKeyLastUsed = (
  world: World,
  input: GetAccessKeyLastUsedCommandInput,
): Answer<GetAccessKeyLastUsedCommandOutput> => {
  const id = accessKeyId(input.AccessKeyId);
  const user = world.users.seen(world.keyOwners.get(id) ?? '');
  const key = user?.keys.find((one) => one.id === id);
  if (user === undefined || key === undefined) {
    throw awsError(
      'AccessDenied',
      `You are not authorized to perform: iam:GetAccessKeyLastUsed on resource: user with access key id ${id}`,
    );
  }
  const { lastUsed } = key;
  return {
    UserName: user.name,
    AccessKeyLastUsed:
      lastUsed === undefined
        ? { ServiceName: 'N/A', Region: 'N/A' }
        : { LastUsedDate: dateOf(lastUsed.at), ServiceName: lastUsed.service, Region: lastUsed.region },
  };
};
