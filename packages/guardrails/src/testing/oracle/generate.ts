import fc from 'fast-check';
import { type AttachedPolicy, fullAwsAccess, type PolicyLevel, type PolicySet } from '../../evaluate/evaluate.ts';
import { operators } from '../../evaluate/operators/index.ts';
import type { Conditions, PolicyDocument, Statement } from '../../policy/document.ts';
import type { AccessRequest, Principal } from '../../policy/request.ts';
import { policyVariable } from '../../policy/variable.ts';

/** A request, and the policies that bear on it. */
export interface Pair {
  readonly request: AccessRequest;
  readonly policies: PolicySet;
}

const account = policyVariable('aws:PrincipalAccount');
const team = policyVariable('aws:PrincipalTag/team', 'core');

/** What a family of operators compares: keys with one value, a key with several, and values of requests and policies. */
interface Family {
  readonly of: RegExp;
  readonly keys: readonly string[];
  readonly listKey: string;
  readonly asked: readonly string[];
  readonly written: readonly string[];
}

const families: readonly Family[] = [
  {
    of: /^String/,
    keys: ['aws:RequestedRegion', 'aws:PrincipalTag/team', 'aws:SourceVpce', 'aws:PrincipalOrgID'],
    listKey: 'aws:TagKeys',
    asked: ['eu-west-1', 'eu-central-1', 'core', 'CORE', 'core*', '111122223333', 'a.c'],
    written: ['eu-west-1', 'eu-*', 'core', 'Core', '?ore', '*', 'core*', 'a.c', '', account, team, `${team}*`],
  },
  {
    of: /^Binary/,
    keys: ['aws:userid', 'aws:SourceIdentity'],
    listKey: 'aws:VpceOrgPaths',
    asked: ['QmluYXJ5', 'AAECAw==', 'qmluYXJ5'],
    written: ['QmluYXJ5', 'AAECAw==', '/+8='],
  },
  {
    of: /^Numeric/,
    keys: ['aws:MultiFactorAuthAge', 'ec2:RoleDelivery'],
    listKey: 'aws:CalledVia',
    asked: ['0', '1', '2', '2.5', '10', '-1'],
    written: ['0', '1', '2', '2.0', '2.5', '10', '-1'],
  },
  {
    of: /^Date/,
    keys: ['aws:CurrentTime', 'aws:TokenIssueTime'],
    listKey: 'aws:ResourceOrgPaths',
    asked: ['2026-11-24T10:00:00Z', '2026-11-24T12:00:00+02:00', '2026-12-01T00:00:00.000Z'],
    written: ['2026-11-24T10:00:00Z', '2026-11-24', '2026-12', '2026-12-01T00:00:00Z', '2025-01-01T00:00:00Z'],
  },
  {
    of: /^Bool/,
    keys: ['aws:MultiFactorAuthPresent', 'aws:SecureTransport', 'aws:ViaAWSService'],
    listKey: 'aws:PrincipalOrgPaths',
    asked: ['true', 'false'],
    written: ['true', 'false', 'True', 'FALSE'],
  },
  {
    of: /IpAddress$/,
    keys: ['aws:SourceIp', 'aws:VpcSourceIp'],
    listKey: 'aws:PrincipalServiceNamesList',
    asked: ['198.51.100.7', '203.0.113.200', '192.0.2.1', '2001:db8::7', '2001:db8:1::1'],
    written: ['198.51.100.0/24', '203.0.113.128/25', '192.0.2.1/32', '2001:db8::/48', '2001:db8::/32'],
  },
  {
    of: /^Arn/,
    keys: ['aws:PrincipalArn', 'aws:SourceArn'],
    listKey: 'aws:SourceOrgPaths',
    asked: [
      'arn:aws:iam::111122223333:role/Admin',
      'arn:aws:iam::111122223333:role/team/core/Deploy',
      'arn:aws:sns:eu-west-1:444455556666:topic',
    ],
    written: [
      'arn:aws:iam::111122223333:role/Admin',
      'arn:aws:iam::*:role/*',
      'arn:*:iam::*:role/team/*',
      `arn:aws:iam::111122223333:role/team/${team}/Deploy`,
      'arn:aws:sns:*:*:topic',
      'arn:aws:s3:::bucket',
    ],
  },
];

/** Actions with a resource of theirs. Those of services that resource control policies know come first. */
const actions: readonly (readonly [action: string, ...resources: string[]])[] = [
  ['s3:GetObject', 'arn:aws:s3:::data-core/reports/a.csv', 'arn:aws:s3:::public/index.html'],
  ['s3:ListBucket', 'arn:aws:s3:::data-core'],
  ['kms:Decrypt', 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
  ['sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:jobs'],
  ['dynamodb:PutItem', 'arn:aws:dynamodb:eu-west-1:111122223333:table/core'],
  ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf'],
  ['cloudtrail:StopLogging', 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/org'],
  ['iam:CreateRole', 'arn:aws:iam::111122223333:role/team/core/Deploy'],
  ['ec2:TerminateInstances', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0'],
  ['organizations:LeaveOrganization', '*'],
  ['s3:ListAllMyBuckets', '*'],
];
const withControl = 6;

const writtenActions = [
  's3:*',
  's3:Get*',
  's3:List*',
  'kms:*',
  'sqs:SendMessage',
  'dynamodb:P?tItem',
  'secretsmanager:*',
];
const scpActions = ['*', ...writtenActions, 'iam:*', 'cloudtrail:Stop*', 'EC2:terminateinstances', 'organizations:*'];

const writtenResources = [
  'arn:aws:s3:::data-*',
  'arn:aws:s3:::*/*',
  `arn:aws:s3:::data-${team}/*`,
  'arn:aws:s3:::public/*',
  'arn:aws:kms:*:111122223333:key/*',
  'arn:*:sqs:eu-*:*:jobs',
  `arn:aws:dynamodb:eu-west-1:111122223333:table/${team}`,
  'arn:aws:secretsmanager:*:*:secret:db-*',
  'arn:aws:cloudtrail:*:*:trail/org',
  'arn:aws:iam::*:role/team/*',
  'arn:aws:ec2:eu-west-?:*:instance/*',
];

const oneOrMany = (values: readonly string[], max: number): fc.Arbitrary<string | string[]> => {
  const one = fc.constantFrom(...values);
  return fc.oneof({ weight: 2, arbitrary: one }, fc.uniqueArray(one, { minLength: 1, maxLength: max }));
};

const familyOf = (base: string): Family => {
  const family = families.find(({ of }) => of.test(base));
  if (family === undefined) throw new Error(`No family has the operator ${base}.`);
  return family;
};

const allKeys = families.flatMap(({ keys, listKey }) => [...keys, listKey]);

/** One operator with one key, in every form that IAM knows. */
const test: fc.Arbitrary<Conditions> = fc
  .record({
    base: fc.constantFrom(...Object.keys(operators), 'Null'),
    set: fc.constantFrom('', '', '', 'ForAnyValue:', 'ForAllValues:'),
    suffix: fc.constantFrom('', '', 'IfExists'),
    // Mostly a list under a set operator, and a single value without.
    crossed: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  })
  .chain(({ base, set, suffix, crossed }) => {
    if (base === 'Null')
      return fc
        .tuple(fc.constantFrom(...allKeys), fc.constantFrom('true', 'false'))
        .map(([key, value]) => ({ Null: { [key]: value } }));
    const { keys, listKey, written } = familyOf(base);
    const key = (set === '') === crossed ? fc.constant(listKey) : fc.constantFrom(...keys);
    return fc
      .tuple(key, oneOrMany(written, 3))
      .map(([name, values]) => ({ [`${set}${base}${suffix}`]: { [name]: values } }));
  });

const conditions: fc.Arbitrary<Conditions> = fc
  .array(test, { minLength: 0, maxLength: 2, size: 'max' })
  .map((tests) => Object.assign({}, ...tests));

const oneOf = <const K extends string>(key: K, notKey: K, values: fc.Arbitrary<string | string[]>) =>
  fc.tuple(fc.integer({ min: 0, max: 3 }), values).map(([n, value]) => ({ [n === 0 ? notKey : key]: value }));

/** Half of them about any action or resource, so that the conditions get to decide. */
const anyOr = <T>(any: T, others: fc.Arbitrary<T>): fc.Arbitrary<T> => fc.oneof(fc.constant(any), others);

const statement = (effect: Statement['Effect'], rcp: boolean): fc.Arbitrary<Statement> =>
  fc
    .tuple(
      rcp
        ? anyOr(
            { Action: writtenActions },
            oneOrMany(writtenActions, 4).map((Action) => ({ Action })),
          )
        : anyOr({ Action: '*' }, oneOf('Action', 'NotAction', oneOrMany(scpActions, 4))),
      anyOr({ Resource: '*' }, oneOf('Resource', 'NotResource', oneOrMany(writtenResources, 4))),
      conditions,
    )
    .map(([action, resource, condition]) => ({
      Effect: effect,
      ...(rcp ? { Principal: '*' as const } : {}),
      ...action,
      ...resource,
      ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
    }));

const document = (statements: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements.map((one, index) => ({ Sid: `S${index}`, ...one })),
});

const policy = (name: string, rcp: boolean): fc.Arbitrary<AttachedPolicy> =>
  fc
    .array(
      rcp
        ? statement('Deny', true)
        : fc.oneof({ weight: 5, arbitrary: statement('Deny', false) }, statement('Allow', false)),
      { minLength: 1, maxLength: 2 },
    )
    .map((statements) => ({ name, document: document(statements) }));

const level = (target: string, rcp: boolean): fc.Arbitrary<PolicyLevel> =>
  fc
    .tuple(
      fc.array(policy(`${target}-policy`, rcp), { minLength: target === 'ou' ? 1 : 0, maxLength: 1 }),
      fc.integer({ min: 0, max: 19 }),
    )
    .map(([own, n]) => ({ target, policies: rcp || n === 0 ? own : [fullAwsAccess, ...own] }));

const levels = (rcp: boolean): fc.Arbitrary<readonly PolicyLevel[]> =>
  fc.tuple(level('root', rcp), level('ou', rcp), level('account', rcp));

const principals: readonly Principal[] = [
  { arn: 'arn:aws:iam::111122223333:role/Admin', accountId: '111122223333' },
  { arn: 'arn:aws:iam::111122223333:role/team/core/Deploy', accountId: '111122223333' },
  { arn: 'arn:aws:sts::111122223333:assumed-role/Admin/ann', accountId: '111122223333' },
  { arn: 'arn:aws:iam::111122223333:user/ann', accountId: '111122223333' },
  { arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' },
];

/** Every key is there or not, by itself. `aws:PrincipalArn` follows from the principal. */
const context: fc.Arbitrary<AccessRequest['context']> = fc
  .tuple(
    ...families.flatMap(({ keys, listKey, asked }) => {
      const one = fc.constantFrom(...asked);
      return [
        ...keys
          .filter((key) => key !== 'aws:PrincipalArn')
          .map((key) => fc.option(one, { freq: 3 }).map((value) => [key, value] as const)),
        fc
          .option(fc.uniqueArray(one, { minLength: 1, maxLength: 3 }), { freq: 3 })
          .map((value) => [listKey, value] as const),
      ];
    }),
  )
  .map((entries) =>
    Object.fromEntries(entries.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]))),
  );

const request = (from: typeof actions): fc.Arbitrary<AccessRequest> =>
  fc.constantFrom(...from).chain(([action, ...resources]) =>
    fc.record({
      action: fc.constant(action),
      principal: fc.constantFrom(...principals),
      resource: fc.constantFrom(...resources),
      context,
    }),
  );

const plain: fc.Arbitrary<Pair> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      request: request(actions),
      policies: levels(false).map((serviceControlPolicies) => ({ serviceControlPolicies })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      request: request(actions.slice(0, withControl)),
      policies: levels(true).map((resourceControlPolicies) => ({ resourceControlPolicies })),
    }),
  },
);

const withStatement = ({ request: asked, policies }: Pair, extra: Omit<Statement, 'Effect' | 'Principal'>): Pair => {
  const { serviceControlPolicies = [{ target: 'root', policies: [fullAwsAccess] }] } = policies;
  const own: AttachedPolicy = { name: 'extra', document: document([{ Effect: 'Deny', ...extra }]) };
  return {
    request: asked,
    policies: {
      ...policies,
      serviceControlPolicies: [...serviceControlPolicies, { target: 'extra', policies: [fullAwsAccess, own] }],
    },
  };
};

const withCondition = (pair: Pair, Condition: Conditions): Pair =>
  withStatement(pair, { Action: '*', Resource: '*', Condition });

const absent = policyVariable('aws:PrincipalTag/absent');

/** One pair in the corner of each rule by which the evaluators may differ. */
const corners: readonly ((pair: Pair) => Pair)[] = [
  ({ request: asked, policies }) => ({
    request: {
      ...asked,
      principal: {
        arn: 'arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX',
        accountId: '111122223333',
      },
    },
    policies,
  }),
  ({ request: asked, policies }) => ({
    request: asked,
    policies: { ...policies, managementAccountId: '111122223333' },
  }),
  ({ request: asked, policies }) => ({
    request: {
      ...asked,
      principal: { arn: '', accountId: '', service: 'config.amazonaws.com' },
      resourceAccountId: '111122223333',
    },
    policies,
  }),
  ({ request: asked, policies }) => ({
    request: {
      ...asked,
      action: 'kms:RetireGrant',
      resource: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    },
    policies,
  }),
  (pair) => withCondition(pair, { StringNotEquals: { 'aws:RequestedRegion': ['us-east-1', absent] } }),
  (pair) => withStatement(pair, { Action: '*', NotResource: `arn:aws:s3:::home/${absent}/*` }),
  (pair) => withCondition(pair, { StringEquals: { 'aws:PrincipalTag/team': `core${policyVariable('*')}` } }),
  (pair) => withCondition(pair, { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/*` } }),
  (pair) => withCondition(pair, { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }),
  (pair) => withCondition(pair, { NotIpAddress: { 'aws:SourceIp': '198.51.100.7' } }),
  (pair) => withCondition(pair, { DateLessThan: { 'aws:CurrentTime': '1800000000' } }),
];

/** Pairs that all lie in a corner. */
export const cornerPairs: fc.Arbitrary<Pair> = fc
  .tuple(plain, fc.constantFrom(...corners))
  .map(([pair, corner]) => corner(pair));

/** Requests with the policies that bear on them; of a hundred pairs, about one lies in a corner. */
export const pairs: fc.Arbitrary<Pair> = fc.oneof(
  { weight: 99, arbitrary: plain },
  { weight: 1, arbitrary: cornerPairs },
);
