import { describe, expect, it } from 'vitest';
import { awsApiCallEvent } from '../testing/api-events.ts';
import { asAsff } from '../testing/asff-events.ts';
import { sshBruteForce } from '../testing/findings.ts';
import { parseFinding } from './index.ts';

const alice = { type: 'IAMUser', principalId: 'AIDAEXAMPLE0000000001', userName: 'alice' };

/** An access key as Security Hub names it. */
const accessKey = {
  Type: 'AwsIamAccessKey',
  Id: 'AWS::IAM::AccessKey:AKIAEXAMPLE000000001',
  Details: {
    AwsIamAccessKey: { PrincipalType: 'IAMUser', PrincipalId: 'AIDAEXAMPLE0000000001', PrincipalName: 'alice' },
  },
};

const asff = (...Resources: readonly object[]) => ({ ...asAsff(awsApiCallEvent()), Resources });

const principalOf = (accessKeyDetails: unknown) =>
  parseFinding({
    id: 'f1',
    type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
    accountId: '111122223333',
    region: 'eu-west-1',
    severity: 5,
    resource: { resourceType: 'AccessKey', accessKeyDetails },
  }).principal;

describe('the principal of a finding', () => {
  it('is read from an event, and from what Security Hub makes of it', () => {
    expect(parseFinding(awsApiCallEvent()).principal).toEqual(alice);
    expect(parseFinding(asff(accessKey)).principal).toEqual(alice);
  });

  it('is read in PascalCase, as GetFindings writes it', () => {
    expect(
      parseFinding({
        Id: 'f1',
        Type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
        AccountId: '111122223333',
        Region: 'eu-west-1',
        Severity: 5,
        Resource: {
          ResourceType: 'AccessKey',
          AccessKeyDetails: { UserType: 'IAMUser', PrincipalId: alice.principalId, UserName: 'alice' },
        },
      }).principal,
    ).toEqual(alice);
  });

  it('is absent where the finding names none', () => {
    expect(sshBruteForce()).not.toHaveProperty('principal');
  });

  it.each([
    [{ userName: 'alice' }, { userName: 'alice' }],
    [
      { userType: 'Root', principalId: '111122223333', userName: '' },
      { type: 'Root', principalId: '111122223333' },
    ],
    [{ userName: 7, principalId: null, userType: ['x'] }, undefined],
    [{ userName: 'x'.repeat(1_000), principalId: 'AIDA' }, { principalId: 'AIDA' }],
    [{}, undefined],
    ['text', undefined],
    [null, undefined],
    [[], undefined],
  ])('of %j is %j: what cannot be read is absent, and refuses no finding', (details, expected) => {
    expect(principalOf(details)).toEqual(expected);
  });

  it('is told of Security Hub where it names one, and not where it names several', () => {
    const other = { ...accessKey, Details: { AwsIamAccessKey: { PrincipalId: 'AIDAEXAMPLE0000000002' } } };
    const bucket = { Type: 'AwsS3Bucket', Id: 'arn:aws:s3:::example' };
    expect(parseFinding(asff(bucket, accessKey, accessKey)).principal).toEqual(alice);
    expect(parseFinding(asff(accessKey, other))).not.toHaveProperty('principal');
    expect(parseFinding(asff({ ...accessKey, Details: 'none' }))).not.toHaveProperty('principal');
  });
});
