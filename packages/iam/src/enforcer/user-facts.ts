import type { CredentialCase, Exempt, MailRecord } from '../model/case.ts';
import type { IamUser } from '../model/user.ts';
import type { RecipientChain } from '../warnings/recipients.ts';
import type { AccountContext } from './account-context.ts';
import type { UserFacts, UserPlan } from './decide-user.ts';
import type { UserDocument } from './documents.ts';
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
  readonly exempt?: Exempt;
}

/** What is decided on about these cases of a user. */
export const factsOf = (
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

/** Cases as they are reported, each with what was decided. */
export const openCases = (user: IamUser, cases: readonly CredentialCase[], plan: UserPlan): OpenCase[] =>
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
