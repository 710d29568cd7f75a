export { type ConditionResult, type OperatorName, parseOperator } from './evaluate/condition.ts';
export { requestContext } from './evaluate/context.ts';
export { type AppliedStatement, type DocumentVerdict, evaluateDocument } from './evaluate/document.ts';
export {
  type AttachedPolicy,
  type DecidingStatement,
  type Evaluation,
  type Exempt,
  evaluate,
  fullAwsAccess,
  type PolicyLevel,
  type PolicySet,
} from './evaluate/evaluate.ts';
export type { Conditions, OneOrMany, PolicyDocument, PolicyType, Statement } from './policy/document.ts';
export type { AccessRequest, Principal } from './policy/request.ts';
export { policyVariable } from './policy/variable.ts';
export type { CaseKind, Exemption, Exemptions, Guardrail, GuardrailCase } from './templates/guardrail.ts';
