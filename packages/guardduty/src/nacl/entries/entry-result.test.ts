import { RemediationError } from '@remedykit/core';
import { expect, it } from 'vitest';
import { applied, definite, unknown } from './entry-result.ts';

const error = (name: string): Error => Object.assign(new Error('m'), { name });

it('what EC2 took is applied, with the requests that it took', () => {
  expect(applied('Denied.', ['r-1'])).toEqual({
    status: 'applied',
    reason: 'applied',
    because: 'Denied.',
    retryable: false,
    requestIds: ['r-1'],
  });
});

it.each([
  [error('RequestLimitExceeded'), 'throttled'],
  [error('UnauthorizedOperation'), 'access-denied'],
  [new RemediationError({ code: 'OUT_OF_TIME', message: 'm', retryable: true }), 'out-of-time'],
  [new RemediationError({ code: 'OTHER', message: 'm' }), 'rejected-by-ec2'],
  [error('NetworkAclEntryAlreadyExists'), 'rejected-by-ec2'],
])('an answer that leaves no doubt says why nothing took place, and may be tried again: %s', (thrown, reason) => {
  const outcome = definite(thrown);
  expect(outcome).toMatchObject({ status: 'failed', reason, retryable: true, error: { message: 'm' } });
});

it('the code with which EC2 rejects is told', () => {
  expect(definite(error('InvalidParameterValue')).because).toContain('InvalidParameterValue');
});

it('what nobody knows the effect of is a failure that a sweep finds out about, and keeps its requests', () => {
  expect(unknown(error('TimeoutError'), ['r-1', 'r-2'])).toMatchObject({
    outcome: {
      status: 'failed',
      reason: 'unknown-effect',
      retryable: true,
      requestIds: ['r-1', 'r-2'],
      error: { message: 'm' },
    },
    settlement: { kind: 'unknown' },
  });
});
