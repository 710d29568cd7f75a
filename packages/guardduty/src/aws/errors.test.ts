import { expect, it } from 'vitest';
import { awsErrorCode, isClientFault, isDenied, isThrottled, requestIdOf } from './errors.ts';

const error = (name: string, status?: number, fault?: string) =>
  Object.assign(new Error(name), {
    name,
    ...(fault === undefined ? {} : { $fault: fault }),
    $metadata: status === undefined ? {} : { httpStatusCode: status, requestId: 'r-1' },
  });

it('only an answer of AWS proves that a request had no effect', () => {
  expect(isClientFault(error('InvalidParameterValue', 400, 'client'))).toBe(true);
  expect(isClientFault(error('UnauthorizedOperation', 403))).toBe(true);
  expect(isClientFault(error('InternalError', 500, 'server'))).toBe(false);
  expect(isClientFault(error('TimeoutError', undefined, 'client'))).toBe(false);
  expect(isClientFault(error('AbortError'))).toBe(false);
  expect(isClientFault(new Error('socket hang up'))).toBe(false);
  expect(isClientFault(undefined)).toBe(false);
  expect(isClientFault('thrown')).toBe(false);
});

it('throttling and denial are told by their codes', () => {
  expect(isThrottled(error('RequestLimitExceeded', 503))).toBe(true);
  expect(isThrottled(error('InternalError', 500))).toBe(false);
  expect(isDenied(error('UnauthorizedOperation', 403))).toBe(true);
  expect(isDenied(error('InvalidParameterValue', 400))).toBe(false);
});

it('what is no error has no code, and what carries no request id has none', () => {
  expect(awsErrorCode('thrown')).toBe('UNKNOWN');
  expect(requestIdOf(error('InternalError', 500))).toBe('r-1');
  expect(requestIdOf(error('TimeoutError'))).toBeUndefined();
  expect(requestIdOf(undefined)).toBeUndefined();
});
