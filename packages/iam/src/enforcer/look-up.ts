import { pausedFor, type StepOutcome } from '@remedykit/core';
import { listAccount } from '../actions/journal.ts';
import { settleJournal } from '../actions/settle-journal.ts';
import { readAnswers } from '../answers/answer-documents.ts';
import { createIamCalls, type IamCalls } from '../aws/calls.ts';
import { readExemptionDocuments } from '../exemptions/stored-exemptions.ts';
import { gatherInventory, type Inventory } from '../inventory/gather.ts';
import { gatherServiceSpecific } from '../inventory/live.ts';
import { gatherPasswordPolicy, type PasswordPolicy } from '../inventory/password-policy.ts';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import type { JournalEntry } from '../model/action.ts';
import type { Held } from '../state/change-document.ts';
import type { Listed } from '../state/list-documents.ts';
import { listMails, type SetAside, type StoredMails } from '../warnings/mail-store.ts';
import { type AccountContext, type ConsoleContext, failedStep } from './account-context.ts';
import { type AccountDocument, readAccount, readUsers } from './documents.ts';
import { type ForgetFacts, oldBefore } from './forget.ts';
import { createFreshUsers } from './fresh-users.ts';
import type { Run } from './run.ts';
import { settleClocks } from './settle-clocks.ts';

/** Who is in an account, and what all of its users share. */
export interface LookedUp {
  readonly context: AccountContext;
  readonly inventory: Inventory;
  readonly account: Held<AccountDocument>;
  /** Of all runs. */
  readonly journal: readonly JournalEntry[];
  /** Broken entries of the journal. */
  readonly brokenEntries: readonly SetAside[];
  /** What was done, and what failed, about the account as a whole. */
  readonly steps: readonly StepOutcome[];
  readonly stored: Omit<StoredMails, 'mails'>;
  /** As it is stored, for what nobody needs any more. */
  readonly held: Pick<ForgetFacts, 'journal' | 'exemptions' | 'answers'>;
}

/** By user id. */
const byUser = <T>(items: readonly T[], userIdOf: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const grouped = new Map<string, T[]>();
  for (const item of items) {
    const userId = userIdOf(item);
    const ofUser = grouped.get(userId);
    if (ofUser === undefined) grouped.set(userId, [item]);
    else ofUser.push(item);
  }
  return grouped;
};

interface Journal extends Pick<LookedUp, 'journal' | 'brokenEntries' | 'steps'> {
  readonly held: readonly Listed<JournalEntry>[];
}

/** The journal, after what an earlier run left open was settled by looking. */
const readJournal = async (run: Run, accountId: string, calls: IamCalls, acts: boolean): Promise<Journal> => {
  const { store, now } = run.settings;
  const { entries, held, setAside } = await listAccount(store, accountId);
  if (!acts) return { journal: entries, held, brokenEntries: setAside, steps: [] };
  const settled = await settleJournal({ store, calls, now }, entries);
  const keyOf = ({ runId, stepId, subject }: JournalEntry): string => `${runId} ${subject.userId} ${stepId}`;
  const after = new Map(settled.map(({ entry }) => [keyOf(entry), entry]));
  return {
    journal: entries.map((entry) => after.get(keyOf(entry)) ?? entry),
    held,
    brokenEntries: setAside,
    steps: settled.map(({ entry, reason, because, settled: isSettled }) => ({
      stepId: `${accountId}/settle/${entry.runId}/${entry.stepId}`,
      action: 'settle',
      status: isSettled ? 'applied' : reason === 'in-progress' ? 'skipped' : 'failed',
      reason,
      because,
      retryable: reason === 'read-failed',
    })),
  };
};

/** Asked once, and again where that failed. */
const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
};

const consoleContext = (
  { settings }: Run,
  { accountId, users, policiesPerUser }: Inventory,
  calls: IamCalls,
): ConsoleContext | undefined => {
  const { console } = settings.actions;
  if (console === undefined) return undefined;
  const partition = users[0]?.user.arn.split(':')[1] ?? 'aws';
  const policies = mfaPolicies({ accountId, partition });
  return {
    policies,
    policy: { ...console, enrolmentArn: policies.enrolment.arn, holdArn: policies.hold.arn },
    policiesPerUser,
    passwordPolicy: once<PasswordPolicy>(() => gatherPasswordPolicy(calls)),
  };
};

/** Reads who is in an account, what is known of them, and what holds for all of them. */
export const lookUp = async (run: Run, accountId: string, acts: boolean): Promise<LookedUp> => {
  const { settings, remainingTimeMs } = run;
  const { store, observe, sleep, random, now, concurrency, maxReportAge, actions } = settings;
  const target = { accountId };
  const control = await settings.control.read(accountId);
  // A mail takes nothing from anybody, but it starts a clock: who stops all writes stops it too.
  const paused = pausedFor(control, 'release', now());
  const [listed, storedExemptions, answered] = await Promise.all([
    settings.exemptions(target),
    readExemptionDocuments(store, accountId),
    readAnswers(store, accountId),
  ]);
  const [held, known, stored] = await Promise.all([
    readAccount(store, accountId),
    readUsers(store, accountId),
    listMails(store, accountId, { oldBefore: oldBefore(now()) }),
  ]);
  const clocks = await settleClocks(run, accountId, held, stored.mails, { acts, mayMail: paused === undefined });
  const time = Number.isFinite(remainingTimeMs()) ? { remainingTimeMs } : {};
  const iam = settings.iam(target);
  const calls = createIamCalls({ iam, concurrency: concurrency * 2, observe, sleep, random, ...time });
  const withGroups = actions.console?.action === 'deny-until-mfa' && actions.isPrivileged === undefined;
  const inventory = await gatherInventory({
    iam: calls,
    accountId,
    withGroups,
    report: { maxAgeMs: maxReportAge },
    observe,
    now,
    sleep,
    random,
    ...time,
  });
  // After it is known that the client is of this account: one of another would see that every user is gone.
  const journal = await readJournal(run, accountId, calls, acts);
  const { groups, readAt } = inventory;
  const users = inventory.users.map(({ user }) => user);
  const console = consoleContext(run, inventory, calls);
  const hasServiceRule = settings.policy.rules['service-specific-age'] !== undefined;
  return {
    inventory,
    account: clocks.account,
    journal: journal.journal,
    brokenEntries: journal.brokenEntries,
    // Nobody knows whether somebody wants it to stop: that is no pause, and a retry mends it.
    steps: [
      ...(control.readable || paused === undefined ? [] : [failedStep(`${accountId}/control`, 'look', paused, true)]),
      ...clocks.steps,
      ...journal.steps,
    ],
    stored,
    held: { journal: journal.held, exemptions: storedExemptions.held, answers: answered.held },
    context: {
      run,
      accountId,
      acts,
      calls,
      reportAt: inventory.report.generatedAt,
      known,
      mails: byUser(stored.mails, ({ userId }) => userId),
      stopped: clocks.account.document.stopped,
      exemptions: [...listed, ...storedExemptions.exemptions],
      broken: new Map([...storedExemptions.broken, ...answered.broken]),
      answers: answered.answers,
      journal: byUser(journal.journal, ({ subject }) => subject.userId),
      users: createFreshUsers({ accountId, calls, users, groups, withGroups, readAt, now }),
      ...(console === undefined ? {} : { console }),
      unreadable: new Set(inventory.faults.map(({ userName }) => userName)),
      serviceSpecific: hasServiceRule ? await gatherServiceSpecific(calls) : new Map(),
      ...(paused === undefined ? {} : { paused }),
    },
  };
};
