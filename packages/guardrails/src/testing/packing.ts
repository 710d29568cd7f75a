import fc from 'fast-check';
import type { Conditions, PolicyDocument, Statement } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';

/** Actions with the kinds of resources that they take: of their own service, of another one, or none. */
const asked: readonly (readonly [action: string, ...resources: string[]])[] = [
  ['s3:GetObject', 'arn:aws:s3:::sandbox-1/a', 'arn:aws:s3:::logs/a'],
  ['s3:DeleteBucket', 'arn:aws:s3:::sandbox-1', 'arn:aws:s3:::logs'],
  ['s3:ListAllMyBuckets', '*'],
  ['kms:ScheduleKeyDeletion', 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
  ['kms:CreateAlias', 'arn:aws:kms:eu-west-1:111122223333:alias/logs'],
  ['sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:jobs'],
  ['sns:Publish', 'arn:aws:sns:eu-west-1:111122223333:jobs'],
  [
    'ssm:SendCommand',
    'arn:aws:s3:::logs',
    'arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0',
    'arn:aws:ssm:eu-west-1:111122223333:document/run',
  ],
  ['ec2:TerminateInstances', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0'],
  ['iam:CreateRole', 'arn:aws:iam::111122223333:role/team/Deploy'],
  ['organizations:LeaveOrganization', '*'],
  // An action and a service that AWS has not yet.
  ['s3:GetTomorrow', 'arn:aws:s3:::logs'],
  ['tomorrow:Act', 'arn:aws:tomorrow:eu-west-1:111122223333:thing/logs'],
];

const actions = [
  's3:GetObject',
  's3:Get*',
  's3:*',
  'S3:deletebucket',
  's3:ListAllMyBuckets',
  'kms:*',
  'kms:ScheduleKeyDeletion',
  'kms:Create*',
  'sqs:SendMessage',
  'sqs:*',
  'sns:Publish',
  'ssm:SendCommand',
  'ec2:TerminateInstances',
  'ec2:T*',
  'iam:CreateRole',
  'organizations:*',
  'tomorrow:Act',
  '*',
];

const resources = [
  '*',
  'arn:aws:s3:::sandbox-*',
  'arn:aws:s3:::logs',
  'arn:aws:s3:::logs*',
  'arn:aws:s3:::logs/*',
  'arn:aws:s3*',
  'arn:aws:kms:*:*:key/*',
  'arn:aws:kms:*:*:alias/*',
  'arn:aws:sqs:*:*:jobs',
  'arn:aws:sns:*:*:jobs',
  'arn:aws:ec2:*:*:instance/*',
  'arn:aws:ssm:*:*:document/run',
  'arn:aws:iam::*:role/team/*',
  'arn:*:*:*:*:*',
  'arn:aws:tomorrow:*:*:thing/*',
];

const team = ['red', 'blue', 'Red'];
const principals = ['arn:aws:iam::111122223333:role/Admin', 'arn:aws:iam::111122223333:role/Ops'];

const some = (values: readonly string[], max: number): fc.Arbitrary<string | string[]> =>
  fc.oneof(fc.constantFrom(...values), fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: max }));

/** One test of a kind that packing may join, or must not. */
const test: fc.Arbitrary<Conditions> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('StringEquals', 'stringequals', 'StringNotEquals', 'StringLike', 'StringEqualsIfExists'),
      fc.constantFrom('aws:PrincipalTag/team', 'AWS:principaltag/team'),
      some(team, 2),
    )
    .map(([operator, key, values]) => ({ [operator]: { [key]: values } })),
  fc
    .tuple(
      fc.constantFrom('ForAnyValue:', 'ForAllValues:'),
      fc.constantFrom('StringEquals', 'StringNotEquals'),
      some(team, 2),
    )
    .map(([set, operator, values]) => ({ [`${set}${operator}`]: { 'aws:TagKeys': values } })),
  fc
    .tuple(fc.constantFrom('ArnLike', 'ArnNotLike', 'ArnNotEquals'), some(principals, 2))
    .map(([operator, values]) => ({ [operator]: { 'aws:PrincipalArn': values } })),
  fc
    .tuple(fc.constantFrom('true', 'false'), fc.constantFrom('Null', 'Bool'))
    .map(([value, operator]) => ({ [operator]: { 'aws:PrincipalTag/team': value } })),
);

/** Few, so that statements often share them. */
const conditions: fc.Arbitrary<Conditions> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: fc.constant({ ArnNotLike: { 'aws:PrincipalArn': principals } }) },
  { weight: 3, arbitrary: test },
  { weight: 1, arbitrary: fc.tuple(test, test).map(([a, b]) => ({ ...a, ...b })) },
);

const statement: fc.Arbitrary<Statement> = fc
  .tuple(
    fc.constantFrom<Statement['Effect']>('Deny', 'Deny', 'Deny', 'Allow'),
    fc.constantFrom<'Action' | 'NotAction'>('Action', 'Action', 'Action', 'NotAction'),
    some(actions, 4),
    fc.constantFrom<'Resource' | 'NotResource'>('Resource', 'Resource', 'NotResource'),
    some(resources, 4),
    conditions,
  )
  .map(([Effect, action, ofActions, resource, ofResources, condition]) => ({
    Effect,
    [action]: ofActions,
    [resource]: ofResources,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  }));

/** Policies with statements that are near each other, so that many of them can be merged, and many seem so. */
export const packableDocuments: fc.Arbitrary<readonly PolicyDocument[]> = fc
  .array(fc.array(statement, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
  .map((documents) =>
    documents.map((statements): PolicyDocument => ({ Version: '2012-10-17', Statement: statements })),
  );

/** Requests that AWS can make of them: an action meets the kinds of resources that it takes, and no others. */
export const possibleRequests: fc.Arbitrary<AccessRequest> = fc
  .tuple(
    fc.constantFrom(...asked).chain(([action, ...own]) => fc.tuple(fc.constant(action), fc.constantFrom(...own))),
    fc.constantFrom(...principals),
    fc.option(fc.constantFrom(...team)),
    fc.option(fc.uniqueArray(fc.constantFrom(...team), { minLength: 1, maxLength: 2 })),
  )
  .map(([[action, resource], arn, tag, keys]) => ({
    action,
    resource,
    principal: { arn, accountId: '111122223333' },
    context: {
      ...(tag === null ? {} : { 'aws:PrincipalTag/team': tag }),
      ...(keys === null ? {} : { 'aws:TagKeys': keys }),
    },
  }));
