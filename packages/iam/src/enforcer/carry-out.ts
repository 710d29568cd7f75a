import { previewPlan, runPlan, type StepOutcome, seconds } from '@remedykit/core';
import type { InventoryUser } from '../inventory/gather.ts';
import type { CaseFacts, CredentialCase, MailRecord } from '../model/case.ts';
import type { UserMemory } from '../rules/memory.ts';
import { skip } from '../rules/skipped.ts';
import type { Suspicion } from '../rules/suspects-of.ts';
import { mailStoreKey } from '../warnings/mail-key.ts';
import { decideAgain } from './decide-again.ts';
import { decideUser, type UserPlan, type WarnStep } from './decide-user.ts';
import { decideIntents, type Intent, type Sources } from './intents.ts';
import { createLiveUser } from './live-user.ts';
import { isSameCase, type Look } from './look.ts';
import { failedLook, type LookFailure, lookFailure } from './look-failure.ts';
import { outlookOf } from './outlook.ts';
import { record } from './run.ts';
import { factsOf, type Known, openCases } from './user-facts.ts';
import { type Acting, type CaseOutlook, nothing, type TriedMail, type UserResult } from './user-result.ts';
import { executeWarn, learnt, resultOf, thrownResult, type WarnContext } from './warn.ts';

/** No mail begins with less than this left. */
const reserveMs = seconds(10);
/** How often the next address is tried when one refuses a mail for good. */
const maxRounds = 8;

/** What was looked at, and by what. */
export interface Looked {
  readonly found: InventoryUser;
  readonly look: Look;
  readonly suspicion: Suspicion;
  readonly memory: () => UserMemory;
}

const outlooksOf = async (
  known: Known,
  facts: readonly CaseFacts[],
  { cases }: UserPlan,
  sources: Sources,
): Promise<readonly CaseOutlook[]> => {
  const outlooks: CaseOutlook[] = [];
  for (const each of facts) {
    const deadline = new Date(cases.find(({ caseId }) => caseId === each.case.id)?.deadline ?? each.case.since);
    const { consequence } = await outlookOf(known, each.case, deadline, sources);
    outlooks.push({ facts: each, consequence });
  }
  return outlooks;
};

/** What is to be done, or why it cannot be known: what was found and mailed is told all the same. */
const intentsOf = async (
  known: Known,
  facts: readonly CaseFacts[],
  { cases }: UserPlan,
  sources: Sources,
): Promise<{ readonly intents: readonly Intent[]; readonly failure?: LookFailure }> => {
  try {
    return { intents: await decideIntents(known, facts, cases, sources) };
  } catch (error) {
    return { intents: [], failure: lookFailure(error) };
  }
};

/**
 * Mails what is due about one user, the next address after each that refuses, says where the cases stand then, and what is
 * to be done about them.
 */
export const carryOut = async (known: Known, { found, look, suspicion, memory }: Looked): Promise<UserResult> => {
  const { reported } = found;
  const { context, user, chain } = known;
  const { run } = context;
  const { settings } = run;
  const { cases } = look;
  let mails: readonly MailRecord[] = context.mails.get(user.userId) ?? [];
  const tried: TriedMail[] = [];
  const steps: StepOutcome[] = [];
  let done = true;
  const live = createLiveUser(context, user, suspicion, look, memory);
  const sources: Sources = {
    activeKeys: live.activeKeys,
    lastSignIn: live.lastSignIn,
    ...(reported === undefined ? {} : { reported }),
  };

  let current: Look | undefined = look;
  const isOpen = (one: CredentialCase): boolean => current?.cases.some((open) => isSameCase(open, one)) ?? false;
  const isStillDue = async (caseId: string): Promise<boolean> => {
    current = await live.look();
    return cases.some((one) => one.id === caseId && isOpen(one));
  };

  let plan: UserPlan;
  for (let round = 1; ; round += 1) {
    const at = settings.now();
    const facts = factsOf(known, cases, mails);
    plan = decideUser(facts, settings.policy, at);
    if (run.horizon !== undefined) break;
    let isRejected = false;
    const execute = async (step: WarnStep) => {
      const one = cases.find(({ id }) => id === step.mail.caseId);
      if (one === undefined) return { status: 'skipped', reason: 'no-longer-due' } as const;
      const warning: WarnContext = { known, look: current ?? look, mails, isStillDue, sources };
      try {
        const sent = await executeWarn(warning, step, one);
        tried.push({ stage: step.mail.stage, status: sent.status });
        const now = learnt(sent, settings.now());
        if (now !== undefined) {
          const key = mailStoreKey(now);
          mails = [...mails.filter((mail) => mailStoreKey(mail) !== key), now];
        }
        isRejected ||= sent.status === 'rejected';
        return resultOf(sent);
      } catch (error) {
        tried.push({ stage: step.mail.stage, status: 'deferred' });
        return thrownResult(error);
      }
    };
    const outcome = context.acts
      ? await runPlan(plan, { execute, remainingTimeMs: run.remainingTimeMs, reserveMs, observe: settings.observe })
      : previewPlan(plan);
    if (!context.acts) for (const { mail } of plan.steps) tried.push({ stage: mail.stage, status: 'planned' });
    steps.push(...outcome.steps);
    done &&= outcome.done;
    if (plan.cases.some(({ action }) => action.kind !== 'wait'))
      await record(run, { decider: 'credentials/user', facts, plan, at, outcomes: outcome.steps });
    if (!isRejected || !done || round === maxRounds) break;
  }
  const facts = factsOf(known, cases, mails);
  const last = context.acts ? decideUser(facts, settings.policy, settings.now()) : plan;
  const { intents, failure } =
    run.horizon === undefined
      ? await intentsOf(known, facts.cases, last, { ...sources, live: (current ?? look).live })
      : { intents: [] };
  const acting: Acting = { known, intents, again: decideAgain(known, { live, sources, mails }) };
  return nothing(user, {
    // What was put right meanwhile is open no more.
    open: openCases(user, cases.filter(isOpen), last, intents),
    // Kept for a forecast alone: an account may have thousands of cases.
    outlooks:
      run.horizon === undefined ? [] : await outlooksOf(known, facts.cases, last, { ...sources, live: look.live }),
    mails: tried,
    steps: failure === undefined ? steps : [...steps, failedLook(user, failure)],
    ...(intents.length === 0 ? {} : { acting }),
    skipped:
      failure === undefined
        ? look.skipped
        : [...look.skipped, skip(user.userName, 'read-failed', { detail: failure.because })],
    skippedRecipients: chain.skipped,
    ...(known.exempt === undefined ? {} : { exempt: known.exempt }),
    done,
  });
};
