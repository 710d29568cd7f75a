import {
  isRemediationError,
  pausedFor,
  previewPlan,
  runPlan,
  type StepOutcome,
  seconds,
  summarizeError,
  toInstant,
} from '@remedykit/core';
import { exemptionOf } from '../exemptions/exemption-of.ts';
import type { InventoryUser } from '../inventory/gather.ts';
import type { CaseFacts, CredentialCase, Exempt, MailRecord } from '../model/case.ts';
import type { IamUser } from '../model/user.ts';
import { emptyMemory } from '../rules/memory.ts';
import { type Skipped, skip } from '../rules/skipped.ts';
import { type Suspicion, suspectsOf } from '../rules/suspects-of.ts';
import { mailStoreKey } from '../warnings/mail-key.ts';
import type { RecipientChain, SkippedRecipient } from '../warnings/recipients.ts';
import type { SendResult } from '../warnings/send-warning.ts';
import { type AccountContext, failedStep } from './account-context.ts';
import { decideUser, type UserFacts, type UserPlan, type WarnStep } from './decide-user.ts';
import { changeUser, type Held, type UserDocument } from './documents.ts';
import { isSameCase, judgeAgain, type Look, liveFor, lookAt, rowText } from './look.ts';
import type { OpenCase } from './outcome.ts';
import { record } from './run.ts';
import { executeWarn, learnt, resultOf, thrownResult, type WarnContext } from './warn.ts';

/** A mail that a run sent, or tried to. */
export interface TriedMail {
  readonly stage: WarnStep['mail']['stage'];
  readonly status: SendResult['status'] | 'planned';
}

/** What a run found and did about one user. */
export interface UserResult {
  readonly user: IamUser;
  readonly open: readonly OpenCase[];
  /** What was decided on, for a forecast. */
  readonly facts: readonly CaseFacts[];
  readonly mails: readonly TriedMail[];
  readonly steps: readonly StepOutcome[];
  readonly skipped: readonly Skipped[];
  readonly skippedRecipients: readonly SkippedRecipient[];
  readonly exempt?: Exempt;
  /** Exemptions of this user that are over. */
  readonly over: readonly Exempt[];
  /** Tags that were to exempt, and exempt nobody. */
  readonly notes: readonly string[];
  /** Nothing is known of where their cases stand, for it could not be read. */
  readonly isUnread?: boolean;
  readonly done: boolean;
}

const nothing = (user: IamUser, changes: Partial<UserResult> = {}): UserResult => ({
  user,
  open: [],
  facts: [],
  mails: [],
  steps: [],
  skipped: [],
  skippedRecipients: [],
  over: [],
  notes: [],
  done: true,
  ...changes,
});

/** No mail begins with less than this left. */
const reserveMs = seconds(10);
/** How often the next address is tried when one refuses a mail for good. */
const maxRounds = 8;

const failedAddresses = (mails: readonly MailRecord[]): string[] => [
  ...new Set(
    mails.flatMap(({ address, events, rejectedAt }) =>
      events.failedAt !== undefined || rejectedAt !== undefined ? [address] : [],
    ),
  ),
];

interface Known {
  readonly context: AccountContext;
  readonly user: IamUser;
  readonly chain: RecipientChain;
  readonly document: UserDocument;
  readonly exempt?: Exempt;
}

const factsOf = (
  { context, user, chain, document, exempt }: Known,
  cases: readonly CredentialCase[],
  mails: readonly MailRecord[],
): UserFacts => ({
  accountId: context.accountId,
  userId: user.userId,
  userName: user.userName,
  ...(context.paused === undefined ? {} : { paused: context.paused }),
  cases: cases.map((one) => ({
    case: one,
    mails: mails.filter(({ caseId }) => caseId === one.id),
    recipients: chain.recipients,
    failedAddresses: failedAddresses(mails),
    stopped: context.stopped,
    ...(exempt === undefined ? {} : { exempt }),
    ...(document.lastExemptAt === undefined ? {} : { lastExemptAt: document.lastExemptAt }),
  })),
});

const openCases = (user: IamUser, cases: readonly CredentialCase[], plan: UserPlan): OpenCase[] =>
  cases.flatMap((one) => {
    const decision = plan.cases.find(({ caseId }) => caseId === one.id);
    if (decision === undefined) return [];
    const { state, deadline, action, reason, because } = decision;
    return [
      {
        userId: user.userId,
        userName: user.userName,
        caseId: one.id,
        rule: one.rule,
        credentialId: one.credentialId,
        since: one.since,
        state,
        deadline,
        action: action.kind,
        reason,
        because,
      },
    ];
  });

/** The exemption as it is remembered: while it holds its end, after it when it was over. */
const rememberExemption = (document: UserDocument, exempt: Exempt | undefined, now: Date): UserDocument => {
  const { exemptUntil, ...rest } = document;
  if (exempt !== undefined)
    return exempt.expires === exemptUntil ? document : { ...document, exemptUntil: exempt.expires };
  if (exemptUntil === undefined) return document;
  return { ...rest, lastExemptAt: toInstant(new Date(Math.min(now.getTime(), Date.parse(exemptUntil)))) };
};

const rememberLook = (document: UserDocument, found: Look, row: string | undefined): UserDocument => {
  const { seen: _, ...rest } = document;
  const next: UserDocument = {
    ...rest,
    memory: found.memory,
    // What could not be judged is looked at again.
    ...(row === undefined || found.skipped.length > 0 ? {} : { seen: { row, cases: found.cases } }),
  };
  return JSON.stringify(next) === JSON.stringify(document) ? document : next;
};

/** Carries the plans of one user out, the next address after each that refuses, and says where the cases stand then. */
const carryOut = async (
  known: Known,
  { reported }: InventoryUser,
  look: Look,
  suspicion: Suspicion,
): Promise<UserResult> => {
  const { context, user, chain } = known;
  const { run } = context;
  const { settings } = run;
  const { cases } = look;
  let mails: readonly MailRecord[] = context.mails.get(user.userId) ?? [];
  const tried: TriedMail[] = [];
  const steps: StepOutcome[] = [];
  let done = true;
  let current = look;

  const isOpen = (one: CredentialCase): boolean => current.cases.some((open) => isSameCase(open, one));
  const isStillDue = async (caseId: string): Promise<boolean> => {
    if (settings.now().getTime() - Date.parse(current.readAt) >= liveFor)
      // Whoever is gone has no case.
      current = (await lookAt(context, user, suspicion, known.document.memory)) ?? { ...current, cases: [] };
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
      const warning: WarnContext = {
        context,
        user,
        look: current,
        mails,
        isStillDue,
        ...(reported === undefined ? {} : { reported }),
      };
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
  const last = context.acts ? decideUser(factsOf(known, cases, mails), settings.policy, settings.now()) : plan;
  return nothing(user, {
    // What was put right meanwhile is open no more.
    open: openCases(user, cases.filter(isOpen), last),
    // Kept for a forecast alone: an account may have thousands of cases.
    facts: run.horizon === undefined ? [] : factsOf(known, cases, mails).cases,
    mails: tried,
    steps,
    skipped: look.skipped,
    skippedRecipients: chain.skipped,
    ...(known.exempt === undefined ? {} : { exempt: known.exempt }),
    done,
  });
};

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
