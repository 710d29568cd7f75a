import type { Text } from '@remedykit/core';
import { ageInDays } from '../days.ts';
import type { CredentialCase, RuleName } from '../model/case.ts';
import type { LastUse } from '../model/user.ts';
import { dayText, momentText } from './dates.ts';
import { maskId } from './mask-id.ts';
import { counted, ours, say } from './say.ts';

/**
 * What becomes of a credential when its time is up.
 * - `act`: deactivated; the console of a user without MFA is denied until MFA is set up
 * - `hold`: the console is denied altogether until security lets the user set up MFA
 * - `delete-password`: the password is deleted, and nobody can bring it back
 * - `report`: nothing but a report
 */
export type Consequence = 'act' | 'hold' | 'delete-password' | 'report';

/** What is told of a credential. */
export interface CredentialFacts {
  readonly case: CredentialCase;
  readonly userName: string;
  readonly accountId: string;
  readonly at: string;
  /** How many days the rule gives. */
  readonly afterDays?: number;
  readonly lastUse?: LastUse;
  /** Of a service-specific credential. */
  readonly service?: string;
}

const nouns: Readonly<Record<RuleName, string>> = {
  mfa: 'console password',
  'key-age': 'access key',
  'key-unused': 'access key',
  'service-specific-age': 'service-specific credential',
  'certificate-age': 'signing certificate',
  'ssh-key-age': 'SSH public key',
};

/** What a rule is about, `access key`. */
export const nounOf = (rule: RuleName): string => nouns[rule];

/** Rules as headings of a list. */
export const ruleNames: Readonly<Record<RuleName, string>> = {
  mfa: 'Console users without MFA',
  'key-age': 'Ageing access keys',
  'key-unused': 'Unused access keys',
  'service-specific-age': 'Ageing service-specific credentials',
  'certificate-age': 'Ageing signing certificates',
  'ssh-key-age': 'Ageing SSH keys',
};

/** `access key AKIA…7Q2X`; the password has no id. */
export const credentialText = ({ rule, credentialId }: Pick<CredentialCase, 'rule' | 'credentialId'>): Text =>
  rule === 'mfa' ? ours(nouns.mfa) : say`${ours(nouns[rule])} ${maskId(credentialId)}`;

/** When, where and by which service a credential was used last. */
export const lastUseText = (use: LastUse | undefined): Text => {
  if (use === undefined || use.kind === 'unknown') return ours('AWS has no record of its use');
  if (use.kind === 'never') return ours('never, as far as AWS records');
  const service = use.service === undefined ? ours('') : say`, service ${use.service}`;
  const region = use.region === undefined ? ours('') : say`, Region ${use.region}`;
  return say`${ours(momentText(use.at))}${service}${region}`;
};

/** What is the matter, since when. */
export const matterText = (facts: CredentialFacts): Text => {
  const { case: one, userName, accountId, at, afterDays, lastUse, service } = facts;
  const whose = say` of IAM user ${userName} in account ${accountId}`;
  const since = ours(dayText(one.since));
  const age = ours(counted(Math.max(0, ageInDays(one.since, at)), 'day', 'days'));
  if (one.rule === 'mfa') {
    const grace = afterDays === undefined ? '' : ` Users get ${counted(afterDays, 'day', 'days')} to set it up.`;
    return say`IAM user ${userName} in account ${accountId} signs in to the console with a password alone: there is no MFA device. The password exists since ${since}.${ours(grace)}`;
  }
  if (one.rule === 'key-unused') {
    const used =
      lastUse?.kind === 'used'
        ? ours(`has not been used since ${dayText(lastUse.at)}`)
        : ours(lastUse?.kind === 'never' ? 'was never used, as far as AWS records' : 'AWS has no record of its use');
    const rule = afterDays === undefined ? '' : ` The limit for unused keys is ${counted(afterDays, 'day', 'days')}.`;
    return say`The ${credentialText(one)}${whose} was created on ${since} and ${used}.${ours(rule)}`;
  }
  const forService = service === undefined ? ours('') : say` for ${service}`;
  const limit = afterDays === undefined ? '' : ` The limit is ${counted(afterDays, 'day', 'days')}.`;
  return say`The ${credentialText(one)}${forService}${whose} was created on ${since} and is ${age} old.${ours(limit)}`;
};

/** What will happen. */
export interface ConsequenceText {
  /** Goes after a date: `the key is deactivated, not deleted`. */
  readonly clause: string;
  /** What ends at once, what does not, and whether it can be taken back. Sentences; may be empty. */
  readonly details: string;
}

const again = 'The security team can activate it again.';

const deactivated: Readonly<Record<Exclude<RuleName, 'mfa'>, string>> = {
  'key-age':
    'New calls with it fail, and so do SMTP passwords for SES that were made from it. Sessions that the key issued may last up to 36 hours longer.',
  'key-unused':
    'New calls with it fail, and so do SMTP passwords for SES that were made from it. Sessions that the key issued may last up to 36 hours longer.',
  'service-specific-age': 'Its service refuses it from then on.',
  'certificate-age': 'Requests signed with it fail from then on.',
  'ssh-key-age': 'Git over SSH to CodeCommit refuses it from then on.',
};

const mfaTexts: Readonly<Record<Exclude<Consequence, 'report'>, ConsequenceText>> = {
  act: {
    clause: 'console sessions without MFA are denied everything but setting up MFA and changing the password',
    details:
      'Open sessions are no exception. It heals by itself: set up MFA, sign out, sign in again with MFA, and everything is as before. Access keys go on working, but session credentials that were issued without MFA (GetSessionToken) are denied too.',
  },
  hold: {
    clause: 'every console session of this user is denied',
    details:
      'Open sessions are no exception, nor are those with MFA; from then on MFA can be set up only after the security team has opened the way. Access keys go on working, but session credentials that are made from them (GetSessionToken) are denied too.',
  },
  'delete-password': {
    clause: 'the password is deleted',
    details:
      'It cannot be brought back; somebody has to make a new one. Open sessions may last up to 12 hours longer. Access keys go on working.',
  },
};

/**
 * What will happen when the time is up, in words that are true. `relapse`: it was deactivated before, and somebody made it
 * active again.
 */
export const consequenceText = (rule: RuleName, consequence: Consequence, relapse = false): ConsequenceText => {
  if (consequence === 'report')
    return { clause: 'the security team is told that the time is up', details: 'Nothing is changed by itself.' };
  if (rule === 'mfa') return mfaTexts[consequence];
  const noun = nouns[rule].split(' ').at(-1);
  const once = relapse ? 'deactivated once more' : 'deactivated';
  return { clause: `the ${noun} is ${once}, not deleted`, details: `${deactivated[rule]} ${again}` };
};
