import { addTo, days, type Instant, toInstant } from '@remedykit/core';
import type { CredentialCase, CredentialPolicy, RuleName } from '../model/case.ts';
import type { IamUser, LiveCredentials, OtherCredential } from '../model/user.ts';
import { isDue } from './due.ts';
import { passwordAnchor, rememberCases, type UserMemory } from './memory.ts';
import { type Skipped, skip } from './skipped.ts';
import { type Horizon, newestEvidence } from './suspects-of.ts';

/** The cases of one user. Plain JSON. */
export interface UserCases {
  readonly cases: readonly CredentialCase[];
  /** Credentials of which nothing can be said under a rule. */
  readonly skipped: readonly Skipped[];
  /** To be stored, and given to the next look. */
  readonly memory: UserMemory;
}

const ruleOf: Readonly<Record<OtherCredential['kind'], RuleName>> = {
  'service-specific': 'service-specific-age',
  'signing-certificate': 'certificate-age',
  'ssh-key': 'ssh-key-age',
};

/**
 * The credentials of one user that break a rule, by what was read live. Pure. Keys are told apart by their ids and dated by
 * their creation; inactive ones are no cases. A password without an MFA device is a case whether or not it was ever used;
 * without a password there is none. A key is a case from the day on which its first warning may be due, with `withinDays`
 * so many days before.
 */
export const casesOf = (
  user: Pick<IamUser, 'userName'>,
  live: LiveCredentials,
  memory: UserMemory,
  policy: CredentialPolicy,
  now: Date,
  { withinDays = 0 }: Horizon = {},
): UserCases => {
  const at = new Date(addTo(now, days(withinDays)));
  const { rules } = policy;
  const cases: CredentialCase[] = [];
  const skipped: Skipped[] = [];
  const add = (rule: RuleName, credentialId: string, since: Instant): void => {
    const id = `${rule}/${credentialId}`;
    const firstSeenAt = Object.hasOwn(memory.firstSeenAt, id) ? memory.firstSeenAt[id] : undefined;
    cases.push({ id, rule, credentialId, since, firstSeenAt: firstSeenAt ?? toInstant(now) });
  };

  const { loginProfile, mfaDevices, accessKeys = [], others = [] } = live;
  const isWithoutMfa = rules.mfa !== undefined && loginProfile != null && mfaDevices?.length === 0;
  const password = isWithoutMfa ? passwordAnchor(memory, loginProfile.createdAt) : memory.password;
  if (isWithoutMfa && password !== undefined) add('mfa', 'password', password.since);

  const { 'key-age': age, 'key-unused': unused } = rules;
  for (const { id, createdAt, active, lastUse } of accessKeys) {
    if (!active) continue;
    if (age !== undefined && isDue(age, createdAt, at)) add('key-age', id, createdAt);
    if (unused === undefined || !isDue(unused, createdAt, at)) continue;
    if (lastUse.kind === 'unknown') {
      skipped.push(skip(user.userName, 'last-use-unknown', { credentialId: id, rule: 'key-unused' }));
      continue;
    }
    const since = newestEvidence(createdAt, lastUse);
    if (isDue(unused, since, at)) add('key-unused', id, since);
  }

  for (const { kind, id, createdAt, active } of others) {
    const rule = rules[ruleOf[kind]];
    if (active && rule !== undefined && isDue(rule, createdAt, at)) add(ruleOf[kind], id, createdAt);
  }

  const firstSeenAt = rememberCases(memory, cases, live.accessKeys !== undefined);
  return { cases, skipped, memory: { firstSeenAt, ...(password === undefined ? {} : { password }) } };
};
