/** An error as the AWS SDK raises it for IAM: `name` is the SDK's (`NoSuchEntityException`), `Code` the service's. */
export interface AwsError extends Error {
  /** `NoSuchEntity` */
  readonly Code: string;
  readonly $fault: 'client' | 'server';
  /** The SDK sets the field and says nothing in it. */
  readonly $retryable: undefined;
  readonly $metadata: {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
    readonly attempts: number;
    readonly totalRetryDelay: number;
  };
}

interface Modelled {
  readonly name: string;
  readonly status: number;
}

/** Codes that IAM's model names: the SDK gives each a class of its own, with a name and a status. */
const modelled: Readonly<Record<string, Modelled>> = {
  ConcurrentModification: { name: 'ConcurrentModificationException', status: 409 },
  DeleteConflict: { name: 'DeleteConflictException', status: 409 },
  EntityAlreadyExists: { name: 'EntityAlreadyExistsException', status: 409 },
  EntityTemporarilyUnmodifiable: { name: 'EntityTemporarilyUnmodifiableException', status: 409 },
  InvalidInput: { name: 'InvalidInputException', status: 400 },
  LimitExceeded: { name: 'LimitExceededException', status: 409 },
  MalformedPolicyDocument: { name: 'MalformedPolicyDocumentException', status: 400 },
  NoSuchEntity: { name: 'NoSuchEntityException', status: 404 },
  PasswordPolicyViolation: { name: 'PasswordPolicyViolationException', status: 400 },
  PolicyNotAttachable: { name: 'PolicyNotAttachableException', status: 400 },
  ReportExpired: { name: 'CredentialReportExpiredException', status: 410 },
  ReportInProgress: { name: 'CredentialReportNotReadyException', status: 404 },
  ReportNotPresent: { name: 'CredentialReportNotPresentException', status: 410 },
  ServiceFailure: { name: 'ServiceFailureException', status: 500 },
};

/** Codes outside the model that come with another status than 400. */
const statusByCode: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  ExpiredToken: 403,
  InvalidClientTokenId: 403,
  InternalFailure: 500,
  ServiceUnavailable: 503,
};

/** Codes for which no answer came: there is neither a status nor a request id. */
const withoutAnswer: ReadonlySet<string> = new Set(['TimeoutError', 'AbortError', 'ECONNRESET', 'ECONNREFUSED']);

/** An error in the shape of the SDK's, by the service's code (`LimitExceeded`). The transport adds the request id. */
export const awsError = (code: string, message: string, requestId?: string): AwsError => {
  const answered = !withoutAnswer.has(code);
  const httpStatusCode = answered ? (modelled[code]?.status ?? statusByCode[code] ?? 400) : undefined;
  return Object.assign(new Error(message), {
    name: modelled[code]?.name ?? code,
    Code: code,
    $fault: httpStatusCode === undefined || httpStatusCode < 500 ? ('client' as const) : ('server' as const),
    $retryable: undefined,
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
