import { type Attempt, rejected, unavailable } from './attempt.ts';

const throttled: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'SlowDown',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
]);

/** Names of local failures below the API. */
const timeouts: ReadonlySet<string> = new Set(['TimeoutError', 'AbortError', 'RequestTimeout']);

const statusOf = (error: Error): number | undefined => {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
};

/**
 * What an error thrown by an AWS client means for a message. Only the error's name is repeated: messages of AWS name
 * resources, recipients and policies. An error that AWS did not answer with (no status) is a failure of the network or of
 * the credentials.
 */
export const attemptOfAwsError = (error: unknown): Attempt => {
  if (!(error instanceof Error)) return unavailable('unknown error', true);
  const name = /^[A-Za-z][A-Za-z0-9.]{1,80}$/.test(error.name) ? error.name : 'unknown error';
  const status = statusOf(error);
  if (throttled.has(name) || status === 429) return unavailable(name, false);
  if (timeouts.has(name)) return unavailable('timeout', true);
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') return unavailable(name, false);
  if (status === undefined) return unavailable(name === 'Error' ? 'network error' : name, true);
  return status >= 500 ? unavailable(name, true) : rejected(name);
};
