import type { StepOutcome } from '@remedykit/core';
import type { Consequence } from '../messages/credential-text.ts';
import type { CaseFacts, Exempt } from '../model/case.ts';
import type { IamUser, LiveCredentials } from '../model/user.ts';
import type { Skipped } from '../rules/skipped.ts';
import type { SkippedRecipient } from '../warnings/recipients.ts';
import type { SendResult } from '../warnings/send-warning.ts';
import type { WarnStep } from './decide-user.ts';
import type { FreshUser } from './fresh-users.ts';
import type { Intent } from './intents.ts';
import type { OpenCase } from './outcome.ts';
import type { Known } from './user-facts.ts';

/** A mail that a run sent, or tried to. */
export interface TriedMail {
  readonly stage: WarnStep['mail']['stage'];
  readonly status: SendResult['status'] | 'planned';
}

/** What is to be done about a user, and how it is decided again right before. */
export interface Acting {
  readonly known: Known;
  readonly intents: readonly Intent[];
  /** Decided anew, on what is at most 10 minutes old and on what the store holds now. */
  readonly again: () => Promise<Again>;
}

/** What is to be done about a user now. */
export interface Again {
  readonly intents: readonly Intent[];
  /** Absent: the user is no more. */
  readonly live?: LiveCredentials;
  readonly attached?: FreshUser;
}

/** What comes of a case at its deadline. */
export interface CaseOutlook {
  readonly facts: CaseFacts;
  readonly consequence: Consequence;
}

/** What a run found and did about one user. */
export interface UserResult {
  readonly user: IamUser;
  readonly open: readonly OpenCase[];
  /** What was decided on, and what comes of it, for a forecast. */
  readonly outlooks: readonly CaseOutlook[];
  readonly mails: readonly TriedMail[];
  readonly steps: readonly StepOutcome[];
  /** Absent: there is nothing to decide about acting. */
  readonly acting?: Acting;
  readonly skipped: readonly Skipped[];
  readonly skippedRecipients: readonly SkippedRecipient[];
  readonly exempt?: Exempt;
  /** Exemptions of this user that are over. */
  readonly over: readonly Exempt[];
  /** Tags that were to exempt, and exempt nobody. */
  readonly notes: readonly string[];
  /** Nothing is known of where their cases stand, for it could not be read. */
  readonly isUnread?: boolean;
  readonly done: boolean;
}

/** A result in which nothing is found and nothing done, but for the changes. */
export const nothing = (user: IamUser, changes: Partial<UserResult> = {}): UserResult => ({
  user,
  open: [],
  outlooks: [],
  mails: [],
  steps: [],
  skipped: [],
  skippedRecipients: [],
  over: [],
  notes: [],
  done: true,
  ...changes,
});
