import type { Instant, Step, WriteKind } from '@remedykit/core';

/** What can be done to a user, with what names its object: an access key id, a policy ARN, … */
export type ActionTarget =
  | { readonly kind: 'access-key'; readonly accessKeyId: string }
  | { readonly kind: 'service-specific'; readonly credentialId: string }
  | { readonly kind: 'signing-certificate'; readonly certificateId: string }
  | { readonly kind: 'ssh-key'; readonly sshKeyId: string }
  | { readonly kind: 'managed-policy'; readonly policyArn: string }
  | { readonly kind: 'login-profile' };

/** The effects, each idempotent. `deactivate` and `attach-policy` can be undone; a detachment took nothing from anybody. */
export type ActionName =
  /** The credential is made inactive; never deleted. */
  | 'deactivate'
  /** One of the two MFA policies is attached. */
  | 'attach-policy'
  /** One of the two MFA policies is detached: the user complies, or `resolve` says so. */
  | 'detach-policy'
  /** Opt-in; the password is lost. */
  | 'delete-login-profile';

/** The user of an action, by what never changes and by what the calls need. */
export interface ActionSubject {
  readonly accountId: string;
  readonly userId: string;
  readonly userName: string;
  readonly arn: string;
}

/** One intended effect of a plan. */
export interface ActionStep extends Step {
  readonly action: ActionName;
  readonly subject: ActionSubject;
  readonly target: ActionTarget;
  /** The case that it settles. */
  readonly caseId: string;
  /** `release`: it gives access back, or takes less of it than before. */
  readonly effect: WriteKind;
  /** What must be found right before the write. */
  readonly precondition: StateBefore;
}

/** What an action found before it took effect: all that undoing it needs. */
export type StateBefore =
  | { readonly kind: 'credential'; readonly active: boolean; readonly createdAt: Instant }
  | {
      readonly kind: 'attachment';
      readonly attached: boolean;
      /** The password for which it is: attached only while that is the user's. */
      readonly passwordCreatedAt?: Instant;
      /** The policy that takes its place: detached only while that is attached. */
      readonly replacedBy?: string;
    }
  | { readonly kind: 'login-profile'; readonly createdAt: Instant };

/** One change in the journal: stored as intended before the effect, completed after it. */
export interface JournalEntry {
  readonly schema: 1;
  readonly runId: string;
  readonly stepId: string;
  readonly caseId: string;
  readonly subject: ActionSubject;
  readonly action: ActionName;
  readonly target: ActionTarget;
  readonly effect: WriteKind;
  readonly reason: string;
  readonly because: string;
  readonly before: StateBefore;
  readonly intendedAt: Instant;
  /** Absent: nobody knows whether it took effect. */
  readonly completedAt?: Instant;
  /** It was seen that it had not taken effect, or it failed for good. */
  readonly failedAt?: Instant;
  readonly failure?: string;
  readonly requestIds: readonly string[];
  /** Seen by looking, and not from the answer of the write. */
  readonly settledAt?: Instant;
  /** About to be undone: without `restored` nobody knows whether it was. */
  readonly restoring?: Restoration;
  /** Undone. */
  readonly restored?: Restoration;
}

/** When something was undone, for whom and why. */
export interface Restoration {
  readonly at: Instant;
  readonly requestedBy: string;
  readonly reason: string;
}
