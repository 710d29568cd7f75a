import { isRemediationError, type Reason, summarizeError } from '@remedykit/core';
import { awsErrorCode, isDenied, isThrottled } from '../aws/errors.ts';

/** What was thrown while facts were read or the ledger was written, as the reason of an outcome. */
export const failureOf = (error: unknown): Reason & { readonly retryable: boolean } => {
  const { code, message } = summarizeError(error);
  if (isRemediationError(error)) {
    return { reason: code.toLowerCase().replaceAll('_', '-'), because: message, retryable: true };
  }
  if (isThrottled(error))
    return { reason: 'throttled', because: `AWS throttled a request: ${message}`, retryable: true };
  if (isDenied(error)) return { reason: 'access-denied', because: `AWS denied a request: ${message}`, retryable: true };
  return {
    reason: 'facts-unavailable',
    because: `A request failed (${awsErrorCode(error)}): ${message}`,
    retryable: true,
  };
};
