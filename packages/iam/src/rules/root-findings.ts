import type { Instant, Reason } from '@remedykit/core';
import { ageInDays } from '../days.ts';
import type { LastUse, ReportedUser } from '../model/user.ts';

/** What is told about the root user, with its sentence for people. Nothing is ever done to it. */
export const rootReasons = {
  'root-without-mfa': 'The root user has a password and no MFA device.',
  'root-access-key': 'The root user has access keys. They can do all that the account can; delete them.',
  'root-used': 'The root user was used recently. Find out by whom and what for.',
} as const;

/** Something to tell about the root user. Plain JSON. */
export interface RootFinding extends Reason {
  readonly reason: keyof typeof rootReasons;
  /** The last use, for `root-used`. */
  readonly at?: Instant;
}

const usedAt = (lastUse: LastUse): readonly Instant[] => (lastUse.kind === 'used' ? [lastUse.at] : []);

/**
 * What people must know about the root user, from its row in the report. Pure. Use counts as recent for `recentDays` whole
 * UTC days (default 30). A member account whose root credentials were removed centrally has no root password, and needs no
 * MFA for it; where the report does not say, the password counts as there.
 */
export const rootFindings = (
  root: ReportedUser,
  now: Date,
  { recentDays = 30 }: { readonly recentDays?: number } = {},
): readonly RootFinding[] => {
  const finding = (reason: RootFinding['reason']): RootFinding => ({ reason, because: rootReasons[reason] });
  const lastUse = [root.password.lastUse, ...root.accessKeys.map((key) => key.lastUse)]
    .flatMap(usedAt)
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);
  const isRecent = lastUse !== undefined && ageInDays(lastUse, now) <= recentDays;
  return [
    ...(root.password.enabled !== false && !root.mfaActive ? [finding('root-without-mfa')] : []),
    ...(root.accessKeys.length > 0 ? [finding('root-access-key')] : []),
    ...(isRecent ? [{ ...finding('root-used'), at: lastUse }] : []),
  ];
};
