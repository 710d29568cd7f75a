import type { PolicyDocument, PolicyType, Statement } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';
import type { ConditionResult } from './condition.ts';
import { type RequestKeys, requestKeys } from './context.ts';
import { matchStatement, statementApplies } from './statement.ts';

/** A statement that applies to a request. */
export interface AppliedStatement {
  /** Its place in the document, from 0. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: Statement['Effect'];
  readonly conditions: readonly ConditionResult[];
}

/** What one document says of a request: denied by a statement, allowed by one, or neither. */
export interface DocumentVerdict {
  readonly effect: 'denied' | 'allowed' | 'undecided';
  /** The statements of that effect that apply, in order; none when undecided. */
  readonly statements: readonly AppliedStatement[];
}

/** The verdict of one document, with the keys of the request at hand. */
export const documentVerdict = (
  { Statement: statements }: PolicyDocument,
  request: AccessRequest,
  { type, keys }: { readonly type: PolicyType; readonly keys: RequestKeys },
): DocumentVerdict => {
  const applied = statements.flatMap((statement, index) => {
    const match = matchStatement(statement, request, { type, keys });
    if (!statementApplies(match)) return [];
    const { Sid, Effect } = statement;
    return [{ index, effect: Effect, conditions: match.conditions, ...(Sid === undefined ? {} : { sid: Sid }) }];
  });
  const denies = applied.filter(({ effect }) => effect === 'Deny');
  if (denies.length > 0) return { effect: 'denied', statements: denies };
  return { effect: applied.length > 0 ? 'allowed' : 'undecided', statements: applied };
};

/**
 * Evaluates one policy document by itself, as the cases of a guardrail need it: without inheritance, and with nobody
 * exempt but whom the document exempts. `evaluate` takes the organisation into account.
 *
 * @example
 * ```ts
 * import { evaluateDocument, type PolicyDocument } from '@remedykit/guardrails';
 *
 * const document: PolicyDocument = {
 *   Version: '2012-10-17',
 *   Statement: [{ Sid: 'DenyLeave', Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' }],
 * };
 * const verdict = evaluateDocument(document, {
 *   action: 'organizations:LeaveOrganization',
 *   principal: { arn: 'arn:aws:iam::111122223333:role/Admin', accountId: '111122223333' },
 *   resource: '*',
 *   context: {},
 * });
 * console.log(verdict.effect, verdict.statements[0]?.sid); // denied DenyLeave
 * ```
 */
export const evaluateDocument = (
  document: PolicyDocument,
  request: AccessRequest,
  type: PolicyType = 'SERVICE_CONTROL_POLICY',
): DocumentVerdict => {
  return documentVerdict(document, request, { type, keys: requestKeys(request) });
};
