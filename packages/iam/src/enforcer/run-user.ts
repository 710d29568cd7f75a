import { isRemediationError, pausedFor } from '@remedykit/core';
import { exemptionOf } from '../exemptions/exemption-of.ts';
import type { InventoryUser } from '../inventory/gather.ts';
import type { ReportedUser } from '../model/user.ts';
import { emptyMemory, type UserMemory } from '../rules/memory.ts';
import { skip } from '../rules/skipped.ts';
import { type Suspicion, suspectsOf } from '../rules/suspects-of.ts';
import type { Held } from '../state/change-document.ts';
import type { RecipientChain } from '../warnings/recipients.ts';
import type { AccountContext } from './account-context.ts';
import { carryOut } from './carry-out.ts';
import { decideUser } from './decide-user.ts';
import { changeUser, type UserDocument } from './documents.ts';
import { decideIntents, hasMfaPolicy, stepsOf } from './intents.ts';
import { reportedKeys } from './live-user.ts';
import { judgeAgain, lookAt, rowText, saysSame } from './look.ts';
import { failedLook, lookFailure } from './look-failure.ts';
import { rememberExemption, rememberLook } from './remember.ts';
import { factsOf, type Known, openCases } from './user-facts.ts';
import { type Again, nothing, type UserResult } from './user-result.ts';

/** What the last live reads found, where nothing in the report has changed since and nothing is to be done: no call is made. */
const recall = async (
  known: Known,
  reported: ReportedUser | undefined,
  row: string | undefined,
): Promise<UserResult | undefined> => {
  const { context, user, document, chain } = known;
  const { run } = context;
  const { seen } = document;
  if (run.horizon !== undefined || row === undefined || seen?.row !== row) return undefined;
  if (seen.report !== undefined && seen.report !== context.reportAt) return undefined;
  const { cases } = seen;
  const facts = factsOf(known, cases, context.mails.get(user.userId) ?? []);
  const plan = decideUser(facts, run.settings.policy, run.settings.now());
  if (plan.steps.length + plan.refused.length > 0) return undefined;
  const intents = await decideIntents(known, facts.cases, plan.cases, {
    ...(reported === undefined ? {} : { reported }),
    activeKeys: async () => reportedKeys(reported),
  });
  if (intents.some((intent) => stepsOf(intent).length > 0)) return undefined;
  return nothing(user, {
    open: openCases(user, cases, plan, intents),
    skippedRecipients: chain.skipped,
    ...(intents.length === 0 ? {} : { acting: { known, intents, again: async () => ({ intents: [] }) } }),
  });
};

/** Whoever is exempt is denied nothing: what was attached before is taken off. */
const lookAtExempt = async (known: Known): Promise<UserResult> => {
  const { context, user, exempt } = known;
  const result = nothing(user, exempt === undefined ? {} : { exempt });
  if (!hasMfaPolicy(context, known)) return result;
  const sources = { activeKeys: async () => [] };
  const again = async (): Promise<Again> => {
    const { settings } = context.run;
    const fresh = await context.users.get(user.userId);
    if (fresh === undefined) return { intents: [] };
    const now = exemptionOf(fresh.user, context.exemptions, settings.now(), { tags: settings.exemptByTag });
    if (now.exempt === undefined) return { intents: [] };
    return { intents: await decideIntents({ ...known, user: fresh.user, exempt: now.exempt }, [], [], sources) };
  };
  return { ...result, acting: { known, intents: await decideIntents(known, [], [], sources), again } };
};

const look = async (context: AccountContext, found: InventoryUser, suspicion: Suspicion): Promise<UserResult> => {
  const { user, reported } = found;
  const { run, known: stored } = context;
  const { settings } = run;
  const { exempt, expired, faults } = exemptionOf(user, context.exemptions, settings.now(), {
    tags: settings.exemptByTag,
  });
  const notes = { over: expired, notes: faults };

  let held: Held<UserDocument> = stored.users.get(user.userId) ?? {
    document: { schema: 1, userId: user.userId, memory: emptyMemory },
  };
  const remember = async (change: (document: UserDocument) => UserDocument): Promise<void> => {
    held = context.acts
      ? await changeUser(settings.store, context.accountId, held, change)
      : { ...held, document: change(held.document) };
  };
  await remember((document) => rememberExemption(document, exempt, settings.now()));
  const answer = context.answers.get(user.userId);
  const about = {
    context,
    user,
    journal: context.journal.get(user.userId) ?? [],
    ...(answer === undefined ? {} : { answer }),
    ...(exempt === undefined ? {} : { exempt }),
  };
  if (exempt !== undefined && run.horizon === undefined)
    return { ...(await lookAtExempt({ ...about, chain: nobody, document: held.document })), ...notes };

  const chain = await settings.recipients(user);
  const known = (): Known => ({ ...about, chain, document: held.document });
  const others = context.serviceSpecific.get(user.userName);
  const row = rowText(suspicion, reported, others, settings.policy, settings.now());
  const recalled = await recall(known(), reported, row);
  if (recalled !== undefined) return { ...recalled, ...notes };

  const looked = await lookAt(context, user, suspicion, held.document.memory);
  if (looked === undefined) return nothing(user, notes);
  let now = looked;
  await remember((document) => {
    // Another run may have seen a case before us: its first sight counts.
    now = judgeAgain(context, user, looked, document.memory);
    const { reportAt: report } = context;
    return rememberLook(
      document,
      now,
      row === undefined ? undefined : { row, ...(saysSame(reported, now.live) ? {} : { report }) },
    );
  });
  const memory = (): UserMemory => held.document.memory;
  return { ...(await carryOut(known(), { found, look: now, suspicion, memory })), ...notes };
};

/** Of somebody who is not written to. */
const nobody: RecipientChain = { recipients: [], skipped: [] };

/** Whoever has one of the two MFA policies is looked at whatever the report says: it ends when the user complies. */
const withPassword = ({ rules, reads, ...rest }: Suspicion): Suspicion => ({
  ...rest,
  rules: rules.includes('mfa') ? rules : ['mfa', ...rules],
  reads: { ...reads, password: true },
});

/**
 * Looks at one user and mails what is due. Most users cost nothing: the report gives no cause to look. What fails is a step
 * that a retry mends, and nobody is mailed on what could not be read.
 */
export const runUser = async (context: AccountContext, found: InventoryUser): Promise<UserResult> => {
  const { user, reported } = found;
  const { run } = context;
  const { settings, horizon } = run;
  const isUnreadable = context.unreadable.has(user.userName);
  const suspected = suspectsOf(
    user,
    isUnreadable ? 'unreadable' : reported,
    settings.policy,
    settings.now(),
    horizon === undefined ? {} : { withinDays: horizon },
  );
  if (suspected.skipped !== undefined) return nothing(user, { skipped: [suspected.skipped], isUnread: true });
  const suspicion = hasMfaPolicy(context, found) ? withPassword(suspected) : suspected;
  if (suspicion.rules.length === 0 && !context.serviceSpecific.has(user.userName)) return nothing(user);
  try {
    const broken = context.known.broken.get(user.userId) ?? context.broken.get(user.userId);
    if (broken !== undefined) throw broken;
    // A run takes minutes, a pause is to be noticed within seconds.
    const paused = pausedFor(await settings.control.read(context.accountId), 'release', settings.now());
    const { paused: _, ...rest } = context;
    return await look({ ...rest, ...(paused === undefined ? {} : { paused }) }, found, suspicion);
  } catch (error) {
    if (isRemediationError(error) && error.code === 'AUDIT_FAILED') throw error;
    const failure = lookFailure(error);
    return nothing(user, {
      skipped: [skip(user.userName, 'read-failed', { detail: failure.because })],
      isUnread: true,
      steps: [failedLook(user, failure)],
    });
  }
};
