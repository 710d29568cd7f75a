import { type Clock, type Duration, minutes, RemediationError, seconds, systemClock } from '@remedykit/core';
import type { SecretSource } from '../delivery/secret.ts';

/** Options of every secret source. */
export interface CachedSecretOptions {
  /** How long a value is kept, in ms; default 5 minutes, 0: read each time. A rotated secret is noticed before that, when the target refuses it. */
  readonly ttlMs?: Duration;
  /** The value is a JSON object: the field that holds the secret. */
  readonly field?: string;
  readonly now?: Clock;
}

/** A failure that names the secret, never its value. */
export const secretUnavailable = (name: string, what: string, retryable: boolean): RemediationError =>
  new RemediationError({ code: 'SECRET_UNAVAILABLE', message: `The secret ${name} ${what}.`, retryable });

/** Errors that the same call may not meet again; everything else needs people. */
const passing: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'TooManyUpdates',
  'InternalServerError',
  'InternalServiceError',
  'ServiceUnavailable',
  'TimeoutError',
  'AbortError',
  'CredentialsProviderError',
]);

/** What the read of a secret failed with, by the name of the error alone. */
const readFailure = (name: string, error: unknown): RemediationError => {
  const code = error instanceof Error && /^[A-Za-z]{1,80}$/.test(error.name) ? error.name : 'an unknown error';
  const answered = error instanceof Error && '$metadata' in error && '$fault' in error;
  return secretUnavailable(name, `could not be read: ${code}`, passing.has(code) || !answered);
};

const parseField = (name: string, value: string, field: string): unknown => {
  let fields: unknown;
  try {
    fields = JSON.parse(value);
  } catch {
    throw secretUnavailable(name, `is no JSON object, so it has no field ${JSON.stringify(field)}`, false);
  }
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, field))
    throw secretUnavailable(name, `has no field ${JSON.stringify(field)}`, false);
  return Object.entries(fields).find(([key]) => key === field)?.[1];
};

const extract = (name: string, value: unknown, field: string | undefined): string => {
  if (typeof value !== 'string') throw secretUnavailable(name, 'is no text', false);
  const secret = field === undefined ? value : parseField(name, value, field);
  if (typeof secret !== 'string' || secret.trim() === '') throw secretUnavailable(name, 'is empty', false);
  // What is pasted into a console often ends in a line feed.
  return secret.trim();
};

/** Less than a request to a target may take, so that it is told apart from one that the target did not answer. */
const patienceMs = seconds(4);

/** Loads within its time, whatever the client makes of the signal: a read that hangs would be shared by all that follow. */
const loadWithin = async (load: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> => {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const late = new DOMException('The secret could not be read in time.', 'TimeoutError');
      controller.abort(late);
      reject(late);
    }, patienceMs);
  });
  try {
    return await Promise.race([load(controller.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * A source that keeps what it has read for `ttlMs`. Concurrent reads share one call, which may take four seconds; a
 * failure is not kept, and no older value is used in its place.
 * @throws RemediationError `OPTION_INVALID`
 */
export const createCachedSecret = (
  name: string,
  load: (signal: AbortSignal) => Promise<unknown>,
  { ttlMs = minutes(5), field, now = systemClock }: CachedSecretOptions,
): SecretSource => {
  if (!(Number.isFinite(ttlMs) && ttlMs >= 0))
    throw new RemediationError({
      code: 'OPTION_INVALID',
      message: `The secret ${name}: ttlMs must be a number of at least 0, it is ${ttlMs}.`,
    });
  let kept: { readonly at: number; readonly value: string } | undefined;
  let underWay: Promise<string> | undefined;

  const loadOnce = async (): Promise<string> => {
    let value: unknown;
    try {
      value = await loadWithin(load);
    } catch (error) {
      throw readFailure(name, error);
    }
    return extract(name, value, field);
  };

  const start = async (at: number): Promise<string> => {
    try {
      const value = await loadOnce();
      kept = { at, value };
      return value;
    } catch (error) {
      kept = undefined;
      throw error;
    } finally {
      underWay = undefined;
    }
  };

  return {
    read: async ({ refresh = false } = {}) => {
      const time = now().getTime();
      // A clock that was set back makes the age negative: read again.
      if (!refresh && kept !== undefined && time >= kept.at && time - kept.at < ttlMs) return kept.value;
      underWay ??= start(time);
      return underWay;
    },
  };
};
