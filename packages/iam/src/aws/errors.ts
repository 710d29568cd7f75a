const nameOf = (error: unknown): string => (error instanceof Error && error.name ? error.name : 'UNKNOWN');

// The SDK names these after their shape, the wire after a code of their own.
const wireCodes: Readonly<Record<string, string>> = {
  CredentialReportNotPresent: 'ReportNotPresent',
  CredentialReportExpired: 'ReportExpired',
  CredentialReportNotReady: 'ReportInProgress',
};

/**
 * The code of an error of IAM as its API reference has it, `NoSuchEntity`, `ReportInProgress`, whichever of its two names
 * the SDK gives it; `UNKNOWN` for what is no error. Source: IAM API reference, `GetCredentialReport`, errors.
 */
export const iamErrorCode = (error: unknown): string => {
  const name = nameOf(error).replace(/Exception$/, '');
  return wireCodes[name] ?? name;
};

/** The request id of an answer or an error of the SDK. */
export const requestIdOf = (answer: unknown): string | undefined =>
  (answer as { $metadata?: { requestId?: string } } | undefined)?.$metadata?.requestId;

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;

// Source: IAM sends `Throttling`, HTTP 400; the others are smithy's list.
const throttled = new Set(['Throttling', 'Throttled', 'RequestLimitExceeded', 'TooManyRequests', 'RequestThrottled']);

/** True when AWS refused the request for its rate: it certainly had no effect. */
export const isThrottled = (error: unknown): boolean =>
  throttled.has(iamErrorCode(error)) || (error instanceof Error && statusOf(error) === 429);

const denied = new Set(['AccessDenied', 'UnauthorizedOperation', 'InvalidClientTokenId', 'SignatureDoesNotMatch']);

/** True when the caller may not make the request, and waiting does not help. */
export const isDenied = (error: unknown): boolean => denied.has(iamErrorCode(error));

// Source: smithy's classification of errors without an answer.
const networkCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const timeouts = new Set(['TimeoutError', 'RequestTimeout', 'NetworkingError']);

const isNetwork = (error: Error): boolean =>
  timeouts.has(iamErrorCode(error)) ||
  [error.name, (error as { code?: string }).code ?? ''].some((code) => networkCodes.has(code));

/** True when the same read may succeed later by itself: throttling, a fault of the service, a broken connection. */
export const isTransient = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  return (
    isThrottled(error) || (statusOf(error) ?? 0) >= 500 || iamErrorCode(error) === 'ServiceFailure' || isNetwork(error)
  );
};

/** True when what was asked for does not exist. */
export const isMissing = (error: unknown): boolean => iamErrorCode(error) === 'NoSuchEntity';
