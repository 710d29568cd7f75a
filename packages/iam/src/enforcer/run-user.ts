import { isRemediationError, pausedFor, summarizeError } from '@remedykit/core';
import { exemptionOf } from '../exemptions/exemption-of.ts';
import type { InventoryUser } from '../inventory/gather.ts';
import { emptyMemory } from '../rules/memory.ts';
import { skip } from '../rules/skipped.ts';
import { type Suspicion, suspectsOf } from '../rules/suspects-of.ts';
import { type AccountContext, failedStep } from './account-context.ts';
import { carryOut } from './carry-out.ts';
import { decideUser } from './decide-user.ts';
import { changeUser, type Held, type UserDocument } from './documents.ts';
import { judgeAgain, lookAt, rowText } from './look.ts';
import { rememberExemption, rememberLook } from './remember.ts';
import { factsOf, type Known, openCases } from './user-facts.ts';
import { nothing, type UserResult } from './user-result.ts';

/** What the last live reads found, where nothing in the report has changed since and nothing is due: no call is made. */
const recall = (known: Known, row: string | undefined): UserResult | undefined => {
  const { context, user, document, chain } = known;
  const { run } = context;
  if (run.horizon !== undefined || row === undefined || document.seen?.row !== row) return undefined;
  const { cases } = document.seen;
  const facts = factsOf(known, cases, context.mails.get(user.userId) ?? []);
  const plan = decideUser(facts, run.settings.policy, run.settings.now());
  if (plan.steps.length + plan.refused.length > 0) return undefined;
  return nothing(user, { open: openCases(user, cases, plan), skippedRecipients: chain.skipped });
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
  if (exempt !== undefined && run.horizon === undefined) return nothing(user, { exempt, ...notes });

  const chain = await settings.recipients(user);
  const known = (): Known => ({
    context,
    user,
    chain,
    document: held.document,
    ...(exempt === undefined ? {} : { exempt }),
  });
  const others = context.serviceSpecific.get(user.userName);
  const row = rowText(suspicion, reported, others, settings.policy, settings.now());
  const recalled = recall(known(), row);
  if (recalled !== undefined) return { ...recalled, ...notes };

  const looked = await lookAt(context, user, suspicion, held.document.memory);
  if (looked === undefined) return nothing(user, notes);
  let now = looked;
  await remember((document) => {
    // Another run may have seen a case before us: its first sight counts.
    now = judgeAgain(context, user, looked, document.memory);
    return rememberLook(document, now, row);
  });
  return { ...(await carryOut(known(), found, now, suspicion)), ...notes };
};

/**
 * Looks at one user and mails what is due. Most users cost nothing: the report gives no cause to look. What fails is a step
 * that a retry mends, and nobody is mailed on what could not be read.
 */
export const runUser = async (context: AccountContext, found: InventoryUser): Promise<UserResult> => {
  const { user, reported } = found;
  const { run } = context;
  const { settings, horizon } = run;
  const isUnreadable = context.unreadable.has(user.userName);
  const suspicion = suspectsOf(
    user,
    isUnreadable ? 'unreadable' : reported,
    settings.policy,
    settings.now(),
    horizon === undefined ? {} : { withinDays: horizon },
  );
  if (suspicion.skipped !== undefined) return nothing(user, { skipped: [suspicion.skipped], isUnread: true });
  if (suspicion.rules.length === 0 && !context.serviceSpecific.has(user.userName)) return nothing(user);
  try {
    const broken = context.known.broken.get(user.userId);
    if (broken !== undefined) throw broken;
    // A run takes minutes, a pause is to be noticed within seconds.
    const paused = pausedFor(await settings.control.read(context.accountId), 'release', settings.now());
    const { paused: _, ...rest } = context;
    return await look({ ...rest, ...(paused === undefined ? {} : { paused }) }, found, suspicion);
  } catch (error) {
    const { code, message } = summarizeError(error);
    if (code === 'AUDIT_FAILED') throw error;
    const retryable = !isRemediationError(error) || error.retryable;
    return nothing(user, {
      skipped: [skip(user.userName, 'read-failed', { detail: `${code}: ${message}` })],
      isUnread: true,
      steps: [
        failedStep(
          `${user.userName}/look`,
          'look',
          { reason: 'read-failed', because: `${code}: ${message}` },
          retryable,
        ),
      ],
    });
  }
};
