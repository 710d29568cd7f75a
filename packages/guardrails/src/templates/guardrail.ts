import type { PolicyDocument, PolicyType } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';

/** Who is exempt from a guardrail: Control Tower's parameter names, with the reason and the end that an auditor asks for. */
export interface Exemptions {
  readonly exemptedPrincipalArns?: readonly Exemption[];
  readonly exemptedResourceArns?: readonly Exemption[];
  readonly exemptedActions?: readonly Exemption[];
}

/** One exemption. */
export interface Exemption {
  /** An ARN, or an action for `exemptedActions`. */
  readonly value: string;
  readonly reason: string;
  /** After this instant the template no longer emits it. */
  readonly expires: Date;
  /** Required beside a wildcard: the exact ARNs that may create, pass or change what the wildcard matches. */
  readonly managedBy?: readonly string[];
  /** Required beside `*` in the account field: says that the principal exists in every account. */
  readonly existsEverywhere?: true;
}

/** What a case proves. */
export type CaseKind =
  /** The request is denied by the guardrail. */
  | 'denied'
  /** The guardrail leaves the request undecided. */
  | 'allowed'
  /** An exempt principal, resource or action is left alone. */
  | 'exempt'
  /** The request lacks a condition key. */
  | 'missing-key'
  /** One element away from a denied case, and left undecided by the statement under test. */
  | 'near-miss';

/** One example that a guardrail promises to keep. */
export interface GuardrailCase {
  readonly name: string;
  readonly kind: CaseKind;
  readonly request: AccessRequest;
  /** Explicitly denied by this guardrail, or left undecided by it. */
  readonly expect: 'denied' | 'undecided';
  /** The Sid of the statement that alone decides a denied case, or that a near miss is about. */
  readonly statement?: string;
}

/** A policy, with what proves and explains it. Plain data. */
export interface Guardrail {
  /** The template's name, `denyLeaveOrganization`. */
  readonly id: string;
  readonly type: PolicyType;
  readonly document: PolicyDocument;
  readonly cases: readonly GuardrailCase[];
}
