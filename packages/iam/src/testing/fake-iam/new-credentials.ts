import type { Instant } from '@remedykit/core';
import { invalidInput, limitExceeded } from './errors.ts';
import {
  type AccessKeyRecord,
  arnOf,
  type KeyUse,
  type MfaDevice,
  type MfaKind,
  type Password,
  type ServiceSpecificRecord,
  secondNow,
  toSecond,
  type UploadRecord,
  type UserRecord,
  type World,
} from './state.ts';

/** A point in time in set-up; its second counts. */
export type Moment = Date | Instant;

/** A password. */
export interface PasswordToAdd {
  readonly createdAt: Moment;
  /** As `createdAt` by default. */
  readonly changedAt?: Moment;
  /** Never by default. */
  readonly lastUsed?: Moment;
  readonly resetRequired?: boolean;
  /** An MFA device that is enabled with it; none by default. */
  readonly mfa?: MfaKind | false;
}

/** An access key. */
export interface KeyToAdd {
  readonly createdAt: Moment;
  /** True by default. */
  readonly active?: boolean;
  /** Never by default; for an instant alone, the service is `s3` and the Region `us-east-1`. */
  readonly lastUsed?: Moment | { readonly at: Moment; readonly service: string; readonly region: string };
  /** `AKIA…`; made up by default, and not in the order of creation. */
  readonly id?: string;
}

/** A service-specific credential; for CodeCommit by default. */
export interface ServiceSpecificToAdd {
  readonly createdAt: Moment;
  readonly service?: string;
  readonly active?: boolean;
  readonly expiresAt?: Moment;
  readonly id?: string;
}

/** A signing certificate or an SSH public key. */
export interface UploadToAdd {
  readonly createdAt: Moment;
  readonly active?: boolean;
  readonly id?: string;
}

export const newPassword = ({ createdAt, changedAt = createdAt, resetRequired = false }: PasswordToAdd): Password => ({
  createdAt: toSecond(createdAt),
  changedAt: toSecond(changedAt),
  resetRequired,
});

/** A use of a key as set-up names it. */
export const keyUse = (use: NonNullable<KeyToAdd['lastUsed']>): KeyUse =>
  typeof use === 'string' || use instanceof Date
    ? { at: toSecond(use), service: 's3', region: 'us-east-1' }
    : { at: toSecond(use.at), service: use.service, region: use.region };

/** The list with one more, within the quota. */
const withOneMore = <T>(list: readonly T[], one: T, quota: string, limit: number): readonly T[] => {
  if (list.length >= limit) throw limitExceeded(quota, limit);
  return [...list, one];
};

export const withKey = (world: World, user: UserRecord, key: KeyToAdd): UserRecord => {
  const id = key.id ?? world.nextId('AKIA');
  if (world.keyOwners.has(id)) throw invalidInput(`There is an access key ${id} already.`);
  const record: AccessKeyRecord = {
    id,
    createdAt: toSecond(key.createdAt),
    active: key.active ?? true,
    ...(key.lastUsed === undefined ? {} : { lastUsed: keyUse(key.lastUsed) }),
  };
  const keys = withOneMore(user.keys, record, 'AccessKeysPerUser', world.quotas.accessKeys);
  world.keyOwners.set(id, user.name);
  return { ...user, keys };
};

export const withServiceSpecific = (world: World, user: UserRecord, one: ServiceSpecificToAdd): UserRecord => {
  const { service = 'codecommit.amazonaws.com', active = true, expiresAt } = one;
  const limit = world.quotas.serviceSpecificPerService;
  if (user.serviceSpecific.filter((other) => other.service === service).length >= limit) {
    throw limitExceeded('ServiceSpecificCredentialsPerUser', limit);
  }
  const record: ServiceSpecificRecord = {
    id: one.id ?? world.nextId('ACCA'),
    service,
    createdAt: toSecond(one.createdAt),
    active,
    ...(expiresAt === undefined ? {} : { expiresAt: toSecond(expiresAt) }),
  };
  return { ...user, serviceSpecific: [...user.serviceSpecific, record] };
};

const upload = (id: string, { createdAt, active = true }: UploadToAdd): UploadRecord => ({
  id,
  uploadedAt: toSecond(createdAt),
  active,
});

export const withCertificate = (world: World, user: UserRecord, one: UploadToAdd): UserRecord => {
  const record = upload(one.id ?? world.nextId('TA7S') + world.nextId('TA7S').slice(4, 15), one);
  const limit = world.quotas.signingCertificates;
  return { ...user, certificates: withOneMore(user.certificates, record, 'SigningCertificatesPerUser', limit) };
};

export const withSshKey = (world: World, user: UserRecord, one: UploadToAdd): UserRecord => {
  const record = upload(one.id ?? world.nextId('APKA'), one);
  return { ...user, sshKeys: withOneMore(user.sshKeys, record, 'SSHPublicKeysPerUser', world.quotas.sshKeys) };
};

const serialOf = (world: World, user: UserRecord, kind: MfaKind): string => {
  if (kind === 'hardware') return `GAHT${world.nextId('').slice(0, 8)}`;
  if (kind === 'fido') return arnOf(world, `u2f/user/${user.name}/key-${world.nextId('')}`);
  const own = arnOf(world, `mfa/${user.name}`);
  return world.serials.has(own) ? `${own}-${world.nextId('')}` : own;
};

/** Enables a device of any kind. */
export const withMfa = (world: World, user: UserRecord, kind: MfaKind, at?: Moment): UserRecord => {
  const enabledAt = at === undefined ? secondNow(world) : toSecond(at);
  const device: MfaDevice = { kind, serial: serialOf(world, user, kind), enabledAt };
  const mfa = withOneMore(user.mfa, device, 'MFADevicesPerUser', world.quotas.mfaDevices);
  world.serials.add(device.serial);
  return { ...user, mfa };
};
