import { RemediationError, summarizeError } from '../errors.ts';

const accessErrors: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
]);

/** What was thrown by a request to DynamoDB, as one of the coded errors of the state store. */
export const storeError = (tableName: string, error: unknown): RemediationError => {
  const { code: name, message } = summarizeError(error);
  const table = `The state table ${tableName}`;
  if (accessErrors.has(name))
    return new RemediationError({
      code: 'STATE_ACCESS_DENIED',
      message: `${table} may not be used with these credentials (${name}: ${message}). Grant dynamoDbPermissions().`,
      cause: error,
    });
  if (name === 'ResourceNotFoundException')
    return new RemediationError({
      code: 'STATE_TABLE_MISSING',
      message: `${table} does not exist in this account and Region. Create it from tableSchema.`,
      cause: error,
    });
  if (name === 'ValidationException')
    return new RemediationError({
      code: 'STATE_TABLE_UNFIT',
      message: `${table} does not take what is asked of it: ${message}. Create it from tableSchema.`,
      cause: error,
    });
  return new RemediationError({
    code: 'STATE_UNAVAILABLE',
    message: `${table} could not be used (${name}: ${message}).`,
    retryable: true,
    cause: error,
  });
};

/** True when the condition of a write did not hold. */
export const isConditionFailure = (error: unknown): boolean =>
  summarizeError(error).code === 'ConditionalCheckFailedException';
