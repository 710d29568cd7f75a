import type { Instant } from '@remedykit/core';
import type { CredentialCase } from '../model/case.ts';

/** What is kept of a user from run to run, besides the mails. Plain JSON. */
export interface UserMemory {
  /**
   * When each case was first seen, by its id. That of `mfa` is kept for good, so that whoever takes their device off again
   * has no new grace; those of keys go with their case.
   */
  readonly firstSeenAt: Readonly<Record<string, Instant>>;
  /** The password from whose creation the grace counts, and whether one that was made anew has moved it: once is all. */
  readonly password?: { readonly since: Instant; readonly moved: boolean };
}

/** Of a user of whom nothing is known yet. */
export const emptyMemory: UserMemory = { firstSeenAt: {} };

/** The password from whose creation the grace counts, after a look at the one there is now. */
export const passwordAnchor = (memory: UserMemory, createdAt: Instant): NonNullable<UserMemory['password']> => {
  const { password } = memory;
  if (password === undefined) return { since: createdAt, moved: false };
  return !password.moved && Date.parse(createdAt) > Date.parse(password.since)
    ? { since: createdAt, moved: true }
    : password;
};

/** When cases were first seen, with those of this look. Keys come and go, so once they were read, only theirs are kept. */
export const rememberCases = (
  { firstSeenAt }: UserMemory,
  cases: readonly CredentialCase[],
  wereKeysRead: boolean,
): UserMemory['firstSeenAt'] => ({
  ...Object.fromEntries(Object.entries(firstSeenAt).filter(([id]) => !wereKeysRead || !id.startsWith('key-'))),
  ...Object.fromEntries(cases.map((each) => [each.id, each.firstSeenAt])),
});
