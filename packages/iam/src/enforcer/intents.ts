import type { Instant } from '@remedykit/core';
import {
  type CredentialDecision,
  type CredentialFacts,
  decideCredentialAction,
  warningsCountFrom,
} from '../actions/decide-credential-action.ts';
import { countsFrom, isWarning, mailStatus } from '../lifecycle/mails.ts';
import type { ConsoleFacts, ConsolePolicy } from '../mfa/console-facts.ts';
import { type ConsoleDecision, decideConsoleAction } from '../mfa/decide-console-action.ts';
import type { ActionStep } from '../model/action.ts';
import type { CaseDecision, CaseFacts, CredentialCase, CredentialPolicy } from '../model/case.ts';
import type { IamUser, LiveCredentials, ReportedUser } from '../model/user.ts';
import type { AccountContext } from './account-context.ts';
import { type Known, subjectOf } from './user-facts.ts';

/** The case of the console password. */
const passwordCase = 'mfa/password';

/** What is to be done about one case of a user, and on what that was decided. */
export type Intent = {
  readonly caseId: string;
  readonly at: Date;
} & (
  | {
      readonly decider: 'credentials/console';
      readonly facts: ConsoleFacts;
      readonly policy: ConsolePolicy;
      readonly decision: ConsoleDecision;
    }
  | {
      readonly decider: 'credentials/credential';
      readonly facts: CredentialFacts;
      readonly policy: Pick<CredentialPolicy, 'minimumWarningDays'>;
      readonly decision: CredentialDecision;
    }
);

/** The steps of an intent, in order. */
export const stepsOf = ({ decision }: Intent): readonly ActionStep[] =>
  'steps' in decision ? decision.steps : decision.step === undefined ? [] : [decision.step];

/** Where what is decided on comes from. */
export interface Sources {
  readonly reported?: ReportedUser;
  /** Absent: nothing was read of the user in this run; what stands in for it is what the last reads found. */
  readonly live?: LiveCredentials;
  /** Ids of active access keys; asked for only where it matters. */
  readonly activeKeys: () => Promise<readonly string[]>;
  /** When the user last signed in with a password, live; asked for only before a hold for a password that nobody used. */
  readonly lastSignIn?: () => Promise<Instant | undefined>;
}

/** When the first warning that counts was accepted. */
const warnedAt = (facts: CaseFacts, now: Date): Instant | undefined => {
  const from = Date.parse(countsFrom(facts));
  return facts.mails
    .filter((mail) => isWarning(mail) && mailStatus(mail, now) === 'accepted' && Date.parse(mail.claimedAt) > from)
    .map(({ acceptedAt, events, claimedAt }) => acceptedAt ?? events.deliveredAt ?? claimedAt)
    .sort()[0];
};

const createdAt = ({ live }: Sources, { credentialId, since }: CredentialCase): Instant =>
  [...(live?.accessKeys ?? []), ...(live?.others ?? [])].find(({ id }) => id === credentialId)?.createdAt ?? since;

const credentialIntent = (
  { context, user, journal }: Known,
  facts: CaseFacts,
  isDue: boolean,
  sources: Sources,
  at: Date,
): Intent => {
  const { settings } = context.run;
  const warned = warnedAt(facts, at);
  const about: CredentialFacts = {
    subject: subjectOf(user),
    case: facts.case,
    createdAt: createdAt(sources, facts.case),
    due: isDue,
    ...(warned === undefined ? {} : { warnedAt: warned }),
    journal: journal.filter(({ caseId }) => caseId.endsWith(`/${facts.case.credentialId}`)),
  };
  const policy = { minimumWarningDays: settings.policy.minimumWarningDays };
  const decision = decideCredentialAction(about, policy, at);
  return { decider: 'credentials/credential', caseId: facts.case.id, facts: about, policy, decision, at };
};

/** What is known of a password: what was read, or that there is one as long as its case is open. */
const passwordOf = ({ reported, live }: Sources, one: CredentialCase | undefined): ConsoleFacts['password'] => {
  const created = live === undefined ? one?.since : live.loginProfile?.createdAt;
  if (created === undefined) return null;
  const { lastUse, nextRotationAt } = reported?.password ?? {};
  return {
    createdAt: created,
    lastUse: lastUse ?? { kind: 'unknown' },
    ...(nextRotationAt === undefined ? {} : { expiresAt: nextRotationAt }),
  };
};

/** What is decided on about a user's console access. Rejects where something of it cannot be read. */
export const consoleFactsOf = async (
  known: Known,
  one: CredentialCase | undefined,
  isDue: boolean,
  sources: Sources,
): Promise<ConsoleFacts> => {
  const { context, user, answer, exempt } = known;
  const { settings } = context.run;
  const { console } = context;
  if (console === undefined) throw new TypeError('There is no rule about MFA.');
  const fresh = await context.users.get(user.userId);
  const { attachedPolicies, permissionsBoundaryArn: boundary } = fresh?.user ?? user;
  // All that is asked for the first deny alone.
  const isFirst = isDue && !hasMfaPolicy(context, { user: { attachedPolicies } });
  const { isPrivileged } = settings.actions;
  const privileged = isFirst && isPrivileged !== undefined ? await isPrivileged(fresh?.user ?? user) : undefined;
  const { live } = sources;
  return {
    subject: subjectOf(user),
    caseId: passwordCase,
    due: isDue,
    mfaDevices: live === undefined ? (one === undefined ? ['seen before'] : []) : (live.mfaDevices ?? []),
    password: passwordOf(sources, one),
    attachedPolicies,
    groupPolicies: fresh?.groupPolicies ?? [],
    activeKeys:
      isDue && console.policy.action === 'deny-until-mfa' && console.policy.activeKeyUsers === 'report'
        ? await sources.activeKeys()
        : [],
    policiesPerUser: console.policiesPerUser,
    passwordPolicy: isFirst && console.policy.action === 'deny-until-mfa' ? await console.passwordPolicy() : unasked,
    ...(privileged === undefined ? {} : { privileged }),
    ...(boundary === undefined ? {} : { permissionsBoundaryArn: boundary }),
    ...(answer === undefined ? {} : { answer }),
    ...(exempt === undefined ? {} : { exempt }),
  };
};

const unasked = { hardExpiry: false } as const;

/** Whether one of the two MFA policies is attached to a user. */
export const hasMfaPolicy = (
  { console }: Pick<AccountContext, 'console'>,
  { user }: { readonly user: Pick<IamUser, 'attachedPolicies'> },
): boolean =>
  console?.policy.action === 'deny-until-mfa' &&
  user.attachedPolicies.some(({ arn }) => arn === console.policy.enrolmentArn || arn === console.policy.holdArn);

/** The report is hours old: who has signed in since is not held for not having done so. */
const withSignIn = async (facts: ConsoleFacts, { lastSignIn }: Sources): Promise<ConsoleFacts> => {
  const at = await lastSignIn?.();
  if (at === undefined || facts.password === null) return facts;
  return { ...facts, password: { ...facts.password, lastUse: { kind: 'used', at } } };
};

/**
 * What is to be done about the cases of a user: about each whose time is up, and about the console access of whoever has
 * one of the two policies, for that ends when the user complies.
 */
export const decideIntents = async (
  known: Known,
  facts: readonly CaseFacts[],
  decisions: readonly CaseDecision[],
  sources: Sources,
): Promise<readonly Intent[]> => {
  const { context } = known;
  const { settings } = context.run;
  const at = settings.now();
  const isDue = (caseId: string): boolean =>
    decisions.some((decision) => decision.caseId === caseId && decision.action.kind === 'act');
  const intents: Intent[] = [];
  for (const each of facts) {
    if (each.case.rule === 'mfa') continue;
    const due = isDue(each.case.id);
    // That somebody made it active again is told at once.
    const isRelapse = warningsCountFrom({ ...known, subject: subjectOf(known.user), case: each.case }) !== undefined;
    if (due || isRelapse) intents.push(credentialIntent(known, each, due, sources, at));
  }
  const password = facts.find((each) => each.case.rule === 'mfa')?.case;
  const isPasswordDue = password !== undefined && isDue(password.id);
  if (context.console !== undefined && (isPasswordDue || hasMfaPolicy(context, known))) {
    const { policy } = context.console;
    const reported = await consoleFactsOf(known, password, isPasswordDue, sources);
    const isHeld = decideConsoleAction(reported, policy, at).reason === 'hold-unused';
    const about = isHeld ? await withSignIn(reported, sources) : reported;
    const decision = decideConsoleAction(about, policy, at);
    intents.push({ decider: 'credentials/console', caseId: passwordCase, facts: about, policy, decision, at });
  }
  return intents;
};
