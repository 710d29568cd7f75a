import { describe, expect, it } from 'vitest';
import { policyQuotas } from '../data/quotas.ts';
import { evaluateDocument } from '../evaluate/document.ts';
import { lintPolicy } from '../lint.ts';
import type { PolicyDocument, Statement } from '../policy/document.ts';
import { listOf } from '../policy/list.ts';
import { policyTemplates } from '../templates/catalog.ts';
import { foundation } from '../templates/foundation.ts';
import type { Exemption } from '../templates/guardrail.ts';
import { type PackOptions, packPolicies } from './pack-policies.ts';
import { packTable } from './report.ts';

const document = (...statements: readonly Omit<Statement, 'Effect'>[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements.map((statement) => ({ Effect: 'Deny', ...statement })),
});
const packed = (documents: readonly PolicyDocument[], options: PackOptions = {}): readonly Statement[] =>
  packPolicies(documents, options).policies.flatMap(({ document: { Statement } }) => Statement);

const bucket = 'arn:aws:s3:::logs';
const key = 'arn:aws:kms:*:*:key/*';
const exempt: Exemption[] = ['a', 'b', 'c'].map((letter) => ({
  value: `arn:aws:iam::111122223333:role/security/${letter}`.padEnd(60, letter),
  reason: 'CHG-4711',
  expires: new Date('2100-01-01'),
}));
const set = foundation({
  allowedRegions: ['eu-west-1', 'eu-central-1'],
  exemptions: { exemptedPrincipalArns: exempt },
});

describe('what is merged', () => {
  it('R8: two services with exceptions of their own keep both exceptions', () => {
    const statements = packed([
      document({ Action: 's3:DeleteBucket', NotResource: 'arn:aws:s3:::sandbox-*' }),
      document({ Action: 'kms:ScheduleKeyDeletion', NotResource: key }),
    ]);
    expect(statements).toEqual([
      {
        Effect: 'Deny',
        Action: ['kms:ScheduleKeyDeletion', 's3:DeleteBucket'],
        NotResource: [key, 'arn:aws:s3:::sandbox-*'],
      },
    ]);
  });
  it.each([
    [
      'exceptions from two lists of actions',
      { NotAction: 's3:*', Resource: '*' },
      { NotAction: 'kms:*', Resource: '*' },
    ],
    [
      'exceptions from the resources of one service',
      { Action: 's3:DeleteBucket', NotResource: 'arn:aws:s3:::a' },
      { Action: 's3:DeleteBucket', NotResource: 'arn:aws:s3:::b' },
    ],
    ['all resources and some', { Action: 's3:DeleteBucket', Resource: '*' }, { Action: 'kms:*', Resource: key }],
    [
      'two services, one of them unknown',
      { Action: 'tomorrow:Act', Resource: 'arn:aws:tomorrow:::x' },
      { Action: 'kms:*', Resource: key },
    ],
    [
      'values that no request may have',
      { Action: 's3:*', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'red' } } },
      { Action: 's3:*', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'blue' } } },
    ],
    [
      'values that all of a request must have',
      { Action: 's3:*', Resource: '*', Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'red' } } },
      { Action: 's3:*', Resource: '*', Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'blue' } } },
    ],
  ])('R8: not %s', (_, one, other) => expect(packed([document(one, other)])).toHaveLength(2));

  it('R12: services whose actions never meet the other one’s resources, and no others', () => {
    const of = (action: string) => [
      document({ Action: action, Resource: 'arn:aws:ssm:*:*:document/run' }),
      document({ Action: 's3:DeleteBucket', Resource: bucket }),
    ];
    expect(packed(of('ssm:DeleteDocument'))).toHaveLength(2);
    // Commands write to buckets and run on instances, whatever their service is called.
    expect(packed(of('ssm:SendCommand'))).toHaveLength(2);
    const sqs = document({ Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:*:jobs' });
    expect(packed([sqs, document({ Action: 's3:DeleteBucket', Resource: bucket })])).toHaveLength(1);
  });
  it('R12: one service’s share of two statements', () => {
    const [first, ...others] = packed([
      document({ Action: ['s3:PutBucketPolicy', 'kms:CreateAlias'], Resource: [bucket, 'arn:aws:kms:*:*:alias/a'] }),
      document({ Action: 's3:PutBucketPolicy', Resource: 'arn:aws:s3:::audit' }),
    ]);
    expect(others).toEqual([]);
    expect(first?.Resource).toEqual(['arn:aws:kms:*:*:alias/a', 'arn:aws:s3:::audit', bucket]);
  });
  it('R11: an exemption that all statements repeat is there once for each condition that differs', () => {
    const text = JSON.stringify(packPolicies(set).policies.map((policy) => policy.document));
    const before = JSON.stringify(set.map((guardrail) => guardrail.document));
    const count = (all: string): number => all.split(exempt[0]?.value ?? '?').length - 1;
    expect(count(before)).toBe(13);
    expect(count(text)).toBe(5);
  });
  it('R9: values stay as they are, white space and all', () => {
    const Condition = { StringEquals: { 'aws:PrincipalTag/team': ['Cloud Platform', ' b ', 'Cloud  Platform'] } };
    const [statement] = packed([document({ Action: 's3:Get*', Resource: `${bucket}/my file.txt`, Condition })]);
    expect(statement).toEqual({
      Effect: 'Deny',
      Action: 's3:Get*',
      Resource: `${bucket}/my file.txt`,
      Condition: { StringEquals: { 'aws:PrincipalTag/team': [' b ', 'Cloud  Platform', 'Cloud Platform'] } },
    });
  });
  it('R9: a scalar and a list of one are one, and so are conditions in another order or case', () => {
    const statements = packed([
      document({
        Action: 's3:PutObject',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }, Bool: { 'aws:SecureTransport': 'false' } },
      }),
      document({
        Action: ['s3:GetObject'],
        Resource: ['*'],
        Condition: {
          bool: { 'AWS:SecureTransport': ['false'] },
          StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] },
        },
      }),
    ]);
    expect(statements).toHaveLength(1);
    expect(statements[0]?.Action).toEqual(['s3:GetObject', 's3:PutObject']);
  });
  it('R9: no action gets a wildcard unless asked for, and then none that covers another documented action', () => {
    const actions = ['ec2:ModifyInstanceMetadataDefaults', 'ec2:ModifyInstanceMetadataOptions'];
    const documents = [document({ Action: actions, Resource: '*' })];
    expect(packed(documents)[0]?.Action).toEqual(actions);
    const [statement] = packed(documents, { wildcards: 'documented' });
    const asked = { principal: { arn: 'arn:aws:iam::111122223333:role/A', accountId: '111122223333' }, resource: '*' };
    const effect = (action: string) =>
      evaluateDocument(document({ ...statement }), { ...asked, action, context: {} }).effect;
    expect(listOf(statement?.Action)).toHaveLength(1);
    expect([...actions, 'ec2:ModifyInstanceMaintenanceOptions'].map(effect)).toEqual(['denied', 'denied', 'undecided']);
  });
  it('R9: exceptions and allowances never get wildcards', () => {
    const names = ['ec2:ModifyInstanceMetadataDefaults', 'ec2:ModifyInstanceMetadataOptions'];
    const statements = packed(
      [
        document({ NotAction: names, Resource: '*' }),
        { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: names, Resource: '*' }] },
      ],
      { wildcards: 'documented' },
    );
    expect(statements.map(({ Action, NotAction }) => Action ?? NotAction)).toEqual([names, names]);
  });
  it('two spellings of one key, both of which must hold', () => {
    const Condition = { StringEquals: { 'aws:PrincipalTag/team': 'red', 'AWS:PrincipalTag/team': 'blue' } };
    const [statement] = packed([document({ Action: '*', Resource: '*', Condition })]);
    expect(
      Object.values(statement?.Condition ?? {})
        .flatMap((keys) => Object.values(keys))
        .toSorted(),
    ).toEqual(['blue', 'red']);
  });
  it('many spellings of one operator, all of which must hold', () => {
    const spellings = ['StringLike', 'stringlike', 'STRINGLIKE', 'sTRINGLIKE', 'stringLike', 'StringlikE'];
    const Condition = Object.fromEntries(
      spellings.map((operator, index) => [operator, { 'aws:PrincipalTag/team': ['red', `${index}`] }]),
    );
    const given = document({ Action: 's3:*', Resource: '*', Condition });
    const [statement] = packed([given]);
    expect(Object.values(statement?.Condition ?? {}).flatMap((keys) => Object.values(keys))).toHaveLength(6);
    const effectFor = (team: string) =>
      evaluateDocument(
        { Version: '2012-10-17', Statement: statement === undefined ? [] : [statement] },
        {
          action: 's3:GetObject',
          principal: { arn: 'arn:aws:iam::111122223333:role/Admin', accountId: '111122223333' },
          resource: `${bucket}/a`,
          context: { 'aws:PrincipalTag/team': team },
        },
      ).effect;
    expect(['red', ...spellings.keys()].map((team) => effectFor(`${team}`))).toEqual([
      'denied',
      ...spellings.map(() => 'undecided'),
    ]);
  });
  it('an empty list of actions or resources is refused, as AWS does, and not left out', () => {
    const whole = { Action: 's3:*', Resource: '*' };
    for (const [statement, element] of [
      [{ Action: [], Resource: '*' }, 'Action'],
      [{ NotAction: [], Resource: '*' }, 'NotAction'],
      [{ Action: 's3:*', Resource: [] }, 'Resource'],
      [{ Action: 's3:*', NotResource: [] }, 'NotResource'],
    ] as const)
      expect(() => packed([document(whole, statement)])).toThrow(`Statement[1].${element} is an empty list`);
  });
  it.each([
    [
      'the operator StringEquls',
      { Action: 's3:*', Resource: '*', Condition: { StringEquls: { 'aws:userid': 'x' } } },
      undefined,
    ],
    ['has a Principal', { Principal: '*', Action: 's3:*', Resource: '*' }, 'SERVICE_CONTROL_POLICY'],
    ['lacks Principal', { Action: 's3:*', Resource: '*' }, 'RESOURCE_CONTROL_POLICY'],
    ['only deny', { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }, 'RESOURCE_CONTROL_POLICY'],
    ['list the services', { Principal: '*', Action: ['s3:*', '*'], Resource: '*' }, undefined],
    ['list the services', { Principal: '*', NotAction: 's3:*', Resource: '*' }, undefined],
  ] as const)('what AWS refuses is refused here: %s', (message, statement, type) => {
    const given = { document: document(statement), ...(type === undefined ? {} : { type }) };
    expect(() => packPolicies([given])).toThrow(expect.objectContaining({ code: 'POLICY_INVALID' }));
    expect(() => packPolicies([given])).toThrow(message);
  });
  it('what another statement covers is gone, and that one is named after both', () => {
    const covered = document(
      { Action: 's3:Get*', Resource: bucket },
      { Action: 's3:GetObject', Resource: `${bucket}/*` },
    );
    expect(packed([covered, document({ Action: 's3:*', Resource: '*' })])).toEqual([
      { Effect: 'Deny', Action: 's3:*', Resource: '*' },
    ]);
  });
});

describe('names', () => {
  it('a merged statement names its guardrails, any other keeps its Sid', () => {
    const { policies, report } = packPolicies(set);
    const sids = policies.flatMap(({ document: { Statement } }) => Statement.map(({ Sid }) => Sid));
    expect(sids).toContain('ProtectCloudTrailProtectRolesProtectAutomationResourcesProtectLogArchive');
    expect(sids).toContain('RestrictRegions');
    for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
    expect(new Set(sids).size).toBe(sids.length);
    const traced = new Set(report.statements.flatMap(({ sources }) => sources.map(({ policy }) => policy)));
    expect(traced).toEqual(new Set(set.map(({ id }) => id)));
  });
  it('documents are named by their Sids, and equal ones get a number', () => {
    const one = { Sid: 'One', Action: 's3:GetObject', Resource: bucket };
    const apart = { Bool: { 'aws:SecureTransport': 'false' } };
    const documents = [document(one), document({ ...one, Condition: apart, Resource: '*' })];
    expect(packed(documents).map(({ Sid }) => Sid)).toEqual(['One', 'One2']);
    expect(packed([document(one), document({ ...one, Sid: 'two', Action: 's3:PutObject' })])[0]?.Sid).toBe('OneTwo');
  });
  it('a description has room for 512 characters, and says how many more there are', () => {
    const many = Array.from({ length: 60 }, (_, index) => ({
      id: `guardrailWithALongName${index}`,
      document: document({ Action: 's3:GetObject', Resource: `${bucket}-${index}` }),
    }));
    const [policy] = packPolicies(many).policies;
    expect(policy?.description.length).toBeLessThanOrEqual(512);
    expect(policy?.description).toMatch(/^guardrailWithALongName0, .* and \d+ more$/);
  });
});

describe('quotas', () => {
  const buckets = (count: number) =>
    Array.from({ length: count }, (_, index) => `arn:aws:s3:::${`b${index}`.padEnd(50, 'x')}`);
  it('splits what is too long for one policy, and every policy fits', () => {
    const { policies, report } = packPolicies([
      document({ Sid: 'Many', Action: ['s3:GetObject', 's3:PutObject'], Resource: buckets(400) }),
    ]);
    expect(policies.length).toBeGreaterThan(1);
    for (const { content, document: found } of policies) {
      expect(content).toBe(JSON.stringify(found));
      expect(content.length).toBeLessThanOrEqual(policyQuotas.data.SERVICE_CONTROL_POLICY.characters);
    }
    const listed = new Set(
      policies.flatMap(({ document: { Statement } }) => Statement.flatMap(({ Resource }) => listOf(Resource))),
    );
    expect(listed).toEqual(new Set(buckets(400)));
    expect(report.slots).toEqual([
      { type: 'SERVICE_CONTROL_POLICY', used: policies.length, reserved: 1, quota: 10, headroom: 9 - policies.length },
    ]);
  });
  it('R10: a statement that cannot be split is an error that names it', () => {
    expect(() => packPolicies([document({ Sid: 'Long', Action: '*', NotResource: buckets(200) })])).toThrow(
      expect.objectContaining({ code: 'POLICY_TOO_LONG', message: expect.stringContaining('Long') }),
    );
  });
  it('R10: more policies than may be attached are an error, beside those of others', () => {
    const long = [document({ Action: 's3:GetObject', Resource: buckets(700) })];
    expect(packPolicies(long, { reserved: { SERVICE_CONTROL_POLICY: 5 } }).policies).toHaveLength(5);
    for (const reserved of [6, 10])
      expect(() => packPolicies(long, { reserved: { SERVICE_CONTROL_POLICY: reserved } })).toThrow(
        expect.objectContaining({ code: 'POLICY_SLOTS_EXCEEDED' }),
      );
  });
  it('zero characters are none', () => {
    expect(() =>
      packPolicies([document({ Action: '*', Resource: '*' })], { characters: { SERVICE_CONTROL_POLICY: 0 } }),
    ).toThrow(expect.objectContaining({ code: 'POLICY_TOO_LONG' }));
  });
  it.each([
    ['a name', { name: 'a b' }],
    ['a number', { reserved: { SERVICE_CONTROL_POLICY: -1 } }],
    ['a number of characters', { characters: { RESOURCE_CONTROL_POLICY: 1.5 } }],
  ])('refuses %s that cannot be meant', (_, options) =>
    expect(() => packPolicies(set, options)).toThrow(expect.objectContaining({ code: 'GUARDRAIL_PARAMETER_INVALID' })),
  );

  it('a document that AWS would refuse is refused', () => {
    expect(() => packPolicies([{ Version: '2012-10-17', Statement: [] }])).toThrow(
      expect.objectContaining({ code: 'POLICY_INVALID' }),
    );
  });
  it.each([
    ['Principal', { Principal: { AWS: 'arn:aws:iam::111122223333:root' } }],
    ['Principal', { Principal: { AWS: '*' } }],
    ['NotPrincipal', { NotPrincipal: '*' }],
  ])('R8: %s is refused, for without it the statement would say more', (_, principals) => {
    const statement: unknown = { Effect: 'Deny', Action: 's3:*', Resource: '*', ...principals };
    // As JSON from a file comes.
    const resourcePolicy: PolicyDocument = JSON.parse(
      JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    );
    expect(() => packPolicies([resourcePolicy])).toThrow(
      expect.objectContaining({ code: 'POLICY_INVALID', message: expect.stringContaining('Statement[0]') }),
    );
  });
  it('types stay apart', () => {
    const rcp = document({ Principal: '*', Action: 's3:GetObject', Resource: '*' });
    const { policies } = packPolicies([document({ Action: 's3:GetObject', Resource: '*' }), rcp]);
    expect(policies.map(({ name, type }) => [name, type])).toEqual([
      ['guardrails-scp-1', 'SERVICE_CONTROL_POLICY'],
      ['guardrails-rcp-1', 'RESOURCE_CONTROL_POLICY'],
    ]);
  });
  it('nothing given is nothing to attach', () => {
    expect(packPolicies([])).toMatchObject({ policies: [], report: { characters: 0, unpackedCharacters: 0 } });
  });
});

describe('sizes', () => {
  it('the foundation set takes at most 0.65 of what it took', () => {
    const { report } = packPolicies(set, { wildcards: 'documented' });
    expect(report.characters / report.unpackedCharacters).toBeLessThanOrEqual(0.65);
    expect(packPolicies(set).report.characters / report.unpackedCharacters).toBeLessThanOrEqual(0.73);
  });
  it.each(policyTemplates.map((template) => [template.name, template] as const))(
    '%s: its own document is at most 1.3 times as long as the shortest that is equal',
    (_, { example }) => {
      const guardrail = example();
      const { report } = packPolicies([guardrail], { wildcards: 'documented' });
      expect(JSON.stringify(guardrail.document).length / report.characters).toBeLessThanOrEqual(1.3);
    },
  );
  it('the table has a row for each policy, and what is left', () => {
    const table = packTable(packPolicies(set, { name: 'base' }).report);
    expect(table).toMatch(/^base-scp-1 +SCP +6 +\d{4} +10240 +\d{4}$/m);
    expect(table).toMatch(/^SCP: 1 of 10 .* 1 reserved, 8 free$/m);
  });
  it('lint finds nothing new in what is packed', () => {
    const found = (one: PolicyDocument) => lintPolicy(one, { type: 'SERVICE_CONTROL_POLICY' }).map(({ code }) => code);
    const before = new Set(set.flatMap((guardrail) => found(guardrail.document)));
    for (const { document: one } of packPolicies(set).policies)
      expect(found(one).filter((code) => !before.has(code))).toEqual([]);
  });
});
