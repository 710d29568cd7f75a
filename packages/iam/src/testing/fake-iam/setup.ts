import type { Instant } from '@remedykit/core';
import { deleteAccessKey, updateAccessKey } from './access-keys.ts';
import { ensurePolicy } from './aws-policies.ts';
import { invalidInput } from './errors.ts';
import { addUserToGroup, makeGroup, removeUserFromGroup } from './groups.ts';
import { currentUser, saveUser } from './lookups.ts';
import {
  type KeyToAdd,
  keyUse,
  type Moment,
  newPassword,
  type PasswordToAdd,
  withKey,
  withMfa,
} from './new-credentials.ts';
import { addPolicy, addPolicyVersion, attachable, inlinePolicies, type PolicyToAdd } from './setup-policies.ts';
import { addUser, type UserToAdd } from './setup-users.ts';
import { arnOf, type MfaKind, secondNow, toSecond, type UserRecord, type World } from './state.ts';
import { mergedTags } from './tags.ts';
import { attachUserPolicy, detachUserPolicy } from './user-policies.ts';
import { removeUser } from './users.ts';
import { type UserView, viewUser } from './views.ts';

/** A group. */
export interface GroupToAdd {
  readonly name: string;
  readonly path?: string;
  /** ARNs of managed policies. */
  readonly attachedPolicies?: readonly string[];
  readonly inlinePolicies?: Readonly<Record<string, string | object>>;
}

/** The password policy of the account. */
export interface PasswordPolicyToSet {
  /** 8 by default. */
  readonly minimumLength?: number;
  /** Days; absent: passwords never expire. */
  readonly maxAgeDays?: number;
  /** False by default. */
  readonly hardExpiry?: boolean;
  /** True by default. */
  readonly allowChange?: boolean;
}

/** The root user. */
export interface RootToSet {
  readonly createdAt?: Moment;
  readonly mfa?: MfaKind | false;
  readonly passwordLastUsed?: Moment;
  readonly keys?: readonly KeyToAdd[];
  /** False: a member account whose root credentials were removed centrally. */
  readonly hasCredentials?: boolean;
}

/** Changes that people, IAM itself or a stage make; not counted, never throttled, no fault hits them. */
export interface FakeIamSetup {
  /**
   * Adds a user with everything that it has.
   * @example
   * ```ts
   * import { createFakeIam } from '@remedykit/iam/testing';
   * const iam = createFakeIam({ now: () => new Date('2026-11-24T10:00:00Z') });
   * iam.addUser({ name: 'ana', password: { createdAt: '2026-06-01T08:00:00Z' } });
   * iam.addUser({ name: 'backup', keys: [{ createdAt: '2026-08-26T08:00:00Z' }], tags: { owner: 'ops@example.com' } });
   * ```
   */
  addUser(user: UserToAdd): UserView;
  /** Adds many; the function is asked with 0, 1, … */
  addUsers(count: number, user: (index: number) => UserToAdd): void;
  /** Lets a user be gone with everything that it had. */
  removeUser(name: string): void;
  setBoundary(name: string, arn: string | undefined): void;
  tag(name: string, tags: Readonly<Record<string, string>>): void;
  untag(name: string, ...keys: readonly string[]): void;
  addGroup(group: GroupToAdd): void;
  addToGroup(name: string, group: string): void;
  removeFromGroup(name: string, group: string): void;
  /** Adds a managed policy; gives its ARN. */
  addPolicy(policy: PolicyToAdd): string;
  /** Adds a version, the default one if nothing else is said; gives its id. */
  addPolicyVersion(arn: string, document: string | object, options?: { readonly asDefault?: boolean }): string;
  attach(name: string, arn: string): void;
  detach(name: string, arn: string): void;
  /** Gives a user a password, a new one if there was one. */
  setPassword(name: string, password: PasswordToAdd): void;
  /** The user changes the password: when it was created does not move. */
  changePassword(name: string): void;
  removePassword(name: string): void;
  /** The user signs in to the console; now by default. */
  signIn(name: string, at?: Moment): void;
  /** Enables an MFA device, now by default; gives its serial number. */
  enableMfa(name: string, kind?: MfaKind, at?: Moment): string;
  /** Takes one MFA device away, or all. */
  disableMfa(name: string, serial?: string): void;
  /** Adds a virtual MFA device that is nobody's; gives its serial number. */
  addSpareMfaDevice(name: string): string;
  /** Adds an access key, created now if nothing else is said; gives its id. */
  addKey(name: string, key?: Partial<KeyToAdd>): string;
  setKeyActive(name: string, id: string, active: boolean): void;
  useKey(name: string, id: string, use: NonNullable<KeyToAdd['lastUsed']>): void;
  removeKey(name: string, id: string): void;
  /** undefined: the account has no password policy. */
  setPasswordPolicy(policy: PasswordPolicyToSet | undefined): void;
  /** What is left out stays as it is. */
  setRoot(root: RootToSet): void;
}

const setRoot = (world: World, given: RootToSet): void => {
  const { createdAt, mfa, passwordLastUsed, keys, hasCredentials } = given;
  const keyRecords = keys?.map((key) => ({
    id: key.id ?? world.nextId('AKIA'),
    createdAt: toSecond(key.createdAt),
    active: key.active ?? true,
    ...(key.lastUsed === undefined ? {} : { lastUsed: keyUse(key.lastUsed) }),
  }));
  world.root = {
    ...world.root,
    ...(createdAt === undefined ? {} : { createdAt: toSecond(createdAt) }),
    ...(mfa === undefined ? {} : { mfa }),
    ...(passwordLastUsed === undefined ? {} : { passwordLastUsedAt: toSecond(passwordLastUsed) }),
    ...(keyRecords === undefined ? {} : { keys: keyRecords }),
    ...(hasCredentials === undefined ? {} : { hasCredentials }),
  };
};

const passwordSetup = (world: World, change: (name: string, to: (user: UserRecord) => UserRecord) => void) => ({
  setPassword: (name: string, password: PasswordToAdd): void =>
    change(name, (user) => {
      const having = { ...user, password: newPassword(password) };
      const { lastUsed, mfa = false, createdAt } = password;
      const used = lastUsed === undefined ? having : { ...having, passwordLastUsedAt: toSecond(lastUsed) };
      return mfa === false ? used : withMfa(world, used, mfa, createdAt);
    }),
  changePassword: (name: string): void =>
    change(name, (user) => {
      if (user.password === undefined) throw invalidInput(`${name} has no password to change.`);
      return { ...user, password: { ...user.password, changedAt: secondNow(world), resetRequired: false } };
    }),
  removePassword: (name: string): void => change(name, ({ password: _gone, ...user }) => user),
  signIn: (name: string, at?: Moment): void =>
    change(name, (user) => ({ ...user, passwordLastUsedAt: at === undefined ? secondNow(world) : toSecond(at) })),
});

const mfaSetup = (world: World, change: (name: string, to: (user: UserRecord) => UserRecord) => void) => ({
  enableMfa(name: string, kind: MfaKind = 'virtual', at?: Moment): string {
    change(name, (user) => withMfa(world, user, kind, at));
    return currentUser(world, name).mfa.at(-1)?.serial ?? '';
  },
  disableMfa: (name: string, serial?: string): void =>
    change(name, (user) => {
      const gone = user.mfa.filter((device) => serial === undefined || device.serial === serial);
      for (const device of gone) world.serials.delete(device.serial);
      return { ...user, mfa: user.mfa.filter((device) => !gone.includes(device)) };
    }),
  addSpareMfaDevice(name: string): string {
    const serial = arnOf(world, `mfa/${name}`);
    world.serials.add(serial);
    world.spareDevices.set(serial, { serial });
    return serial;
  },
});

const keySetup = (world: World, change: (name: string, to: (user: UserRecord) => UserRecord) => void) => ({
  addKey(name: string, key: Partial<KeyToAdd> = {}): string {
    const createdAt: Instant | Date = key.createdAt ?? new Date(secondNow(world));
    change(name, (user) => withKey(world, user, { ...key, createdAt }));
    return currentUser(world, name).keys.at(-1)?.id ?? '';
  },
  setKeyActive(name: string, id: string, active: boolean): void {
    updateAccessKey(world, { UserName: name, AccessKeyId: id, Status: active ? 'Active' : 'Inactive' });
  },
  useKey: (name: string, id: string, use: NonNullable<KeyToAdd['lastUsed']>): void =>
    change(name, (user) => {
      if (!user.keys.some((key) => key.id === id)) throw invalidInput(`${name} has no access key ${id}.`);
      const lastUsed = keyUse(use);
      return { ...user, keys: user.keys.map((key) => (key.id === id ? { ...key, lastUsed } : key)) };
    }),
  removeKey(name: string, id: string): void {
    deleteAccessKey(world, { UserName: name, AccessKeyId: id });
  },
});

/** The changes to one account. */
export const createSetup = (world: World): FakeIamSetup => {
  const change = (name: string, to: (user: UserRecord) => UserRecord): void =>
    saveUser(world, to(currentUser(world, name)));
  return {
    addUser: (user) => viewUser(addUser(world, user)),
    addUsers(count, user) {
      for (let index = 0; index < count; index += 1) addUser(world, user(index));
    },
    removeUser: (name) => removeUser(world, currentUser(world, name)),
    setBoundary: (name, arn) =>
      change(name, ({ boundaryArn: _old, ...user }) =>
        arn === undefined ? user : { ...user, boundaryArn: ensurePolicy(world, arn).arn },
      ),
    tag: (name, tags) =>
      change(name, (user) => {
        const given = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        return { ...user, tags: mergedTags(world, user.tags, given) };
      }),
    untag: (name, ...keys) =>
      change(name, (user) => ({ ...user, tags: user.tags.filter((one) => !keys.includes(one.Key)) })),
    addGroup({ name, path, attachedPolicies = [], inlinePolicies: inline = {} }) {
      const attached = attachable(world, attachedPolicies);
      world.groups.set(name, { ...makeGroup(world, { name, path }), attached, inline: inlinePolicies(inline) });
    },
    addToGroup(name, group) {
      addUserToGroup(world, { UserName: name, GroupName: group });
    },
    removeFromGroup(name, group) {
      removeUserFromGroup(world, { UserName: name, GroupName: group });
    },
    addPolicy: (policy) => addPolicy(world, policy),
    addPolicyVersion: (arn, document, options) => addPolicyVersion(world, arn, document, options?.asDefault ?? true),
    attach(name, arn) {
      attachUserPolicy(world, { UserName: name, PolicyArn: arn });
    },
    detach(name, arn) {
      detachUserPolicy(world, { UserName: name, PolicyArn: arn });
    },
    ...passwordSetup(world, change),
    ...mfaSetup(world, change),
    ...keySetup(world, change),
    setPasswordPolicy(policy) {
      world.passwordPolicy =
        policy === undefined ? undefined : { minimumLength: 8, hardExpiry: false, allowChange: true, ...policy };
    },
    setRoot: (root) => setRoot(world, root),
  };
};
