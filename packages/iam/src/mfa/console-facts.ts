import type { Instant } from '@remedykit/core';
import type { PasswordPolicy } from '../inventory/password-policy.ts';
import type { ActionSubject } from '../model/action.ts';
import type { Answer, Exempt } from '../model/case.ts';
import type { AttachedPolicy, LastUse } from '../model/user.ts';

/** All that the decision about one user's console access needs. Plain JSON. */
export interface ConsoleFacts {
  readonly subject: ActionSubject;
  readonly caseId: string;
  /** Whether the decision about the case is to act. */
  readonly due: boolean;
  /** Serial numbers of MFA devices, read live. */
  readonly mfaDevices: readonly string[];
  /** `null`: the user has no password. */
  readonly password: {
    readonly createdAt: Instant;
    readonly lastUse: LastUse;
    /** When it expires, by the report; absent: it is not known to. */
    readonly expiresAt?: Instant;
  } | null;
  /** Managed policies of the user. */
  readonly attachedPolicies: readonly AttachedPolicy[];
  /** Managed policies of the user's groups. */
  readonly groupPolicies: readonly AttachedPolicy[];
  /** What the option `isPrivileged` said, where there is one. */
  readonly privileged?: boolean;
  readonly permissionsBoundaryArn?: string;
  /** Ids of active access keys. */
  readonly activeKeys: readonly string[];
  /** How many managed policies a user may have: `AttachedPoliciesPerUserQuota` of the account summary. */
  readonly policiesPerUser: number;
  readonly passwordPolicy: PasswordPolicy;
  /** The latest answer about this user. */
  readonly answer?: Answer;
  readonly exempt?: Exempt;
}

/** What holds for all users of an account. Plain JSON. */
export interface ConsolePolicy {
  readonly action: 'deny-until-mfa' | 'delete-login-profile' | 'report';
  readonly enrolmentArn: string;
  readonly holdArn: string;
  readonly activeKeyUsers: 'deny' | 'report';
  readonly enrolAfterDeny: 'hold' | 'alert';
  /** ARNs of permissions boundaries under which a device can be enrolled. */
  readonly boundariesThatAllowEnrolment: readonly string[];
}
