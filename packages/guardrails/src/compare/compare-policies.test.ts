import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadActionData } from '../actions.ts';
import { evaluateDocument } from '../evaluate/document.ts';
import { packPolicies } from '../pack/pack-policies.ts';
import type { PolicyDocument, Statement } from '../policy/document.ts';
import { protectGuardDuty } from '../scp/security-services.ts';
import { policyTemplates } from '../templates/catalog.ts';
import { comparePolicies } from './compare-policies.ts';
import { exampleRequests } from './example-requests.ts';

const data = loadActionData();
const document = (...statements: readonly Partial<Statement>[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements.map((statement) => ({ Effect: 'Deny', Action: 's3:GetObject', Resource: '*', ...statement })),
});
const between = (before: readonly PolicyDocument[], after: readonly PolicyDocument[]) =>
  comparePolicies(
    before.map((one) => ({ document: one })),
    after.map((one) => ({ document: one })),
  ).differences;

const tagged = (values: string | string[]) => ({ StringEquals: { 'aws:PrincipalTag/team': values } });

describe('differences', () => {
  it.each([
    ['an action more', document({ Action: 's3:GetObject' }), document({ Action: ['s3:GetObject', 's3:PutObject'] })],
    [
      'a resource more',
      document({ Resource: 'arn:aws:s3:::a/*' }),
      document({ Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'] }),
    ],
    [
      'an exception less',
      document({ Action: 's3:*', NotResource: ['arn:aws:s3:::a', 'arn:aws:s3:::b'] }),
      document({ Action: 's3:*', NotResource: 'arn:aws:s3:::a' }),
    ],
    ['an excepted action less', document({ NotAction: ['s3:*', 'kms:Decrypt'] }), document({ NotAction: 's3:*' })],
    ['a value more', document({ Condition: tagged('red') }), document({ Condition: tagged(['red', 'blue']) })],
    ['a condition less', document({ Condition: tagged('red') }), document({})],
    ['a statement more', document({}), document({}, { Action: 'iam:CreateUser' })],
  ])('%s is denied from now on, and the other way round no longer', (_, narrow, wide) => {
    expect(new Set(between([narrow], [wide]).map(({ change }) => change))).toEqual(new Set(['denied']));
    expect(new Set(between([wide], [narrow]).map(({ change }) => change))).toEqual(new Set(['allowed']));
    expect(between([wide], [wide])).toEqual([]);
  });
  it('names the statements, the actions, and an example that both sets judge as said', () => {
    const [before, after] = [
      document({ Sid: 'One' }),
      document({ Sid: 'One' }, { Sid: 'Two', Action: 'iam:CreateUser' }),
    ];
    const [difference, ...others] = between([before], [after]);
    expect(others).toEqual([]);
    expect(difference).toMatchObject({
      sids: ['Two'],
      actions: ['iam:CreateUser'],
      example: { action: 'iam:CreateUser' },
    });
    const example = difference?.example;
    expect(example && [before, after].map((one) => evaluateDocument(one, example).effect)).toEqual([
      'undecided',
      'denied',
    ]);
  });
  it('a set with allowances denies the rest; one without comes with full access', () => {
    const list = document({ Effect: 'Allow', Action: 's3:*' });
    expect(between([document({})], [list]).map(({ change }) => change)).toContain('denied');
  });
  it('R8: packing makes none, for templates with conditions of all kinds', () => {
    const templates = policyTemplates.filter((_, index) => index % 8 === 0).map(({ example }) => example());
    for (const guardrail of [...templates, protectGuardDuty()]) {
      const { policies } = packPolicies([guardrail], { wildcards: 'documented' });
      const { differences, requests } = comparePolicies([guardrail], policies);
      expect(differences).toEqual([]);
      expect(requests).toBeGreaterThan(1);
    }
  });
});

describe('example requests', () => {
  it.each(policyTemplates.map((template) => [template.name, template] as const))(
    '%s: every statement denies one',
    (_, { example }) => {
      const { document: own, type } = example();
      const left = new Set(own.Statement.map((__, index) => index));
      for (const request of exampleRequests([own], data)) {
        for (const { index } of evaluateDocument(own, request, type).statements) left.delete(index);
        if (left.size === 0) break;
      }
      expect([...left].map((index) => own.Statement[index]?.Sid)).toEqual([]);
    },
  );
  it('are the same each time', () => {
    fc.assert(
      fc.property(fc.constantFrom(...policyTemplates), ({ example }) => {
        const first = (): unknown[] => [...exampleRequests([example().document], data)].slice(0, 50);
        expect(first()).toEqual(first());
      }),
      { numRuns: 3 },
    );
  });
});
