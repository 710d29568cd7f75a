import type { Reason } from '@remedykit/core';
import type { Of } from './run-news.ts';
import type { RunAction } from './run-summary.ts';

/** What a change means to its user. A swap of the two MFA policies is one change where both of its steps ended alike. */
export type ChangeKind =
  | 'deactivated'
  /** Console sessions without MFA are denied all but setting it up. */
  | 'denied'
  /** Every session is denied. */
  | 'held'
  /** From hold to enrolment. */
  | 'opened'
  /** From enrolment back to hold. */
  | 'closed'
  | 'freed'
  | 'password-deleted'
  /** One step of a swap whose steps ended differently. */
  | 'enrolment-attached'
  | 'hold-attached'
  | 'enrolment-detached'
  | 'hold-detached';

/** How a change ended. `unknown`: the answer was lost, and nobody knows whether it took effect. */
export type ChangeEnd = 'unknown' | 'failed' | 'refused' | 'skipped' | 'planned' | 'applied' | 'already-applied';

/** One change of one credential, as people are told of it. */
export interface Change extends Reason, Pick<RunAction, 'subject' | 'rule' | 'credentialId' | 'decided' | 'runId'> {
  readonly accountId: string;
  /** True where nothing was to be changed. */
  readonly preview: boolean;
  readonly kind: ChangeKind;
  readonly end: ChangeEnd;
}

const endOf = ({ status, reason }: RunAction): ChangeEnd =>
  status === 'failed' && reason === 'unknown-effect' ? 'unknown' : status;

/** True where it is so now, whoever made it so. */
const isSo = (end: ChangeEnd): boolean => end === 'applied' || end === 'already-applied';

/** A policy that is taken off alone: mostly a user who complies, else the rest of a swap that an earlier run began. */
const detachedAlone = (one: RunAction): ChangeKind => {
  const why = one.decided ?? one.reason;
  if (why === 'confirmed') return 'opened';
  return why === 'confirm-lapsed' || why === 'on-hold' ? 'closed' : 'freed';
};

const kindAlone = (one: RunAction): ChangeKind => {
  if (one.action === 'deactivate') return 'deactivated';
  if (one.action === 'delete-login-profile') return 'password-deleted';
  if (one.action === 'detach-policy') return detachedAlone(one);
  return one.policy === 'hold' ? 'held' : 'denied';
};

const kindOfStep = ({ action, policy = 'enrolment' }: RunAction): ChangeKind =>
  action === 'attach-policy' ? `${policy}-attached` : `${policy}-detached`;

const changeOf = ({ account, one }: Of<RunAction>, kind: ChangeKind): Change => ({
  accountId: account.accountId,
  preview: account.preview,
  subject: one.subject,
  rule: one.rule,
  credentialId: one.credentialId,
  ...(one.decided === undefined ? {} : { decided: one.decided }),
  ...(one.runId === undefined ? {} : { runId: one.runId }),
  kind,
  end: endOf(one),
  reason: one.reason,
  because: one.because,
});

/** The changes that the actions of one case come to. */
const changesOfCase = (actions: readonly Of<RunAction>[]): readonly Change[] => {
  const attached = actions.find(({ one }) => one.action === 'attach-policy');
  const detached = actions.find(({ one }) => one.action === 'detach-policy');
  if (attached === undefined || detached === undefined || actions.length > 2)
    return actions.map((action) => changeOf(action, kindAlone(action.one)));
  const kind = attached.one.policy === 'hold' ? 'closed' : 'opened';
  const [one, other] = [endOf(attached.one), endOf(detached.one)];
  const isAlike = one === other && attached.one.reason === detached.one.reason;
  // What is so counts as done only if this run had a part in it.
  if (isAlike || (isSo(one) && isSo(other))) return [changeOf(one === 'already-applied' ? detached : attached, kind)];
  // Half a swap is neither done nor undone: each step is told by itself.
  return actions.map((action) => changeOf(action, kindOfStep(action.one)));
};

/** The changes that actions come to, in their order. */
export const changesOf = (actions: readonly Of<RunAction>[]): readonly Change[] => {
  const cases = new Map<string, Of<RunAction>[]>();
  for (const action of actions) {
    const { subject, rule, credentialId } = action.one;
    const key = JSON.stringify([action.account.accountId, subject, rule, credentialId]);
    const ofCase = cases.get(key);
    if (ofCase === undefined) cases.set(key, [action]);
    else ofCase.push(action);
  }
  return [...cases.values()].flatMap(changesOfCase);
};
