import { warningsCountFrom } from '../actions/decide-credential-action.ts';
import { latestInstant } from '../days.ts';
import type { ActionSubject, JournalEntry } from '../model/action.ts';
import type { Answer, CredentialCase, Exempt, MailRecord } from '../model/case.ts';
import type { IamUser } from '../model/user.ts';
import type { RecipientChain } from '../warnings/recipients.ts';
import type { AccountContext } from './account-context.ts';
import type { UserFacts, UserPlan } from './decide-user.ts';
import type { UserDocument } from './documents.ts';
import type { Intent } from './intents.ts';
import type { OpenCase } from './outcome.ts';

const failedAddresses = (mails: readonly MailRecord[]): string[] => [
  ...new Set(
    mails.flatMap(({ address, events, rejectedAt }) =>
      events.failedAt !== undefined || rejectedAt !== undefined ? [address] : [],
    ),
  ),
];

/** One user as a run knows them. */
export interface Known {
  readonly context: AccountContext;
  readonly user: IamUser;
  readonly chain: RecipientChain;
  readonly document: UserDocument;
  /** Of all runs. */
  readonly journal: readonly JournalEntry[];
  readonly answer?: Answer;
  readonly exempt?: Exempt;
}

/** The user of an action. */
export const subjectOf = ({ accountId, userId, userName, arn }: IamUser): ActionSubject => ({
  accountId,
  userId,
  userName,
  arn,
});

/** Warnings from before do not count any more: an exemption was over then, or we deactivated the credential. */
const lastExemptAt = ({ user, document, journal }: Known, one: CredentialCase): { lastExemptAt?: string } => {
  const deactivated = warningsCountFrom({ subject: subjectOf(user), case: one, journal });
  const { lastExemptAt: exempt } = document;
  if (deactivated === undefined) return exempt === undefined ? {} : { lastExemptAt: exempt };
  return { lastExemptAt: latestInstant(deactivated, exempt) };
};

/** What is decided on about these cases of a user. */
export const factsOf = (known: Known, cases: readonly CredentialCase[], mails: readonly MailRecord[]): UserFacts => {
  const { context, user, chain, exempt, answer } = known;
  return {
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
      ...lastExemptAt(known, one),
      ...(answer === undefined ? {} : { answer }),
    })),
  };
};

/** Cases as they are reported, each with what was decided. */
export const openCases = (
  user: IamUser,
  cases: readonly CredentialCase[],
  plan: UserPlan,
  intents: readonly Intent[] = [],
): OpenCase[] =>
  cases.flatMap((one) => {
    const decision = plan.cases.find(({ caseId }) => caseId === one.id);
    if (decision === undefined) return [];
    const { state, deadline, action, reason, because } = decision;
    const acting = intents.find(({ caseId }) => caseId === one.id)?.decision;
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
        ...(acting === undefined ? {} : { acting: { reason: acting.reason, because: acting.because } }),
      },
    ];
  });
