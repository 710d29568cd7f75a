import { setTimeout as wait } from 'node:timers/promises';
import { nonNegative, positiveInteger } from './options.ts';
import type { Duration } from './time.ts';

/** What is known before a wait between two attempts. */
export interface RetryEvent {
  readonly error: unknown;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly waitMs: Duration;
}

/** How often and how patiently something is tried. */
export interface RetryOptions {
  /** Attempts in all, the first included; at least 1. */
  readonly attempts: number;
  /** Upper bound of the first wait, doubled with each attempt. */
  readonly baseMs: Duration;
  /** Upper bound of every wait of ours. */
  readonly maxMs: Duration;
  /** Whether trying again may help. */
  readonly isRetryable: (error: unknown) => boolean;
  /**
   * The wait that the server asked for (`Retry-After`), never cut short: where it does not fit into the remaining time, or
   * without `remainingTimeMs` is longer than `maxMs`, the error is thrown at once.
   */
  readonly retryAfterMs?: (error: unknown) => Duration | undefined;
  /** Milliseconds left to the caller: no wait goes past it. */
  readonly remainingTimeMs?: () => number;
  /** Called before each wait. */
  readonly onRetry?: (event: RetryEvent) => void;
  readonly sleep?: (ms: Duration) => Promise<unknown>;
  /** From 0 up to, not including, 1. */
  readonly random?: () => number;
}

/**
 * Calls `fn` until it succeeds, with exponential backoff and full jitter (a random wait between 0 and the bound, so that
 * workers that failed together do not come back together). Throws the last error when attempts or time run out.
 * @throws RemediationError `OPTION_INVALID`
 * @example
 * ```ts
 * import { isRemediationError, retry } from '@remedykit/core';
 * const isRetryable = (error: unknown) => isRemediationError(error) && error.retryable;
 * const answer = await retry(() => fetch('https://example.com'), { attempts: 3, baseMs: 200, maxMs: 2_000, isRetryable });
 * ```
 */
export const retry = async <T>(fn: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> => {
  const { isRetryable, retryAfterMs, remainingTimeMs, onRetry, sleep = wait, random = Math.random } = options;
  const attempts = positiveInteger('retry', 'attempts', options.attempts);
  const baseMs = nonNegative('retry', 'baseMs', options.baseMs);
  const maxMs = nonNegative('retry', 'maxMs', options.maxMs);

  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fn(attempt);
    } catch (error) {
      if (attempt >= attempts || !isRetryable(error)) throw error;
      const asked = retryAfterMs?.(error) ?? 0;
      const waitMs = Math.max(asked, random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1)));
      // A wait that ends with the time leaves none for the attempt; written so that NaN gives up as well.
      if (!(waitMs < (remainingTimeMs?.() ?? Number.POSITIVE_INFINITY))) throw error;
      if (remainingTimeMs === undefined && asked > maxMs) throw error;
      onRetry?.({ error, attempt, waitMs });
      await sleep(waitMs);
    }
  }
};
