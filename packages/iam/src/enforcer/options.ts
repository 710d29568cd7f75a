import type { IAMClient } from '@aws-sdk/client-iam';
import type { AuditSink, Clock, Duration, ModeOption, Notifier, Observe, StateStore } from '@remedykit/core';
import type { ActionLimits } from '../actions/limits.ts';
import type { Exemption, TagExemption } from '../exemptions/exemption.ts';
import type { IamUser } from '../model/user.ts';

/** The part of the IAM client that the enforcer uses. */
export type Iam = Pick<IAMClient, 'send'>;

/** An account, as functions among the options are asked about it. */
export interface AccountTarget {
  readonly accountId: string;
}

/** When an ageing credential is warned about and when its time is up, in whole UTC days since its creation. */
export interface AgeOptions {
  /** Ascending, each before `deactivateAtDays`: 80, 85, 89. */
  readonly warnAtDays: readonly number[];
  readonly deactivateAtDays: number;
}

/** Rules about access keys. */
export interface AccessKeyOptions extends AgeOptions {
  /** Active keys that nobody used for so many days, or never since their creation, are cases too. Default: no such rule. */
  readonly unusedAfterDays?: number;
}

/** How long console users have to set MFA up. */
export interface MfaGraceOptions {
  /** Whole UTC days, from the latest of: creation of the login profile, first seen without MFA, `rolloutDate`. */
  readonly graceDays: number;
  /** Reminders, days before the grace ends; default at its beginning, in its middle and on its last day. */
  readonly remindDaysBefore?: readonly number[];
}

/**
 * After the grace, console sessions without MFA are denied all but setting it up, by attaching one of `mfaPolicies`, which
 * the deployment creates. Reversible, and it heals itself: who enrols a device is free again.
 */
export interface MfaDenyOptions extends MfaGraceOptions {
  readonly action: 'deny-until-mfa';
  /**
   * What becomes of users who also have active access keys: session credentials that are made from a key without MFA
   * (GetSessionToken) are denied as well. `report`: they are left alone, and announced with every run.
   */
  readonly activeKeyUsers: 'deny' | 'report';
  /**
   * Who steals a password can enrol a device too. Of privileged users, and of those whose password was not used for 45
   * days, `hold` denies every session until a person answers with `resolve`; `alert`, the default, tells people and leaves
   * enrolment open.
   */
  readonly enrolAfterDeny?: 'hold' | 'alert';
  /** ARNs of permissions boundaries under which a device can be enrolled. A user under any other is not denied, for it would be for good. */
  readonly boundariesThatAllowEnrolment?: readonly string[];
  /** Default: AdministratorAccess, PowerUserAccess or IAMFullAccess, attached or through a group. If it fails, the user is left alone. */
  readonly isPrivileged?: (user: IamUser) => boolean | Promise<boolean>;
}

/** After the grace, people are told and nothing is done; or the password is deleted, which nobody can undo. */
export interface MfaOtherOptions extends MfaGraceOptions {
  readonly action: 'report' | 'delete-login-profile';
}

/** Rule about console users without MFA. */
export type MfaOptions = MfaDenyOptions | MfaOtherOptions;

/** Options of `createCredentialEnforcer`. What is dangerous is required; zero means none. */
export interface CredentialEnforcerOptions {
  /** `'dry-run'` reads, decides and tells what would be mailed and done; `'enforce'` does it. Or a function from the account. */
  readonly mode: ModeOption<AccountTarget>;
  /** None is listed, none is looked at. */
  readonly accounts: readonly string[];
  /** One client, or the client of each account. IAM actions: `enforcerPermissions(options)`. */
  readonly iam: Iam | ((target: AccountTarget) => Iam);
  readonly store: StateStore;
  /** Mails one message to its recipient: `createSesNotifier` of `@remedykit/notify/ses`. */
  readonly mailer: Notifier;
  /** The domains to which mails may go, exactly: tags and names are written by people. */
  readonly allowedRecipientDomains: readonly string[];
  /** The security team's mailbox, within the allowed domains. */
  readonly fallbackRecipient: string;
  /** Tags that hold an owner's address, in order of preference; default `email`, `owner-email`, `owner`. */
  readonly ownerTags?: readonly string[];
  /** Addresses by user name, or a function from the user. */
  readonly contacts?:
    | Readonly<Record<string, string>>
    | ((user: IamUser) => string | undefined | Promise<string | undefined>);
  /** Whom to write to about users of an account whom nothing else names, by account. */
  readonly accountOwners?: Readonly<Record<string, string>>;
  /** No deadline is before this day. */
  readonly rolloutDate: Date;
  /** No warning counts for less: whole UTC days between it and the deadline. */
  readonly minimumWarningDays: number;
  /** What becomes of a case of which nobody could be told: it is reported, or acted on after a request to security. */
  readonly undeliverable: 'report' | 'act';
  /** How many users may be acted on in 24 hours, all runs together; the smaller wins, and 0 means none. */
  readonly limits: ActionLimits;
  /** ARNs of users who are never acted on. */
  readonly breakGlass: readonly string[];
  /** ARNs of the principals that this code runs as: never acted on either. */
  readonly ownPrincipals: readonly string[];
  readonly mfa?: MfaOptions;
  readonly accessKeys?: AccessKeyOptions;
  /** Passwords of CodeCommit, long-term API keys of Bedrock and their like. */
  readonly serviceSpecificCredentials?: AgeOptions;
  readonly signingCertificates?: AgeOptions;
  /** Costs one call per user and run. */
  readonly sshKeys?: AgeOptions;
  /** Each with reason and expiry; or a function that reads them, once per run. If it fails, nobody is mailed or acted on. */
  readonly exemptions?: readonly Exemption[] | ((target: AccountTarget) => Promise<readonly Exemption[]>);
  /** Exempts by tag. Whoever may tag users may exempt them. */
  readonly exemptByTag?: TagExemption;
  /** How old a credential report may be when no new one can be made, ms; default and at most 24 hours. */
  readonly maxReportAge?: Duration;
  /** Users who are read or mailed at the same time; default 4. */
  readonly concurrency?: number;
  /** Default: a JSON line on the standard output. */
  readonly audit?: AuditSink;
  readonly observe?: Observe;
  readonly now?: Clock;
  readonly newId?: () => string;
  readonly sleep?: (ms: Duration) => Promise<unknown>;
  readonly random?: () => number;
}

/** Options of one call. */
export interface CallOptions {
  /** Milliseconds left to the caller; the run ends cleanly before. */
  readonly remainingTimeMs?: () => number;
}
