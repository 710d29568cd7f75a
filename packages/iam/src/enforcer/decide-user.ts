import type { Decider, Plan, Reason, Step } from '@remedykit/core';
import { decideCase } from '../lifecycle/decide-case.ts';
import type { CaseDecision, CaseFacts, CredentialPolicy } from '../model/case.ts';
import type { MailIdentity } from '../warnings/mail-key.ts';

/** One mail that is due. */
export interface WarnStep extends Step {
  readonly action: 'warn';
  readonly mail: MailIdentity;
}

/** All that is decided on about one user. Plain JSON. */
export interface UserFacts {
  readonly accountId: string;
  readonly userId: string;
  readonly userName: string;
  readonly cases: readonly CaseFacts[];
  /** Why no mail may go out now, if so. */
  readonly paused?: Reason;
}

/** What is done about one user, and where each of their cases stands. */
export interface UserPlan extends Plan<WarnStep> {
  readonly cases: readonly CaseDecision[];
}

const mailOf = ({
  action,
}: CaseDecision): { stage: MailIdentity['stage']; role: MailIdentity['role']; address: string } | undefined =>
  action.kind === 'warn' ? action : action.kind === 'act' ? action.notice : undefined;

/**
 * What to do about one user now: the decision about each case, and the mails that are due as steps. Pure. While the account
 * is paused every mail is refused.
 */
export const decideUser: Decider<UserFacts, CredentialPolicy, UserPlan> = (facts, policy, now) => {
  const { accountId, userId, userName, paused } = facts;
  const cases = facts.cases.map((one) => decideCase(one, policy, now));
  const steps = cases.flatMap((decision): WarnStep[] => {
    const mail = mailOf(decision);
    if (mail === undefined) return [];
    const { caseId, deadline, reason, because } = decision;
    const { stage, role, address } = mail;
    return [
      {
        id: `${userName}/${caseId}/${stage}`,
        action: 'warn',
        reason,
        because,
        precondition: { open: caseId },
        mail: { accountId, userId, caseId, stage, deadline, role, address },
      },
    ];
  });
  return paused === undefined
    ? { steps, refused: [], cases }
    : { steps: [], refused: steps.map((step) => ({ step, refused: paused })), cases };
};
