import type { AccessRequest } from '../policy/request.ts';
import type { ConditionResult } from './condition.ts';
import type { DecidingStatement, Evaluation, Exempt } from './evaluate.ts';

const kinds = { SERVICE_CONTROL_POLICY: 'service control', RESOURCE_CONTROL_POLICY: 'resource control' } as const;

const because: Readonly<Record<Exempt['reason'], string>> = {
  'management-account': 'the management account is not restricted',
  'service-linked-role': 'service-linked roles are not restricted',
  'service-principal': 'an AWS service that acts for itself is not restricted',
  'kms-retire-grant': 'kms:RetireGrant is not restricted',
};

const list = (value: string | readonly string[]): string =>
  typeof value === 'string' ? value : `[${value.join(', ')}]`;

const conditionText = ({ operator, key, policyValues, requestValue }: ConditionResult): string =>
  `${key} is ${requestValue === undefined ? 'absent' : list(requestValue)}, ${operator} ${list(policyValues)}`;

/** Names a statement for people: its Sid, or its place. */
export const statementName = ({ sid, index }: { readonly sid?: string; readonly index: number }): string =>
  sid === undefined ? `statement ${index + 1}` : `statement ${sid}`;

const denial = (statement: DecidingStatement): string => {
  const { type, policy, target, conditions } = statement;
  const why = conditions.length === 0 ? '' : ` (${conditions.map(conditionText).join('; ')})`;
  return `${statementName(statement)} of the ${kinds[type]} policy ${policy} at ${target}${why}`;
};

/** One sentence on an evaluation. */
export const explain = (
  { action, resource }: AccessRequest,
  { verdict, deniedBy, missingAllowAt, exempt }: Omit<Evaluation, 'reason'>,
): string => {
  const [first, ...others] = deniedBy;
  const what = `${action} on ${resource}`;
  if (first !== undefined) {
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    return `${what} is denied by ${denial(first)}${more}.`;
  }
  if (verdict === 'implicitly-denied')
    return `${what} is denied: no service control policy at ${missingAllowAt} allows it.`;
  const reasons = exempt.map(({ type, reason }) => `${kinds[type]} policies: ${because[reason]}`);
  return reasons.length === 0 ? `${what}: nothing denies it.` : `${what}: nothing denies it (${reasons.join('; ')}).`;
};
