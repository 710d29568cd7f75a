import { addTo, days, toInstant } from '@remedykit/core';
import { decideCredentialAction, warningsCountFrom } from '../actions/decide-credential-action.ts';
import { protectionOf } from '../actions/guard.ts';
import type { Consequence } from '../messages/credential-text.ts';
import type { ConsoleFacts } from '../mfa/console-facts.ts';
import { decideConsoleAction } from '../mfa/decide-console-action.ts';
import type { Answer, CredentialCase } from '../model/case.ts';
import { consoleFactsOf, type Sources } from './intents.ts';
import { reportedKeys } from './live-user.ts';
import { type Known, subjectOf } from './user-facts.ts';

/** What a mail says will come of a case at its deadline. */
export interface Outlook {
  readonly consequence: Consequence;
  /** We deactivated the credential before, and somebody made it active again. */
  readonly relapse?: true;
}

/** Where what comes of a case is read from, and for whom. */
export interface OutlookSources extends Sources {
  /** True where a person is asked to answer: then it is what comes of the answer to act. */
  readonly isAsked?: boolean;
}

const consoleConsequence = async (
  known: Known,
  one: CredentialCase,
  deadline: Date,
  { isAsked = false, ...sources }: OutlookSources,
): Promise<Consequence> => {
  const { console } = known.context;
  if (console === undefined) return 'report';
  // By the report: the keys are read live before anything is done.
  const told: Sources = { ...sources, activeKeys: async () => reportedKeys(sources.reported) };
  const { answer: _, ...rest } = await consoleFactsOf(known, one, true, told);
  const attached = ({ arn }: { readonly arn: string }): boolean =>
    arn === console.policy.enrolmentArn || arn === console.policy.holdArn;
  const at = toInstant(deadline);
  const answer: Answer = { decision: 'act', at, until: addTo(at, days(1)) };
  const facts: ConsoleFacts = {
    ...rest,
    attachedPolicies: rest.attachedPolicies.filter((policy) => !attached(policy)),
    ...(isAsked ? { answer } : {}),
  };
  const { steps } = decideConsoleAction(facts, console.policy, deadline);
  if (steps.some(({ action }) => action === 'delete-login-profile')) return 'delete-password';
  if (steps.length === 0) return 'report';
  return steps.some(({ target }) => target.kind === 'managed-policy' && target.policyArn === console.policy.holdArn)
    ? 'hold'
    : 'act';
};

/**
 * What will come of a case at a deadline, by the same decisions that a run takes then, so that a mail promises nothing else.
 * Rejects where something of it cannot be read.
 */
export const outlookOf = async (
  known: Known,
  one: CredentialCase,
  deadline: Date,
  sources: OutlookSources,
): Promise<Outlook> => {
  const { context, user, journal } = known;
  const { actions, policy } = context.run.settings;
  const isProtected = protectionOf(user.arn, actions.guard) !== undefined;
  if (one.rule === 'mfa')
    return { consequence: isProtected ? 'report' : await consoleConsequence(known, one, deadline, sources) };
  const facts = { subject: subjectOf(user), case: one, journal };
  if (warningsCountFrom(facts) === undefined) return { consequence: isProtected ? 'report' : 'act' };
  const about = { ...facts, createdAt: one.since, due: true };
  const isIncident = decideCredentialAction(about, policy, deadline).reason === 'incident';
  return { consequence: isProtected || isIncident ? 'report' : 'act', relapse: true };
};
