import type { Instant, Reason } from '@remedykit/core';

/** The rules under which a credential becomes a case. */
export type RuleName =
  /** A console password without an MFA device. */
  'mfa' | 'key-age' | 'key-unused' | 'service-specific-age' | 'certificate-age' | 'ssh-key-age';

/** One credential of one user that breaks one rule, as read live. Its id is `<rule>/<credential id>`. */
export interface CredentialCase {
  readonly id: string;
  readonly rule: RuleName;
  /** The access key id, certificate id, …; `password` for the console password. */
  readonly credentialId: string;
  /** From when its days are counted: creation of the key; of the login profile. */
  readonly since: Instant;
  /** When it was first seen by us; counts for the grace of `mfa` alone. */
  readonly firstSeenAt: Instant;
}

/** How long a rule waits, in whole UTC days, and when it warns. */
export interface RulePolicy {
  /** Days from the anchor to the deadline: 90 for key age, the grace for MFA. */
  readonly afterDays: number;
  /** Distances before the deadline at which a warning is due, in days, descending: 10, 5, 1. */
  readonly stages: readonly number[];
}

/** What holds for all rules of an account. Plain JSON. */
export interface CredentialPolicy {
  readonly rules: Readonly<Partial<Record<RuleName, RulePolicy>>>;
  /** No deadline is before this. */
  readonly rolloutDate: Instant;
  /** Days between the first warning that counts and the deadline. */
  readonly minimumWarningDays: number;
  /** What happens to whom nobody could be told about: at the deadline of the request to security. */
  readonly undeliverable: 'report' | 'act';
  /** Days without a warning that counts, from the first attempt on, until security is asked; 30. */
  readonly undeliverableAfterDays: number;
  /** Days of notice of that request; 14. */
  readonly securityNoticeDays: number;
}

/** Whom a warning went to. `security`: the request about somebody whom no warning reached. */
export type RecipientRole = 'owner' | 'fallback' | 'security';

/**
 * Which mail: a distance before the deadline in days, `unowned` (the second and last about somebody without an owner, with
 * what is known of the use), or `undeliverable` (the request to security).
 */
export type Stage = number | 'unowned' | 'undeliverable';

/** What came back for a mail. Instants are those of SES's events. */
export interface MailEvents {
  readonly deliveredAt?: Instant;
  /** Any bounce, complaint, reject or suppression: the warning does not count. */
  readonly failedAt?: Instant;
  /** `Bounce/Permanent/OnAccountSuppressionList`, `Complaint`, … */
  readonly failure?: string;
}

/** One mail about one case; stored as a document of its own, whose creation is the claim. */
export interface MailRecord {
  readonly schema: 1;
  readonly accountId: string;
  readonly userId: string;
  readonly caseId: string;
  readonly stage: Stage;
  /** The deadline that the mail names. */
  readonly deadline: Instant;
  readonly role: RecipientRole;
  readonly address: string;
  readonly claimedAt: Instant;
  /** The token of the worker that sends it. */
  readonly claim: string;
  /** When SES accepted it: by our mark, or by the time that an event about it names. */
  readonly acceptedAt?: Instant;
  readonly messageId?: string;
  /** SES refused it for good. */
  readonly rejectedAt?: Instant;
  readonly rejection?: string;
  readonly events: MailEvents;
}

/** A time in which mails could not be trusted to arrive (sandbox, sending paused, silent events): no clock runs. */
export interface StoppedClock {
  readonly from: Instant;
  /** Absent while it lasts. */
  readonly until?: Instant;
  readonly reason: string;
}

/** An address of the recipient chain, within the allowed domains. */
export interface Recipient {
  readonly role: Exclude<RecipientRole, 'security'>;
  readonly address: string;
  /** Where it comes from: `tag:owner`, `user-name`, `contacts`, `account-owner`, `fallback`. */
  readonly source: string;
}

/** What a person answered about a user whom the decisions leave to people. An answer to exempt the user is an exemption. */
export interface Answer {
  /** `confirm`: it is the user, let a device be enrolled; `act`: do what was left to security. */
  readonly decision: 'confirm' | 'act';
  readonly at: Instant;
  readonly until: Instant;
}

/** All that the decision about one case needs. Plain JSON. */
export interface CaseFacts {
  readonly case: CredentialCase;
  /** Mails about this case, in any order. */
  readonly mails: readonly MailRecord[];
  /** In order of preference; the fallback last. Addresses at which a mail to this user failed before are left out by the decision. */
  readonly recipients: readonly Recipient[];
  /** Addresses at which mails about any case of this user failed. */
  readonly failedAddresses: readonly string[];
  readonly stopped: readonly StoppedClock[];
  /** Why this user is exempt today, if so. */
  readonly exempt?: Exempt;
  /** When a run last found this user exempt, if one did: warnings from before do not count any more. */
  readonly lastExemptAt?: Instant;
  /** The latest answer about this user. */
  readonly answer?: Answer;
}

/** An exemption that holds. */
export interface Exempt {
  readonly reason: string;
  readonly expires: Instant;
  /** What matched: `path:/mainframe/`, `user-id:AIDA…`, `tag:…`. */
  readonly by: string;
}

/** Where a case stands. */
export type CaseState =
  /** Nobody was told yet. */
  | 'new'
  /** An owner's address accepted a warning that counts. */
  | 'warned'
  /** Only the fallback recipient could be told. */
  | 'unowned'
  /** No warning counted for 30 days. */
  | 'undeliverable'
  /** No mail can be trusted to arrive: no clock runs. */
  | 'cannot-warn'
  | 'exempt';

/** What to do about a case now. */
export type CaseAction =
  | { readonly kind: 'wait' }
  | { readonly kind: 'warn'; readonly stage: Stage; readonly role: RecipientRole; readonly address: string }
  /** The deadline has passed after a warning that counts (or a request to security that was accepted): act. */
  | {
      readonly kind: 'act';
      /** The mail of the day itself (stage 0), where it is due. It holds nothing up: it is sent beside, whatever becomes of it. */
      readonly notice?: { readonly stage: Stage; readonly role: RecipientRole; readonly address: string };
    }
  /** People must know, and nothing can be done by us. */
  | { readonly kind: 'report' };

/** The decision about one case. Plain JSON; `reason` is a documented code. */
export interface CaseDecision extends Reason {
  readonly caseId: string;
  readonly state: CaseState;
  /** Midnight UTC; what the next mail names, or the last one named. Never earlier than one that a counting mail named. */
  readonly deadline: Instant;
  readonly action: CaseAction;
}
