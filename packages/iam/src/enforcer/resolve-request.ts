import { GetUserCommand } from '@aws-sdk/client-iam';
import { addTo, type Instant, isRemediationError, RemediationError, toInstant } from '@remedykit/core';
import { writeAnswer } from '../answers/answer-documents.ts';
import { confirmedFor } from '../answers/confirmed-for.ts';
import { isFuture, isRequestText, longestText } from '../answers/request-text.ts';
import { required } from '../aws/answer.ts';
import { createIamCalls, type IamCalls } from '../aws/calls.ts';
import { iamErrorCode, isMissing, isTransient } from '../aws/errors.ts';
import { writeExemption } from '../exemptions/stored-exemptions.ts';
import type { CallOptions } from './options.ts';
import type { Settings } from './settings.ts';

/** What a person answers about one user. */
export interface ResolveRequest {
  /** ARN of the user, as the message names it: `arn:aws:iam::111122223333:user/staff/ada`. */
  readonly subject: string;
  /**
   * - `confirm`: it is the user; a device may be enrolled, for 48 hours at most
   * - `act`: do what was left to people
   * - `exempt`: leave the user alone
   */
  readonly decision: 'confirm' | 'act' | 'exempt';
  readonly reason: string;
  readonly requestedBy: string;
  /** When the answer is over. A confirmation counts for 48 hours, however late this is. */
  readonly until: Date;
}

/** The answer as it was kept. Plain JSON. */
export interface ResolveAnswer {
  readonly accountId: string;
  readonly userId: string;
  readonly userName: string;
  readonly arn: string;
  readonly decision: ResolveRequest['decision'];
  readonly reason: string;
  readonly requestedBy: string;
  readonly at: Instant;
  /** Until when it holds. Of an exemption, until when the user is exempt: one that lasts longer is never shortened. */
  readonly until: Instant;
}

/** The user whom a request is about. */
export interface ResolveSubject {
  readonly accountId: string;
  readonly userName: string;
}

const invalid = (what: string): RemediationError =>
  new RemediationError({ code: 'RESOLVE_INVALID', message: `resolve: ${what}.` });

/** Source: IAM API reference, `User`: the characters of a path and of a name. */
const userArn = /^arn:[\w-]+:iam::(\d{12}):user\/(?:[!-~]+\/)?([\w+=,.@-]{1,64})$/;

/**
 * Checks what a person answers, before anything is read.
 * @throws RemediationError `RESOLVE_INVALID`, saying what is wrong and what to do
 */
export const checkResolveRequest = (
  request: ResolveRequest,
  accounts: readonly string[],
  now: Date,
): ResolveSubject => {
  const { subject, decision, reason, requestedBy, until } = request;
  const [, accountId, userName] = (typeof subject === 'string' && userArn.exec(subject)) || [];
  if (accountId === undefined || userName === undefined)
    throw invalid(
      `subject must be the ARN of one IAM user, arn:aws:iam::111122223333:user/ada, it was ${JSON.stringify(subject)}`,
    );
  if (!accounts.includes(accountId))
    throw invalid(`subject is of account ${accountId}, which is not among the accounts of this enforcer`);
  if (decision !== 'confirm' && decision !== 'act' && decision !== 'exempt')
    throw invalid(`decision must be 'confirm', 'act' or 'exempt', it was ${JSON.stringify(decision)}`);
  for (const [name, value] of Object.entries({ reason, requestedBy }))
    if (!isRequestText(value)) throw invalid(`${name} must have 1 to ${longestText} characters; it is kept`);
  if (!isFuture(until, now)) throw invalid('until must be a Date in the future; no answer holds for ever');
  return { accountId, userName };
};

/** The user as IAM has it now. */
const findUser = async (calls: IamCalls, { subject }: ResolveRequest, { userName }: ResolveSubject) => {
  const unknown = (but: string): RemediationError =>
    new RemediationError({
      code: 'USER_UNKNOWN',
      message: `resolve: there is no user ${subject}${but}. Nothing was kept.`,
    });
  try {
    const { User } = await calls.call('GetUser', (iam) => iam.send(new GetUserCommand({ UserName: userName })));
    const arn = required(User?.Arn, 'User.Arn');
    // Moved to another path, or made anew there: whoever answers must know whom it is about.
    if (arn !== subject) throw unknown(`; the one of that name is ${arn}`);
    return { userId: required(User?.UserId, 'User.UserId'), userName: required(User?.UserName, 'User.UserName'), arn };
  } catch (error) {
    if (isMissing(error)) throw unknown(' any more');
    if (isRemediationError(error)) throw error;
    throw new RemediationError({
      code: 'LIVE_READ_FAILED',
      message: `resolve: user ${subject} could not be read (${iamErrorCode(error)}), so nothing was kept. Try again.`,
      retryable: isTransient(error),
      cause: error,
    });
  }
};

/**
 * Keeps the answer of a person about one user, under the user's id: a user who gets the name later has none. The latest
 * answer stands. It is kept in a dry-run and while writes are paused as well, for it changes nothing by itself.
 *
 * IAM actions: `iam:GetUser`.
 * @throws RemediationError `RESOLVE_INVALID`, `USER_UNKNOWN`, `LIVE_READ_FAILED`, `RESOLVE_SUPERSEDED` (somebody answered
 * otherwise at the same time), `ANSWER_NEWER`, `ANSWER_BROKEN`, `EXEMPTION_NEWER`, `EXEMPTION_BROKEN`, `STATE_CONFLICT`,
 * and what the store throws
 */
export const executeResolve = async (
  settings: Pick<Settings, 'accounts' | 'iam' | 'store' | 'observe' | 'now' | 'sleep' | 'random'>,
  request: ResolveRequest,
  { remainingTimeMs }: CallOptions = {},
): Promise<ResolveAnswer> => {
  const { store, observe, now, sleep, random } = settings;
  const subject = checkResolveRequest(request, settings.accounts, now());
  const { accountId } = subject;
  const { decision, reason, requestedBy } = request;
  const time = remainingTimeMs === undefined ? {} : { remainingTimeMs };
  const calls = createIamCalls({ iam: settings.iam({ accountId }), observe, sleep, random, ...time });
  const user = await findUser(calls, request, subject);
  const at = toInstant(now());
  const kept = { accountId, ...user, decision, reason, requestedBy, at };
  const document = { schema: 1, accountId, userId: user.userId, reason, requestedBy } as const;
  const asked = toInstant(request.until);
  if (decision === 'exempt') {
    const { expires } = await writeExemption(store, { ...document, expires: asked, writtenAt: at });
    return { ...kept, until: expires };
  }
  const counts = addTo(at, confirmedFor);
  const until = decision === 'confirm' && Date.parse(counts) < Date.parse(asked) ? counts : asked;
  const stands = await writeAnswer(store, { ...document, decision, at, until });
  if (stands.at !== at || stands.decision !== decision || stands.requestedBy !== requestedBy)
    throw new RemediationError({
      code: 'RESOLVE_SUPERSEDED',
      message: `resolve: ${stands.requestedBy} answered '${stands.decision}' about ${user.arn} at ${stands.at}, after this answer. That one stands; answer again if it shall not.`,
    });
  return { ...kept, until };
};
