import { randomUUID } from 'node:crypto';
import type { Clock, Duration, Observe, StateStore } from '@remedykit/core';
import { RemediationError, silent, summarizeError, systemClock } from '@remedykit/core';

/** Options of what keeps its state in a store. */
export interface StatefulOptions {
  readonly store: StateStore;
  /** One name per channel in a store: `a-z`, `0-9` and `-`; default `default`. */
  readonly name?: string;
  readonly observe?: Observe;
  readonly now?: Clock;
  readonly random?: () => number;
  readonly sleep?: (ms: Duration) => Promise<unknown>;
  readonly newId?: () => string;
}

/** What those options come to. */
export interface StatefulParts {
  readonly store: StateStore;
  readonly name: string;
  readonly now: Clock;
  readonly newId: () => string;
  readonly random: (() => number) | undefined;
  readonly sleep: ((ms: Duration) => Promise<unknown>) | undefined;
  /** Tells the observer of a failure that is survived. */
  readonly report: (error: unknown) => void;
}

const checkName = (where: string, name: string): string => {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) return name;
  throw new RemediationError({
    code: 'OPTION_INVALID',
    message: `${where}: name must be 1 to 40 of a-z, 0-9 and -, it is ${JSON.stringify(name)}.`,
  });
};

/**
 * Reads the options that all of them share; `failure` makes the event that is observed when the store fails.
 * @throws RemediationError `OPTION_INVALID`
 */
export const statefulParts = (
  where: string,
  { store, random, sleep, observe = silent, now = systemClock, newId = randomUUID, name = 'default' }: StatefulOptions,
  failure: (name: string, code: string) => Parameters<Observe>[0],
): StatefulParts => ({
  store,
  name: checkName(where, name),
  now,
  newId,
  random,
  sleep,
  report: (error) => observe(failure(name, summarizeError(error).code)),
});

/**
 * Refuses durations that are not above 0, by name.
 * @throws RemediationError `OPTION_INVALID`
 */
export const checkDurations = (where: string, durations: Readonly<Record<string, Duration>>): void => {
  for (const [name, value] of Object.entries(durations))
    if (!(value > 0))
      throw new RemediationError({
        code: 'OPTION_INVALID',
        message: `${where}: ${name} must be above 0, it is ${value}.`,
      });
};
