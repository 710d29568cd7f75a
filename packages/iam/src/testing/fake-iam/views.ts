import type { Instant } from '@remedykit/core';
import type { MfaKind, RootRecord, UserRecord } from './state.ts';

/** A credential with a status. */
export interface CredentialView {
  readonly id: string;
  readonly createdAt: Instant;
  readonly active: boolean;
}

/** An access key. */
export interface AccessKeyView extends CredentialView {
  readonly lastUsedAt?: Instant;
}

/** A service-specific credential. */
export interface ServiceSpecificView extends CredentialView {
  readonly service: string;
  readonly expiresAt?: Instant;
}

/** An MFA device in use. */
export interface MfaDeviceView {
  readonly kind: MfaKind;
  readonly serial: string;
  readonly enabledAt: Instant;
}

/** A user as it is now, whatever reads show. Plain JSON. */
export interface UserView {
  readonly name: string;
  readonly userId: string;
  readonly arn: string;
  readonly path: string;
  readonly createdAt: Instant;
  readonly tags: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  /** ARNs. */
  readonly attachedPolicies: readonly string[];
  /** Names. */
  readonly inlinePolicies: readonly string[];
  readonly boundaryArn?: string;
  readonly password?: {
    readonly createdAt: Instant;
    readonly changedAt: Instant;
    readonly resetRequired: boolean;
  };
  readonly passwordLastUsedAt?: Instant;
  readonly mfa: readonly MfaDeviceView[];
  readonly keys: readonly AccessKeyView[];
  readonly serviceSpecific: readonly ServiceSpecificView[];
  readonly certificates: readonly CredentialView[];
  readonly sshKeys: readonly CredentialView[];
}

/** The root user as it is now. */
export interface RootView {
  readonly mfa: MfaKind | false;
  readonly keys: readonly AccessKeyView[];
}

const instant = (at: number): Instant => new Date(at).toISOString();

const keyViews = (keys: UserRecord['keys']): AccessKeyView[] =>
  keys.map(({ id, createdAt, active, lastUsed }) => ({
    id,
    createdAt: instant(createdAt),
    active,
    ...(lastUsed === undefined ? {} : { lastUsedAt: instant(lastUsed.at) }),
  }));

const uploadViews = (uploads: UserRecord['certificates']): CredentialView[] =>
  uploads.map(({ id, uploadedAt, active }) => ({ id, createdAt: instant(uploadedAt), active }));

/** The user for tests to expect on. */
export const viewUser = (user: UserRecord): UserView => ({
  name: user.name,
  userId: user.id,
  arn: user.arn,
  path: user.path,
  createdAt: instant(user.createdAt),
  tags: Object.fromEntries(user.tags.map(({ Key, Value }) => [Key, Value])),
  groups: [...user.groups],
  attachedPolicies: [...user.attached],
  inlinePolicies: user.inline.map(({ name }) => name),
  ...(user.boundaryArn === undefined ? {} : { boundaryArn: user.boundaryArn }),
  ...(user.password === undefined
    ? {}
    : {
        password: {
          createdAt: instant(user.password.createdAt),
          changedAt: instant(user.password.changedAt),
          resetRequired: user.password.resetRequired,
        },
      }),
  ...(user.passwordLastUsedAt === undefined ? {} : { passwordLastUsedAt: instant(user.passwordLastUsedAt) }),
  mfa: user.mfa.map(({ kind, serial, enabledAt }) => ({ kind, serial, enabledAt: instant(enabledAt) })),
  keys: keyViews(user.keys),
  serviceSpecific: user.serviceSpecific.map(({ id, service, createdAt, active, expiresAt }) => ({
    id,
    service,
    createdAt: instant(createdAt),
    active,
    ...(expiresAt === undefined ? {} : { expiresAt: instant(expiresAt) }),
  })),
  certificates: uploadViews(user.certificates),
  sshKeys: uploadViews(user.sshKeys),
});

export const viewRoot = ({ mfa, keys }: RootRecord): RootView => ({ mfa, keys: keyViews(keys) });
