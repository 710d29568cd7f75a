import type { Reason } from '@remedykit/core';
import type { RuleName } from '../model/case.ts';

/** Why nothing is said about a user, or about one credential under one rule, with its sentence for people. */
export const skipReasons = {
  'report-row':
    'The row of this user in the credential report could not be read in full. Nothing is done about the user.',
  'read-failed': 'What the rules need of this user could not be read. Nothing is done about the user until it can be.',
  'last-use-unknown':
    'When the key was last used could not be read, or AWS does not know. It is not taken for unused; its age is judged apart.',
} as const;

/** A documented reason for skipping. */
export type SkipReason = keyof typeof skipReasons;

/** Somebody of whom nothing is said, neither good nor bad: to be reported. Plain JSON. */
export interface Skipped extends Reason {
  readonly reason: SkipReason;
  readonly userName: string;
  /** Where a single credential is skipped, and not the user. */
  readonly credentialId?: string;
  readonly rule?: RuleName;
}

/** A user, or one credential of theirs, that is skipped; `detail` is told after the sentence of the reason. */
export const skip = (
  userName: string,
  reason: SkipReason,
  { detail, ...of }: { readonly detail?: string; readonly credentialId?: string; readonly rule?: RuleName } = {},
): Skipped => ({
  userName,
  reason,
  because: detail === undefined ? skipReasons[reason] : `${skipReasons[reason]} (${detail})`,
  ...of,
});
