import { setTimeout as sleepFor } from 'node:timers/promises';
import { GenerateCredentialReportCommand, GetCredentialReportCommand } from '@aws-sdk/client-iam';
import {
  type Clock,
  type Duration,
  hours,
  type Instant,
  minutes,
  RemediationError,
  seconds,
  systemClock,
  toInstant,
} from '@remedykit/core';
import { createIamCalls, type IamCalls, type IamClient } from '../aws/calls.ts';
import { classifyReportError } from './classify.ts';
import { decideReport, type ReportAnswer, type ReportMove, type ReportRefusal, reportStart } from './decide-report.ts';
import { type ParsedReport, parseCredentialReport } from './parse.ts';

/** A credential report as IAM has it now. Plain JSON. */
export interface CredentialReport extends ParsedReport {
  /** When IAM made it: up to 4 hours ago by IAM's own cache, up to `maxAgeMs` ago where it is `kept`. */
  readonly generatedAt: Instant;
  readonly ageMs: Duration;
  /** `kept`: of an earlier generation, for IAM could not start a new one; `keptBecause` is its code. */
  readonly freshness: 'generated' | 'kept';
  readonly keptBecause?: string;
  /** Calls beyond the first `GenerateCredentialReport` and the first `GetCredentialReport`. */
  readonly polls: number;
}

/** How a report is waited for. */
export interface CredentialReportOptions {
  /** A client, or the calls of one that others share. */
  readonly iam: IamClient | IamCalls;
  /** How old a report may be, in ms; default 24 hours. IAM makes a new one at most every 4 hours. */
  readonly maxAgeMs?: Duration;
  /** How long is waited in all, in ms; default 5 minutes. */
  readonly timeoutMs?: Duration;
  /** Milliseconds left to the caller: no wait goes past it. */
  readonly remainingTimeMs?: () => number;
  /** How many users the account is known to have: a report without any is refused then. */
  readonly expectedUsers?: number;
  readonly now?: Clock;
  readonly sleep?: (ms: Duration) => Promise<unknown>;
  /** From 0 up to, not including, 1. */
  readonly random?: () => number;
}

const firstWait = seconds(1);
const longestWait = seconds(20);

/**
 * Has IAM generate the credential report, waits for it, and reads it. Waits double from 1 to 20 seconds, each with
 * jitter. Where IAM cannot start a generation, a report that is younger than `maxAgeMs` is used, and says so.
 *
 * IAM actions: `iam:GenerateCredentialReport`, `iam:GetCredentialReport`.
 * @throws RemediationError `CREDENTIAL_REPORT_UNAVAILABLE` when there is none within the time, or it is empty although the
 * account has users; retryable, unless IAM denies it. `CREDENTIAL_REPORT_INVALID` for one that cannot be read;
 * `OPTION_INVALID`
 * @example
 * ```ts
 * import { IAMClient } from '@aws-sdk/client-iam';
 * import { gatherCredentialReport } from '@remedykit/iam';
 * const { rows, ageMs } = await gatherCredentialReport({ iam: new IAMClient() });
 * ```
 */
export const gatherCredentialReport = async (options: CredentialReportOptions): Promise<CredentialReport> => {
  const {
    maxAgeMs = hours(24),
    timeoutMs = minutes(5),
    remainingTimeMs = () => Number.POSITIVE_INFINITY,
    expectedUsers = 0,
    now = systemClock,
    sleep = sleepFor,
    random = Math.random,
  } = options;
  for (const [name, value] of Object.entries({ maxAgeMs, timeoutMs })) {
    if (!Number.isFinite(value) || value < 0)
      throw new RemediationError({
        code: 'OPTION_INVALID',
        message: `gatherCredentialReport: ${name} must be a number of at least 0, it is ${value}.`,
      });
  }
  const calls = 'call' in options.iam ? options.iam : createIamCalls({ iam: options.iam });
  let progress = reportStart;
  let move: ReportMove = { do: 'generate', wait: false };
  let waited = 0;
  let asked = 0;
  let last: Asked | undefined;

  for (;;) {
    if (move.do === 'fail') throw unavailable(refusalText(move.refused), { retryable: false, cause: last?.error });
    if (move.do === 'use') {
      const { freshness } = move;
      const kept = move.freshness === 'kept' ? { keptBecause: move.because } : {};
      return { ...readFilled(last?.got, expectedUsers), freshness, ...kept, polls: Math.max(0, asked - 2) };
    }
    if (move.wait) {
      // Never less than half of the bound: jitter must not make a busy loop of it.
      const waitMs = Math.min(longestWait, firstWait * 2 ** (progress.waits - 1)) * (0.5 + random() / 2);
      waited += waitMs;
      if (!(waited <= timeoutMs) || !(waitMs < remainingTimeMs()))
        throw unavailable(`no time is left to wait for it (${lastText(last)})`, {
          retryable: true,
          cause: last?.error,
        });
      await sleep(waitMs);
    }
    asked += 1;
    last = await ask(calls, move.do, now);
    ({ progress, move } = decideReport(progress, last.answer, { maxAgeMs }));
  }
};

interface Got {
  readonly content: Uint8Array;
  readonly generatedAt: Date;
  readonly ageMs: Duration;
}

/** What one call came to. */
interface Asked {
  readonly answer: ReportAnswer;
  readonly got?: Got;
  readonly error?: unknown;
}

const ask = async (calls: IamCalls, what: 'generate' | 'get', now: Clock): Promise<Asked> => {
  // Whether and when to try again, `decideReport` says.
  const once = { attempts: 1 };
  try {
    if (what === 'generate') {
      const generate = (iam: IamClient) => iam.send(new GenerateCredentialReportCommand({}));
      const { State } = await calls.call('GenerateCredentialReport', generate, once);
      return { answer: { to: 'generate', state: State ?? 'INPROGRESS' } };
    }
    const get = (iam: IamClient) => iam.send(new GetCredentialReportCommand({}));
    const { Content, GeneratedTime } = await calls.call('GetCredentialReport', get, once);
    // A report of unknown age may be years old.
    if (Content === undefined || Content.length === 0 || GeneratedTime === undefined)
      return { answer: { to: 'get', refused: { code: 'EmptyAnswer', kind: 'absent' } } };
    const ageMs = Math.max(0, now().getTime() - GeneratedTime.getTime());
    return { answer: { to: 'get', ageMs }, got: { content: Content, generatedAt: GeneratedTime, ageMs } };
  } catch (error) {
    return { answer: { to: what, refused: classifyReportError(error) }, error };
  }
};

const readFilled = (
  got: Got | undefined,
  expectedUsers: number,
): ParsedReport & Pick<CredentialReport, 'generatedAt' | 'ageMs'> => {
  if (got === undefined) throw unavailable('IAM gave none', { retryable: true });
  const report = parseCredentialReport(got.content);
  const users = report.rows.filter(({ isRoot }) => !isRoot).length + report.faults.length;
  if (users === 0 && expectedUsers > 0)
    throw unavailable(`it has no user, and the account has ${expectedUsers}`, { retryable: true });
  return { ...report, generatedAt: toInstant(got.generatedAt), ageMs: got.ageMs };
};

const unavailable = (what: string, more: { readonly retryable: boolean; readonly cause?: unknown }): RemediationError =>
  new RemediationError({
    code: 'CREDENTIAL_REPORT_UNAVAILABLE',
    message: `There is no credential report of this account to go by: ${what}. Nothing is said about any user.`,
    ...more,
  });

const refusalText = ({ code }: ReportRefusal): string =>
  `IAM answers ${code}; the role needs iam:GenerateCredentialReport and iam:GetCredentialReport`;

const lastText = (last: Asked | undefined): string => {
  if (last === undefined) return 'nothing was asked';
  const { answer } = last;
  if ('refused' in answer) return `last answer ${answer.refused.code}`;
  return 'state' in answer
    ? `last answer ${answer.state}`
    : `the report is ${Math.round(answer.ageMs / 3_600_000)} hours old`;
};
