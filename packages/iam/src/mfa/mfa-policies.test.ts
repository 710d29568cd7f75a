import { describe, expect, it } from 'vitest';
import { mfaPolicies } from './mfa-policies.ts';

describe('mfaPolicies', () => {
  it('names the policies of one account in its partition', () => {
    const { enrolment, hold } = mfaPolicies({ accountId: '111122223333', partition: 'aws-us-gov' });
    expect([enrolment.arn, hold.arn]).toEqual([
      'arn:aws-us-gov:iam::111122223333:policy/remedykit/mfa-enrolment',
      'arn:aws-us-gov:iam::111122223333:policy/remedykit/mfa-hold',
    ]);
    expect(JSON.stringify(enrolment.document)).not.toContain('arn:aws:');
  });

  it('keeps well within the 6,144 characters of a managed policy', () => {
    const { enrolment, hold } = mfaPolicies({ accountId: '111122223333' });
    expect(JSON.stringify(enrolment.document).length).toBeLessThan(1_600);
    expect(JSON.stringify(hold.document).length).toBeLessThan(300);
  });

  it('I13: tests no condition key with IfExists, which would match long-term keys', () => {
    expect(JSON.stringify(mfaPolicies({ accountId: '111122223333' }))).not.toContain('IfExists');
  });

  it.each([{ accountId: '' }, { accountId: '*' }, { accountId: '111122223333', partition: 'aws"' }])(
    'refuses %o',
    (options) => {
      expect(() => mfaPolicies(options)).toThrow(expect.objectContaining({ code: 'IAM_OPTION_INVALID' }));
    },
  );
});
