import { Readable } from 'node:stream';
import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { awsError, isAwsError } from './aws-error.ts';

/** What the real SDK raises when IAM answers so. */
const raisedBySdk = async (status: number, code: string, message: string): Promise<Error> => {
  const body = `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`;
  const client = new IAMClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: {
      handle: async () => ({
        response: {
          statusCode: status,
          headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'r-1' },
          body: Readable.from([Buffer.from(body)]),
        },
      }),
    },
  });
  return await client.send(new GetUserCommand({ UserName: 'ana' })).then(
    () => expect.fail('the SDK took an error for an answer'),
    (error: unknown) => error as Error,
  );
};

const shapeOf = (error: Error) => {
  const { name, message, Code, $fault, $retryable, $metadata } = error as ReturnType<typeof awsError>;
  const { httpStatusCode, requestId, attempts } = $metadata;
  return { name, message, Code, $fault, $retryable, httpStatusCode, requestId, attempts };
};

it.each([
  ['NoSuchEntity', 404],
  ['LimitExceeded', 409],
  ['EntityAlreadyExists', 409],
  ['EntityTemporarilyUnmodifiable', 409],
  ['DeleteConflict', 409],
  ['ConcurrentModification', 409],
  ['ReportNotPresent', 410],
  ['ReportExpired', 410],
  ['ReportInProgress', 404],
  ['ServiceFailure', 500],
  ['InvalidInput', 400],
  ['MalformedPolicyDocument', 400],
  ['PasswordPolicyViolation', 400],
  ['PolicyNotAttachable', 400],
  ['ValidationError', 400],
  ['Throttling', 400],
  ['AccessDenied', 403],
  ['ExpiredToken', 403],
  ['InvalidClientTokenId', 403],
  ['InternalFailure', 500],
  ['ServiceUnavailable', 503],
])('%s has the shape that the SDK gives it', async (code, status) => {
  expect(shapeOf(awsError(code, 'said', 'r-1'))).toEqual(shapeOf(await raisedBySdk(status, code, 'said')));
});

it('has neither a status nor a request id when no answer came', () => {
  expect(awsError('TimeoutError', 'late', 'r-1').$metadata).toEqual({ attempts: 1, totalRetryDelay: 0 });
});

it('is told from other errors', () => {
  expect([isAwsError(awsError('Throttling', '')), isAwsError(new Error('x')), isAwsError(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
});
