import type { Instant, Message, MessageAction, MessageFact, SeverityBand, Text } from '@remedykit/core';
import { ageInDays } from '../days.ts';
import type { CredentialCase } from '../model/case.ts';
import type { IamUser, LastUse } from '../model/user.ts';
import { type MailIdentity, mailKey } from '../warnings/mail-key.ts';
import {
  type Consequence,
  consequenceText,
  credentialText,
  lastUseText,
  matterText,
  nounOf,
} from './credential-text.ts';
import { dayText, momentText } from './dates.ts';
import { maskId } from './mask-id.ts';
import { capitalised, joinTexts, listBelow, ours, say } from './say.ts';
import { stepsFor } from './steps.ts';

/** All that a warning tells. */
export interface WarningInput {
  /** Which mail it is: its stage, its deadline, to whom. */
  readonly mail: MailIdentity;
  readonly case: CredentialCase;
  readonly user: Pick<IamUser, 'userName' | 'path' | 'createdAt' | 'groups' | 'tags'>;
  /** When it is written. */
  readonly at: Instant;
  /** How many days the rule gives: 90, or the grace for MFA. */
  readonly afterDays?: number;
  /** Of the key, or of the password. */
  readonly lastUse?: LastUse;
  /** Of a service-specific credential. */
  readonly service?: string;
  /** True when an earlier mail told the same recipient of it. */
  readonly reminder?: boolean;
  /** What will happen at the deadline; default `act`. */
  readonly consequence?: Consequence;
  /** True when it was deactivated before, and somebody made it active again. */
  readonly relapse?: true;
  /** What becomes of it if nobody answers the request to security: `undeliverable` of the options; default `act`. */
  readonly unanswered?: 'report' | 'act';
  /** Whom to ask, ours: `security@example.com`, `#aws-security`. */
  readonly contact?: string;
  /** For the request to security: since when, and why, no warning arrived. */
  readonly undelivered?: {
    readonly since: Instant;
    readonly failures: readonly { readonly address: string; readonly failure: string }[];
  };
  /** True where nothing is sent. */
  readonly preview?: boolean;
}

/** How near the deadline is. */
type Nearness = 'first' | 'again' | 'tomorrow' | 'today';

// By the days that are left, not by the stage: a mail that catches up on missed days must not say "in 5 days" on the last.
const nearnessOf = ({ mail, at, reminder = false }: WarningInput): Nearness => {
  const left = ageInDays(at, mail.deadline);
  return left <= 0 ? 'today' : left === 1 ? 'tomorrow' : reminder ? 'again' : 'first';
};

const prefixes: Readonly<Record<Nearness, string>> = {
  first: '',
  again: 'Reminder: ',
  tomorrow: 'Tomorrow: ',
  today: 'Today: ',
};

/** Passwords are deleted or denied, never made active again. */
const isRelapse = ({ relapse, case: one }: WarningInput): boolean => relapse === true && one.rule !== 'mfa';

const titleOf = (input: WarningInput): Text => {
  const { mail, case: one, user, consequence = 'act' } = input;
  const isMfa = one.rule === 'mfa';
  const activeAgain = isRelapse(input);
  const what = isMfa
    ? say`user ${user.userName} without MFA`
    : say`${credentialText(one)} of ${user.userName}${ours(activeAgain ? ', made active again' : '')}`;
  const day = dayText(mail.deadline);
  if (mail.stage === 'undeliverable') return say`Nobody could be warned: ${what}; please decide by ${ours(day)}`;
  if (mail.stage === 'unowned') return say`No owner known: ${what}; the deadline is ${ours(day)}`;
  const nearness = nearnessOf(input);
  const prefix = prefixes[nearness] || (activeAgain ? 'Active again: ' : '');
  // Whatever begins the title begins it in upper case, for a name or an id must stay as it is.
  const cased = prefix === '' ? capitalised : (words: string) => words;
  const end = (preposition: string): Text =>
    ours(nearness === 'today' ? ` (deadline ${day})` : ` ${preposition} ${day}`);
  if (isMfa) return say`${ours(prefix + cased('set up MFA for '))}${user.userName}${end('by')}`;
  const done = activeAgain ? 'will be deactivated once more' : 'will be deactivated';
  const verb = ours(consequence === 'report' ? 'is due' : done);
  return say`${ours(prefix + cased(nounOf(one.rule)))} ${maskId(one.credentialId)} of ${user.userName} ${verb}${end('on')}`;
};

const deadlineText = (input: WarningInput): string => {
  const { mail, case: one, consequence = 'act', unanswered = 'act' } = input;
  const { clause, details } = consequenceText(one.rule, consequence, isRelapse(input));
  const when = momentText(mail.deadline);
  if (mail.stage === 'undeliverable') {
    if (consequence === 'report') return `If nobody decides before ${when}, then nothing is done but to report it.`;
    return unanswered === 'report'
      ? `If nobody decides before ${when}, then nothing is done but to report it. If you answer to act, ${clause}. ${details}`
      : `If nobody decides before ${when}, then ${clause}. ${details}`;
  }
  // By the run that sends the mail, or one to come.
  if (nearnessOf(input) === 'today')
    return `The time was up on ${when}. At any moment from now on, unless it is put right before, ${clause}. ${details}`;
  return `On ${when}, unless it is put right before, ${clause}. ${details}`;
};

/** That it was deactivated before, and what comes of making it active again once more. */
const relapseText = (input: WarningInput): string | undefined => {
  if (!isRelapse(input)) return undefined;
  const was = 'It was deactivated before, for its time was up, and somebody has made it active again.';
  return input.consequence === 'report'
    ? `${was} The security team is told of that.`
    : `${was} If that happens once more after the deadline, the security team is told of an incident.`;
};

/** Why this person gets the mail, where it is not the owner. */
const roleText = ({ mail, undelivered }: WarningInput): Text | undefined => {
  if (mail.stage === 'undeliverable') {
    const since = undelivered === undefined ? '' : ` since ${dayText(undelivered.since)}`;
    const told = ours(
      `No warning about it arrived anywhere${since}. Find out who answers for this user and talk to them, then answer as said below.`,
    );
    const lines = (undelivered?.failures ?? []).map(({ address, failure }) => say`${address}: ${failure}`);
    return lines.length === 0 ? told : listBelow(told, lines);
  }
  if (mail.stage === 'unowned')
    return ours(
      'Nobody is known who answers for this user, so this goes to the fallback recipient, for the second and last time: the deadline above now holds. Below is what is known of its use. Find the owner, and tag the user with the address.',
    );
  if (mail.role === 'owner') return undefined;
  return ours(
    'This goes to the fallback recipient: no address of an owner is known that may be written to. Find out who answers for this user, and tag the user with the address.',
  );
};

const isForOwner = ({ mail }: WarningInput): boolean => mail.role === 'owner';

const maxTags = 10;

/** What helps to find an owner. Left out of a mail to the owner, who need not know how the company files people. */
const searchFacts = ({ user }: WarningInput): MessageFact[] => {
  const tags = Object.entries(user.tags);
  const shown = tags.slice(0, maxTags).map(([key, value]) => say`${key} = ${value}`);
  const more = tags.length > maxTags ? [ours(`${tags.length - maxTags} more`)] : [];
  return [
    { label: 'Path', value: say`${user.path}` },
    { label: 'User created', value: dayText(user.createdAt) },
    {
      label: 'Groups',
      value:
        user.groups.length === 0
          ? 'none'
          : joinTexts(
              user.groups.map((group) => say`${group}`),
              ', ',
            ),
    },
    { label: 'Tags', value: tags.length === 0 ? 'none' : joinTexts([...shown, ...more], ', ') },
  ];
};

const factsOf = (input: WarningInput): MessageFact[] => {
  const { mail, case: one, user, lastUse } = input;
  return [
    { label: 'Account', value: say`${mail.accountId}` },
    { label: 'User', value: say`${user.userName}` },
    { label: 'User id', value: say`${mail.userId}` },
    { label: 'Credential', value: credentialText(one) },
    { label: 'Created', value: dayText(one.since) },
    ...(lastUse === undefined && isForOwner(input) ? [] : [{ label: 'Last used', value: lastUseText(lastUse) }]),
    { label: 'Deadline', value: momentText(mail.deadline) },
    ...(isForOwner(input) ? [] : searchFacts(input)),
  ];
};

const severityOf = (input: WarningInput): SeverityBand => {
  if (typeof input.mail.stage === 'string') return 'high';
  const nearness = nearnessOf(input);
  return nearness === 'tomorrow' || nearness === 'today' ? 'high' : 'medium';
};

/** How security answers the request, which no one else can. */
const answerSteps: readonly MessageAction[] = [
  {
    text: "Answer with resolve({ subject, decision, reason, requestedBy, until }): 'act' has it done by the next run, without waiting for the deadline; 'exempt' leaves the user alone until a day that you name.",
  },
];

const actionsOf = (input: WarningInput): readonly MessageAction[] => {
  const { mail, case: one, contact } = input;
  const ask = contact === undefined ? 'the security team' : contact;
  const byWhen = nearnessOf(input) === 'today' ? 'at once' : 'before the deadline';
  return [
    ...(mail.stage === 'undeliverable' ? answerSteps : []),
    ...stepsFor(one.rule),
    ...(mail.role === 'security'
      ? []
      : [
          {
            text: `Not yours, or must it stay as it is? Tell ${ask} ${byWhen}; exemptions have a reason and an end.`,
          },
        ]),
  ];
};

/**
 * The mail about one credential at one stage: what it is, since when, the deadline as a date, what will happen, how to put it
 * right, and how to need no such credential. Ids of credentials are masked; names, tags and groups are untrusted text. Pure:
 * the same input is the same message.
 *
 * `undone` is set on the request to security alone: there, nobody was warned.
 * @throws RemediationError `MAIL_DEADLINE_INVALID`
 */
export const warningMessage = (input: WarningInput): Message => {
  const { mail, case: one, user, at, preview = false } = input;
  const role = roleText(input);
  const relapse = relapseText(input);
  return {
    key: mailKey(mail),
    severity: severityOf(input),
    preview,
    title: titleOf(input),
    body: [
      matterText({ ...input, userName: user.userName, accountId: mail.accountId, case: one }),
      ...(relapse === undefined ? [] : [relapse]),
      deadlineText(input),
      ...(role === undefined ? [] : [role]),
      'This mail does not ask for a password or a key, and neither will the security team.',
    ],
    facts: factsOf(input),
    links: [],
    actions: actionsOf(input),
    subject: { accountId: mail.accountId, type: 'credential-warning' },
    ...(mail.stage === 'undeliverable' && !preview ? { undone: true } : {}),
    at,
    recipient: mail.address,
  };
};
