import { GetAccountSummaryCommand, GetUserCommand } from '@aws-sdk/client-iam';
import { type Instant, mapConcurrent, type Observe, RemediationError, systemClock, toInstant } from '@remedykit/core';
import { required } from '../aws/answer.ts';
import { createIamCalls, type IamCalls, type IamClient } from '../aws/calls.ts';
import { isMissing } from '../aws/errors.ts';
import {
  type CredentialReport,
  type CredentialReportOptions,
  gatherCredentialReport,
} from '../credential-report/gather.ts';
import type { ReportFault } from '../credential-report/parse.ts';
import { rootName } from '../credential-report/read-row.ts';
import type { IamGroup, IamUser, ReportedUser } from '../model/user.ts';
import { decideInventory, type InventoryFacts, type Reread } from './decide-inventory.ts';
import { type AuthorizationDetails, gatherDetails } from './details.ts';

/** A user, and what the report says of the user's credentials. */
export interface InventoryUser {
  readonly user: IamUser;
  /**
   * Absent for a user whom the report does not have yet (created or renamed after it), or whose row is among `faults`:
   * nothing is known of the credentials without live reads.
   */
  readonly reported?: ReportedUser;
}

/** Everybody in the account. Plain JSON. */
export interface Inventory {
  readonly accountId: string;
  readonly users: readonly InventoryUser[];
  /** The account's own row; reported on, never acted on. */
  readonly root?: ReportedUser;
  /** How many managed policies a user may have attached. */
  readonly policiesPerUser: number;
  /** Groups, where `withGroups` asked for them. */
  readonly groups: readonly IamGroup[];
  /** Rows of the report that could not be read. */
  readonly faults: readonly ReportFault[];
  readonly report: Pick<CredentialReport, 'generatedAt' | 'ageMs' | 'freshness' | 'keptBecause'>;
  /** When the reading of the authorization details began: users, tags, groups and policies are of then. */
  readonly readAt: Instant;
  /** Requests to IAM. `polls`: those spent on waiting for the report, not among `detection`. */
  readonly calls: { readonly detection: number; readonly polls: number };
}

/** How an inventory is taken. */
export interface InventoryOptions
  extends Pick<CredentialReportOptions, 'now' | 'random' | 'remainingTimeMs' | 'sleep'> {
  /** A client of the account, or the calls of one that others share. */
  readonly iam: IamClient | IamCalls;
  /** The account that the client must turn out to be of. */
  readonly accountId: string;
  /** Reads the policies of groups as well. Default false. */
  readonly withGroups?: boolean;
  /** How old the report may be and how long it is waited for. */
  readonly report?: Pick<CredentialReportOptions, 'maxAgeMs' | 'timeoutMs'>;
  readonly observe?: Observe;
}

/** The IAM actions that `gatherInventory` needs; none of them supports resource-level permissions but `iam:GetUser`. */
export const inventoryActions: readonly string[] = [
  'iam:GenerateCredentialReport',
  'iam:GetAccountAuthorizationDetails',
  'iam:GetAccountSummary',
  'iam:GetCredentialReport',
  'iam:GetUser',
];

/**
 * Reads who is in the account and what the credential report says of them: 8 requests for 5,000 users, polls apart. The
 * three sources (account summary, report, authorization details) must agree, or differ by what time explains; a part of
 * an account is never given for the whole. Each name by which they differ costs one `GetUser`, at most 100.
 *
 * IAM actions: `inventoryActions`.
 * @throws RemediationError `INVENTORY_INCONSISTENT` when the sources contradict each other (retryable, unless they are of
 * another account than `accountId`); `CREDENTIAL_REPORT_UNAVAILABLE`, `CREDENTIAL_REPORT_INVALID`, `AWS_ANSWER_INVALID`,
 * `PAGING_LOOP`, `PAGING_TOO_LONG`, `OPTION_INVALID`; the client's own errors
 * @example
 * ```ts
 * import { IAMClient } from '@aws-sdk/client-iam';
 * import { gatherInventory } from '@remedykit/iam';
 * const { users } = await gatherInventory({ iam: new IAMClient(), accountId: '111122223333' });
 * ```
 */
export const gatherInventory = async (options: InventoryOptions): Promise<Inventory> => {
  const { iam, accountId, withGroups = false, report: reportOptions, ...time } = options;
  const { now = systemClock } = time;
  if (!/^\d{12}$/.test(accountId))
    throw new RemediationError({
      code: 'OPTION_INVALID',
      message: `gatherInventory: accountId must be 12 digits, it is ${JSON.stringify(accountId)}.`,
    });
  const calls = 'call' in iam ? iam : createIamCalls({ ...time, iam });
  const before = total(calls);

  let { countedUsers, policiesPerUser } = await readSummary(calls);
  const report = await gatherCredentialReport({ ...time, ...reportOptions, iam: calls, expectedUsers: countedUsers });
  let readAt = now();
  let details = await gatherDetails(calls, { accountId, withGroups });
  if (details.users.length !== countedUsers) {
    // Somebody may have come or gone between the two: each is read once more, the cheaper one first.
    ({ countedUsers, policiesPerUser } = await readSummary(calls));
    if (details.users.length !== countedUsers) {
      readAt = now();
      details = await gatherDetails(calls, { accountId, withGroups });
    }
  }
  const { matched, gone } = await crossCheck(calls, { accountId, countedUsers, details, report });

  const rows = report.rows.filter(({ isRoot }) => !isRoot);
  const users = details.users.flatMap((user, index): InventoryUser[] => {
    // Beyond the rows there are faults, of which nothing is used.
    const reported = rows[matched.get(index) ?? rows.length];
    return gone.has(index) ? [] : [{ user, ...(reported === undefined ? {} : { reported }) }];
  });
  const root = report.rows.find(({ isRoot }) => isRoot);
  const { generatedAt, ageMs, freshness, keptBecause, polls, faults } = report;
  return {
    accountId,
    users,
    ...(root === undefined ? {} : { root }),
    policiesPerUser,
    groups: details.groups,
    faults,
    report: { generatedAt, ageMs, freshness, ...(keptBecause === undefined ? {} : { keptBecause }) },
    readAt: toInstant(readAt),
    calls: { detection: total(calls) - before - polls, polls },
  };
};

const total = (calls: IamCalls): number => Object.values(calls.counts()).reduce((sum, count) => sum + count, 0);

// Source: IAM quotas; the default, and never more than what is allowed.
const usualPoliciesPerUser = 10;

const readSummary = async (
  calls: IamCalls,
): Promise<{ readonly countedUsers: number; readonly policiesPerUser: number }> => {
  const { SummaryMap } = await calls.call('GetAccountSummary', (iam) => iam.send(new GetAccountSummaryCommand({})));
  return {
    countedUsers: required(SummaryMap?.Users, 'SummaryMap.Users'),
    policiesPerUser: SummaryMap?.AttachedPoliciesPerUserQuota ?? usualPoliciesPerUser,
  };
};

interface Sources {
  readonly accountId: string;
  readonly countedUsers: number;
  readonly details: AuthorizationDetails;
  readonly report: CredentialReport;
}

const crossCheck = async (calls: IamCalls, { accountId, countedUsers, details, report }: Sources) => {
  const root = report.rows.find(({ isRoot }) => isRoot);
  const facts: InventoryFacts = {
    accountId,
    countedUsers,
    users: details.users,
    reported: [...report.rows.filter(({ isRoot }) => !isRoot), ...report.faults.filter(isAboutUser)],
    ...(root === undefined ? {} : { rootArn: root.arn }),
    generatedAt: report.generatedAt,
    rereads: [],
  };
  const first = decideInventory(facts);
  const decision =
    first.kind === 'reread' ? decideInventory({ ...facts, rereads: await reread(calls, first.userNames) }) : first;
  if (decision.kind === 'ok') return decision;
  const reasons = decision.kind === 'abort' ? decision.reasons : [];
  throw new RemediationError({
    code: 'INVENTORY_INCONSISTENT',
    message: `Account ${accountId} is left alone, for what IAM says of it does not agree. ${reasons
      .slice(0, 5)
      .map(({ reason, because }) => `${reason}: ${because}`)
      .join(' ')}${reasons.length > 5 ? ` And ${reasons.length - 5} more.` : ''}`,
    retryable: decision.kind === 'abort' && decision.retryable,
  });
};

const isAboutUser = ({ userName, arn }: ReportFault): boolean => userName !== rootName && !arn.endsWith(':root');

/** A few users by name, one request each. */
const reread = async (calls: IamCalls, userNames: readonly string[]): Promise<Reread[]> => {
  const read = await mapConcurrent(userNames, userNames.length, async (userName): Promise<Reread> => {
    try {
      const { User } = await calls.call('GetUser', (iam) => iam.send(new GetUserCommand({ UserName: userName })));
      return { userName, createdAt: toInstant(required(User?.CreateDate, 'User.CreateDate')) };
    } catch (error) {
      if (isMissing(error)) return { userName, createdAt: null };
      throw error;
    }
  });
  return read.map((result) => {
    if (result.ok) return result.value;
    throw result.error;
  });
};
