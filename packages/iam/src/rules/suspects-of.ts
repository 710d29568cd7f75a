import { addTo, days, type Instant } from '@remedykit/core';
import { latestInstant } from '../days.ts';
import type { CredentialPolicy, RuleName } from '../model/case.ts';
import type { IamUser, LastUse, ReportedUser } from '../model/user.ts';
import { isDue } from './due.ts';
import { type Skipped, skip } from './skipped.ts';

/** What has to be read live of a user before anything can be said. */
export interface LiveReads {
  /** GetLoginProfile and ListMFADevices. */
  readonly password: boolean;
  /** ListAccessKeys. */
  readonly accessKeys: boolean;
  /** GetAccessKeyLastUsed, of each active key. */
  readonly lastUse: boolean;
  /** ListSigningCertificates. */
  readonly certificates: boolean;
  /** ListSSHPublicKeys. */
  readonly sshKeys: boolean;
}

/** What the report gives cause to look at. Plain JSON. */
export interface Suspicion {
  /** The rules that the user may break; none: nothing is to be read. */
  readonly rules: readonly RuleName[];
  readonly reads: LiveReads;
  /** Where the report says too little about the user. */
  readonly skipped?: Skipped;
}

/** Options of `suspectsOf` and `casesOf`. */
export interface Horizon {
  /** Also what will be due within so many days from now, for a forecast; default 0. */
  readonly withinDays?: number;
}

/** What is said of a user in the report: a row, one that could not be read, or none, for the user is younger. */
export type ReportRow = ReportedUser | 'unreadable' | undefined;

const readsFor = (rules: readonly RuleName[]): LiveReads => ({
  password: rules.includes('mfa'),
  accessKeys: rules.includes('key-age') || rules.includes('key-unused'),
  lastUse: rules.includes('key-unused'),
  certificates: rules.includes('certificate-age'),
  sshKeys: rules.includes('ssh-key-age'),
});

/** The newest evidence that a key is in use: its last use or its creation. */
export const newestEvidence = (createdAt: Instant, lastUse: LastUse): Instant =>
  latestInstant(createdAt, lastUse.kind === 'used' ? lastUse.at : undefined);

const brokenBy = (reported: ReportedUser, { rules }: CredentialPolicy, at: Date): RuleName[] => {
  const { password, mfaActive, accessKeys, certificates, additionalCredentials } = reported;
  const activeKeys = accessKeys.filter(({ active }) => active);
  // The report has columns for two; that there are more it only says.
  const hasMore = additionalCredentials !== undefined;
  const broken: RuleName[] = [];
  if (rules.mfa !== undefined && password.enabled === true && !mfaActive) broken.push('mfa');
  const { 'key-age': age, 'key-unused': unused, 'certificate-age': certificate } = rules;
  if (age !== undefined && (hasMore || activeKeys.some(({ rotatedAt }) => rotatedAt && isDue(age, rotatedAt, at))))
    broken.push('key-age');
  // What the report does not know of the use a live read may.
  if (
    unused !== undefined &&
    (hasMore ||
      activeKeys.some(({ rotatedAt, lastUse }) => rotatedAt && isDue(unused, newestEvidence(rotatedAt, lastUse), at)))
  )
    broken.push('key-unused');
  if (
    certificate !== undefined &&
    (hasMore || certificates.some(({ active, rotatedAt }) => active && rotatedAt && isDue(certificate, rotatedAt, at)))
  )
    broken.push('certificate-age');
  return broken;
};

/** What the report says too little about: a row is skipped whole, for nobody knows what else is wrong with it. */
const isIncomplete = ({ password, accessKeys, certificates }: ReportedUser): boolean =>
  password.enabled === 'unknown' ||
  [...accessKeys, ...certificates].some(({ active, rotatedAt }) => active && rotatedAt === undefined);

/**
 * Which rules a user may break, by the report alone, and so what has to be read live: most users need no call. Pure. The
 * report is up to 4 hours old and names no key, so it clears nobody and accuses nobody; `casesOf` decides by what is read
 * live. Service-specific credentials are listed for the whole account and need no read of the user; SSH keys are in no
 * report, so that rule costs one call per user.
 */
export const suspectsOf = (
  user: Pick<IamUser, 'userName'>,
  reported: ReportRow,
  policy: CredentialPolicy,
  now: Date,
  { withinDays = 0 }: Horizon = {},
): Suspicion => {
  const none: Suspicion = { rules: [], reads: readsFor([]) };
  if (reported === 'unreadable') return { ...none, skipped: skip(user.userName, 'report-row') };
  const at = new Date(addTo(now, days(withinDays)));
  const sshKeys: RuleName[] = policy.rules['ssh-key-age'] === undefined ? [] : ['ssh-key-age'];
  if (reported === undefined) {
    // Younger than the report: a password may be there already, and nothing that has aged.
    const rules: RuleName[] = [...(policy.rules.mfa === undefined ? [] : ['mfa' as const]), ...sshKeys];
    return { rules, reads: readsFor(rules) };
  }
  if (reported.isRoot) return none;
  if (isIncomplete(reported)) return { ...none, skipped: skip(user.userName, 'report-row') };
  const rules = [...brokenBy(reported, policy, at), ...sshKeys];
  return { rules, reads: readsFor(rules) };
};
