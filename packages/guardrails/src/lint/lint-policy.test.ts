import { describe, expect, it } from 'vitest';
import { loadActionData } from '../actions.ts';
import { policyQuotas } from '../data/quotas.ts';
import { policyVariable } from '../policy/variable.ts';
import { disablingActions } from './disabling-actions.ts';
import { lintRules } from './finding.ts';
import { type LintOptions, lintPolicy } from './lint-policy.ts';

const deny = (...statements: object[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((one) => ({ Effect: 'Deny', Resource: '*', ...one })),
});
const rcp = (...statements: object[]) => deny(...statements.map((one) => ({ Principal: '*', ...one })));

const seen = new Set<string>();
const found = (policy: unknown, options?: LintOptions) => {
  const findings = lintPolicy(policy, options);
  for (const { code } of findings) seen.add(code);
  return findings;
};
const codes = (policy: unknown, options?: LintOptions) => [...new Set(found(policy, options).map(({ code }) => code))];

/** A deny of one action with one condition. */
const tested = (Condition: object, Action: string | string[] = 's3:GetObject') => deny({ Action, Condition });

const breakGlass = { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/BreakGlass' } };

describe('the defects of published collections, rebuilt', () => {
  it('R1: a placeholder in a resource or a principal', () => {
    const policy = deny({
      Action: [
        'cloudtrail:DeleteTrail',
        'cloudtrail:PutEventSelectors',
        'cloudtrail:PutInsightSelectors',
        'cloudtrail:StopLogging',
        'cloudtrail:UpdateTrail',
      ],
      Resource: `arn:aws:cloudtrail:*:${policyVariable('Account')}:trail/[TRAIL]`,
      Condition: {
        ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${policyVariable('Account')}:role/[PRIVILEGED_ROLE]` },
      },
    });
    expect(codes(policy)).toEqual(['unresolved-placeholder']);
    expect(found(policy)).toHaveLength(4);
    expect(found(policy)[0]).toMatchObject({
      path: 'Statement[0].Resource',
      message: expect.stringContaining(policyVariable('Account')),
    });
  });
  it('R1: an account that nobody filled in', () => {
    for (const account of ['ACCOUNT_ID', 'AccountId', 'account-id-without-hyphens'])
      expect(
        codes(
          deny({
            Action: 's3:DeleteBucket',
            Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/BreakGlass` } },
          }),
        ),
      ).toEqual(['unresolved-placeholder']);
    expect(
      codes(
        deny({
          Action: 'iam:AttachRolePolicy',
          Condition: { ArnLike: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' } },
        }),
      ),
    ).toEqual([]);
  });
  it('R2: a wildcard under StringEquals', () => {
    const policy = tested({ StringEquals: { 'aws:ResourceTag/BackupVault': '*' } }, 'backup:DeleteBackupVault');
    expect(found(policy)).toMatchObject([{ code: 'wildcard-in-literal', fix: 'Write StringLike.' }]);
  });
  it('R3: an operator for another type than the key has', () => {
    const policy = tested({ Bool: { 's3:x-amz-server-side-encryption': 'false' } }, 's3:PutObject');
    expect(found(policy)).toMatchObject([{ code: 'wrong-operator', fix: expect.stringContaining('StringLike') }]);
  });
  it('R4: a deny of uploads that S3 encrypts by default', () => {
    const header = 's3:x-amz-server-side-encryption';
    for (const test of [
      { Null: { [header]: 'true' } },
      { StringNotEquals: { [header]: 'aws:kms' } },
      { StringNotEqualsIfExists: { [header]: ['aws:kms', 'AES256'] } },
    ])
      expect(codes(tested(test, ['s3:PutObject', 's3:GetObject']))).toEqual(['default-encryption-denied']);
    expect(
      codes(tested({ StringNotEquals: { [header]: 'aws:kms' }, Null: { [header]: 'false' } }, 's3:PutObject')),
    ).toEqual([]);
    expect(
      codes(tested({ Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } }, 's3:PutObject')),
    ).toEqual([]);
  });
  it('R5: disabling actions left open beside denied ones', () => {
    const trail = deny({
      Action: [
        'cloudtrail:StopLogging',
        'cloudtrail:DeleteTrail',
        'cloudtrail:UpdateTrail',
        'cloudtrail:PutEventSelectors',
      ],
    });
    expect(found(trail)).toMatchObject([
      {
        code: 'disabling-action-missing',
        message: expect.stringContaining('leaves open cloudtrail:PutInsightSelectors ('),
      },
    ]);
    const recorder = deny({
      Action: [
        'config:StopConfigurationRecorder',
        'config:Delete*',
        'config:PutDeliveryChannel',
        'config:PutConfigRule',
      ],
    });
    expect(found(recorder)).toMatchObject([
      { message: expect.stringContaining('leaves open config:PutConfigurationRecorder (') },
    ]);
    expect(codes(deny({ Action: 'cloudtrail:*' }))).toEqual([]);
    const days = { NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' } };
    expect(codes(tested(days, 'kms:ScheduleKeyDeletion'))).toEqual([]);
    expect(codes(deny({ Action: 'macie:DisableMacie' }))).toEqual(['dead-action']);
  });
  it('R6: actions that do not exist, in Action and in NotAction', () => {
    const policy = deny(
      { Action: ['ec2:Termniate*', 'macie:*', 's3:PutObject', 'macie2'] },
      { NotAction: ['iam:ListMFADevice'] },
    );
    expect(found(policy)).toMatchObject([
      {
        code: 'dead-action',
        path: 'Statement[0].Action[0]',
        message: expect.stringContaining('ec2 has no action Termniate*'),
      },
      { path: 'Statement[0].Action[1]', fix: 'Write macie2:*, if that is meant.' },
      { path: 'Statement[0].Action[3]', message: expect.stringContaining('an action is service:Name') },
      { path: 'Statement[1].NotAction[0]', fix: 'Write iam:ListMFADevices, if that is meant.' },
    ]);
    expect(found(policy)[0]?.message).toContain(`as of ${loadActionData().asOf}`);
  });
  it('R7: a restriction of Regions that cuts off global services', () => {
    const restrict = (NotAction: string[]) =>
      deny({ NotAction, Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1'] } } });
    const [finding, ...others] = found(restrict(['iam:*', 'organizations:*', 'route53:*']));
    expect(finding).toMatchObject({ code: 'global-service-missing', path: 'Statement[0].NotAction' });
    expect(finding?.message).toMatch(/\bcloudfront:\*/);
    expect(finding?.message).not.toMatch(/\biam:\*/);
    expect(others).toEqual([]);
    expect(
      codes(deny({ Action: '*', Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })),
    ).toEqual(['global-service-missing']);
    expect(
      codes(deny({ Action: 'ec2:*', Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })),
    ).toEqual([]);
    const from = (StringEquals: string, value: string) =>
      codes(
        deny({
          Action: '*',
          Condition: {
            StringNotLike: { 'aws:RequestedRegion': 'eu-west-1' },
            [StringEquals]: { 'aws:SourceVpc': value },
          },
        }),
      );
    // A VPC reaches the services of its own Region.
    expect(from('StringEquals', 'vpc-0a1b2c3d')).toEqual([]);
    for (const operator of ['StringNotEquals', 'StringEqualsIfExists'])
      expect(from(operator, 'vpc-0a1b2c3d')).toEqual(['global-service-missing']);
  });
});

describe('form', () => {
  it('what AWS would refuse', () => {
    expect(codes('text')).toEqual(['invalid-structure']);
    expect(codes({ Version: '2012-10-17' })).toEqual(['invalid-structure']);
    expect(found({ Version: '2008-10-17', Statement: [] }).map(({ path }) => path)).toEqual(['Version', 'Statement']);
    const faults = found({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'A b', Effect: 'deny', Actions: 's3:*', Resource: '*' },
        { Sid: 'Twice', Effect: 'Deny', Action: 's3:*', NotAction: 'ec2:*', Resource: '*' },
        { Sid: 'Twice', Effect: 'Deny', Action: [{}], Resource: '*', Condition: { Bool: 'true' } },
        { Effect: 'Deny', Action: 's3:*' },
        { Effect: 'Deny', Action: [], NotResource: [] },
      ],
    }).filter(({ code }) => code === 'invalid-structure');
    expect(faults.map(({ path }) => path)).toEqual([
      'Statement[0].Actions',
      'Statement[0].Effect',
      'Statement[0].Sid',
      'Statement[0]',
      'Statement[1]',
      'Statement[2].Action',
      'Statement[2].Condition.Bool',
      'Statement[3]',
      'Statement[4].Action',
      'Statement[4].NotResource',
      'Statement[2].Sid',
    ]);
  });
  it('one statement without a list, and values that are no text', () => {
    const { Statement } = deny({ Action: 's3:GetObject', Condition: { Bool: { 'aws:SecureTransport': false } } });
    expect(codes({ Version: '2012-10-17', Statement: Statement[0] })).toEqual([]);
  });
  it('over the quota, which counts without needless white space', () => {
    const { characters } = policyQuotas.data.SERVICE_CONTROL_POLICY;
    const tags = (n: number) => tested({ StringEquals: { 'aws:PrincipalTag/team': 'x'.repeat(n) } });
    const rest = JSON.stringify(tags(0)).length;
    expect(codes(tags(characters - rest))).toEqual([]);
    expect(codes(tags(characters - rest + 1))).toEqual(['too-long']);
  });
});

describe('conditions', () => {
  it.each([
    ['unknown-operator', { StringEquls: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['unknown-operator', { NullIfExists: { 'aws:PrincipalOrgID': 'true' } }],
    ['unknown-condition-key', { StringEquals: { 'aws:PrincipalOrgIDs': 'o-a1b2c3d4e5' } }],
    ['missing-set-operator', { StringEquals: { 'aws:TagKeys': 'team' } }],
    ['wrong-operator', { StringEquals: { 'aws:SourceIp': '192.0.2.1' } }],
    ['wrong-operator', { NumericLessThan: { 'aws:CurrentTime': '5' } }],
    ['malformed-value', { IpAddress: { 'aws:SourceIp': '192.0.2.0/33' } }],
    ['malformed-value', { Bool: { 'aws:SecureTransport': 'yes' } }],
    ['malformed-value', { DateLessThan: { 'aws:CurrentTime': 'tomorrow' } }],
    ['malformed-value', { NumericLessThan: { 'aws:MultiFactorAuthAge': '1h' } }],
    ['malformed-value', { ArnLike: { 'aws:PrincipalArn': 'role/Admin' } }],
    ['malformed-value', { Null: { 'aws:PrincipalArn': 'yes' } }],
    ['wildcard-in-literal', { IpAddress: { 'aws:SourceIp': '192.0.2.*' } }],
    ['never-matches', { StringEquals: { 'aws:PrincipalOrgID': [] } }],
    ['never-matches', { Null: { 'aws:PrincipalOrgID': 'true' }, StringLike: { 'AWS:principalorgid': 'o-*' } }],
    [
      'never-matches',
      { StringEquals: { 'aws:PrincipalTag/a': 'b' }, StringNotEquals: { 'aws:PrincipalTag/a': ['b', 'c'] } },
    ],
    ['never-matches', { Bool: { 'aws:SecureTransport': 'true' }, BoolIfExists: { 'aws:SecureTransport': 'false' } }],
    ['never-matches', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:sts::111122223333:assumed-role/Admin/ann' } }],
    ['key-not-in-request', { StringEquals: { 'ec2:InstanceType': 't3.micro' } }],
  ])('%s: %j', (code, condition) => expect(codes(tested(condition))).toEqual([code]));

  it.each([
    { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } },
    { 'ForAnyValue:StringLike': { 'aws:TagKeys': 'team*' } },
    { Null: { 'aws:TagKeys': 'true' } },
    { NumericLessThan: { 'aws:EpochTime': '1800000000' } },
    {
      StringEquals: {
        'aws:PrincipalTag/a': policyVariable('aws:ResourceTag/a'),
        'aws:RequestedRegion': policyVariable('*'),
      },
    },
    { StringNotEquals: { 'aws:PrincipalTag/a': 'b' }, StringNotEqualsIgnoreCase: { 'aws:PrincipalTag/a': 'c' } },
    { StringEqualsIfExists: { 'aws:PrincipalTag/a': 'b' }, Null: { 'aws:PrincipalTag/a': 'true' } },
    { Bool: { 'aws:SecureTransport': 'false' }, NumericLessThan: { 's3:TlsVersion': '1.2' } },
    { StringNotLikeIfExists: { 'token.actions.githubusercontent.com:sub': 'repo:example/*' } },
    { NumericGreaterThan: { 'aws:PrincipalTag/level': '2' } },
    { stringequals: { 'aws:requestedregion': 'eu-west-1' } },
  ])('fine: %j', (condition) => expect(codes(tested(condition))).toEqual([]));
});

describe('resources', () => {
  it('that no action takes, and actions that take none of them', () => {
    expect(found(deny({ Action: 's3:DeleteBucket', Resource: 'arn:aws:s3:::b/*/x' }))).toMatchObject([
      { code: 'dead-resource', path: 'Statement[0].Resource' },
      { code: 'dead-resource', path: 'Statement[0].Action' },
    ]);
    const mixed = deny({
      Action: ['s3:GetObject', 'organizations:LeaveOrganization'],
      Resource: ['arn:aws:s3:::b/*', 'arn:aws:sqs:*:*:jobs'],
    });
    expect(found(mixed).map(({ path }) => path)).toEqual(['Statement[0].Resource[1]', 'Statement[0].Action[1]']);
    expect(codes(deny({ Action: 's3:*', Resource: ['bucket', 'arn:aws:s3:::b'] }))).toEqual(['dead-resource']);
  });
  it('an early end with a star, variables and NotResource are fine', () => {
    expect(codes(deny({ Action: 's3:*', Resource: 'arn:aws:s3*' }))).toEqual([]);
    expect(
      codes(deny({ Action: 'iam:GetUser', Resource: `arn:aws:iam::*:user/${policyVariable('aws:username')}` })),
    ).toEqual([]);
    const { Resource: _, ...notResource } = {
      Resource: '*',
      Action: ['s3:GetObject', 's3:ListAllMyBuckets'],
      NotResource: 'arn:aws:s3:::b/*',
    };
    expect(codes({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', ...notResource }] })).toEqual([]);
  });
});

describe('the policy type', () => {
  it('a service control policy takes no principal', () => {
    const policy = deny(
      { Principal: { AWS: '*' }, Action: 's3:GetObject' },
      { NotPrincipal: '*', Action: 's3:GetObject' },
    );
    expect(found(policy)).toMatchObject([
      { code: 'scp-principal', path: 'Statement[0].Principal' },
      { code: 'scp-principal', path: 'Statement[1].NotPrincipal' },
    ]);
    expect(codes(rcp({ Action: 's3:GetObject' }), { type: 'SERVICE_CONTROL_POLICY' })).toEqual(['scp-principal']);
  });
  it('a resource control policy denies everybody, by service', () => {
    expect(codes(rcp({ Action: ['s3:*', 'kms:Decrypt'] }))).toEqual([]);
    expect(found(rcp({ Action: ['ec2:*', 's3:*'] }))).toMatchObject([
      { code: 'rcp-unsupported-service', path: 'Statement[0].Action[0]', message: expect.stringContaining('ec2') },
    ]);
    const options: LintOptions = { type: 'RESOURCE_CONTROL_POLICY' };
    for (const one of [
      { Principal: '*', Action: '*' },
      { Principal: '*', NotAction: 's3:*' },
      { Principal: { AWS: '*' }, Action: 's3:*' },
      { Action: 's3:*' },
      { Effect: 'Allow', Principal: '*', Action: 's3:*' },
    ])
      expect(codes(deny(one), options)).toEqual(['rcp-syntax']);
  });
});

describe('exemptions', () => {
  const exempt = (arn: string, operator = 'ArnNotLike') => ({
    Action: 's3:DeleteBucket',
    Condition: { [operator]: { 'aws:PrincipalArn': arn } },
  });
  const changes = (managedBy: string) => ({
    Action: ['iam:CreateRole', 'iam:PassRole', 'iam:Update*', 'iam:AttachRolePolicy', 'iam:PutRolePolicy'],
    Resource: 'arn:aws:iam::*:role/remedykit-*',
    Condition: { ArnNotLike: { 'aws:PrincipalArn': managedBy } },
  });
  const wildcard = 'arn:aws:iam::*:role/remedykit-*';

  it('a wildcard without protection is one that anybody can give himself', () => {
    for (const operator of ['ArnNotLike', 'ArnNotEqualsIfExists', 'StringNotLike'])
      expect(found(deny(exempt(wildcard, operator)))).toMatchObject([{ code: 'unprotected-exemption' }]);
    expect(codes(deny(exempt('arn:aws:iam::111122223333:role/Admin*')))).toEqual(['unprotected-exemption']);
    expect(codes(deny(exempt('arn:aws:iam::111122223333:user/*')))).toEqual(['unprotected-exemption']);
    // Less than an ARN, and what the asking principal says of himself.
    for (const text of ['*:role/BreakGlass', '*BreakGlass*', '*/BreakGlass', 'arn:aws:iam::*'])
      expect(codes(deny(exempt(text, 'StringNotLike')))).toEqual(['unprotected-exemption']);
    for (const variable of [
      `arn:aws:iam::${policyVariable('aws:PrincipalAccount')}:role/BreakGlass`,
      `arn:aws:iam::111122223333:role/${policyVariable('aws:PrincipalTag/team')}`,
    ])
      expect(codes(deny(exempt(variable)))).toEqual(['unprotected-exemption']);
  });
  it('is protected by a deny of its changes, but not by one that exempts the wildcard again or misses a change', () => {
    expect(codes(deny(exempt(wildcard), changes('arn:aws:iam::111122223333:role/Deploy')))).toEqual([]);
    expect(codes(deny(exempt(wildcard), changes(wildcard)))).toEqual(['unprotected-exemption']);
    const { Action, ...rest } = changes('arn:aws:iam::111122223333:role/Deploy');
    for (const missing of Action)
      expect(codes(deny(exempt(wildcard), { ...rest, Action: Action.filter((one) => one !== missing) }))).toEqual([
        'unprotected-exemption',
      ]);
  });
  it('a star for the account counts only where the principal exists everywhere', () => {
    const everywhere = 'arn:aws:iam::*:role/AWSControlTowerExecution';
    expect(codes(deny(exempt(everywhere)))).toEqual(['unprotected-exemption']);
    expect(codes(deny(exempt(everywhere)), { existsEverywhere: [everywhere] })).toEqual([]);
    expect(codes(deny(exempt(wildcard)), { existsEverywhere: [wildcard] })).toEqual(['unprotected-exemption']);
  });
  it('exact ARNs, the root user and roles under the paths of AWS are fine', () => {
    expect(codes(deny({ Action: 's3:DeleteBucket', Condition: breakGlass }))).toEqual([]);
    for (const arn of [
      'arn:aws:iam::*:root',
      'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*',
      'arn:aws:iam::*:role/aws:ec2-infrastructure',
    ])
      expect(codes(deny(exempt(arn)))).toEqual([]);
    expect(codes(deny(exempt('*:root', 'StringNotLike')))).toEqual([]);
  });
});

it('every rule is in a sentence, and has found something above', () => {
  for (const sentence of Object.values(lintRules)) expect(sentence).toMatch(/\.$/);
  expect(Object.keys(lintRules).filter((code) => !seen.has(code))).toEqual([]);
});

it('the table of disabling actions names actions that exist', () => {
  const dead = disablingActions.data.flatMap(([, ...actions]) =>
    actions.filter((action) => loadActionData().actionsLike(action).length !== 1),
  );
  expect(dead).toEqual([]);
});
