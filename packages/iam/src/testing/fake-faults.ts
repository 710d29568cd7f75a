import { type AwsError, awsError } from './aws-error.ts';

/** A failure to come, armed with `failNext`. */
export interface FaultOptions {
  /** IAM's code (`LimitExceeded`, `Throttling`, `ServiceFailure`), or `TimeoutError`, `ECONNRESET` where no answer comes. */
  readonly code: string;
  readonly message?: string;
  /** Whether the call fails before it does anything (default), or after: the work is done and the answer is lost. */
  readonly after?: 'before' | 'effect';
  /** How many calls fail; 1 by default, `Infinity` for all to come, 0 for none. */
  readonly times?: number;
  /** Only calls with such an input fail; others pass and do not count. */
  readonly when?: (input: Readonly<Record<string, unknown>>) => boolean;
}

/** Faults armed and not yet used up. */
export interface Faults {
  arm(operation: string, fault: FaultOptions): void;
  /** The fault that this call meets, counted as used; undefined: none. */
  take(
    operation: string,
    input: Readonly<Record<string, unknown>>,
  ): { after: 'before' | 'effect'; error: (requestId: string) => AwsError } | undefined;
}

/** What IAM is known to say with a code. */
const usualMessages: Readonly<Record<string, string>> = { Throttling: 'Rate exceeded' };

/** Keeps faults in the order in which they were armed; the first that fits a call is the one it meets. */
export const createFaults = (operations: readonly string[]): Faults => {
  const armed: { readonly operation: string; readonly fault: FaultOptions; left: number }[] = [];
  return {
    arm(operation, fault) {
      if (!operations.includes(operation)) {
        throw new Error(`failNext: the fake iam does not know "${operation}". Name one of: ${operations.join(', ')}.`);
      }
      const times = fault.times ?? 1;
      if (!(times >= 0) || (Number.isFinite(times) && !Number.isInteger(times))) {
        throw new Error(`failNext: times must be a whole number of calls or Infinity, not ${times}.`);
      }
      armed.push({ operation, fault, left: times });
    },
    take(operation, input) {
      const hit = armed.find(
        (one) => one.operation === operation && one.left > 0 && (one.fault.when === undefined || one.fault.when(input)),
      );
      if (hit === undefined) return undefined;
      hit.left -= 1;
      const { code, after = 'before' } = hit.fault;
      const message = hit.fault.message ?? usualMessages[code] ?? `${code} (armed with failNext)`;
      return { after, error: (requestId) => awsError(code, message, requestId) };
    },
  };
};
