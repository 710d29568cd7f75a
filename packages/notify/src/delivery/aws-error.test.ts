import { expect, it } from 'vitest';
import { attemptOfAwsError } from './aws-error.ts';

const awsError = (name: string, httpStatusCode?: number): Error =>
  Object.assign(new Error('arn:aws:sns:eu-west-1:111122223333:secret-topic'), {
    name,
    ...(httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } }),
  });

it.each([
  [awsError('ThrottlingException', 400), { result: 'unavailable', reason: 'ThrottlingException', unsure: false }],
  [awsError('TooManyRequestsException', 429), { result: 'unavailable', unsure: false }],
  [awsError('InternalErrorException', 500), { result: 'unavailable', reason: 'InternalErrorException', unsure: true }],
  [awsError('TimeoutError'), { result: 'unavailable', reason: 'timeout', unsure: true }],
  [awsError('AbortError'), { result: 'unavailable', reason: 'timeout', unsure: true }],
  [awsError('CredentialsProviderError'), { result: 'unavailable', unsure: false }],
  [awsError('Error'), { result: 'unavailable', reason: 'network error', unsure: true }],
  ['thrown', { result: 'unavailable', reason: 'unknown error', unsure: true }],
  [awsError('AuthorizationErrorException', 403), { result: 'rejected', reason: 'AuthorizationErrorException' }],
  [awsError('NotFoundException', 404), { result: 'rejected', reason: 'NotFoundException' }],
  [awsError('arn:aws:sns:eu-west-1', 400), { result: 'rejected', reason: 'unknown error' }],
])('N9: %o is what its name and status say, and nothing of its message', (error, expected) => {
  const attempt = attemptOfAwsError(error);
  expect(attempt).toMatchObject(expected);
  expect(JSON.stringify(attempt)).not.toContain('arn:');
});
