/** The name of an AWS error, `RequestLimitExceeded`; `UNKNOWN` for anything else. */
export const awsErrorCode = (error: unknown): string => (error instanceof Error && error.name ? error.name : 'UNKNOWN');

/** The request id of an answer or an error of the SDK. */
export const requestIdOf = (answer: unknown): string | undefined =>
  (answer as { $metadata?: { requestId?: string } } | undefined)?.$metadata?.requestId;

// Source: EC2 API reference, common client error codes; smithy's throttling list.
const throttled = new Set([
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestThrottled',
  'RequestThrottledException',
  'EC2ThrottledException',
  'SlowDown',
  'BandwidthLimitExceeded',
]);

/** True when AWS refused the request for its rate: it certainly had no effect. */
export const isThrottled = (error: unknown): boolean => throttled.has(awsErrorCode(error));

const denied = new Set([
  'UnauthorizedOperation',
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'OptInRequired',
]);

/** True when the caller may not make the request. */
export const isDenied = (error: unknown): boolean => denied.has(awsErrorCode(error));

/**
 * True when AWS answered that the request itself is wrong: it certainly had no effect. An error without an answer (a
 * timeout, a broken connection) proves nothing, whatever fault it claims.
 */
export const isClientFault = (error: unknown): boolean => {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500;
};
