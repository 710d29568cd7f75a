import type { Instant } from '@remedykit/core';

/** What is known of the last use of a password or key. `unknown`: AWS has no data, or what it has could not be read. */
export type LastUse =
  | { readonly kind: 'used'; readonly at: Instant; readonly service?: string; readonly region?: string }
  | { readonly kind: 'never' }
  | { readonly kind: 'unknown' };

/** One key or certificate as the credential report has it: it names no id, and slots do not follow creation. */
export interface ReportedKey {
  readonly slot: 1 | 2;
  readonly active: boolean;
  /** When the key was created; a change of its status does not move it. */
  readonly rotatedAt?: Instant;
  readonly lastUse: LastUse;
}

/** A row of the credential report. What has no column is absent. */
export interface ReportedUser {
  readonly userName: string;
  readonly arn: string;
  readonly isRoot: boolean;
  readonly createdAt?: Instant;
  readonly password: {
    /** `unknown`: the cell holds no documented value. */
    readonly enabled: boolean | 'unknown';
    readonly lastUse: LastUse;
    readonly changedAt?: Instant;
    readonly nextRotationAt?: Instant;
  };
  readonly mfaActive: boolean;
  readonly accessKeys: readonly ReportedKey[];
  readonly certificates: readonly Omit<ReportedKey, 'lastUse'>[];
  /** What the report says of more keys or certificates than it has columns for: only a live read names them. */
  readonly additionalCredentials?: string;
}

/** A managed policy that is attached. */
export interface AttachedPolicy {
  readonly name: string;
  readonly arn: string;
}

/** A group, for the policies that its members have through it. */
export interface IamGroup {
  readonly name: string;
  readonly arn: string;
  readonly attachedPolicies: readonly AttachedPolicy[];
  readonly inlinePolicies: readonly string[];
}

/** A user as the account authorization details have it, read live. */
export interface IamUser {
  readonly accountId: string;
  /** `AIDA…`: unlike the name, it is never used again. */
  readonly userId: string;
  readonly userName: string;
  readonly arn: string;
  readonly path: string;
  readonly createdAt: Instant;
  /** Written by people: untrusted. */
  readonly tags: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly attachedPolicies: readonly AttachedPolicy[];
  readonly inlinePolicies: readonly string[];
  readonly permissionsBoundaryArn?: string;
}

/** A password of a user, read live. Its creation survives every change of the password. */
export interface LoginProfile {
  readonly createdAt: Instant;
  readonly passwordResetRequired: boolean;
}

/** An access key, read live. Its identity is its id. */
export interface AccessKey {
  readonly id: string;
  readonly createdAt: Instant;
  readonly active: boolean;
  readonly lastUse: LastUse;
}

/** A service-specific credential, signing certificate or SSH public key, read live. */
export interface OtherCredential {
  readonly kind: 'service-specific' | 'signing-certificate' | 'ssh-key';
  readonly id: string;
  /** The service of a service-specific credential, `codecommit.amazonaws.com`. */
  readonly service?: string;
  readonly createdAt: Instant;
  readonly active: boolean;
}

/** What was read live of one user, in this run. What was not asked for is absent. */
export interface LiveCredentials {
  readonly readAt: Instant;
  /** `null`: the user has no password. */
  readonly loginProfile?: LoginProfile | null;
  /** Serial numbers of all MFA devices, of every type. */
  readonly mfaDevices?: readonly string[];
  readonly accessKeys?: readonly AccessKey[];
  readonly others?: readonly OtherCredential[];
}
