import { type Instant, toInstant } from '@remedykit/core';
import { gatherLive } from '../inventory/live.ts';
import type { CredentialCase, CredentialPolicy, RuleName } from '../model/case.ts';
import type { IamUser, LiveCredentials, ReportedUser } from '../model/user.ts';
import { casesOf, type UserCases } from '../rules/cases-of.ts';
import { isDue } from '../rules/due.ts';
import type { UserMemory } from '../rules/memory.ts';
import { newestEvidence, type Suspicion } from '../rules/suspects-of.ts';
import type { AccountContext } from './account-context.ts';

/** What a look at a user found, and when. */
export interface Look extends UserCases {
  readonly readAt: string;
  readonly live: LiveCredentials;
}

/**
 * What of a row of the report, and of what is listed for the whole account, live reads depend on, and which of it is old
 * enough for a rule by now: while it is the same, the user's credentials are taken to be those that were read last. Before
 * anything is done they are read again. `undefined` where the report does not say enough for that.
 */
export const rowText = (
  { rules }: Suspicion,
  reported: ReportedUser | undefined,
  others: LiveCredentials['others'],
  policy: CredentialPolicy,
  now: Date,
): string | undefined => {
  // SSH keys are in no report, nor are more keys than it has columns for.
  if (reported === undefined || reported.additionalCredentials !== undefined || rules.includes('ssh-key-age'))
    return undefined;
  const isOld = (rule: RuleName, since: Instant | undefined): boolean => {
    const { [rule]: rulePolicy } = policy.rules;
    return rulePolicy !== undefined && since !== undefined && isDue(rulePolicy, since, now);
  };
  return JSON.stringify([
    rules,
    reported.password.enabled,
    reported.password.changedAt ?? null,
    reported.mfaActive,
    reported.accessKeys.map(({ active, rotatedAt, lastUse }) => [
      active,
      rotatedAt ?? null,
      isOld('key-age', rotatedAt),
      isOld('key-unused', rotatedAt),
      // A key in use changes this each day, and its age knows nothing of it.
      rules.includes('key-unused') && rotatedAt !== undefined
        ? [
            lastUse.kind === 'used' ? lastUse.at.slice(0, 10) : lastUse.kind,
            isOld('key-unused', newestEvidence(rotatedAt, lastUse)),
          ]
        : null,
    ]),
    reported.certificates.map(({ active, rotatedAt }) => [
      active,
      rotatedAt ?? null,
      isOld('certificate-age', rotatedAt),
    ]),
    (others ?? []).map(({ id, active, createdAt }) => [id, active, isOld('service-specific-age', createdAt)]),
  ]);
};

const activeOf = (credentials: readonly { readonly active: boolean }[]): number =>
  credentials.filter(({ active }) => active).length;

/**
 * Whether the report, which is up to 4 hours old and may be kept for a day, says of what was read live that it is so. Where
 * it does not, a later one with the same row means that somebody changed it back.
 */
export const saysSame = (
  reported: ReportedUser | undefined,
  { loginProfile, mfaDevices, accessKeys, others = [] }: LiveCredentials,
): boolean => {
  if (reported === undefined) return false;
  const { password, mfaActive, certificates } = reported;
  const live = others.filter(({ kind }) => kind === 'signing-certificate');
  return (
    (loginProfile === undefined || (loginProfile !== null) === password.enabled) &&
    (mfaDevices === undefined || mfaDevices.length > 0 === mfaActive) &&
    (accessKeys === undefined || activeOf(accessKeys) === activeOf(reported.accessKeys)) &&
    (live.length === 0 || activeOf(live) === activeOf(certificates))
  );
};

const judge = (
  { settings, horizon }: AccountContext['run'],
  user: IamUser,
  { readAt, live }: Pick<Look, 'readAt' | 'live'>,
  memory: UserMemory,
): Look => ({
  ...casesOf(
    user,
    live,
    memory,
    settings.policy,
    new Date(readAt),
    horizon === undefined ? {} : { withinDays: horizon },
  ),
  readAt,
  live,
});

/** Reads a user's credentials as they are now; `undefined`: the user is no more. */
export const lookAt = async (
  { run, calls, serviceSpecific }: AccountContext,
  user: IamUser,
  { reads }: Suspicion,
  memory: UserMemory,
): Promise<Look | undefined> => {
  const { settings } = run;
  const now = settings.now();
  const specific = serviceSpecific.get(user.userName) ?? [];
  const result = await gatherLive(
    calls,
    user,
    {
      loginProfile: reads.password,
      mfaDevices: reads.password,
      accessKeys: reads.accessKeys,
      lastUsed: reads.lastUse,
      certificates: reads.certificates,
      sshKeys: reads.sshKeys,
    },
    { now: settings.now },
  );
  if (result.kind === 'user-gone') return undefined;
  const live: LiveCredentials = { ...result.credentials, others: [...(result.credentials.others ?? []), ...specific] };
  return judge(run, user, { readAt: toInstant(now), live }, memory);
};

/** The same look, judged by what is remembered now. */
export const judgeAgain = ({ run }: AccountContext, user: IamUser, look: Look, memory: UserMemory): Look =>
  judge(run, user, look, memory);

/** The same case: of the same credential, counted from the same day. */
export const isSameCase = (one: CredentialCase, other: CredentialCase): boolean =>
  one.id === other.id && one.since === other.since;
