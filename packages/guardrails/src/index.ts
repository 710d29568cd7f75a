export type { Conditions, OneOrMany, PolicyDocument, PolicyType, Statement } from './policy/document.ts';
export type { AccessRequest, Principal } from './policy/request.ts';
export type { CaseKind, Exemption, Exemptions, Guardrail, GuardrailCase } from './templates/guardrail.ts';
