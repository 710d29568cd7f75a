const marker = Symbol.for('remedykit.error');

/** How a `RemediationError` is made. */
export interface RemediationErrorOptions {
  /** Stable code to branch on, upper case with underscores. */
  readonly code: string;
  /** What went wrong, where, and what to do about it, for people. */
  readonly message: string;
  /** True when the same call may succeed later without a change by people. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * Thrown for misuse and for infrastructure that fails; what was decided or left undone is an outcome, not an error.
 * Tell it apart with `isRemediationError`, which also works across two copies of a package.
 */
export class RemediationError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor({ code, message, retryable = false, cause }: RemediationErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'RemediationError';
    this.code = code;
    this.retryable = retryable;
    Object.defineProperty(this, marker, { value: true });
  }
}

/** True for a `RemediationError` of any copy of this package. */
export const isRemediationError = (error: unknown): error is RemediationError =>
  error instanceof Error && (error as { [marker]?: unknown })[marker] === true;

/** An error as it is stored and reported: no stack, no cause, nothing that could hold a secret. */
export interface ErrorSummary {
  /** Our code, or the name of the AWS error (`RequestLimitExceeded`). */
  readonly code: string;
  readonly message: string;
}

/** The summary of whatever was thrown. */
export const summarizeError = (error: unknown): ErrorSummary => {
  if (isRemediationError(error)) return { code: error.code, message: error.message };
  if (error instanceof Error) return { code: error.name, message: error.message };
  return { code: 'UNKNOWN', message: textOf(error) };
};

const textOf = (thrown: unknown): string => {
  try {
    return String(thrown);
  } catch {
    // An object without a prototype has no text.
    return 'something without a text was thrown';
  }
};
