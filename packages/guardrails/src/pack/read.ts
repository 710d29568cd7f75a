import { RemediationError } from '@remedykit/core';
import { parseOperator } from '../evaluate/condition.ts';
import type { PolicyDocument, PolicyType, Statement } from '../policy/document.ts';
import { listOf } from '../policy/list.ts';
import { parsePolicyDocument } from '../policy/parse.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a policy that is to be packed. A statement about single principals is refused: control policies have none, and without
 * them it would say more than it did.
 * @throws `POLICY_INVALID`
 */
export const readControlPolicy = (input: unknown, where: string): PolicyDocument => {
  const found = isObject(input) ? input.Statement : undefined;
  const statements: readonly unknown[] = Array.isArray(found) ? found : [found];
  for (const [index, statement] of statements.entries()) {
    if (!isObject(statement)) continue;
    if ('NotPrincipal' in statement || ('Principal' in statement && statement.Principal !== '*'))
      throw new RemediationError({
        code: 'POLICY_INVALID',
        message: `${where}: Statement[${index}] names principals, which control policies do not. Pack service and resource control policies alone.`,
      });
  }
  return parsePolicyDocument(input, where);
};

const faultOf = (statement: Statement, type: PolicyType): string | undefined => {
  const { Effect, Principal, Action, NotAction, Condition } = statement;
  const operator = Object.keys(Condition ?? {}).find((name) => parseOperator(name) === undefined);
  if (operator !== undefined) return `has the operator ${operator}, which IAM does not know`;
  if (type === 'SERVICE_CONTROL_POLICY')
    return Principal === undefined ? undefined : 'has a Principal, which service control policies do not take';
  if (Effect !== 'Deny') return 'allows, and resource control policies only deny';
  if (Principal === undefined) return 'lacks Principal "*", which resource control policies need';
  if (NotAction !== undefined || listOf(Action).includes('*'))
    return 'has NotAction or a bare * in Action, which resource control policies do not take: list the services';
  return undefined;
};

/**
 * Checks what AWS refuses in a policy of this type, before it is merged with others.
 * @throws `POLICY_INVALID`
 */
export const checkForm = ({ Statement: statements }: PolicyDocument, type: PolicyType, where: string): void => {
  for (const [index, statement] of statements.entries()) {
    const fault = faultOf(statement, type);
    if (fault !== undefined)
      throw new RemediationError({ code: 'POLICY_INVALID', message: `${where}: Statement[${index}] ${fault}.` });
  }
};
