import { GetPolicyCommand, GetPolicyVersionCommand } from '@aws-sdk/client-iam';
import { isRemediationError, type Json, type Reason, RemediationError, toJson } from '@remedykit/core';
import { required } from '../aws/answer.ts';
import type { IamCalls } from '../aws/calls.ts';
import { iamErrorCode, isMissing, isTransient } from '../aws/errors.ts';
import type { MfaPolicies, MfaPolicy } from './mfa-policies.ts';

/** The default version of one policy, as IAM has it. Plain JSON. */
export interface PolicyVersionFact {
  readonly arn: string;
  /** The text of the document, decoded; `null`: there is no such policy. */
  readonly document: string | null;
}

/** Default versions of both policies. */
export interface PolicyVersionFacts {
  readonly enrolment: PolicyVersionFact;
  readonly hold: PolicyVersionFact;
}

/** The IAM actions that `gatherPolicyVersions` needs. */
export const policyVersionActions: readonly string[] = ['iam:GetPolicy', 'iam:GetPolicyVersion'];

const readVersion = async (calls: IamCalls, { arn }: MfaPolicy): Promise<PolicyVersionFact> => {
  try {
    const { Policy } = await calls.call('GetPolicy', (iam) => iam.send(new GetPolicyCommand({ PolicyArn: arn })));
    const VersionId = required(Policy?.DefaultVersionId, 'Policy.DefaultVersionId');
    const { PolicyVersion } = await calls.call('GetPolicyVersion', (iam) =>
      iam.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId })),
    );
    return { arn, document: decode(required(PolicyVersion?.Document, 'PolicyVersion.Document')) };
  } catch (error) {
    if (isMissing(error)) return { arn, document: null };
    throw new RemediationError({
      code: 'POLICY_READ_FAILED',
      message: `The policy ${arn} could not be read (${isRemediationError(error) ? error.code : iamErrorCode(error)}). Nothing is attached while nobody knows what it says.`,
      retryable: isRemediationError(error) ? error.retryable : isTransient(error),
      cause: error,
    });
  }
};

// Source: IAM API reference, GetPolicyVersion: the document is URL-encoded as in RFC 3986.
const decode = (document: string): string => {
  try {
    return decodeURIComponent(document);
  } catch {
    // A document that is no encoded text is one that differs.
    return document;
  }
};

/**
 * Reads the default versions of the two policies of an account, in four requests; before the first attachment of a run.
 *
 * IAM actions: those of `policyVersionActions`.
 * @throws RemediationError `POLICY_READ_FAILED`, retryable where waiting may help
 */
export const gatherPolicyVersions = async (calls: IamCalls, policies: MfaPolicies): Promise<PolicyVersionFacts> => ({
  enrolment: await readVersion(calls, policies.enrolment),
  hold: await readVersion(calls, policies.hold),
});

// What IAM takes one value or a list for; their order says nothing.
const lists = new Set(['Action', 'NotAction', 'Resource', 'NotResource', 'Statement']);

const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json | undefined } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (values: readonly Json[], canonicalize: (value: Json) => Json): Json[] =>
  values.map(canonicalize).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [value]);

const fields = (
  record: { readonly [key: string]: Json | undefined },
  each: (key: string, value: Json) => Json,
): { [key: string]: Json } =>
  Object.fromEntries(
    Object.entries(record)
      .flatMap(([key, value]): [string, Json][] => (value === undefined ? [] : [[key, each(key, value)]]))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

// Values of conditions are texts, also where JSON has true or 1.
const condition = (value: Json): Json =>
  isRecord(value)
    ? fields(value, (_operator, keys) =>
        isRecord(keys) ? fields(keys, (_key, values) => sorted(listOf(values), String)) : keys,
      )
    : value;

const canonical = (value: Json): Json =>
  isRecord(value)
    ? fields(value, (key, inner) => {
        if (key === 'Condition') return condition(inner);
        return lists.has(key) ? sorted(listOf(inner), canonical) : inner;
      })
    : value;

/** The text of a policy in which two that say the same are equal; `undefined` for what is no JSON. */
const canonicalText = (document: string): string | undefined => {
  try {
    return JSON.stringify(canonical(JSON.parse(document) as Json));
  } catch {
    return undefined;
  }
};

/** What is wrong with one policy. */
export interface PolicyDrift extends Reason {
  readonly reason: 'policy-drift';
  readonly arn: string;
  readonly what: 'missing' | 'different';
}

const driftOf = ({ arn, document }: MfaPolicy, found: PolicyVersionFact): readonly PolicyDrift[] => {
  if (found.arn === arn && found.document !== null) {
    if (canonicalText(found.document) === JSON.stringify(canonical(toJson(document)))) return [];
    return [
      {
        reason: 'policy-drift',
        because: `The default version of ${arn} is not what this library expects; nobody is attached to it. Deploy mfaPolicies() of this version anew, or find out who changed it.`,
        arn,
        what: 'different',
      },
    ];
  }
  return [
    {
      reason: 'policy-drift',
      because: `There is no policy ${arn}; nobody can be attached to it. Deploy mfaPolicies() in this account.`,
      arn,
      what: 'missing',
    },
  ];
};

/**
 * Whether the two policies say what we expect of them, however their JSON is laid out. Pure. With any drift nothing may be
 * attached, of either: who can change one can change the other.
 */
export const decidePolicyDrift = (expected: MfaPolicies, found: PolicyVersionFacts): readonly PolicyDrift[] => [
  ...driftOf(expected.enrolment, found.enrolment),
  ...driftOf(expected.hold, found.hold),
];
