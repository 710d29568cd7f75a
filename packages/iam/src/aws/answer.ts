import { RemediationError } from '@remedykit/core';

/**
 * A field of an answer that AWS always sends and the SDK's types do not promise.
 * @throws RemediationError `AWS_ANSWER_INVALID`, retryable: without it the answer is none
 */
export const required = <T>(value: T | null | undefined, field: string): T => {
  if (value !== undefined && value !== null) return value;
  throw new RemediationError({
    code: 'AWS_ANSWER_INVALID',
    message: `An answer of IAM lacks ${field}. Nothing can be said without it; try again.`,
    retryable: true,
  });
};

/** The token of the next page; none at the end. A page that is cut and says not where to go on is no answer. */
export const nextMarker = (page: {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}): string | undefined =>
  page.IsTruncated ? required(page.Marker || undefined, 'Marker of a page that is cut') : undefined;
