import type { IAMClient } from '@aws-sdk/client-iam';
import { type Duration, type Observe, RemediationError, retry, silent } from '@remedykit/core';
import { iamErrorCode, isThrottled, isTransient, requestIdOf } from './errors.ts';
import { createLimiter } from './limiter.ts';

/** What is needed of an `IAMClient`; fakes have it too. */
export type IamClient = Pick<IAMClient, 'send'>;

/** How IAM is called. */
export interface IamCallsOptions {
  readonly iam: IamClient;
  /** Calls at once at most; halved whenever IAM throttles, and slowly raised again. Default 8. */
  readonly concurrency?: number;
  /** Attempts for each read, the first included, beside those of the client itself. Default 6. */
  readonly attempts?: number;
  /** Milliseconds left to the caller: no wait goes past it. */
  readonly remainingTimeMs?: () => number;
  /** `aws-call` for each answer: service, action, attempt, and request id or error code. */
  readonly observe?: Observe;
  readonly sleep?: (ms: Duration) => Promise<unknown>;
  /** From 0 up to, not including, 1. */
  readonly random?: () => number;
}

/** Calls to one account's IAM, which share one limiter and one count. */
export interface IamCalls {
  /**
   * Makes one call, again where that may help; the answer, request id included, is the client's own, and so is the error.
   * `attempts: 1` for callers that have their own idea of when to try again, and for writes.
   */
  call<Output>(
    action: string,
    send: (iam: IamClient) => Promise<Output>,
    options?: { readonly attempts?: number },
  ): Promise<Output>;
  /** How many requests went out so far, by action. */
  counts(): Readonly<Record<string, number>>;
  /** How many calls may run at once now. */
  limit(): number;
}

/**
 * Calls to IAM with retry, backoff with jitter, and a limit that adapts: IAM publishes no rates. Make one for each account
 * and run.
 * @throws RemediationError `OPTION_INVALID` for a `concurrency` or `attempts` that is no whole number of at least 1
 */
export const createIamCalls = (options: IamCallsOptions): IamCalls => {
  const { iam, concurrency = 8, attempts = 6, remainingTimeMs, observe = silent, sleep, random } = options;
  for (const [name, value] of Object.entries({ concurrency, attempts })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RemediationError({
        code: 'OPTION_INVALID',
        message: `createIamCalls: ${name} must be a whole number of at least 1, it is ${value}.`,
      });
  }
  const limiter = createLimiter(concurrency, isThrottled);
  const counts = new Map<string, number>();

  const once = async <Output>(
    action: string,
    attempt: number,
    send: (iam: IamClient) => Promise<Output>,
  ): Promise<Output> => {
    counts.set(action, (counts.get(action) ?? 0) + 1);
    const tell = (answer: unknown, failed: Record<string, string>): void => {
      const requestId = requestIdOf(answer);
      const data = { service: 'iam', action, attempt, ...(requestId === undefined ? {} : { requestId }), ...failed };
      observe({ event: 'aws-call', data });
    };
    try {
      const answer = await send(iam);
      tell(answer, {});
      return answer;
    } catch (error) {
      tell(error, { error: iamErrorCode(error) });
      throw error;
    }
  };

  return {
    call: (action, send, each = {}) =>
      retry((attempt) => limiter.run(() => once(action, attempt, send)), {
        attempts: each.attempts ?? attempts,
        baseMs: 200,
        maxMs: 10_000,
        isRetryable: isTransient,
        ...(remainingTimeMs === undefined ? {} : { remainingTimeMs }),
        ...(sleep === undefined ? {} : { sleep }),
        ...(random === undefined ? {} : { random }),
      }),
    counts: () => Object.fromEntries(counts),
    limit: limiter.limit,
  };
};
