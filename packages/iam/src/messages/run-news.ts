import type { AccountRunSummary, DueCase, ExemptUser, MailCount, RunAction, RunNotice } from './run-summary.ts';

/** Something of one account. */
export interface Of<T> {
  readonly account: AccountRunSummary;
  readonly one: T;
}

/** All things of some kind, each with its account. */
export const all = <T>(
  accounts: readonly AccountRunSummary[],
  pick: (account: AccountRunSummary) => readonly T[],
): readonly Of<T>[] => accounts.flatMap((account) => pick(account).map((one) => ({ account, one })));

const news = <T extends { readonly announce: boolean }>(
  accounts: readonly AccountRunSummary[],
  pick: (account: AccountRunSummary) => readonly T[],
): readonly Of<T>[] => all(accounts, pick).filter(({ one }) => one.announce);

/** All of a run that is new. */
export interface News {
  readonly actions: readonly Of<RunAction>[];
  readonly onHold: readonly Of<RunNotice>[];
  readonly due: readonly Of<DueCase>[];
  readonly skipped: readonly Of<RunNotice>[];
  readonly exempt: readonly Of<ExemptUser>[];
  readonly ended: readonly Of<ExemptUser>[];
  readonly cannotWarn: readonly Of<RunNotice>[];
  readonly root: readonly Of<RunNotice>[];
  readonly faults: readonly Of<RunNotice>[];
  readonly mails: readonly Of<MailCount>[];
  readonly unfinished: readonly AccountRunSummary[];
}

/** Ends of a mail that change nothing for anybody, or were told before. */
const quiet: ReadonlySet<MailCount['status']> = new Set(['already-sent', 'in-progress', 'no-longer-due']);

const withoutChanges = (accounts: readonly AccountRunSummary[]): Omit<News, 'actions' | 'due'> => ({
  onHold: news(accounts, ({ onHold }) => onHold),
  skipped: news(accounts, ({ skipped }) => skipped),
  exempt: news(accounts, ({ exempt }) => exempt),
  ended: news(accounts, ({ ended }) => ended),
  cannotWarn: news(accounts, ({ cannotWarn }) => cannotWarn),
  root: news(accounts, ({ root }) => root),
  faults: news(accounts, ({ faults }) => faults),
  mails: all(accounts, ({ mails }) => mails).filter(({ one }) => one.count > 0 && !quiet.has(one.status)),
  unfinished: accounts.filter(({ done }) => !done),
});

const caseOf = ({ account, one }: Of<RunAction | DueCase>): string =>
  JSON.stringify([account.accountId, one.subject, one.rule, one.credentialId]);

/** What of a run people have not been told. A case is told of once: by what became of its change, where there was one. */
export const newsOf = (accounts: readonly AccountRunSummary[]): News => {
  const actions = news(accounts, (account) => account.actions);
  const changed = new Set(actions.map(caseOf));
  return {
    ...withoutChanges(accounts),
    actions,
    due: news(accounts, ({ due }) => due).filter((one) => !changed.has(caseOf(one))),
  };
};
