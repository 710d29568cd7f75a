import { describe, expect, it } from 'vitest';
import { createIamCalls, type IamClient } from '../aws/calls.ts';
import { createFakeIam } from '../testing/index.ts';
import { mfaPolicies } from './mfa-policies.ts';
import { decidePolicyDrift, gatherPolicyVersions, policyVersionActions } from './policy-drift.ts';

const accountId = '111122223333';
const expected = mfaPolicies({ accountId });
const deployed = (changes: { readonly enrolment?: object | string; readonly hold?: false } = {}) => {
  const iam = createFakeIam({ now: () => new Date('2026-11-24T10:00:00Z') });
  const { enrolment, hold } = expected;
  iam.addPolicy({ name: enrolment.name, path: enrolment.path, document: changes.enrolment ?? enrolment.document });
  if (changes.hold !== false) iam.addPolicy({ name: hold.name, path: hold.path, document: hold.document });
  return iam;
};
const calls = (iam: ReturnType<typeof createFakeIam>) => createIamCalls({ iam, attempts: 2, sleep: async () => {} });
const driftOf = async (iam: ReturnType<typeof createFakeIam>) =>
  decidePolicyDrift(expected, await gatherPolicyVersions(calls(iam), expected)).map(({ arn, what }) => [arn, what]);

const mutated = (change: (document: { Statement: Record<string, unknown>[] }) => void): object => {
  const document = structuredClone(expected.enrolment.document) as unknown as { Statement: Record<string, unknown>[] };
  change(document);
  return document;
};

describe('policy-drift', () => {
  it('finds none in what the deployment created, in four requests that it names', async () => {
    const iam = deployed();
    expect(await driftOf(iam)).toEqual([]);
    expect(iam.calls().total).toBe(4);
    expect(Object.keys(iam.calls().byAction)).toEqual(policyVersionActions);
  });

  it('finds none in another layout that says the same', async () => {
    const relaid = mutated((document) => {
      document.Statement = document.Statement.reverse().map((statement) =>
        Object.fromEntries(
          Object.entries(statement)
            .reverse()
            .map(([key, value]) => {
              if (!Array.isArray(value)) return [key, value];
              return [key, value.length === 1 ? value[0] : value.toReversed()];
            }),
        ),
      );
      for (const statement of document.Statement)
        if (statement.Condition !== undefined)
          statement.Condition = {
            Bool: { 'aws:ViaAWSService': [false], 'aws:MultiFactorAuthPresent': ['false'] },
          };
    });
    expect(await driftOf(deployed({ enrolment: JSON.stringify(relaid, null, 2) }))).toEqual([]);
  });

  it.each<[string, (document: { Statement: Record<string, unknown>[] }) => void]>([
    [
      'an action more that is left open',
      ({ Statement }) => {
        if (Statement[0]) Statement[0].NotAction = [...(Statement[0].NotAction as string[]), 'sts:*'];
      },
    ],
    ['a statement less', ({ Statement }) => void Statement.pop()],
    ['a statement more', ({ Statement }) => void Statement.push({ Effect: 'Allow', Action: '*', Resource: '*' })],
    ['a grant without its condition', ({ Statement }) => delete Statement[1]?.Condition],
    [
      'a condition with another operator',
      ({ Statement }) => {
        if (Statement[0]) Statement[0].Condition = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } };
      },
    ],
    [
      'a condition with another value',
      ({ Statement }) => {
        if (Statement[0])
          Statement[0].Condition = { Bool: { 'aws:ViaAWSService': 'false', 'aws:MultiFactorAuthPresent': 'true' } };
      },
    ],
    [
      'a condition with a key less',
      ({ Statement }) => {
        if (Statement[0]) Statement[0].Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'false' } };
      },
    ],
    [
      'another resource',
      ({ Statement }) => {
        if (Statement[2]) Statement[2].Resource = ['*'];
      },
    ],
    [
      'what is no text where ours is one',
      ({ Statement }) => {
        if (Statement[0]) Statement[0].Resource = [{ 0: '*' }];
      },
    ],
    [
      'the other effect',
      ({ Statement }) => {
        if (Statement[0]) Statement[0].Effect = 'Allow';
      },
    ],
  ])('finds %s', async (_, change) => {
    expect(await driftOf(deployed({ enrolment: mutated(change) }))).toEqual([[expected.enrolment.arn, 'different']]);
  });

  it('reads the default version, and no other', async () => {
    const iam = deployed();
    iam.addPolicyVersion(expected.hold.arn, { Version: '2012-10-17', Statement: [] }, { asDefault: false });
    expect(await driftOf(iam)).toEqual([]);
    iam.addPolicyVersion(expected.hold.arn, { Version: '2012-10-17', Statement: [] });
    expect(await driftOf(iam)).toEqual([[expected.hold.arn, 'different']]);
  });

  it('finds a policy that is missing', async () => {
    expect(await driftOf(deployed({ hold: false }))).toEqual([[expected.hold.arn, 'missing']]);
    const found = await gatherPolicyVersions(calls(deployed({ hold: false })), expected);
    expect(found.hold).toEqual({ arn: expected.hold.arn, document: null });
  });

  it('takes what is no JSON, or is of another policy, for drift', () => {
    const { enrolment, hold } = expected;
    const found = (document: string, arn: string = hold.arn) =>
      decidePolicyDrift(expected, {
        enrolment: { arn: enrolment.arn, document: JSON.stringify(enrolment.document) },
        hold: { arn, document },
      }).map(({ what }) => what);
    expect(found('{')).toEqual(['different']);
    expect(found('[]')).toEqual(['different']);
    expect(found('7')).toEqual(['different']);
    expect(found('null')).toEqual(['different']);
    expect(found(JSON.stringify(hold.document), enrolment.arn)).toEqual(['missing']);
    expect(found(JSON.stringify(hold.document))).toEqual([]);
  });

  it('I15: what cannot be read is an error, and not a policy that is as it should be', async () => {
    for (const [code, retryable] of [
      ['AccessDenied', false],
      ['Throttling', true],
    ] as const) {
      const iam = deployed();
      iam.failNext('GetPolicyVersion', { code, times: 9 });
      await expect(gatherPolicyVersions(calls(iam), expected)).rejects.toMatchObject({
        code: 'POLICY_READ_FAILED',
        retryable,
      });
    }
  });

  it('counts its calls by their names, and takes no answer that lacks what it must have', async () => {
    const reading = (policy: object, version: object) => {
      const send = async ({ constructor: { name } }: object) => (name === 'GetPolicyCommand' ? policy : version);
      // The client's type has an overload for each way of calling; this is the one that is used.
      const iam = { send } as IamClient;
      const counted = createIamCalls({ iam, attempts: 1 });
      return { counted, found: gatherPolicyVersions(counted, expected) };
    };
    const policy = { Policy: { DefaultVersionId: 'v1' } };
    const version = { PolicyVersion: { Document: '%7B%7D' } };
    const { counted, found } = reading(policy, version);
    expect((await found).enrolment).toEqual({ arn: expected.enrolment.arn, document: '{}' });
    expect(counted.counts()).toEqual({ GetPolicy: 2, GetPolicyVersion: 2 });

    const lacks = async (field: string, answers: readonly [object, object]): Promise<void> => {
      const refused = reading(...answers).found;
      await expect(refused).rejects.toMatchObject({
        code: 'POLICY_READ_FAILED',
        retryable: true,
        message: expect.stringContaining(`${expected.enrolment.arn} could not be read (AWS_ANSWER_INVALID)`),
        cause: { message: expect.stringContaining(`lacks ${field}.`) },
      });
    };
    await lacks('Policy.DefaultVersionId', [{}, version]);
    await lacks('PolicyVersion.Document', [policy, {}]);
    // What is no encoded text is a document all the same, and differs.
    const broken = await reading(policy, { PolicyVersion: { Document: '%' } }).found;
    expect(broken.hold).toEqual({ arn: expected.hold.arn, document: '%' });
    expect(decidePolicyDrift(expected, broken)).toMatchObject([
      { reason: 'policy-drift', arn: expected.enrolment.arn, what: 'different' },
      { reason: 'policy-drift', arn: expected.hold.arn, what: 'different' },
    ]);
    const { enrolment, hold } = expected;
    const none = { enrolment: { arn: enrolment.arn, document: null }, hold: { arn: hold.arn, document: null } };
    expect(decidePolicyDrift(expected, none)).toMatchObject([
      { reason: 'policy-drift', arn: enrolment.arn, what: 'missing' },
      { reason: 'policy-drift', arn: hold.arn, what: 'missing' },
    ]);
  });
});
