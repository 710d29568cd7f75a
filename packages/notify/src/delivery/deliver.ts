import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Delivery, Duration, NotifyOptions } from '@remedykit/core';
import { minutes, RemediationError, retry, seconds, systemClock } from '@remedykit/core';
import { type Attempt, unavailable } from './attempt.ts';
import { createPacer, type Pace } from './pace.ts';

/** The options of delivery that every notifier takes. */
export interface DeliveryOptions {
  /** Milliseconds that one request may take, its answer included; default 5,000. */
  readonly timeoutMs?: Duration;
  /** Requests per message at most, the first included; default 3. */
  readonly attempts?: number;
  /**
   * What to do when nobody knows whether the target took a message (timeout, lost connection, 5xx). `send-again`, the
   * default: a message that appears twice is better than an alert that is lost. `give-up`: it is `rejected`, and says so.
   */
  readonly whenUnsure?: 'send-again' | 'give-up';
  readonly sleep?: (ms: Duration) => Promise<unknown>;
  /** From 0 up to, not including, 1. */
  readonly random?: () => number;
  readonly now?: Clock;
}

/** Who delivers, and how fast. */
export interface DelivererSettings {
  /** The factory that the options were given to, for its errors. */
  readonly where: string;
  /** The channel of the deliveries: `slack`. */
  readonly channel: string;
  readonly options: DeliveryOptions;
  readonly pace?: Pace;
}

/** Sends once. `signal` aborts when the request's time is up; a send that ignores it is given up all the same. */
export type Send = (request: { readonly signal: AbortSignal; readonly timeoutMs: Duration }) => Promise<Attempt>;

/** Delivers one message; `prepare` renders it, and what it throws is a rejection. Never rejects. */
export type Deliver = (prepare: () => Send | Promise<Send>, options?: NotifyOptions) => Promise<Delivery>;

/** Left to the caller, so that it can still report what became of the message. */
const reserveMs = 250;

/** How long one message may take where the caller does not say how much time is left. */
const patienceMs = seconds(15);

/** How long a warm function may stay silent because of one answer: a broken proxy must not silence alerts for a day. */
const longestQuietMs = minutes(5);

/** When to come back, where the target did not say. */
const comeBackMs = seconds(30);

const backoff = { baseMs: seconds(1), maxMs: seconds(5) };

const checkOptions = (where: string, { timeoutMs = 1, attempts = 1, whenUnsure }: DeliveryOptions): void => {
  const invalid = (option: string, needed: string): RemediationError =>
    new RemediationError({ code: 'OPTION_INVALID', message: `${where}: ${option} must be ${needed}.` });
  if (!(timeoutMs > 0 && timeoutMs <= seconds(900)))
    throw invalid('timeoutMs', 'milliseconds, above 0 and up to 900,000');
  if (!(Number.isInteger(attempts) && attempts >= 1)) throw invalid('attempts', 'a whole number, at least 1');
  if (whenUnsure !== undefined && whenUnsure !== 'send-again' && whenUnsure !== 'give-up')
    throw invalid('whenUnsure', "'send-again' or 'give-up'");
};

/** Sends once within its time, whatever the transport makes of the signal; the timer ends with the request. */
const sendWithin = async (send: Send, timeoutMs: Duration): Promise<Attempt> => {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Attempt>((resolve) => {
    timer = setTimeout(
      () => {
        controller.abort(new DOMException('The request took too long.', 'TimeoutError'));
        resolve(unavailable('timeout', true));
      },
      Math.max(1, Math.ceil(timeoutMs)),
    );
  });
  try {
    return await Promise.race([send({ signal: controller.signal, timeoutMs }), timeout]);
  } catch {
    return unavailable('the transport failed', true);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The delivery that every notifier shares, one deliverer per target. Messages go one after another, within the target's
 * pace; a request has a timeout; what is `unavailable` is tried again within the time that is left, after the target's
 * `Retry-After` and never before, then `deferred`; a rate limit holds back those behind it. Without `remainingTimeMs` a
 * message may take 15 seconds.
 * @throws RemediationError `OPTION_INVALID`
 */
export const createDeliverer = ({ where, channel, options, pace }: DelivererSettings): Deliver => {
  checkOptions(where, options);
  const { timeoutMs = seconds(5), attempts = 3, whenUnsure = 'send-again' } = options;
  const { sleep = wait, random = Math.random, now = systemClock } = options;
  const pacer = pace && createPacer(pace);

  /** The target asked for silence until then. */
  let quietUntil = 0;

  const deferred = (reason: string, retryAfterMs: Duration = comeBackMs): Delivery => ({
    status: 'deferred',
    channel,
    reason,
    retryAfterMs,
  });

  const waitForTurn = async (left: () => number): Promise<Delivery | undefined> => {
    const time = now().getTime();
    // No longer than was ever asked for: a clock that was set back must not silence alerts.
    const askedMs = Math.min(longestQuietMs, quietUntil - time);
    const quietMs = Math.max(askedMs, pacer?.waitMs(time) ?? 0);
    if (quietMs > 0 && quietMs >= left()) return deferred('rate limited', quietMs);
    if (quietMs > 0) await sleep(quietMs);
    return undefined;
  };

  const run = async (send: Send, left: () => number): Promise<Delivery> => {
    const held = await waitForTurn(left);
    if (held !== undefined) return held;

    let last: Attempt = unavailable('no time left to send', false);
    const tryOnce = async (): Promise<Delivery> => {
      const leftMs = left();
      if (leftMs > 0) {
        pacer?.take(now().getTime());
        last = await sendWithin(send, Math.min(timeoutMs, leftMs));
      }
      if (last.result === 'delivered')
        return {
          status: 'delivered',
          channel,
          ...(last.messageId === undefined ? {} : { messageId: last.messageId }),
        };
      if (last.result === 'rejected')
        return { status: 'rejected', channel, reason: last.reason, ...(last.gone === true ? { gone: true } : {}) };
      if (last.retryAfterMs !== undefined) quietUntil = now().getTime() + Math.min(longestQuietMs, last.retryAfterMs);
      if (last.unsure && whenUnsure === 'give-up')
        return { status: 'rejected', channel, reason: `${last.reason}; not sent again, for it may have arrived` };
      throw new RemediationError({ code: 'TARGET_UNAVAILABLE', message: last.reason, retryable: true });
    };
    const askedMs = (): Duration | undefined => (last.result === 'unavailable' ? last.retryAfterMs : undefined);
    try {
      return await retry(tryOnce, {
        attempts,
        ...backoff,
        isRetryable: () => last.result === 'unavailable' && left() > 0,
        retryAfterMs: askedMs,
        remainingTimeMs: left,
        sleep,
        random,
      });
    } catch {
      return deferred(last.result === 'unavailable' ? last.reason : 'not sent', askedMs());
    }
  };

  /** Never rejects, so the next message's turn always comes. */
  const deliver: Deliver = async (prepare, { remainingTimeMs } = {}) => {
    try {
      const send = await prepare();
      const deadline = now().getTime() + patienceMs;
      const left = (): number => (remainingTimeMs ? remainingTimeMs() - reserveMs : deadline - now().getTime());
      return await run(send, left);
    } catch {
      return { status: 'rejected', channel, reason: 'the message could not be rendered' };
    }
  };

  let turn: Promise<unknown> = Promise.resolve();
  return (prepare, notifyOptions) => {
    const delivery = turn.then(() => deliver(prepare, notifyOptions));
    turn = delivery;
    return delivery;
  };
};
