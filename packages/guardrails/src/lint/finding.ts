import type { ActionData } from '../actions/facts.ts';
import type { PolicyDocument, PolicyType } from '../policy/document.ts';

/** Every rule, and why it matters. */
export const lintRules = {
  'invalid-structure': 'AWS refuses the policy, or reads it as something else.',
  'too-long': 'AWS refuses a policy over the quota; white space counts.',
  'unresolved-placeholder': 'A placeholder matches nothing, so that the statement is silently off.',
  'dead-action': 'An action that does not exist denies nothing.',
  'dead-resource': 'A resource that no action of the statement takes denies nothing.',
  'unknown-operator': 'AWS refuses an operator that does not exist.',
  'unknown-condition-key': 'No request carries a key that does not exist.',
  'wrong-operator': 'An operator for another type than the key has never matches as it is meant to.',
  'wildcard-in-literal': 'Only the Like and Arn operators take wildcards; elsewhere a star is a star.',
  'malformed-value': 'A value that is not of the operator’s type never matches.',
  'missing-set-operator': 'A key with several values matches only under ForAllValues or ForAnyValue.',
  'never-matches': 'No request can satisfy the conditions of the statement.',
  'key-not-in-request': 'No action of the statement carries the key.',
  'scp-principal': 'Service control policies take neither Principal nor NotPrincipal.',
  'rcp-syntax': 'Resource control policies only deny, with Principal *, and neither Action * nor NotAction.',
  'rcp-unsupported-service': 'Resource control policies have no effect on services that do not know them.',
  'default-encryption-denied': 'S3 encrypts what is uploaded without the header; such an upload must not be denied.',
  'disabling-action-missing': 'What one denied action protects, another one still switches off.',
  'global-service-missing': 'A global service answers from one Region: denied there, it stops working everywhere.',
  'unprotected-exemption': 'Whoever can create or change a principal that matches the wildcard is exempt.',
} as const;

export type LintCode = keyof typeof lintRules;

/** One fault of a policy. */
export interface LintFinding {
  readonly code: LintCode;
  /** Where it is: `Statement[0].Condition.Bool.aws:SourceIp`. */
  readonly path: string;
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** What a rule sees. */
export interface LintContext {
  readonly document: PolicyDocument;
  readonly type: PolicyType;
  readonly data: ActionData;
  /** Principal patterns with `*` for the account that exist in every account. */
  readonly existsEverywhere: readonly string[];
}

/** One rule or several of one kind. */
export type LintRule = (context: LintContext) => readonly LintFinding[];
