import { expect, it } from 'vitest';
import type { Guardrail } from '../templates/guardrail.ts';
import { secondOpinion } from './second-opinion.ts';

/** A key that putting a message on a queue does not carry, so that the policy denies all of them or none. */
const mistaken = (operator: string): Guardrail => ({
  id: 'mistaken',
  type: 'SERVICE_CONTROL_POLICY',
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Mistaken',
        Effect: 'Deny',
        Action: 'sqs:SendMessage',
        Resource: '*',
        Condition: { [operator]: { 's3:x-amz-acl': operator === 'StringEquals' ? 'public-read' : 'private' } },
      },
    ],
  },
  cases: [
    {
      name: 'denies a public message',
      kind: 'denied',
      expect: 'denied',
      request: {
        action: 'sqs:SendMessage',
        principal: { arn: 'arn:aws:iam::111122223333:role/Developer', accountId: '111122223333' },
        resource: 'arn:aws:sqs:eu-west-1:111122223333:orders',
        context: { 's3:x-amz-acl': 'public-read' },
      },
    },
  ],
});

it('finds a case that does not hold', async () => {
  expect(await secondOpinion(mistaken('StringEquals'))).toContain('denies a public message: allowed');
});

it('R3: finds a key that the action does not carry, even where the case seems to hold', async () => {
  expect(await secondOpinion(mistaken('StringNotEquals'))).toEqual([
    'denies a public message: the action does not know s3:x-amz-acl',
  ]);
});
