import { RemediationError } from '../errors.ts';
import type { StateStore } from '../state/store.ts';

/** A method of the state store. */
export type StoreOperation = keyof StateStore;

/** A fault to come. */
export interface StoreFault {
  /** What is thrown; default: `STATE_UNAVAILABLE`, retryable. */
  readonly error?: unknown;
  /** `before` (default): nothing was done. `effect`: it was done, and its answer is lost. */
  readonly after?: 'before' | 'effect';
  /** How many calls fail; default 1. */
  readonly times?: number;
  /** Only calls for keys that begin with this. */
  readonly prefix?: string;
}

/** What runs at the edge of each call; what it throws the caller gets. */
export interface StoreHooks {
  /** Before the call reaches the store: throw for a crash before the effect, or change the store as somebody else would. */
  beforeEach?: (operation: StoreOperation, key: string) => void | Promise<void>;
  /** After the effect, before the answer: throw for a crash or an answer that is lost. */
  afterEach?: (operation: StoreOperation, key: string) => void | Promise<void>;
}

/** A state store whose faults are at hand. */
export interface FaultyStore extends StateStore {
  /** The next calls of `operation` fail. Faults of one operation take their turn. */
  failNext(operation: StoreOperation, fault?: StoreFault): void;
  /** How often each method was called, failed calls included. */
  readonly calls: Readonly<Record<StoreOperation, number>>;
  /** May be set and taken away at any time. */
  readonly hooks: StoreHooks;
}

const unavailable = (): RemediationError =>
  new RemediationError({ code: 'STATE_UNAVAILABLE', message: 'A fault was asked for.', retryable: true });

/**
 * Wraps a state store so that tests can make it fail before or after the effect, count calls, and stop at any point.
 * @example
 * ```ts
 * import { createMemoryStore } from '@remedykit/core';
 * import { createFaultyStore } from '@remedykit/core/testing';
 * const store = createFaultyStore(createMemoryStore());
 * store.failNext('compareAndSet', { after: 'effect' });
 * ```
 */
export const createFaultyStore = (store: StateStore, hooks: StoreHooks = {}): FaultyStore => {
  const calls: Record<StoreOperation, number> = { get: 0, putIfAbsent: 0, compareAndSet: 0, delete: 0, list: 0 };
  const faults: { operation: StoreOperation; fault: StoreFault; left: number }[] = [];

  const takeFault = (operation: StoreOperation, key: string): StoreFault | undefined => {
    const next = faults.find(
      (one) => one.left > 0 && one.operation === operation && key.startsWith(one.fault.prefix ?? ''),
    );
    if (next) next.left -= 1;
    return next?.fault;
  };
  const through = async <T>(operation: StoreOperation, key: string, call: () => Promise<T>): Promise<T> => {
    calls[operation] += 1;
    const fault = takeFault(operation, key);
    const thrown = (): unknown => (fault && 'error' in fault ? fault.error : unavailable());
    await hooks.beforeEach?.(operation, key);
    if (fault && fault.after !== 'effect') throw thrown();
    const answer = await call();
    if (fault) throw thrown();
    await hooks.afterEach?.(operation, key);
    return answer;
  };

  return {
    get: (key) => through('get', key, () => store.get(key)),
    putIfAbsent: (key, value) => through('putIfAbsent', key, () => store.putIfAbsent(key, value)),
    compareAndSet: (key, value, version) =>
      through('compareAndSet', key, () => store.compareAndSet(key, value, version)),
    delete: (key, version) => through('delete', key, () => store.delete(key, version)),
    list: (prefix, options) => through('list', prefix, () => store.list(prefix, options)),
    failNext: (operation, fault = {}) => void faults.push({ operation, fault, left: fault.times ?? 1 }),
    calls,
    hooks,
  };
};
