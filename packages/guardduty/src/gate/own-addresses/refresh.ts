import {
  type Clock,
  isRemediationError,
  mapConcurrent,
  type Outcome,
  RemediationError,
  type StateStore,
  type StepOutcome,
  type Stored,
  summarizeError,
  systemClock,
  toJson,
} from '@remedykit/core';
import { clientFor } from '../../nacl/client-for.ts';
import { failureOf } from '../../nacl/failure.ts';
import type { ClientOption, Ec2, OwnAddresses } from '../../nacl/options.ts';
import type { Target } from '../../nacl/outcome.ts';
import { gatherOwnAddresses } from './from-ec2.ts';
import { ownAddressesDocument, ownAddressesKey, parseStoredOwnAddresses } from './stored.ts';

/** What is refreshed. */
export interface RefreshOwnAddressesOptions {
  readonly store: StateStore;
  readonly targets: readonly Target[];
  /** Reads the addresses of a target from EC2. Needs ec2:DescribeAddresses, ec2:DescribeNetworkInterfaces. */
  readonly ec2: ClientOption<Ec2>;
  /** Reads them elsewhere, instead of EC2. */
  readonly read?: (target: Target) => Promise<OwnAddresses>;
  readonly remainingTimeMs?: () => number;
  readonly now?: Clock;
}

/** A target begins only with this much time left, ms. */
const reserveMs = 15_000;

const maxAttempts = 5;

/**
 * Reads the own addresses of accounts and Regions and stores them, one document each, for `createStoredOwnAddresses`: to be
 * called on a schedule, hourly. A newer document is never replaced by an older one, nor one that a newer version wrote. One
 * step per target; a target that fails takes no other with it and keeps the document that it had. Without enough time left
 * the rest is left (`done: false`).
 * @example
 * ```ts
 * import { EC2Client } from '@aws-sdk/client-ec2';
 * import { assertComplete, createMemoryStore } from '@remedykit/core';
 * import { refreshOwnAddresses } from '@remedykit/guardduty';
 * export const handler = async () =>
 *   assertComplete(
 *     await refreshOwnAddresses({
 *       store: createMemoryStore(),
 *       ec2: ({ region }) => new EC2Client({ region }),
 *       targets: [{ accountId: '111122223333', region: 'eu-west-1' }],
 *     }),
 *   );
 * ```
 */
export const refreshOwnAddresses = async (options: RefreshOwnAddressesOptions): Promise<Outcome> => {
  const { targets, remainingTimeMs } = options;
  const results = await mapConcurrent(targets, 4, async (target) =>
    remainingTimeMs !== undefined && remainingTimeMs() < reserveMs ? undefined : refresh(options, target),
  );
  const steps = results.flatMap((result, at): StepOutcome[] => {
    if (result.ok) return result.value === undefined ? [] : [result.value];
    const target = targets[at];
    return target === undefined ? [] : [failed(target, result.error)];
  });
  return { steps, done: results.every((result) => !result.ok || result.value !== undefined) };
};

const refresh = async (
  { store, ec2, read, now = systemClock }: RefreshOwnAddressesOptions,
  target: Target,
): Promise<StepOutcome> => {
  const own = read ? await read(target) : await gatherOwnAddresses(clientFor(ec2)(target), now());
  const document = ownAddressesDocument(target, own);
  const key = ownAddressesKey(target);
  const value = toJson(document);
  let stored = await store.get(key);
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const before = stored && readable(stored);
    if (before && Date.parse(before.asOf) > Date.parse(document.asOf)) {
      const because = `The store holds a newer reading, of ${before.asOf}.`;
      return { ...step(target), status: 'already-applied', reason: 'newer-stored', because };
    }
    const write = await (stored === undefined
      ? store.putIfAbsent(key, value)
      : store.compareAndSet(key, value, stored.version));
    if (write.ok) {
      const because = `${document.cidrs.length} own addresses as of ${document.asOf} are stored.`;
      return { ...step(target), status: 'applied', reason: 'refreshed', because };
    }
    stored = write.current;
  }
  throw new RemediationError({
    code: 'OWN_ADDRESSES_CONTENDED',
    message: `The document ${key} was changed by others at every attempt.`,
    retryable: true,
  });
};

/** What is stored; one that fails its checks is replaced, one of a newer version is not. */
const readable = (stored: Stored) => {
  try {
    return parseStoredOwnAddresses(stored);
  } catch (error) {
    if (isRemediationError(error) && error.code === 'OWN_ADDRESSES_INVALID') return undefined;
    throw error;
  }
};

const step = (target: Target) => ({ stepId: ownAddressesKey(target), action: 'store-own-addresses', retryable: false });

const failed = (target: Target, error: unknown): StepOutcome => ({
  ...step(target),
  status: 'failed',
  ...failureOf(error),
  error: summarizeError(error),
});
