import type { Instant, Reason } from '@remedykit/core';
import type { RuleName } from '../../model/case.ts';
import type { ReportedAccount, ReportedAction } from '../document.ts';
import { isUp } from './standing.ts';

/** How a change ended, for who reads a page. `nothing`: the time is up, and no change was to be made. */
export type Ending = ReportedAction['outcome'] | 'unknown' | 'nothing';

/** One change, or a case of which nothing was done. */
export interface ActionRow extends Reason {
  readonly accountId: string;
  readonly userName: string;
  readonly rule: RuleName;
  readonly credentialId: string;
  /** As `actionWords` has it. */
  readonly action: string;
  readonly ending: Ending;
  /** The earlier run that made it, if one did. */
  readonly runId?: string;
  readonly deadline?: Instant;
}

/** What was done first, then what was not, what is loudest first, then what there was no need for. */
export const endings: readonly Ending[] = [
  'applied',
  'planned',
  'unknown',
  'failed',
  'refused',
  'nothing',
  'skipped',
  'already-applied',
];

/** Endings for people. */
export const endingWords: Readonly<Record<Ending, string>> = {
  applied: 'done',
  planned: 'would be done',
  unknown: 'effect unknown',
  failed: 'failed',
  refused: 'refused',
  nothing: 'nothing done',
  skipped: 'left as it was',
  'already-applied': 'was so before',
};

/** What was done, by action and policy. */
export const actionWords: Readonly<Record<string, string>> = {
  deactivate: 'deactivate',
  'attach-policy enrolment': 'deny until MFA is set up',
  'attach-policy hold': 'put on hold',
  'detach-policy enrolment': 'end the deny',
  'detach-policy hold': 'end the hold',
  'delete-login-profile': 'delete the password',
  none: 'none',
};

/** An action for people; one that is not known as it is. */
export const actionText = (action: string): string =>
  Object.hasOwn(actionWords, action) ? (actionWords[action] ?? action) : action;

const rowOf = (accountId: string, one: ReportedAction): ActionRow => ({
  accountId,
  userName: one.userName,
  rule: one.rule,
  credentialId: one.credentialId,
  action: one.policy === undefined ? one.action : `${one.action} ${one.policy}`,
  ending: one.outcome === 'failed' && one.reason === 'unknown-effect' ? 'unknown' : one.outcome,
  ...(one.runId === undefined ? {} : { runId: one.runId }),
  ...(one.deadline === undefined ? {} : { deadline: one.deadline }),
  reason: one.reason,
  because: one.because,
});

const keyOf = (one: Pick<ReportedAction, 'userName' | 'rule' | 'credentialId'>): string =>
  JSON.stringify([one.userName, one.rule, one.credentialId]);

/** Cases whose time is up, and of which no change was to be made: why. */
const untouched = ({ accountId, actions, cases }: ReportedAccount): ActionRow[] => {
  const touched = new Set(actions.map(keyOf));
  return cases
    .filter((one) => isUp(one) && !touched.has(keyOf(one)))
    .map(({ userName, rule, credentialId, deadline, reason, because, acting }) => ({
      accountId,
      userName,
      rule,
      credentialId,
      action: 'none',
      ending: 'nothing',
      deadline,
      ...(acting ?? { reason, because }),
    }));
};

/** All changes of accounts and all that was due and not done, in the order of `endings`. */
export const actionRows = (accounts: readonly ReportedAccount[]): ActionRow[] =>
  accounts
    .flatMap((account) => [...account.actions.map((one) => rowOf(account.accountId, one)), ...untouched(account)])
    .sort((a, b) => endings.indexOf(a.ending) - endings.indexOf(b.ending));

/** True for what was done, or would be. */
export const isDone = ({ ending }: Pick<ActionRow, 'ending'>): boolean => ending === 'applied' || ending === 'planned';
