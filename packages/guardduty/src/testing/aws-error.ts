/** An error as the AWS SDK raises it: `name` is the service's code. */
export interface AwsError extends Error {
  readonly Code: string;
  readonly $fault: 'client' | 'server';
  readonly $metadata: {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
    readonly attempts: number;
    readonly totalRetryDelay: number;
  };
}

/** Codes which services answer with another status than 400. */
const statusByCode: Readonly<Record<string, number>> = {
  InternalError: 500,
  InternalFailure: 500,
  InternalServerError: 500,
  InternalServerErrorException: 500,
  RequestLimitExceeded: 503,
  ServiceUnavailable: 503,
  Unavailable: 503,
  UnauthorizedOperation: 403,
  AccessDeniedException: 403,
  AuthFailure: 401,
  DryRunOperation: 412,
};

/** Codes for which no answer came: there is neither a status nor a request id. */
const withoutAnswer: ReadonlySet<string> = new Set(['TimeoutError', 'AbortError', 'ECONNRESET', 'ECONNREFUSED']);

/** An error in the shape of the SDK's. The transport adds the request id of the call. */
export const awsError = (code: string, message: string, requestId?: string): AwsError => {
  const answered = !withoutAnswer.has(code);
  const httpStatusCode = answered ? (statusByCode[code] ?? 400) : undefined;
  return Object.assign(new Error(message), {
    name: code,
    Code: code,
    $fault: httpStatusCode === undefined || httpStatusCode < 500 ? ('client' as const) : ('server' as const),
    $metadata: {
      ...(httpStatusCode === undefined ? {} : { httpStatusCode }),
      ...(answered && requestId !== undefined ? { requestId } : {}),
      attempts: 1,
      totalRetryDelay: 0,
    },
  });
};

/** True for an error made by `awsError`. */
export const isAwsError = (error: unknown): error is AwsError =>
  error instanceof Error && '$metadata' in error && '$fault' in error;
