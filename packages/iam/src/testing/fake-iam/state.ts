import type { Clock } from '@remedykit/core';
import type { Table } from './table.ts';

// Instants are milliseconds since the epoch, in whole seconds as IAM keeps them. Records are replaced, never changed.

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface InlinePolicy {
  readonly name: string;
  readonly document: string;
}

export interface Password {
  /** Survives changes of the password. */
  readonly createdAt: number;
  readonly changedAt: number;
  readonly resetRequired: boolean;
  /** Until when IAM refuses to change or delete it. */
  readonly settlesAt?: number;
}

/** How an MFA device is made: an app, a token with a serial number, or a passkey or security key. */
export type MfaKind = 'virtual' | 'hardware' | 'fido';

export interface MfaDevice {
  readonly kind: MfaKind;
  readonly serial: string;
  readonly enabledAt: number;
}

/** A use of a key as IAM tells it. */
export interface KeyUse {
  readonly at: number;
  readonly service: string;
  readonly region: string;
}

export interface AccessKeyRecord {
  readonly id: string;
  readonly createdAt: number;
  readonly active: boolean;
  readonly lastUsed?: KeyUse;
}

export interface ServiceSpecificRecord {
  readonly id: string;
  /** `codecommit.amazonaws.com` */
  readonly service: string;
  readonly createdAt: number;
  readonly active: boolean;
  readonly expiresAt?: number;
}

/** A signing certificate or an SSH public key. */
export interface UploadRecord {
  readonly id: string;
  readonly uploadedAt: number;
  readonly active: boolean;
}

export interface UserRecord {
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly tags: readonly Tag[];
  /** Names. */
  readonly groups: readonly string[];
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  readonly inline: readonly InlinePolicy[];
  readonly boundaryArn?: string;
  readonly password?: Password;
  /** Stays when the password is deleted. */
  readonly passwordLastUsedAt?: number;
  readonly mfa: readonly MfaDevice[];
  readonly keys: readonly AccessKeyRecord[];
  readonly serviceSpecific: readonly ServiceSpecificRecord[];
  readonly certificates: readonly UploadRecord[];
  readonly sshKeys: readonly UploadRecord[];
}

export interface GroupRecord {
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly attached: readonly string[];
  readonly inline: readonly InlinePolicy[];
}

export interface PolicyVersionRecord {
  readonly id: string;
  readonly document: string;
  readonly createdAt: number;
}

export interface PolicyRecord {
  readonly arn: string;
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** False for policies that IAM keeps for service-linked roles. */
  readonly attachable: boolean;
  readonly defaultVersion: string;
  /** The newest first. */
  readonly versions: readonly PolicyVersionRecord[];
}

export interface RootRecord {
  readonly createdAt: number;
  readonly mfa: MfaKind | false;
  readonly passwordLastUsedAt?: number;
  readonly keys: readonly AccessKeyRecord[];
  readonly certificates: readonly UploadRecord[];
  /** False: a member account whose root credentials were removed centrally. */
  readonly hasCredentials: boolean;
}

/** The password policy of the account. */
export interface PasswordPolicyRecord {
  readonly minimumLength: number;
  /** Days; absent: passwords never expire. */
  readonly maxAgeDays?: number;
  /** True: whose password has expired needs an administrator. */
  readonly hardExpiry: boolean;
  readonly allowChange: boolean;
}

/** IAM's quotas; those that AWS raises on request are options. */
export interface Quotas {
  readonly users: number;
  readonly accessKeys: number;
  readonly groupsPerUser: number;
  readonly policiesPerUser: number;
  readonly tags: number;
  readonly mfaDevices: number;
  readonly signingCertificates: number;
  readonly sshKeys: number;
  readonly serviceSpecificPerService: number;
  readonly policyVersions: number;
}

/** One account. */
export interface World {
  readonly accountId: string;
  readonly partition: string;
  readonly now: Clock;
  readonly nextId: (prefix: string) => string;
  readonly quotas: Quotas;
  readonly profileSettlesAfterMs: number;
  readonly users: Table<UserRecord>;
  readonly groups: Table<GroupRecord>;
  readonly policies: Table<PolicyRecord>;
  /** Virtual devices that belong to nobody, by serial. */
  readonly spareDevices: Table<{ readonly serial: string }>;
  /** Names of users by their name in lower case: no two differ only by case. */
  readonly namesInLowerCase: Map<string, string>;
  /** Names of users by the ids of their access keys, those of removed keys and users gone. */
  readonly keyOwners: Map<string, string>;
  /** Serials of all MFA devices in use and spare. */
  readonly serials: Set<string>;
  root: RootRecord;
  passwordPolicy: PasswordPolicyRecord | undefined;
}

/** The second in which an instant lies; IAM tells no milliseconds. */
export const toSecond = (at: Date | number | string): number => {
  const time = new Date(at).getTime();
  if (Number.isNaN(time)) throw new Error(`The fake iam does not understand the instant ${JSON.stringify(at)}.`);
  return Math.floor(time / 1000) * 1000;
};

/** Now, as IAM writes it down. */
export const secondNow = (world: World): number => toSecond(world.now());

export const arnOf = (world: Pick<World, 'accountId' | 'partition'>, resource: string): string =>
  `arn:${world.partition}:iam::${world.accountId}:${resource}`;
